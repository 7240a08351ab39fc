// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <barrier>
#include <thread>

#include "platform/rpc/timestamp.h"
#include "recognition/test_recognition.h"

namespace zonelink::recognition {
namespace {

using google::protobuf::util::MessageDifferencer;

class RecognitionServiceTest : public testing::Test {
 protected:
  TestRecognition& t_ = SharedRecognition();
  RecognitionServiceTest()
      : filer_(t_.Filer(std::string("org-") +
                        testing::UnitTest::GetInstance()->current_test_info()->name())) {}

  // A filing for jiangsu (automatic) and zhejiang (review).
  pb::Filing File(int verifiers_needed = 1) {
    const std::string item = t_.NewItem(verifiers_needed);
    t_.Agree(item, "jiangsu", pb::MODE_AUTOMATIC);
    t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
    return Must(t_.Submit(filer_, t_.Submission(filer_, item, {"zhejiang", "jiangsu"})));
  }
  pb::Filing FileFor(const std::vector<std::string>& reviewing) {
    const std::string item = t_.NewItem();
    for (const std::string& zone : reviewing) t_.Agree(item, zone, pb::MODE_REVIEW);
    return Must(t_.Submit(filer_, t_.Submission(filer_, item, reviewing)));
  }
  Result<pb::Decision> Accept(const std::string& filing_id, const Call& by,
                              const std::string& zone = "zhejiang") {
    pb::AcceptDecisionRequest request;
    request.set_filing_id(filing_id);
    request.set_zone(zone);
    return t_.service.AcceptDecision(by, request);
  }
  Result<pb::Decision> Ask(const std::string& filing_id, const Call& by,
                           const std::string& zone = "zhejiang") {
    pb::RequestSupplementRequest request;
    request.set_filing_id(filing_id);
    request.set_zone(zone);
    request.add_missing("packing-list");
    request.set_reason("the list is unreadable");
    return t_.service.RequestSupplement(by, request);
  }
  Result<pb::Filing> Answer(const std::string& filing_id, const std::string& zone = "") {
    pb::SupplementFilingRequest request;
    request.set_filing_id(filing_id);
    request.set_zone(zone);
    request.set_note("scanned again");
    pb::Document* document = request.add_documents();
    document->set_title("list.pdf");
    document->set_sha256(std::string(64, 'b'));
    document->set_media_type("application/pdf");
    document->set_size_bytes(7);
    document->set_kind("packing-list");
    return t_.service.SupplementFiling(filer_, request);
  }
  Result<pb::Decision> Verify(const std::string& filing_id, const Call& by) {
    pb::VerifyDecisionRequest request;
    request.set_filing_id(filing_id);
    request.set_zone("zhejiang");
    request.set_opinion("the certificate is genuine");
    return t_.service.VerifyDecision(by, request);
  }
  Result<pb::Decision> Grant(const std::string& filing_id, const Call& by,
                             const std::string& etag = "") {
    pb::GrantDecisionRequest request;
    request.set_filing_id(filing_id);
    request.set_zone("zhejiang");
    request.set_reason("as agreed");
    request.set_etag(etag);
    return t_.service.GrantDecision(by, request);
  }
  Result<pb::Filing> Withdraw(const std::string& filing_id, const std::string& etag = "") {
    pb::WithdrawFilingRequest request;
    request.set_filing_id(filing_id);
    request.set_reason("sold");
    request.set_etag(etag);
    return t_.service.WithdrawFiling(filer_, request);
  }
  Result<pb::Filing> Get(const std::string& filing_id, const Call& by) {
    pb::GetFilingRequest request;
    request.set_filing_id(filing_id);
    return t_.service.GetFiling(by, request);
  }
  std::vector<std::string> Types(const std::string& filing_id, const Call& by) {
    pb::GetFilingTimelineRequest request;
    request.set_filing_id(filing_id);
    std::vector<std::string> types;
    const pb::FilingTimeline timeline = Must(t_.service.GetFilingTimeline(by, request));
    for (const auto& entry : timeline.items()) {
      types.push_back(entry.type().substr(std::string("zonelink.recognition.").size()));
    }
    return types;
  }

