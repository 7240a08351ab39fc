// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

const Time kFriday = At("2026-03-06T18:00:00+08:00");

TEST(DecisionPeople, ADeputyActsWhereTheDelegatorWould) {
  const auto lent = Delegate(AcceptedOne(), kVerifier, Known(kReviewer), kFriday, kLater);
  ASSERT_TRUE(lent);
  const auto verified = Verify(*lent, kReviewer, "for her", kLater);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->state, State::kVerified);
  EXPECT_EQ(verified->line->record.opinions[1].on_behalf_of, "u-verifier");
  EXPECT_EQ(ReasonOf(Granted(*verified)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_TRUE(Granted(*verified, kReviewer2));
  EXPECT_EQ(ReasonOf(Verify(*lent, kReviewer, "late", kFriday)), "ROLE_NEEDED");
  EXPECT_EQ(ReasonOf(Verify(AcceptedOne(), kReviewer, "?", kLater)), "ROLE_NEEDED");
}

TEST(DecisionPeople, ADeputyCompletesWhatWasGivenToTheDelegator) {
  const Decision given = *Reassign(AcceptedOne(), kHead, Known(kVerifier), "hers", kLater);
  EXPECT_EQ(ReasonOf(Verify(given, kVerifier2, "?", kLater)), "REASSIGNED");
  const auto lent = Delegate(given, kVerifier, Known(kVerifier2), kFriday, kLater);
  ASSERT_TRUE(lent);
  const auto verified = Verify(*lent, kVerifier2, "for her", kLater);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->line->record.opinions[1].on_behalf_of, "u-verifier");
  EXPECT_EQ(ReasonOf(Verify(*lent, kVerifier2, "late", kFriday)), "REASSIGNED");
}

TEST(DecisionPeople, ADeputyReturnsWhatTheDelegatorMight) {
  const auto lent = Delegate(VerifiedOne(), kReviewer, Known(kVerifier2), kFriday, kLater);
  ASSERT_TRUE(lent);
  EXPECT_TRUE(Return(*lent, kVerifier2, "verify", "again", kLater));
  EXPECT_EQ(ReasonOf(Return(*lent, kVerifier2, "verify", "again", kFriday)), "NOT_YOUR_STEP");
}

TEST(DecisionPeople, FourEyesAlsoThroughADeputy) {
  // Whoever verified does not decide for somebody else either, and nobody for who verified.
  const auto lent = Delegate(VerifiedOne(), kReviewer, Known(kVerifier), kFriday, kLater);
  ASSERT_TRUE(lent);
  EXPECT_NE(ReasonOf(Granted(*lent, kVerifier)), "");
  const Decision by_both = *Verify(AcceptedOne(), kBoth, "ok", kLater);
  EXPECT_EQ(ReasonOf(Granted(by_both, kBoth)), "VERIFIER_MAY_NOT_DECIDE");
  const auto hers = Delegate(by_both, kBoth, Known(kVerifier2), kFriday, kLater);
  ASSERT_TRUE(hers);
  EXPECT_NE(ReasonOf(Granted(*hers, kVerifier2)), "");
  // A deputy is no second person.
  const Decision two = *Verified(AcceptedOne(2));
  const auto second = Delegate(two, kVerifier2, Known(kVerifier), kFriday, kLater);
  ASSERT_TRUE(second);
  EXPECT_EQ(ReasonOf(Verified(*second)), "ALREADY_VERIFIED_BY_YOU");
  // What was taken back or cancelled is no less known.
  const Decision undone = *TakeBack(by_both, kBoth, "wrong", NationalCalendar(), kLater);
  EXPECT_EQ(ReasonOf(Granted(*Verified(undone), kBoth)), "VERIFIER_MAY_NOT_DECIDE");
}

