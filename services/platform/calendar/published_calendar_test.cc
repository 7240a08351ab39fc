// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "platform/calendar/calendar.h"

namespace zonelink {
namespace {

using std::chrono::days;

Date Day(std::string_view text) { return *ParseDate(text); }

CalendarException Rest(std::string_view day, std::string name = "国庆节") {
  return {Day(day), DayKind::kRest, std::move(name)};
}
CalendarException Work(std::string_view day) { return {Day(day), DayKind::kWork, "国庆节"}; }

TEST(PublishedCalendar, WithoutPublishedYearsItIsTheShippedOne) {
  const Calendar calendar = PublishedCalendar({}, {});
  const Calendar& shipped = NationalCalendar();
  for (Date day = shipped.first_day(); day <= shipped.last_day(); day += days{1}) {
    ASSERT_EQ(calendar.IsWorkingDay(day), shipped.IsWorkingDay(day)) << FormatDate(day);
    ASSERT_EQ(calendar.Provisional(day), shipped.Provisional(day)) << FormatDate(day);
  }
  EXPECT_EQ(LastShippedYear(), 2026);
}

TEST(PublishedCalendar, ANewYearIsNoLongerProvisional) {
  const std::vector<CalendarYear> years = {
      {2027, {Rest("2027-01-01", "元旦"), Work("2027-09-26"), Rest("2027-10-01")}}};
  const Calendar calendar = PublishedCalendar(years, {});
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2027-01-01")));
  EXPECT_TRUE(calendar.IsWorkingDay(Day("2027-09-26"))) << "a Sunday";
  EXPECT_FALSE(calendar.Provisional(Day("2027-12-31")));
  EXPECT_TRUE(calendar.Provisional(Day("2028-01-01")));
  const auto answer = calendar.NthWithReasons(Day("2026-12-31"), 1);
  EXPECT_EQ(answer.due_on, Day("2027-01-04"));
  ASSERT_EQ(answer.skipped.size(), 3u);
  EXPECT_EQ(answer.skipped[0].why, "元旦");
  // 2026 stays as shipped.
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2026-10-01")));
}

TEST(PublishedCalendar, ACorrectedYearReplacesAllThatIsShippedForIt) {
  const std::vector<CalendarYear> years = {{2026, {Rest("2026-10-01")}}};
  const Calendar calendar = PublishedCalendar(years, {});
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2026-10-01")));
  EXPECT_TRUE(calendar.IsWorkingDay(Day("2026-10-02"))) << "a Friday that was a holiday";
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2026-02-28"))) << "a Saturday that was made up for";
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2025-10-01"))) << "2025 stays";
  EXPECT_FALSE(calendar.Provisional(Day("2026-12-31")));
  EXPECT_TRUE(calendar.Provisional(Day("2027-01-01")));
}

TEST(PublishedCalendar, AZonesDaysComeOnTop) {
  const std::vector<CalendarYear> national = {{2027, {Rest("2027-10-01")}}};
  const std::vector<CalendarYear> zone = {
      {2026, {Rest("2026-04-20", "三月三")}},
      {2027, {Rest("2027-04-09", "三月三"), Work("2027-04-11")}},
      {2029, {Rest("2029-04-16", "三月三")}}};
  const Calendar calendar = PublishedCalendar(national, zone);
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2026-04-20")));
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2026-10-01"))) << "the national days stay";
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2027-04-09")));
  EXPECT_TRUE(calendar.IsWorkingDay(Day("2027-04-11"))) << "a Sunday";
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2027-10-01")));
  EXPECT_FALSE(calendar.IsWorkingDay(Day("2029-04-16")));
  EXPECT_TRUE(calendar.Provisional(Day("2028-01-01"))) << "a zone's days publish no national year";
}

}  // namespace
}  // namespace zonelink
