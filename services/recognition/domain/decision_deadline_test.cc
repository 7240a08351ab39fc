// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

constexpr const char* kDraw = "ABCDEFGHJKMN";
const Time kFiveDays = EndOfDay(On("2026-03-09"));
const Time kDue = EndOfDay(On("2026-03-30"));  // twenty working days after Monday

const clocks::Kind* KindNamed(std::string_view name) {
  for (const clocks::Kind& kind : Deadlines()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

std::optional<Decision> Due(const Decision& d) {
  return PassRung(d, "decision", "DUE", kDraw, kDue);
}

TEST(DecisionDeadline, RungsComeWhenTheLawSays) {
  struct Row {
    const char* kind;
    int budget;
    const char* rung;
    Time at;
  };
  const Time noon = At("2026-03-02T12:00:00+08:00");
  const std::vector<Row> rows = {
      {"DECISION", 20, "DEEMED_ACCEPTED", kFiveDays},
      {"DECISION", 20, "REMINDER", EndOfDay(On("2026-03-16"))},
      {"DECISION", 20, "ESCALATION", EndOfDay(On("2026-03-24"))},
      {"DECISION", 20, "DUE", kDue},
      {"DECISION", 20, "OVERDUE", EndOfDay(On("2026-04-03"))},
      {"SUPPLEMENT", 15, "SUPPLEMENT_MISSED", EndOfDay(On("2026-03-23"))},
      {"QUERY", 10, "QUERY_MISSED", EndOfDay(On("2026-03-16"))},
      {"DELIVERY", 10, "DELIVERY_OVERDUE", EndOfDay(On("2026-03-16"))},
      {"CORRECTION", 15, "PROMISE_BROKEN", EndOfDay(On("2026-03-23"))},
      {"PAPER_WINDOW", 15, "PAPER_WINDOW_MISSED", EndOfDay(On("2026-03-23"))},
      {"PAPER", 12 * 60, "PAPER_MISSED", EndOfDay(On("2026-03-02"))},
      {"CONDITION", 36 * 60, "CONDITION_MISSED", EndOfDay(On("2026-03-03"))},
  };
  for (const Row& row : rows) {
    const clocks::Kind* kind = KindNamed(row.kind);
    ASSERT_NE(kind, nullptr) << row.kind;
    const WorkingClock clock{.budget = row.budget, .unit = kind->unit, .started_at = noon};
    bool found = false;
    for (const clocks::Rung& rung : kind->rungs) {
      if (rung.name != row.rung) continue;
      found = true;
      EXPECT_EQ(clocks::FiresAt(clock, rung, NationalCalendar()), row.at) << row.rung;
    }
    EXPECT_TRUE(found) << row.rung;
  }
}

TEST(DecisionDeadline, EveryClockThatIsStartedIsOfAKnownKind) {
  Decision d = VerifiedOne();
  d.papers = {Deferred("invoice", "2026-03-03")};
  for (const Decision& started :
       {In(State::kSupplementing), In(State::kQueryToHome), In(State::kGranted),
        In(State::kRevoked), ConditionallyGranted(), GrantedOnPromise(),
        *PassRung(d, "paper/invoice", "PAPER_MISSED", "", kLater)}) {
    for (const ClockAct& act : started.clock_acts) {
      if (act.kind.empty()) continue;
      const clocks::Kind* kind = KindNamed(act.kind);
      ASSERT_NE(kind, nullptr) << act.kind;
      EXPECT_EQ(kind->unit, act.clock.unit) << act.kind;
      EXPECT_GE(act.clock.budget, 1);
    }
  }
}

TEST(DecisionDeadline, SilenceForFiveDaysAccepts) {
  const auto accepted = PassRung(Received(), "decision", "DEEMED_ACCEPTED", "", kFiveDays);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->state, State::kAccepted);
  EXPECT_EQ(WaitingStep(*accepted), "verify");
  EXPECT_EQ(accepted->legal_basis, "行政许可法 §32 (4)");
  EXPECT_EQ(accepted->clock->started_at, kSubmitted);
  EXPECT_TRUE(Verify(*accepted, kVerifier, "ok", kFiveDays));
  EXPECT_EQ(ReasonOf(RequestSupplement(*accepted, kVerifier, Notice(), {}, false, kFiveDays)),
            "DECISION_NOT_PENDING");
  for (const State state : AllStates()) {
    if (state == State::kPending) continue;
    EXPECT_FALSE(PassRung(In(state), "decision", "DEEMED_ACCEPTED", "", kFiveDays));
  }
}

TEST(DecisionDeadline, NeitherAnAssignmentNorAHeadKeepsSilenceFromAccepting) {
  const Decision given = *Reassign(Received(), kHead, Known(kVerifier2), "busy", kLater);
  const Decision routed = *Recuse(Received(), kVerifier, "a cousin", {Known(kVerifier)}, kLater);
  const Decision both = *Reassign(routed, kHead, Known(kHead2), "busy", kLater);
  for (const Decision& d : {given, routed, both}) {
    const auto accepted = PassRung(d, "decision", "DEEMED_ACCEPTED", "", kFiveDays);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->state, State::kAccepted);
    EXPECT_EQ(WaitingStep(*accepted), "verify");
  }
}