TEST(DecisionPeople, DelegationsAreShortAndDoNotChain) {
  const Decision d = AcceptedOne();
  const auto until = [&](Time end) {
    return ReasonOf(Delegate(d, kVerifier, Known(kVerifier2), end, kLater));
  };
  EXPECT_EQ(until(kLater), "DELEGATION_PERIOD");
  EXPECT_EQ(until(kLater + std::chrono::hours(90 * 24) + std::chrono::seconds(1)),
            "DELEGATION_PERIOD");
  EXPECT_EQ(until(kLater + std::chrono::hours(90 * 24)), "");
  EXPECT_EQ(ReasonOf(Delegate(d, kVerifier, Known(kStranger), kFriday, kLater)), "OFFICER_UNKNOWN");
  EXPECT_EQ(ReasonOf(Delegate(d, kVerifier, Known(kVerifier), kFriday, kLater)), "SAME_PERSON");
  const Decision lent = *Delegate(d, kVerifier, Known(kVerifier2), kFriday, kLater);
  EXPECT_EQ(ReasonOf(Delegate(lent, kVerifier2, Known(kReviewer), kFriday, kLater)),
            "DELEGATION_CHAIN");
  EXPECT_EQ(ReasonOf(Delegate(lent, kReviewer, Known(kVerifier), kFriday, kLater)),
            "DELEGATION_CHAIN");
}

TEST(DecisionPeople, WhoeverIsRecusedActsNoMore) {
  const auto away = Recuse(*Verified(AcceptedOne(2)), kVerifier, "a cousin", Unit(), kLater);
  ASSERT_TRUE(away);
  EXPECT_EQ(away->reason, "a cousin");
  EXPECT_TRUE(VerificationsOf(*away).empty());  // cancelled with it
  EXPECT_EQ(ReasonOf(Verified(*away)), "RECUSED");
  EXPECT_EQ(ReasonOf(QueryHome(*away, kVerifier, "?", kLater)), "RECUSED");
  EXPECT_EQ(ReasonOf(Recuse(*away, kVerifier, "again", Unit(), kLater)), "ALREADY_RECUSED");
  EXPECT_EQ(ReasonOf(RequestRecusal(*away, kFiler, Known(kVerifier), "?", kLater)),
            "ALREADY_RECUSED");
  EXPECT_EQ(ReasonOf(DecideRecusal(*away, kHead, {"u-verifier", true, "?"}, Unit(), kLater)),
            "ALREADY_RECUSED");
  EXPECT_EQ(ReasonOf(Recuse(Received(), kStranger, "?", Unit(), kLater)), "NOT_DECIDING_ZONE");
  EXPECT_EQ(ReasonOf(Recuse(Received(), kOwn, "?", Unit(), kLater)), "OWN_ORGANIZATION");
  EXPECT_EQ(Verify(*away, kVerifier2, "ok", kLater)->state, State::kAccepted);
}

TEST(DecisionPeople, ARecusalEndsDelegationsAndAssignments) {
  Decision d = *Delegate(AcceptedOne(), kVerifier, Known(kReviewer), kFriday, kLater);
  d = *Reassign(d, kHead, Known(kVerifier), "hers", kLater);
  EXPECT_EQ(ReasonOf(Verify(d, kVerifier2, "?", kLater)), "REASSIGNED");
  d = *Recuse(d, kVerifier, "a cousin", Unit(), kLater);
  EXPECT_EQ(ReasonOf(Verify(d, kReviewer, "for her", kLater)), "ROLE_NEEDED");
  EXPECT_TRUE(Verify(d, kVerifier2, "ok", kLater));
}

