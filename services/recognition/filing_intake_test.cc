// SPDX-License-Identifier: Apache-2.0
#include "recognition/filing_intake.h"

#include <fmt/format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <barrier>
#include <set>
#include <thread>

#include "platform/crypto/crypto.h"
#include "recognition/convert.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/events.h"
#include "recognition/filing_store.h"
#include "recognition/requests.h"
#include "recognition/test_recognition.h"

namespace zonelink::recognition {
namespace {

using google::protobuf::util::MessageDifferencer;

class FilingIntakeTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* zone : {"shanghai", "jiangsu", "zhejiang"}) t_.OpenZone(zone);
    t_.SetClock("2026-03-02T01:00:00Z");
    item_ = t_.NewItem();
    agreement_ = t_.Agree(item_, "jiangsu", pb::MODE_AUTOMATIC);
    t_.Agree(item_, "zhejiang", pb::MODE_REVIEW);
  }

  // With a key: the same submission for the same key.
  Result<pb::Filing> Submit(const Call& by, const std::string& key = "") {
    Call call = by;
    call.idempotency_key = key;
    pb::SubmitFilingRequest request = t_.Submission(by, item_, {"jiangsu", "zhejiang"});
    if (!key.empty()) request.mutable_credential()->set_number("CO-" + key);
    return t_.Submit(call, request);
  }
  std::string Count(const std::string& table, const std::string& of = "item_id") {
    return t_.scratch.AdminText(
        fmt::format("SELECT count(*) FROM recognition.{} WHERE {} = '{}'", table, of, item_));
  }

  // What `by` would submit by the rules, with as many papers.
  Filing Drafted(const Call& by, const std::vector<std::string>& zones, int papers, Time now) {
    const Actor actor = ActorOf(by);
    Submission submission = ToSubmission(t_.Submission(by, item_, zones), actor);
    submission.attributes = {};
    const Document paper = submission.documents.at(0);
    submission.documents.clear();
    for (int i = 0; i < papers; ++i) {
      submission.documents.push_back(paper);
      submission.documents.back().title = fmt::format("{} of {}.pdf", i + 1, papers);
    }
    const Coverage coverage{.item = {.item_id = item_, .budget_working_days = 20},
                            .routes = {{AgreementId("a"), "shanghai", "jiangsu", Mode::kAutomatic},
                                       {AgreementId("b"), "shanghai", "zhejiang", Mode::kReview}}};
    const Draws draws = DrawNumbers(static_cast<int>(zones.size()), t_.wall.Now());
    return Must(
        recognition::Submit(submission, actor, coverage, draws, {now, *t_.calendars.Now()}));
  }

  // Writes the filing that `by` would submit, changed, as a group of `members`; what the database
  // says.
  bool Writes(const Call& by, const db::Members& members,
              const std::function<void(Filing&)>& change) {
    return t_.database
        .Group("test", members,
               [&](db::Tx& tx) -> Status {
                 Filing filing = Drafted(by, {"jiangsu", "zhejiang"}, 1, tx.now());
                 change(filing);
                 const Filing* const one = &filing;
                 const std::string event_id = crypto::NewUuid(tx.now());
                 filing_store::Insert(tx, {&one, 1}, {&event_id, 1},
                                      {Deadlines(), *t_.calendars.Now()});
                 return Done{};
               })
        .has_value();
  }

  TestRecognition& t_ = SharedRecognition();
  std::string item_;
  std::string agreement_;
};

