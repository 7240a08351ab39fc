// SPDX-License-Identifier: Apache-2.0
// Who acts on a decision, and who sees and changes what of it. Named after the clauses of the
// requirements.
#include <fmt/format.h>

#include <algorithm>

#include "recognition/test_cases.h"

namespace zonelink::recognition {
namespace {

using testing::Contains;
using testing::ElementsAre;

void TwoVerifiers(pb::Item& item) { item.set_verifiers_needed(2); }

class PeopleClausesTest : public CaseTest {
 protected:
  std::vector<std::string> OpinionsOf(const std::string& id) {
    std::vector<std::string> opinions;
    const pb::Decision read = Read(id);
    for (const pb::Opinion& opinion : read.opinions()) {
      opinions.push_back(opinion.zone() + " " + opinion.verdict() + " " + opinion.standing());
    }
    return opinions;
  }
  const Call hunan_ = t_.Officer("hunan", "reviewer");
  const Call jiangsu_ = t_.Officer("jiangsu", "reviewer");
};

TEST_F(PeopleClausesTest, R17_TheItemsNumberOfOfficersVerify) {
  const std::string id = Accepted(TwoVerifiers);
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "ACCEPTED");
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "DECISION_NOT_VERIFIED");
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "ALREADY_VERIFIED_BY_YOU");
  EXPECT_EQ(StateOf(Verify(id, second_)), "VERIFIED");
  const pb::Decision verified = Read(id);
  ASSERT_EQ(verified.verifications_size(), 2);
  EXPECT_EQ(verified.verifications(1).name(), second_.caller.name);
}

TEST_F(PeopleClausesTest, R17_TheDeciderNeverVerified) {
  Call both = verifier_;
  both.caller.roles = {"verifier", "reviewer"};
  const std::string id = Accepted();
  Must(Verify(id, both));
  EXPECT_EQ(StateOf(Grant(id, both)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_EQ(StateOf(Refuse(id, both)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "GRANTED");
}

TEST_F(PeopleClausesTest, R17_OneMoreVerifierAndOneFewer) {
  const std::string id = Accepted();
  EXPECT_EQ(StateOf(DropVerifier(id, reviewer_)), "VERIFIERS_LEAST");
  EXPECT_EQ(Must(AddVerifier(id, reviewer_)).verifiers_needed(), 2);
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "ACCEPTED");
  EXPECT_EQ(StateOf(DropVerifier(id, reviewer_)), "DROP_WOULD_SETTLE");
  EXPECT_EQ(StateOf(Verify(id, second_)), "VERIFIED");
}

TEST_F(PeopleClausesTest, R17_RecusalBySelf) {
  t_.Employ(verifier_);
  t_.Employ(second_);
  t_.Employ(reviewer_);
  const std::string id = Accepted();
  const pb::Decision recused = Must(Recuse(id, verifier_));
  ASSERT_EQ(recused.recusals_size(), 1);
  EXPECT_EQ(recused.recusals(0).state(), "SELF");
  EXPECT_THAT(LastEvent(id).decision().excluded_users(), Contains(verifier_.caller.user_id));
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "RECUSED");
  EXPECT_EQ(StateOf(Recuse(id, verifier_)), "ALREADY_RECUSED");
  EXPECT_EQ(StateOf(Verify(id, second_)), "VERIFIED");
}

TEST_F(PeopleClausesTest, R17_RecusalByTheApplicantsRequest) {
  t_.Employ(verifier_);
  t_.Employ(second_);
  t_.Employ(reviewer_);
  const std::string id = Accepted();
  EXPECT_EQ(StateOf(AskRecusal(id, t_.Filer("org-other"), verifier_)), "FILING_NOT_FOUND");
  EXPECT_EQ(StateOf(AskRecusal(id, filer_, hunan_)), "OFFICER_UNKNOWN");
  Must(AskRecusal(id, filer_, verifier_));
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "RECUSAL_PENDING");
  EXPECT_EQ(StateOf(DecideRecusal(id, head_, second_, true)), "RECUSAL_NOT_ASKED");
  Must(DecideRecusal(id, head_, verifier_, true));
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "RECUSED");
  Must(AskRecusal(id, filer_, second_));
  const pb::Decision declined = Must(DecideRecusal(id, head_, second_, false));
  EXPECT_EQ(declined.recusals(declined.recusals_size() - 1).state(), "DECLINED");
  EXPECT_EQ(StateOf(Verify(id, second_)), "VERIFIED");
}

