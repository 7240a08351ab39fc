# SPDX-License-Identifier: Apache-2.0
# What `dev up` prints at the end for the sample year.

print_sample_hints() {
  say "  Password   zonelink-sample, of every user below
  Users      ent-shanghai, ent-guangdong                          enterprises
             verifier-ZONE, verifier2-ZONE, reviewer-ZONE,
             inspector1-ZONE … inspector4-ZONE, releaser-ZONE,
             admin-ZONE, for example reviewer-zhejiang            officers of the 22 zones
             secretariat, auditor, evaluator                      leading group and oversight
             sysadmin, secadmin, auditadmin                       administrators

What to try (README.md goes on from here)
  cd $ROOT && export PATH=\"\$PWD/build/release/bin:\$PATH\""
  [[ $PORT == 8080 ]] || say "  export ZONELINK_URL=http://127.0.0.1:$PORT"
  say "  zonelink --profile enterprise login ent-shanghai
  zonelink --profile enterprise filing precheck --item electronic-origin-certificate --home shanghai --to jiangsu,zhejiang
  zonelink --profile enterprise filing list --limit 5
  zonelink --profile verifier login verifier-zhejiang
  zonelink --profile verifier inbox
  zonelink workingdays zhejiang 20"
}