TEST_F(FilingIntakeTest, WhoComesAtTheSameTimeIsWrittenTogether) {
  constexpr int kFilers = 48;
  ASSERT_TRUE(Submit(t_.Filer("org-" + item_)));  // renews the copy of the catalogue
  std::barrier start(kFilers);
  std::atomic<int> filed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kFilers; ++i) {
    threads.emplace_back([&, i] {
      const Call by = t_.Filer(fmt::format("org-{}-{}", item_, i));
      start.arrive_and_wait();
      const auto filing = Submit(by, "key");
      if (!filing || filing->decisions_size() != 2) return;
      const auto read = t_.service.GetFiling(by, [&] {
        pb::GetFilingRequest request;
        request.set_filing_id(filing->filing_id());
        return request;
      }());
      // What was answered from memory is what the database holds.
      if (read && MessageDifferencer::Equals(*read, *filing)) ++filed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(filed, kFilers);
  EXPECT_EQ(Count("filings"), std::to_string(kFilers + 1));
  EXPECT_LT(std::stoi(t_.scratch.AdminText(fmt::format(
                "SELECT count(DISTINCT xmin::text) FROM recognition.filings WHERE item_id = '{}'",
                item_))),
            kFilers);
  EXPECT_EQ(t_.scratch.AdminText("SELECT count(*) - count(DISTINCT number) FROM recognition.events"
                                 " WHERE number IS NOT NULL"),
            "0");
}

TEST_F(FilingIntakeTest, WhatEndedIsNotReliedUpon) {
  const Call by = t_.Filer("org-" + item_);
  ASSERT_TRUE(Submit(by));
  pb::TerminateAgreementRequest end;
  end.set_agreement_id(agreement_);
  end.set_reason("ended");
  Must(t_.service.TerminateAgreement(t_.Officer("jiangsu", "zone_admin"), end));
  EXPECT_EQ(ReasonOf(Submit(by)), "NOT_COVERED");
  EXPECT_EQ(Count("filings"), "1");
  // And what begins holds at once.
  t_.Agree(item_, "jiangsu", pb::MODE_AUTOMATIC);
  EXPECT_TRUE(Submit(by));
}

TEST_F(FilingIntakeTest, FilingsAreDatedByTheDeploymentsClock) {
  const Call by = t_.Filer("org-" + item_);
  ASSERT_TRUE(Submit(by));
  t_.SetClock("2026-06-01T01:00:00Z");
  for (int i = 0; i < 2; ++i) {  // the first finds the clock moved, the second the copy renewed
    const auto filing = Submit(by);
    ASSERT_TRUE(filing);
    EXPECT_GE(filing->submitted_at().seconds(),
              std::chrono::duration_cast<std::chrono::seconds>(
                  ParseTime("2026-06-01T01:00:00Z")->time_since_epoch())
                  .count());
  }
  t_.SetClock("2026-03-02T01:00:00Z");
}

TEST_F(FilingIntakeTest, OneKeyMakesOneFilingHoweverOftenAtOnce) {
  constexpr int kTries = 24;
  const Call by = t_.Filer("org-" + item_);
  std::barrier start(kTries);
  std::vector<Result<pb::Filing>> answers(kTries, Internal("not run"));
  std::vector<std::thread> threads;
  for (int i = 0; i < kTries; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      answers[i] = Submit(by, "one key");
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> filings;
  for (const auto& answer : answers) {
    if (answer) filings.insert(answer->filing_id());
    EXPECT_TRUE(answer || answer.error().reason == "IDEMPOTENCY_IN_PROGRESS");
  }
  EXPECT_EQ(filings.size(), 1u);
  EXPECT_EQ(Count("filings"), "1");
}

TEST_F(FilingIntakeTest, AGroupWritesForItsMembersOnly) {
  const Call by = t_.Filer("org-" + item_);
  const db::Members members{{by.caller.user_id, "u-of-b"},
                            {by.caller.organization_id + "@shanghai", "org-b@tianjin"}};
  struct Case {
    const char* name;
    std::function<void(Filing&)> change;
    bool accepted;
  };
  const Case cases[] = {
      {"its own", [](Filing&) {}, true},
      {"another organisation", [](Filing& f) { f.applicant.organization_id = "org-c"; }, false},
      {"another member's organisation", [](Filing& f) { f.applicant.organization_id = "org-b"; },
       false},
      {"another zone", [](Filing& f) { f.home_zone = "tianjin"; }, false},
      {"another person", [](Filing& f) { f.submitted_by = "u-of-b"; }, false},
      {"a decision that is not its to take",
       [](Filing& f) { f.decisions[1].state = DecisionState::kVerified; }, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Writes(by, members, c.change), c.accepted) << c.name;
  }
  EXPECT_EQ(Count("filings"), "1");
}

TEST_F(FilingIntakeTest, EachFilingOfAGroupKeepsItsOwnRows) {
  const Call first = t_.Filer("org-" + item_);
  const Call second = t_.Filer("org-b-" + item_);
  const db::Members members{
      {first.caller.user_id, second.caller.user_id},
      {first.caller.organization_id + "@shanghai", second.caller.organization_id + "@shanghai"}};
  std::vector<Filing> filings;
  std::vector<std::string> event_ids;
  const Status written = t_.database.Group("test", members, [&](db::Tx& tx) -> Status {
    event_ids.clear();
    filings = {Drafted(first, {"zhejiang"}, 0, tx.now()),
               Drafted(second, {"jiangsu", "zhejiang"}, 3, tx.now()),
               Drafted(first, {"jiangsu"}, 1, tx.now())};
    const Filing* const group[] = {&filings[0], &filings[1], &filings[2]};
    for (int i = 0; i < 3; ++i) event_ids.push_back(crypto::NewUuid(tx.now()));
    filing_store::Insert(tx, group, event_ids, {Deadlines(), *t_.calendars.Now()});
    return Done{};
  });
  ASSERT_TRUE(written);
  const Call* const callers[] = {&first, &second, &first};
  for (size_t i = 0; i < filings.size(); ++i) {
    const Filing& wrote = filings[i];
    const auto read =
        t_.database.Query(*callers[i], [&](db::Tx& tx) { return filing_store::Get(tx, wrote.id); });
    ASSERT_TRUE(read) << i;
    const Time now = wrote.submitted_at;
    const auto calendars = t_.calendars.Now();
    EXPECT_TRUE(MessageDifferencer::Equals(ToProto(*read, *calendars, now),
                                           ToProto(wrote, *calendars, now)))
        << i;
    const auto parties =
        PartiesOf(wrote.applicant.organization_id, wrote.home_zone, wrote.target_zones, {});
    EXPECT_EQ(t_.scratch.AdminText(fmt::format("SELECT count(*) FROM recognition.filing_parties "
                                               "WHERE filing_id = '{}' AND party = ANY ('{}')",
                                               wrote.id.str(), db::ArrayText(parties))),
              std::to_string(parties.size()));
    EXPECT_EQ(t_.scratch.AdminText(
                  fmt::format("SELECT count(*) FROM recognition.recognitions WHERE filing_id = "
                              "'{}' AND event_id IS DISTINCT FROM '{}'",
                              wrote.id.str(), event_ids[i])),
              "0");
  }
}

// Each table by itself, on a filing of another organisation.
TEST_F(FilingIntakeTest, EveryTableOfAGroupAsksWhoseTheRowIs) {
  const Call owner = t_.Filer("org-" + item_);
  const auto filing = Submit(owner);
  ASSERT_TRUE(filing);
  const db::Members stranger{{"u-stranger"}, {"org-stranger@shanghai"}};
  const std::string& id = filing->filing_id();
  const std::string& organization = owner.caller.organization_id;
  const std::string rows[] = {
      fmt::format("INSERT INTO filing_parties (filing_id, party, organization_id, submitted_at) "
                  "VALUES ('{}', 'org:org-stranger', '{}', now())",
                  id, organization),
      fmt::format("INSERT INTO documents (filing_id, position, organization_id, title, sha256, "
                  "media_type, size_bytes, kind, added_at) "
                  "VALUES ('{}', 9, '{}', 't', 's', 'm', 1, '', now())",
                  id, organization),
      fmt::format("INSERT INTO decisions (filing_id, zone, organization_id, agreement_id, mode, "
                  "state, version, verifiers_needed, recognition_number, closed_at) "
                  "VALUES ('{}', 'hubei', '{}', 'a', 'AUTOMATIC', 'GRANTED', 1, 1, 'R', now())",
                  id, organization),
      fmt::format("INSERT INTO clocks (case_id, name, owner, kind, calendar, calendar_revision, "
                  "unit, budget, started_at) "
                  "VALUES ('{}', 'x/decision', '{}', 'DECISION', 'x', 0, 'WORKING_DAY', 1, now())",
                  id, organization),
      fmt::format("INSERT INTO deferred_papers (filing_id, kind, organization_id, promised_on) "
                  "VALUES ('{}', 'k', '{}', now())",
                  id, organization),
      fmt::format("INSERT INTO filing_extras (filing_id, organization_id, scope_activities, "
                  "scope_addresses, scope_quantity, refile_of, agent_organization_id, mandate_id) "
                  "VALUES ('{}', '{}', '{{}}', '{{}}', '', '', '', '')",
                  id, organization),
      fmt::format("INSERT INTO recognitions (number, filing_id, zone, organization_id, item_id, "
                  "item_version, home_zone, valid_from, valid_until, granted_at) VALUES "
                  "('R', '{}', 'jiangsu', '{}', 'i', 1, 'shanghai', now(), now(), now())",
                  id, organization),
      fmt::format(
          "INSERT INTO events (event_id, subject, version, type, at, body, parties, number) "
          "VALUES (gen_random_uuid(), 's-{}', 1, 't', now(), '', '{{org:{}}}', NULL)",
          id, organization),
      fmt::format("INSERT INTO idempotency (principal, rpc, key, request_hash) "
                  "VALUES ('{}', 'r', 'k', '')",
                  owner.caller.user_id),
      "UPDATE filings SET state = 'CLOSED'",
      "UPDATE catalogue_version SET version = 1",
      "DELETE FROM documents",
  };
  int number = 0;
  for (const std::string& row : rows) {
    const std::string name = fmt::format("intake.{}.{}", id, ++number);
    const db::Sql sql{name.c_str(), row.c_str()};
    const Status written = t_.database.Group("test", stranger, [&](db::Tx& tx) -> Status {
      if (tx.Exec(sql).affected() == 0) return NotFound("NOTHING", "no row");
      return Done{};
    });
    EXPECT_FALSE(written) << row;
  }
}

}  // namespace
}  // namespace zonelink::recognition