TEST(DecisionPeople, AnApplicantsRequestKeepsTheOfficerAwayUntilItIsDecided) {
  const auto asked = RequestRecusal(AcceptedOne(), kFiler, Known(kVerifier), "a friend", kLater);
  ASSERT_TRUE(asked);
  EXPECT_EQ(ReasonOf(Verified(*asked)), "RECUSAL_PENDING");
  EXPECT_EQ(ReasonOf(RequestRecusal(*asked, kFiler, Known(kVerifier), "?", kLater)),
            "RECUSAL_PENDING");
  const auto declined = DecideRecusal(*asked, kHead, {"u-verifier", false, "no"}, Unit(), kLater);
  ASSERT_TRUE(declined);
  EXPECT_TRUE(Verified(*declined));
  const auto upheld = DecideRecusal(*asked, kHead, {"u-verifier", true, "yes"}, Unit(), kLater);
  ASSERT_TRUE(upheld);
  EXPECT_EQ(ReasonOf(Verified(*upheld)), "RECUSED");
  EXPECT_TRUE(Verify(*upheld, kVerifier2, "ok", kLater));
  EXPECT_TRUE(Recuse(*asked, kVerifier, "they are right", Unit(), kLater));
  EXPECT_EQ(
      ReasonOf(DecideRecusal(AcceptedOne(), kHead, {"u-verifier", true, "?"}, Unit(), kLater)),
      "RECUSAL_NOT_ASKED");
  EXPECT_EQ(ReasonOf(DecideRecusal(*declined, kHead, {"u-verifier", true, "?"}, Unit(), kLater)),
            "RECUSAL_NOT_ASKED");
  const auto of_head = RequestRecusal(AcceptedOne(), kFiler, Known(kHead), "a friend", kLater);
  ASSERT_TRUE(of_head);
  EXPECT_EQ(ReasonOf(DecideRecusal(*of_head, kHead, {"u-head", false, "?"}, Unit(), kLater)),
            "RECUSAL_PENDING");
  EXPECT_TRUE(DecideRecusal(*of_head, kHead2, {"u-head", false, "no"}, Unit(), kLater));
  EXPECT_EQ(ReasonOf(RequestRecusal(AcceptedOne(), kReviewer, Known(kVerifier), "?", kLater)),
            "FOREIGN_APPLICANT");
  EXPECT_EQ(ReasonOf(RequestRecusal(AcceptedOne(), kFiler, Known(kStranger), "?", kLater)),
            "OFFICER_UNKNOWN");
}

TEST(DecisionPeople, NoDeputyStandsInForWhomTheApplicantWantsAway) {
  Decision d = *Delegate(AcceptedOne(), kVerifier, Known(kReviewer), kFriday, kLater);
  d = *RequestRecusal(d, kFiler, Known(kVerifier), "a friend", kLater);
  EXPECT_EQ(ReasonOf(Verify(d, kReviewer, "for her", kLater)), "NOT_YOUR_STEP");
}

