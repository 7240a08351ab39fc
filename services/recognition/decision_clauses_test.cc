// SPDX-License-Identifier: Apache-2.0
// A decision from its receipt to its end, through the service. Named after the clauses of the
// requirements.
#include <google/protobuf/util/message_differencer.h>

#include "recognition/test_cases.h"

namespace zonelink::recognition {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

class DecisionClausesTest : public CaseTest {
 protected:
  Result<pb::Filing> FileAgain(const std::string& item, const std::string& credential,
                               const std::vector<std::string>& zones) {
    pb::SubmitFilingRequest request = t_.Submission(filer_, item, zones);
    request.mutable_credential()->set_number(credential);
    return t_.Submit(filer_, request);
  }
  std::string ReviewedItem() {
    const std::string item = t_.NewItem();
    for (const char* zone : {"jiangsu", "zhejiang"}) t_.Agree(item, zone, pb::MODE_REVIEW);
    return item;
  }
};

TEST_F(DecisionClausesTest, R01_ReceiptNumberAndTimeAtOnceAndOnlyTheTargetZoneDecides) {
  const std::string item = ReviewedItem();
  const pb::Filing filed = Must(FileAgain(item, "CO-R01", {"zhejiang"}));
  EXPECT_EQ(filed.receipt_number().substr(0, 7), "ZL2026-");
  EXPECT_EQ(filed.receipt_number().size(), 17U);
  EXPECT_EQ(TextOf(filed.submitted_at()).substr(0, 16), "2026-03-02T01:00");
  EXPECT_EQ(NameOf(filed.decisions(0)), "PENDING");
  EXPECT_EQ(filed.decisions(0).waiting_for(), "verifier");
  EXPECT_EQ(filed.decisions(0).step(), "accept");
  EXPECT_EQ(StateOf(Accept(filed.filing_id(), home_)), "NOT_DECIDING_ZONE");
  EXPECT_EQ(StateOf(Accept(filed.filing_id(), t_.Officer("jiangsu", "verifier"))),
            "FILING_NOT_FOUND");
}

TEST_F(DecisionClausesTest, R03_NotRequired) {
  const std::string id = File();
  const pb::Decision ended = Must(NotRequired(id, verifier_));
  EXPECT_EQ(NameOf(ended), "NOT_REQUIRED");
  EXPECT_EQ(ended.legal_basis(), "行政许可法 §32 (1)");
  EXPECT_EQ(ended.decided_by(), verifier_.caller.user_id);
  EXPECT_NE(ended.reason(), "");
  EXPECT_FALSE(ended.clock().running());
  EXPECT_EQ(ended.waiting_for(), "");
  EXPECT_GT(ended.remedies_size(), 0);
  EXPECT_EQ(Must(Get(id, filer_)).state(), pb::FILING_STATE_CLOSED);
  EXPECT_EQ(StateOf(NotRequired(Accepted(), verifier_)), "DECISION_NOT_PENDING");
}

TEST_F(DecisionClausesTest, R03_WrongAuthoritySaysWhich) {
  const std::string id = File();
  const pb::Decision ended = Must(WrongAuthority(id, verifier_, "zhejiang-customs"));
  EXPECT_EQ(NameOf(ended), "WRONG_AUTHORITY");
  EXPECT_EQ(ended.competent_authority(), "zhejiang-customs");
  EXPECT_EQ(ended.legal_basis(), "行政许可法 §32 (2)");
  EXPECT_EQ(Read(id).competent_authority(), "zhejiang-customs");
  EXPECT_EQ(StateOf(WrongAuthority(Accepted(), verifier_, "x")), "DECISION_NOT_PENDING");
}

TEST_F(DecisionClausesTest, R03_FixedOnTheSpot) {
  const std::string id = File();
  Must(Correct(id, verifier_, "attributes.quantity"));
  const pb::Decision accepted = Read(id);
  EXPECT_EQ(NameOf(accepted), "ACCEPTED");
  ASSERT_EQ(accepted.corrections_size(), 1);
  EXPECT_EQ(accepted.corrections(0).field(), "attributes.quantity");
  EXPECT_EQ(accepted.corrections(0).value(), "1200");
}

TEST_F(DecisionClausesTest, R03_SupplementAndAccepted) {
  const std::string id = File();
  EXPECT_EQ(StateOf(Ask(id, verifier_, {"packing-list"})), "SUPPLEMENTING");
  EXPECT_EQ(LastEvent(id).missing(0), "packing-list");
  Must(HandIn(id, {"packing-list"}));
  EXPECT_EQ(State(id), "PENDING");
  const pb::Decision accepted = Must(Accept(id, verifier_));
  EXPECT_EQ(NameOf(accepted), "ACCEPTED");
  EXPECT_EQ(accepted.step(), "verify");
  EXPECT_EQ(StateOf(Accept(id, second_)), "DECISION_NOT_PENDING");
}

TEST_F(DecisionClausesTest, R04_ASecondNoticeIsRefused) {
  const std::string id = File();
  Must(Ask(id, verifier_, {"packing-list"}));
  Must(HandIn(id, {"packing-list"}));
  EXPECT_EQ(StateOf(Ask(id, verifier_, {"certificate"})), "SUPPLEMENT_ALREADY_ASKED");
  EXPECT_EQ(StateOf(Accept(id, verifier_)), "ACCEPTED");
}

TEST_F(DecisionClausesTest, R05_TheApplicantsTimePausesTheAuthoritysBudget) {
  const std::string id = File();
  t_.Advance("2026-03-04T01:00:00Z");
  EXPECT_EQ(Must(Ask(id, verifier_, {"packing-list"})).clock().used_days(), 1);
  t_.Advance("2026-03-12T01:00:00Z");
  EXPECT_EQ(Read(id).clock().used_days(), 1);
  const pb::Filing answered = Must(HandIn(id, {"packing-list"}));
  EXPECT_EQ(answered.decisions(0).clock().used_days(), 1);
  EXPECT_EQ(answered.decisions(0).clock().due_on(), "2026-04-08");
  ASSERT_EQ(answered.decisions(0).excluded_times_size(), 1);
  EXPECT_EQ(answered.decisions(0).excluded_times(0).ground(), pb::SUSPENSION_GROUND_SUPPLEMENT);
}

TEST_F(DecisionClausesTest, R05_RefilingKeepsTheDocuments) {
  const std::string item = ReviewedItem();
  const pb::Filing filed = Must(FileAgain(item, "CO-R05", {"zhejiang"}));
  Must(Ask(filed.filing_id(), verifier_, {"packing-list"}));
  t_.Advance("2026-03-25T01:00:00Z");
  ASSERT_EQ(State(filed.filing_id()), "RETURNED");
  pb::SubmitFilingRequest request = t_.Submission(filer_, item, {"zhejiang"});
  request.clear_documents();
  request.set_refile_of(filed.filing_id());
  const pb::Filing again = Must(t_.Submit(filer_, request));
  EXPECT_EQ(again.refile_of(), filed.filing_id());
  ASSERT_EQ(again.documents_size(), 1);
  EXPECT_EQ(again.documents(0).sha256(), filed.documents(0).sha256());
  EXPECT_EQ(Must(Get(again.filing_id(), verifier_)).documents_size(), 1);
}

// Verbs on a state that knows them not: the table's reasons, with the state that was met.
TEST_F(DecisionClausesTest, R06_IllegalTransitionsAreRefusedWithTheStateMet) {
  const std::string id = File();
  const std::vector<std::pair<Decided, std::string>> refused = {
      {Verify(id, verifier_), "DECISION_NOT_ACCEPTED"},
      {Grant(id, reviewer_), "DECISION_NOT_VERIFIED"},
      {Refuse(id, reviewer_), "DECISION_NOT_VERIFIED"},
      {QueryHome(id, verifier_), "DECISION_NOT_IN_REVIEW"},
      {AnswerQuery(id, home_), "QUERY_NOT_OPEN"},
      {Suspend(id, verifier_, pb::SUSPENSION_GROUND_HEARING), "DECISION_NOT_IN_REVIEW"},
      {Resume(id, verifier_), "DECISION_NOT_SUSPENDED"},
      {Extend(id, head_), "DECISION_NOT_IN_REVIEW"},
      {Return(id, reviewer_, "accept"), "DECISION_NOT_IN_REVIEW"},
      {TakeBack(id, verifier_), "NOTHING_TO_TAKE_BACK"},
      {AddVerifier(id, reviewer_), "DECISION_NOT_IN_REVIEW"},
      {AskOpinions(id, verifier_, {"hunan"}), "DECISION_NOT_IN_REVIEW"},
      {Deliver(id, verifier_), "DECISION_NOT_GRANTED"},
      {CheckPromise(id, verifier_, true), "PROMISE_NOT_OPEN"},
      {ConfirmCondition(id, verifier_, 1), "CONDITION_UNKNOWN"}};
  for (const auto& [result, reason] : refused) {
    ASSERT_FALSE(result) << reason;
    EXPECT_EQ(result.error().reason, reason);
    EXPECT_EQ(result.error().code, Code::kFailedPrecondition) << reason;
    EXPECT_THAT(result.error().metadata, Contains(Pair("state", "PENDING"))) << reason;
  }
  EXPECT_EQ(Events(id).size(), 1U) << "a refusal leaves nothing behind";
}

TEST_F(DecisionClausesTest, R07_TheExtensionIsOnceWithReasonsAndByTheItem) {
  const std::string id = Verified();
  const pb::Decision extended = Must(Extend(id, head_));
  EXPECT_EQ(extended.extended_days(), 10);
  EXPECT_EQ(extended.legal_basis(), "行政许可法 §42");
  EXPECT_NE(extended.extension_reason(), "");
  EXPECT_EQ(LastEvent(id).reason(), extended.extension_reason()) << "sent to the applicant";
  EXPECT_EQ(Read(id).clock().due_on(), extended.clock().due_on());
  const std::string fixed = Verified([](pb::Item& item) { item.set_extension_days(0); });
  EXPECT_EQ(StateOf(Extend(fixed, head_)), "EXTENSION_NOT_ALLOWED");
}

TEST_F(DecisionClausesTest, R09_TheQueryGoesToTheHomeZoneAndTheClockGoesOn) {
  const std::string id = Verified();
  const pb::Decision asked = Must(QueryHome(id, reviewer_));
  EXPECT_EQ(NameOf(asked), "QUERY_TO_HOME");
  EXPECT_TRUE(asked.clock().running());
  EXPECT_EQ(asked.queries(0).due_on(), "2026-03-16");
  EXPECT_EQ(StateOf(AnswerQuery(id, verifier_)), "NOT_HOME_ZONE");
  const pb::Decision answered = Must(AnswerQuery(id, home_));
  EXPECT_EQ(NameOf(answered), "VERIFIED") << "where it was";
  EXPECT_EQ(answered.queries(0).answer(), "it was");
  EXPECT_EQ(answered.queries(0).answered_by(), home_.caller.user_id);
  EXPECT_FALSE(answered.queries(0).missed());
  EXPECT_EQ(StateOf(AnswerQuery(id, home_)), "QUERY_NOT_OPEN");
}

TEST_F(DecisionClausesTest, R10_WhatTheFileHoldsIsNotAskedForAgain) {
  const std::string id = File();
  const auto refused = Ask(id, verifier_, {"invoice"});
  EXPECT_EQ(StateOf(refused), "DOCUMENT_IN_FILE");
  EXPECT_THAT(refused.error().metadata, Contains(Pair("kind", "invoice")));
  EXPECT_EQ(StateOf(Ask(id, verifier_, {"invoice"}, "unreadable")), "DOCUMENT_IN_FILE")
      << "a supervisor's to say";
  EXPECT_EQ(State(id), "PENDING");
  const std::string expired = File({}, [](pb::SubmitFilingRequest& request) {
    request.mutable_documents(0)->set_valid_until("2026-03-01");
  });
  EXPECT_EQ(StateOf(Ask(expired, verifier_, {"invoice"})), "SUPPLEMENTING");
  Call supervisor = head_;
  supervisor.caller.roles = {"zone_admin", "verifier"};
  EXPECT_EQ(StateOf(Ask(id, supervisor, {"invoice"}, "unreadable")), "SUPPLEMENTING");
}

TEST_F(DecisionClausesTest, R12_NoGrantWithoutTheSignedPromise) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "zhejiang", pb::MODE_NOTIFY);
  pb::SubmitFilingRequest request = t_.Submission(filer_, item, {"zhejiang"});
  EXPECT_EQ(ReasonOf(t_.Submit(filer_, request)), "PROMISE_MISSING");
  request.set_promise(true);
  const pb::Filing filed = Must(t_.Submit(filer_, request));
  EXPECT_EQ(NameOf(filed.decisions(0)), "GRANTED");
  EXPECT_EQ(filed.decisions(0).promise().version(), 1) << "the text that was signed";
}

