// SPDX-License-Identifier: Apache-2.0
// For tests: wall time that is set by hand.
#pragma once

#include "platform/core/clock.h"

namespace zonelink {

class HandClock final : public WallClock {
 public:
  Time Now() const override { return now; }
  Time now = Time{std::chrono::seconds(1'790'000'000)};
};

}  // namespace zonelink
