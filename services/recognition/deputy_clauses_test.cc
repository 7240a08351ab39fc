// SPDX-License-Identifier: Apache-2.0
// Deputies for all cases, declarations of interest, codes of refusals, and what the loser of a
// conflict is shown. Named after the clauses of the requirements.
#include <fmt/format.h>
#include <google/protobuf/empty.pb.h>

#include "recognition/domain/decision_refusal.h"
#include "recognition/test_cases.h"

namespace zonelink::recognition {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Key;
using testing::Pair;

constexpr const char* kFrom = "2026-03-03T16:00:00Z";
constexpr const char* kUntil = "2026-03-06T16:00:00Z";

class DeputyClausesTest : public CaseTest {
 protected:
  // What the database says to a statement in the caller's name: rows, or -1 where it refuses.
  int64_t Does(const Call& by, const std::string& text) {
    static int statements = 0;
    const std::string name = fmt::format("deputies.{}", ++statements);
    const db::Sql sql{name.c_str(), text.c_str()};
    int64_t rows = 0;
    const google::protobuf::Empty request;
    const auto done = t_.database.Command<google::protobuf::Empty>(
        by, request, [&](db::Tx& tx) -> Result<google::protobuf::Empty> {
          const db::Rows found = tx.Exec(sql);
          rows = found.affected();
          return request;
        });
    return done ? rows : -1;
  }

