// SPDX-License-Identifier: Apache-2.0
#include "platform/review/review.h"

#include <gtest/gtest.h>

#include "platform/review/testing_lines.h"

namespace zonelink::review {
namespace {

using Users = std::vector<std::string>;

Line Fresh() { return {.plan = ThreeSteps()}; }
Line Alone(Step step) { return {.plan = {.line = "l", .unit = "own", .steps = {std::move(step)}}}; }
Step Asking(Rule rule, Users parties, int quorum = 1, bool veto = false) {
  return {.name = "s",
          .role = "consultant",
          .rule = rule,
          .quorum = quorum,
          .veto = veto,
          .parties = std::move(parties)};
}
Step Own(Rule rule, int quorum = 1, bool veto = false) {
  return {.name = "s", .role = "verifier", .rule = rule, .quorum = quorum, .veto = veto};
}
// Agreed on verify by v1, on consult by B and C.
Line AtDecide() {
  Line line = *Give(Fresh(), "verify", kAgrees, kV1, At(1));
  line = *Give(line, "consult", kAgrees, kB1, At(2));
  return *Give(line, "consult", kAgrees, kC1, At(3));
}

// --- what opinions come to ---

struct Case {
  const char* what;
  Step step;
  const char* opinions;  // of B, C, D in this order, or of officers of the own unit: + - 0
  Outcome outcome;
};

TEST(Settle, ByRule) {
  const Outcome open = Outcome::kOpen, yes = Outcome::kAgreed, no = Outcome::kDisagreed;
  const Users bcd = {"B", "C", "D"};
  const std::vector<Case> cases = {
      {"all: some are silent", Asking(Rule::kAll, bcd), "++", open},
      {"all: every one agrees", Asking(Rule::kAll, bcd), "+++", yes},
      {"all: one refusing does not block the others", Asking(Rule::kAll, bcd), "-+", open},
      {"all: one has refused", Asking(Rule::kAll, bcd), "-++", no},
      {"all: abstaining is no refusal", Asking(Rule::kAll, bcd), "+0+", yes},
      {"all: nobody agrees", Asking(Rule::kAll, bcd), "000", no},
      {"all: veto", Asking(Rule::kAll, bcd, 1, true), "+-", no},
      {"any: one", Asking(Rule::kAny, bcd), "-+", yes},
      {"any: not yet", Asking(Rule::kAny, bcd), "-0", open},
      {"any: none", Asking(Rule::kAny, bcd), "-0-", no},
      {"any: veto", Asking(Rule::kAny, bcd, 1, true), "-", no},
      {"quorum: reached", Asking(Rule::kQuorum, bcd, 2), "-++", yes},
      {"quorum: reached early", Asking(Rule::kQuorum, bcd, 2), "++", yes},
      {"quorum: still possible", Asking(Rule::kQuorum, bcd, 2), "-+", open},
      {"quorum: impossible", Asking(Rule::kQuorum, bcd, 2), "--", no},
      {"quorum: impossible by abstaining", Asking(Rule::kQuorum, bcd, 2), "0-", no},
      {"quorum: veto", Asking(Rule::kQuorum, bcd, 2, true), "+-", no},
      {"unit, any: agrees", Own(Rule::kAny), "+", yes},
      {"unit, any: disagrees", Own(Rule::kAny), "-", no},
      {"unit, any: abstaining takes no seat", Own(Rule::kAny), "00", open},
      {"unit, all of two: first disagrees", Own(Rule::kAll, 2), "-", open},
      {"unit, all of two: both spoke", Own(Rule::kAll, 2), "-+", no},
      {"unit, all of two: agree", Own(Rule::kAll, 2), "0++", yes},
      {"unit, all of two: veto", Own(Rule::kAll, 2, true), "-", no},
      {"unit, quorum: one of two", Own(Rule::kQuorum, 2), "+", open},
      {"unit, quorum: two", Own(Rule::kQuorum, 2), "+0+", yes},
      {"unit, quorum: impossible", Own(Rule::kQuorum, 2), "-", no}};
  for (const Case& one : cases) {
    const std::vector<Person> people = one.step.parties.empty()
                                           ? std::vector<Person>{kV1, kV2, kV3}
                                           : std::vector<Person>{kB1, kC1, kD1};
    Line line = Alone(one.step);
    for (size_t i = 0; one.opinions[i] != '\0'; ++i) {
      const char sign = one.opinions[i];
      const Statement& says = sign == '+' ? kAgrees : sign == '-' ? kDisagrees : kAbstains;
      const auto given = Give(line, "s", says, people[i], At(1));
      ASSERT_TRUE(given) << one.what << ": " << ReasonOf(given);
      line = *given;
    }
    EXPECT_EQ(Settled(line, "s"), one.outcome) << one.what;
    EXPECT_EQ(line.record.closed, one.outcome == yes ? Closed::kAgreed : Closed::kNo) << one.what;
  }
}

TEST(Give, GoesFromStepToStepAndTellsSinceWhen) {
  Line line = *Give(Fresh(), "verify", kAgrees, kV1, At(1));
  EXPECT_EQ(CurrentStep(line).name, "consult");
  EXPECT_EQ(line.record.step_since, At(1));
  line = AtDecide();
  EXPECT_EQ(CurrentStep(line).name, "decide");
  EXPECT_EQ(line.record.step_since, At(3));
  line = *Give(line, "decide", kAgrees, kR1, At(4));
  EXPECT_EQ(line.record.closed, Closed::kAgreed);
  EXPECT_EQ(line.record.opinions.size(), 4u);
  EXPECT_EQ(line.record.version, 4);
}

TEST(Give, LateOpinionOfANamedPartyIsRecordedOnly) {
  Line line = Alone(Asking(Rule::kAny, {"B", "C"}));
  line = *Give(line, "s", kAgrees, kB1, At(1));
  line = *Give(line, "s", kDisagrees, kC1, At(2));
  EXPECT_EQ(line.record.opinions.back().standing, Standing::kLate);
  EXPECT_EQ(Settled(line, "s"), Outcome::kAgreed);
  EXPECT_EQ(line.record.closed, Closed::kAgreed);
  EXPECT_EQ(ReasonOf(Give(line, "s", kAgrees, kC1, At(3))), "ALREADY_GIVEN");
}

TEST(Give, OfficersOfTheUnitComeTooLate) {
  const Line line = *Give(Alone(Own(Rule::kAny)), "s", kAgrees, kV1, At(1));
  const auto second = Give(line, "s", kAgrees, kV2, At(1));
  EXPECT_EQ(ReasonOf(second), "STEP_SETTLED");
  EXPECT_EQ(second.error().metadata, (Metadata{{"step", "s"}, {"outcome", "agreed"}}));
}

TEST(Give, SeatsOfTheUnitAreLimitedWhileOthersAreStillAsked) {
  Line line = *AddSign(Alone(Own(Rule::kAll)), {"s", "B", ""}, "head", "theirs too", At(1));
  line = *Give(line, "s", kAgrees, kV1, At(2));
  EXPECT_EQ(ReasonOf(Give(line, "s", kAgrees, kV2, At(3))), "SEATS_TAKEN");
}

TEST(Give, NeedsPartyAndRole) {
  EXPECT_EQ(ReasonOf(Give(Fresh(), "verify", kAgrees, kR1, At(1))), "NOT_YOUR_STEP");
  EXPECT_EQ(ReasonOf(Give(Fresh(), "verify", kAgrees, Officer("x", "B", "verifier"), At(1))),
            "PARTY_NOT_ASKED");
  const Line line = *Give(Fresh(), "verify", kAgrees, kV1, At(1));
  EXPECT_EQ(ReasonOf(Give(line, "consult", kAgrees, kD1, At(2))), "PARTY_NOT_ASKED");
}

TEST(Give, FourEyesHoldBothWaysAndForWhatNoLongerCounts) {
  Line line = *Give(Fresh(), "verify", kAgrees, kBoth, At(1));
  line = *TakeBack(line, kBoth, At(2));
  line = *Give(line, "verify", kAgrees, kV1, At(3));
  line = *Give(line, "consult", kAgrees, kB1, At(4));
  line = *Give(line, "consult", kAgrees, kC1, At(5));
  const auto twice = Give(line, "decide", kAgrees, kBoth, At(6));
  EXPECT_EQ(ReasonOf(twice), "SAME_PERSON_TWICE");
  EXPECT_EQ(twice.error().metadata,
            (Metadata{{"step", "decide"}, {"other_step", "verify"}, {"user", "both"}}));
  EXPECT_EQ(ExcludedUsers(line, "decide"), (Users{"both", "v1"}));

  Person decider = kBoth;
  decider.user_id = "other";
  line = *Give(AtDecide(), "decide", kDisagrees, decider, At(6));
  line = *ReturnTo(line, "verify", kR1, "look again", At(7));
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, decider, At(8))), "SAME_PERSON_TWICE");
  EXPECT_TRUE(Give(line, "verify", kAgrees, kV1, At(8)));
}

