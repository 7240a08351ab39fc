# SPDX-License-Identifier: Apache-2.0
# dev bench: runs the benchmarks of tests/bench against a throw-away cluster that syncs to disk. What
# each prints stays in build/bench: NAME.txt, and its JSON line in NAME.json.

BENCHES=(filings ledger reads overload split races growth)
# Only when named.
MORE_BENCHES=(relay documents)

parse_bench_options() {
  LONG=no PAIRS='' CHOSEN=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --long) LONG=yes ;;
      --pairs)
        [[ ${2:-} =~ ^[1-9][0-9]{0,8}$ ]] || fail "--pairs wants a number of pairs"
        PAIRS=$2
        shift
        ;;
      -*) fail "bench does not know $1; see ./dev help" ;;
      *)
        [[ " ${BENCHES[*]} ${MORE_BENCHES[*]} " == *" $1 "* ]] ||
          fail "bench knows: ${BENCHES[*]} ${MORE_BENCHES[*]}"
        CHOSEN+=("$1")
        ;;
    esac
    shift
  done
  [[ ${#CHOSEN[@]} -gt 0 ]] || CHOSEN=("${BENCHES[@]}")
}

# The libraries are for `growth`, which switches them on for its own database: it reads the blocks
# that each statement touched, and the plans from the server's log.
start_bench_cluster() {
  start_scratch_cluster "$ROOT/build/bench-cluster" <<'EOF'
max_connections = 300
shared_buffers = 256MB
max_wal_size = 4GB
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = none
logging_collector = on
log_destination = 'jsonlog'
log_rotation_size = 0
EOF
}

# Runs one benchmark; fails when it does.
run_bench() {
  local name=$1 kept=$ROOT/build/bench/$1 began=$SECONDS status=0
  step "Bench: $name"
  rm -f "$kept.txt" "$kept.json"
  "$BUILT/${name}_bench" --gtest_brief=1 | tee "$kept.txt" || status=1
  grep '^{"bench":' "$kept.txt" | tail -n 1 >"$kept.json" || status=1
  say "$name took $((SECONDS - began)) s"
  return "$status"
}

cmd_bench() {
  parse_bench_options "$@"
  local name failed=()
  need_packages build run test
  ensure_owner
  mkdir -p "$ROOT/build/bench"
  take_lock "$ROOT/build/test.lock" "a ./dev test or bench is at work"
  step "Building the benchmarks (build/release)"
  configure_preset release
  build_preset release zonelinkd "${CHOSEN[@]/%/_bench}"
  # shellcheck disable=SC2034 # end_of_test reads it
  KEEP=no
  trap end_of_test EXIT
  trap 'exit 130' INT TERM
  start_bench_cluster
  ZONELINK_TEST_DIR=$(mktemp -d /tmp/zl-scratch-XXXXXX)
  export ZONELINK_TEST_DIR ZONELINK_BIN_DIR=$BUILT
  export ZONELINK_BENCH_LONG=$LONG ZONELINK_BENCH_PAIRS=$PAIRS
  for name in "${CHOSEN[@]}"; do
    run_bench "$name" || failed+=("$name")
  done
  step "Results are in build/bench"
  [[ ${#failed[@]} -eq 0 ]] || fail "failed: ${failed[*]}"
}