  // Of each test its own: what the directory told stays told.
  const std::string test_ = testing::UnitTest::GetInstance()->current_test_info()->name();
  const Call leave_ = t_.Employ(t_.Officer("zhejiang", "verifier", "leave" + test_));
  const Call stand_in_ = t_.Employ(t_.Officer("zhejiang", "inspector", "standin" + test_));
};

TEST_F(DeputyClausesTest, R17_TheDirectorysDeputyActsInThePeriodAndUnderBothNames) {
  const std::string id = File();
  const std::string delegation = t_.NameDeputy(leave_, stand_in_, "verifier", kFrom, kUntil);
  EXPECT_EQ(StateOf(Accept(id, stand_in_)), "ROLE_NEEDED") << "not begun";
  t_.Advance("2026-03-03T16:00:00Z");
  EXPECT_EQ(StateOf(Accept(id, stand_in_)), "ACCEPTED");
  events::v1::DecisionChanged event = LastEvent(id);
  EXPECT_EQ(event.actor().user_id(), stand_in_.caller.user_id);
  EXPECT_EQ(event.on_behalf_of(), leave_.caller.user_id);
  EXPECT_EQ(event.on_behalf_of_name(), leave_.caller.name);
  const pb::Decision verified = Must(Verify(id, stand_in_));
  EXPECT_EQ(NameOf(verified), "VERIFIED");
  ASSERT_EQ(verified.verifications_size(), 1);
  EXPECT_EQ(verified.verifications(0).user_id(), stand_in_.caller.user_id);
  EXPECT_EQ(verified.verifications(0).on_behalf_of(), leave_.caller.user_id);
  EXPECT_EQ(Read(id).verifications(0).on_behalf_of_name(), leave_.caller.name);
  EXPECT_THAT(LastEvent(id).decision().excluded_users(), Contains(leave_.caller.user_id));
  const pb::FilingTimeline trail = Timeline(id, filer_);
  const pb::TimelineEntry& last = trail.items(trail.items_size() - 1);
  EXPECT_EQ(last.actor_name(), stand_in_.caller.name);
  EXPECT_EQ(last.on_behalf_of_name(), leave_.caller.name);
  // Never beyond the period, nor once it was taken back.
  const std::string late = Accepted();
  t_.EndDelegation(delegation);
  EXPECT_EQ(StateOf(Verify(late, stand_in_)), "ROLE_NEEDED");
  t_.NameDeputy(leave_, stand_in_, "verifier", kFrom, kUntil);
  t_.Advance("2026-03-06T16:00:00Z");
  EXPECT_EQ(StateOf(Verify(late, stand_in_)), "ROLE_NEEDED");
}

TEST_F(DeputyClausesTest, R17_ADeputyBreaksNoFourEyesAndHasOnlyTheRolesNamed) {
  const Call decider = t_.Employ(t_.Officer("zhejiang", "reviewer", "leave" + test_));
  t_.NameDeputy(decider, stand_in_, "reviewer", kFrom, kUntil);
  const Call both = t_.Employ(t_.Officer("zhejiang", "reviewer", "both" + test_));
  t_.NameDeputy(leave_, both, "verifier", kFrom, kUntil);
  t_.Advance("2026-03-04T01:00:00Z");
  EXPECT_EQ(StateOf(Accept(File(), stand_in_)), "ROLE_NEEDED") << "a reviewer's deputy only";
  const std::string id = Accepted();
  Must(Verify(id, both));  // in the place of a verifier
  EXPECT_EQ(Read(id).verifications(0).on_behalf_of(), leave_.caller.user_id);
  EXPECT_EQ(StateOf(Grant(id, both)), "VERIFIER_MAY_NOT_DECIDE");
  const pb::Decision granted = Must(Grant(id, stand_in_));
  EXPECT_EQ(granted.decided_by(), stand_in_.caller.user_id);
  EXPECT_EQ(granted.decided_on_behalf_of(), decider.caller.user_id);
  EXPECT_EQ(Read(id).decided_on_behalf_of_name(), decider.caller.name);
}

TEST_F(DeputyClausesTest, WhoIsWhoseDeputyIsSeenInTheZoneAndBacksWhatIsSaidInTheirPlace) {
  t_.NameDeputy(leave_, stand_in_, "verifier", kFrom, kUntil);
  const std::string seen =
      "SELECT 1 FROM officer_deputies WHERE user_id = '" + leave_.caller.user_id + "'";
  EXPECT_GT(Does(verifier_, seen), 0);
  EXPECT_EQ(Does(home_, seen), 0);
  EXPECT_EQ(Does(filer_, seen), 0);
  EXPECT_EQ(Does(stand_in_, "UPDATE officer_deputies SET active = true"), -1);
  const std::string id = Accepted();
  const auto speak = [&](const Call& by, const Call& principal, int seq) {
    return Does(by, fmt::format("INSERT INTO review_opinions (case_id, line, seq, round, step, "
                                "party, user_id, name, on_behalf_of, at, verdict, text, standing) "
                                "VALUES ('{}', 'zhejiang', {}, 1, 'verify', 'zhejiang', '{}', 'x', "
                                "'{}', now(), 'agree', '', 'late')",
                                id, seq, by.caller.user_id, principal.caller.user_id));
  };
  Must(Delegate(id, verifier_, second_, kUntil));
  EXPECT_EQ(speak(stand_in_, leave_, 50), 1);
  EXPECT_EQ(speak(second_, leave_, 51), -1) << "nobody's deputy";
  EXPECT_EQ(speak(second_, verifier_, 52), 1) << "on this case";
}

TEST_F(DeputyClausesTest, DeputiesOnACaseAreShownByName) {
  const std::string id = Accepted();
  const pb::Decision delegated = Must(Delegate(id, verifier_, second_, kUntil));
  ASSERT_EQ(delegated.deputies_size(), 1);
  EXPECT_EQ(delegated.deputies(0).deputy_name(), second_.caller.name);
  EXPECT_EQ(Read(id).deputies(0).deputy_name(), second_.caller.name);
}

TEST_F(DeputyClausesTest, R17_InterestIsDeclaredBeforeVerifyingAndDecidingWhereTheItemAsks) {
  const auto careful = [](pb::Item& item) { item.set_declaration_needed(true); };
  const std::string id = Accepted(careful);
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "DECLARATION_MISSING");
  const pb::Decision declared = Must(Declare(id, verifier_));
  ASSERT_EQ(declared.declarations_size(), 1);
  EXPECT_FALSE(declared.declarations(0).conflict());
  EXPECT_EQ(Read(id).declarations(0).name(), verifier_.caller.name);
  EXPECT_EQ(Events(id).back().type(), "zonelink.recognition.decision.interest_declared");
  EXPECT_FALSE(LastEvent(id).conflict());
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "VERIFIED");
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "DECLARATION_MISSING");
  EXPECT_EQ(StateOf(Refuse(id, reviewer_)), "DECLARATION_MISSING");
  Must(Declare(id, reviewer_));
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "GRANTED");
  pb::GetItemRequest get;
  get.set_item_id(Must(Get(id, filer_)).item_id());
  EXPECT_TRUE(Must(t_.service.GetItem(t_.Nobody(), get)).declaration_needed());
}

