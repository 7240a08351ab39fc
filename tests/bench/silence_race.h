// SPDX-License-Identifier: Apache-2.0
// Silence against an officer: while the clock is moved to the end of the last working day,
// reviewers grant what is about to be granted without them.
#pragma once

#include <cstdint>
#include <string>

#include "tests/support/world.h"

namespace zonelink::bench {

struct SilenceCounts {
  int64_t pairs = 0;
  int64_t by_officer = 0;
  int64_t by_silence = 0;
  int64_t violations = 0;
  std::string example;  // of a violation
};

// At least `pairs`, some side by side on each working day. The deployment's clock must be
// controllable and far enough behind: eight pairs take a day.
SilenceCounts RaceSilence(test::World& world, int64_t pairs);

}  // namespace zonelink::bench
