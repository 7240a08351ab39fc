// SPDX-License-Identifier: Apache-2.0
#include "worklist/domain/work.h"

#include <gtest/gtest.h>

namespace zonelink::worklist {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr Date Day(int year, unsigned month, unsigned day) {
  return sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}

ClockNews RunningClock() {
  return {.budget_days = 20, .due_on = Day(2026, 4, 1), .provisional = true, .running = true};
}

struct StateCase {
  const char* state;
  bool waits;
  Action action = Action::kAccept;
  std::string party;
  std::vector<std::string> roles;
  std::vector<std::string> excluded;
};

TEST(WhatWaits, EveryStateOfADecision) {
  const std::vector<std::string> none;
  const std::vector<StateCase> cases = {
      {"PENDING", true, Action::kAccept, "zone:zhejiang", {"verifier"}, none},
      {"ACCEPTED", true, Action::kVerify, "zone:zhejiang", {"verifier"}, {"u1"}},
      {"VERIFIED", true, Action::kDecide, "zone:zhejiang", {"reviewer"}, {"u1"}},
      {"SUPPLEMENTING", true, Action::kSupplement, "org:o1", {"filer", "enterprise_admin"}, none},
      {"GRANTED", false},
      {"REFUSED", false},
      {"WITHDRAWN", false},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected.state);
    const auto work = WhatWaits({.zone = "zhejiang",
                                 .state = expected.state,
                                 .verified_by = {"u1"},
                                 .clock = RunningClock()},
                                "o1");
    ASSERT_TRUE(work);
    ASSERT_EQ(work->has_value(), expected.waits);
    if (!expected.waits) continue;
    EXPECT_EQ((*work)->action, expected.action);
    EXPECT_EQ((*work)->party, expected.party);
    EXPECT_EQ((*work)->roles, expected.roles);
    EXPECT_EQ((*work)->excluded_users, expected.excluded);
    EXPECT_EQ((*work)->due_on, Day(2026, 4, 1));
    EXPECT_TRUE((*work)->provisional);
    EXPECT_EQ((*work)->budget_days, 20);
  }
}

TEST(WhatWaits, RefusesAStateItDoesNotKnow) {
  const auto work = WhatWaits({.zone = "zhejiang", .state = "HEARING"}, "o1");
  ASSERT_FALSE(work);
  EXPECT_EQ(work.error().code, Code::kInternal);
}

TEST(WhatWaits, NoDueDateWhereNoClockRuns) {
  auto standing = RunningClock();
  standing.running = false;
  for (const std::optional<ClockNews>& clock : {std::optional<ClockNews>(), {standing}}) {
    const auto work =
        WhatWaits({.zone = "zhejiang", .state = "SUPPLEMENTING", .clock = clock}, "o1");
    ASSERT_TRUE(work && *work);
    EXPECT_FALSE((*work)->due_on);
    EXPECT_FALSE((*work)->provisional);
  }
}

TEST(RemainingDays, CountsTheDayThatIsNotOver) {
  const Calendar& calendar = NationalCalendar();
  const Date monday = Day(2026, 3, 2);
  struct Row {
    Date due_on;
    Date today;
    int budget;
    int left;
  };
  const std::vector<Row> rows = {
      {calendar.Nth(monday, 5), monday, 5, 5},  // filed today: the first day is tomorrow
      {calendar.Nth(monday, 5), monday + std::chrono::days(1), 5, 5},  // the first day is not over
      {calendar.Nth(monday, 5), monday + std::chrono::days(2), 5, 4},
      {monday, monday, 5, 1},                          // the last day is not over
      {monday, monday + std::chrono::days(1), 5, -1},  // it is over
      {Day(2026, 3, 6), Day(2026, 3, 7), 5, -1},       // due Friday, now Saturday
      {Day(2026, 3, 6), Day(2026, 3, 10), 5, -2},      // due Friday, now Tuesday
      {Day(2026, 9, 30), Day(2026, 10, 7), 5, -1},     // the holiday week does not count
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(FormatDate(row.due_on) + " seen on " + FormatDate(row.today));
    EXPECT_EQ(RemainingDays(calendar, row.due_on, row.budget, row.today), row.left);
  }
}

TEST(Action, NamesAreReadBack) {
  for (const Action action :
       {Action::kAccept, Action::kVerify, Action::kDecide, Action::kSupplement}) {
    EXPECT_EQ(ParseAction(Name(action)), action);
    const auto why =
        Why(action, {.applicant_name = "甲", .item_name_zh = "乙", .item_name_en = "B"});
    EXPECT_NE(why.zh.find("乙"), std::string::npos);
    EXPECT_NE(why.en.find("B"), std::string::npos);
  }
  EXPECT_FALSE(ParseAction("grant"));
}

TEST(Why, TellsOfTheApplicantAndTheItem) {
  const CaseFacts facts{.applicant_name = "甲", .item_name_zh = "乙", .item_name_en = "B"};
  EXPECT_EQ(Why(Action::kAccept, facts).zh, "甲的“乙”申报已送达本区，等待受理。");
  EXPECT_EQ(Why(Action::kVerify, facts).en,
            "A filing by 甲 for “B” is accepted and waits for a verifier who has not verified it "
            "yet.");
  EXPECT_EQ(Why(Action::kDecide, facts).en,
            "A filing by 甲 for “B” is verified and waits for a decision by a reviewer who did not "
            "verify it.");
  EXPECT_EQ(Why(Action::kSupplement, facts).zh, "“乙”申报需要补正材料，补正后审批时限继续计算。");
}

}  // namespace
}  // namespace zonelink::worklist
