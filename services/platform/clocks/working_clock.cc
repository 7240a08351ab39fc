// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/working_clock.h"

#include <algorithm>

#include "platform/core/check.h"

namespace zonelink {
namespace {

using std::chrono::days;
using std::chrono::microseconds;

// All arithmetic is on the ends of days: what matters of an instant is which days end before it.
Date LastDayEndedBy(Time at) { return ShanghaiDate(at) - days{1}; }
Date LastDayEndedBefore(Time at) { return ShanghaiDate(at - microseconds{1}) - days{1}; }

int64_t Days(const Calendar& calendar, Date after, Date until) {
  return until <= after ? 0 : calendar.Count(after, until);
}

}  // namespace

bool Running(const WorkingClock& clock) {
  return clock.suspensions.empty() || clock.suspensions.back().until.has_value();
}

int Used(const WorkingClock& clock, const Calendar& calendar, Time now) {
  const Date started_on = ShanghaiDate(clock.started_at);
  const Date until = LastDayEndedBy(now);
  int64_t used = Days(calendar, started_on, until);
  for (const auto& suspension : clock.suspensions) {
    const Date after = std::max(started_on, LastDayEndedBefore(suspension.from));
    const Date resumed = suspension.until ? LastDayEndedBefore(*suspension.until) : until;
    used -= Days(calendar, after, std::min(resumed, until));
  }
  return static_cast<int>(used);
}

Date DueOn(const WorkingClock& clock, const Calendar& calendar, Time now) {
  ZL_CHECK(clock.budget >= 1, "a clock needs a budget");
  Date after = ShanghaiDate(clock.started_at);
  int left = clock.budget;
  for (const auto& suspension : clock.suspensions) {
    const int64_t ran = Days(calendar, after, LastDayEndedBefore(suspension.from));
    if (ran >= left) break;
    left -= static_cast<int>(ran);
    const Time resumed = suspension.until.value_or(std::max(now, suspension.from));
    after = std::max(after, LastDayEndedBefore(resumed));
  }
  return calendar.Nth(after, left);
}

WorkingClock Suspend(WorkingClock clock, Time now) {
  ZL_CHECK(Running(clock), "a clock that stands cannot be suspended");
  ZL_CHECK(now >= clock.started_at, "a clock cannot be suspended before its start");
  ZL_CHECK(clock.suspensions.empty() || now >= *clock.suspensions.back().until,
           "a clock cannot be suspended before it resumed");
  clock.suspensions.push_back({now, std::nullopt});
  return clock;
}

WorkingClock Resume(WorkingClock clock, Time now) {
  ZL_CHECK(!Running(clock), "a clock that runs cannot be resumed");
  ZL_CHECK(now >= clock.suspensions.back().from, "a clock cannot resume before it was suspended");
  clock.suspensions.back().until = now;
  return clock;
}

}  // namespace zonelink
