// SPDX-License-Identifier: Apache-2.0
// What enterprises of several zones file in the benchmarks.
#pragma once

#include <string>
#include <vector>

#include "tests/support/world.h"

namespace zonelink::bench {

// A request of one organisation's filer; its credential's number has PreparedPost::kFreshDigits,
// since an organisation may have one open case on a credential.
struct Filing {
  std::string zone;  // home zone
  std::string token;
  std::string body;
};

// One of each new organisation; they take the home zones in turn. Two items, two target zones each:
// one recognises at once, the other reviews.
std::vector<Filing> MakeFilings(test::World& world, const std::vector<std::string>& home_zones,
                                size_t organizations);

}  // namespace zonelink::bench
