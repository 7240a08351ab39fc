// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/rungs.h"

#include <algorithm>

#include "platform/core/check.h"

namespace zonelink::clocks {

std::optional<Time> FiresAt(const WorkingClock& clock, const Rung& rung, const Calendar& calendar) {
  ZL_CHECK((rung.percent > 0) != (rung.after > 0), "a rung has a percentage or a number of units");
  const int64_t part = (int64_t{clock.budget} * rung.percent + 99) / 100;
  return UsedUpAt(clock, rung.after > 0 ? rung.after : static_cast<int>(part), calendar);
}

std::optional<NextRung> Next(const WorkingClock& clock, const Kind& kind,
                             const std::vector<std::string>& fired, const Calendar& calendar) {
  std::optional<NextRung> next;
  for (const Rung& rung : kind.rungs) {
    if (std::find(fired.begin(), fired.end(), rung.name) != fired.end()) continue;
    const std::optional<Time> at = FiresAt(clock, rung, calendar);
    if (at && (!next || *at < next->at)) next = NextRung{rung.name, *at};
  }
  return next;
}

}  // namespace zonelink::clocks
