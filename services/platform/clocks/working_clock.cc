// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/working_clock.h"

#include <algorithm>

#include "platform/core/check.h"

namespace zonelink {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;

constexpr hours kOpens{9};
constexpr microseconds kWorkOfDay = hours{8};

// Time as one number that only grows while work is done: working days that have ended since the
// calendar began, or microseconds. The calendar's first day is a New Year's Day: never worked.
class Tape {
 public:
  Tape(Unit unit, const Calendar& calendar) : unit_(unit), calendar_(calendar) {}

  // What one unit measures on the tape.
  int64_t unit() const {
    switch (unit_) {
      case Unit::kWorkingDay: return 1;
      case Unit::kWorkingHour: return microseconds(hours{1}).count();
      case Unit::kCalendarMinute: return microseconds(minutes{1}).count();
    }
    return 1;
  }

  // Where a clock that starts at `at` begins.
  int64_t Start(Time at) const {
    if (unit_ != Unit::kWorkingDay) return Before(at);
    return calendar_.Count(calendar_.first_day(), ShanghaiDate(at));
  }

  // A day that ends at `at` is not before it, but until it.
  int64_t Before(Time at) const {
    switch (unit_) {
      case Unit::kWorkingDay: return Days(ShanghaiDate(at - microseconds{1}) - days{1});
      case Unit::kWorkingHour: return Work(at);
      case Unit::kCalendarMinute: return at.time_since_epoch().count();
    }
    return 0;
  }
  int64_t Until(Time at) const {
    return unit_ == Unit::kWorkingDay ? Days(ShanghaiDate(at) - days{1}) : Before(at);
  }

  // The first instant until which so much is done.
  Time Reach(int64_t mark) const {
    switch (unit_) {
      case Unit::kWorkingDay: return EndOfDay(Nth(mark));
      case Unit::kWorkingHour: {
        const int64_t day = (mark + kWorkOfDay.count() - 1) / kWorkOfDay.count();
        const Time morning = EndOfDay(Nth(day)) - days{1} + kOpens;
        return morning + microseconds{mark - (day - 1) * kWorkOfDay.count()};
      }
      case Unit::kCalendarMinute: return Time{microseconds{mark}};
    }
    return {};
  }
  bool Reaches(int64_t mark) const {
    const int64_t last = calendar_.DaysLeft(calendar_.first_day());
    switch (unit_) {
      case Unit::kWorkingDay: return mark <= last;
      case Unit::kWorkingHour: return mark <= last * kWorkOfDay.count();
      case Unit::kCalendarMinute: return true;
    }
    return false;
  }

 private:
  int64_t Days(Date until) const {
    if (until + days{1} == calendar_.first_day()) return 0;
    return calendar_.Count(calendar_.first_day(), until);
  }
  Date Nth(int64_t n) const { return calendar_.Nth(calendar_.first_day(), static_cast<int>(n)); }
  int64_t Work(Time at) const {
    const Date day = ShanghaiDate(at);
    const int64_t done = Days(day - days{1}) * kWorkOfDay.count();
    if (day == calendar_.first_day() || !calendar_.IsWorkingDay(day)) return done;
    const microseconds today = at - (EndOfDay(day) - days{1} + kOpens);
    return done + std::clamp(today, microseconds{0}, kWorkOfDay).count();
  }

  const Unit unit_;
  const Calendar& calendar_;
};

// The mark at which so many units are used up; `resumed` ends an open suspension.
int64_t MarkOf(const WorkingClock& clock, int units, const Tape& tape, Time resumed) {
  ZL_CHECK(units >= 1, "a clock needs a budget");
  int64_t at = tape.Start(clock.started_at);
  int64_t left = units * tape.unit();
  for (const Suspension& suspension : clock.suspensions) {
    const int64_t ran = std::max<int64_t>(0, tape.Before(suspension.from) - at);
    if (ran >= left) break;
    left -= ran;
    at = std::max(at, tape.Before(suspension.until.value_or(std::max(resumed, suspension.from))));
  }
  return at + left;
}

// Of the clock's own history.
Time LastEvent(const WorkingClock& clock) {
  if (clock.suspensions.empty()) return clock.started_at;
  const Suspension& last = clock.suspensions.back();
  return last.until.value_or(last.from);
}

}  // namespace

