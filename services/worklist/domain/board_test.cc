// SPDX-License-Identifier: Apache-2.0
#include "worklist/domain/board.h"

#include <gtest/gtest.h>

namespace zonelink::worklist {
namespace {

using std::chrono::days;

const Calendar& calendar = NationalCalendar();
const Date kMonday = *ParseDate("2026-03-02");

CaseGroup Group(const std::string& item, const std::string& state, std::optional<Date> due_on,
                int cases) {
  return {.zone = "zhejiang",
          .state = state,
          .item_id = item,
          .item_name_zh = "事项" + item,
          .item_name_en = "Item " + item,
          .due_on = due_on,
          .budget_days = 20,
          .cases = cases};
}

TEST(StandingOf, AtRiskFromFourFifthsOn) {
  // The 20th working day: 16 are used up when four are left.
  EXPECT_EQ(StandingOf(calendar, calendar.Nth(kMonday, 5), 20, kMonday + days(1)),
            Standing::kInTime);
  EXPECT_EQ(StandingOf(calendar, calendar.Nth(kMonday, 5), 20, kMonday + days(2)),
            Standing::kAtRisk);
  EXPECT_EQ(StandingOf(calendar, kMonday, 20, kMonday), Standing::kAtRisk);
  EXPECT_EQ(StandingOf(calendar, kMonday, 20, kMonday + days(1)), Standing::kLate);
  EXPECT_EQ(StandingOf(calendar, calendar.Nth(kMonday, 1), 1, kMonday + days(1)),
            Standing::kInTime);
}

TEST(SumUp, ByZoneStateAndItem) {
  std::vector<CaseGroup> groups = {
      Group("a", "PENDING", kMonday + days(28), 3),
      Group("a", "ACCEPTED", kMonday - days(3), 2),
      Group("b", "ACCEPTED", kMonday + days(1), 4),
      Group("b", "SUSPENDED", std::nullopt, 5),
      Group("c", "QUERY_TO_HOME", kMonday + days(28), 1),
  };
  groups[4].asking_others = 1;
  groups.push_back(groups[0]);
  groups.back().zone = "hainan";
  const auto zones = SumUp(clocks::CalendarSet(0, {}), groups, kMonday);
  ASSERT_EQ(zones.size(), 2u);
  const ZoneSum& own = zones.at("zhejiang");
  EXPECT_EQ(own.open, 15);
  EXPECT_EQ(own.by_state,
            (std::map<std::string, int>{
                {"ACCEPTED", 6}, {"PENDING", 3}, {"QUERY_TO_HOME", 1}, {"SUSPENDED", 5}}));
  EXPECT_EQ(own.late, 2);
  EXPECT_EQ(own.at_risk, 4) << "where the clock stands nothing is at risk";
  EXPECT_EQ(own.asking_others, 1);
  ASSERT_EQ(own.items.size(), 3u);
  EXPECT_EQ(own.items[0].item_id, "b");
  EXPECT_EQ(own.items[0].open, 9);
  EXPECT_EQ(own.items[1].open, 5);
  EXPECT_EQ(own.items[1].late, 2);
  EXPECT_EQ(own.items[1].name_en, "Item a");
  EXPECT_EQ(zones.at("hainan").open, 3);
}

TEST(SumUp, CountsEachZonesOwnDays) {
  CaseGroup own = Group("a", "ACCEPTED", kMonday + days(7), 1);
  own.budget_days = 10;  // eight are used up on the second day of four that are left, or three
  CaseGroup other = own;
  other.zone = "hainan";
  const clocks::CalendarSet calendars(
      1, {{"hainan",
           {{.year = 2026,
             .days = {{kMonday + days(4), DayKind::kRest, "节日"},
                      {kMonday + days(7), DayKind::kRest, "节日"},
                      {kMonday + days(3), DayKind::kRest, "节日"}}}}}});
  const auto zones = SumUp(calendars, {own, other}, kMonday + days(1));
  EXPECT_EQ(zones.at("zhejiang").at_risk, 0);
  EXPECT_EQ(zones.at("hainan").at_risk, 1);
}

TEST(SumUp, KeepsTheItemsWithMostCases) {
  std::vector<CaseGroup> groups;
  for (int i = 1; i <= 12; ++i) {
    groups.push_back(Group("item" + std::to_string(i), "PENDING", std::nullopt, i));
  }
  const auto zones = SumUp(clocks::CalendarSet(0, {}), groups, kMonday);
  const auto& items = zones.at("zhejiang").items;
  ASSERT_EQ(items.size(), kTopItems);
  EXPECT_EQ(items.front().open, 12);
  EXPECT_EQ(items.back().open, 3);
}

}  // namespace
}  // namespace zonelink::worklist
