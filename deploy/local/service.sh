# SPDX-License-Identifier: Apache-2.0
# The supervisor: runit's runsvdir keeps one runsv for each folder in DATA/service, and each runsv
# keeps its child and its log running.

# Two zones watch the ledger; on one machine they are neighbours, elsewhere they are not.
WITNESS_ZONES=(jiangsu zhejiang)
SERVICES=(postgres zonelinkd "${WITNESS_ZONES[@]/#/witness-}")

# Lays out the service folders. As root they belong to root, only supervise/ to the owner: nothing
# that the unprivileged owner can change is ever written or run by root.
install_services() {
  local name kind folder source=$ROOT/deploy/local/service
  for name in "${SERVICES[@]}"; do
    [[ $name == postgres && $DATABASE == external ]] && continue
    folder=$DATA/service/$name
    kind=${name%%-*}
    mkdir -p "$folder/control" "$folder/log"
    make_private_dir "$folder/supervise"
    make_private_dir "$folder/log/supervise"
    make_private_dir "$DATA/log/$name"
    write_file 0755 "$folder/run" <"$source/$kind/run" || true
    write_file 0755 "$folder/finish" <"$source/finish" || true
    write_file 0755 "$folder/log/run" <"$source/log-run" || true
    if [[ -f $source/$kind/control-t ]]; then
      write_file 0755 "$folder/control/t" <"$source/$kind/control-t" || true
    fi
  done
}

# Prints the supervisor's pid when it lives.
supervisor_pid() {
  local pid
  pid=$(cat "$DATA/run/runsvdir.pid" 2>/dev/null) || return 1
  [[ -n $pid ]] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "runsvdir -P $DATA/service" &&
    say "$pid"
}

# service_control SECONDS VERB NAME, quiet.
service_control() {
  as_owner sv -w "$1" "$2" "$DATA/service/$3" >/dev/null 2>&1
}

# Whether a runsv serves NAME; it may have outlived its supervisor.
is_supervised() {
  [[ -e $DATA/service/$1/supervise/ok ]] && as_owner sv check "$DATA/service/$1" >/dev/null 2>&1
}

start_supervisor() {
  supervisor_pid >/dev/null && return
  stop_services
  # zonelinkd waits for the migrations, the witnesses for nothing.
  touch "$DATA/service/zonelinkd/down"
  detached --fork "${AS_OWNER[@]}" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME="$DATA" \
    sh -c 'echo $$ >"$1/run/runsvdir.pid"; exec runsvdir -P "$1/service"' sh "$DATA"
  wait_until 10 supervisor_pid >/dev/null || fail "the supervisor (runsvdir) did not start"
}

# Stops every child, the program before its database, and whoever watches them.
stop_services() {
  local pid name
  if pid=$(supervisor_pid); then
    # runsvdir leaves its children alone on TERM; they are told one by one below.
    as_owner kill -TERM "$pid"
    wait_until 10 not supervisor_pid || fail "the supervisor (process $pid) does not stop"
  fi
  rm -f "$DATA/run/runsvdir.pid"
  for name in zonelinkd "${WITNESS_ZONES[@]/#/witness-}" postgres; do
    [[ -e $DATA/service/$name/supervise/ok ]] || continue
    service_control 60 force-shutdown "$name" || true
    wait_until 10 not is_supervised "$name" || fail "$name does not stop; see $DATA/log/$name/current"
  done
  stop_orphans
}

# Children whose runsv was killed.
stop_orphans() {
  local name pid
  for name in zonelinkd "${WITNESS_ZONES[@]/#/witness-}"; do
    pid=$(cat "$DATA/run/$name.pid" 2>/dev/null || true)
    [[ -n $pid && $(readlink "/proc/$pid/exe") == "$DATA/bin/zonelinkd"* ]] || continue
    as_owner kill -TERM "$pid"
    wait_until 20 not test -d "/proc/$pid" || as_owner kill -KILL "$pid"
  done
  pg_alive "$DATA/pg" || return 0
  as_owner "$PG_BIN/pg_ctl" -D "$DATA/pg" -m fast -w -t 60 stop >/dev/null
}

not() { ! "$@"; }

# wait_until SECONDS COMMAND…: tries four times a second.
wait_until() {
  local tries=$(($1 * 4))
  shift
  until "$@" >/dev/null 2>&1; do
    ((tries-- > 0)) || return 1
    sleep 0.25
  done
}

tail_log() {
  tail -n "${2:-15}" "$DATA/log/$1/current" 2>/dev/null || say "(no log yet)"
}

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

is_ready() { curl -fs -o /dev/null --max-time 3 "http://127.0.0.1:$ADMIN_PORT/readyz"; }

runs() { as_owner sv status "$DATA/service/$1" 2>/dev/null | grep -q '^run:'; }

# need_free_ports PORT…: refuses those that another program holds.
need_free_ports() {
  local port holder
  for port in "$@"; do
    port_answers "$port" || continue
    holder=$(ss -Hltnp "sport = :$port" 2>/dev/null | grep -o '"[^"]*",pid=[0-9]*' | head -n 1 || true)
    fail "port $port is taken by another program${holder:+ ($holder)}.
Stop that program, or choose others: ./dev up --port $((PORT + 10)) --admin-port $((ADMIN_PORT + 10))"
  done
}
