# SPDX-License-Identifier: Apache-2.0
# dev bench: runs the benchmarks of tests/bench against a throw-away cluster that syncs to disk.

BENCHES=(filings ledger)

cmd_bench() {
  local chosen=("$@") name
  [[ ${#chosen[@]} -gt 0 ]] || chosen=("${BENCHES[@]}")
  for name in "${chosen[@]}"; do
    [[ " ${BENCHES[*]} " == *" $name "* ]] || fail "bench knows: ${BENCHES[*]}"
  done
  need_packages build run test
  ensure_owner
  mkdir -p "$ROOT/build"
  take_lock "$ROOT/build/test.lock" "a ./dev test or bench is at work"
  step "Building the benchmarks (build/release)"
  configure_preset release
  build_preset release zonelinkd "${chosen[@]/%/_bench}"
  KEEP=no
  trap end_of_test EXIT
  trap 'exit 130' INT TERM
  start_scratch_cluster "$ROOT/build/bench-cluster" <<<"max_connections = 300
shared_buffers = 256MB
max_wal_size = 4GB"
  ZONELINK_TEST_DIR=$(mktemp -d /tmp/zl-scratch-XXXXXX)
  export ZONELINK_TEST_DIR ZONELINK_BIN_DIR=$BUILT
  for name in "${chosen[@]}"; do
    step "Bench: $name"
    "$ROOT/build/release/bin/${name}_bench" --gtest_brief=1
  done
}
