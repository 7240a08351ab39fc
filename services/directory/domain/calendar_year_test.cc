// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/calendar_year.h"

#include <gtest/gtest.h>

namespace zonelink::directory {
namespace {

CalendarException Day(std::string_view date, DayKind kind = DayKind::kRest) {
  return {*ParseDate(date), kind, "国庆节"};
}

std::string Reason(std::string_view calendar, int year, std::vector<CalendarException> days,
                   int last_national = 2026) {
  const auto checked = CheckYear(calendar, {year, std::move(days)}, last_national);
  return checked ? "" : checked.error().reason;
}

// Calendar × year, while 2026 is the last national year, and once 2027 and 2028 are published.
TEST(CalendarYear, WhichYears) {
  struct Case {
    int year;
    bool national;
    bool national_later;
    bool zone;
  };
  const Case cases[] = {
      {2007, false, false, false}, {2025, false, false, false}, {2026, true, true, true},
      {2027, true, true, true},    {2028, false, true, true},   {2029, false, true, true},
      {2030, false, false, true},  {2040, false, false, true},  {2041, false, false, false},
  };
  for (const Case& c : cases) {
    const std::vector<CalendarException> days = {Day(std::to_string(c.year) + "-10-01")};
    const auto expected = [](bool may) { return may ? "" : "CALENDAR_YEAR"; };
    EXPECT_EQ(Reason("national", c.year, days), expected(c.national)) << c.year;
    EXPECT_EQ(Reason("national", c.year, days, 2028), expected(c.national_later)) << c.year;
    EXPECT_EQ(Reason("guangxi", c.year, days), expected(c.zone)) << c.year;
  }
  EXPECT_EQ(Reason("national", 2041, {Day("2041-10-01")}, 2040), "CALENDAR_YEAR");
}

TEST(CalendarYear, WhichDays) {
  EXPECT_EQ(Reason("national", 2027, {}), "CALENDAR_EMPTY");
  EXPECT_EQ(Reason("guangxi", 2027, {}), "") << "takes the zone's additions back";
  EXPECT_EQ(Reason("national", 2027, {Day("2026-12-31")}), "CALENDAR_DAY_YEAR");
  EXPECT_EQ(Reason("national", 2027, {Day("2028-01-01")}), "CALENDAR_DAY_YEAR");
  EXPECT_EQ(Reason("national", 2027, {Day("2027-01-01"), Day("2027-12-31")}), "");
  EXPECT_EQ(Reason("national", 2027, {Day("2027-10-01"), Day("2027-10-02"), Day("2027-10-01")}),
            "CALENDAR_DAY_REPEATED");
  EXPECT_EQ(Reason("national", 2027, {Day("2027-09-26"), Day("2027-09-26", DayKind::kWork)}),
            "CALENDAR_DAY_REPEATED");
}

// A week: people work on a Saturday or Sunday by exception, and rest on any day.
TEST(CalendarYear, OnlyWeekendsAreMadeUpFor) {
  for (const char* weekday :
       {"2027-09-20", "2027-09-21", "2027-09-22", "2027-09-23", "2027-09-24"}) {
    EXPECT_EQ(Reason("national", 2027, {Day(weekday, DayKind::kWork)}), "CALENDAR_DAY_WORK");
    EXPECT_EQ(Reason("national", 2027, {Day(weekday)}), "");
  }
  for (const char* weekend : {"2027-09-25", "2027-09-26"}) {
    EXPECT_EQ(Reason("national", 2027, {Day(weekend, DayKind::kWork)}), "");
    EXPECT_EQ(Reason("national", 2027, {Day(weekend)}), "");
  }
}

TEST(CalendarYear, DaysComeInOrder) {
  const auto year = CheckYear("national", {2027, {Day("2027-10-02"), Day("2027-01-01")}}, 2026);
  ASSERT_TRUE(year);
  EXPECT_EQ(FormatDate(year->days[0].day), "2027-01-01");
  EXPECT_EQ(FormatDate(year->days[1].day), "2027-10-02");
}

}  // namespace
}  // namespace zonelink::directory