TEST_F(DeputyClausesTest, R17_AConflictOfInterestRecuses) {
  const std::string id = Accepted();
  EXPECT_EQ(StateOf(t_.decisions.DeclareInterest(verifier_,
                                                 [&] {
                                                   auto request =
                                                       On<pb::DeclareInterestRequest>(id);
                                                   request.set_conflict(true);
                                                   return request;
                                                 }())),
            "REASON_MISSING");
  const pb::Decision away = Must(Declare(id, verifier_, "my brother's firm"));
  ASSERT_EQ(away.declarations_size(), 1);
  EXPECT_TRUE(away.declarations(0).conflict());
  ASSERT_EQ(away.recusals_size(), 1);
  EXPECT_EQ(away.recusals(0).state(), "SELF");
  EXPECT_TRUE(LastEvent(id).conflict());
  EXPECT_EQ(LastEvent(id).reason(), "my brother's firm");
  EXPECT_THAT(LastEvent(id).decision().excluded_users(), Contains(verifier_.caller.user_id));
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "RECUSED");
  EXPECT_EQ(StateOf(Verify(id, second_)), "VERIFIED");
  EXPECT_EQ(StateOf(Declare(id, home_)), "NOT_DECIDING_ZONE");
}

TEST_F(DeputyClausesTest, R17_NobodyOfTheApplicantsAgentActs) {
  const Call agent = t_.Filer("org-agent-of-" + filer_.caller.organization_id);
  t_.GiveMandate(filer_, agent);
  const std::string item = t_.NewItem([](pb::Item&) {});
  t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
  pb::SubmitFilingRequest request = t_.Submission(filer_, item, {"zhejiang"});
  const std::string id = Must(t_.Submit(agent, request)).filing_id();
  Call theirs = verifier_;
  theirs.caller.organization_id = agent.caller.organization_id;
  EXPECT_EQ(StateOf(Accept(id, theirs)), "OWN_ORGANIZATION");
  EXPECT_EQ(StateOf(Declare(id, theirs)), "OWN_ORGANIZATION");
  Must(Accept(id, verifier_));
  EXPECT_EQ(StateOf(AskRecusal(id, t_.Filer("org-other"), verifier_)), "FILING_NOT_FOUND");
  Must(AskRecusal(id, agent, verifier_));
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "RECUSAL_PENDING");
  t_.GiveMandate(filer_, agent, false);
  EXPECT_EQ(StateOf(AskRecusal(id, agent, second_)), "FILING_NOT_FOUND");
}

TEST_F(DeputyClausesTest, R16_RefusalsCarryACodeThatAllZonesShare) {
  const std::string id = Verified();
  EXPECT_EQ(StateOf(Refuse(id, reviewer_, "BECAUSE")), "REFUSAL_CODE_UNKNOWN");
  const pb::Decision refused = Must(Refuse(id, reviewer_, "CREDENTIAL_NOT_GENUINE"));
  EXPECT_EQ(refused.refusal().code(), "CREDENTIAL_NOT_GENUINE");
  EXPECT_TRUE(refused.refusal().unverified());
  EXPECT_EQ(Read(id).refusal().zh(), "所依据的证照不真实");
  EXPECT_EQ(LastEvent(id).refusal_code(), "CREDENTIAL_NOT_GENUINE");
  const pb::FilingTimeline trail = Timeline(id, filer_);
  EXPECT_EQ(trail.items(trail.items_size() - 1).refusal_code(), "CREDENTIAL_NOT_GENUINE");
  // Who names none has said less, and that is what is told.
  const std::string plain = Verified();
  EXPECT_EQ(Must(Refuse(plain, reviewer_)).refusal().code(), "OTHER");
  EXPECT_FALSE(Read(Verified()).has_refusal());
  const auto listed =
      Must(t_.decisions.ListRefusalReasons(t_.Nobody(), pb::ListRefusalReasonsRequest()));
  ASSERT_EQ(listed.items_size(), static_cast<int>(RefusalReasons().size()));
  EXPECT_EQ(listed.items(0).basis(), "行政许可法 §38");
}

