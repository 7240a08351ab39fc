# SPDX-License-Identifier: Apache-2.0
# dev certs: the certificates by which processes with one target each know each other.

# Makes them as the owner, who holds the folder: root writes nothing there.
make_certificates() {
  make_private_dir "$DATA/secrets/tls"
  as_owner bash -s -- "$DATA/secrets/tls" <"$ROOT/deploy/local/certificates.sh" ||
    fail "the certificates could not be made; the words above say why"
}

cmd_certs() {
  local rotate=no tls=$DATA/secrets/tls
  case ${1:-} in
    '') ;;
    --rotate) rotate=yes ;;
    *) fail "certs takes --rotate or nothing" ;;
  esac
  [[ -e $DATA/made-by-dev ]] || fail "nothing is set up here yet (./dev up)"
  take_lock "$DATA/lock" "another ./dev up, down or reset is at work"
  [[ $rotate == no && -e $tls/current ]] || make_certificates
  openssl x509 -in "$tls/current/gateway.pem" -noout -checkend $((14 * 86400)) >/dev/null ||
    say "They end within two weeks: ./dev certs --rotate"
  say "Certificates  $tls/current/TARGET.pem, TARGET.key, authorities.pem
Valid until   $(openssl x509 -in "$tls/current/gateway.pem" -noout -enddate | cut -d= -f2)
Processes read them again every second; docs/operations.md says how to start them."
}