  // Type of the event that is named to whoever looks the recognition up.
  std::string ProvenBy(const std::string& filing_id, const std::string& number) {
    pb::VerifyRecognitionRequest verify;
    verify.set_number(number);
    const auto proof = Must(t_.service.VerifyRecognition(t_.Nobody(), verify)).proof();
    EXPECT_EQ(proof.receipt_path(), "/v1/ledger/receipts/" + proof.event_id());
    pb::GetFilingTimelineRequest request;
    request.set_filing_id(filing_id);
    const auto timeline = Must(t_.service.GetFilingTimeline(filer_, request));
    for (const auto& entry : timeline.items()) {
      if (entry.event_id() != proof.event_id()) continue;
      return entry.type().substr(std::string("zonelink.recognition.").size());
    }
    return "no event of the filing";
  }

  const Call filer_;
  const Call verifier_ = t_.Officer("zhejiang", "verifier");
  const Call second_verifier_ = t_.Officer("zhejiang", "verifier", "2");
  const Call reviewer_ = t_.Officer("zhejiang", "reviewer");
};

TEST_F(RecognitionServiceTest, OneFilingTwoZones) {
  const pb::Filing filed = File();
  const std::string& id = filed.filing_id();
  EXPECT_EQ(filed.receipt_number().substr(0, 7), "ZL2026-");
  EXPECT_EQ(filed.state(), pb::FILING_STATE_IN_REVIEW);
  EXPECT_EQ(filed.etag(), "1");
  ASSERT_EQ(filed.decisions_size(), 2);
  EXPECT_EQ(filed.decisions(0).zone(), "jiangsu");
  EXPECT_EQ(filed.decisions(0).state(), pb::DECISION_STATE_GRANTED);
  EXPECT_FALSE(filed.decisions(0).has_clock());
  EXPECT_EQ(filed.decisions(1).waiting_for(), "verifier");
  EXPECT_EQ(filed.decisions(1).clock().budget_days(), 20);
  EXPECT_EQ(filed.decisions(1).clock().due_on(), "2026-03-30");
  EXPECT_TRUE(filed.decisions(1).clock().running());

  const pb::Decision accepted = Must(Accept(id, verifier_));
  EXPECT_EQ(accepted.state(), pb::DECISION_STATE_ACCEPTED);
  EXPECT_EQ(accepted.etag(), "2");
  const pb::Decision verified = Must(Verify(id, verifier_));
  EXPECT_EQ(verified.state(), pb::DECISION_STATE_VERIFIED);
  EXPECT_EQ(verified.waiting_for(), "reviewer");
  EXPECT_EQ(ReasonOf(Grant(id, verifier_)), "ROLE_NEEDED");
  Call both = verifier_;
  both.caller.roles.push_back("reviewer");
  EXPECT_EQ(ReasonOf(Grant(id, both)), "VERIFIER_MAY_NOT_DECIDE");
  const pb::Decision granted = Must(Grant(id, reviewer_));
  EXPECT_EQ(granted.state(), pb::DECISION_STATE_GRANTED);
  EXPECT_EQ(granted.decided_by(), reviewer_.caller.user_id);
  EXPECT_FALSE(granted.clock().running());

  for (const Call& by :
       {filer_, verifier_, t_.Officer("shanghai", "verifier"), t_.Secretariat(), t_.Auditor()}) {
    const pb::Filing read = Must(Get(id, by));
    EXPECT_EQ(read.state(), pb::FILING_STATE_CLOSED);
    EXPECT_EQ(read.etag(), "4");
    EXPECT_EQ(read.attributes().fields().at("quantity").string_value(), "1200.50");
    EXPECT_EQ(read.documents(0).title(), "certificate \"1\".pdf");
    EXPECT_EQ(read.decisions(1).SerializeAsString(), granted.SerializeAsString());
  }
  const std::vector<std::string> expected = {"filing.submitted", "decision.accepted",
                                             "decision.verified", "decision.granted"};
  EXPECT_EQ(Types(id, filer_), expected);
  EXPECT_EQ(Types(id, t_.Auditor()), expected);
  EXPECT_EQ(ProvenBy(id, filed.decisions(0).recognition_number()), "filing.submitted");
  EXPECT_EQ(ProvenBy(id, granted.recognition_number()), "decision.granted");
}

TEST_F(RecognitionServiceTest, RecognitionIsVerifiableByAnyone) {
  const pb::Filing filed = File();
  pb::VerifyRecognitionRequest request;
  request.set_number(filed.decisions(0).recognition_number());
  for (const Call& by : {t_.Nobody(), t_.Filer("org-somebody-else"), t_.Auditor()}) {
    const pb::Recognition recognition = Must(t_.service.VerifyRecognition(by, request));
    EXPECT_EQ(recognition.state(), pb::RECOGNITION_STATE_VALID);
    EXPECT_EQ(recognition.home_zone(), "shanghai");
    EXPECT_EQ(recognition.zone(), "jiangsu");
    EXPECT_EQ(recognition.item_name_en(), "Electronic certificate of origin");
    EXPECT_EQ(recognition.valid_from(), "2026-03-02");
    EXPECT_EQ(recognition.valid_until(), "2027-03-01");
    EXPECT_EQ(ShanghaiDate(ToTime(recognition.as_of())), *ParseDate("2026-03-02"));
  }
  t_.SetClock("2027-03-01T16:00:00Z");  // midnight in Shanghai
  EXPECT_EQ(Must(t_.service.VerifyRecognition(t_.Nobody(), request)).state(),
            pb::RECOGNITION_STATE_EXPIRED);
  t_.SetClock("2026-03-02T01:00:00Z");
  request.set_number("R2026-AAAAAAAAAAAA");
  EXPECT_EQ(ReasonOf(t_.service.VerifyRecognition(t_.Nobody(), request)), "RECOGNITION_NOT_FOUND");
}

TEST_F(RecognitionServiceTest, ClockStandsWhileASupplementIsAsked) {
  const std::string id = File().filing_id();
  const pb::Decision asked = Must(Ask(id, verifier_));
  EXPECT_EQ(asked.state(), pb::DECISION_STATE_SUPPLEMENTING);
  EXPECT_FALSE(asked.clock().running());
  EXPECT_EQ(asked.waiting_for(), "filer");
  t_.SetClock("2026-03-05T01:00:00Z");
  const pb::Filing answered = Must(Answer(id));
  ASSERT_EQ(answered.documents_size(), 2);
  EXPECT_EQ(answered.documents(1).kind(), "packing-list");
  const pb::Decision& pending = answered.decisions(1);
  EXPECT_EQ(pending.state(), pb::DECISION_STATE_PENDING);
  EXPECT_TRUE(pending.clock().running());
  EXPECT_EQ(pending.clock().used_days(), 0);
  EXPECT_EQ(pending.clock().due_on(), "2026-04-01");
  EXPECT_EQ(pending.supplement().missing(0), "packing-list");
  EXPECT_TRUE(pending.supplement().has_answered_at());
  t_.SetClock("2026-03-09T01:00:00Z");
  const pb::Filing read = Must(Get(id, verifier_));
  EXPECT_EQ(read.documents_size(), 2);
  EXPECT_EQ(read.decisions(1).clock().used_days(), 2);  // Thursday and Friday
  EXPECT_EQ(ReasonOf(Ask(id, verifier_)), "SUPPLEMENT_ALREADY_ASKED");
  EXPECT_EQ(ReasonOf(Answer(id)), "SUPPLEMENT_NOT_ASKED");
  EXPECT_EQ(Types(id, filer_)[2], "filing.supplemented");
  t_.SetClock("2026-03-02T01:00:00Z");
}

TEST_F(RecognitionServiceTest, SeveralZonesAskIndependently) {
  const std::string id = FileFor({"jiangsu", "zhejiang"}).filing_id();
  Must(Ask(id, verifier_));
  Must(Ask(id, t_.Officer("jiangsu", "verifier"), "jiangsu"));
  EXPECT_EQ(ReasonOf(Answer(id)), "SUPPLEMENT_ZONE_NEEDED");
  EXPECT_EQ(Must(Answer(id, "jiangsu")).decisions(0).state(), pb::DECISION_STATE_PENDING);
  EXPECT_EQ(Must(Answer(id)).decisions(1).state(), pb::DECISION_STATE_PENDING);
}

TEST_F(RecognitionServiceTest, TwoVerifiers) {
  const std::string id = File(2).filing_id();
  Must(Accept(id, verifier_));
  EXPECT_EQ(Must(Verify(id, verifier_)).state(), pb::DECISION_STATE_ACCEPTED);
  EXPECT_EQ(ReasonOf(Verify(id, verifier_)), "ALREADY_VERIFIED_BY_YOU");
  EXPECT_EQ(Must(Verify(id, second_verifier_)).state(), pb::DECISION_STATE_VERIFIED);
  const pb::Decision granted = Must(Grant(id, reviewer_));
  ASSERT_EQ(granted.verifications_size(), 2);
  EXPECT_EQ(granted.verifications(0).user_id(), verifier_.caller.user_id);
  EXPECT_EQ(granted.verifications(1).user_id(), second_verifier_.caller.user_id);
}

TEST_F(RecognitionServiceTest, RefusalClosesTheFiling) {
  const std::string id = File().filing_id();
  Must(Accept(id, verifier_));
  Must(Verify(id, verifier_));
  pb::RefuseDecisionRequest request;
  request.set_filing_id(id);
  request.set_zone("zhejiang");
  request.set_article("进出口货物原产地条例 §20");
  request.set_facts("the seal is forged");
  request.set_reason("not genuine");
  const pb::Decision refused = Must(t_.service.RefuseDecision(reviewer_, request));
  EXPECT_EQ(refused.state(), pb::DECISION_STATE_REFUSED);
  EXPECT_EQ(refused.article(), request.article());
  EXPECT_EQ(Must(Get(id, filer_)).state(), pb::FILING_STATE_CLOSED);
  EXPECT_EQ(ReasonOf(t_.service.RefuseDecision(reviewer_, request)), "DECISION_NOT_VERIFIED");
}

TEST_F(RecognitionServiceTest, Withdrawal) {
  const std::string mixed = File().filing_id();
  EXPECT_EQ(ReasonOf(Withdraw(mixed, "9")), "ETAG_MISMATCH");
  const pb::Filing closed = Must(Withdraw(mixed, "1"));
  EXPECT_EQ(closed.state(), pb::FILING_STATE_CLOSED);
  EXPECT_EQ(closed.decisions(1).state(), pb::DECISION_STATE_WITHDRAWN);
  EXPECT_EQ(ReasonOf(Withdraw(mixed)), "FILING_NOT_OPEN");
  EXPECT_EQ(ReasonOf(Accept(mixed, verifier_)), "DECISION_NOT_PENDING");

  const std::string open = FileFor({"jiangsu", "zhejiang"}).filing_id();
  Must(Accept(open, verifier_));
  const pb::Filing withdrawn = Must(Withdraw(open));
  EXPECT_EQ(withdrawn.state(), pb::FILING_STATE_WITHDRAWN);
  EXPECT_TRUE(MessageDifferencer::Equals(Must(Get(open, filer_)), withdrawn));
}

TEST_F(RecognitionServiceTest, SubmissionIsAllOrNothing) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "jiangsu", pb::MODE_AUTOMATIC);
  const auto refused = t_.Submit(filer_, t_.Submission(filer_, item, {"jiangsu", "hunan"}));
  ASSERT_EQ(ReasonOf(refused), "NOT_COVERED");
  EXPECT_EQ(refused.error().metadata[0].second, "hunan");
  EXPECT_EQ(t_.scratch.AdminText("SELECT count(*) FROM recognition.filings WHERE item_id = '" +
                                 item + "'"),
            "0");
  EXPECT_EQ(ReasonOf(t_.Submit(filer_, t_.Submission(filer_, item, {"atlantis"}))),
            "ZONE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(t_.Submit(filer_, t_.Submission(filer_, "no-such-item", {"jiangsu"}))),
            "ITEM_NOT_FOUND");
}