TEST_F(DecisionClausesTest, R14_PartialIsShownAsADifferenceToTheOrigin) {
  const auto origin = [](pb::SubmitFilingRequest& request) {
    for (const char* one : {"retail", "wholesale"}) request.mutable_scope()->add_activities(one);
    request.mutable_scope()->add_addresses("Ningbo");
    request.mutable_scope()->set_quantity("1200");
  };
  const std::string id = Verified({}, origin);
  pb::Scope scope;
  scope.add_activities("mining");
  EXPECT_EQ(StateOf(GrantPartial(id, reviewer_, scope)), "SCOPE_NOT_NARROWER");
  scope = pb::Scope();
  scope.set_valid_until("2028-01-01");
  EXPECT_EQ(StateOf(GrantPartial(id, reviewer_, scope)), "SCOPE_INVALID");
  scope = pb::Scope();
  scope.add_activities("retail");
  scope.set_quantity("800.5");
  scope.set_valid_until("2026-12-31");
  Must(GrantPartial(id, reviewer_, scope));
  const pb::Decision granted = Read(id);
  EXPECT_EQ(NameOf(granted), "GRANTED_PARTIAL");
  std::vector<std::string> differences;
  for (const pb::ScopeDifference& one : granted.scope_differences()) {
    differences.push_back(one.part() + ": " + one.origin() + " > " + one.recognised());
  }
  EXPECT_THAT(differences,
              ElementsAre("activities: retail; wholesale > retail", "quantity: 1200 > 800.5",
                          "period: 2027-03-01 > 2026-12-31"));
  pb::VerifyRecognitionRequest verify;
  verify.set_number(granted.recognition_number());
  EXPECT_EQ(Must(t_.service.VerifyRecognition(t_.Nobody(), verify)).valid_until(), "2026-12-31");
  EXPECT_GT(granted.remedies_size(), 0);
}

