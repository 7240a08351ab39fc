// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_refusal.h"
#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

Result<Decision> Partial(Scope scope, Decision d = VerifiedOne()) {
  return GrantPartial(std::move(d), kReviewer, std::move(scope), "part", "ABCDEFGHJKMN", kLater);
}

Decision WithOrigin(Scope origin) {
  Decision d = VerifiedOne();
  d.origin_scope = std::move(origin);
  return d;
}

const Scope kOrigin{.activities = {"retail", "repair"},
                    .addresses = {"1 North Road", "2 South Road"},
                    .quantity = "100",
                    .valid_from = On("2026-01-01"),
                    .valid_until = On("2026-12-31")};

// What would be over before it begins, by the part or by the origin.
TEST(DecisionOutcome, NothingIsGrantedThatIsOver) {
  const Date today = ShanghaiDate(kLater);
  const std::chrono::days day{1};
  const auto part = [&](std::optional<Date> from, Date until) {
    return ReasonOf(Partial({.valid_from = from, .valid_until = until}, WithOrigin(kOrigin)));
  };
  EXPECT_EQ(part({}, today), "");
  EXPECT_EQ(part({}, today - day), "SCOPE_INVALID");
  EXPECT_EQ(part(today + 2 * day, today + day), "SCOPE_INVALID");
  Scope over = kOrigin;
  over.valid_until = today - day;
  EXPECT_EQ(ReasonOf(Granted(WithOrigin(over))), "CREDENTIAL_EXPIRED");
  over.valid_until = today;
  EXPECT_EQ(ReasonOf(Granted(WithOrigin(over))), "");
}

TEST(DecisionOutcome, GrantGivesANumberAndStopsTheClock) {
  const auto granted = Granted(VerifiedOne());
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->recognition_number, "R2026-ABCDEFGHJKMN");
  EXPECT_EQ(granted->decided_by, "u-reviewer");
  EXPECT_EQ(granted->reason, "as agreed");
  EXPECT_EQ(granted->legal_basis, "行政许可法 §38");
  EXPECT_EQ(granted->closed_at, kLater);
  EXPECT_FALSE(granted->by_clock);
  EXPECT_EQ(WaitingFor(*granted), "");
  EXPECT_EQ(granted->line->record.closed, review::Closed::kAgreed);
  EXPECT_TRUE(Stops(*granted, "*"));
  EXPECT_TRUE(Starts(*granted, "delivery"));
  EXPECT_EQ(Acts(*granted).back(), "+delivery");  // after all others were stopped
  const auto then = ReadClock(*granted, NationalCalendar(), kLater + std::chrono::hours(24 * 40));
  ASSERT_TRUE(then);
  EXPECT_FALSE(then->running);
  EXPECT_EQ(then->used_days, 1);
}

