# SPDX-License-Identifier: Apache-2.0
# dev up, down, reset, status, logs, doctor.

# DATA/settings remembers the choices of the first `dev up`; later ones may change the ports.
setting() { sed -n "s/^$1=//p" "$DATA/settings" 2>/dev/null || true; }

read_settings() {
  PORT=$(setting PORT)
  ADMIN_PORT=$(setting ADMIN_PORT)
  SAMPLE=$(setting SAMPLE)
  DATABASE=$(setting DATABASE)
  PORT=${PORT:-8080}
  ADMIN_PORT=${ADMIN_PORT:-9090}
}

is_port() { [[ $1 =~ ^[0-9]{1,5}$ && $1 -ge 1 && $1 -le 65535 ]]; }

parse_up_options() {
  GIVEN_URL=
  local sample=
  while [[ $# -gt 0 ]]; do
    case $1 in
      --no-sample) sample=no ;;
      --database-url | --port | --admin-port)
        [[ $# -ge 2 ]] || fail "$1 needs a value"
        case $1 in
          --database-url) GIVEN_URL=$2 ;;
          --port) PORT=$2 ;;
          --admin-port) ADMIN_PORT=$2 ;;
        esac
        shift
        ;;
      *) fail "up does not know $1; see ./dev help" ;;
    esac
    shift
  done
  is_port "$PORT" && is_port "$ADMIN_PORT" && [[ $PORT -ne $ADMIN_PORT ]] ||
    fail "--port and --admin-port take two different numbers from 1 to 65535"
  check_witness_ports
  local database=private
  [[ -z $GIVEN_URL ]] || database=external
  if [[ -z $SAMPLE ]]; then
    SAMPLE=${sample:-yes}
    DATABASE=$database
    return
  fi
  [[ $sample != no || $SAMPLE == no ]] ||
    fail "the data here hold the sample year; to start without it: ./dev reset, then ./dev up --no-sample"
  [[ $database == private || $DATABASE == external ]] ||
    fail "the data here are in their own cluster; to change over: ./dev reset, then ./dev up --database-url …"
}

# Folders and their owners. Everything dev makes for `up` is below DATA, which it marks as its own.
make_data_dir() {
  if [[ -d $DATA && $EUID -eq 0 && ! -e $DATA/made-by-dev && -n $(ls -A "$DATA") ]]; then
    fail "$DATA exists and was not made by this script; move it away and start again"
  fi
  mkdir -p "$DATA/bin" "$DATA/service" "$DATA/log" "$DATA/secrets"
  : >"$DATA/made-by-dev"
  SOCKET_DIR=$(socket_dir_of "$DATA")
  make_private_dir "$DATA/run"
  make_private_dir "$DATA/secrets/roles"
  make_private_dir "$DATA/ledger"
  make_private_dir "$SOCKET_DIR"
  write_file 0644 "$DATA/socket_dir" <<<"$SOCKET_DIR" || true
  if [[ $EUID -eq 0 ]]; then
    chgrp "$OWNER" "$DATA/secrets"
    chmod 0750 "$DATA/secrets"
  else
    chmod 0700 "$DATA" "$DATA/secrets"
  fi
}

save_settings() {
  write_file 0644 "$DATA/settings" <<EOF || true
PORT=$PORT
ADMIN_PORT=$ADMIN_PORT
SAMPLE=$SAMPLE
DATABASE=$DATABASE
EOF
}

build_product() {
  step "Building (build/release)"
  configure_preset release
  build_preset release zonelinkd zonelink zonelink-sample
}

# Copies what changed, so that a running program is never written to; `restart-needed` survives a
# `dev up` that is cut short between the copy and the restart.
install_programs() {
  local name
  for name in zonelinkd zonelink zonelink-sample; do
    [[ $name != zonelinkd ]] || cmp -s "$BUILT/$name" "$DATA/bin/$name" || touch "$DATA/restart-needed"
    write_file 0755 "$DATA/bin/$name" <"$BUILT/$name" || true
  done
}

