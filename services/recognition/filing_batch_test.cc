// SPDX-License-Identifier: Apache-2.0
#include "recognition/filing_batch.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "platform/crypto/crypto.h"
#include "recognition/convert.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/filing_store.h"
#include "recognition/mandate_store.h"
#include "recognition/requests.h"
#include "recognition/test_recognition.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::recognition {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::ElementsAre;

constexpr const char* kOwnUscc = "91310000XY0001015T";
constexpr const char* kForeignUscc = "91310000000056784A";

class FilingBatchTest : public testing::Test {
 protected:
  void SetUp() override {
    t_.SetClock("2026-03-02T01:00:00Z");
    item_ = t_.NewItem();
    t_.Agree(item_, "jiangsu", pb::MODE_AUTOMATIC);
    t_.Agree(item_, "zhejiang", pb::MODE_REVIEW);
    filer_ = Member("org-" + item_, kOwnUscc);
  }

  // Rows are checked by the rules of fields: codes must be codes.
  Call Member(const std::string& organization, const char* uscc) {
    Call call = t_.Filer(organization);
    call.caller.organization_uscc = uscc;
    return call;
  }
  Call Keyed(const std::string& key) const {
    Call call = filer_;
    call.idempotency_key = item_ + key;
    return call;
  }
  pb::BatchSubmitFilingsRequest Rows(int count) {
    pb::BatchSubmitFilingsRequest request;
    for (int i = 0; i < count; ++i) {
      *request.add_filings() = t_.Submission(filer_, item_, {"jiangsu", "zhejiang"});
    }
    return request;
  }
  Result<pb::BatchSubmitFilingsResponse> Submit(const Call& call,
                                                const pb::BatchSubmitFilingsRequest& request) {
    return t_.service.BatchSubmitFilings(call, request);
  }
  std::string Filed() {
    return t_.scratch.AdminText(
        fmt::format("SELECT count(*) FROM recognition.filings WHERE item_id = '{}'", item_));
  }
  // FILED, HELD_BACK, or why it was refused.
  static std::vector<std::string> Outcomes(const pb::BatchSubmitFilingsResponse& reply) {
    std::vector<std::string> outcomes;
    for (const pb::FilingRow& row : reply.rows()) {
      EXPECT_EQ(row.index(), static_cast<int>(outcomes.size()));
      outcomes.push_back(row.has_problem() ? row.problem().reason()
                                           : pb::FilingRowOutcome_Name(row.outcome()).substr(19));
    }
    return outcomes;
  }
  static std::string Known(const pb::FilingRow& row) {
    for (const auto& value : row.problem().values()) {
      if (value.name() == "receiptNumber") return value.value();
    }
    return "";
  }

  TestRecognition& t_ = SharedRecognition();
  std::string item_;
  Call filer_;
};

// Each in its place: what a single submission would say.
void Spoil(pb::BatchSubmitFilingsRequest& request) {
  request.mutable_filings(1)->mutable_applicant()->set_uscc(kForeignUscc);
  request.mutable_filings(2)->set_target_zones(0, "atlantis");
  request.mutable_filings(3)->mutable_credential()->set_issued_on("soon");
  request.mutable_filings(4)->set_item_id("no-such-item");
  (*request.mutable_filings(5)->mutable_attributes()->mutable_fields())["colour"].set_string_value(
      "red");
}

