// SPDX-License-Identifier: Apache-2.0
// Delegations, recusals, and whom a step asks.
#include <gtest/gtest.h>

#include "platform/review/review.h"
#include "platform/review/testing_lines.h"

namespace zonelink::review {
namespace {

using Users = std::vector<std::string>;

Line Fresh() { return {.plan = ThreeSteps()}; }
Line AtConsult() { return *Give(Fresh(), "verify", kAgrees, kV1, At(1)); }
Line Voting(int quorum, Users parties) {
  return {.plan = {.line = "l",
                   .unit = "own",
                   .steps = {{.name = "s",
                              .role = "consultant",
                              .rule = Rule::kQuorum,
                              .quorum = quorum,
                              .parties = std::move(parties)}}}};
}

// --- delegations ---

TEST(Delegate, TheDeputyActsWithTheDelegatorsPartyAndRoles) {
  const Person clerk = Officer("clerk", "own", "clerk");
  Line line = *Delegate(Fresh(), kV1, clerk, At(60), At(1));
  EXPECT_TRUE(IsDeputy(line, For(clerk, "v1"), At(2)));
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, clerk, At(2))), "NOT_YOUR_STEP");
  line = *Give(line, "verify", kAgrees, For(clerk, "v1"), At(2));
  EXPECT_EQ(line.record.opinions[0].user_id, "clerk");
  EXPECT_EQ(line.record.opinions[0].on_behalf_of, "v1");
  EXPECT_EQ(line.record.opinions[0].party, "own");
}

TEST(Delegate, OneThatStandsForAllCasesIsTheServicesToKnow) {
  Person clerk = For(Officer("clerk", "own", "verifier"), "v1");
  EXPECT_EQ(ReasonOf(Give(Fresh(), "verify", kAgrees, clerk, At(2))), "DELEGATION_MISSING");
  clerk.standing_delegation = true;
  const Line line = *Give(Fresh(), "verify", kAgrees, clerk, At(2));
  EXPECT_EQ(line.record.opinions[0].user_id, "clerk");
  EXPECT_EQ(line.record.opinions[0].on_behalf_of, "v1");
  Person lent_other = clerk;
  lent_other.roles = {"reviewer"};
  EXPECT_EQ(ReasonOf(Give(Fresh(), "verify", kAgrees, lent_other, At(2))), "NOT_YOUR_STEP");
  for (const char* who : {"v1", "clerk"}) {
    const Line away = *Recuse(Fresh(), Officer(who, "own", "verifier"), "a cousin", At(1));
    EXPECT_EQ(ReasonOf(Give(away, "verify", kAgrees, clerk, At(2))), "RECUSED") << who;
  }
  EXPECT_EQ(ExcludedUsers(line, "decide"), (Users{"clerk", "v1"})) << "four eyes";
}

TEST(Delegate, EndsInTimeOrWhenTakenBack) {
  const Line line = *Delegate(Fresh(), kV1, kV2, At(60), At(1));
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, For(kV2, "v1"), At(60))), "DELEGATION_MISSING");
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, For(kV3, "v1"), At(2))), "DELEGATION_MISSING");
  const Line ended = *Undelegate(line, "v1", "directory", At(2));
  EXPECT_EQ(ReasonOf(Give(ended, "verify", kAgrees, For(kV2, "v1"), At(3))), "DELEGATION_MISSING");
  const Line anew = *Delegate(line, kV1, kV3, At(60), At(2));
  EXPECT_EQ(ReasonOf(Give(anew, "verify", kAgrees, For(kV2, "v1"), At(3))), "DELEGATION_MISSING");
  EXPECT_TRUE(Give(anew, "verify", kAgrees, For(kV3, "v1"), At(3)));
}

TEST(Delegate, IsRefused) {
  const Line line = *Delegate(Fresh(), kV1, kV2, At(60), At(1));
  EXPECT_EQ(ReasonOf(Delegate(line, kV2, kV3, At(60), At(2))), "DEPUTY_MAY_NOT_DELEGATE");
  EXPECT_EQ(ReasonOf(Delegate(line, For(kV2, "v1"), kV3, At(60), At(2))),
            "DEPUTY_MAY_NOT_DELEGATE");
  EXPECT_EQ(ReasonOf(Delegate(line, kV3, kV1, At(60), At(2))), "DEPUTY_MAY_NOT_DELEGATE");
  EXPECT_TRUE(Delegate(line, kV2, kV3, At(90), At(60)));  // the first is over
  EXPECT_EQ(ReasonOf(Delegate(line, kV3, kV3, At(60), At(2))), "SAME_PERSON");
  EXPECT_EQ(ReasonOf(Delegate(line, kV3, kB1, At(60), At(2))), "DEPUTY_OF_OTHER_PARTY");
  EXPECT_EQ(ReasonOf(Delegate(line, kV3, kR1, At(2), At(2))), "DELEGATION_OVER");
  const Line recused = *Recuse(line, kR1, "a cousin", At(2));
  EXPECT_EQ(ReasonOf(Delegate(recused, kV3, kR1, At(60), At(3))), "RECUSED");
}

