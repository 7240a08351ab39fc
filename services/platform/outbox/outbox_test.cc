// SPDX-License-Identifier: Apache-2.0
// Event log and consumer on a real cluster, through a real channel.
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "platform/core/clock.h"
#include "platform/db/scratch_database.h"
#include "platform/outbox/consumer.h"
#include "platform/outbox/event_log.h"
#include "platform/outbox/events_service.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/server.h"
#include "platform/rpc/token.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::outbox {
namespace {

using google::protobuf::StringValue;

// The source is called recognition and the consumer worklist because the access rule of PullEvents
// names the services that may call it.
constexpr db::Migration kSeen[] = {{"0001_seen.sql", R"sql(
  CREATE TABLE seen (event_id uuid NOT NULL, subject text NOT NULL, version bigint NOT NULL, CONSTRAINT seen_once UNIQUE (event_id));
  GRANT SELECT, INSERT ON seen TO {{role}}_relay;
)sql"}};
const db::Schema kSource{.name = "recognition", .migrations = {}};
const db::Schema kTarget{.name = "worklist", .migrations = kSeen};

constexpr db::Sql kSee{"seen.insert",
                       "INSERT INTO seen (event_id, subject, version) VALUES ($1, $2, $3)"};

class OutboxTest : public testing::Test {
 protected:
  OutboxTest()
      : source_scratch_(kSource),
        target_scratch_(kTarget),
        source_(source_scratch_.OptionsFor(kSource)),
        target_(target_scratch_.OptionsFor(kTarget)),
        tokens_(
            std::make_shared<rpc::ServiceTokens>("a deployment's secret of more than 32 bytes")),
        verifier_(
            tokens_->key(),
            []() -> Result<std::vector<rpc::PublicKey>> { return std::vector<rpc::PublicKey>{}; },
            clock_),
        server_({}, verifier_),
        service_(server_),
        log_(source_),
        channels_({}, tokens_) {
    service_.Add("recognition", log_);
    EXPECT_TRUE(server_.Start(""));
    channels_.SetLocal("recognition", server_.InProcessChannel());
    log_.Start();
  }
  ~OutboxTest() override {
    log_.Stop();
    server_.Stop(std::chrono::milliseconds(1000));
  }

  Status AppendOne(const std::string& subject, int64_t version, bool refuse = false) {
    Call call;
    call.caller.user_id = "writer";
    call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    StringValue request;
    const auto done =
        source_.Command<StringValue>(call, request, [&](db::Tx& tx) -> Result<StringValue> {
          events::v1::ZoneOpened body;
          body.set_zone(subject);
          Append(tx, {subject, version, "zonelink.test.happened", {"zone:" + subject}}, body);
          if (refuse) return FailedPrecondition("NOT_NOW", "not now");
          return request;
        });
    if (!done) return done.error();
    return Done{};
  }

  // Applies into `seen` and tells how many came.
  Status See(db::Tx& tx, const events::v1::Event& event) {
    tx.Exec(kSee, event.event_id(), event.subject(), event.version());
    return Done{};
  }

  SystemClock clock_;
  db::ScratchDatabase source_scratch_;
  db::ScratchDatabase target_scratch_;
  db::Database source_;
  db::Database target_;
  std::shared_ptr<rpc::ServiceTokens> tokens_;
  rpc::TokenVerifier verifier_;
  rpc::Server server_;
  EventsService service_;
  EventLog log_;
  rpc::Channels channels_;
};

TEST_F(OutboxTest, NumbersHaveNoGapsAndFollowEachSubject) {
  constexpr int kSubjects = 8;
  constexpr int kVersions = 25;
  std::vector<std::thread> writers;
  for (int s = 0; s < kSubjects; ++s) {
    writers.emplace_back([&, s] {
      for (int v = 1; v <= kVersions; ++v) {
        EXPECT_FALSE(AppendOne("z" + std::to_string(s), v, true));  // a refusal leaves no event
        EXPECT_TRUE(AppendOne("z" + std::to_string(s), v));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  std::vector<events::v1::Event> all;
  while (all.size() < kSubjects * kVersions) {
    const auto more = log_.Pull(static_cast<int64_t>(all.size()), 1000, std::chrono::seconds(10));
    ASSERT_TRUE(more);
    ASSERT_FALSE(more->empty());
    all.insert(all.end(), more->begin(), more->end());
  }
  std::map<std::string, int64_t> last;
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].number(), static_cast<int64_t>(i) + 1);
    EXPECT_EQ(all[i].version(), ++last[all[i].subject()]);
  }
}

TEST_F(OutboxTest, ASubjectVersionExistsOnce) {
  ASSERT_TRUE(AppendOne("zhejiang", 1));
  EXPECT_FALSE(AppendOne("zhejiang", 1));
}

TEST_F(OutboxTest, ConsumersApplyEachEventOnceAcrossRestarts) {
  std::mutex mutex;
  std::condition_variable changed;
  int batches = 0;
  int failures = 2;
  const auto apply = [&](db::Tx& tx, const events::v1::Event& event) -> Status {
    std::lock_guard lock(mutex);
    if (failures > 0 && event.version() == 3) {
      --failures;  // the whole batch is rolled back and comes again
      return FailedPrecondition("NOT_NOW", "not now");
    }
    return See(tx, event);
  };
  const auto seen = [&] { return target_scratch_.AdminText("SELECT count(*) FROM worklist.seen"); };
  for (int round = 0; round < 2; ++round) {
    Consumer consumer("recognition", target_, channels_, apply);
    consumer.OnApplied([&] {
      std::lock_guard lock(mutex);
      ++batches;
      changed.notify_all();
    });
    for (int v = round * 5 + 1; v <= round * 5 + 5; ++v) ASSERT_TRUE(AppendOne("zhejiang", v));
    consumer.Start();
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20),
                                 [&] { return seen() == std::to_string(round * 5 + 5); }));
    lock.unlock();
    consumer.Stop();
  }
  EXPECT_EQ(seen(), "10");
  EXPECT_EQ(target_scratch_.AdminText("SELECT number FROM worklist.cursors"), "10");
}

TEST_F(OutboxTest, TwoConsumersOfOneServiceApplyOnce) {
  const auto apply = [&](db::Tx& tx, const events::v1::Event& event) { return See(tx, event); };
  Consumer one("recognition", target_, channels_, apply);
  Consumer two("recognition", target_, channels_, apply);
  one.Start();
  two.Start();
  for (int v = 1; v <= 40; ++v) ASSERT_TRUE(AppendOne("zhejiang", v));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (target_scratch_.AdminText("SELECT coalesce(max(number), 0) FROM worklist.cursors") !=
         "40") {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
  one.Stop();
  two.Stop();
  EXPECT_EQ(target_scratch_.AdminText("SELECT count(*) FROM worklist.seen"), "40");
}

TEST_F(OutboxTest, UsersCannotPull) {
  EXPECT_EQ(source_scratch_.AdminText("SELECT count(*) FROM recognition.events"), "0");
  Call stranger;
  stranger.caller.user_id = "u";
  stranger.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  ASSERT_TRUE(AppendOne("zhejiang", 1));
  const auto read = [&](const std::string& zone) {
    stranger.caller.zone = zone;
    return source_.Query(
        stranger, [&](db::Tx& tx) -> Result<size_t> { return OfSubject(tx, "zhejiang").size(); });
  };
  EXPECT_EQ(*read("zhejiang"), 1u);
  EXPECT_EQ(*read("jiangsu"), 0u);
}

}  // namespace
}  // namespace zonelink::outbox