TEST(Give, DeclarationComesFirstWhereItIsNeeded) {
  Line line = Fresh();
  line.plan.declaration_needed = true;
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, kV1, At(1))), "DECLARATION_MISSING");
  EXPECT_FALSE(NobodyLeft(line, "verify", {kV1}, At(1)));
  const Line none = *Declare(line, kV1, "", At(2));
  EXPECT_TRUE(Give(none, "verify", kAgrees, kV1, At(3)));
  EXPECT_EQ(ReasonOf(Give(none, "verify", kAgrees, kV2, At(3))), "DECLARATION_MISSING");

  Line some = *Declare(line, kV1, "a cousin works there", At(2));
  EXPECT_EQ(ReasonOf(Give(some, "verify", kAgrees, kV1, At(3))), "CONFLICT_DECLARED");
  EXPECT_EQ(ReasonOf(Declare(some, kV1, "", At(3))), "CONFLICT_DECLARED");
  EXPECT_EQ(ExcludedUsers(some, "verify"), (Users{"v1"}));
  some = *DecideRecusal(some, {"v1", false, "too distant"}, "head", At(4));
  EXPECT_TRUE(Give(some, "verify", kAgrees, kV1, At(5)));
}

TEST(MayAct, AsksForAnOpinionThatCounts) {
  EXPECT_EQ(ReasonOf(MayAct(Fresh(), kV1, At(1))), "");
  EXPECT_EQ(ReasonOf(MayAct(Fresh(), kR1, At(1))), "NOT_YOUR_STEP");
  const Line vetoed =
      *Give(Alone(Asking(Rule::kAll, {"B", "C"}, 1, true)), "s", kDisagrees, kB1, At(1));
  EXPECT_EQ(ReasonOf(MayAct(vetoed, kC1, At(2))), "STEP_SETTLED");  // Give would record it as late
  const Line closed = *Withdraw(Fresh(), "applicant", "", At(2));
  EXPECT_EQ(ReasonOf(MayAct(closed, kV1, At(3))), "LINE_CLOSED");
}