TEST_F(RecognitionServiceTest, PromiseAndNationwide) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "jiangsu", pb::MODE_NOTIFY);
  pb::SubmitFilingRequest request = t_.Submission(filer_, item, {"jiangsu"});
  EXPECT_EQ(ReasonOf(t_.Submit(filer_, request)), "PROMISE_MISSING");
  request.set_promise(true);
  const pb::Filing filed = Must(t_.Submit(filer_, request));
  EXPECT_EQ(filed.state(), pb::FILING_STATE_CLOSED);
  EXPECT_EQ(filed.decisions(0).mode(), pb::MODE_NOTIFY);
  const std::string nationwide = t_.NewItem(1, pb::MODE_NATIONWIDE);
  EXPECT_EQ(ReasonOf(t_.Submit(filer_, t_.Submission(filer_, nationwide, {"hunan"}))),
            "NO_CASE_NEEDED");
}

TEST_F(RecognitionServiceTest, PrecheckSaysWhatSubmissionWouldMeet) {
  const std::string item = t_.NewItem();
  const std::string agreement = t_.Agree(item, "jiangsu", pb::MODE_AUTOMATIC);
  t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
  pb::PrecheckFilingRequest request;
  request.set_item_id(item);
  request.set_home_zone("shanghai");
  for (const char* zone : {"zhejiang", "jiangsu", "hunan"}) request.add_target_zones(zone);
  (*request.mutable_attributes()->mutable_fields())["hsCode"].set_string_value("854231");
  const auto reply = Must(t_.service.PrecheckFiling(filer_, request));
  ASSERT_EQ(reply.zones_size(), 3);
  EXPECT_EQ(reply.zones(0).outcome(), pb::PRECHECK_OUTCOME_NOT_COVERED);
  EXPECT_EQ(reply.zones(1).outcome(), pb::PRECHECK_OUTCOME_AUTOMATIC);
  EXPECT_EQ(reply.zones(1).agreement_id(), agreement);
  EXPECT_EQ(reply.zones(2).outcome(), pb::PRECHECK_OUTCOME_DECISION_NEEDED);
  EXPECT_EQ(reply.zones(2).due_on(), "2026-03-30");
  EXPECT_EQ(reply.missing_attributes(0), "quantity");
  EXPECT_EQ(reply.missing_documents_size(), 2);
  request.add_target_zones("shanghai");
  EXPECT_EQ(ReasonOf(t_.service.PrecheckFiling(filer_, request)), "TARGET_ZONES");
}

