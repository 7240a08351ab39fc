// SPDX-License-Identifier: Apache-2.0
// Deputies for all cases, declarations of interest, and who is left when others may not act.
#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

// The same person, in whose hands others have put these roles.
Actor Deputy(Actor by, const Actor& officer, std::vector<std::string> roles) {
  by.lent.push_back({officer.user_id, officer.name, std::move(roles)});
  return by;
}

Decision NeedsDeclarations(Decision d) {
  d.terms.declaration_needed = true;
  return d;
}

Result<Decision> Declares(Decision d, const Actor& by, bool conflict = false,
                          const char* statement = "") {
  return DeclareInterest(std::move(d), by, {.conflict = conflict, .statement = statement, .at = {}},
                         Unit(), kLater);
}

TEST(DecisionDeputies, ActOnTheStepsOfTheRolesTheyWereLent) {
  const Actor clerk = OfficerActor("u-clerk", {});
  const Actor for_verifier = Deputy(clerk, kVerifier, {"verifier"});
  const Actor for_reviewer = Deputy(clerk, kReviewer, {"reviewer"});
  EXPECT_EQ(ReasonOf(Accept(Received(), clerk, kLater)), "ROLE_NEEDED");
  EXPECT_EQ(ReasonOf(Accept(Received(), for_reviewer, kLater)), "ROLE_NEEDED");
  const auto accepted = Accept(Received(), for_verifier, kLater);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->step->on_behalf_of, "u-verifier");
  EXPECT_EQ(accepted->names.at("u-verifier"), kVerifier.name);
  const auto verified = Verify(*accepted, for_verifier, "ok", kLater);
  ASSERT_TRUE(verified);
  ASSERT_EQ(VerificationsOf(*verified).size(), 1u);
  EXPECT_EQ(VerificationsOf(*verified)[0].user_id, "u-clerk");
  EXPECT_EQ(VerificationsOf(*verified)[0].on_behalf_of, "u-verifier");
  EXPECT_EQ(ReasonOf(Granted(*verified, for_verifier)), "ROLE_NEEDED");
  EXPECT_TRUE(Return(VerifiedOne(), for_reviewer, "verify", "again", kLater));
  const auto granted = Granted(VerifiedOne(), for_reviewer);
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->decided_by, "u-clerk");
  EXPECT_EQ(DecidedOnBehalfOf(*granted), "u-reviewer");
  const auto refused = Refuse(VerifiedOne(), for_reviewer, {"§20", "forged", "no"}, kLater);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->step->on_behalf_of, "u-reviewer");
  for (const auto& ended :
       {DeclareNotRequired(Received(), for_verifier, "free", kLater),
        DeclareWrongAuthority(Received(), for_verifier, "customs", "not ours", kLater),
        Correct(Received(), for_verifier, {{"hsCode", "8542"}}, "typo", kLater),
        RequestSupplement(Received(), for_verifier, Notice(), {}, false, kLater)}) {
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->step->on_behalf_of, "u-verifier");
  }
}

TEST(DecisionDeputies, WhoeverMayActThemselvesActsInTheOwnName) {
  const auto verified =
      Verify(AcceptedOne(), Deputy(kVerifier2, kVerifier, {"verifier"}), "ok", kLater);
  ASSERT_TRUE(verified);
  EXPECT_EQ(VerificationsOf(*verified)[0].on_behalf_of, "");
  EXPECT_EQ(verified->step->on_behalf_of, "");
  // What was given to the officer is the deputy's to complete.
  const Decision given = *Reassign(AcceptedOne(), kHead, Known(kVerifier), "hers", kLater);
  EXPECT_EQ(ReasonOf(Verify(given, kVerifier2, "?", kLater)), "REASSIGNED");
  EXPECT_TRUE(Verify(given, Deputy(kVerifier2, kVerifier, {"verifier"}), "for her", kLater));
}

