# SPDX-License-Identifier: Apache-2.0
# dev check and dev fmt: what can be told from the source alone.

cpp_files() {
  (cd "$ROOT" && git ls-files -co --exclude-standard -- '*.h' '*.cc' | while read -r file; do
    [[ ! -f $file ]] || say "$file"
  done)
}

cmd_fmt() {
  need_packages check
  cd "$ROOT"
  cpp_files | xargs -r -n 40 clang-format-14 -i
}

check_format() { cd "$ROOT" && cpp_files | xargs -r -n 40 clang-format-14 --dry-run --Werror; }

check_house() { python3 "$ROOT/tests/house/house.py" "$ROOT"; }

# clang-tidy reads what the build generates from the protos and embeds.
check_tidy() {
  configure_preset release
  local generated
  mapfile -t generated < <(ninja -C "$ROOT/build/release" -t targets all |
    sed -nE 's#^((proto/gen|embedded)/.*\.h): .*#\1#p')
  if ! ninja -C "$ROOT/build/release" "${generated[@]}" >"$ROOT/build/generate.log" 2>&1; then
    tail -n 20 "$ROOT/build/generate.log"
    return 1
  fi
  python3 "$ROOT/tests/house/tidy.py" "$ROOT" "$ROOT/build/release"
}

# The commit that the protos are compared with: where this branch left origin/main, or the commit
# before this one.
breaking_base() {
  local base
  base=$(git merge-base HEAD origin/main 2>/dev/null || true)
  if [[ -z $base || $base == $(git rev-parse HEAD) ]]; then
    base=$(git rev-parse -q --verify HEAD~1 || true)
  fi
  [[ -z $base ]] || say "$base"
}

# proto_image FOLDER OUT
proto_image() {
  (cd "$1" && find zonelink -name '*.proto' -print0 | sort -z | xargs -0 protoc -I . \
    -I /usr/share/gocode/src/github.com/gogo/googleapis --include_imports --include_source_info -o "$2")
}

check_protos() {
  cd "$ROOT"
  local buf=$ROOT/node_modules/.bin/buf scratch base status=0
  if [[ ! -x $buf || $ROOT/package-lock.json -nt $ROOT/node_modules/.package-lock.json ]]; then
    # npm trusts the authorities that this machine trusts.
    NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt} \
      npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || return 1
  fi
  scratch=$(mktemp -d)
  proto_image "$ROOT/proto" "$scratch/now.binpb" || return 1
  "$buf" lint "$scratch/now.binpb" || status=1
  base=$(breaking_base)
  if [[ -z $base ]] || ! git cat-file -e "$base:proto" 2>/dev/null; then
    say "  no earlier protos to compare with"
  else
    git archive "$base" proto | tar -x -C "$scratch"
    if proto_image "$scratch/proto" "$scratch/base.binpb"; then
      "$buf" breaking "$scratch/now.binpb" --against "$scratch/base.binpb" || status=1
    else
      say "  the protos of $base do not compile: nothing to compare with"
    fi
  fi
  rm -rf "$scratch"
  return "$status"
}

# Node.js of the system when it is new enough for buf, else Debian's.
need_node() {
  local version
  version=$(node --version 2>/dev/null || true)
  if [[ $version =~ ^v([0-9]+) && ${BASH_REMATCH[1]} -ge 18 ]] && command -v npm >/dev/null; then
    return
  fi
  local missing
  mapfile -t missing < <(missing_of nodejs npm)
  [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
}

run_check() {
  local name=$1 began=$SECONDS
  shift
  if ("$@"); then
    printf 'ok      %-8s %s s\n' "$name" $((SECONDS - began))
  else
    printf 'FAILED  %-8s %s s\n' "$name" $((SECONDS - began))
    CHECK_STATUS=1
  fi
}

cmd_check() {
  case ${1:-} in
    '') ;;
    --fix) cmd_fmt ;;
    --figures)
      need_packages check
      exec python3 "$ROOT/tests/house/figures.py" "$ROOT"
      ;;
    *) fail "check does not know $1; see ./dev help" ;;
  esac
  need_packages build test check
  need_node
  CHECK_STATUS=0
  step "Checking"
  run_check format check_format
  run_check house check_house
  run_check protos check_protos
  run_check tidy check_tidy
  exit "$CHECK_STATUS"
}