TEST_F(RecognitionServiceTest, StaleEtagsAreRefusedWithTheCurrentOne) {
  const std::string id = File().filing_id();
  Must(Accept(id, verifier_));
  Must(Verify(id, verifier_));
  const auto stale = Grant(id, reviewer_, "2");
  ASSERT_EQ(ReasonOf(stale), "ETAG_MISMATCH");
  EXPECT_EQ(stale.error().code, Code::kAborted);
  EXPECT_EQ(stale.error().metadata[0], std::make_pair(std::string("current"), std::string("3")));
  EXPECT_TRUE(Grant(id, reviewer_, "3"));
}

TEST_F(RecognitionServiceTest, OneKeyMakesOneFiling) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "jiangsu", pb::MODE_AUTOMATIC);
  Call call = filer_;
  call.idempotency_key = item;
  const auto request = t_.Submission(filer_, item, {"jiangsu"});
  const pb::Filing first = Must(t_.Submit(call, request));
  EXPECT_TRUE(MessageDifferencer::Equals(Must(t_.Submit(call, request)), first));
  auto other = request;
  other.mutable_credential()->set_number("CO-2");
  EXPECT_EQ(ReasonOf(t_.Submit(call, other)), "IDEMPOTENCY_KEY_REUSED");
}

TEST_F(RecognitionServiceTest, OfTwoGrantsOneWins) {
  for (int round = 0; round < 10; ++round) {
    const std::string id = File().filing_id();
    Must(Accept(id, verifier_));
    Must(Verify(id, verifier_));
    std::barrier start(2);
    std::vector<std::string> reasons(2);
    const auto grant = [&](int n) {
      const Call by = t_.Officer("zhejiang", "reviewer", std::to_string(n));
      start.arrive_and_wait();
      reasons[n] = ReasonOf(Grant(id, by));
    };
    std::thread other(grant, 1);
    grant(0);
    other.join();
    std::sort(reasons.begin(), reasons.end());
    EXPECT_EQ(reasons, (std::vector<std::string>{"", "DECISION_NOT_VERIFIED"}));
  }
}