make_secrets() {
  local secrets=$DATA/secrets
  [[ -s $secrets/signing.pem ]] ||
    write_private "$secrets/signing.pem" "$(openssl genpkey -algorithm ed25519)"
  [[ -s $secrets/shared.secret ]] ||
    write_private "$secrets/shared.secret" "$(openssl rand -hex 32)"
  [[ -s $secrets/documents.key ]] ||
    write_private "$secrets/documents.key" "$(openssl rand -hex 32)"
  local name
  for name in ledger "${WITNESS_ZONES[@]/#/witness-}"; do
    [[ -s $secrets/$name.pem ]] ||
      write_private "$secrets/$name.pem" "$(openssl genpkey -algorithm ed25519)"
  done
  [[ -s $secrets/administrators.password ]] && return
  if [[ $SAMPLE == yes ]]; then
    write_private "$secrets/administrators.password" zonelink-sample
  else
    write_private "$secrets/administrators.password" "$(openssl rand -base64 18)"
  fi
}

LEDGER_ORIGIN=zonelink.localhost/ledger

# Witness number $1 (from 0) listens on this port.
witness_port() { say $((ADMIN_PORT + 211 + $1)); }

check_witness_ports() {
  local number port
  for number in "${!WITNESS_ZONES[@]}"; do
    port=$(witness_port "$number")
    is_port "$port" && [[ $port -ne $PORT ]] ||
      fail "the witness of ${WITNESS_ZONES[number]} would take port $port (--admin-port + $((port - ADMIN_PORT))):
it must be free and at most 65535; choose another --admin-port"
  done
}

# verifier_key NAME KEY [--cosigner]: as others verify what the key signs.
verifier_key() {
  as_owner "$DATA/bin/zonelinkd" verifier-key --name "$1" --key-file "$DATA/secrets/$2.pem" "${@:3}"
}

# The witnesses' configurations, and WITNESS_LINES for zonelinkd's.
write_witness_configs() {
  local log_key number zone key
  log_key=$(verifier_key "$LEDGER_ORIGIN" ledger)
  WITNESS_LINES=
  for number in "${!WITNESS_ZONES[@]}"; do
    zone=${WITNESS_ZONES[number]}
    key=$(verifier_key "$zone.localhost/witness" "witness-$zone" --cosigner)
    WITNESS_LINES+="    $(yaml_text "$key"): http://127.0.0.1:$(witness_port "$number")"$'\n'
    make_private_dir "$DATA/witness-$zone"
    if write_file 0644 "$DATA/witness-$zone.yaml" <<EOF
# Written by dev up; changes here are lost.
name: $zone.localhost/witness
signing_key_file: $(yaml_text "$DATA/secrets/witness-$zone.pem")
state_dir: $(yaml_text "$DATA/witness-$zone")
port: $(witness_port "$number")
logs:
  $LEDGER_ORIGIN: $(yaml_text "$log_key")
EOF
    then
      touch "$DATA/restart-needed"
    fi
  done
}

yaml_text() { printf '"%s"' "$(sed 's/\\/\\\\/g; s/"/\\"/g' <<<"$1")"; }

write_config() {
  local controllable=false
  [[ $SAMPLE == yes ]] && controllable=true
  if write_file 0640 "$DATA/zonelink.yaml" <<EOF
# Written by dev up; changes here are lost.
http:
  address: 127.0.0.1
  port: $PORT
  admin_port: $ADMIN_PORT
grpc:
  base_port: 0
database:
  url: $(yaml_text "$SERVICE_URL")
  password_dir: $(yaml_text "$DATA/secrets/roles")
  admin_url: $(yaml_text "$ADMIN_URL")
auth:
  signing_key_file: $(yaml_text "$DATA/secrets/signing.pem")
  secret_file: $(yaml_text "$DATA/secrets/shared.secret")
clock:
  controllable: $controllable
ledger:
  origin: $LEDGER_ORIGIN
  signing_key_file: $(yaml_text "$DATA/secrets/ledger.pem")
  state_file: $(yaml_text "$DATA/ledger/last-signed")
  witnesses:
${WITNESS_LINES%$'\n'}
documents:
  key_file: $(yaml_text "$DATA/secrets/documents.key")
EOF
  then
    touch "$DATA/restart-needed"
  fi
  [[ $EUID -ne 0 ]] || chgrp "$OWNER" "$DATA/zonelink.yaml"
}