TEST_F(FilingBatchTest, ARowIsRefusedAlone) {
  pb::BatchSubmitFilingsRequest request = Rows(7);
  Spoil(request);
  const auto reply = Must(Submit(Keyed("alone"), request));
  EXPECT_THAT(Outcomes(reply),
              ElementsAre("FILED", "FOREIGN_APPLICANT", "ZONE_NOT_FOUND", "REQUEST_INVALID",
                          "ITEM_NOT_FOUND", "ATTRIBUTES_INVALID", "FILED"));
  EXPECT_EQ(reply.filed_count(), 2);
  EXPECT_EQ(reply.refused_count(), 5);
  EXPECT_EQ(reply.rows(3).problem().violations(0).field(), "credential.issuedOn");
  EXPECT_EQ(reply.rows(3).problem().violations(0).reason(), "BAD_DATE");
  EXPECT_EQ(reply.rows(1).problem().code(), "PERMISSION_DENIED");
  EXPECT_EQ(Filed(), "2");
  pb::GetFilingRequest get;
  get.set_filing_id(reply.rows(6).filing_id());
  const pb::Filing read = Must(t_.service.GetFiling(filer_, get));
  EXPECT_EQ(read.receipt_number(), reply.rows(6).receipt_number());
  EXPECT_EQ(read.state(), reply.rows(6).state());
  EXPECT_EQ(read.credential().number(), request.filings(6).credential().number());
  EXPECT_EQ(read.decisions_size(), 2);
  EXPECT_EQ(t_.scratch.AdminText(fmt::format(
                "SELECT count(*) FROM recognition.recognitions r JOIN recognition.events e ON "
                "e.event_id = r.event_id AND e.subject = 'filings/' || r.filing_id WHERE "
                "r.item_id = '{}'",
                item_)),
            "2")
      << "each knows the event of its own grant";
}

TEST_F(FilingBatchTest, RowsThatAreDeniedAreToldOfOnceForEachReason) {
  pb::BatchSubmitFilingsRequest request = Rows(7);
  Spoil(request);
  std::vector<std::string> told;
  t_.service.OnDenied([&](const Call& call, const Error& error) {
    EXPECT_EQ(call.caller.organization_id, filer_.caller.organization_id);
    told.push_back(error.reason);
  });
  *request.mutable_filings(6) = request.filings(1);
  const auto reply = Submit(Keyed("told"), request);
  const auto again = Submit(Keyed("told"), request);  // from what is stored
  t_.service.OnDenied({});
  ASSERT_TRUE(reply);
  ASSERT_TRUE(again);
  EXPECT_EQ(told,
            (std::vector<std::string>{"FOREIGN_APPLICANT", "ZONE_NOT_FOUND", "ITEM_NOT_FOUND"}));
}

TEST_F(FilingBatchTest, AllOrNothingFilesAllOrNothing) {
  pb::BatchSubmitFilingsRequest request = Rows(150);
  request.set_all_or_nothing(true);
  const std::string good = request.filings(7).target_zones(0);
  request.mutable_filings(7)->set_target_zones(0, "atlantis");
  const auto refused = Must(Submit(Keyed("first"), request));
  EXPECT_EQ(refused.filed_count(), 0);
  EXPECT_EQ(refused.refused_count(), 1);
  EXPECT_EQ(refused.rows(7).problem().reason(), "ZONE_NOT_FOUND");
  EXPECT_EQ(refused.rows(8).outcome(), pb::FILING_ROW_OUTCOME_HELD_BACK);
  EXPECT_EQ(refused.rows(8).filing_id(), "");
  EXPECT_EQ(Filed(), "0");
  request.mutable_filings(7)->set_target_zones(0, good);
  EXPECT_EQ(ReasonOf(Submit(Keyed("first"), request)), "IDEMPOTENCY_KEY_REUSED");
  EXPECT_EQ(Must(Submit(Keyed("second"), request)).filed_count(), 150);
  EXPECT_EQ(Filed(), "150");
  EXPECT_EQ(t_.scratch.AdminText(fmt::format(
                "SELECT count(DISTINCT submitted_at) FROM recognition.filings WHERE item_id = '{}'",
                item_)),
            "1");
}

TEST_F(FilingBatchTest, ARetryGivesTheSameAnswerAndDoublesNothing) {
  for (const bool all_or_nothing : {false, true}) {
    const std::string key = all_or_nothing ? "all" : "any";
    pb::BatchSubmitFilingsRequest request = Rows(120);
    request.set_all_or_nothing(all_or_nothing);
    if (!all_or_nothing) request.mutable_filings(110)->set_item_id("no-such-item");
    const std::string before = Filed();
    const auto first = Must(Submit(Keyed(key), request));
    const std::string after = Filed();
    EXPECT_NE(before, after);
    EXPECT_TRUE(MessageDifferencer::Equals(Must(Submit(Keyed(key), request)), first));
    EXPECT_EQ(Filed(), after);
    request.mutable_filings(119)->set_promise(true);
    EXPECT_EQ(ReasonOf(Submit(Keyed(key), request)), "IDEMPOTENCY_KEY_REUSED");
    request.mutable_filings(119)->set_promise(false);
    request.set_all_or_nothing(!all_or_nothing);
    EXPECT_EQ(ReasonOf(Submit(Keyed(key), request)), "IDEMPOTENCY_KEY_REUSED");
    EXPECT_EQ(Filed(), after);
  }
}

