// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/working_clock.h"

#include <gtest/gtest.h>

#include <array>

#include "platform/calendar/testing_day_walk.h"
#include "platform/clocks/rungs.h"

namespace zonelink {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::year;

// A time in Shanghai, "2026-03-02T16:00:00".
Time At(const std::string& local) { return *ParseTime(local + "+08:00"); }
Date Day(std::string_view text) { return *ParseDate(text); }

WorkingClock Clock(int budget, const std::string& start) {
  return {.budget = budget, .started_at = At(start)};
}

int Used(const WorkingClock& clock, const std::string& now) {
  return Used(clock, NationalCalendar(), At(now));
}
std::string Due(const WorkingClock& clock, const std::string& now) {
  return FormatDate(DueOn(clock, NationalCalendar(), At(now)));
}

TEST(WorkingClock, EveryDueDateOf2007To2026IsWhereAWalkLeads) {
  const DayWalk walk;
  const Calendar& calendar = NationalCalendar();
  for (Date start = year{2007} / 1 / 1; start <= Date{year{2026} / 12 / 31}; start += days{1}) {
    const Time noon = EndOfDay(start) - std::chrono::hours{12};
    WorkingClock clock{.budget = 1, .started_at = noon};
    for (Date day = start + days{1}; clock.budget <= 60; day += days{1}) {
      if (!walk.Works(day)) continue;
      ASSERT_EQ(DueOn(clock, calendar, noon), day) << FormatDate(start) << clock.budget;
      ++clock.budget;
    }
  }
}

// 2026-03-02 is a Monday without holidays near.
TEST(WorkingClock, TheFirstDayIsTheDayAfterTheStart) {
  for (const char* start : {"2026-03-02T00:00:00", "2026-03-02T09:00:00", "2026-03-02T23:59:59"}) {
    const auto clock = Clock(5, start);
    EXPECT_EQ(Used(clock, "2026-03-03T00:00:00"), 0) << start;
    EXPECT_EQ(Used(clock, "2026-03-03T23:59:59.999999"), 0) << start;
    EXPECT_EQ(Used(clock, "2026-03-04T00:00:00"), 1) << start;
    EXPECT_EQ(Due(clock, start), "2026-03-09") << start;
  }
}

TEST(WorkingClock, AStartAt24OClockBelongsToTheNextDay) {
  const auto clock = Clock(1, "2026-03-03T00:00:00");  // 24:00 of 2 March
  EXPECT_EQ(Due(clock, "2026-03-03T00:00:00"), "2026-03-04");
  EXPECT_EQ(Used(clock, "2026-03-04T00:00:00"), 0);
  EXPECT_EQ(Used(clock, "2026-03-05T00:00:00"), 1);
}

TEST(WorkingClock, UsedGoesOnPastTheBudget) {
  const auto clock = Clock(2, "2026-03-02T09:00:00");
  EXPECT_EQ(Used(clock, "2026-03-07T00:00:00"), 4);
  EXPECT_EQ(Due(clock, "2026-03-07T00:00:00"), "2026-03-04");
}

TEST(WorkingClock, BeforeItsStartNothingIsUsed) {
  const auto clock = Clock(2, "2026-03-02T09:00:00");
  EXPECT_EQ(Used(clock, "2026-02-02T09:00:00"), 0);
  EXPECT_EQ(Used(clock, "2026-03-02T08:59:59"), 0);
}

TEST(WorkingClock, ADayIsUsedIfTheClockRunsAtItsEnd) {
  auto clock = Suspend(Clock(5, "2026-03-02T09:00:00"), At("2026-03-04T10:00:00"));
  EXPECT_FALSE(Running(clock));
  EXPECT_EQ(Used(clock, "2026-03-06T10:00:00"), 1) << "Wednesday and Thursday ended suspended";
  clock = Resume(std::move(clock), At("2026-03-06T10:00:00"));
  EXPECT_TRUE(Running(clock));
  EXPECT_EQ(Used(clock, "2026-03-07T00:00:00"), 2) << "Friday ended running";
  EXPECT_EQ(Due(clock, "2026-03-06T10:00:00"), "2026-03-11");
}

TEST(WorkingClock, ASuspensionWithinOneDayCostsNothing) {
  auto clock = Clock(5, "2026-03-02T09:00:00");
  for (const char* hour : {"09", "12", "15"}) {
    clock = Suspend(std::move(clock), At(std::string("2026-03-04T") + hour + ":00:00"));
    clock = Resume(std::move(clock), At(std::string("2026-03-04T") + hour + ":30:00"));
  }
  EXPECT_EQ(Used(clock, "2026-03-05T00:00:00"), 2);
  EXPECT_EQ(Due(clock, "2026-03-05T00:00:00"), "2026-03-09");
}

TEST(WorkingClock, TheLastOfSeveralSuspensionsInADayDecides) {
  auto clock = Suspend(Clock(5, "2026-03-02T09:00:00"), At("2026-03-04T09:00:00"));
  clock = Resume(std::move(clock), At("2026-03-04T12:00:00"));
  clock = Suspend(std::move(clock), At("2026-03-04T15:00:00"));
  clock = Resume(std::move(clock), At("2026-03-05T09:00:00"));
  EXPECT_EQ(Used(clock, "2026-03-06T00:00:00"), 2) << "Tuesday and Thursday";
  EXPECT_EQ(Due(clock, "2026-03-06T00:00:00"), "2026-03-10");
}

TEST(WorkingClock, At24OClockTheSuspensionHoldsAndTheResumptionFrees) {
  auto clock = Suspend(Clock(5, "2026-03-02T09:00:00"), At("2026-03-05T00:00:00"));
  EXPECT_EQ(Used(clock, "2026-03-05T00:00:00"), 1) << "Wednesday ended as the clock stopped";
  clock = Resume(std::move(clock), At("2026-03-06T00:00:00"));
  EXPECT_EQ(Used(clock, "2026-03-06T00:00:00"), 2) << "Thursday ended as the clock went on";
  EXPECT_EQ(Due(clock, "2026-03-06T00:00:00"), "2026-03-10");
}

TEST(WorkingClock, AnEmptySuspensionChangesNothing) {
  const auto clock = Clock(5, "2026-03-02T09:00:00");
  for (const char* at : {"2026-03-02T09:00:00", "2026-03-04T10:00:00", "2026-03-05T00:00:00"}) {
    const auto touched = Resume(Suspend(clock, At(at)), At(at));
    EXPECT_EQ(Due(touched, at), "2026-03-09") << at;
    EXPECT_EQ(Used(touched, "2026-03-06T00:00:00"), 3) << at;
  }
}

TEST(WorkingClock, SuspendedOnTheDayOfItsStart) {
  auto clock = Suspend(Clock(1, "2026-03-02T09:00:00"), At("2026-03-02T09:00:00"));
  EXPECT_EQ(Due(clock, "2026-03-02T09:00:00"), "2026-03-03");
  EXPECT_EQ(Due(clock, "2026-03-04T09:00:00"), "2026-03-04") << "as if it went on now";
  EXPECT_EQ(Used(clock, "2026-03-04T09:00:00"), 0);
  clock = Resume(std::move(clock), At("2026-03-02T18:00:00"));
  EXPECT_EQ(Due(clock, "2026-03-02T18:00:00"), "2026-03-03");
}

TEST(WorkingClock, WhileOpenTheDueDateMovesOn) {
  const auto clock = Suspend(Clock(2, "2026-03-02T09:00:00"), At("2026-03-04T10:00:00"));
  EXPECT_EQ(Due(clock, "2026-03-04T10:00:00"), "2026-03-04");
  EXPECT_EQ(Due(clock, "2026-03-05T00:00:00"), "2026-03-04") << "resumed at 24:00 it would count";
  EXPECT_EQ(Due(clock, "2026-03-05T00:00:00.000001"), "2026-03-05");
  EXPECT_EQ(Due(clock, "2026-03-07T12:00:00"), "2026-03-09") << "a Saturday";
}

TEST(WorkingClock, AfterTheBudgetIsUsedASuspensionMovesNothing) {
  const auto clock = Suspend(Clock(2, "2026-03-02T09:00:00"), At("2026-03-09T10:00:00"));
  EXPECT_EQ(Due(clock, "2026-04-09T10:00:00"), "2026-03-04");
  EXPECT_EQ(Used(clock, "2026-04-09T10:00:00"), 4);
}

TEST(WorkingClock, ASuspensionOverAHolidayCostsNoWorkingDay) {
  const auto clock = Clock(5, "2026-09-28T09:00:00");
  const auto suspended =
      Resume(Suspend(clock, At("2026-10-01T08:00:00")), At("2026-10-07T20:00:00"));
  EXPECT_EQ(Due(suspended, "2026-10-07T20:00:00"), Due(clock, "2026-10-07T20:00:00"));
  EXPECT_EQ(Due(clock, "2026-10-07T20:00:00"), "2026-10-10");
}

TEST(WorkingClock, RunsOnIntoProvisionalYears) {
  const auto clock = Clock(10, "2026-12-28T09:00:00");
  const Date due = DueOn(clock, NationalCalendar(), clock.started_at);
  EXPECT_EQ(due, Day("2027-01-11"));
  EXPECT_TRUE(NationalCalendar().Provisional(due));
}

TEST(WorkingClock, StartsOnTheCalendarsFirstDay) {
  const auto clock = Clock(1, "2007-01-01T00:00:00");
  EXPECT_EQ(Due(clock, "2007-01-01T00:00:00"), "2007-01-04") << "元旦 ends on the third";
  EXPECT_EQ(Used(clock, "2007-01-01T00:00:00"), 0);
  EXPECT_EQ(Used(clock, "2007-01-05T00:00:00"), 1);
}

TEST(WorkingClock, HoursRunFromTheStartBetweenNineAndFive) {
  WorkingClock clock{
      .budget = 10, .unit = Unit::kWorkingHour, .started_at = At("2026-03-02T16:30:00")};
  EXPECT_EQ(UsedUpAt(clock, 1, NationalCalendar()), At("2026-03-03T09:30:00"));
  EXPECT_EQ(UsedUpAt(clock, 10, NationalCalendar()), At("2026-03-04T10:30:00"));
  EXPECT_EQ(Used(clock, "2026-03-03T09:29:59"), 0);
  EXPECT_EQ(Used(clock, "2026-03-03T09:30:00"), 1);
  EXPECT_EQ(Due(clock, "2026-03-02T16:30:00"), "2026-03-04");
  clock.started_at = At("2026-03-06T17:00:00");
  EXPECT_EQ(UsedUpAt(clock, 8, NationalCalendar()), At("2026-03-09T17:00:00")) << "from Monday on";
  clock = Suspend(std::move(clock), At("2026-03-09T10:15:00"));
  clock = Resume(std::move(clock), At("2026-03-09T15:45:00"));
  EXPECT_EQ(UsedUpAt(clock, 3, NationalCalendar()), At("2026-03-10T09:30:00"));
}

TEST(WorkingClock, MinutesRunDayAndNight) {
  WorkingClock clock{
      .budget = 90, .unit = Unit::kCalendarMinute, .started_at = At("2026-10-01T23:00:30")};
  EXPECT_EQ(UsedUpAt(clock, 90, NationalCalendar()), At("2026-10-02T00:30:30"));
  EXPECT_EQ(Used(clock, "2026-10-01T23:01:29"), 0);
  EXPECT_EQ(Used(clock, "2026-10-01T23:01:30"), 1);
  EXPECT_EQ(Due(clock, "2026-10-01T23:00:30"), "2026-10-02");
  clock.budget = 60 * 24;
  clock.started_at = At("2026-10-01T00:00:00");
  EXPECT_EQ(Due(clock, "2026-10-01T00:00:00"), "2026-10-01") << "24:00 ends the day";
}

TEST(WorkingClock, AnExtensionAddsToTheBudgetAlsoWhileItStands) {
  auto clock = Extend(Clock(5, "2026-03-02T09:00:00"), 2);
  EXPECT_EQ(Due(clock, "2026-03-02T09:00:00"), "2026-03-11");
  clock = Extend(Suspend(std::move(clock), At("2026-03-03T09:00:00")), 1);
  clock = Resume(std::move(clock), At("2026-03-03T18:00:00"));
  EXPECT_EQ(Due(clock, "2026-03-03T18:00:00"), "2026-03-12");
}

TEST(WorkingClock, AStoppedClockTellsWhatItToldThen) {
  const auto stopped = Stop(Clock(5, "2026-03-02T09:00:00"), At("2026-03-05T10:00:00"));
  EXPECT_FALSE(Running(stopped));
  EXPECT_EQ(Used(stopped, "2026-05-05T10:00:00"), 2);
  EXPECT_EQ(Remaining(stopped, NationalCalendar(), At("2026-05-05T10:00:00")), 3);
  EXPECT_EQ(Due(stopped, "2026-05-05T10:00:00"), "2026-03-09");
  EXPECT_EQ(UsedUpAt(stopped, 5, NationalCalendar()), std::nullopt);
  EXPECT_EQ(Stop(stopped, At("2026-05-05T10:00:00")).stopped_at, stopped.stopped_at);
}

TEST(WorkingClock, StoppingEndsAnOpenSuspension) {
  const auto standing = Suspend(Clock(5, "2026-03-02T09:00:00"), At("2026-03-04T10:00:00"));
  const auto stopped = Stop(standing, At("2026-03-20T10:00:00"));
  EXPECT_EQ(stopped.suspensions.back().until, At("2026-03-20T10:00:00"));
  EXPECT_EQ(Used(stopped, "2026-05-05T10:00:00"), 1);
}

TEST(WorkingClock, StoppingAtADaysEndDoesNotUseTheDayThatStood) {
  const auto standing = Suspend(Clock(5, "2026-03-02T09:00:00"), At("2026-03-04T10:00:00"));
  EXPECT_EQ(Used(Stop(standing, At("2026-03-07T00:00:00")), "2026-05-05T10:00:00"), 1);
  const auto resumed = Resume(standing, At("2026-03-07T00:00:00"));
  EXPECT_EQ(Used(resumed, "2026-03-07T00:00:00"), 2) << "it runs at the end of the sixth";
  EXPECT_EQ(Used(Stop(resumed, At("2026-03-07T10:00:00")), "2026-05-05T10:00:00"), 2);
  const auto hourly = [](WorkingClock clock) {
    clock.unit = Unit::kWorkingHour;
    return clock;
  };
  EXPECT_EQ(Used(hourly(Stop(standing, At("2026-03-07T00:00:00"))), "2026-05-05T10:00:00"),
            Used(hourly(standing), "2026-03-04T10:00:00"));
}

TEST(WorkingClock, NothingIsUsedUpPastTheEndOfTheCalendar) {
  const auto clock = Clock(60, "2040-12-03T09:00:00");
  EXPECT_EQ(UsedUpAt(clock, 60, NationalCalendar()), std::nullopt);
  EXPECT_TRUE(UsedUpAt(clock, 2, NationalCalendar()).has_value());
}

TEST(Rungs, OfTwoAtTheSameInstantTheFirstDeclaredComesFirst) {
  constexpr std::array kRungs = {clocks::Rung{.name = "b", .percent = 100},
                                 clocks::Rung{.name = "a", .percent = 90},
                                 clocks::Rung{.name = "c", .after = 1}};
  const clocks::Kind kind{"any", Unit::kWorkingDay, kRungs};
  const auto clock = Clock(2, "2026-03-02T09:00:00");
  const auto next = [&](const std::vector<std::string>& fired) {
    const auto rung = clocks::Next(clock, kind, fired, NationalCalendar());
    return rung ? std::string(rung->name) : "none";
  };
  EXPECT_EQ(next({}), "c");
  EXPECT_EQ(next({"c"}), "b");
  EXPECT_EQ(next({"c", "b"}), "a");
  EXPECT_EQ(next({"c", "b", "a"}), "none");
}

TEST(Rungs, PartsOfAUnitAreRoundedUp) {
  const auto clock = Clock(7, "2026-03-02T09:00:00");
  const auto fires = [&](int percent) {
    return clocks::FiresAt(clock, {.name = "any", .percent = percent}, NationalCalendar());
  };
  EXPECT_EQ(fires(1), At("2026-03-04T00:00:00")) << "0.07 of a day";
  EXPECT_EQ(fires(42), At("2026-03-06T00:00:00")) << "2.94";
  EXPECT_EQ(fires(43), At("2026-03-07T00:00:00")) << "3.01";
  EXPECT_EQ(fires(100), At("2026-03-12T00:00:00"));
}

TEST(WorkingClockDeathTest, WrongUseStopsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto running = Clock(5, "2026-03-02T09:00:00");
  const auto standing = Suspend(running, At("2026-03-04T10:00:00"));
  const auto resumed = Resume(standing, At("2026-03-05T10:00:00"));
  EXPECT_DEATH(Suspend(standing, At("2026-03-05T10:00:00")), "stands");
  EXPECT_DEATH(Resume(running, At("2026-03-05T10:00:00")), "runs");
  EXPECT_DEATH(Suspend(running, At("2026-03-01T10:00:00")), "before its start");
  EXPECT_DEATH(Resume(standing, At("2026-03-04T09:59:59")), "before it was suspended");
  EXPECT_DEATH(Suspend(resumed, At("2026-03-05T09:59:59")), "before it resumed");
  const auto stopped = Stop(running, At("2026-03-05T10:00:00"));
  EXPECT_DEATH(Extend(stopped, 1), "cannot be extended");
  EXPECT_DEATH(Extend(running, 0), "adds to the budget");
  EXPECT_DEATH(Resume(stopped, At("2026-03-06T10:00:00")), "cannot be resumed");
  EXPECT_DEATH(Stop(standing, At("2026-03-04T09:59:59")), "before its last event");
  EXPECT_DEATH(Due(Clock(0, "2026-03-02T09:00:00"), "2026-03-02T09:00:00"), "needs a budget");
  EXPECT_DEATH(Due(Clock(5, "2006-12-31T09:00:00"), "2026-03-02T09:00:00"), "outside the calendar");
}

}  // namespace
}  // namespace zonelink