# The private cluster, or the database that --database-url names: ADMIN_URL, SERVICE_URL.
prepare_database() {
  local passfile=$DATA/secrets/admin.pgpass
  if [[ $DATABASE == external ]]; then
    use_external_database "$passfile"
    return
  fi
  ADMIN_URL="host=$SOCKET_DIR user=zladmin dbname=zonelink passfile=$passfile"
  SERVICE_URL="host=$SOCKET_DIR dbname=zonelink"
  [[ -d $DATA/pg ]] && return
  step "Creating a private PostgreSQL cluster in $DATA/pg"
  pg_create "$DATA/pg" "$passfile" "$SOCKET_DIR" <<EOF
max_connections = 200
shared_buffers = 256MB
EOF
}

# Splits GIVEN_URL into PASSWORD and PLAIN_URL, which shows none.
split_database_url() {
  PASSWORD=
  PLAIN_URL=$GIVEN_URL
  if [[ $GIVEN_URL =~ ^(postgres(ql)?://[^:/@]+):([^@]*)@(.*)$ ]]; then
    printf -v PASSWORD '%b' "${BASH_REMATCH[3]//%/\\x}"
    PLAIN_URL=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
  elif [[ $GIVEN_URL =~ ^(.*)password=([^\ ]*)\ *(.*)$ ]]; then
    PASSWORD=${BASH_REMATCH[2]}
    PLAIN_URL=${BASH_REMATCH[1]}${BASH_REMATCH[3]}
  fi
}

# with_passfile URL PASSFILE
with_passfile() {
  local joint=' '
  if [[ $1 == postgres* ]]; then
    joint='?'
    [[ $1 != *\?* ]] || joint='&'
  fi
  [[ ! -s $2 || $1 == *passfile=* ]] && say "$1" || say "$1${joint}passfile=$2"
}

# The database that --database-url named once: its URL is in secrets/database.url, its password in
# PASSFILE. Both are kept only after they let us in.
use_external_database() {
  local passfile=$1 kept=$DATA/secrets/database.url place
  local query='\echo host=:HOST port=:PORT dbname=:DBNAME'
  if [[ -n $GIVEN_URL ]]; then
    split_database_url
    rm -f "$passfile.new"
    if [[ -n $PASSWORD ]]; then
      PASSWORD=${PASSWORD//\\/\\\\}
      write_private "$passfile.new" "*:*:*:*:${PASSWORD//:/\\:}"
    fi
    as_owner psql -X -w "$(with_passfile "$PLAIN_URL" "$passfile.new")" -Atq -c "$query" >/dev/null ||
      fail "the database of --database-url does not let dev in; try: psql '$PLAIN_URL'"
    [[ ! -e $passfile.new ]] || mv -f "$passfile.new" "$passfile"
    write_private "$kept" "$PLAIN_URL"
  fi
  ADMIN_URL=$(with_passfile "$(cat "$kept")" "$passfile")
  place=$(as_owner psql -X -w "$ADMIN_URL" -Atq -c "$query") ||
    fail "the database does not let dev in; try: psql '$(cat "$kept")'"
  SERVICE_URL=$place
  [[ ! $ADMIN_URL =~ sslmode=([a-z-]+) ]] || SERVICE_URL+=" sslmode=${BASH_REMATCH[1]}"
  [[ ! $ADMIN_URL =~ sslrootcert=([^\ \&]+) ]] || SERVICE_URL+=" sslrootcert=${BASH_REMATCH[1]}"
}

# One statement as the administrator of the private cluster.
cluster_sql() {
  as_owner psql -X -w -v ON_ERROR_STOP=1 -Atq \
    "host=$SOCKET_DIR user=zladmin dbname=postgres passfile=$DATA/secrets/admin.pgpass" -c "$1"
}

start_database() {
  [[ $DATABASE == private ]] || return 0
  service_control 7 up postgres || true
  wait_until 60 cluster_sql 'SELECT 1' || fail "PostgreSQL did not start; the end of its log:
$(tail_log postgres)"
}

# Database, schemas, administrators. A sample year that was cut short is loaded anew: its clock has
# already moved.
migrate_database() {
  local clock=()
  if [[ $SAMPLE == yes && ! -e $DATA/sample-loaded ]]; then
    clock=(--clock-start "$(date -u -d '365 days ago' +%Y-%m-%dT%H:%M:%SZ)")
    [[ ! -e $DATA/sample-begun ]] || forget_half_a_year
  fi
  if [[ $DATABASE == private && -z $(cluster_sql "SELECT 1 FROM pg_database WHERE datname = 'zonelink'") ]]; then
    cluster_sql 'CREATE DATABASE zonelink'
    cluster_sql 'REVOKE TEMPORARY ON DATABASE zonelink FROM PUBLIC'
  fi
  step "Migrating the database"
  as_owner "$DATA/bin/zonelinkd" migrate --config "$DATA/zonelink.yaml" "${clock[@]}" ||
    fail "the migration failed; its words are above"
  create_administrators
}

create_administrators() {
  local words
  words=$(as_owner "$DATA/bin/zonelinkd" bootstrap --config "$DATA/zonelink.yaml" \
    --password-file "$DATA/secrets/administrators.password" 2>&1) ||
    [[ $words == *ALREADY_BOOTSTRAPPED* ]] || fail "the administrators could not be created: $words"
}

forget_half_a_year() {
  [[ $DATABASE == private ]] || fail "an earlier load of the sample year was cut short.
Make the database empty again, then: ./dev reset, ./dev up --database-url …"
  say "An earlier load of the sample year was cut short: its data are dropped and loaded anew."
  local name
  for name in zonelinkd "${WITNESS_ZONES[@]/#/witness-}"; do
    service_control 60 force-stop "$name" || true
    rm -rf "${DATA:?}/$name"
  done
  cluster_sql 'DROP DATABASE IF EXISTS zonelink WITH (FORCE)'
  # The new data are a new log: its checkpoints would contradict what the old one signed.
  rm -rf "${DATA:?}/ledger" "$DATA/secrets/ledger.pem" "$DATA/sample-begun"
  make_data_dir
  make_secrets
  write_witness_configs
  write_config
}

# Before the tables are migrated: the program before writes nothing between two versions.
stop_outdated_zonelinkd() {
  runs zonelinkd && [[ -e $DATA/restart-needed ]] || return 0
  say "Restarting zonelinkd: its program or its configuration changed."
  local name
  for name in zonelinkd "${WITNESS_ZONES[@]/#/witness-}"; do
    service_control 60 force-stop "$name" || true
  done
}

start_zonelinkd() {
  rm -f "$DATA/service/zonelinkd/down"
  local name
  need_ports_of_what_is_down
  rm -f "$DATA/restart-needed"
  for name in "${WITNESS_ZONES[@]/#/witness-}" zonelinkd; do
    service_control 7 up "$name" || true
  done
  wait_until 90 is_ready || fail "zonelinkd did not become ready; the end of its log ($DATA/log/zonelinkd/current):
$(tail_log zonelinkd)"
}

need_ports_of_what_is_down() {
  local number
  runs zonelinkd || need_free_ports "$PORT" "$ADMIN_PORT"
  for number in "${!WITNESS_ZONES[@]}"; do
    runs "witness-${WITNESS_ZONES[number]}" || need_free_ports "$(witness_port "$number")"
  done
}

load_sample() {
  [[ $SAMPLE == yes && ! -e $DATA/sample-loaded ]] || return 0
  step "Loading the sample year"
  touch "$DATA/sample-begun"
  (cd "$ROOT" && "$DATA/bin/zonelink-sample" --url "http://127.0.0.1:$PORT" \
    --password-file "$DATA/secrets/administrators.password" --seed 7) ||
    fail "the sample year could not be loaded; ./dev up begins it anew. The end of zonelinkd's log:
$(tail_log zonelinkd)"
  touch "$DATA/sample-loaded"
}

cmd_up() {
  local began=$SECONDS
  read_settings
  parse_up_options "$@"
  need_packages build run
  ensure_owner
  make_data_dir
  take_lock "$DATA/lock" "another ./dev up, down or reset is at work"
  build_product
  step "Starting"
  install_programs
  make_secrets
  prepare_database
  write_witness_configs
  write_config
  install_services
  runs zonelinkd || stop_services_unless_supervised
  need_ports_of_what_is_down
  save_settings
  start_supervisor
  start_database
  stop_outdated_zonelinkd
  migrate_database
  start_zonelinkd
  load_sample
  wait_until 60 is_ready || fail "zonelinkd is not ready; see $DATA/log/zonelinkd/current"
  print_welcome $((SECONDS - began))
}

# Children that outlived their supervisor would be taken for strangers on our ports.
stop_services_unless_supervised() {
  supervisor_pid >/dev/null || stop_services
}

print_welcome() {
  say "
Zonelink is ready (${1} s).

  Address    http://127.0.0.1:$PORT       /docs, /openapi.json
  Health     http://127.0.0.1:$ADMIN_PORT/readyz   and /metrics
  Ledger     http://127.0.0.1:$PORT/v1/ledger, cosigned by the witnesses of ${WITNESS_ZONES[*]}
  Data       $DATA"
  if [[ $SAMPLE == yes ]]; then
    print_sample_hints 
  else
    say "  Users      sysadmin, secadmin, auditadmin; their first password is in
             $DATA/secrets/administrators.password"
  fi
  say "
  ./dev status   ./dev logs   ./dev down   ./dev reset"
}

cmd_down() {
  [[ -e $DATA/made-by-dev ]] || { say "Nothing of Zonelink runs here."; return; }
  take_lock "$DATA/lock" "another ./dev up, down or reset is at work"
  stop_services
  say "Zonelink is down; its data stay in $DATA."
}

cmd_reset() {
  [[ -e $DATA/made-by-dev ]] || { say "There are no data to forget in $DATA."; return; }
  take_lock "$DATA/lock" "another ./dev up, down or reset is at work"
  local database
  database=$(setting DATABASE)
  stop_services
  local socket_dir name
  socket_dir=$(socket_dir_of "$DATA")
  [[ ! -O $socket_dir && $EUID -ne 0 ]] || rm -rf "$socket_dir"
  for name in bin ledger log pg pg.new run secrets service settings socket_dir split sample-begun sample-loaded \
    restart-needed zonelink.yaml made-by-dev lock; do
    rm -rf "${DATA:?}/$name"
  done
  for name in "${WITNESS_ZONES[@]/#/witness-}"; do
    rm -rf "${DATA:?}/$name" "$DATA/$name.yaml"
  done
  rmdir --ignore-fail-on-non-empty "$DATA"
  say "Forgotten: the data in $DATA."
  [[ $database != external ]] || say "The database of --database-url was not touched."
}

cmd_status() {
  read_settings
  [[ -e $DATA/made-by-dev ]] || { say "down: nothing was started here yet (./dev up)"; exit 1; }
  local pid name words
  pid=$(supervisor_pid) && say "supervisor        up, process $pid" || say "supervisor        down"
  for name in "${SERVICES[@]}"; do
    [[ -d $DATA/service/$name ]] || continue
    words=$(as_owner sv status "$DATA/service/$name" 2>&1 || true)
    words=$(sed -E 's/; (run|down): log.*//; s#^([a-z]+): [^:]*: #\1 #; s/^fail runsv not running/not supervised/' <<<"$words")
    printf '%-17s %s\n' "$name" "$words"
  done
  say "data              $DATA"
  if is_ready; then
    say "ready             http://127.0.0.1:$PORT"
    return
  fi
  say "ready             no"
  exit 1
}

cmd_logs() {
  local follow=() name=zonelinkd
  while [[ $# -gt 0 ]]; do
    case $1 in
      -f) follow=(-F) ;;
      postgres | zonelinkd | witness-*) name=$1 ;;
      *) fail "logs takes -f and one of: ${SERVICES[*]}" ;;
    esac
    shift
  done
  [[ -e $DATA/log/$name/current ]] || fail "there is no log of $name yet (./dev up)"
  tail -n 200 "${follow[@]}" "$DATA/log/$name/current"
}

cmd_doctor() {
  [[ -e $DATA/zonelink.yaml ]] || fail "nothing is set up here yet (./dev up)"
  as_owner "$DATA/bin/zonelinkd" doctor --config "$DATA/zonelink.yaml"
}
