#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Parts of `dev up` that write files: run again over the same data they end well, change nothing and
# ask for no restart. Nothing is built or started.
set -Eeuo pipefail
shopt -s inherit_errexit
trap 'echo "failed at line $LINENO" >&2' ERR

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
for part in common service up; do
  # shellcheck source=/dev/null
  source "$ROOT/deploy/local/$part.sh"
done
DATA=$(mktemp -d)
trap 'rm -rf "$DATA"' EXIT

# The keys are the programs' own business.
verifier_key() { say "$1+00000000+key"; }
make_private_dir() { mkdir -p "$1"; }

# write ADMIN_PORT: prints whether a restart is needed.
write() {
  ADMIN_PORT=$1 PORT=8080 SAMPLE=yes DATABASE=private
  ADMIN_URL="host=/s user=zladmin" SERVICE_URL="host=/s" OWNER=$(id -un)
  rm -f "$DATA/restart-needed"
  write_witness_configs
  write_config
  save_settings
  [[ -e $DATA/restart-needed ]] && say yes || say no
}

# expect WHAT FOUND WANTED
expect() {
  [[ $2 == "$3" ]] && return
  echo "$1: $2 instead of $3" >&2
  exit 1
}

needed=$(write 9090)
expect "first start" "$needed" yes
before=$(cat "$DATA"/*.yaml "$DATA/settings")
needed=$(write 9090)
expect "same again" "$needed" no
expect "files" "$(cat "$DATA"/*.yaml "$DATA/settings")" "$before"
needed=$(write 9190)
expect "other ports" "$needed" yes

# The program reads what was written; only the secrets that it names are not there.
answer=$("$ZONELINK_BIN_DIR/zonelinkd" check-config --config "$DATA/zonelink.yaml" 2>&1) || true
case $answer in
  *SECRET_UNREADABLE*) ;;
  *) expect "configuration" "$answer" "only its secrets missing" ;;
esac