TEST(Delegate, FourEyesCountBoth) {
  const Person other = Officer("other", "own", "reviewer");
  Line line = *Delegate(Fresh(), kBoth, other, At(60), At(1));
  line = *Give(line, "verify", kAgrees, For(other, "both"), At(2));
  line = *Give(line, "consult", kAgrees, kB1, At(3));
  line = *Give(line, "consult", kAgrees, kC1, At(4));
  EXPECT_EQ(ReasonOf(Give(line, "decide", kAgrees, kBoth, At(5))), "SAME_PERSON_TWICE");
  EXPECT_EQ(ReasonOf(Give(line, "decide", kAgrees, other, At(5))), "SAME_PERSON_TWICE");
  EXPECT_TRUE(Give(line, "decide", kAgrees, kR1, At(5)));
}

TEST(Delegate, OnePersonHasOneVoice) {
  Line line{.plan = ThreeSteps()};
  line.plan.steps[0].rule = Rule::kQuorum;
  line.plan.steps[0].quorum = 2;
  line = *Delegate(line, kV1, kV2, At(60), At(1));
  const Line spoken = *Give(line, "verify", kAgrees, For(kV2, "v1"), At(2));
  EXPECT_EQ(ReasonOf(Give(spoken, "verify", kAgrees, kV2, At(3))), "ALREADY_GIVEN");
  EXPECT_EQ(ReasonOf(Give(spoken, "verify", kAgrees, kV1, At(3))), "ALREADY_GIVEN");
  EXPECT_TRUE(Give(spoken, "verify", kAgrees, kV3, At(3)));
}

TEST(Delegate, TheDeputyTakesTheDelegatorsTask) {
  Line line = *Assign(Fresh(), "verify", kV1, "head", At(1));
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, kV2, At(2))), "REASSIGNED");
  line = *Delegate(line, kV1, kV2, At(60), At(2));
  EXPECT_TRUE(Give(line, "verify", kAgrees, For(kV2, "v1"), At(3)));
}

// --- recusals ---

TEST(Recuse, NoMoreActsAndTheTaskFallsBack) {
  Line line = *Assign(Fresh(), "verify", kV1, "head", At(1));
  line = *Delegate(line, kV1, kV3, At(60), At(1));
  line = *Recuse(line, kV1, "a cousin works there", At(2));
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, kV1, At(3))), "RECUSED");
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, For(kV3, "v1"), At(3))), "DELEGATION_MISSING");
  EXPECT_EQ(Assignees(line, "verify"), (Users{}));
  EXPECT_EQ(ExcludedUsers(line, "verify"), (Users{"v1"}));
  EXPECT_EQ(ReasonOf(Recuse(line, kV1, "again", At(3))), "RECUSED");
  EXPECT_EQ(ReasonOf(Declare(line, kV1, "", At(3))), "RECUSED");
  EXPECT_EQ(ReasonOf(Assign(line, "verify", kV1, "head", At(3))), "RECUSED");
  EXPECT_TRUE(Give(line, "verify", kAgrees, kV2, At(3)));
}

TEST(Recuse, WhatWasSaidOnTheCurrentStepIsCancelled) {
  Line line = *Give(AtConsult(), "consult", kAgrees, kB1, At(2));
  line = *Recuse(line, kB1, "a cousin", At(3));
  EXPECT_EQ(line.record.opinions[1].standing, Standing::kCancelled);
  EXPECT_EQ(SilentParties(line, "consult"), (Users{"B", "C"}));
  EXPECT_TRUE(Give(line, "consult", kAgrees, kB2, At(4)));
  const Line earlier = *Recuse(line, kV1, "a cousin", At(5));
  EXPECT_EQ(earlier.record.opinions[0].standing, Standing::kCounted);
}

TEST(Recuse, AlsoWhatADeputySaid) {
  Line line = *Delegate(AtConsult(), kB1, kB2, At(60), At(1));
  line = *Give(line, "consult", kAgrees, For(kB2, "b1"), At(2));
  line = *Recuse(line, kB1, "a cousin", At(3));
  EXPECT_EQ(line.record.opinions[1].standing, Standing::kCancelled);
}