// --- taking back, returning, closing ---

TEST(TakeBack, OpensTheStepAgain) {
  Line line = *Give(Fresh(), "verify", kAgrees, kV1, At(1));
  line = *TakeBack(line, kV1, At(2));
  EXPECT_EQ(CurrentStep(line).name, "verify");
  EXPECT_EQ(line.record.step_since, At(2));
  EXPECT_EQ(line.record.opinions[0].standing, Standing::kTakenBack);
  EXPECT_EQ(line.record.round, 1);
  EXPECT_TRUE(Give(line, "verify", kDisagrees, kV1, At(3)));
  EXPECT_EQ(ReasonOf(TakeBack(line, kV1, At(3))), "NOTHING_TO_TAKE_BACK");
}

TEST(TakeBack, WhatNextTookBackItselfIsNoAct) {
  Line line = *Give(Fresh(), "verify", kAgrees, kV1, At(1));
  line = *Give(line, "consult", kAgrees, kB1, At(2));
  EXPECT_EQ(ReasonOf(TakeBack(line, kV1, At(3))), "NEXT_HAS_ACTED");
  line = *TakeBack(line, kB1, At(3));
  EXPECT_TRUE(TakeBack(line, kV1, At(4)));
}

TEST(TakeBack, NotAfterAReturn) {
  Line line = *ReturnTo(AtDecide(), "consult", kR1, "again", At(5));
  EXPECT_EQ(ReasonOf(TakeBack(line, kV1, At(6))), "NEXT_HAS_ACTED");
}

