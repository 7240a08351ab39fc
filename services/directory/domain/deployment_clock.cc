// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/deployment_clock.h"

#include <fmt/format.h>

namespace zonelink::directory {

using std::chrono::microseconds;

Result<microseconds> Advance(microseconds offset, Time wall, Time to) {
  const Time now = wall + offset;
  if (to < now) {
    return FailedPrecondition("CLOCK_BACKWARDS", fmt::format("the clock shows {}", FormatTime(now)),
                              {{"now", FormatTime(now)}});
  }
  const microseconds wanted = to - wall;
  if (offset < microseconds::zero() && wanted >= microseconds::zero()) return microseconds::zero();
  return wanted;
}

}  // namespace zonelink::directory
