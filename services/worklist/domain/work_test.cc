// SPDX-License-Identifier: Apache-2.0
#include "worklist/domain/work.h"

#include <gtest/gtest.h>

#include <set>

#include "worklist/domain/why.h"

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

// A decision on which everything is told that an event can tell.
DecisionNews Told(const std::string& state) {
  return {.zone = "zhejiang",
          .mode = "REVIEW",
          .state = state,
          .verified_by = {"u1"},
          .excluded_users = {"u2"},
          .query_to = "shanghai",
          .query_due_on = Day(2026, 3, 13),
          .follow_up_due_on = Day(2026, 3, 20),
          .clock = RunningClock(),
          .told_on = Day(2026, 3, 2)};
}

// What waits in one line: action party role+role -excluded due.
std::string Line(const Work& work) {
  std::string line = std::string(Name(work.action)) + " " + work.party + " ";
  for (const std::string& role : work.roles) line += "+" + role;
  for (const std::string& user : work.excluded_users) line += " -" + user;
  for (const std::string& user : work.only_users) line += " =" + user;
  if (work.due_on) line += " " + FormatDate(*work.due_on);
  return line;
}

std::vector<std::string> Lines(const DecisionNews& news, Reason pressing = Reason::kNone) {
  const auto works = WhatWaits(news, "o1", pressing);
  EXPECT_TRUE(works);
  std::vector<std::string> lines;
  if (!works) return lines;
  for (const Work& work : *works) lines.push_back(Line(work));
  return lines;
}

using L = std::vector<std::string>;

TEST(WhatWaits, EveryStateOfADecision) {
  const std::vector<std::pair<std::string, L>> table = {
      {"PENDING", {"accept zone:zhejiang +verifier -u2 2026-04-01"}},
      {"SUPPLEMENTING", {"supplement org:o1 +filer+enterprise_admin 2026-04-01"}},
      {"ACCEPTED", {"verify zone:zhejiang +verifier -u1 -u2 2026-04-01"}},
      {"VERIFIED", {"decide zone:zhejiang +reviewer -u1 -u2 2026-04-01"}},
      {"QUERY_TO_HOME", {"answer_query zone:shanghai +verifier+reviewer 2026-03-13"}},
      {"HEARING", {"resume zone:zhejiang +verifier+reviewer 2026-04-01"}},
      {"SUSPENDED", {"resume zone:zhejiang +verifier+reviewer 2026-04-01"}},
      {"GRANTED", {"deliver zone:zhejiang +verifier+reviewer 2026-03-20"}},
      {"GRANTED_PARTIAL", {"deliver zone:zhejiang +verifier+reviewer 2026-03-20"}},
      {"GRANTED_CONDITIONAL", {"deliver zone:zhejiang +verifier+reviewer 2026-03-20"}},
      {"TACIT_GRANTED", {"deliver zone:zhejiang +verifier+reviewer 2026-03-20"}},
      {"DELIVERED", {}},
      {"SUSPENDED_AFTER", {"confirm_condition zone:zhejiang +verifier+reviewer 2026-03-20"}},
      {"REVOKED", {}},
      {"REFUSED", {}},
      {"NOT_REQUIRED", {}},
      {"WRONG_AUTHORITY", {}},
      {"RETURNED", {}},
      {"WITHDRAWN", {}},
  };
  for (const auto& [state, lines] : table) {
    SCOPED_TRACE(state);
    EXPECT_EQ(Lines(Told(state)), lines);
  }
  DecisionNews returned = Told("RETURNED_TO_STEP");
  returned.step = "verify";
  EXPECT_EQ(Lines(returned), L{"verify zone:zhejiang +verifier -u1 -u2 2026-04-01"});
  EXPECT_EQ((*WhatWaits(returned, "o1", Reason::kNone))[0].reason, Reason::kReturned);
}

TEST(WhatWaits, OpenIsWhatSomebodyHasToDecide) {
  for (const char* state : {"PENDING", "SUPPLEMENTING", "ACCEPTED", "VERIFIED", "QUERY_TO_HOME",
                            "HEARING", "SUSPENDED", "RETURNED_TO_STEP"}) {
    EXPECT_TRUE(IsOpen(state)) << state;
  }
  for (const char* state : {"GRANTED", "GRANTED_PARTIAL", "GRANTED_CONDITIONAL", "TACIT_GRANTED",
                            "DELIVERED", "SUSPENDED_AFTER", "REVOKED", "REFUSED", "NOT_REQUIRED",
                            "WRONG_AUTHORITY", "RETURNED", "WITHDRAWN", "LOST"}) {
    EXPECT_FALSE(IsOpen(state)) << state;
  }
}

