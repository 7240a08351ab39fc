// SPDX-License-Identifier: Apache-2.0
// Random histories of clocks in every unit, under random calendars, against a model that walks from
// piece to piece of each day and asks whether the clock ran there.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "platform/clocks/rungs.h"

namespace zonelink::clocks {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;

// The model's own reading of Shanghai's days.
constexpr hours kEastOfUtc{8};
Date DayOf(Time at) { return floor<days>(at + kEastOfUtc); }
Time Begin(Date day) { return Time{day} - kEastOfUtc; }

constexpr Date kFirstDay = std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};

template <class Integer>
Integer Pick(Integer from, Integer to) {  // uniform in [from, to)
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to));
}

// Days that differ from the week's rule.
using Differing = std::set<Date>;

bool Weekend(Date day) { return std::chrono::weekday{day}.iso_encoding() >= 6; }
bool Works(const Differing& differing, Date day) {
  return day != kFirstDay && Weekend(day) == (differing.count(day) > 0);
}

Differing AnyDays() {
  Differing differing;
  for (int count = Pick(0, 60); count > 0; --count) {
    differing.insert(kFirstDay + days{Pick(1, 900)});
  }
  return differing;
}

Calendar CalendarOf(const Differing& differing) {
  std::vector<CalendarException> exceptions = {{kFirstDay, DayKind::kRest, "元旦"}};
  for (const Date day : differing) {
    exceptions.push_back({day, Weekend(day) ? DayKind::kWork : DayKind::kRest, "x"});
  }
  return Calendar(std::move(exceptions), 2025, 2025);
}

bool RunsAt(const WorkingClock& clock, Time at) {
  if (at < clock.started_at || (clock.stopped_at && at > *clock.stopped_at)) return false;
  return std::none_of(clock.suspensions.begin(), clock.suspensions.end(), [&](const auto& one) {
    const bool stood_to_the_end = one.until == clock.stopped_at;
    return one.from <= at && (stood_to_the_end || at < *one.until);
  });
}

