# SPDX-License-Identifier: Apache-2.0
# What `dev up` prints at the end for the sample year.

print_sample_hints() {
  say "  Password   zonelink-sample for every user below
  Users      ent-shanghai, ent-guangdong                          enterprises
             verifier-ZONE, verifier2-ZONE, reviewer-ZONE,
             inspector1-ZONE … inspector4-ZONE, releaser-ZONE,
             admin-ZONE, for example reviewer-zhejiang            officers of the 22 zones
             secretariat, auditor, evaluator                      leading group and oversight
             sysadmin, secadmin, auditadmin                       administrators"
}