// As after a kill in between: what was committed stays, and is neither lost nor done again.
TEST_F(FilingBatchTest, WhatWasBrokenOffGoesOnWithItsKey) {
  pb::BatchSubmitFilingsRequest request = Rows(130);
  request.mutable_filings(5)->set_item_id("no-such-item");
  request.mutable_filings(110)->mutable_credential()->set_number("BREAK-" + item_);
  t_.scratch.Admin(fmt::format(
      "CREATE FUNCTION recognition.break_batch() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN RAISE EXCEPTION 'broken off'; END $$;"
      "CREATE TRIGGER break_batch BEFORE INSERT ON recognition.filings FOR EACH ROW "
      "WHEN (NEW.credential_number = 'BREAK-{}') EXECUTE FUNCTION recognition.break_batch()",
      item_));
  EXPECT_FALSE(Submit(Keyed("broken"), request));
  EXPECT_EQ(Filed(), "99");
  request.mutable_filings(129)->set_promise(true);
  EXPECT_EQ(ReasonOf(Submit(Keyed("broken"), request)), "IDEMPOTENCY_KEY_REUSED");
  request.mutable_filings(129)->set_promise(false);
  t_.scratch.Admin(
      "DROP TRIGGER break_batch ON recognition.filings; "
      "DROP FUNCTION recognition.break_batch()");
  const auto reply = Must(Submit(Keyed("broken"), request));
  EXPECT_EQ(reply.filed_count(), 129);
  EXPECT_EQ(reply.rows(5).problem().reason(), "ITEM_NOT_FOUND");
  EXPECT_EQ(Filed(), "129");
  std::set<std::string> receipts;
  for (const pb::FilingRow& row : reply.rows()) receipts.insert(row.receipt_number());
  EXPECT_EQ(receipts.size(), 130U) << "129 and the empty one";
}

TEST_F(FilingBatchTest, ACaseThatIsOpenIsNotOpenedAgain) {
  const pb::BatchSubmitFilingsRequest open = Rows(1);
  const auto first = Must(Submit(filer_, open));
  pb::BatchSubmitFilingsRequest request = Rows(4);
  *request.mutable_filings(1) = open.filings(0);
  *request.mutable_filings(3) = request.filings(2);
  const auto reply = Must(Submit(Keyed("open"), request));
  EXPECT_THAT(Outcomes(reply),
              ElementsAre("FILED", "FILING_DUPLICATE", "FILED", "FILING_DUPLICATE"));
  EXPECT_EQ(Known(reply.rows(1)), first.rows(0).receipt_number());
  EXPECT_EQ(Known(reply.rows(3)), reply.rows(2).receipt_number());
  // Zones that decide at once leave no case open.
  pb::BatchSubmitFilingsRequest at_once = Rows(2);
  for (pb::SubmitFilingRequest& filing : *at_once.mutable_filings()) {
    filing.mutable_target_zones()->RemoveLast();
  }
  *at_once.mutable_filings(1) = at_once.filings(0);
  EXPECT_EQ(Must(Submit(filer_, at_once)).filed_count(), 2);
}