std::string_view Name(Unit unit) {
  switch (unit) {
    case Unit::kWorkingDay: return "WORKING_DAY";
    case Unit::kWorkingHour: return "WORKING_HOUR";
    case Unit::kCalendarMinute: return "CALENDAR_MINUTE";
  }
  return "";
}

Unit UnitNamed(std::string_view name) {
  for (const Unit unit : {Unit::kWorkingDay, Unit::kWorkingHour, Unit::kCalendarMinute}) {
    if (Name(unit) == name) return unit;
  }
  ZL_CHECK(false, "a stored unit");
}

bool Running(const WorkingClock& clock) {
  if (clock.stopped_at) return false;
  return clock.suspensions.empty() || clock.suspensions.back().until.has_value();
}

int Used(const WorkingClock& clock, const Calendar& calendar, Time now) {
  const Tape tape(clock.unit, calendar);
  const int64_t until = tape.Until(std::min(now, clock.stopped_at.value_or(now)));
  int64_t from = tape.Start(clock.started_at);
  int64_t used = 0;
  for (const Suspension& suspension : clock.suspensions) {
    used += std::max<int64_t>(0, std::min(tape.Before(suspension.from), until) - from);
    // A clock that stood until it stopped did not run at that instant, though it be a day's end.
    const bool resumed = suspension.until && suspension.until != clock.stopped_at;
    from = std::max(from, resumed ? tape.Before(*suspension.until) : until);
  }
  used += std::max<int64_t>(0, until - from);
  return static_cast<int>(used / tape.unit());
}

int Remaining(const WorkingClock& clock, const Calendar& calendar, Time now) {
  return clock.budget - Used(clock, calendar, now);
}

Date DueOn(const WorkingClock& clock, const Calendar& calendar, Time now) {
  const Tape tape(clock.unit, calendar);
  const Time at = std::min(now, clock.stopped_at.value_or(now));
  const Time due = tape.Reach(MarkOf(clock, clock.budget, tape, at));
  return ShanghaiDate(due - microseconds{1});  // 24:00 belongs to the day it ends
}

std::optional<Time> UsedUpAt(const WorkingClock& clock, int units, const Calendar& calendar) {
  if (!Running(clock)) return std::nullopt;
  const Tape tape(clock.unit, calendar);
  const int64_t mark = MarkOf(clock, units, tape, clock.started_at);
  if (!tape.Reaches(mark)) return std::nullopt;
  return tape.Reach(mark);
}

WorkingClock Suspend(WorkingClock clock, Time now, Cause cause) {
  ZL_CHECK(Running(clock), "a clock that stands cannot be suspended");
  ZL_CHECK(now >= clock.started_at, "a clock cannot be suspended before its start");
  ZL_CHECK(now >= LastEvent(clock), "a clock cannot be suspended before it resumed");
  clock.suspensions.push_back({now, std::nullopt, std::move(cause)});
  return clock;
}

WorkingClock Resume(WorkingClock clock, Time now) {
  ZL_CHECK(!clock.stopped_at, "a clock that has stopped cannot be resumed");
  ZL_CHECK(!Running(clock), "a clock that runs cannot be resumed");
  ZL_CHECK(now >= LastEvent(clock), "a clock cannot resume before it was suspended");
  clock.suspensions.back().until = now;
  return clock;
}

WorkingClock Extend(WorkingClock clock, int units) {
  ZL_CHECK(!clock.stopped_at, "a clock that has stopped cannot be extended");
  ZL_CHECK(units >= 1, "an extension adds to the budget");
  clock.budget += units;
  return clock;
}

WorkingClock Stop(WorkingClock clock, Time now) {
  if (clock.stopped_at) return clock;
  ZL_CHECK(now >= LastEvent(clock), "a clock cannot stop before its last event");
  if (!Running(clock)) clock.suspensions.back().until = now;
  clock.stopped_at = now;
  return clock;
}

}  // namespace zonelink
