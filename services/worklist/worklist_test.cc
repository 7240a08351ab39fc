// SPDX-License-Identifier: Apache-2.0
// Intake, inbox, feed and the live stream on a real database.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>

#include "worklist/feed_hub.h"
#include "worklist/feed_store.h"
#include "worklist/test_worklist.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace zonelink::worklist {
namespace {

TEST_F(WorklistTest, AnEntryFollowsItsDecision) {
  const Call u1 = Officer("u1", {"verifier", "reviewer"});
  const Call u2 = Officer("u2", {"verifier"});
  const Call u3 = Officer("u3", {"reviewer"});
  ASSERT_TRUE(Apply(Submitted(State("PENDING"))));
  EXPECT_EQ(Waits(u1), "accept ");
  EXPECT_EQ(Waits(u2), "accept ");
  EXPECT_EQ(Waits(u3), "");
  ASSERT_TRUE(Apply(Decided("accepted", State("ACCEPTED"), kStart + 1h)));
  EXPECT_EQ(Waits(u1), "verify ");
  ASSERT_TRUE(Apply(Decided("verified", State("ACCEPTED", {"u1"}), kStart + 2h)));
  EXPECT_EQ(Waits(u1), "");
  EXPECT_EQ(Waits(u2), "verify ");
  EXPECT_EQ(Inbox(u2)[0].since, kStart + 1h) << "the action is the same as before";
  ASSERT_TRUE(Apply(Decided("verified", State("VERIFIED", {"u1", "u2"}), kStart + 3h)));
  EXPECT_EQ(Waits(u1), "") << "whoever verified may not decide";
  EXPECT_EQ(Waits(u3), "decide ");
  EXPECT_EQ(Inbox(u3)[0].since, kStart + 3h);
  ASSERT_TRUE(Apply(Decided("granted", State("GRANTED", {"u1", "u2"}), kStart + 4h)));
  EXPECT_EQ(Waits(u3), "");
}

TEST_F(WorklistTest, ASupplementWaitsForTheApplicant) {
  ASSERT_TRUE(Apply(Submitted(State("PENDING"))));
  ASSERT_TRUE(Apply(Decided("supplement_requested", State("SUPPLEMENTING"), kStart + 1h)));
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "");
  EXPECT_EQ(Waits(Member("filer")), "supplement ");
  EXPECT_EQ(Waits(Member("enterprise_admin")), "supplement ");
  EXPECT_EQ(Waits(Member("evaluator")), "");
  EXPECT_FALSE(Inbox(Member("filer"))[0].work.due_on) << "the clock stands";
  ASSERT_TRUE(Apply(Submitted(State("PENDING"), kStart + 2h)));
  EXPECT_EQ(Waits(Member("filer")), "");
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "accept ");
}

TEST_F(WorklistTest, NobodyElseSeesIt) {
  ASSERT_TRUE(Apply(Submitted(State("PENDING"))));
  Call foreign = Officer("u1", {"verifier"});
  foreign.caller.zone = "elsewhere" + zone_;
  EXPECT_EQ(Waits(foreign), "");
  EXPECT_EQ(Waits(By({.user_id = "x", .roles = {"secretariat", "verifier"}})), "");
  const auto all = Inbox(By({.user_id = "a", .roles = {"auditor"}}));
  EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                          [&](const auto& entry) { return entry.facts.filing_id == filing_id_; }));
}

TEST_F(WorklistTest, AnEventTakesEffectOnce) {
  const auto submitted = Submitted(State("PENDING"));
  ASSERT_TRUE(Apply(submitted));
  ASSERT_TRUE(Apply(Decided("accepted", State("ACCEPTED"), kStart + 1h)));
  ASSERT_TRUE(Apply(submitted));
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "verify ");
}

// However its events are cut into batches, a case ends in the same state.
TEST_F(WorklistTest, AnOldEventBesideANewOneHasNoEffect) {
  const pb::Event submitted = Submitted(State("PENDING"));
  ASSERT_TRUE(Apply(submitted));
  ASSERT_TRUE(Apply(Decided("accepted", State("ACCEPTED"), kStart + 1h)));
  pb::DecisionState elsewhere = State("GRANTED");
  elsewhere.set_zone("z" + NewId());
  const pb::Event granted = Decided("granted", elsewhere, kStart + 2h);
  ASSERT_TRUE(Apply(std::vector<pb::Event>{submitted, granted}));
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "verify ");
}