TEST(WhatWaits, TheStepThatTheEventNames) {
  DecisionNews news = Told("RETURNED_TO_STEP");
  news.step = "accept";
  EXPECT_EQ(Lines(news), L{"accept zone:zhejiang +verifier -u2 2026-04-01"});
  news.step = "decide";
  EXPECT_EQ(Lines(news), L{"decide zone:zhejiang +reviewer -u1 -u2 2026-04-01"});
  news.waiting_for = "zone_admin";
  EXPECT_EQ(Lines(news), L{"decide zone:zhejiang +zone_admin -u1 -u2 2026-04-01"});
  news.recusal_asked = {"u3"};
  EXPECT_EQ(Lines(news)[0], "decide zone:zhejiang +zone_admin -u1 -u2 -u3 2026-04-01");
  news.step = "";
  EXPECT_FALSE(WhatWaits(news, "o1", Reason::kNone)) << "which step?";
}

TEST(WhatWaits, OnlyTheAssigneeAndTheirDeputies) {
  DecisionNews news = Told("ACCEPTED");
  news.assigned_to = "u7";
  news.deputies = {"u8"};
  EXPECT_EQ(Lines(news), L{"verify zone:zhejiang +verifier -u1 -u2 =u7 =u8 2026-04-01"});
}

TEST(WhatWaits, AnOverduePaperWaitsForTheApplicant) {
  DecisionNews news = Told("SUSPENDED");
  news.waiting_for = "filer";
  news.clock->running = false;
  EXPECT_EQ(Lines(news), L{"hand_in_paper org:o1 +filer+enterprise_admin"});
}

TEST(WhatWaits, OthersAreAskedBesideIt) {
  DecisionNews news = Told("VERIFIED");
  news.opinions_of = {"hainan", "jiangsu"};
  news.recusal_asked = {"u3"};
  EXPECT_EQ(Lines(news, Reason::kEscalated),
            (L{"decide zone:zhejiang +reviewer -u1 -u2 -u3 2026-04-01",
               "give_opinion zone:hainan +reviewer 2026-04-01",
               "give_opinion zone:jiangsu +reviewer 2026-04-01",
               "decide_recusal zone:zhejiang +zone_admin -u3 2026-04-01",
               "escalated zone:zhejiang +zone_admin 2026-04-01"}));
  std::vector<std::string> places;
  const auto works = WhatWaits(news, "o1", Reason::kOverdue);
  for (const Work& work : *works) places.push_back(work.place);
  EXPECT_EQ(places, (L{"", "opinion/hainan", "opinion/jiangsu", "recusal", "escalation"}));
  EXPECT_EQ(works->back().reason, Reason::kOverdue);
  news.waiting_for = "zone_admin";
  EXPECT_EQ(Lines(news, Reason::kEscalated).size(), 4u) << "the head has it already";
  news.state = "GRANTED";
  EXPECT_EQ(Lines(news, Reason::kEscalated).size(), 1u) << "it is decided";
}

TEST(WhatWaits, APromiseIsCheckedUntilItIsMet) {
  DecisionNews news = Told("GRANTED");
  news.mode = "NOTIFY";
  news.clock.reset();
  for (const char* promise : {"TO_CHECK", "TO_CORRECT"}) {
    news.promise = promise;
    EXPECT_EQ(Lines(news), L{"check_promise zone:zhejiang +verifier+inspector 2026-03-20"});
  }
  news.promise = "MET";
  EXPECT_EQ(Lines(news), L{});
  news.promise = "";
  news.mode = "AUTOMATIC";
  EXPECT_EQ(Lines(news), L{}) << "the agreement grants, nobody delivers";
}

TEST(WhatWaits, ADueDayWithoutABudgetCountsFromTheEvent) {
  const auto works = WhatWaits(Told("QUERY_TO_HOME"), "o1", Reason::kNone);
  EXPECT_EQ(works->front().budget_days, 9);
  EXPECT_FALSE(works->front().provisional);
  const auto verify = WhatWaits(Told("ACCEPTED"), "o1", Reason::kNone);
  EXPECT_EQ(verify->front().budget_days, 20);
  EXPECT_TRUE(verify->front().provisional);
}

TEST(WhatWaits, RefusesAStateItDoesNotKnow) {
  const auto works = WhatWaits(Told("ANNULLED"), "o1", Reason::kNone);
  ASSERT_FALSE(works);
  EXPECT_EQ(works.error().code, Code::kInternal);
}