TEST(DecisionPeople, WhereNobodyIsLeftTheHeadActs) {
  const std::vector<Officer> small = {Known(kVerifier), Known(kReviewer), Known(kHead)};
  EXPECT_EQ(ReasonOf(Accept(Received(), kHead, kLater)), "PARTY_NOT_ASKED");
  const auto routed = Recuse(Received(), kVerifier, "a cousin", small, kLater);
  ASSERT_TRUE(routed);
  EXPECT_EQ(WaitingFor(*routed), "zone_admin");
  EXPECT_EQ(ReasonOf(Accept(*routed, kVerifier2, kLater)), "PARTY_NOT_ASKED");
  const auto accepted = Accept(*routed, kHead, kLater);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(WaitingFor(*accepted), "zone_admin");  // there is no other verifier either
  const auto verified = Verify(*accepted, kHead, "ok", kLater);
  ASSERT_TRUE(verified);
  EXPECT_EQ(WaitingFor(*verified), "reviewer");
  EXPECT_EQ(ReasonOf(Granted(*verified, kHead)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_EQ(ReasonOf(Granted(*verified, kHead2)), "PARTY_NOT_ASKED");
  EXPECT_TRUE(Granted(*verified, kReviewer));
}

TEST(DecisionPeople, ALaterStepIsRoutedTooWhenItsLastOfficerGoes) {
  const std::vector<Officer> small = {Known(kVerifier), Known(kReviewer), Known(kHead)};
  const auto away = Recuse(Received(), kReviewer, "a cousin", small, kLater);
  ASSERT_TRUE(away);
  EXPECT_EQ(WaitingFor(*away), "verifier");
  const auto verified = Verified(*Accepted(*away));
  ASSERT_TRUE(verified);
  EXPECT_EQ(WaitingFor(*verified), "zone_admin");
  EXPECT_TRUE(Granted(*verified, kHead));
  EXPECT_EQ(ReasonOf(Granted(*verified, kReviewer2)), "PARTY_NOT_ASKED");
}

TEST(DecisionPeople, ByTheApplicantsRequestItIsRoutedToo) {
  const std::vector<Officer> small = {Known(kVerifier), Known(kReviewer)};
  const Decision asked = *RequestRecusal(Received(), kFiler, Known(kVerifier), "a friend", kLater);
  const auto upheld = DecideRecusal(asked, kHead, {"u-verifier", true, "yes"}, small, kLater);
  ASSERT_TRUE(upheld);
  EXPECT_TRUE(Accept(*upheld, kHead, kLater));
  const auto declined = DecideRecusal(asked, kHead, {"u-verifier", false, "no"}, small, kLater);
  ASSERT_TRUE(declined);
  EXPECT_EQ(WaitingFor(*declined), "verifier");
}

TEST(DecisionPeople, AHeadWhoIsAnOfficerActsInTheUnit) {
  const Actor head = OfficerActor("u-working-head", {"zone_admin", "verifier"});
  const std::vector<Officer> small = {Known(kVerifier), Known(head)};
  const auto away = Recuse(Received(), kVerifier, "a cousin", small, kLater);
  ASSERT_TRUE(away);
  EXPECT_EQ(WaitingFor(*away), "verifier");
  const auto accepted = Accept(*away, head, kLater);
  ASSERT_TRUE(accepted);
  EXPECT_TRUE(Granted(*Verify(*accepted, kVerifier2, "ok", kLater), head));
}

TEST(DecisionPeople, AHeadWhoIsAnOfficerHasTheOwnRolesOnly) {
  const Actor verifies = OfficerActor("u-head-verifier", {"zone_admin", "verifier"});
  const Actor reviews = OfficerActor("u-head-reviewer", {"zone_admin", "reviewer"});
  const auto verified = Verified(AcceptedOne());
  ASSERT_TRUE(verified);
  EXPECT_EQ(ReasonOf(Granted(*verified, verifies)), "NOT_YOUR_STEP");
  EXPECT_EQ(ReasonOf(Verify(AcceptedOne(), reviews, "ok", kLater)), "NOT_YOUR_STEP");
  EXPECT_TRUE(Granted(*verified, reviews));
  const auto lent =
      Delegate(*verified, verifies, Known(kVerifier2), kLater + std::chrono::hours(1), kLater);
  ASSERT_TRUE(lent);
  EXPECT_EQ(ReasonOf(Granted(*lent, kVerifier2)), "ROLE_NEEDED");
}

TEST(DecisionPeople, AHeadWhoIsAnOfficerIsToldWhatTheHeadLacks) {
  const Actor head = OfficerActor("u-head-reviewer", {"zone_admin", "reviewer"});
  Decision asks = Received();
  asks.terms.declaration_needed = true;
  const std::vector<Officer> small = {Known(kVerifier), Known(head)};
  const Decision routed = *Recuse(asks, kVerifier, "a cousin", small, kLater);
  const auto accepted = Accept(routed, head, kLater);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(ReasonOf(Verify(*accepted, head, "ok", kLater)), "DECLARATION_MISSING");
}

TEST(DecisionPeople, ReassignedStepsAreNobodyElses) {
  const auto given = Reassign(AcceptedOne(), kHead, Known(kVerifier2), "busy", kLater);
  ASSERT_TRUE(given);
  EXPECT_EQ(ReasonOf(Verified(*given)), "REASSIGNED");
  EXPECT_EQ(ReasonOf(Reassign(*given, kHead, Known(kVerifier2), "?", kLater)), "ALREADY_ASSIGNED");
  const auto again = Reassign(*given, kHead, Known(kVerifier), "back", kLater);
  ASSERT_TRUE(again);
  EXPECT_EQ(ReasonOf(Verify(*again, kVerifier2, "?", kLater)), "REASSIGNED");
  EXPECT_TRUE(Verified(*again));
  EXPECT_EQ(ReasonOf(Reassign(AcceptedOne(), kHead, Known(kStranger), "?", kLater)),
            "OFFICER_UNKNOWN");
  EXPECT_EQ(ReasonOf(Reassign(AcceptedOne(), kHead, Known(kReviewer), "?", kLater)),
            "OFFICER_UNFIT");
  const Decision by_both = *Verify(AcceptedOne(), kBoth, "ok", kLater);
  EXPECT_EQ(ReasonOf(Reassign(by_both, kHead, Known(kBoth), "?", kLater)),
            "VERIFIER_MAY_NOT_DECIDE");
  const Decision away = *Recuse(AcceptedOne(), kVerifier2, "a cousin", Unit(), kLater);
  EXPECT_EQ(ReasonOf(Reassign(away, kHead, Known(kVerifier2), "?", kLater)), "RECUSED");
}

TEST(DecisionPeople, ARoutedStepIsReassignedAmongHeads) {
  const std::vector<Officer> small = {Known(kVerifier), Known(kHead)};
  const Decision routed = *Recuse(Received(), kVerifier, "a cousin", small, kLater);
  EXPECT_EQ(ReasonOf(Reassign(routed, kHead, Known(kVerifier2), "?", kLater)), "OFFICER_UNFIT");
  const auto given = Reassign(routed, kHead, Known(kHead2), "yours", kLater);
  ASSERT_TRUE(given);
  EXPECT_EQ(ReasonOf(Accept(*given, kHead, kLater)), "REASSIGNED");
  EXPECT_TRUE(Accept(*given, kHead2, kLater));
  const Actor reviews = OfficerActor("u-head-reviewer", {"zone_admin", "reviewer"});
  const auto theirs = Reassign(routed, kHead, Known(reviews), "yours", kLater);
  ASSERT_TRUE(theirs);
  EXPECT_TRUE(Accept(*theirs, reviews, kLater));
}

TEST(DecisionPeople, RemindedOnceADay) {
  const auto first = Remind(AcceptedOne(), kFiler, "please", At("2026-03-04T00:00:00+08:00"));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->reminders, 1);
  EXPECT_EQ(ReasonOf(Remind(*first, kFiler, "please", At("2026-03-04T23:59:59+08:00"))),
            "REMINDED_TODAY");
  const auto next = Remind(*first, kFiler, "please", At("2026-03-05T00:00:00+08:00"));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->reminders, 2);
}

TEST(DecisionPeople, TheApplicantItsAgentAndZonesRemind) {
  Decision decision = AcceptedOne();
  const Actor agent{.user_id = "u-agent", .organization_id = "org-2", .roles = {"filer"}};
  const Actor nobody{.user_id = "u-nobody", .roles = {"filer"}};
  for (const Actor& by : {agent, nobody}) {
    EXPECT_EQ(ReasonOf(Remind(decision, by, "please", kLater)), "FOREIGN_APPLICANT");
  }
  decision.agent = "org-2";
  for (const Actor& by : {kFiler, agent, kHead, kHome}) {
    EXPECT_TRUE(Remind(decision, by, "please", kLater)) << by.user_id;
  }
  EXPECT_EQ(ReasonOf(Remind(decision, nobody, "please", kLater)), "FOREIGN_APPLICANT");
}

}  // namespace
}  // namespace zonelink::recognition
