# SPDX-License-Identifier: Apache-2.0
# dev test: builds and runs the tests against a throw-away PostgreSQL cluster.

parse_test_options() {
  PRESET=release QUICK=no KEEP=no FILTER=
  while [[ $# -gt 0 ]]; do
    case $1 in
      --quick) QUICK=yes ;;
      --asan) PRESET=asan ;;
      --tsan) PRESET=tsan ;;
      --keep) KEEP=yes ;;
      -*) fail "test does not know $1; see ./dev help" ;;
      *) FILTER=$1 ;;
    esac
    shift
  done
  # Sanitizers look at our own threads and memory, not at whole deployments.
  SELECTION=()
  [[ $QUICK == no && $PRESET == release ]] || SELECTION+=(-L '^(unit|db)$')
  # Its locks stand in Debian's gRPC, where the thread sanitizer cannot see them; protobuf's headers lay
  # out map fields otherwise under it than Debian's library, and the configuration has one.
  [[ $PRESET != tsan ]] || SELECTION+=(-LE '^grpc$' -E '^platform_config_test$')
  [[ -z $FILTER ]] || SELECTION+=(-R "$FILTER")
}

# What to build for the selected tests: their programs; everything when one of them is no program of
# its own (it runs what a person runs), or when nothing is selected.
test_targets() {
  local tests
  tests=$(ctest --test-dir "$ROOT/build/$PRESET" -N "${SELECTION[@]}" |
    sed -n 's/^ *Test *#[0-9]*: //p' | sed -E 's/\.(one|many)$//' | sort -u)
  [[ -n $tests ]] || return 0
  local targets
  targets=$(ninja -C "$ROOT/build/$PRESET" -t targets all | sed -n 's/^\([^/:]*\): phony$/\1/p' | sort -u)
  if [[ ${#SELECTION[@]} -eq 0 || -n $(comm -23 <(say "$tests") <(say "$targets")) ]]; then
    say all
  else
    say "$tests"
  fi
}

start_test_cluster() {
  start_scratch_cluster "$ROOT/build/test-cluster" <<EOF
max_connections = 300
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
EOF
}

# start_scratch_cluster NOTE: a cluster in a folder under /tmp, for a short socket path, which file
# NOTE keeps. Its settings come on standard input.
start_scratch_cluster() {
  CLUSTER_NOTE=$1
  local note=$1
  CLUSTER_DIR=$(cat "$note" 2>/dev/null || true)
  if [[ -n $CLUSTER_DIR ]] && pg_alive "$CLUSTER_DIR/pg"; then
    say "Using the cluster in $CLUSTER_DIR"
  else
    [[ $CLUSTER_DIR != /tmp/zl-test-* ]] || rm -rf "$CLUSTER_DIR"
    CLUSTER_DIR=$(mktemp -d /tmp/zl-test-XXXXXX)
    chmod 0755 "$CLUSTER_DIR"
    printf '%s\n' "$CLUSTER_DIR" >"$note"
    make_private_dir "$CLUSTER_DIR/s"
    pg_create "$CLUSTER_DIR/pg" "$CLUSTER_DIR/admin.pgpass" "$CLUSTER_DIR/s"
    : >"$CLUSTER_DIR/log"
    [[ $EUID -ne 0 ]] || chown "$OWNER:$OWNER" "$CLUSTER_DIR/log"
    detached --wait "${AS_OWNER[@]}" "$PG_BIN/pg_ctl" -D "$CLUSTER_DIR/pg" -l "$CLUSTER_DIR/log" \
      -w -t 60 start || fail "the scratch cluster did not start:
$(tail -n 20 "$CLUSTER_DIR/log")"
  fi
  export ZONELINK_TEST_ADMIN_URL="host=$CLUSTER_DIR/s user=zladmin dbname=postgres passfile=$CLUSTER_DIR/admin.pgpass"
}

stop_test_cluster() {
  [[ -n ${CLUSTER_DIR:-} && -d $CLUSTER_DIR/pg ]] || return 0
  as_owner "$PG_BIN/pg_ctl" -D "$CLUSTER_DIR/pg" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$CLUSTER_DIR" "$CLUSTER_NOTE"
}

end_of_test() {
  rm -rf "${ZONELINK_TEST_DIR:-}"
  [[ $KEEP == yes ]] || stop_test_cluster
}

run_ctest() {
  local launcher=() junit=$ROOT/build/$PRESET/junit.xml
  if [[ $PRESET == tsan ]]; then
    export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1
    # The sanitizer's shadow memory does not fit around fully randomised addresses.
    launcher=(setarch "$(uname -m)" -R)
  fi
  [[ $PRESET != asan ]] ||
    export LSAN_OPTIONS=suppressions=$ROOT/tests/house/lsan.txt:print_suppressions=0
  rm -f "$junit"
  # Output of passed tests is kept whole: their case counts are read from it.
  "${launcher[@]}" ctest --test-dir "$ROOT/build/$PRESET" -j2 --output-on-failure --no-tests=ignore \
    --test-output-size-passed 4194304 --test-output-size-failed 4194304 \
    --output-junit "$junit" "${SELECTION[@]}" </dev/null || true
  python3 "$ROOT/tests/house/count_tests.py" "$junit"
}

cmd_test() {
  parse_test_options "$@"
  need_packages build run test
  ensure_owner
  mkdir -p "$ROOT/build"
  take_lock "$ROOT/build/test.lock" "another ./dev test is at work"
  step "Building the tests (build/$PRESET)"
  configure_preset "$PRESET"
  local targets
  mapfile -t targets < <(test_targets)
  [[ ${#targets[@]} -gt 0 ]] || fail "no test matches ${SELECTION[*]}
0 passed, 0 failed"
  build_preset "$PRESET" "${targets[@]}"
  step "Testing"
  trap end_of_test EXIT
  trap 'exit 130' INT TERM
  start_test_cluster
  ZONELINK_TEST_DIR=$(mktemp -d /tmp/zl-scratch-XXXXXX)
  export ZONELINK_TEST_DIR ZONELINK_BIN_DIR=$ROOT/build/$PRESET/bin
  [[ $KEEP == no ]] || say "The test cluster will stay: $ZONELINK_TEST_ADMIN_URL"
  run_ctest || exit 1
}
