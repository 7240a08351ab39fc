# SPDX-License-Identifier: Apache-2.0
# bash certificates.sh FOLDER [TARGET…]: makes the next generation of certificates between the
# processes of a deployment, FOLDER/N, and then has FOLDER/current point to it. Run again, it
# replaces everything while processes go on: the certificates come from the authority that was made
# in the generation before, so that everybody believes it already, and the one before it is still
# believed, for those who have not yet read the new files.
set -Eeuo pipefail
umask 077

DAYS=90
folder=${1:?names the folder: bash certificates.sh FOLDER [TARGET…]}
shift
[[ $# -gt 0 ]] || set -- directory recognition worklist ledger documents gateway

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# new_authority FILE NUMBER: FILE.key, FILE.pem
new_authority() {
  new_key "$1.key"
  openssl req -x509 -new -key "$1.key" -days $((DAYS * 4)) -subj "/O=Zonelink/CN=processes $2" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign \
    -addext subjectKeyIdentifier=hash -out "$1.pem" \
    -config <(printf '[req]\ndistinguished_name = name\n[name]\n')
}

# new_certificate TARGET: TARGET.key, TARGET.pem
new_certificate() {
  new_key "$fresh/$1.key"
  openssl req -new -key "$fresh/$1.key" -subj "/O=Zonelink/CN=$1" \
    -config <(printf '[req]\ndistinguished_name = name\n[name]\n') |
    openssl x509 -req -CA "$fresh/authority.pem" -CAkey "$fresh/authority.key" -days "$DAYS" \
      -out "$fresh/$1.pem" -extfile <(printf '%s\n' "subjectAltName = DNS:$1.zonelink.internal" \
        'basicConstraints = critical,CA:FALSE' 'keyUsage = critical,digitalSignature' \
        'extendedKeyUsage = serverAuth,clientAuth' 'authorityKeyIdentifier = keyid') 2>/dev/null
}

mkdir -p "$folder"
last=$(readlink "$folder/current" || echo 0)
number=$((last + 1))
fresh=$folder/$number
rm -rf "$fresh"
mkdir "$fresh"
if [[ $last -gt 0 ]]; then
  openssl x509 -in "$folder/$last/next.pem" -noout -checkend $((DAYS * 86400)) >/dev/null || {
    echo "The authority announced in $folder/$last ends before new certificates would.
Begin anew: stop the processes, remove $folder, run this again, start the processes." >&2
    exit 1
  }
  cp "$folder/$last/next.pem" "$fresh/authority.pem"
  cp "$folder/$last/next.key" "$fresh/authority.key"
else
  new_authority "$fresh/authority" "$number"
fi
new_authority "$fresh/next" $((number + 1))
{
  [[ $last -eq 0 ]] || cat "$folder/$last/authority.pem"
  cat "$fresh/authority.pem" "$fresh/next.pem"
} >"$fresh/authorities.pem"
for target in "$@"; do new_certificate "$target"; done

ln -sfn "$number" "$folder/current.new"
mv -T "$folder/current.new" "$folder/current"
for old in "$folder"/[0-9]*; do
  [[ ${old##*/} -ge $last ]] || rm -rf "$old"
done
