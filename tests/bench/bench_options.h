// SPDX-License-Identifier: Apache-2.0
// What ./dev bench was told, by way of the environment.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace zonelink::bench {

struct Options {
  bool long_run = false;  // --long
  int64_t pairs = 0;      // --pairs; 0: not said
};

inline Options ReadOptions() {
  const char* run = std::getenv("ZONELINK_BENCH_LONG");
  const char* pairs = std::getenv("ZONELINK_BENCH_PAIRS");
  return {.long_run = run != nullptr && std::string(run) == "yes",
          .pairs = pairs == nullptr ? 0 : std::atoll(pairs)};
}

}  // namespace zonelink::bench