TEST_F(RecognitionServiceTest, TwoVerifiersAtTheSameTimeBothCount) {
  for (int round = 0; round < 10; ++round) {
    const std::string id = File(2).filing_id();
    Must(Accept(id, verifier_));
    std::barrier start(2);
    const auto verify = [&](const Call& by) {
      start.arrive_and_wait();
      Must(Verify(id, by));
    };
    std::thread other(verify, second_verifier_);
    verify(verifier_);
    other.join();
    EXPECT_EQ(Must(Get(id, filer_)).decisions(1).state(), pb::DECISION_STATE_VERIFIED);
  }
}

TEST_F(RecognitionServiceTest, ZonesDecideAtTheSameTimeAndHistoryRunsForward) {
  const std::string id = FileFor({"hunan", "jiangsu", "zhejiang"}).filing_id();
  std::barrier start(3);
  std::vector<std::thread> zones;
  for (const char* zone : {"hunan", "jiangsu", "zhejiang"}) {
    zones.emplace_back([&, zone] {
      start.arrive_and_wait();
      Must(Accept(id, t_.Officer(zone, "verifier"), zone));
    });
  }
  for (std::thread& zone : zones) zone.join();
  pb::GetFilingTimelineRequest request;
  request.set_filing_id(id);
  const auto timeline = Must(t_.service.GetFilingTimeline(filer_, request));
  ASSERT_EQ(timeline.items_size(), 4);
  for (int i = 1; i < 4; ++i) {
    const auto& before = timeline.items(i - 1).at();
    const auto& after = timeline.items(i).at();
    EXPECT_LE(std::pair(before.seconds(), before.nanos()),
              std::pair(after.seconds(), after.nanos()));
  }
}