TEST_F(WorklistTest, ABatchFollowsItsOrder) {
  const Call u2 = Officer("u2", {"verifier"});
  const Call u3 = Officer("u3", {"reviewer"});
  const std::vector<pb::Event> first = {
      Submitted(State("PENDING")), Decided("accepted", State("ACCEPTED"), kStart + 1h),
      Decided("verified", State("ACCEPTED", {"u1"}), kStart + 2h)};
  ASSERT_TRUE(Apply(first));
  EXPECT_EQ(Waits(u2), "verify ");
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "");
  EXPECT_EQ(Inbox(u2)[0].since, kStart + 1h) << "since it was accepted";
  EXPECT_EQ(Inbox(u2)[0].facts.receipt_number, "R-" + filing_id_);
  const std::string work_id = Inbox(u2)[0].work_id;
  // Away from the action and back: it waits since it came back.
  const std::vector<pb::Event> second = {
      Decided("supplement_requested", State("SUPPLEMENTING"), kStart + 3h),
      Decided("accepted", State("ACCEPTED"), kStart + 4h)};
  ASSERT_TRUE(Apply(second));
  EXPECT_EQ(Waits(u2), "verify ");
  EXPECT_EQ(Inbox(u2)[0].since, kStart + 4h);
  EXPECT_EQ(Inbox(u2)[0].work_id, work_id) << "an entry keeps its id";
  const std::vector<pb::Event> third = {
      Decided("verified", State("VERIFIED", {"u1", "u2"}), kStart + 5h),
      Decided("granted", State("GRANTED", {"u1", "u2"}), kStart + 6h)};
  ASSERT_TRUE(Apply(third));
  EXPECT_EQ(Waits(u2) + Waits(u3), "");
}

TEST_F(WorklistTest, ABatchMayHoldWholeCases) {
  const std::vector<pb::Event> events = {
      Submitted(State("PENDING")), Decided("accepted", State("ACCEPTED"), kStart + 1h),
      Decided("refused", State("REFUSED"), kStart + 2h), Submitted(State("PENDING"), kStart + 3h)};
  ASSERT_TRUE(Apply({events.data(), 3}));
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "");
  ASSERT_TRUE(Apply(events)) << "three of four were applied before";
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "accept ");
  EXPECT_EQ(Inbox(Officer("u1", {"verifier"}))[0].since, kStart + 3h);
}

// As recognition numbers them: what comes first of a filing has nothing to replace.
TEST_F(WorklistTest, ACaseMayBeginAndGoOnInOneBatch) {
  pb::Event submitted = Submitted(State("PENDING"));
  submitted.set_version(1);
  pb::Event accepted = Decided("accepted", State("ACCEPTED"), kStart + 1h);
  accepted.set_version(2);
  const pb::Event both[] = {submitted, accepted};
  ASSERT_TRUE(Apply(both));
  const Call verifier = Officer("u", {"verifier"});
  EXPECT_EQ(Waits(verifier), "verify ");
  ASSERT_TRUE(Apply(submitted)) << "again";
  EXPECT_EQ(Waits(verifier), "verify ");
  pb::Event granted = Decided("granted", State("GRANTED"), kStart + 2h);
  granted.set_version(3);
  const pb::Event again[] = {submitted, accepted, granted};
  ASSERT_TRUE(Apply(again));
  EXPECT_EQ(Waits(verifier), "");
}