TEST_F(DeputyClausesTest, R17_WhereTheLastReviewerHasVerifiedTheHeadDecides) {
  t_.OpenZone("yunnan");
  Call only = t_.Officer("yunnan", "verifier");
  only.caller.roles = {"verifier", "reviewer"};
  t_.Employ(only);
  const Call head = t_.Employ(t_.Officer("yunnan", "zone_admin"));
  const std::string id = FileFor({"yunnan"}, pb::MODE_REVIEW);
  Must(t_.service.AcceptDecision(only, On<pb::AcceptDecisionRequest>(id, "yunnan")));
  auto verify = On<pb::VerifyDecisionRequest>(id, "yunnan");
  verify.set_opinion("genuine");
  EXPECT_EQ(Must(t_.service.VerifyDecision(only, verify)).waiting_for(), "zone_admin");
  EXPECT_EQ(LastEvent(id).decision().waiting_for(), "zone_admin");
  auto grant = On<pb::GrantDecisionRequest>(id, "yunnan");
  grant.set_reason("as agreed");
  EXPECT_EQ(StateOf(t_.service.GrantDecision(only, grant)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_EQ(StateOf(t_.service.GrantDecision(head, grant)), "GRANTED");
}

TEST_F(DeputyClausesTest, AStepIsNotGivenToWhoHasNotItsRole) {
  const std::string id = Accepted();
  const auto given = Reassign(id, head_, reviewer_);
  EXPECT_EQ(StateOf(given), "OFFICER_UNFIT");
  EXPECT_EQ(given.error().code, Code::kInvalidArgument);
}

// The loser gets 409 with the decision as it is, whatever the verb and whatever the reason.
TEST_F(DeputyClausesTest, R22_EveryConflictShowsHowTheDecisionStands) {
  const std::string granted = Verified();
  Must(Grant(granted, reviewer_));
  const std::string etag = Read(granted).etag();
  Call both = reviewer_;
  both.caller.roles = {"verifier", "reviewer", "zone_admin"};
  const std::vector<std::pair<const char*, Decided>> lost = {
      {"accept", Accept(granted, verifier_)},
      {"correct", Correct(granted, verifier_, "attributes.quantity")},
      {"not required", NotRequired(granted, verifier_)},
      {"wrong authority", WrongAuthority(granted, verifier_, "customs")},
      {"supplement", Ask(granted, verifier_, {"packing-list"})},
      {"verify", Verify(granted, verifier_)},
      {"grant", Grant(granted, reviewer_)},
      {"refuse", Refuse(granted, reviewer_)},
      {"conditions", GrantConditional(granted, reviewer_, {"2026-04-10"})},
      {"return", Return(granted, reviewer_, "accept")},
      {"take back", TakeBack(granted, verifier_)},
      {"query", QueryHome(granted, verifier_)},
      {"answer", AnswerQuery(granted, home_)},
      {"suspend", Suspend(granted, verifier_, pb::SUSPENSION_GROUND_HEARING)},
      {"resume", Resume(granted, verifier_)},
      {"extend", Extend(granted, head_)},
      {"delegate", Delegate(granted, verifier_, second_, kUntil)},
      {"declare", Declare(granted, verifier_)},
      {"recuse", Recuse(granted, verifier_)},
      {"ask recusal", AskRecusal(granted, filer_, verifier_)},
      {"decide recusal", DecideRecusal(granted, head_, verifier_, true)},
      {"reassign", Reassign(granted, head_, second_)},
      {"one more", AddVerifier(granted, reviewer_)},
      {"one fewer", DropVerifier(granted, reviewer_)},
      {"remind", Remind(granted, filer_)},
      {"opinions", AskOpinions(granted, reviewer_, {"hunan"})},
      {"promise", CheckPromise(granted, verifier_, true)}};
  for (const auto& [verb, result] : lost) {
    SCOPED_TRACE(verb);
    ASSERT_FALSE(result);
    const Error& error = result.error();
    EXPECT_EQ(error.code, Code::kFailedPrecondition) << error.reason;
    EXPECT_THAT(error.metadata, Contains(Pair("state", "GRANTED")));
    EXPECT_THAT(error.metadata, Contains(Pair("etag", etag)));
    EXPECT_THAT(error.metadata, Contains(Pair("decidedBy", reviewer_.caller.user_id)));
    EXPECT_THAT(error.metadata, Contains(Key("decidedAt")));
  }
}

TEST_F(DeputyClausesTest, R22_ConflictsThatNoStateExplainsShowItToo) {
  const std::string id = Verified();
  Call both = verifier_;
  both.caller.roles = {"verifier", "reviewer"};
  auto stale = On<pb::GrantDecisionRequest>(id);
  stale.set_reason("as agreed");
  stale.set_etag("1");
  Must(Reassign(id, head_, reviewer_));
  const Call other = t_.Employ(t_.Officer("zhejiang", "reviewer", "other"));
  Must(Remind(id, filer_));
  const std::vector<std::pair<std::string, Decided>> lost = {
      {"ETAG_MISMATCH", t_.service.GrantDecision(reviewer_, stale)},
      {"VERIFIER_MAY_NOT_DECIDE", Grant(id, both)},
      {"REASSIGNED", Grant(id, other)},
      {"REMINDED_TODAY", Remind(id, filer_)},
      {"ALREADY_ASSIGNED", Reassign(id, head_, reviewer_)},
      {"RECUSAL_NOT_ASKED", DecideRecusal(id, head_, verifier_, true)}};
  for (const auto& [reason, result] : lost) {
    ASSERT_FALSE(result) << reason;
    EXPECT_EQ(result.error().reason, reason);
    EXPECT_THAT(result.error().metadata, Contains(Pair("state", "VERIFIED"))) << reason;
    EXPECT_THAT(result.error().metadata, Contains(Pair("etag", Read(id).etag()))) << reason;
  }
  EXPECT_THAT(lost[0].second.error().metadata, Contains(Pair("current", Read(id).etag())));
}

TEST_F(DeputyClausesTest, R14_WhoeverVerifiesAPartialRecognitionIsToldWhatItCovers) {
  const std::string id = Verified();
  pb::Scope scope;
  scope.add_activities("retail");
  scope.set_quantity("60");
  const pb::Decision granted = Must(GrantPartial(id, reviewer_, scope));
  pb::VerifyRecognitionRequest verify;
  verify.set_number(granted.recognition_number());
  const pb::Recognition shown = Must(t_.service.VerifyRecognition(t_.Nobody(), verify));
  EXPECT_THAT(shown.scope().activities(), ElementsAre("retail"));
  EXPECT_EQ(shown.scope().quantity(), "60");
  const std::string whole = Verified();
  verify.set_number(Must(Grant(whole, reviewer_)).recognition_number());
  EXPECT_FALSE(Must(t_.service.VerifyRecognition(t_.Nobody(), verify)).has_scope());
}

TEST_F(DeputyClausesTest, R07_AnExtensionAfterTheDueDateIsDueAgain) {
  const std::string id = Verified();
  t_.Advance("2026-03-30T16:00:00Z");  // the twentieth working day is over
  EXPECT_THAT(Rungs(id), Contains("DUE rung_passed"));
  const size_t before = Rungs(id).size();
  const std::string due = Must(Extend(id, head_)).clock().due_on();
  t_.Advance(EndOf(due));
  const auto rungs = Rungs(id);
  ASSERT_EQ(rungs.size(), before + 1) << "what was told on the way to the first is not told again";
  EXPECT_EQ(rungs.back(), "DUE rung_passed");
  t_.Advance("2026-06-30T16:00:00Z");
  EXPECT_EQ(Rungs(id).back(), "OVERDUE rung_passed");
  EXPECT_EQ(Rungs(id).size(), before + 2);
}

TEST_F(DeputyClausesTest, R05_AReturnAtTheEndOfADayUsesNoDayOfTheAuthoritys) {
  const std::string id = File();
  t_.Advance("2026-03-04T01:00:00Z");
  Must(Ask(id, verifier_, {"packing-list"}));
  t_.Advance("2026-03-25T16:00:00Z");
  ASSERT_EQ(State(id), "RETURNED");
  EXPECT_EQ(Read(id).clock().used_days(), 1);
  EXPECT_EQ(LastEvent(id).used_days(), 1);
}

TEST_F(DeputyClausesTest, R15_AConditionBeyondTheCalendarsIsRefused) {
  const std::string id = Verified();
  const auto refused = GrantConditional(id, reviewer_, {"9999-12-31"});
  EXPECT_EQ(StateOf(refused), "CONDITION_DUE");
  EXPECT_THAT(refused.error().metadata, Contains(Pair("latest", "2040-12-31")));
  EXPECT_EQ(StateOf(GrantConditional(id, reviewer_, {"2040-12-31"})), "GRANTED_CONDITIONAL");
}

}  // namespace
}  // namespace zonelink::recognition