TEST_F(DecisionClausesTest, R14_WideningLaterIsANewDecision) {
  const std::string item = ReviewedItem();
  const std::string first = Must(FileAgain(item, "CO-R14", {"zhejiang"})).filing_id();
  Must(Accept(first, verifier_));
  Must(Verify(first, verifier_));
  pb::Scope scope;
  scope.add_activities("retail");
  Must(GrantPartial(first, reviewer_, scope));
  EXPECT_EQ(StateOf(Grant(first, reviewer_)), "DECISION_NOT_VERIFIED");
  const std::string second = Must(FileAgain(item, "CO-R14", {"zhejiang"})).filing_id();
  EXPECT_EQ(State(second), "PENDING");
}

TEST_F(DecisionClausesTest, R16_RefusalCitesArticleFactsAndRemedies) {
  const std::string id = Verified();
  for (const char* field : {"article", "facts", "reason"}) {
    auto request = On<pb::RefuseDecisionRequest>(id);
    request.set_article("进出口货物原产地条例 §20");
    request.set_facts("the seal is forged");
    request.set_reason("not genuine");
    request.GetReflection()->ClearField(&request, request.GetDescriptor()->FindFieldByName(field));
    EXPECT_EQ(StateOf(t_.service.RefuseDecision(reviewer_, request)), "REFUSAL_UNFOUNDED") << field;
  }
  const pb::Decision refused = Must(Refuse(id, reviewer_));
  EXPECT_EQ(refused.article(), "进出口货物原产地条例 §20");
  EXPECT_EQ(refused.facts(), "the seal is forged");
  std::vector<std::string> remedies;
  const pb::Decision read = Read(id);
  for (const pb::Remedy& remedy : read.remedies()) {
    remedies.push_back(remedy.kind() + " " + remedy.basis());
  }
  EXPECT_THAT(remedies, ElementsAre("RECONSIDERATION 行政复议法 §20", "LITIGATION 行政诉讼法 §46"));
  EXPECT_EQ(LastEvent(id).article(), refused.article());
  EXPECT_EQ(LastEvent(id).facts(), refused.facts());
}