// A zone of its own: who serves there is all that counts.
TEST_F(PeopleClausesTest, R17_WhereNobodyIsLeftItIsRoutedUp) {
  t_.OpenZone("hainan");
  const Call verifier = t_.Employ(t_.Officer("hainan", "verifier"));
  const Call reviewer = t_.Employ(t_.Officer("hainan", "reviewer"));
  const Call gone = t_.Employ(t_.Officer("hainan", "verifier", "gone"));
  t_.Dismiss(gone);
  const Call head = t_.Employ(t_.Officer("hainan", "zone_admin"));
  const std::string id = FileFor({"hainan"}, pb::MODE_REVIEW);
  pb::AcceptDecisionRequest accept = On<pb::AcceptDecisionRequest>(id, "hainan");
  EXPECT_EQ(StateOf(t_.service.AcceptDecision(head, accept)), "PARTY_NOT_ASKED")
      << "the head does not act while somebody is there";
  auto recuse = On<pb::RecuseFromDecisionRequest>(id, "hainan");
  recuse.set_reason("my brother's firm");
  const pb::Decision routed = Must(t_.decisions.RecuseFromDecision(verifier, recuse));
  EXPECT_EQ(routed.waiting_for(), "zone_admin");
  EXPECT_EQ(StateOf(t_.service.AcceptDecision(head, accept)), "ACCEPTED");
  auto verify = On<pb::VerifyDecisionRequest>(id, "hainan");
  verify.set_opinion("genuine");
  const pb::Decision verified = Must(t_.service.VerifyDecision(head, verify));
  EXPECT_EQ(verified.waiting_for(), "reviewer");
  auto grant = On<pb::GrantDecisionRequest>(id, "hainan");
  grant.set_reason("as agreed");
  EXPECT_EQ(StateOf(t_.service.GrantDecision(head, grant)), "VERIFIER_MAY_NOT_DECIDE");
  EXPECT_EQ(StateOf(t_.service.GrantDecision(reviewer, grant)), "GRANTED");
}

TEST_F(PeopleClausesTest, R17_NobodyDecidesForTheOwnOrganisation) {
  const std::string id = Verified();
  Call own = reviewer_;
  own.caller.organization_id = filer_.caller.organization_id;
  EXPECT_EQ(StateOf(Grant(id, own)), "OWN_ORGANIZATION");
  EXPECT_EQ(StateOf(Recuse(id, own)), "OWN_ORGANIZATION");
}

TEST_F(PeopleClausesTest, DelegationEndsWithItsTimeAndIsNotPassedOn) {
  const Call deputy = t_.Employ(t_.Officer("zhejiang", "clerk", "deputy"));
  const Call third = t_.Employ(t_.Officer("zhejiang", "clerk", "third"));
  const std::string id = Accepted();
  EXPECT_EQ(StateOf(Verify(id, deputy)), "ROLE_NEEDED");
  EXPECT_EQ(StateOf(Delegate(id, verifier_, deputy, "2026-03-01T01:00:00Z")), "DELEGATION_PERIOD");
  EXPECT_EQ(StateOf(Delegate(id, verifier_, hunan_, "2026-03-05T01:00:00Z")), "OFFICER_UNKNOWN");
  const pb::Decision delegated = Must(Delegate(id, verifier_, deputy, "2026-03-05T01:00:00Z"));
  ASSERT_EQ(delegated.deputies_size(), 1);
  EXPECT_EQ(delegated.deputies(0).deputy_user_id(), deputy.caller.user_id);
  EXPECT_EQ(StateOf(Delegate(id, deputy, third, "2026-03-05T01:00:00Z")), "DELEGATION_CHAIN");
  t_.SetClock("2026-03-05T01:00:01Z");
  EXPECT_EQ(StateOf(Verify(id, deputy)), "ROLE_NEEDED");
  Must(Delegate(id, verifier_, deputy, "2026-03-09T01:00:00Z"));
  const pb::Decision verified = Must(Verify(id, deputy));
  EXPECT_EQ(NameOf(verified), "VERIFIED");
  EXPECT_EQ(verified.verifications(0).user_id(), deputy.caller.user_id);
}