TEST(DecisionOutcome, NobodyBothVerifiesAndDecides) {
  const Decision d = *Verify(*Verified(AcceptedOne(2)), kBoth, "ok", kLater);
  EXPECT_EQ(ReasonOf(Granted(d, kBoth)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_EQ(ReasonOf(Refuse(d, kBoth, {"a", "b", "c"}, kLater)), "VERIFIER_MAY_NOT_DECIDE");
  for (const Actor& by : {kVerifier, kVerifier2}) {  // whatever the state: they hold no such role
    EXPECT_EQ(ReasonOf(Granted(d, by)), "ROLE_NEEDED");
    EXPECT_EQ(ReasonOf(Refuse(d, by, {"a", "b", "c"}, kLater)), "ROLE_NEEDED");
    EXPECT_EQ(ReasonOf(Granted(In(State::kGranted), by)), "ROLE_NEEDED");
  }
  EXPECT_EQ(ReasonOf(Granted(In(State::kGranted))), "DECISION_NOT_VERIFIED");
  EXPECT_TRUE(Granted(d));
}

TEST(DecisionOutcome, GrantsNeedAValidCredential) {
  Decision d = VerifiedOne();
  d.credential_valid_until = On("2026-03-04");
  EXPECT_TRUE(Granted(d, kReviewer, At("2026-03-04T23:59:59+08:00")));
  const Time over = At("2026-03-05T00:00:00+08:00");
  EXPECT_EQ(ReasonOf(Granted(d, kReviewer, over)), "CREDENTIAL_EXPIRED");
  EXPECT_EQ(ReasonOf(GrantPartial(d, kReviewer, {.activities = {"retail"}}, "ok", "R", over)),
            "CREDENTIAL_EXPIRED");
  EXPECT_EQ(ReasonOf(GrantConditional(d, kReviewer, TwoConditions(), "ok", "R", over)),
            "CREDENTIAL_EXPIRED");
  EXPECT_TRUE(Refuse(d, kReviewer, {"a", "b", "c"}, over));
}

TEST(DecisionOutcome, GrantsNeedThePapersThatWereDeferred) {
  Decision d = VerifiedOne();
  d.papers = {Deferred("invoice", "2026-03-20")};
  EXPECT_EQ(ReasonOf(Granted(d)), "PAPERS_OUTSTANDING");
  EXPECT_EQ(ReasonOf(Partial({.activities = {"retail"}}, d)), "PAPERS_OUTSTANDING");
  EXPECT_TRUE(Refuse(d, kReviewer, {"a", "b", "c"}, kLater));
  EXPECT_TRUE(Granted(*HandIn(d, {"invoice"}, kLater)));
}

TEST(DecisionOutcome, RefusalCitesArticleFactsAndReason) {
  for (const Refusal& unfounded :
       {Refusal{"", "facts", "why"}, Refusal{"§20", "", "why"}, Refusal{"§20", "facts", ""}}) {
    EXPECT_EQ(ReasonOf(Refuse(VerifiedOne(), kReviewer, unfounded, kLater)), "REFUSAL_UNFOUNDED");
    EXPECT_EQ(ReasonOf(Refuse(VerifiedOne(), kStranger, unfounded, kLater)), "NOT_DECIDING_ZONE");
    EXPECT_EQ(ReasonOf(Refuse(AcceptedOne(), kReviewer, unfounded, kLater)),
              "DECISION_NOT_VERIFIED");
  }
  const auto refused = Refuse(VerifiedOne(), kReviewer, {"§20", "forged", "not genuine"}, kLater);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->article, "§20");
  EXPECT_EQ(refused->legal_basis, "§20");
  EXPECT_EQ(refused->facts, "forged");
  EXPECT_EQ(refused->reason, "not genuine");
  EXPECT_EQ(refused->decided_by, "u-reviewer");
  EXPECT_TRUE(refused->recognition_number.empty());
  EXPECT_EQ(refused->line->record.closed, review::Closed::kDisagreed);
  EXPECT_FALSE(Starts(*refused, "delivery"));
}

TEST(DecisionOutcome, RefusalsHaveACodeThatAllZonesShare) {
  const auto refuse = [](const std::string& code) {
    return Refuse(VerifiedOne(), kReviewer, {"§20", "forged", "not genuine", code}, kLater);
  };
  std::set<std::string_view> codes;
  for (const RefusalReason& reason : RefusalReasons()) {
    EXPECT_TRUE(codes.insert(reason.code).second) << reason.code;
    EXPECT_FALSE(reason.zh.empty());
    EXPECT_FALSE(reason.en.empty());
    EXPECT_EQ(reason.basis.empty(), reason.unverified) << "an article, or said not to be backed";
    const auto refused = refuse(std::string(reason.code));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->refusal_code, reason.code);
  }
  EXPECT_EQ(refuse("")->refusal_code, "OTHER");
  EXPECT_EQ(ReasonOf(refuse("BECAUSE")), "REFUSAL_CODE_UNKNOWN");
  EXPECT_EQ(ReasonOf(refuse("other")), "REFUSAL_CODE_UNKNOWN");
}

TEST(DecisionOutcome, WhoeverIsNotGivenAllMayTurnSomewhere) {
  for (const State state : AllStates()) {
    const auto remedies = RemediesOf(In(state));
    const bool against = state == State::kRefused || state == State::kGrantedPartial ||
                         state == State::kGrantedConditional || state == State::kNotRequired ||
                         state == State::kWrongAuthority || state == State::kReturned ||
                         state == State::kRevoked || state == State::kSuspendedAfter;
    ASSERT_EQ(remedies.size(), against ? 2u : 0u) << Name(state);
    if (!against) continue;
    EXPECT_EQ(remedies[0].kind, "RECONSIDERATION");
    EXPECT_EQ(remedies[0].within_days, 60);
    EXPECT_EQ(remedies[0].basis, "行政复议法 §20");
    EXPECT_FALSE(remedies[0].unverified);
    EXPECT_TRUE(remedies[1].unverified);
  }
}

