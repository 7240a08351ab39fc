# SPDX-License-Identifier: Apache-2.0
# Private PostgreSQL clusters: SCRAM passwords, a unix socket and no network.

# A short folder for the socket of the cluster that belongs to data folder $1: PostgreSQL refuses
# socket paths above 107 bytes.
socket_dir_of() {
  local own=$1/s
  if [[ ${#own} -le 80 ]]; then
    say "$own"
  else
    say "/tmp/zl-$(id -u "$OWNER")-$(printf '%s' "$1" | sha256sum | cut -c1-12)"
  fi
}

# Makes folder $1 for the owner alone; refuses one that somebody else put there.
make_private_dir() {
  [[ -d $1 ]] || mkdir -m 0700 "$1"
  [[ ! -L $1 ]] || fail "$1 is a symbolic link; remove it and start again"
  if [[ $EUID -eq 0 ]]; then
    chown "$OWNER:$OWNER" "$1"
  elif [[ ! -O $1 ]]; then
    fail "$1 belongs to another user; remove it and start again"
  fi
  chmod 0700 "$1"
}

# pg_create CLUSTER PASSFILE SOCKET_DIR: makes a cluster whose administrator is zladmin. Extra
# settings come on standard input. Made aside and renamed, so that one cut short is never used.
pg_create() {
  local cluster=$1 passfile=$2 socket_dir=$3 password
  password=$(openssl rand -hex 24)
  rm -rf "$cluster.new"
  make_private_dir "$cluster.new"
  write_private "$passfile" "*:*:*:zladmin:$password"
  write_private "$passfile.init" "$password"
  as_owner "$PG_BIN/initdb" -D "$cluster.new" -U zladmin --pwfile="$passfile.init" \
    --auth-local=scram-sha-256 --auth-host=reject --encoding=UTF8 --locale=C.UTF-8 \
    --data-checksums >/dev/null || fail "initdb could not make the cluster $cluster"
  rm -f "$passfile.init"
  {
    say "listen_addresses = ''"
    say "unix_socket_directories = '$socket_dir'"
    say "unix_socket_permissions = 0700"
    say "log_line_prefix = '%m [%p] %q%u@%d '"
    cat
  } >>"$cluster.new/postgresql.conf"
  mv "$cluster.new" "$cluster"
}

# Writes text $2 into file $1 that only the owner reads.
write_private() {
  (umask 077 && printf '%s\n' "$2" >"$1")
  [[ $EUID -ne 0 ]] || chown "$OWNER:$OWNER" "$1"
}

# Whether the postmaster of cluster $1 lives.
pg_alive() {
  local pid
  pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) || return 1
  [[ -n $pid && $(readlink "/proc/$pid/cwd") == "$1" ]]
}