// An agent does not see what its principal has filed by itself: the database knows.
TEST_F(FilingBatchTest, AHiddenCaseIsFoundAndRefusedAlone) {
  events::v1::MandateChanged mandate;
  mandate.set_mandate_id("m-" + item_);
  mandate.set_principal_organization_id(filer_.caller.organization_id);
  mandate.set_principal_uscc(kOwnUscc);
  mandate.set_principal_name("Principal");
  mandate.set_agent_organization_id("agent-" + item_);
  mandate.add_acts("file");
  mandate.set_valid_from("2026-01-01");
  mandate.set_valid_until("2026-12-31");
  mandate.set_state("ACTIVE");
  events::v1::Event event;
  event.set_type("zonelink.directory.mandate.granted");
  event.set_body(mandate.SerializeAsString());
  Must(t_.database.System("mandate", [&](db::Tx& tx) { return mandate_store::Apply(tx, event); }));
  const pb::BatchSubmitFilingsRequest open = Rows(1);
  Must(Submit(filer_, open));
  pb::BatchSubmitFilingsRequest request = Rows(5);
  *request.mutable_filings(3) = open.filings(0);
  const Call agent = Member("agent-" + item_, kForeignUscc);
  const auto reply = Must(Submit(agent, request));
  EXPECT_THAT(Outcomes(reply),
              ElementsAre("FILED", "FILED", "FILED", "FILING_DUPLICATE_HIDDEN", "FILED"));
  EXPECT_EQ(Known(reply.rows(3)), "");
  EXPECT_EQ(Filed(), "5");
  request = Rows(3);
  *request.mutable_filings(0) = open.filings(0);
  request.set_all_or_nothing(true);
  EXPECT_THAT(Outcomes(Must(Submit(agent, request))),
              ElementsAre("FILING_DUPLICATE_HIDDEN", "HELD_BACK", "HELD_BACK"));
  EXPECT_EQ(Filed(), "5");
}

TEST_F(FilingBatchTest, TheSameRequestAtTheSameTimeIsFiledOnce) {
  const pb::BatchSubmitFilingsRequest request = Rows(110);
  std::vector<Result<pb::BatchSubmitFilingsResponse>> answers(4, Internal("not asked"));
  std::vector<std::thread> threads;
  for (auto& answer : answers) {
    threads.emplace_back([&] { answer = Submit(Keyed("race"), request); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Filed(), "110");
  for (const auto& answer : answers) {
    EXPECT_TRUE(MessageDifferencer::Equals(Must(answer), Must(answers[0])));
  }
}

TEST_F(FilingBatchTest, FiveHundredRowsCostFewRoundTrips) {
  const pb::BatchSubmitFilingsRequest request = Rows(500);
  const int64_t before = t_.database.round_trips();
  EXPECT_EQ(Must(Submit(filer_, request)).filed_count(), 500);
  EXPECT_LT(t_.database.round_trips() - before, 60);
}

// Whatever the handlers let through: rows of another organisation are the database's to refuse, and
// with them the statement that brings them.
TEST_F(FilingBatchTest, TheDatabaseRefusesARowOfSomebodyElse) {
  const Actor actor = ActorOf(filer_);
  std::vector<Filing> filings;
  const auto calendars = t_.calendars.Now();
  for (int i = 0; i < 3; ++i) {
    const pb::SubmitFilingRequest request = t_.Submission(filer_, item_, {"zhejiang"});
    const Coverage coverage{.item = {.item_id = item_, .budget_working_days = 20},
                            .routes = {{AgreementId("b"), "shanghai", "zhejiang", Mode::kReview}}};
    Submission submission = ToSubmission(request, actor);
    submission.attributes = {};
    filings.push_back(
        Must(recognition::Submit(submission, actor, coverage, DrawNumbers(1, t_.wall.Now()),
                                 {*ParseTime("2026-03-02T01:00:00Z"), *calendars})));
  }
  const std::vector<const Filing*> rows = {&filings[0], &filings[1], &filings[2]};
  const auto write = [&] {
    return t_.database.Command<pb::Filing>(
        filer_, pb::GetFilingRequest(), [&](db::Tx& tx) -> Result<pb::Filing> {
          const std::vector<std::string> event_ids(rows.size(), crypto::NewUuid(tx.now()));
          filing_store::Insert(tx, rows, event_ids, {Deadlines(), *calendars});
          return pb::Filing();
        });
  };
  filings[1].applicant.organization_id = "org-victim";
  EXPECT_FALSE(write());
  EXPECT_EQ(Filed(), "0");
  filings[1].applicant.organization_id = filer_.caller.organization_id;
  filings[2].submitted_by = "u-victim";
  EXPECT_FALSE(write());
  filings[2].submitted_by = filer_.caller.user_id;
  EXPECT_TRUE(write());
  EXPECT_EQ(Filed(), "3");
}

}  // namespace
}  // namespace zonelink::recognition