TEST(DecisionOutcome, PartialGrantIsNarrower) {
  struct Row {
    const char* reason;
    Scope scope;
  };
  const std::vector<Row> rows = {
      {"", {.activities = {"retail"}}},
      {"", {.addresses = {"2 South Road"}}},
      {"", {.quantity = "99.99"}},
      {"", {.valid_until = On("2026-12-30")}},
      {"", {.valid_from = On("2026-01-02")}},
      {"", {.activities = {"retail"}, .quantity = "100"}},
      {"SCOPE_NOT_NARROWER", {}},
      {"SCOPE_NOT_NARROWER", {.activities = {"repair", "retail"}}},  // the same in another order
      {"SCOPE_NOT_NARROWER", {.activities = {"retail", "export"}}},
      {"SCOPE_NOT_NARROWER", {.addresses = {"3 East Road"}}},
      {"SCOPE_NOT_NARROWER", {.quantity = "100.00"}},
      {"SCOPE_NOT_NARROWER", {.activities = {"retail"}, .quantity = "100.01"}},
      {"SCOPE_NOT_NARROWER", {.activities = {"retail"}, .quantity = "1000"}},
      {"SCOPE_NOT_NARROWER", {.valid_until = On("2026-12-31")}},
      {"SCOPE_NOT_NARROWER", {.activities = {"retail"}, .valid_until = On("2027-01-01")}},
      {"SCOPE_NOT_NARROWER", {.activities = {"retail"}, .valid_from = On("2025-12-31")}},
      {"SCOPE_INVALID", {.quantity = "many"}},
      {"SCOPE_INVALID", {.quantity = "-1"}},
      {"SCOPE_INVALID", {.quantity = "1e3"}},
      {"SCOPE_INVALID", {.valid_until = On("2027-03-02")}},
      {"SCOPE_INVALID", {.valid_from = On("2026-06-02"), .valid_until = On("2026-06-01")}},
      {"SCOPE_INVALID", {.valid_from = On("2027-01-01")}},  // after the origin's last day
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(ReasonOf(Partial(rows[i].scope, WithOrigin(kOrigin))), rows[i].reason) << i;
  }
}

TEST(DecisionOutcome, WhatTheOriginDidNotSayIsNarrowedToo) {
  EXPECT_TRUE(Partial({.activities = {"retail"}}));
  EXPECT_TRUE(Partial({.quantity = "5"}));
  EXPECT_TRUE(Partial({.valid_until = On("2027-02-28")}));
  EXPECT_EQ(ReasonOf(Partial({.valid_until = On("2027-03-01")})), "SCOPE_NOT_NARROWER");
  EXPECT_TRUE(Partial({.quantity = "5"}, WithOrigin({.quantity = "a few"})));
}

TEST(DecisionOutcome, DifferencesAreShownPartByPart) {
  const Scope less{.activities = {"retail"},
                   .addresses = {"1 North Road"},
                   .quantity = "60.5",
                   .valid_from = On("2026-04-01"),
                   .valid_until = On("2026-06-30")};
  const auto differences = DifferencesOf(kOrigin, less, On("2027-03-01"));
  const std::vector<std::vector<std::string>> expected = {
      {"activities", "retail; repair", "retail"},
      {"addresses", "1 North Road; 2 South Road", "1 North Road"},
      {"quantity", "100", "60.5"},
      {"period", "2026-12-31", "2026-06-30"},
      {"period", "2026-01-01", "2026-04-01"}};
  ASSERT_EQ(differences.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(differences[i].part, expected[i][0]);
    EXPECT_EQ(differences[i].origin, expected[i][1]);
    EXPECT_EQ(differences[i].recognised, expected[i][2]);
  }
  EXPECT_TRUE(DifferencesOf(kOrigin, {}, On("2027-03-01")).empty());
  EXPECT_TRUE(DifferencesOf(kOrigin, kOrigin, On("2027-03-01")).empty());
  const auto granted = Partial(less, WithOrigin(kOrigin));
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->scope.quantity, "60.5");
  EXPECT_EQ(granted->recognition_number, "R2026-ABCDEFGHJKMN");
}

TEST(DecisionOutcome, ConditionsAreDueLater) {
  const auto granted = ConditionallyGranted();
  ASSERT_EQ(granted.conditions.size(), 2u);
  EXPECT_TRUE(Starts(granted, "condition/1"));
  EXPECT_TRUE(Starts(granted, "condition/2"));
  EXPECT_TRUE(Starts(granted, "delivery"));
  for (const char* day : {"2026-03-04", "2026-03-03", "2041-01-01", "9999-12-31"}) {
    auto conditions = TwoConditions();
    conditions[1].due_on = On(day);
    EXPECT_EQ(ReasonOf(GrantConditional(VerifiedOne(), kReviewer, conditions, "if", "R", kLater)),
              "CONDITION_DUE");
  }
  auto last_day = TwoConditions();
  last_day[1].due_on = LastClockDay();
  const auto far = GrantConditional(VerifiedOne(), kReviewer, last_day, "if", "R", kLater);
  ASSERT_TRUE(far);
  const WorkingClock& kept = far->clock_acts.back().clock;
  EXPECT_EQ(DueOn(kept, NationalCalendar(), kLater), LastClockDay()) << "in minutes, and not over";
  auto tomorrow = TwoConditions();
  tomorrow[1].due_on = On("2026-03-05");
  const auto soon = GrantConditional(VerifiedOne(), kReviewer, tomorrow, "if", "R", kLater);
  ASSERT_TRUE(soon);
  const ClockAct& last = soon->clock_acts.back();
  EXPECT_EQ(last.name, "condition/2");
  EXPECT_EQ(last.clock.unit, Unit::kCalendarMinute);
  EXPECT_EQ(last.clock.started_at + std::chrono::minutes(last.clock.budget),
            EndOfDay(On("2026-03-05")));
}

}  // namespace
}  // namespace zonelink::recognition
