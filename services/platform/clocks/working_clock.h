// SPDX-License-Identifier: Apache-2.0
// An authority's clock: a budget of units and a ledger of suspensions. Pure.
//
// A working day is used up if the clock runs at its end, 24:00 Asia/Shanghai; the first day is the
// day after the start. A suspension from exactly 24:00 keeps that day from being used; a resumption
// at exactly 24:00 lets it be used.
//
// Hours and minutes are counted from the start itself (民法典 §201): an hour is used up when the
// clock has run for sixty minutes between 09:00 and 17:00 of working days.
//
// Elapsed time is never lost or counted twice. Times lie within the calendar: its header says what
// else must be refused before.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/calendar/calendar.h"
#include "platform/core/time.h"

namespace zonelink {

// What a budget counts.
enum class Unit {
  kWorkingDay,
  kWorkingHour,     // 09:00-17:00 of working days, Asia/Shanghai
  kCalendarMinute,  // every minute, day and night
};
// WORKING_DAY, WORKING_HOUR, CALENDAR_MINUTE: as stored and shown.
std::string_view Name(Unit unit);
Unit UnitNamed(std::string_view name);

// Why a clock stands; nothing of it moves the clock.
struct Cause {
  std::string ground;     // the service's own word: SUPPLEMENT, HEARING
  std::string reason;     // in writing
  int estimate_days = 0;  // as told to the applicant; 0: none was given
  std::string opened_by;  // user id
};

// The clock stands in [from, until); open while `until` is empty.
struct Suspension {
  Time from;
  std::optional<Time> until;
  Cause cause{};
};

struct WorkingClock {
  int budget = 0;  // in units, ≥ 1
  Unit unit = Unit::kWorkingDay;
  Time started_at{};
  std::vector<Suspension> suspensions{};  // in order, disjoint; only the last may be open
  std::optional<Time> stopped_at{};       // for good
};

// Neither suspended nor stopped.
bool Running(const WorkingClock& clock);

// Units used up at `now`, the day that ends at `now` included; may exceed the budget when late.
int Used(const WorkingClock& clock, const Calendar& calendar, Time now);

// Budget less what is used; negative when late.
int Remaining(const WorkingClock& clock, const Calendar& calendar, Time now);

// The day on which the budget is used up; while suspended, as if the clock resumed at `now`; when
// stopped, as it was then. The calendar must hold the budget still left then, see
// Calendar::DaysLeft.
Date DueOn(const WorkingClock& clock, const Calendar& calendar, Time now);

// The instant at which so many units (≥ 1) are used up if the clock runs on. Nothing while it
// stands, when it has stopped, and where the calendar ends before.
std::optional<Time> UsedUpAt(const WorkingClock& clock, int units, const Calendar& calendar);

// Opens a suspension at `now`. The clock must run, and `now` may not lie before its last event.
WorkingClock Suspend(WorkingClock clock, Time now, Cause cause = {});

// Closes the open suspension at `now`. The clock must stand, and `now` may not lie before the
// suspension.
WorkingClock Resume(WorkingClock clock, Time now);

// Adds to the budget, also while the clock stands. It may not have stopped; units ≥ 1.
WorkingClock Extend(WorkingClock clock, int units);

// Stops the clock for good at `now`, not before its last event; an open suspension ends with it,
// and at 24:00 the day that ends then is not used by it. A clock that has stopped stays as it is.
WorkingClock Stop(WorkingClock clock, Time now);

}  // namespace zonelink