// The ends of the pieces of one day in each of which the clock either ran or stood.
std::vector<Time> Pieces(const WorkingClock& clock, Time from, Time to) {
  std::vector<Time> cuts = {from, to, clock.started_at};
  if (clock.stopped_at) cuts.push_back(*clock.stopped_at);
  for (const auto& one : clock.suspensions) {
    cuts.push_back(one.from);
    if (one.until) cuts.push_back(*one.until);
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<Time> pieces;
  for (const Time cut : cuts) {
    if (cut >= from && cut <= to && (pieces.empty() || cut > pieces.back())) pieces.push_back(cut);
  }
  return pieces;
}

microseconds Length(Unit unit) {
  return unit == Unit::kWorkingHour ? microseconds{hours{1}} : microseconds{minutes{1}};
}

// Walks from the start until `enough` units are used or `until` is past; tells how many were, and
// when the last of them was.
struct Walked {
  int used = 0;
  Time at;
};
Walked Walk(const WorkingClock& clock, const Differing& differing, int enough, Time until) {
  Walked walked;
  microseconds part{0};
  for (Date day = DayOf(clock.started_at); walked.used < enough && Begin(day) <= until;
       day += days{1}) {
    const Time end = Begin(day + days{1});
    if (clock.unit == Unit::kWorkingDay) {
      const bool used = day > DayOf(clock.started_at) && Works(differing, day) &&
                        RunsAt(clock, end) && end <= until;
      if (used) walked = {walked.used + 1, end};
      continue;
    }
    const bool by_hours = clock.unit == Unit::kWorkingHour;
    if (by_hours && !Works(differing, day)) continue;
    const auto pieces = by_hours ? Pieces(clock, Begin(day) + hours{9}, Begin(day) + hours{17})
                                 : Pieces(clock, Begin(day), end);
    for (size_t i = 0; i + 1 < pieces.size() && pieces[i] < until; ++i) {
      if (!RunsAt(clock, pieces[i])) continue;
      if (clock.stopped_at && pieces[i] >= *clock.stopped_at) continue;
      const Time to = std::min(pieces[i + 1], until);
      Time at = pieces[i];
      while (walked.used < enough && at + (Length(clock.unit) - part) <= to) {
        at += Length(clock.unit) - part;
        part = {};
        walked = {walked.used + 1, at};
      }
      part += walked.used < enough ? to - at : microseconds{0};
    }
  }
  return walked;
}

constexpr Time kFarAway = Time{kFirstDay} + days{3000};

std::optional<Time> ModelReached(const WorkingClock& clock, const Differing& differing, int units) {
  if (clock.stopped_at || !RunsAt(clock, kFarAway)) return std::nullopt;
  const Walked walked = Walk(clock, differing, units, kFarAway);
  RC_ASSERT(walked.used == units);
  return walked.at;
}

// An instant not before `at`, often on an edge.
Time Later(Time at) {
  const Time midnight = Begin(DayOf(at) + days{1});
  const auto micros = [](int64_t count) { return microseconds{count}; };
  switch (Pick(0, 10)) {
    case 0: return at;
    case 1: return at + micros(1);
    case 2: return midnight - micros(1);
    case 3: return midnight;
    case 4: return midnight + micros(1);
    case 5: return midnight + hours{9};
    case 6: return midnight + hours{17} + micros(Pick(-1, 2));
    case 7: return at + minutes{Pick(0, 600)};
    case 8: return at + micros(Pick(int64_t{0}, int64_t{86'400'000'000}));
    default: return at + micros(Pick(int64_t{0}, int64_t{9} * 86'400'000'000));
  }
}

struct History {
  WorkingClock clock;
  Time now;
};

int AnyBudget(Unit unit) {
  return unit == Unit::kWorkingDay ? Pick(1, 40) : Pick(1, unit == Unit::kWorkingHour ? 90 : 3000);
}

History AnyHistory() {
  History any;
  any.clock.unit = std::array{Unit::kWorkingDay, Unit::kWorkingHour,
                              Unit::kCalendarMinute}[static_cast<size_t>(Pick(0, 3))];
  any.clock.budget = AnyBudget(any.clock.unit);
  any.clock.started_at = Later(Begin(kFirstDay + days{Pick(1, 300)}));
  any.now = Later(any.clock.started_at);
  for (int events = Pick(0, 10); events > 0; --events) {
    WorkingClock& clock = any.clock;
    if (Pick(0, 4) == 0 && !clock.stopped_at) {
      const int days = AnyBudget(clock.unit);
      clock = Extend(std::move(clock), days);
    } else if (Pick(0, 20) == 0) {
      clock = Stop(std::move(clock), any.now);
    } else if (!clock.stopped_at) {
      clock = Running(clock) ? Suspend(std::move(clock), any.now, {"HEARING", "heard"})
                             : Resume(std::move(clock), any.now);
    }
    any.now = Later(any.now);
  }
  return any;
}

constexpr int kCasesAtOnce = 3;

RC_GTEST_PROP(RungsProperty, UsedAndRemainingAreTheModelsUnderEachCalendar, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const auto [clock, now] = AnyHistory();
    for (const Differing& differing : {AnyDays(), AnyDays()}) {
      const Calendar calendar = CalendarOf(differing);
      for (const Time at : {now, Later(clock.started_at)}) {
        const Time until = std::min(at, clock.stopped_at.value_or(at));
        const int used = Walk(clock, differing, 1'000'000'000, until).used;
        RC_ASSERT(Used(clock, calendar, at) == used);
        RC_ASSERT(used + Remaining(clock, calendar, at) == clock.budget);
      }
    }
  }
}

RC_GTEST_PROP(RungsProperty, DueDatesAreTheModelsUnderEachCalendar, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const auto [clock, now] = AnyHistory();
    for (const Differing& differing : {AnyDays(), AnyDays()}) {
      const Calendar calendar = CalendarOf(differing);
      RC_ASSERT(UsedUpAt(clock, clock.budget, calendar) ==
                ModelReached(clock, differing, clock.budget));
      WorkingClock goes_on = clock;
      const Time at = std::min(now, clock.stopped_at.value_or(now));
      goes_on.stopped_at.reset();
      if (!Running(goes_on)) goes_on = Resume(std::move(goes_on), at);
      const auto due = ModelReached(goes_on, differing, clock.budget);
      RC_ASSERT(DueOn(clock, calendar, now) == DayOf(*due - microseconds{1}));
    }
  }
}

RC_GTEST_PROP(RungsProperty, EveryRungFiresWhenTheModelHasReachedIt, ()) {
  constexpr std::array kRungs = {
      Rung{.name = "half", .percent = 50},     Rung{.name = "soon", .percent = 80},
      Rung{.name = "due", .percent = 100},     Rung{.name = "due too", .percent = 100},
      Rung{.name = "overdue", .percent = 120}, Rung{.name = "third unit", .after = 3}};
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const auto [clock, now] = AnyHistory();
    const Differing differing = AnyDays();
    const Calendar calendar = CalendarOf(differing);
    const Kind kind{"any", clock.unit, kRungs};
    std::vector<std::string> fired;
    std::optional<std::pair<Time, const Rung*>> first;
    for (const Rung& rung : kRungs) {
      // ⌈percent · budget / 100⌉ by counting up.
      int units = rung.after;
      if (units == 0) {
        while (units * 100 < rung.percent * clock.budget) ++units;
      }
      const auto at = FiresAt(clock, rung, calendar);
      RC_ASSERT(at == ModelReached(clock, differing, units));
      if (Pick(0, 3) == 0) {
        fired.emplace_back(rung.name);
      } else if (at && (!first || *at < first->first)) {
        first = {*at, &rung};
      }
    }
    const auto next = Next(clock, kind, fired, calendar);
    RC_ASSERT(next.has_value() == first.has_value());
    if (next) RC_ASSERT(next->name == first->second->name);
    if (next) RC_ASSERT(next->at == first->first);
  }
}

}  // namespace
}  // namespace zonelink::clocks
