// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

const Time kAfter = At("2026-04-11T00:00:00+08:00");  // the first condition's day is over

std::optional<Decision> Miss(const Decision& d, const char* clock) {
  return PassRung(d, clock, "CONDITION_MISSED", "", kAfter);
}

TEST(DecisionAfter, OnlyOfficersOfTheZone) {
  for (const auto& [by, reason] :
       {std::pair{kStranger, "NOT_DECIDING_ZONE"}, std::pair{kOwn, "OWN_ORGANIZATION"}}) {
    EXPECT_EQ(ReasonOf(Deliver(In(State::kGranted), by, "post", kLater)), reason);
    EXPECT_EQ(ReasonOf(CheckPromise(GrantedOnPromise(), by, true, "kept", kLater)), reason);
    EXPECT_EQ(ReasonOf(ConfirmCondition(ConditionallyGranted(), by, 1, "seen", kLater)), reason);
  }
}

TEST(DecisionAfter, EveryGrantIsDeliveredOnce) {
  for (const State state : {State::kGranted, State::kGrantedPartial, State::kGrantedConditional,
                            State::kTacitGranted}) {
    const auto delivered = Deliver(In(state), kVerifier, "by post", kAfter);
    ASSERT_TRUE(delivered);
    EXPECT_EQ(delivered->state, State::kDelivered);
    EXPECT_TRUE(IsInForce(delivered->state));
    EXPECT_EQ(delivered->delivered_at, kAfter);
    EXPECT_EQ(delivered->delivery_method, "by post");
    EXPECT_EQ(delivered->closed_at, kLater);  // as before
    EXPECT_TRUE(Stops(*delivered, "delivery"));
    EXPECT_EQ(ReasonOf(Deliver(*delivered, kVerifier, "again", kAfter)), "DECISION_NOT_GRANTED");
  }
}

TEST(DecisionAfter, AKeptPromiseIsDoneWith) {
  EXPECT_TRUE(Starts(GrantedOnPromise(), "promise"));
  const auto met = CheckPromise(GrantedOnPromise(), kVerifier, true, "as promised", kLater);
  ASSERT_TRUE(met);
  EXPECT_EQ(met->promise, PromiseState::kMet);
  EXPECT_EQ(met->promise_findings, "as promised");
  EXPECT_EQ(met->state, State::kGranted);
  EXPECT_TRUE(Stops(*met, "promise"));
  EXPECT_FALSE(Starts(*met, "correction"));
  EXPECT_EQ(ReasonOf(CheckPromise(*met, kVerifier, false, "?", kLater)), "PROMISE_NOT_OPEN");
  EXPECT_EQ(ReasonOf(CheckPromise(In(State::kGranted), kVerifier, true, "?", kLater)),
            "PROMISE_NOT_OPEN");
  EXPECT_FALSE(PassRung(*met, "correction", "PROMISE_BROKEN", "", kAfter));
}

TEST(DecisionAfter, AnUnmetPromiseIsCorrectedOrRevoked) {
  const auto unmet = CheckPromise(GrantedOnPromise(), kVerifier, false, "no licence", kLater);
  ASSERT_TRUE(unmet);
  EXPECT_EQ(unmet->promise, PromiseState::kToCorrect);
  EXPECT_EQ(unmet->state, State::kGranted);
  EXPECT_TRUE(Stops(*unmet, "promise"));
  EXPECT_TRUE(Starts(*unmet, "correction"));
  EXPECT_EQ(unmet->clock_acts.back().clock.budget, unmet->terms.promise_correction);
  const auto still = CheckPromise(*unmet, kVerifier, false, "still none", kLater);
  ASSERT_TRUE(still);
  EXPECT_EQ(still->promise, PromiseState::kToCorrect);
  EXPECT_EQ(still->promise_findings, "still none");
  EXPECT_EQ(Acts(*still), Acts(*unmet));  // its time goes on and does not begin again
  const auto corrected = CheckPromise(*unmet, kVerifier, true, "now", kLater);
  ASSERT_TRUE(corrected);
  EXPECT_EQ(corrected->promise, PromiseState::kMet);
  EXPECT_TRUE(Stops(*corrected, "correction"));
  for (const Decision& d : {*unmet, *Deliver(*unmet, kVerifier, "post", kLater)}) {
    const auto revoked = PassRung(d, "correction", "PROMISE_BROKEN", "", kAfter);
    ASSERT_TRUE(revoked);
    EXPECT_EQ(revoked->state, State::kRevoked);
    EXPECT_FALSE(IsInForce(revoked->state));
    EXPECT_EQ(revoked->promise, PromiseState::kBroken);
    EXPECT_TRUE(revoked->by_clock);
    EXPECT_EQ(revoked->closed_at, kSubmitted);
    EXPECT_EQ(ReasonOf(CheckPromise(*revoked, kVerifier, true, "now", kAfter)), "PROMISE_NOT_OPEN");
  }
  EXPECT_FALSE(PassRung(GrantedOnPromise(), "correction", "PROMISE_BROKEN", "", kAfter));
}

TEST(DecisionAfter, ConditionsAreMetInTheirPlace) {
  const Decision d = ConditionallyGranted();
  for (const int place : {-1, 0, 3}) {
    const auto unknown = ConfirmCondition(d, kVerifier, place, "seen", kAfter);
    EXPECT_EQ(ReasonOf(unknown), "CONDITION_UNKNOWN");
    EXPECT_EQ(unknown.error().code, Code::kInvalidArgument);
  }
  const auto met = ConfirmCondition(d, kVerifier, 2, "a photo", kLater);
  ASSERT_TRUE(met);
  EXPECT_EQ(met->state, State::kGrantedConditional);
  EXPECT_EQ(met->conditions[1].met_at, kLater);
  EXPECT_EQ(met->conditions[1].evidence, "a photo");
  EXPECT_FALSE(met->conditions[0].met_at);
  EXPECT_TRUE(Stops(*met, "condition/2"));
  EXPECT_EQ(ReasonOf(ConfirmCondition(*met, kVerifier, 2, "seen", kAfter)), "CONDITION_MET");
  EXPECT_FALSE(Miss(*met, "condition/2"));
  EXPECT_FALSE(Miss(*met, "condition/3"));
}

TEST(DecisionAfter, AMissedConditionSuspendsUntilItIsMet) {
  for (const Decision& d :
       {ConditionallyGranted(), *Deliver(ConditionallyGranted(), kVerifier, "post", kLater)}) {
    const auto missed = Miss(d, "condition/1");
    ASSERT_TRUE(missed);
    EXPECT_EQ(missed->state, State::kSuspendedAfter);
    EXPECT_FALSE(IsInForce(missed->state));
    EXPECT_TRUE(missed->conditions[0].missed);
    const auto other = ConfirmCondition(*missed, kVerifier, 2, "seen", kAfter);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->state, State::kSuspendedAfter);
    const auto back = ConfirmCondition(*missed, kVerifier, 1, "seen", kAfter);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->state, d.state);
    EXPECT_FALSE(back->resume_to);
    const auto both = Miss(*missed, "condition/2");
    ASSERT_TRUE(both);
    const auto one = ConfirmCondition(*both, kVerifier, 1, "seen", kAfter);
    EXPECT_EQ(one->state, State::kSuspendedAfter);
    EXPECT_EQ(ConfirmCondition(*one, kVerifier, 2, "seen", kAfter)->state, d.state);
  }
}

}  // namespace
}  // namespace zonelink::recognition