TEST(TakeBack, WhoWasLateSpeaksAgainAndCounts) {
  Line line = Alone(Asking(Rule::kAll, {"B", "C"}, 1, true));
  line = *Give(line, "s", kDisagrees, kB1, At(1));
  line = *Give(line, "s", kAgrees, kC1, At(2));
  line = *TakeBack(line, kB1, At(3));
  line = *Give(line, "s", kAgrees, kC1, At(4));
  line = *Give(line, "s", kAgrees, kB1, At(5));
  EXPECT_EQ(line.record.closed, Closed::kAgreed);
  EXPECT_EQ(line.record.opinions.size(), 4u);
}

TEST(TakeBack, NotByTheRecused) {
  Line line = *Give(Fresh(), "verify", kAgrees, kV1, At(1));
  line = *Recuse(line, kV1, "a cousin", At(2));
  EXPECT_EQ(ReasonOf(TakeBack(line, kV1, At(3))), "RECUSED");
}

TEST(ReturnTo, KeepsOpinionsAsHistoryAndCancelsParallelOnes) {
  Line line = *Give(Fresh(), "verify", kAgrees, kV1, At(1));
  line = *Give(line, "consult", kAgrees, kB1, At(2));
  line = *ReturnTo(line, "verify", kC1, "a paper is wrong", At(3));
  EXPECT_EQ(CurrentStep(line).name, "verify");
  EXPECT_EQ(line.record.round, 2);
  EXPECT_EQ(line.record.step_since, At(3));
  ASSERT_EQ(line.record.opinions.size(), 2u);
  EXPECT_EQ(line.record.opinions[0].standing, Standing::kCancelled);
  EXPECT_EQ(line.record.opinions[1].standing, Standing::kCancelled);
  line = *Give(line, "verify", kAgrees, kV1, At(4));
  EXPECT_EQ(line.record.opinions.back().round, 2);
  EXPECT_TRUE(Give(line, "consult", kAgrees, kB1, At(5)));
}

TEST(ReturnTo, EarlierStepsStand) {
  const Line line = *ReturnTo(AtDecide(), "consult", kR1, "ask again", At(5));
  EXPECT_EQ(line.record.opinions[0].standing, Standing::kCounted);
  EXPECT_EQ(Settled(line, "verify"), Outcome::kAgreed);
  EXPECT_EQ(Settled(line, "consult"), Outcome::kOpen);
}

TEST(ReturnTo, OnlyByWhoMayActOnTheCurrentStep) {
  EXPECT_EQ(ReasonOf(ReturnTo(AtDecide(), "verify", kV2, "again", At(5))), "NOT_YOUR_STEP");
  EXPECT_EQ(ReasonOf(ReturnTo(AtDecide(), "verify", kB1, "again", At(5))), "PARTY_NOT_ASKED");
  const Line recused = *Recuse(AtDecide(), kR1, "a cousin", At(5));
  EXPECT_EQ(ReasonOf(ReturnTo(recused, "verify", kR1, "again", At(6))), "RECUSED");
}

TEST(Withdraw, CancelsWhatWasStillOpen) {
  Line line = *Give(Fresh(), "verify", kAgrees, kV1, At(1));
  line = *Give(line, "consult", kAgrees, kB1, At(2));
  line = *Withdraw(line, "applicant", "", At(3));
  EXPECT_EQ(line.record.opinions[0].standing, Standing::kCounted);
  EXPECT_EQ(line.record.opinions[1].standing, Standing::kCancelled);
}