TEST_F(PeopleClausesTest, DelegationEndsWithTheRoleThatWasLent) {
  const Call deputy = t_.Employ(t_.Officer("zhejiang", "clerk", "lent"));
  const Call principal = t_.Employ(t_.Officer("zhejiang", "verifier", "leaver"));
  const std::string id = Accepted();
  Must(Delegate(id, principal, deputy, "2026-03-05T01:00:00Z"));
  t_.scratch.Admin("UPDATE recognition.officers SET roles = '{reviewer}' WHERE user_id = '" +
                   principal.caller.user_id + "'");
  EXPECT_EQ(StateOf(Verify(id, deputy)), "ROLE_NEEDED");
  t_.scratch.Admin("UPDATE recognition.officers SET roles = '{verifier}' WHERE user_id = '" +
                   principal.caller.user_id + "'");
  EXPECT_EQ(StateOf(Verify(id, deputy)), "VERIFIED");
}

TEST_F(PeopleClausesTest, R18_OfficersTakeTheirOwnLastStepBackWhileTheNextHasNotActed) {
  const std::string id = Verified();
  EXPECT_EQ(StateOf(TakeBack(id, second_)), "NOTHING_TO_TAKE_BACK");
  EXPECT_EQ(StateOf(TakeBack(id, verifier_)), "ACCEPTED");
  EXPECT_EQ(Read(id).verifications_size(), 0);
  EXPECT_EQ(StateOf(TakeBack(id, verifier_)), "PENDING");
  Must(Accept(id, verifier_));
  Must(Verify(id, second_));
  EXPECT_EQ(StateOf(TakeBack(id, verifier_)), "NOTHING_TO_TAKE_BACK") << "the next has acted";
  Must(Grant(id, reviewer_));
  EXPECT_EQ(StateOf(TakeBack(id, second_)), "NOTHING_TO_TAKE_BACK");
}

TEST_F(PeopleClausesTest, R18_WhatIsTakenBackCanBeDoneAgain) {
  const std::string id = File();
  Must(Correct(id, verifier_, "attributes.quantity"));
  EXPECT_EQ(StateOf(TakeBack(id, verifier_)), "PENDING");
  EXPECT_EQ(Read(id).corrections_size(), 0);
  EXPECT_EQ(StateOf(Correct(id, second_, "attributes.hsCode")), "ACCEPTED");
  const pb::Decision corrected = Read(id);
  ASSERT_EQ(corrected.corrections_size(), 1);
  EXPECT_EQ(corrected.corrections(0).field(), "attributes.hsCode");
}

TEST_F(PeopleClausesTest, R18_TheApplicantWithdrawsAnyTimeBeforeTheDecision) {
  std::vector<std::string> open = {File(), Accepted(), Verified()};
  open.push_back(Accepted());
  Must(QueryHome(open.back(), verifier_));
  open.push_back(File());
  Must(Ask(open.back(), verifier_, {"packing-list"}));
  open.push_back(Verified());
  Must(Suspend(open.back(), reviewer_, pb::SUSPENSION_GROUND_HEARING));
  open.push_back(Verified());
  Must(Return(open.back(), reviewer_, "accept"));
  open.push_back(Verified());
  Must(AskOpinions(open.back(), reviewer_, {"hunan"}));
  for (const std::string& id : open) {
    SCOPED_TRACE(State(id));
    EXPECT_EQ(Must(Withdraw(id)).state(), pb::FILING_STATE_WITHDRAWN);
    EXPECT_EQ(State(id), "WITHDRAWN");
    EXPECT_EQ(ReasonOf(Withdraw(id)), "FILING_NOT_OPEN");
  }
  const std::string decided = Verified();
  Must(Refuse(decided, reviewer_));
  EXPECT_EQ(ReasonOf(Withdraw(decided)), "FILING_NOT_OPEN");
}

