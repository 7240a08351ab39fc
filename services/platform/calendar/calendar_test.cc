// SPDX-License-Identifier: Apache-2.0
#include "platform/calendar/calendar.h"

#include <gtest/gtest.h>

#include "platform/calendar/testing_day_walk.h"

namespace zonelink {
namespace {

using std::chrono::days;
using std::chrono::year;

Date Day(std::string_view text) { return *ParseDate(text); }

TEST(Calendar, EveryDueDateOf2007To2026IsWhereAWalkLeads) {
  const DayWalk walk;
  const Calendar& calendar = NationalCalendar();
  for (Date start = year{2007} / 1 / 1; start <= Date{year{2026} / 12 / 31}; start += days{1}) {
    int budget = 0;
    for (Date day = start + days{1}; budget < 60; day += days{1}) {
      if (!walk.Works(day)) continue;
      ++budget;
      ASSERT_EQ(calendar.Nth(start, budget), day) << FormatDate(start) << " + " << budget;
    }
  }
}

TEST(Calendar, CountsWhatAWalkCounts) {
  const DayWalk walk;
  const Calendar& calendar = NationalCalendar();
  int64_t count = 0;
  for (Date day = calendar.first_day() + days{1}; day <= calendar.last_day(); day += days{1}) {
    ASSERT_EQ(calendar.IsWorkingDay(day), walk.Works(day)) << FormatDate(day);
    count += walk.Works(day) ? 1 : 0;
    ASSERT_EQ(calendar.Count(calendar.first_day(), day), count) << FormatDate(day);
    ASSERT_EQ(calendar.Count(day - days{1}, day), walk.Works(day) ? 1 : 0) << FormatDate(day);
  }
  EXPECT_EQ(calendar.DaysLeft(calendar.first_day()), count);
  EXPECT_EQ(calendar.DaysLeft(calendar.last_day()), 0);
  EXPECT_EQ(calendar.Count(Day("2026-03-02"), Day("2026-03-02")), 0);
  EXPECT_EQ(calendar.Count(Day("2026-03-03"), Day("2026-03-02")), 0);
}

TEST(Calendar, MakeUpWeekendsCount) {
  const Calendar& calendar = NationalCalendar();
  // A Saturday or Sunday each, for 春节, 国庆节, 清明节 and the parade of 2015.
  for (const char* day : {"2024-02-04", "2024-02-18", "2024-10-12", "2024-04-07", "2026-02-14",
                          "2026-02-28", "2015-09-06", "2020-01-19"}) {
    EXPECT_GE(std::chrono::weekday{Day(day)}.iso_encoding(), 6u) << day;
    EXPECT_TRUE(calendar.IsWorkingDay(Day(day))) << day;
  }
  // Friday, then the make-up Saturday.
  EXPECT_EQ(calendar.Nth(Day("2026-02-27"), 1), Day("2026-02-28"));
  EXPECT_EQ(calendar.Nth(Day("2026-02-27"), 2), Day("2026-03-02"));
}

TEST(Calendar, HolidaysDoNotCount) {
  const Calendar& calendar = NationalCalendar();
  // The extension of 春节 2020 and weekdays of other holidays.
  for (const char* day : {"2020-01-31", "2020-02-01", "2015-09-03", "2015-09-04", "2024-02-12",
                          "2024-10-07", "2026-10-01", "2018-12-31", "2007-12-31"}) {
    EXPECT_FALSE(calendar.IsWorkingDay(Day(day))) << day;
  }
  EXPECT_TRUE(calendar.IsWorkingDay(Day("2020-02-03")));
}

TEST(Calendar, SaysWhyDaysWereSkipped) {
  const auto answer = NationalCalendar().NthWithReasons(Day("2026-09-30"), 3);
  EXPECT_EQ(answer.due_on, Day("2026-10-10"));
  EXPECT_FALSE(answer.provisional);
  ASSERT_EQ(answer.skipped.size(), 7u);
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(answer.skipped[static_cast<size_t>(i)].day, Day("2026-10-01") + days{i});
    EXPECT_EQ(answer.skipped[static_cast<size_t>(i)].why, "国庆节");
  }
  const auto weekend = NationalCalendar().NthWithReasons(Day("2026-03-06"), 1);
  EXPECT_EQ(weekend.due_on, Day("2026-03-09"));
  ASSERT_EQ(weekend.skipped.size(), 2u);
  EXPECT_EQ(weekend.skipped[0].day, Day("2026-03-07"));
  EXPECT_EQ(weekend.skipped[0].why, "WEEKEND");
  EXPECT_EQ(weekend.skipped[1].why, "WEEKEND");
  EXPECT_TRUE(NationalCalendar().NthWithReasons(Day("2026-03-02"), 1).skipped.empty());
}

TEST(Calendar, SkippedAndCountedDaysFillTheTime) {
  const Calendar& calendar = NationalCalendar();
  for (Date start = year{2007} / 1 / 1; start <= Date{year{2026} / 12 / 31}; start += days{3}) {
    const auto answer = calendar.NthWithReasons(start, 60);
    ASSERT_EQ((answer.due_on - start).count(), 60 + static_cast<int>(answer.skipped.size()));
    for (const auto& skipped : answer.skipped) ASSERT_FALSE(calendar.IsWorkingDay(skipped.day));
  }
}

TEST(Calendar, After2026IsProvisional) {
  const Calendar& calendar = NationalCalendar();
  EXPECT_FALSE(calendar.Provisional(Day("2026-12-31")));
  EXPECT_TRUE(calendar.Provisional(Day("2027-01-01")));
  EXPECT_FALSE(calendar.NthWithReasons(Day("2026-12-30"), 1).provisional);
  const auto answer = calendar.NthWithReasons(Day("2026-12-31"), 1);
  EXPECT_TRUE(answer.provisional);
  EXPECT_EQ(answer.due_on, Day("2027-01-01")) << "a Friday by the week's rule";
  EXPECT_EQ(calendar.first_day(), Day("2007-01-01"));
  EXPECT_EQ(calendar.last_day(), Day("2040-12-31"));
}

TEST(Calendar, LeavesOutExceptionsBeforeItsFirstYear) {
  const Calendar calendar(
      {{Day("2019-12-31"), DayKind::kRest, "元旦"}, {Day("2020-01-01"), DayKind::kRest, "元旦"}},
      2020, 2020);
  EXPECT_EQ(calendar.first_day(), Day("2020-01-01"));
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2020-01-01")));
  EXPECT_TRUE(calendar.Provisional(Day("2021-01-01")));
}

TEST(ParseCalendar, RefusesBrokenRowsWithTheirLine) {
  const std::string header = "date,kind,name_zh,notice_year\n";
  const std::pair<std::string, std::string> broken[] = {
      {"", "line 1: wants date,kind,name_zh,notice_year"},
      {"date,kind\n", "line 1: wants date,kind,name_zh,notice_year"},
      {header, "line 2: holds no day"},
      {header + "2020-01-01,rest,元旦\n", "line 2: wants four columns"},
      {header + "2020-01-01,rest,元旦,2020,x\n", "line 2: wants four columns"},
      {header + "\n", "line 2: wants four columns"},
      {header + "2020-02-30,rest,元旦,2020\n", "line 2: date is not a day"},
      {header + "2020-01-01,closed,元旦,2020\n", "line 2: kind is neither work nor rest"},
      {header + "2020-01-01,rest,,2020\n", "line 2: name is not clean"},
      {header + "2020-01-01,rest,\u202e元旦,2020\n", "line 2: name is not clean"},
      {header + "2020-01-01,rest,元旦,20\n", "line 2: notice_year is not a year"},
      {header + "2020-01-01,rest,元旦,2020\r\n", "line 2: notice_year is not a year"},
      {header + "2020-01-01,rest,元旦,2020\n2020-01-01,work,元旦,2020\n", "line 3: out of order"},
  };
  for (const auto& [csv, message] : broken) {
    const auto calendar = ParseCalendar(csv);
    ASSERT_FALSE(calendar) << csv;
    EXPECT_EQ(calendar.error().reason, "CALENDAR_INVALID");
    EXPECT_EQ(calendar.error().message, message);
  }
  EXPECT_TRUE(ParseCalendar(header + "2020-01-01,rest,元旦,2020"));
}

TEST(CalendarDeathTest, OutsideItsDaysTheProgramStops) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Calendar& calendar = NationalCalendar();
  EXPECT_DEATH(static_cast<void>(calendar.IsWorkingDay(Day("2006-12-31"))), "outside");
  EXPECT_DEATH(static_cast<void>(calendar.Count(Day("2007-01-01"), Day("2041-01-01"))), "outside");
  EXPECT_DEATH(static_cast<void>(calendar.Nth(Day("2040-12-31"), 1)), "outside");
  EXPECT_DEATH(static_cast<void>(calendar.Nth(Day("2026-01-01"), 0)), "outside");
}

}  // namespace
}  // namespace zonelink