TEST(Refuse, LeavesTheOpinionsAsTheyStood) {
  const Line line = *Refuse(*Give(AtDecide(), "decide", kDisagrees, kR1, At(4)), "r1", "no", At(5));
  EXPECT_EQ(line.record.closed, Closed::kDisagreed);
  EXPECT_EQ(Settled(line, "decide"), Outcome::kDisagreed);
}

// --- assignments ---

TEST(Assign, OthersMayNoLongerComplete) {
  const Line line = *Assign(Fresh(), "verify", kV1, "head", At(1));
  EXPECT_EQ(Assignees(line, "verify"), (Users{"v1"}));
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, kV2, At(2))), "REASSIGNED");
  EXPECT_EQ(ReasonOf(Assign(line, "verify", kV2, "head", At(2))), "ALREADY_ASSIGNED");
  EXPECT_EQ(ReasonOf(Assign(line, "verify", kR1, "head", At(2))), "NOT_YOUR_STEP");
  EXPECT_TRUE(Give(line, "verify", kAgrees, kV1, At(2)));
}

TEST(Assign, LeavesTheOtherSeatsOfTheUnitFree) {
  Line line = *Assign(Alone(Own(Rule::kQuorum, 2)), "s", kV1, "head", At(1));
  line = *Give(line, "s", kAgrees, kV2, At(2));
  EXPECT_EQ(ReasonOf(Give(line, "s", kAgrees, kV3, At(3))), "REASSIGNED");
  line = *Give(line, "s", kAgrees, kV1, At(4));
  EXPECT_EQ(line.record.closed, Closed::kAgreed);
}

TEST(Reassign, WhoHadItIsRefused) {
  Line line = *Assign(Alone(Own(Rule::kQuorum, 2)), "s", kV1, "head", At(1));
  line = *Reassign(line, {"s", "", kV2, "v1", "on leave"}, At(2));
  EXPECT_EQ(Assignees(line, "s"), (Users{"v2"}));
  const auto completed = Give(line, "s", kAgrees, kV1, At(3));
  EXPECT_EQ(ReasonOf(completed), "REASSIGNED");
  EXPECT_EQ(completed.error().metadata, (Metadata{{"step", "s"}, {"assignees", "v2"}}));
  EXPECT_EQ(ReasonOf(Reassign(line, {"s", "v1", kV3, "head", ""}, At(3))), "NOT_ASSIGNED");
  EXPECT_EQ(ReasonOf(Reassign(line, {"s", "", kV2, "head", ""}, At(3))), "ALREADY_ASSIGNED");
  line = *Assign(line, "s", kV1, "head", At(4));
  EXPECT_EQ(ReasonOf(Reassign(line, {"s", "", kV3, "head", ""}, At(5))), "NOT_ASSIGNED");
  EXPECT_TRUE(Give(line, "s", kAgrees, kV1, At(5)));
}

TEST(Assign, AnAssigneeOfOnePartyDoesNotHoldUpAnother) {
  Line line = *Give(Fresh(), "verify", kAgrees, kV1, At(1));
  line = *Assign(line, "consult", kB1, "head", At(2));
  EXPECT_EQ(ReasonOf(Give(line, "consult", kAgrees, kB2, At(3))), "REASSIGNED");
  EXPECT_TRUE(Give(line, "consult", kAgrees, kC1, At(3)));
}

TEST(Assign, SurvivesAReturn) {
  Line line = *Assign(Fresh(), "verify", kV1, "head", At(1));
  line = *Give(line, "verify", kAgrees, kV1, At(2));
  EXPECT_EQ(Assignees(line, "verify"), (Users{}));
  line = *ReturnTo(line, "verify", kB1, "again", At(3));
  EXPECT_EQ(Assignees(line, "verify"), (Users{"v1"}));
}

}  // namespace
}  // namespace zonelink::review
