// SPDX-License-Identifier: Apache-2.0
// An authority's clock: a budget of working days and a ledger of suspensions. Pure.
//
// A working day is used up if the clock runs at its end, 24:00 Asia/Shanghai; the first day is the
// day after the start. Elapsed working time is never lost or counted twice.
//
// A suspension from exactly 24:00 keeps that day from being used; a resumption at exactly 24:00
// lets it be used. Times lie within the calendar: its header says what else must be refused before.
#pragma once

#include <optional>
#include <vector>

#include "platform/calendar/calendar.h"
#include "platform/core/time.h"

namespace zonelink {

// The clock stands in [from, until); open while `until` is empty.
struct Suspension {
  Time from;
  std::optional<Time> until;
};

// What a budget counts.
enum class Unit {
  kWorkingDay,
  kWorkingHour,     // 09:00-17:00 of working days, Asia/Shanghai
  kCalendarMinute,  // every minute, day and night
};

struct WorkingClock {
  int budget = 0;  // in units, ≥ 1
  Unit unit = Unit::kWorkingDay;
  Time started_at;
  std::vector<Suspension> suspensions;  // in order, disjoint; only the last may be open
};

bool Running(const WorkingClock& clock);

// Working days used up at `now`, the day that ends at `now` included; may exceed the budget when
// late.
int Used(const WorkingClock& clock, const Calendar& calendar, Time now);

// The day whose end uses up the budget; while suspended, as if the clock resumed at `now`. The
// calendar must hold the budget still left then, see Calendar::DaysLeft.
Date DueOn(const WorkingClock& clock, const Calendar& calendar, Time now);

// Opens a suspension at `now`. The clock must run, and `now` may not lie before its last event.
WorkingClock Suspend(WorkingClock clock, Time now);

// Closes the open suspension at `now`. The clock must stand, and `now` may not lie before the
// suspension.
WorkingClock Resume(WorkingClock clock, Time now);

}  // namespace zonelink