TEST_F(WorklistTest, ABatchTakesEffectOnceOrNotAtAll) {
  const auto submitted = Submitted(State("PENDING"));
  const auto accepted = Decided("accepted", State("ACCEPTED"), kStart + 1h);
  const auto feed = [&] {
    return scratch_->AdminText("SELECT count(*) FROM worklist.feed WHERE subject = 'filings/" +
                               filing_id_ + "'");
  };
  pb::Event broken = Decided("granted", State("GRANTED"), kStart + 2h);
  broken.set_body("\xff");
  EXPECT_FALSE(Apply(std::vector<pb::Event>{submitted, accepted, broken}));
  EXPECT_FALSE(Apply(std::vector<pb::Event>{submitted, Decided("lost", State("LOST"), kStart)}));
  EXPECT_EQ(feed(), "0");
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "");
  ASSERT_TRUE(Apply(std::vector<pb::Event>{submitted, accepted, submitted}));
  EXPECT_EQ(feed(), "2");
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "verify ");
  ASSERT_TRUE(Apply(std::vector<pb::Event>{submitted, accepted}));
  EXPECT_EQ(feed(), "2");
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "verify ");
}

// Names, ids and parties as they may come, several rows to a statement.
TEST_F(WorklistTest, ABatchKeepsEveryRowApart) {
  std::vector<pb::Event> events;
  for (const char* name : {"a,b", "\"quoted\"", "back\\slash", "{brace}", ""}) {
    auto event = Submitted(State("ACCEPTED", {std::string("v,\"") + name}));
    pb::FilingChanged body;
    ASSERT_TRUE(body.ParseFromString(event.body()));
    body.set_filing_id(NewId());
    body.set_applicant_name(name);
    event.set_body(body.SerializeAsString());
    event.add_parties(std::string("org:") + name);
    events.push_back(event);
  }
  ASSERT_TRUE(Apply(events));
  const auto entries = Inbox(Officer("u1", {"verifier"}));
  std::set<std::string> names;
  for (const auto& entry : entries) names.insert(entry.facts.applicant_name);
  EXPECT_EQ(names, (std::set<std::string>{"a,b", "\"quoted\"", "back\\slash", "{brace}", ""}));
  EXPECT_EQ(Inbox(Officer("v,\"a,b", {"verifier"})).size(), 4u) << "all but the one it verified";
}

TEST_F(WorklistTest, WhatItDoesNotKnow) {
  pb::Event other = Submitted(State("PENDING"));
  other.set_type("zonelink.recognition.item.published");
  EXPECT_TRUE(Apply(other));
  EXPECT_EQ(Waits(Officer("u1", {"verifier"})), "");
  EXPECT_FALSE(Apply(Decided("accepted", State("ACCEPTED"), kStart)))
      << "a decision that waits was announced by its filing";
  EXPECT_TRUE(Apply(Decided("granted", State("GRANTED"), kStart)));
}

TEST_F(WorklistTest, PagesFollowUrgency) {
  const Call officer = Officer("u1", {"verifier"});
  const std::vector<std::string> due = {"2026-05-04", "2026-03-30", "2026-03-30", "2026-04-01"};
  for (size_t i = 0; i < due.size(); ++i) {
    auto event = Submitted(State("PENDING", {}, due[i]), kStart + std::chrono::hours(i));
    pb::FilingChanged body;
    ASSERT_TRUE(body.ParseFromString(event.body()));
    body.set_filing_id(NewId());
    if (i == 3) body.mutable_decisions(0)->clear_clock();  // no clock runs: last
    event.set_body(body.SerializeAsString());
    ASSERT_TRUE(Apply(event));
  }
  std::vector<std::string> seen;
  std::optional<InboxKey> after;
  for (;;) {
    const auto page = Inbox(officer, after, 1);
    if (page.empty()) break;
    const auto& entry = page[0];
    seen.push_back((entry.work.due_on ? FormatDate(*entry.work.due_on) : "none") + " " +
                   FormatTime(entry.since));
    after = InboxKey{entry.work.due_on, entry.since, entry.work_id};
  }
  EXPECT_EQ(seen, (std::vector<std::string>{
                      "2026-03-30 2026-03-02T02:00:00Z", "2026-03-30 2026-03-02T03:00:00Z",
                      "2026-05-04 2026-03-02T01:00:00Z", "none 2026-03-02T04:00:00Z"}));
}