TEST_F(PeopleClausesTest, R19_ReturnKeepsOpinionsAsHistoryAndCancelsParallelOnes) {
  const std::string id = Verified();
  Must(AskOpinions(id, reviewer_, {"hunan", "jiangsu"}));
  Must(GiveOpinion(id, hunan_, "AGREE"));
  EXPECT_THAT(LastEvent(id).decision().opinions_of(), ElementsAre("jiangsu"));
  const pb::Decision returned = Must(Return(id, reviewer_, "verify"));
  EXPECT_EQ(NameOf(returned), "RETURNED_TO_STEP");
  EXPECT_EQ(returned.step(), "verify");
  EXPECT_TRUE(returned.clock().running()) << "the authority's time goes on";
  EXPECT_EQ(returned.verifications_size(), 0) << "those that count";
  EXPECT_THAT(OpinionsOf(id), ElementsAre("hunan AGREE CANCELLED"));
  EXPECT_EQ(StateOf(GiveOpinion(id, jiangsu_, "AGREE")), "ZONE_NOT_ASKED");
  EXPECT_EQ(LastEvent(id).decision().opinions_of_size(), 0);
  EXPECT_EQ(
      t_.scratch.AdminText("SELECT string_agg(step || ' ' || standing, ', ' ORDER BY seq) FROM "
                           "recognition.review_opinions WHERE line = 'zhejiang' AND case_id = '" +
                           id + "'"),
      "accept counted, verify cancelled");
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "VERIFIED") << "another round";
  EXPECT_EQ(StateOf(Return(id, reviewer_, "decide")), "STEP_NOT_EARLIER");
  Must(Return(id, reviewer_, "accept"));
  EXPECT_EQ(StateOf(Verify(id, verifier_)), "DECISION_NOT_ACCEPTED");
  EXPECT_EQ(StateOf(Accept(id, verifier_)), "ACCEPTED");
}

TEST_F(PeopleClausesTest, R20_AllMustAgree) {
  const std::string id = Verified();
  Must(AskOpinions(id, reviewer_, {"hunan", "jiangsu"}));
  EXPECT_EQ(StateOf(AskOpinions(id, reviewer_, {"hunan"})), "OPINIONS_OPEN");
  Must(GiveOpinion(id, hunan_, "AGREE"));
  EXPECT_EQ(StateOf(GiveOpinion(id, hunan_, "AGREE")), "OPINION_GIVEN");
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "OPINIONS_OPEN");
  EXPECT_EQ(Must(GiveOpinion(id, jiangsu_, "AGREE")).consultation().result(), "AGREED");
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "GRANTED");
}

TEST_F(PeopleClausesTest, R20_OneIsEnoughAndALateOpinionIsRecordedNotCounted) {
  const std::string id = Verified();
  Must(AskOpinions(id, reviewer_, {"hunan", "jiangsu"}, pb::OPINION_RULE_ANY));
  Must(GiveOpinion(id, hunan_, "AGREE"));
  const pb::Decision late = Must(GiveOpinion(id, jiangsu_, "DISAGREE"));
  EXPECT_EQ(late.consultation().result(), "AGREED");
  EXPECT_THAT(OpinionsOf(id), ElementsAre("hunan AGREE COUNTED", "jiangsu DISAGREE LATE"));
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "GRANTED");
}

TEST_F(PeopleClausesTest, R20_QuorumOfSeveral) {
  t_.OpenZone("hubei");
  const Call hubei = t_.Officer("hubei", "reviewer");
  const std::string id = Verified();
  EXPECT_EQ(StateOf(AskOpinions(id, reviewer_, {"hunan"}, pb::OPINION_RULE_QUORUM, 2)),
            "QUORUM_INVALID");
  EXPECT_EQ(StateOf(AskOpinions(id, reviewer_, {"zhejiang"})), "OPINION_ZONES");
  EXPECT_EQ(StateOf(AskOpinions(id, reviewer_, {"atlantis"})), "ZONE_NOT_FOUND");
  Must(AskOpinions(id, reviewer_, {"hunan", "jiangsu", "hubei"}, pb::OPINION_RULE_QUORUM, 2));
  Must(GiveOpinion(id, hunan_, "DISAGREE"));
  EXPECT_EQ(Must(GiveOpinion(id, jiangsu_, "AGREE")).consultation().result(), "OPEN");
  EXPECT_EQ(Must(GiveOpinion(id, hubei, "AGREE")).consultation().result(), "AGREED");
}