TEST(WhatWaits, NoDueDateWhereNoClockRuns) {
  auto standing = RunningClock();
  standing.running = false;
  for (const std::optional<ClockNews>& clock : {std::optional<ClockNews>(), {standing}}) {
    DecisionNews news = Told("SUPPLEMENTING");
    news.clock = clock;
    const auto works = WhatWaits(news, "o1", Reason::kNone);
    ASSERT_TRUE(works && works->size() == 1);
    EXPECT_FALSE(works->front().due_on);
    EXPECT_FALSE(works->front().provisional);
  }
}

TEST(Pressing, GrowsUntilTheBudgetDoes) {
  Reason reason = Reason::kReturned;
  const auto after = [&](const char* verb, const char* rung = "") {
    reason = PressingAfter(reason, verb, rung);
    return std::string(Name(reason));
  };
  EXPECT_EQ(after("verified"), "");
  EXPECT_EQ(after("rung_passed", "REMINDER"), "clock_reminded");
  EXPECT_EQ(after("reminded"), "reminded");
  EXPECT_EQ(after("rung_passed", "REMINDER"), "reminded");
  EXPECT_EQ(after("rung_passed", "ESCALATION"), "escalated");
  EXPECT_EQ(after("rung_passed", "CALENDAR_PUBLISHED"), "escalated");
  EXPECT_EQ(after("rung_passed", "DUE"), "due");
  EXPECT_EQ(after("rung_passed", "OVERDUE"), "overdue");
  EXPECT_EQ(after("reminded"), "overdue");
  EXPECT_EQ(after("extended"), "");
  EXPECT_EQ(after("rung_passed", "DELIVERY_OVERDUE"), "due");
  reason = Reason::kNone;
  EXPECT_EQ(after("rung_passed", "CHECK_OVERDUE"), "due");
}

TEST(Pressing, TheClocksReasonStaysWithTheNextStep) {
  EXPECT_EQ(PressingOn(Reason::kReminded, Action::kVerify, Action::kVerify), Reason::kReminded);
  EXPECT_EQ(PressingOn(Reason::kReminded, Action::kVerify, Action::kDecide), Reason::kNone);
  EXPECT_EQ(PressingOn(Reason::kEscalated, Action::kVerify, Action::kDecide), Reason::kEscalated);
  EXPECT_EQ(PressingOn(Reason::kOverdue, Action::kDecide, Action::kDeliver), Reason::kNone);
  EXPECT_EQ(ShownReason(Action::kSupplement, Reason::kEscalated), Reason::kNone);
  EXPECT_EQ(ShownReason(Action::kSupplement, Reason::kReminded), Reason::kReminded);
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

TEST(Why, ASentenceForEveryActionAndReason) {
  std::set<std::string> zh, en;
  for (int a = 0; a < kActions; ++a) {
    const auto action = static_cast<Action>(a);
    EXPECT_EQ(ParseAction(Name(action)), action);
    for (int r = 0; r < kReasons; ++r) {
      const auto reason = static_cast<Reason>(r);
      EXPECT_EQ(ParseReason(Name(reason)), reason);
      if (ShownReason(action, reason) != reason) continue;
      const auto why =
          Why(action, reason, {.applicant_name = "甲", .item_name_zh = "乙", .item_name_en = "B"});
      EXPECT_NE(why.zh.find("“乙”"), std::string::npos);
      EXPECT_NE(why.en.find("“B”"), std::string::npos);
      EXPECT_TRUE(zh.insert(why.zh).second) << why.zh;
      EXPECT_TRUE(en.insert(why.en).second) << why.en;
    }
  }
  EXPECT_FALSE(ParseAction("grant"));
  EXPECT_FALSE(ParseReason("bored"));
}

TEST(Why, TellsOfTheApplicantAndTheItem) {
  const CaseFacts facts{.applicant_name = "甲", .item_name_zh = "乙", .item_name_en = "B"};
  EXPECT_EQ(Why(Action::kAccept, Reason::kNone, facts).zh, "甲的“乙”申报已送达本区，等待受理。");
  EXPECT_EQ(Why(Action::kVerify, Reason::kNone, facts).en,
            "A filing by 甲 for “B” is accepted and waits for a verifier who has not verified it "
            "yet.");
  EXPECT_EQ(Why(Action::kDecide, Reason::kNone, facts).en,
            "A filing by 甲 for “B” is verified and waits for a decision by a reviewer who did not "
            "verify it.");
  EXPECT_EQ(Why(Action::kDeliver, Reason::kDue, facts).zh,
            "甲的“乙”申报已予认可，等待送达申请人。时限已届满。");
  EXPECT_EQ(Why(Action::kSupplement, Reason::kNone, facts).zh,
            "“乙”申报需要补正材料，补正后审批时限继续计算。");
}

}  // namespace
}  // namespace zonelink::worklist