TEST(RequestRecusal, IsDecidedByASuperior) {
  const Line asked = *RequestRecusal(Fresh(), "v1", "applicant", "a cousin", At(1));
  EXPECT_EQ(ReasonOf(RequestRecusal(asked, "v1", "applicant", "again", At(2))), "RECUSAL_PENDING");
  EXPECT_TRUE(Give(asked, "verify", kAgrees, kV1, At(2)));  // asking alone stops nobody
  EXPECT_EQ(ReasonOf(DecideRecusal(asked, {"v1", true, "so"}, "v1", At(2))), "OWN_RECUSAL");
  EXPECT_EQ(ReasonOf(DecideRecusal(asked, {"v2", true, "so"}, "head", At(2))), "RECUSAL_NOT_ASKED");
  const Line upheld = *DecideRecusal(asked, {"v1", true, "so it is"}, "head", At(2));
  EXPECT_EQ(ReasonOf(Give(upheld, "verify", kAgrees, kV1, At(3))), "RECUSED");
  EXPECT_EQ(ReasonOf(RequestRecusal(upheld, "v1", "applicant", "again", At(3))), "RECUSED");
  const Line declined = *DecideRecusal(asked, {"v1", false, "no kin"}, "head", At(2));
  EXPECT_TRUE(Give(declined, "verify", kAgrees, kV1, At(3)));
  EXPECT_EQ(ReasonOf(DecideRecusal(declined, {"v1", true, "so"}, "head", At(3))),
            "RECUSAL_NOT_ASKED");
}

TEST(NobodyLeft, IsRoutedUp) {
  Line line = *Recuse(Fresh(), kV1, "a cousin", At(1));
  EXPECT_FALSE(NobodyLeft(line, "verify", {kV1, kV2}, At(2)));
  line = *Recuse(line, kV2, "a brother", At(2));
  EXPECT_TRUE(NobodyLeft(line, "verify", {kV1, kV2, kR1, kB1}, At(3)));
  const Person upper = Officer("u1", "upper", "verifier");
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, upper, At(3))), "PARTY_NOT_ASKED");
  line = *RouteUp(line, {"verify", "own", "upper", "all are recused"}, "v1", At(4));
  EXPECT_EQ(ReasonOf(Give(line, "verify", kAgrees, kV3, At(5))), "PARTY_NOT_ASKED");
  line = *Give(line, "verify", kAgrees, upper, At(5));
  EXPECT_EQ(CurrentStep(line).name, "consult");
}

TEST(NobodyLeft, WhenTheSecondOfTwoIsMissing) {
  Line line = Fresh();
  line.plan.steps[0].rule = Rule::kQuorum;
  line.plan.steps[0].quorum = 2;
  line = *Give(line, "verify", kAgrees, kV1, At(1));
  EXPECT_TRUE(NobodyLeft(line, "verify", {kV1}, At(2)));
  line = *RouteUp(line, {"verify", "own", "upper", "no second"}, "head", At(2));
  line = *Give(line, "verify", kAgrees, Officer("u1", "upper", "verifier"), At(3));
  EXPECT_EQ(CurrentStep(line).name, "consult");
}

// --- whom a step asks ---

TEST(AddSign, OneVoiceMore) {
  Line line = *AddSign(AtConsult(), {"consult", "D", ""}, "head", "concerns D", At(2));
  line = *Give(line, "consult", kAgrees, kB1, At(3));
  line = *Give(line, "consult", kAgrees, kC1, At(4));
  EXPECT_EQ(SilentParties(line, "consult"), (Users{"D"}));
  EXPECT_EQ(ReasonOf(AddSign(line, {"consult", "D", ""}, "head", "again", At(5))),
            "PARTY_ALREADY_ASKED");
  line = *Give(line, "consult", kAgrees, kD1, At(5));
  EXPECT_EQ(CurrentStep(line).name, "decide");
}

TEST(AddSign, APersonNeedsNeitherPartyNorRole) {
  const Person expert = Officer("expert", "institute", "expert");
  Line line{.plan = ThreeSteps()};
  line.plan.steps[0].rule = Rule::kAll;
  line = *AddSign(line, {"verify", "", "expert"}, "head", "knows it", At(1));
  line = *Give(line, "verify", kAgrees, kV1, At(2));
  EXPECT_EQ(CurrentStep(line).name, "verify");
  EXPECT_EQ(ReasonOf(Assign(line, "verify", expert, "head", At(3))), "ALREADY_ASSIGNED");
  line = *Give(line, "verify", kAgrees, expert, At(3));
  EXPECT_EQ(CurrentStep(line).name, "consult");
}