// Keeps what a stream was told.
class Recorder final : public rpc::StreamSink {
 public:
  bool Write(const google::protobuf::Message& message) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(static_cast<const v1::CloudEvent&>(message));
    changed_.notify_all();
    return true;
  }
  void Finish(const Status& status) override {
    const std::lock_guard lock(mutex_);
    end_ = status ? "OK" : status.error().reason;
    changed_.notify_all();
  }
  bool Cancelled() const override { return false; }

  std::vector<v1::CloudEvent> Await(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 10s, [&] { return events_.size() >= count; });
    return events_;
  }
  std::string AwaitEnd() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 10s, [&] { return !end_.empty(); });
    return end_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<v1::CloudEvent> events_;
  std::string end_;
};

class StreamTest : public WorklistTest {
 protected:
  StreamTest()
      : tokens_(
            rpc::ServiceTokens("secret").key(),
            []() -> Result<std::vector<rpc::PublicKey>> { return std::vector<rpc::PublicKey>(); },
            clock_),
        hub_(database_, tokens_, clock_) {
    hub_.Start();
  }
  int64_t Head() {
    int64_t head = 0;
    EXPECT_TRUE(database_.System("test", [&](db::Tx& tx) -> Status {
      head = FeedHead(tx);
      return Done{};
    }));
    return head;
  }

  SystemClock clock_;
  rpc::TokenVerifier tokens_;
  FeedHub hub_;
};

TEST_F(StreamTest, PartiesHearWhatComesAfterTheirPlace) {
  const int64_t start = Head();
  ASSERT_TRUE(Apply(Submitted(State("PENDING"))));
  const auto zone = std::make_shared<Recorder>();
  const auto member = std::make_shared<Recorder>();
  const auto stranger = std::make_shared<Recorder>();
  Call foreign = Officer("u9", {"verifier"});
  foreign.caller.zone = "elsewhere" + zone_;
  hub_.Add(Officer("u1", {"verifier"}), start, zone);
  hub_.Add(Member("filer"), Head(), member);
  hub_.Add(foreign, start, stranger);
  ASSERT_EQ(zone->Await(1).size(), 1u);
  ASSERT_TRUE(Apply(Decided("accepted", State("ACCEPTED"), kStart + 1h)));
  hub_.Wake();
  const auto heard = zone->Await(2);
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0].type(), "zonelink.recognition.filing.submitted");
  EXPECT_EQ(heard[0].zone(), zone_);
  EXPECT_EQ(heard[1].state(), "ACCEPTED");
  EXPECT_EQ(heard[1].source(), "/recognition");
  EXPECT_EQ(member->Await(1).size(), 1u) << "only what came after its start";
  hub_.Stop();
  EXPECT_EQ(zone->AwaitEnd(), "SHUTTING_DOWN");
  EXPECT_TRUE(stranger->Await(0).empty());
}

TEST_F(StreamTest, CatchesUpInOrder) {
  const int64_t start = Head();
  std::vector<std::string> sent;
  for (int i = 0; i < 450; ++i) {
    const auto event = Submitted(State("PENDING"));
    sent.push_back(event.event_id());
    ASSERT_TRUE(Apply(event));
  }
  std::vector<pb::Event> batch;
  for (int i = 0; i < 50; ++i) {
    batch.push_back(i % 2 == 0 ? Submitted(State("PENDING"))
                               : Decided("accepted", State("ACCEPTED"), kStart + 1h));
    sent.push_back(batch.back().event_id());
  }
  ASSERT_TRUE(Apply(batch));
  const auto zone = std::make_shared<Recorder>();
  hub_.Add(Officer("u1", {"verifier"}), start, zone);
  std::vector<std::string> heard;
  for (const auto& event : zone->Await(sent.size())) heard.push_back(event.id());
  EXPECT_EQ(heard, sent);
}

TEST_F(StreamTest, EndsWithTokenAndSession) {
  const auto expiring = std::make_shared<Recorder>();
  const auto revoked = std::make_shared<Recorder>();
  Call call = Officer("u1", {"verifier"});
  hub_.Add(call, Head(), revoked);
  call.token_expires = clock_.Now() + 100ms;
  call.caller.session_id = "other";
  hub_.Add(call, Head(), expiring);
  EXPECT_EQ(expiring->AwaitEnd(), "TOKEN_EXPIRED");
  tokens_.SetRevoked({"s"});
  EXPECT_EQ(revoked->AwaitEnd(), "SESSION_REVOKED");
}

}  // namespace
}  // namespace zonelink::worklist
