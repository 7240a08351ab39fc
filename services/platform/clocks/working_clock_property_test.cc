// SPDX-License-Identifier: Apache-2.0
// Random clocks against a model that walks day by day and asks of each whether the clock ran at its
// end. Gaps between events favour the instants around midnight.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "platform/calendar/testing_day_walk.h"
#include "platform/clocks/working_clock.h"

namespace zonelink {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::microseconds;

// The model's own reading of Shanghai's days.
constexpr std::chrono::hours kEastOfUtc{8};
Date ModelDay(Time at) { return floor<days>(at + kEastOfUtc); }
Time ModelEnd(Date day) { return Time{day + days{1}} - kEastOfUtc; }

bool Works(Date day) {
  static const DayWalk walk;
  return walk.Works(day);
}

bool RunsAt(const WorkingClock& clock, Time at) {
  for (const auto& suspension : clock.suspensions) {
    if (suspension.from <= at && (!suspension.until || at < *suspension.until)) return false;
  }
  return true;
}

bool Uses(const WorkingClock& clock, Date day) {
  return Works(day) && RunsAt(clock, ModelEnd(day));
}

int ModelUsed(const WorkingClock& clock, Time now) {
  int used = 0;
  for (Date day = ModelDay(clock.started_at) + days{1}; ModelEnd(day) <= now; day += days{1}) {
    used += Uses(clock, day) ? 1 : 0;
  }
  return used;
}

Date ModelDue(WorkingClock clock, Time now) {
  if (!Running(clock)) clock.suspensions.back().until = now;
  int left = clock.budget;
  for (Date day = ModelDay(clock.started_at) + days{1};; day += days{1}) {
    left -= Uses(clock, day) ? 1 : 0;
    if (left == 0) return day;
  }
}

// Uniform in [from, to): rapidcheck's own ranges stay near `from` in the first runs.
template <class Integer>
Integer Pick(Integer from, Integer to) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to));
}

// An instant not before `at`.
Time Later(Time at) {
  const auto micros = [](int64_t count) { return microseconds{count}; };
  const Time midnight = ModelEnd(ModelDay(at));
  switch (Pick(0, 8)) {
    case 0: return at;
    case 1: return at + micros(1);
    case 2: return midnight - micros(1);
    case 3: return midnight;
    case 4: return midnight + micros(1);
    case 5: return midnight + days{Pick(0, 12)};
    case 6: return at + micros(Pick(int64_t{0}, int64_t{86'400'000'000}));
    default: return at + micros(Pick(int64_t{0}, int64_t{20} * 86'400'000'000));
  }
}

struct Case {
  WorkingClock clock;
  Time now;
};

Case AnyCase() {
  const Date first = std::chrono::sys_days{std::chrono::year{2007} / 1 / 2};
  const Time some_day = Time{first + days{Pick(0, 20 * 365)}} - kEastOfUtc;
  Case any;
  any.clock.budget = Pick(1, 61);
  any.clock.started_at = Later(some_day);
  any.now = Later(any.clock.started_at);
  const int events = Pick(0, 9);
  for (int i = 0; i < events; ++i) {
    any.clock = Running(any.clock) ? Suspend(std::move(any.clock), any.now)
                                   : Resume(std::move(any.clock), any.now);
    any.now = Later(any.now);
  }
  return any;
}

constexpr int kCasesAtOnce = 10;

RC_GTEST_PROP(WorkingClockProperty, UsedAndDueAreTheModels, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const auto [clock, now] = AnyCase();
    RC_ASSERT(Used(clock, NationalCalendar(), now) == ModelUsed(clock, now));
    RC_ASSERT(DueOn(clock, NationalCalendar(), now) == ModelDue(clock, now));
    const Time back_then = Later(clock.started_at);
    RC_ASSERT(Used(clock, NationalCalendar(), back_then) == ModelUsed(clock, back_then));
    RC_ASSERT(DueOn(clock, NationalCalendar(), back_then) == ModelDue(clock, back_then));
  }
}

RC_GTEST_PROP(WorkingClockProperty, UsedAndRemainingAreTheBudget, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    auto [clock, now] = AnyCase();
    if (!Running(clock)) clock = Resume(std::move(clock), now);
    const int used = Used(clock, NationalCalendar(), now);
    const Date due = DueOn(clock, NationalCalendar(), now);
    int remaining = 0;
    for (Date day = ModelDay(now); day <= due; day += days{1}) {
      const bool after_the_start = day > ModelDay(clock.started_at);
      remaining += after_the_start && Works(day) ? 1 : 0;
    }
    RC_ASSERT(remaining == std::max(0, clock.budget - used));
    RC_ASSERT((ModelEnd(due) <= now) == (used >= clock.budget));
  }
}

RC_GTEST_PROP(WorkingClockProperty, NothingIsLostWhenASuspensionIsCutInTwo, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const auto [clock, now] = AnyCase();
    if (clock.suspensions.empty() || !clock.suspensions.back().until) continue;
    const auto last = clock.suspensions.back();
    const Time cut = std::min(Later(last.from), *last.until);
    WorkingClock halves = clock;
    halves.suspensions.back().until = cut;
    halves.suspensions.push_back({cut, last.until});
    RC_ASSERT(Used(halves, NationalCalendar(), now) == Used(clock, NationalCalendar(), now));
    RC_ASSERT(DueOn(halves, NationalCalendar(), now) == DueOn(clock, NationalCalendar(), now));
  }
}

RC_GTEST_PROP(WorkingClockProperty, TimeOnlyAddsUsedDays, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const auto [clock, now] = AnyCase();
    const Time later = Later(now);
    const int used = Used(clock, NationalCalendar(), now);
    const int used_later = Used(clock, NationalCalendar(), later);
    RC_ASSERT(used <= used_later);
    if (!Running(clock)) RC_ASSERT(used == used_later);
    RC_ASSERT(DueOn(clock, NationalCalendar(), now) <= DueOn(clock, NationalCalendar(), later));
  }
}

}  // namespace
}  // namespace zonelink