TEST(DecisionDeputies, CountAsBothPersons) {
  const Decision verified = VerifiedOne();  // by kVerifier
  // In the place of who verified.
  Actor both = kVerifier;
  both.roles = {"verifier", "reviewer"};
  const Actor clerk = OfficerActor("u-clerk", {});
  EXPECT_EQ(ReasonOf(Granted(verified, Deputy(clerk, both, {"verifier", "reviewer"}))),
            "NOT_YOUR_STEP");
  // Who verified, in the place of another.
  EXPECT_NE(ReasonOf(Granted(verified, Deputy(kVerifier, kReviewer, {"reviewer"}))), "");
  // Who verified in another's place, in the own name; and that other.
  const Actor reviewer = Deputy(kReviewer, kBoth, {"verifier"});
  const auto lent = Verify(AcceptedOne(), reviewer, "for him", kLater);
  ASSERT_TRUE(lent);
  EXPECT_EQ(ReasonOf(Granted(*lent, reviewer)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_EQ(ReasonOf(Granted(*lent, kBoth)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_TRUE(Granted(*lent, kReviewer2));
  // No second pair of eyes.
  const Decision one_of_two = *Verified(AcceptedOne(2));
  EXPECT_EQ(ReasonOf(Verify(one_of_two, Deputy(kVerifier, kVerifier2, {"verifier"}), "?", kLater)),
            "ALREADY_VERIFIED_BY_YOU");
  EXPECT_NE(ReasonOf(Verify(one_of_two, Deputy(clerk, kVerifier, {"verifier"}), "?", kLater)), "");
}

TEST(DecisionDeputies, DoNotStandInForWhoStaysAwayNorNameOthers) {
  const Actor deputy = Deputy(OfficerActor("u-clerk", {}), kVerifier, {"verifier"});
  const Decision away = *Recuse(AcceptedOne(), kVerifier, "a cousin", Unit(), kLater);
  EXPECT_EQ(ReasonOf(Verify(away, deputy, "?", kLater)), "NOT_YOUR_STEP");
  const Decision asked =
      *RequestRecusal(AcceptedOne(), kFiler, Known(kVerifier), "a friend", kLater);
  EXPECT_EQ(ReasonOf(Verify(asked, deputy, "?", kLater)), "NOT_YOUR_STEP");
  const Time friday = At("2026-03-06T18:00:00+08:00");
  EXPECT_EQ(ReasonOf(Delegate(AcceptedOne(), Deputy(kVerifier2, kVerifier, {"verifier"}),
                              Known(kReviewer), friday, kLater)),
            "DELEGATION_CHAIN");
}

TEST(DecisionInterest, IsDeclaredBeforeVerifyingAndDecidingWhereTheItemAsksForIt) {
  const auto accepted = Accepted(NeedsDeclarations(Received()));
  ASSERT_TRUE(accepted) << "whoever accepts looks at the papers alone";
  EXPECT_EQ(ReasonOf(Verified(*accepted)), "DECLARATION_MISSING");
  const auto none = Declares(*accepted, kVerifier);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->state, State::kAccepted);
  ASSERT_EQ(DeclarationsOf(*none).size(), 1u);
  EXPECT_FALSE(DeclarationsOf(*none)[0].conflict);
  const auto verified = Verified(*none);
  ASSERT_TRUE(verified);
  EXPECT_EQ(ReasonOf(Granted(*verified)), "DECLARATION_MISSING");
  EXPECT_EQ(ReasonOf(Refuse(*verified, kReviewer, {"§20", "forged", "no"}, kLater)),
            "DECLARATION_MISSING");
  EXPECT_TRUE(Granted(*Declares(*verified, kReviewer)));
  EXPECT_TRUE(Granted(VerifiedOne())) << "nobody asked";
}

TEST(DecisionInterest, ADeputyDeclaresForThemselves) {
  const Actor deputy = Deputy(OfficerActor("u-clerk", {}), kVerifier, {"verifier"});
  const Decision hers = *Declares(NeedsDeclarations(AcceptedOne()), kVerifier);
  EXPECT_EQ(ReasonOf(Verify(hers, deputy, "?", kLater)), "DECLARATION_MISSING");
  EXPECT_TRUE(Verify(*Declares(hers, deputy), deputy, "for her", kLater));
}

TEST(DecisionInterest, WhoeverHasOneStaysAway) {
  EXPECT_EQ(ReasonOf(Declares(AcceptedOne(), kVerifier, true)), "REASON_MISSING");
  const auto away = Declares(*Declares(AcceptedOne(), kVerifier), kVerifier, true, "a cousin");
  ASSERT_TRUE(away) << "it may turn out later";
  EXPECT_EQ(away->reason, "a cousin");
  EXPECT_EQ(ReasonOf(Verified(*away)), "RECUSED");
  EXPECT_EQ(ReasonOf(Declares(*away, kVerifier)), "RECUSED");
  EXPECT_TRUE(Verify(*away, kVerifier2, "ok", kLater));
  ASSERT_EQ(DeclarationsOf(*away).size(), 2u);
  EXPECT_TRUE(DeclarationsOf(*away)[1].conflict);
  EXPECT_EQ(DeclarationsOf(*away)[1].statement, "a cousin");
  // The last of a unit: the head of the zone goes on.
  const auto last =
      DeclareInterest(Received(), kVerifier, {.conflict = true, .statement = "a cousin", .at = {}},
                      {Known(kVerifier), Known(kReviewer), Known(kHead)}, kLater);
  ASSERT_TRUE(last);
  EXPECT_EQ(WaitingFor(*last), "zone_admin");
  EXPECT_EQ(ReasonOf(Declares(Received(), kStranger)), "NOT_DECIDING_ZONE");
  EXPECT_EQ(ReasonOf(Declares(In(State::kGranted), kVerifier)), "DECISION_NOT_OPEN");
}

TEST(DecisionInterest, NobodyActsForTheApplicantsAgent) {
  Decision d = Received();
  d.agent = "org-agent";
  Actor agents = kVerifier;
  agents.organization_id = "org-agent";
  EXPECT_EQ(ReasonOf(Accept(d, agents, kLater)), "OWN_ORGANIZATION");
  EXPECT_EQ(ReasonOf(Declares(d, agents)), "OWN_ORGANIZATION");
  EXPECT_TRUE(Accept(Received(), agents, kLater)) << "agent of nobody here";
  // The agent speaks for the applicant, nobody else's does.
  Actor filer = kFiler;
  filer.organization_id = "org-agent";
  EXPECT_TRUE(RequestRecusal(d, filer, Known(kVerifier), "a friend", kLater));
  EXPECT_EQ(ReasonOf(RequestRecusal(Received(), filer, Known(kVerifier), "?", kLater)),
            "FOREIGN_APPLICANT");
}

TEST(DecisionRouting, WhereTheLastWhoCouldDecideHasVerifiedTheHeadDecides) {
  const std::vector<Officer> small = {Known(kBoth), Known(kHead)};
  const auto verified = Verify(AcceptedOne(), kBoth, "ok", kLater);
  ASSERT_TRUE(verified);
  EXPECT_EQ(WaitingFor(*verified), "reviewer");
  const auto routed = RouteIfNobodyIsLeft(*verified, kBoth, small, kLater);
  ASSERT_TRUE(routed);
  EXPECT_EQ(WaitingFor(*routed), "zone_admin");
  EXPECT_EQ(routed->version, verified->version) << "of the same step";
  EXPECT_EQ(ReasonOf(Granted(*routed, kBoth)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_TRUE(Granted(*routed, kHead));
  // Somebody is left, or what is known of the unit is behind.
  EXPECT_EQ(WaitingFor(*RouteIfNobodyIsLeft(*verified, kBoth, Unit(), kLater)), "reviewer");
  EXPECT_EQ(WaitingFor(*RouteIfNobodyIsLeft(*verified, kBoth, {}, kLater)), "reviewer");
  // A verifier more was needed than there is.
  const Decision one_of_two = *Verified(AcceptedOne(2));
  const auto up = RouteIfNobodyIsLeft(one_of_two, kVerifier,
                                      {Known(kVerifier), Known(kReviewer), Known(kHead)}, kLater);
  ASSERT_TRUE(up);
  EXPECT_EQ(WaitingFor(*up), "zone_admin");
  EXPECT_EQ(Verify(*up, kHead, "ok", kLater)->state, State::kVerified);
}

}  // namespace
}  // namespace zonelink::recognition