TEST_F(PeopleClausesTest, R20_AVetoSettlesItAndStandsInTheWayOfAGrant) {
  const std::string id = Verified();
  Must(AskOpinions(id, reviewer_, {"hunan", "jiangsu"}, pb::OPINION_RULE_ANY, 0, true));
  EXPECT_EQ(Must(GiveOpinion(id, jiangsu_, "DISAGREE")).consultation().result(), "DISAGREED");
  EXPECT_EQ(StateOf(Grant(id, reviewer_)), "OPINIONS_AGAINST");
  EXPECT_EQ(StateOf(Refuse(id, reviewer_)), "REFUSED");
  EXPECT_THAT(StateOf(GiveOpinion(id, hunan_, "AGREE")), "REFUSED") << "late, and recorded";
  EXPECT_THAT(OpinionsOf(id), ElementsAre("jiangsu DISAGREE COUNTED", "hunan AGREE LATE"));
}

TEST_F(PeopleClausesTest, R20_OneZoneRefusingDoesNotBlockOthers) {
  const std::string id = FileFor({"jiangsu", "zhejiang"}, pb::MODE_REVIEW);
  Must(Accept(id, verifier_));
  Must(Verify(id, verifier_));
  Must(Refuse(id, reviewer_));
  EXPECT_EQ(Must(Get(id, filer_)).state(), pb::FILING_STATE_IN_REVIEW);
  const auto in_jiangsu = [&](auto request) {
    request.set_filing_id(id);
    request.set_zone("jiangsu");
    return request;
  };
  Must(t_.service.AcceptDecision(t_.Officer("jiangsu", "verifier"),
                                 in_jiangsu(pb::AcceptDecisionRequest())));
  auto verify = in_jiangsu(pb::VerifyDecisionRequest());
  verify.set_opinion("genuine");
  Must(t_.service.VerifyDecision(t_.Officer("jiangsu", "verifier"), verify));
  auto grant = in_jiangsu(pb::GrantDecisionRequest());
  grant.set_reason("as agreed");
  EXPECT_EQ(StateOf(t_.service.GrantDecision(jiangsu_, grant)), "GRANTED");
  EXPECT_EQ(Must(Get(id, filer_)).state(), pb::FILING_STATE_CLOSED);
}

TEST_F(PeopleClausesTest, R22_ATaskReassignedMeanwhileIsNotCompletedByWhoHadIt) {
  t_.Employ(verifier_);
  t_.Employ(second_);
  const std::string id = Accepted();
  EXPECT_EQ(StateOf(Reassign(id, head_, hunan_)), "OFFICER_UNKNOWN");
  EXPECT_EQ(Must(Reassign(id, head_, verifier_)).assigned_to(), verifier_.caller.user_id);
  EXPECT_EQ(Must(Reassign(id, head_, second_)).assigned_to(), second_.caller.user_id);
  EXPECT_EQ(LastEvent(id).decision().assigned_to(), second_.caller.user_id);
  const auto refused = Verify(id, verifier_);
  EXPECT_EQ(StateOf(refused), "REASSIGNED");
  EXPECT_THAT(refused.error().metadata,
              Contains(std::pair<std::string, std::string>("assignees", second_.caller.user_id)));
  EXPECT_EQ(StateOf(Verify(id, second_)), "VERIFIED");
}

TEST_F(PeopleClausesTest, RemindersAreCountedOnceADay) {
  const std::string id = Accepted();
  EXPECT_EQ(Must(Remind(id, filer_)).reminders(), 1);
  EXPECT_EQ(StateOf(Remind(id, t_.Officer("shanghai", "zone_admin"))), "REMINDED_TODAY");
  t_.SetClock("2026-03-02T16:00:00Z");  // midnight in Shanghai
  EXPECT_EQ(Must(Remind(id, t_.Officer("shanghai", "zone_admin"))).reminders(), 2);
  EXPECT_EQ(StateOf(Remind(id, t_.Filer("org-other"))), "FILING_NOT_FOUND");
}

// What the database itself shows and lets be changed.
class DecisionAccessTest : public PeopleClausesTest {
 protected:
  // zhejiang asked the home zone, then hunan for its opinion; hubei has nothing to do with it.
  DecisionAccessTest() {
    id_ = Accepted();
    Must(QueryHome(id_, verifier_));
    Must(AnswerQuery(id_, home_));
    Must(AskOpinions(id_, verifier_, {"hunan"}));
    Must(GiveOpinion(id_, hunan_, "AGREE"));
    Must(QueryHome(id_, verifier_));
  }
  int64_t Sees(const Call& by, const std::string& table, const std::string& key) {
    return t_.Sees(by, table, fmt::format("{} = '{}'", key, id_));
  }
  // Rows that a statement writes in the caller's name; 0 also where the database refuses it.
  int64_t Writes(const Call& by, const std::string& text) {
    const std::string filled = fmt::format(fmt::runtime(text), fmt::arg("id", id_));
    return std::max<int64_t>(0, t_.Writes(by, filled));
  }