TEST_F(DecisionClausesTest, R21_ADuplicateIsAnsweredWithTheNumberThatIsThere) {
  const std::string item = ReviewedItem();
  const pb::Filing first = Must(FileAgain(item, "CO-R21", {"zhejiang"}));
  const auto again = FileAgain(item, "CO-R21", {"jiangsu", "zhejiang"});
  ASSERT_EQ(ReasonOf(again), "FILING_DUPLICATE");
  EXPECT_EQ(again.error().code, Code::kAlreadyExists);
  EXPECT_THAT(again.error().metadata, Contains(Pair("receiptNumber", first.receipt_number())));
  EXPECT_TRUE(FileAgain(item, "CO-R21", {"jiangsu"})) << "another zone";
  EXPECT_TRUE(FileAgain(item, "CO-R21-2", {"zhejiang"})) << "another credential";
  Must(Withdraw(first.filing_id()));
  EXPECT_TRUE(FileAgain(item, "CO-R21", {"zhejiang"})) << "no case is open there";
}

TEST_F(DecisionClausesTest, R21_SameKeySameAnswerOtherContentRefused) {
  const std::string id = Verified();
  Call keyed = reviewer_;
  keyed.idempotency_key = "grant-" + id;
  const pb::Decision first = Must(Grant(id, keyed));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(Must(Grant(id, keyed)), first));
  EXPECT_EQ(Recognitions(id), "1");
  auto other = On<pb::GrantDecisionRequest>(id);
  other.set_reason("for another reason");
  EXPECT_EQ(StateOf(t_.service.GrantDecision(keyed, other)), "IDEMPOTENCY_KEY_REUSED");
}

TEST_F(DecisionClausesTest, R22_WhoComesSecondIsShownTheDecision) {
  const std::string id = Verified();
  const std::string etag = Read(id).etag();
  const Call other = t_.Officer("zhejiang", "reviewer", "2");
  Must(Grant(id, reviewer_));
  const auto late = Refuse(id, other);
  ASSERT_EQ(StateOf(late), "DECISION_NOT_VERIFIED");
  EXPECT_THAT(late.error().metadata, Contains(Pair("state", "GRANTED")));
  auto stale = On<pb::GrantDecisionRequest>(id);
  stale.set_reason("as agreed");
  stale.set_etag(etag);
  EXPECT_EQ(StateOf(t_.service.GrantDecision(other, stale)), "ETAG_MISMATCH");
  EXPECT_THAT(t_.service.GrantDecision(other, stale).error().metadata,
              Contains(Pair("current", Read(id).etag())));
}

}  // namespace
}  // namespace zonelink::recognition
