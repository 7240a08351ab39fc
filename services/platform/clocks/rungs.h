// SPDX-License-Identifier: Apache-2.0
// The rungs of a clock: what is to happen when part of its budget is used up. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clocks/working_clock.h"

namespace zonelink::clocks {

// Fires at the end of unit ⌈percent · budget / 100⌉, or of unit `after` where that is not 0.
struct Rung {
  std::string_view name;
  int percent = 0;  // may exceed 100
  int after = 0;    // units from the start
};

// A kind of clock as its service declares it; lives as long as the program.
struct Kind {
  std::string_view name;
  Unit unit = Unit::kWorkingDay;
  std::span<const Rung> rungs;
};

// When the rung's instant comes if the clock runs on; it may lie in the past. Nothing while the
// clock stands or when it has stopped: a rung that was reached before the clock was suspended and
// has not fired does so once it runs again, for the instant at which it was reached.
std::optional<Time> FiresAt(const WorkingClock& clock, const Rung& rung, const Calendar& calendar);

struct NextRung {
  std::string_view name;  // the kind's
  Time at;
};

// The earliest rung that has not fired; of several at the same instant the one declared first.
std::optional<NextRung> Next(const WorkingClock& clock, const Kind& kind,
                             const std::vector<std::string>& fired, const Calendar& calendar);

}  // namespace zonelink::clocks