  std::string id_;
};

TEST_F(DecisionAccessTest, OnlyPartiesAndZonesThatWereAskedSeeACase) {
  const std::vector<std::pair<const char*, const char*>> tables = {
      {"filings", "filing_id"},
      {"decisions", "filing_id"},
      {"documents", "filing_id"},
      {"decision_queries", "filing_id"},
      {"decision_consultations", "filing_id"},
      {"clocks", "case_id"},
      {"review_lines", "case_id"},
      {"review_opinions", "case_id"}};
  const Call foreign_officer = t_.Officer("hubei", "verifier");
  const Call foreign_filer = t_.Filer("org-foreign");
  for (const auto& [table, key] : tables) {
    SCOPED_TRACE(table);
    for (const Call& by : {filer_, home_, verifier_, hunan_, t_.Secretariat(), t_.Auditor()}) {
      EXPECT_GT(Sees(by, table, key), 0) << by.caller.name;
    }
    EXPECT_EQ(Sees(foreign_officer, table, key), 0);
    EXPECT_EQ(Sees(foreign_filer, table, key), 0);
    EXPECT_EQ(Sees(jiangsu_, table, key), 0);
  }
  EXPECT_EQ(ReasonOf(Get(id_, foreign_officer)), "FILING_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Get(id_, foreign_filer)), "FILING_NOT_FOUND");
  EXPECT_EQ(Must(Get(id_, hunan_)).decisions(0).opinions_size(), 1);
}

TEST_F(DecisionAccessTest, AZoneThatWasAskedGivesItsOpinionAndChangesNothingElse) {
  for (const char* change :
       {"UPDATE decisions SET state = 'ACCEPTED', resume_to = NULL WHERE filing_id = '{id}'",
        "UPDATE decisions SET reason = reason, scope_quantity = '1' WHERE filing_id = '{id}'",
        "UPDATE decisions SET extended_days = 10 WHERE filing_id = '{id}'",
        "UPDATE decision_queries SET answer = 'x', answered_by = 'x' WHERE filing_id = '{id}'",
        "UPDATE clocks SET budget = 90 WHERE case_id = '{id}'",
        "UPDATE clocks SET stopped_at = now() WHERE case_id = '{id}'",
        "UPDATE review_lines SET step = 'decide' WHERE case_id = '{id}' AND line = 'zhejiang'",
        "UPDATE review_opinions SET standing = 'cancelled' WHERE case_id = '{id}' AND "
        "line = 'zhejiang'",
        "INSERT INTO decision_queries (filing_id, zone, place, question, asked_by, asked_at) "
        "VALUES ('{id}', 'zhejiang', 9, 'q', 'u', now())",
        "INSERT INTO clocks (case_id, name, owner, kind, calendar, calendar_revision, unit, "
        "budget, started_at) SELECT case_id, 'zhejiang/x', owner, kind, calendar, 0, unit, 1, "
        "started_at FROM clocks WHERE case_id = '{id}' LIMIT 1",
        "INSERT INTO filing_parties (filing_id, party, organization_id, submitted_at) SELECT "
        "filing_id, 'zone:hubei', organization_id, submitted_at FROM filings "
        "WHERE filing_id = '{id}'"}) {
    EXPECT_EQ(Writes(hunan_, change), 0) << change;
    EXPECT_EQ(Writes(t_.Officer("hubei", "verifier"), change), 0) << change;
    EXPECT_EQ(Writes(t_.Filer("org-foreign"), change), 0) << change;
    EXPECT_EQ(Writes(t_.Secretariat(), change), 0) << change;
  }
}

TEST_F(DecisionAccessTest, TheHomeZoneAnswersItsQueryAndTheApplicantDecidesNothing) {
  for (const char* change :
       {"UPDATE decisions SET promise = 'MET' WHERE filing_id = '{id}'",
        "UPDATE decisions SET extended_days = 10 WHERE filing_id = '{id}'",
        "UPDATE decisions SET state = 'VERIFIED', resume_to = NULL WHERE filing_id = '{id}'",
        "UPDATE review_lines SET step = 'decide' WHERE case_id = '{id}' AND line = 'zhejiang'",
        "UPDATE clocks SET budget = 90 WHERE case_id = '{id}' AND name = 'zhejiang/decision'",
        "INSERT INTO review_opinions (case_id, line, seq, round, step, party, user_id, name, "
        "on_behalf_of, at, verdict, text, standing) VALUES ('{id}', 'zhejiang', 99, 1, 'verify', "
        "'zhejiang', current_user_id(), 'n', '', now(), 'agree', '', 'counted')"}) {
    EXPECT_EQ(Writes(home_, change), 0) << change;
    EXPECT_EQ(Writes(filer_, change), 0) << change;
  }
  EXPECT_EQ(Writes(filer_, "UPDATE decision_queries SET answer = 'x' WHERE filing_id = '{id}'"), 0);
  EXPECT_EQ(StateOf(AnswerQuery(id_, hunan_)), "NOT_HOME_ZONE");
  EXPECT_EQ(StateOf(AnswerQuery(id_, home_)), "ACCEPTED");
}

TEST_F(DecisionAccessTest, EventsCarryThePartiesAndZonesThatWereAsked) {
  const auto parties_of = [&](const events::v1::Event& event) {
    return t_.scratch.AdminText(fmt::format(
        "SELECT array_to_string(parties, ' ') FROM recognition.events WHERE event_id = '{}'",
        event.event_id()));
  };
  const auto events = Events(id_);
  const std::string base =
      "org:" + filer_.caller.organization_id + " zone:shanghai zone:zhejiang leading-group";
  EXPECT_EQ(parties_of(events.front()), base);
  EXPECT_EQ(parties_of(events.back()), base + " zone:hunan");
  for (size_t i = 0; i < events.size(); ++i) {
    if (events[i].type() == "zonelink.recognition.decision.opinions_requested") {
      EXPECT_EQ(parties_of(events[i]), base + " zone:hunan") << "from the request on";
    }
  }
}

TEST_F(DecisionAccessTest, TheTimelineShowsEveryStepWithReasonAndActor) {
  Must(AnswerQuery(id_, home_));
  Must(Verify(id_, verifier_));
  Must(Return(id_, reviewer_, "verify"));
  Must(Verify(id_, second_));
  Must(Refuse(id_, reviewer_));
  std::vector<std::string> steps;
  const pb::FilingTimeline timeline = Timeline(id_, filer_);
  for (const pb::TimelineEntry& entry : timeline.items()) {
    steps.push_back(fmt::format("{} {}>{} {} {}", entry.type().substr(entry.type().rfind('.') + 1),
                                entry.from_state(), entry.to_state(), entry.actor_user_id(),
                                entry.reason()));
  }
  EXPECT_THAT(
      steps,
      ElementsAre(
          "submitted >IN_REVIEW " + filer_.caller.user_id + " ",
          "accepted PENDING>ACCEPTED u-verifier-zhejiang ",
          "queried ACCEPTED>QUERY_TO_HOME u-verifier-zhejiang was it issued so?",
          "query_answered QUERY_TO_HOME>ACCEPTED u-verifier-shanghai it was",
          "opinions_requested ACCEPTED>ACCEPTED u-verifier-zhejiang do you recognise it?",
          "opinion_given ACCEPTED>ACCEPTED u-reviewer-hunan so we think",
          "queried ACCEPTED>QUERY_TO_HOME u-verifier-zhejiang was it issued so?",
          "query_answered QUERY_TO_HOME>ACCEPTED u-verifier-shanghai it was",
          "verified ACCEPTED>VERIFIED u-verifier-zhejiang the certificate is genuine",
          "returned_to_step VERIFIED>RETURNED_TO_STEP u-reviewer-zhejiang the file says so",
          "verified RETURNED_TO_STEP>VERIFIED u-verifier2-zhejiang the certificate is genuine",
          "refused VERIFIED>REFUSED u-reviewer-zhejiang not genuine"));
}

}  // namespace
}  // namespace zonelink::recognition
