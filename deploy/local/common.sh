# SPDX-License-Identifier: Apache-2.0
# What every command of dev shares: words on the screen, paths, identity, packages, the build.

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
fail() {
  printf '\ndev: %s\n' "$*" >&2
  exit 1
}

# Where things are, and who runs them. As root nothing but dev itself runs as root.
set_paths() {
  if [[ $EUID -eq 0 ]]; then
    OWNER=zonelink
    DATA=/var/lib/zonelink
  else
    OWNER=$(id -un)
    DATA=$ROOT/.zonelink
  fi
  AS_OWNER=(env)
  [[ $EUID -ne 0 ]] || AS_OWNER=(chpst -u "$OWNER:$OWNER" env HOME="$DATA")
  BUILT=$ROOT/build/release/bin
  PG_BIN=/usr/lib/postgresql/15/bin
}

# Runs a command as the unprivileged owner of the data.
as_owner() (
  cd /
  exec "${AS_OWNER[@]}" "$@"
)

ensure_owner() {
  [[ $EUID -ne 0 ]] && return
  id -u "$OWNER" >/dev/null 2>&1 && return
  useradd --system --user-group --home-dir "$DATA" --no-create-home \
    --shell /usr/sbin/nologin "$OWNER"
}

# Runs a command in a session of its own with none of dev's descriptors, so that dev's caller sees
# end-of-file and locks are free when dev ends.
detached() (
  # --fork returns at once, --wait with the command.
  local how=$1
  shift
  cd /
  exec </dev/null >/dev/null 2>&1
  local fd
  for fd in /proc/"$BASHPID"/fd/*; do
    fd=${fd##*/}
    [[ $fd -le 2 ]] || eval "exec $fd>&-"
  done
  exec setsid "$how" "$@"
)

# Takes the lock $1 for the life of dev; $2 says whose turn it is.
take_lock() {
  exec {lock_fd}>"$1"
  flock -n "$lock_fd" && return
  say "Waiting: $2"
  flock "$lock_fd"
}

# Replaces file $2 by standard input when the contents differ; mode $1. Says whether it did.
write_file() {
  local mode=$1 file=$2 new
  new=$(mktemp "$file.XXXXXX")
  cat >"$new"
  chmod "$mode" "$new"
  if [[ -f $file ]] && cmp -s "$new" "$file"; then
    rm -f "$new"
    return 1
  fi
  mv -f "$new" "$file"
}

packages_of() {
  local list
  for list in "$@"; do grep -v '^#' "$ROOT/deploy/local/packages/$list"; done | sort -u
}

# Those of the named packages that are not installed.
missing_of() {
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(awk '$1 == "installed" {print $2}' <<<"$installed" | sort -u)
}

# Installs what is missing of the package lists named.
need_packages() {
  [[ -x /usr/bin/dpkg-query ]] || fail "this script needs Debian 12: dpkg-query was not found"
  local wanted missing
  mapfile -t wanted < <(packages_of "$@")
  mapfile -t missing < <(missing_of "${wanted[@]}")
  [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
}

install_packages() {
  local sudo=() by_hand="apt-get update && apt-get install --no-install-recommends $*"
  step "Installing ${#} Debian packages: $*"
  if [[ $EUID -ne 0 ]]; then
    sudo=(sudo -n)
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      fail "packages are missing, and sudo without a password is not available here.
Have an administrator run this, then start again:
  $by_hand"
    fi
  fi
  # A PostgreSQL that is first installed here gets no cluster of Debian's own: ours is private.
  local no_cluster=/etc/postgresql-common/createcluster.d/zonelink.conf
  if [[ " $* " == *" postgresql-15 "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
    "${sudo[@]}" sh -c "mkdir -p ${no_cluster%/*} && echo 'create_main_cluster = false' >$no_cluster"
  fi
  local log
  log=$(mktemp /tmp/zonelink-apt.XXXXXX)
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold)
  local ok=yes
  { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@"; } </dev/null 2>&1 |
    tee "$log" |
    awk '/^Need to get/ {print "  " $0; fflush()}
         /^Setting up/ {if (++n % 25 == 0) {print "  " n " packages set up"; fflush()}}
         /^E: / {print "  " $0; fflush()}' || ok=no
  "${sudo[@]}" rm -f "$no_cluster"
  [[ $ok == yes ]] || fail "apt could not install what is missing; its words are in $log.
Check the network and /etc/apt/sources.list*, then start again, or install by hand:
  $by_hand"
  rm -f "$log"
}

# configure_preset PRESET: the same compiler cache serves every clone of the project.
configure_preset() {
  export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
  local log
  mkdir -p "$ROOT/build"
  log=$ROOT/build/configure-$1.log
  (cd "$ROOT" && cmake --preset "$1") >"$log" 2>&1 ||
    fail "cmake could not configure the build; the last lines of $log:
$(tail -n 20 "$log")"
}

# build_preset PRESET TARGET…
build_preset() {
  local preset=$1
  shift
  cmake --build "$ROOT/build/$preset" --target "$@" || fail "the build failed; see above"
}