TEST(AddSign, IsRefused) {
  EXPECT_EQ(ReasonOf(AddSign(Fresh(), {"verify", "", ""}, "head", "r", At(1))),
            "SIGNATORY_INVALID");
  EXPECT_EQ(ReasonOf(AddSign(Fresh(), {"verify", "D", "v1"}, "head", "r", At(1))),
            "SIGNATORY_INVALID");
  EXPECT_EQ(ReasonOf(AddSign(Fresh(), {"verify", "own", ""}, "head", "r", At(1))),
            "PARTY_ALREADY_ASKED");
  const Line spoken = *Give(AtConsult(), "consult", kAgrees, kB1, At(2));
  EXPECT_EQ(ReasonOf(AddSign(spoken, {"consult", "", "b1"}, "head", "r", At(3))), "ALREADY_GIVEN");
  EXPECT_EQ(ReasonOf(AddSign(spoken, {"decide", "", "v1"}, "head", "r", At(3))),
            "SAME_PERSON_TWICE");
  const Line recused = *Recuse(spoken, kR1, "a cousin", At(3));
  EXPECT_EQ(ReasonOf(AddSign(recused, {"decide", "", "r1"}, "head", "r", At(4))), "RECUSED");
}

TEST(ReduceSign, WhoHasNotSpoken) {
  Line line = *AddSign(AtConsult(), {"consult", "D", ""}, "head", "concerns D", At(2));
  line = *Give(line, "consult", kAgrees, kB1, At(3));
  EXPECT_EQ(ReasonOf(ReduceSign(line, {"consult", "B", ""}, "head", "r", At(4))),
            "PARTY_HAS_SPOKEN");
  EXPECT_EQ(ReasonOf(ReduceSign(line, {"consult", "E", ""}, "head", "r", At(4))),
            "PARTY_NOT_ASKED");
  EXPECT_EQ(ReasonOf(ReduceSign(line, {"consult", "B", "b1"}, "head", "r", At(4))),
            "SIGNATORY_INVALID");
  line = *ReduceSign(line, {"consult", "D", ""}, "head", "does not concern D", At(4));
  EXPECT_EQ(ReasonOf(Give(line, "consult", kAgrees, kD1, At(5))), "PARTY_NOT_ASKED");
  // Only opinions settle a step: C, who has not spoken, cannot be got out of the way.
  EXPECT_EQ(ReasonOf(ReduceSign(line, {"consult", "C", ""}, "head", "r", At(5))),
            "DROP_WOULD_SETTLE");
}

TEST(ReduceSign, NeverBelowTheQuorum) {
  Line line = Voting(2, {"B", "C", "D"});
  line = *ReduceSign(line, {"s", "D", ""}, "head", "r", At(1));
  EXPECT_EQ(ReasonOf(ReduceSign(line, {"s", "C", ""}, "head", "r", At(2))), "DROP_BELOW_QUORUM");
  Line one = Fresh();
  one = *ReduceSign(one, {"consult", "B", ""}, "head", "r", At(1));
  EXPECT_EQ(ReasonOf(ReduceSign(one, {"consult", "C", ""}, "head", "r", At(2))),
            "DROP_BELOW_QUORUM");
}

TEST(SetQuorum, UpAndBackAgain) {
  Line line = Voting(2, {"B", "C", "D"});
  EXPECT_EQ(ReasonOf(SetQuorum(line, {"s", 1}, "head", "r", At(1))), "QUORUM_BELOW_PLAN");
  EXPECT_EQ(ReasonOf(SetQuorum(line, {"s", 4}, "head", "r", At(1))), "QUORUM_ABOVE_SEATS");
  line = *SetQuorum(line, {"s", 3}, "head", "weighty", At(1));
  line = *Give(line, "s", kAgrees, kB1, At(2));
  line = *Give(line, "s", kAgrees, kC1, At(3));
  EXPECT_EQ(Settled(line, "s"), Outcome::kOpen);
  EXPECT_EQ(ReasonOf(SetQuorum(line, {"s", 2}, "head", "r", At(4))), "DROP_WOULD_SETTLE");
  line = *Give(line, "s", kAgrees, kD1, At(5));
  EXPECT_EQ(line.record.closed, Closed::kAgreed);
}