TEST(DecisionDeadline, SilenceGrantsOnlyWhereTheItemLetsIt) {
  for (const State state : AllStates()) {
    const bool running = state == State::kPending || state == State::kAccepted ||
                         state == State::kVerified || state == State::kReturnedToStep ||
                         state == State::kQueryToHome;
    Decision d = In(state);
    d.terms.tacit_allowed = true;
    const auto granted = Due(d);
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->step->verb, running ? Verb::kGrantTacitly : Verb::kPassRung);
    d.terms.tacit_allowed = false;
    const auto told = Due(d);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->state, state);
    EXPECT_EQ(told->step->verb, Verb::kPassRung);
    if (!running) continue;
    EXPECT_EQ(granted->state, State::kTacitGranted);
    EXPECT_EQ(granted->recognition_number, "R2026-ABCDEFGHJKMN");
    EXPECT_EQ(granted->closed_at, kDue);
    EXPECT_TRUE(granted->by_clock);
    EXPECT_EQ(granted->decided_by, "");
    EXPECT_FALSE(granted->legal_basis.empty());
    EXPECT_EQ(granted->line->record.closed, review::Closed::kTacit);
    EXPECT_EQ(Acts(*granted).back(), "+delivery");
    EXPECT_NE(ReasonOf(Granted(*granted)), "");  // the officer lost the race
    for (const Query& query : granted->queries) EXPECT_EQ(query.closed_at, kDue);
  }
}

TEST(DecisionDeadline, ExcludedClassesAreNeverGrantedBySilence) {
  Item item{.tacit_allowed = true};
  EXPECT_TRUE(TermsOf(item).tacit_allowed);
  item.excluded_class = true;
  EXPECT_FALSE(TermsOf(item).tacit_allowed);
  EXPECT_FALSE(TermsOf(Item{}).tacit_allowed);
}

TEST(DecisionDeadline, TermsAreTheItems) {
  Item item{.supplement_window_days = 7,
            .extension_days = 9,
            .joint_extension_days = 14,
            .delivery_days = 5,
            .query_days = 8,
            .promise_check_days = 33,
            .promise_correction_days = 11};
  const Terms terms = TermsOf(item);
  EXPECT_EQ(terms.supplement_window, 7);
  EXPECT_EQ(terms.extension, 9);
  EXPECT_EQ(terms.delivery, 5);
  EXPECT_EQ(terms.query, 8);
  EXPECT_EQ(terms.promise_check, 33);
  EXPECT_EQ(terms.promise_correction, 11);
  item.joint_budget_days = 45;
  EXPECT_EQ(TermsOf(item).extension, 14);
}

TEST(DecisionDeadline, SilenceGrantsNotAgainstPapersOpinionsOrAnExpiredCredential) {
  Decision ready = VerifiedOne();
  ready.terms.tacit_allowed = true;
  Decision papers = ready;
  papers.papers = {Deferred("invoice", "2026-04-20")};
  Decision expired = ready;
  expired.credential_valid_until = On("2026-03-29");
  Decision against =
      *RequestOpinions(ready, kReviewer, Asking(review::Rule::kAll, 0, true), kLater);
  against = *GiveOpinion(against, Of("fujian", "reviewer", "f"), review::Verdict::kDisagree, "no",
                         kLater);
  for (const Decision& d : {papers, expired, against}) {
    const auto told = Due(d);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->state, State::kVerified);
    EXPECT_EQ(told->step->verb, Verb::kPassRung);
  }
  expired.credential_valid_until = On("2026-03-30");  // good until the instant itself
  EXPECT_EQ(Due(expired)->state, State::kTacitGranted);
}

// The clock was read late: in between it was stopped for a hearing and went on.
TEST(DecisionDeadline, ALateRungIsNotBeforeTheClocksLastEvent) {
  Decision d = AcceptedOne();
  d.terms.tacit_allowed = true;
  d = *Suspend(d, kVerifier, Ground("HEARING"), kDue + std::chrono::minutes(1));
  const auto told = Due(d);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->state, State::kHearing);
  const Time resumed_at = kDue + std::chrono::minutes(9);
  d = *Resume(d, kVerifier, resumed_at);
  const auto granted = Due(d);
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->state, State::kTacitGranted);
  EXPECT_EQ(granted->closed_at, resumed_at);
  EXPECT_EQ(granted->clock->stopped_at, resumed_at);
}

TEST(DecisionDeadline, AMissedSupplementReturnsTheCase) {
  const Time end = EndOfDay(On("2026-03-23"));
  const auto returned =
      PassRung(In(State::kSupplementing), "supplement", "SUPPLEMENT_MISSED", "", end);
  ASSERT_TRUE(returned);
  EXPECT_EQ(returned->state, State::kReturned);
  EXPECT_EQ(returned->closed_at, end);
  EXPECT_TRUE(returned->by_clock);
  EXPECT_FALSE(returned->supplement->answered_at);
  EXPECT_TRUE(Stops(*returned, "*"));
  EXPECT_EQ(ReasonOf(Supplement(*returned, end)), "SUPPLEMENT_NOT_ASKED");
  EXPECT_FALSE(PassRung(*Supplement(In(State::kSupplementing), kLater), "supplement",
                        "SUPPLEMENT_MISSED", "", end));
}

TEST(DecisionDeadline, OtherRungsOnlyTell) {
  for (const clocks::Kind& kind : Deadlines()) {
    for (const clocks::Rung& rung : kind.rungs) {
      for (const State state : AllStates()) {
        const Decision before = In(state);
        const auto after = PassRung(before, "nobody", rung.name, kDraw, kDue);
        const bool tells = rung.name == "REMINDER" || rung.name == "ESCALATION" ||
                           rung.name == "DUE" || rung.name == "OVERDUE" ||
                           rung.name == "CHECK_OVERDUE" || rung.name == "DELIVERY_OVERDUE";
        if (!tells) continue;
        ASSERT_TRUE(after) << rung.name;
        EXPECT_EQ(after->state, before.state);
        EXPECT_EQ(after->version, before.version + 1);
        EXPECT_EQ(after->step->verb, Verb::kPassRung);
        EXPECT_EQ(after->clock_acts.size(), before.clock_acts.size());
      }
    }
  }
}

}  // namespace
}  // namespace zonelink::recognition