TEST_F(RecognitionServiceTest, ListsPageByPageInBothOrders) {
  const std::string item = t_.NewItem();
  t_.Agree(item, "jiangsu", pb::MODE_AUTOMATIC);
  t_.Agree(item, "zhejiang", pb::MODE_REVIEW);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    const std::vector<std::string> targets =
        i < 4 ? std::vector<std::string>{"jiangsu"} : std::vector<std::string>{"zhejiang"};
    ids.push_back(Must(t_.Submit(filer_, t_.Submission(filer_, item, targets))).filing_id());
  }
  const auto all = [&](const Call& by, pb::ListFilingsRequest request) {
    std::vector<std::string> listed;
    for (;;) {
      const auto page = Must(t_.service.ListFilings(by, request));
      for (const auto& filing : page.items()) {
        EXPECT_EQ(filing.decisions_size(), 1);
        EXPECT_EQ(filing.documents_size(), 1);
        listed.push_back(filing.filing_id());
      }
      if (page.next_page_token().empty()) return listed;
      request.set_page_token(page.next_page_token());
    }
  };
  pb::ListFilingsRequest request;
  request.set_page_size(2);
  request.set_order_by("submittedAt");
  EXPECT_EQ(all(filer_, request), ids);
  request.set_order_by("");
  EXPECT_EQ(all(filer_, request), std::vector<std::string>(ids.rbegin(), ids.rend()));
  request.set_item_id(item);
  for (const Call& by : {t_.Officer("shanghai", "verifier"), t_.Secretariat(), t_.Auditor()}) {
    EXPECT_EQ(all(by, request), std::vector<std::string>(ids.rbegin(), ids.rend()));
  }
  EXPECT_EQ(all(verifier_, request), std::vector<std::string>{ids[4]});
  request.set_state(pb::FILING_STATE_IN_REVIEW);
  EXPECT_EQ(all(filer_, request), std::vector<std::string>{ids[4]});
  request.set_state(pb::FILING_STATE_UNSPECIFIED);
  request.set_zone("zhejiang");
  EXPECT_EQ(all(filer_, request), std::vector<std::string>{ids[4]});

  pb::ListFilingsRequest first;
  first.set_page_size(1);
  const std::string token = Must(t_.service.ListFilings(filer_, first)).next_page_token();
  first.set_page_token(token);
  EXPECT_EQ(ReasonOf(t_.service.ListFilings(verifier_, first)), "PAGE_TOKEN_INVALID");
}

TEST_F(RecognitionServiceTest, CatalogueIsPublicAndListedById) {
  const std::string item = t_.NewItem();
  pb::GetItemRequest get;
  get.set_item_id(item);
  const pb::Item read = Must(t_.service.GetItem(t_.Nobody(), get));
  EXPECT_EQ(read.version(), 1);
  EXPECT_EQ(read.attributes(1).type(), pb::ATTRIBUTE_TYPE_DECIMAL);
  pb::CreateItemRequest again;
  *again.mutable_item() = read;
  EXPECT_EQ(ReasonOf(t_.service.CreateItem(t_.Secretariat(), again)), "ITEM_EXISTS");
  get.set_item_id("no-such-item");
  EXPECT_EQ(ReasonOf(t_.service.GetItem(t_.Nobody(), get)), "ITEM_NOT_FOUND");
  t_.NewItem();
  pb::ListItemsRequest list;
  list.set_page_size(1);
  std::vector<std::string> listed;
  for (;;) {
    const auto page = Must(t_.service.ListItems(t_.Nobody(), list));
    for (const auto& one : page.items()) listed.push_back(one.item_id());
    if (page.next_page_token().empty()) break;
    list.set_page_token(page.next_page_token());
  }
  EXPECT_TRUE(std::is_sorted(listed.begin(), listed.end()));
  EXPECT_EQ(std::count(listed.begin(), listed.end(), item), 1);
}

}  // namespace
}  // namespace zonelink::recognition