TEST(SetQuorum, OfTheUnitIsItsSeats) {
  Line line{.plan = ThreeSteps()};
  line.plan.steps[0].rule = Rule::kAll;
  EXPECT_EQ(ReasonOf(SetQuorum(Fresh(), {"verify", 2}, "head", "r", At(1))), "QUORUM_ABOVE_SEATS");
  line = *SetQuorum(line, {"verify", 3}, "head", "weighty", At(1));
  line = *AddSign(line, {"verify", "D", ""}, "head", "r", At(1));
  line = *AddSign(line, {"verify", "E", ""}, "head", "r", At(1));
  line = *Give(line, "verify", kAgrees, kV1, At(2));
  line = *Give(line, "verify", kAgrees, kV2, At(3));
  EXPECT_EQ(SilentParties(line, "verify"), (Users{"D", "E", "own"}));
  EXPECT_EQ(ReasonOf(SetQuorum(line, {"verify", 1}, "head", "r", At(4))), "DROP_BELOW_QUORUM");
  line = *SetQuorum(line, {"verify", 2}, "head", "r", At(4));
  EXPECT_EQ(SilentParties(line, "verify"), (Users{"D", "E"}));
}

TEST(RouteUp, TheSuperiorSpeaksInThePartysPlace) {
  Line line = *Give(AtConsult(), "consult", kAgrees, kB1, At(2));
  EXPECT_EQ(ReasonOf(RouteUp(line, {"consult", "B", "BB", "r"}, "h", At(3))), "PARTY_HAS_SPOKEN");
  EXPECT_EQ(ReasonOf(RouteUp(line, {"consult", "D", "DD", "r"}, "h", At(3))), "PARTY_NOT_ASKED");
  EXPECT_EQ(ReasonOf(RouteUp(line, {"consult", "C", "B", "r"}, "h", At(3))), "PARTY_ALREADY_ASKED");
  line = *RouteUp(line, {"consult", "C", "CC", "nobody left"}, "h", At(3));
  EXPECT_EQ(ReasonOf(Give(line, "consult", kAgrees, kC1, At(4))), "PARTY_NOT_ASKED");
  line = *Give(line, "consult", kAgrees, Officer("cc", "CC", "consultant"), At(4));
  EXPECT_EQ(CurrentStep(line).name, "decide");
}

TEST(RouteUp, InThePlaceOfAPersonAddedByName) {
  Line line = *AddSign(AtConsult(), {"consult", "", "expert"}, "head", "knows it", At(2));
  line = *RouteUp(line, {"consult", "expert", "institute", "is recused"}, "head", At(3));
  EXPECT_EQ(SilentParties(line, "consult"), (Users{"B", "C", "institute"}));
}

TEST(Remind, IsCountedByRound) {
  Line line = *Remind(AtConsult(), "consult", "C", "head", At(2));
  line = *Remind(line, "consult", "C", "head", At(3));
  EXPECT_EQ(Reminders(line, "consult"), 2);
  EXPECT_EQ(ReasonOf(Remind(line, "consult", "D", "head", At(4))), "PARTY_NOT_ASKED");
  const Line spoken = *Give(line, "consult", kAgrees, kC1, At(4));
  EXPECT_EQ(ReasonOf(Remind(spoken, "consult", "C", "head", At(5))), "PARTY_HAS_SPOKEN");
  line = *ReturnTo(line, "verify", kB1, "again", At(5));
  EXPECT_EQ(Reminders(line, "consult"), 0);
}

// --- plans ---

TEST(CheckPlan, TellsTheFault) {
  EXPECT_TRUE(CheckPlan(ThreeSteps()));
  const auto with = [](const std::function<void(Plan&)>& change) {
    Plan plan = ThreeSteps();
    change(plan);
    return ReasonOf(CheckPlan(plan));
  };
  const std::vector<std::function<void(Plan&)>> faults = {
      [](Plan& plan) { plan.steps.clear(); },
      [](Plan& plan) { plan.unit.clear(); },
      [](Plan& plan) { plan.steps[1].name = "verify"; },
      [](Plan& plan) { plan.steps[1].name.clear(); },
      [](Plan& plan) { plan.steps[1].role.clear(); },
      [](Plan& plan) { plan.steps[0].quorum = 0; },
      [](Plan& plan) {
        plan.steps[1].parties = {"B", "B"};
      },
      [](Plan& plan) { plan.steps[1].parties = {""}; },
      [](Plan& plan) {
        plan.steps[1].rule = Rule::kQuorum;
        plan.steps[1].quorum = 3;
      },
      [](Plan& plan) { plan.steps[0].apart_from = {"decide"}; },
      [](Plan& plan) { plan.steps[0].due_days = -1; },
      [](Plan& plan) { plan.steps[0].deadline_action = DeadlineAction::kRemind; }};
  for (size_t i = 0; i < faults.size(); ++i) {
    EXPECT_EQ(with(faults[i]), "REVIEW_PLAN_INVALID") << i;
  }
}

}  // namespace
}  // namespace zonelink::review
