// SPDX-License-Identifier: Apache-2.0
// Event log and consumer on a real cluster, through a real channel.
#include <fmt/format.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <span>
#include <thread>

#include "platform/core/clock.h"
#include "platform/db/scratch_database.h"
#include "platform/outbox/append.h"
#include "platform/outbox/consumer.h"
#include "platform/outbox/event_log.h"
#include "platform/outbox/events_service.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/rpc/token.h"
#include "zonelink/events/v1/directory_events.pb.h"
#include "zonelink/events/v1/events.grpc.pb.h"

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

constexpr db::Sql kNumbered{"events.numbered", R"sql(
  INSERT INTO events (event_id, subject, version, type, at, body, parties, number)
  VALUES (gen_random_uuid(), 'zhejiang', $1, 'x', now(), '', '{}', $1))sql"};

constexpr db::Sql kSeqscan{
    "test.seqscan", "SELECT current_setting('enable_seqscan') || current_setting('jit') AS value"};

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
    EXPECT_TRUE(server_.Start("127.0.0.1:0"));
    channels_.SetLocal("recognition", server_);
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

  // What PullEvents answers to a service.
  std::vector<events::v1::Event> PullAs(const std::string& service) {
    grpc::ClientContext context;
    channels_.Authenticate(context, service);
    events::v1::PullEventsRequest request;
    request.set_source("recognition");
    request.set_wait_ms(10'000);
    events::v1::PullEventsResponse response;
    const grpc::Status status = events::v1::EventsService::NewStub(channels_.To("recognition"))
                                    ->PullEvents(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {response.events().begin(), response.events().end()};
  }

  // The answer's reason; empty for success.
  std::string DestroyAs(const std::string& service, const std::string& source,
                        const std::string& event_id) {
    grpc::ClientContext context;
    channels_.Authenticate(context, service);
    events::v1::DestroyEventSaltRequest request;
    request.set_source(source);
    request.set_event_id(event_id);
    events::v1::DestroyEventSaltResponse response;
    const grpc::Status status = events::v1::EventsService::NewStub(channels_.To("recognition"))
                                    ->DestroyEventSalt(&context, request, &response);
    return status.ok() ? "" : rpc::FromGrpc(status).reason;
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

TEST_F(OutboxTest, UnderAnotherNameAConsumerBeginsAnew) {
  const auto until_applied = [&](const std::string& cursor, int number) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    const std::string sql =
        "SELECT coalesce(max(number), 0) FROM worklist.cursors WHERE source = '";
    while (target_scratch_.AdminText(sql + cursor + "'") != std::to_string(number)) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }
  };
  std::atomic<int> applied{0};
  const Consumer::Apply apply = [&](db::Tx&, const events::v1::Event&) -> Status {
    ++applied;
    return Done{};
  };
  for (int v = 1; v <= 3; ++v) ASSERT_TRUE(AppendOne("zhejiang", v));
  Consumer before("recognition", target_, channels_, apply);
  before.Start();
  until_applied("recognition", 3);
  before.Stop();
  Consumer again("recognition", target_, channels_, apply, "recognition/2");
  again.Start();
  until_applied("recognition/2", 3);
  again.Stop();
  EXPECT_EQ(applied, 6);
  until_applied("recognition", 3);
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

TEST_F(OutboxTest, BatchesAreAppliedOnceWithTheirCursor) {
  constexpr int kEvents = 1200;  // more than one batch
  for (int v = 1; v <= kEvents; ++v) ASSERT_TRUE(AppendOne("zhejiang", v));
  std::atomic<int> batches{0};
  std::atomic<int> failures{2};
  const auto apply = [&](db::Tx& tx, std::span<const events::v1::Event> events) -> Status {
    for (size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].number(), events[0].number() + static_cast<int64_t>(i));
      if (const Status seen = See(tx, events[i]); !seen) return seen;
    }
    if (failures.fetch_sub(1) > 0) return FailedPrecondition("NOT_NOW", "not now");
    ++batches;
    return Done{};
  };
  Consumer one("recognition", target_, channels_, apply);
  Consumer two("recognition", target_, channels_, apply);
  one.Start();
  two.Start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!one.CaughtUp() || !two.CaughtUp()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::yield();
  }
  one.Stop();
  two.Stop();
  EXPECT_EQ(target_scratch_.AdminText("SELECT count(*) FROM worklist.seen"),
            std::to_string(kEvents));
  EXPECT_EQ(target_scratch_.AdminText("SELECT number FROM worklist.cursors"),
            std::to_string(kEvents));
  EXPECT_LT(batches, kEvents / 2);
}

// As a group of writes commits events that have their numbers already.
TEST_F(OutboxTest, AnEventThatCameWithItsNumberWakesAWaitingPull) {
  const auto began = std::chrono::steady_clock::now();
  for (int v = 1; v <= 20; ++v) {
    std::thread writer([&] {
      EXPECT_TRUE(source_.System("append", [&](db::Tx& tx) -> Status {
        tx.Exec(kNumbered, v);
        tx.MarkEvents();
        return Done{};
      }));
    });
    const auto events = log_.Pull(v - 1, 10, std::chrono::seconds(10));
    writer.join();
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), 1u);
    EXPECT_EQ((*events)[0].number(), v);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(8))
      << "found only by looking anyway";
}

TEST_F(OutboxTest, PullsFromEveryPlaceAgree) {
  const auto numbers = [&](int64_t after, int limit) {
    std::vector<int64_t> numbers;
    const auto events = log_.Pull(after, limit, std::chrono::milliseconds(0));
    EXPECT_TRUE(events);
    for (const auto& event : *events) {
      EXPECT_EQ(event.version(), event.number());
      EXPECT_EQ(event.salt().size(), 32u);
      numbers.push_back(event.number());
    }
    return numbers;
  };
  int last = 0;
  for (const int more : {3, 1, 5}) {
    for (int v = 1; v <= more; ++v) ASSERT_TRUE(AppendOne("zhejiang", ++last));
    while (*log_.LastNumber() < last) std::this_thread::yield();
    for (const int first : {last - more, last, 0}) numbers(first, 2);
    for (int after = 0; after <= last; ++after) {
      for (int limit = 1; limit <= last + 1; ++limit) {
        std::vector<int64_t> wanted;
        for (int n = after + 1; n <= std::min(after + limit, last); ++n) wanted.push_back(n);
        EXPECT_EQ(numbers(after, limit), wanted) << after << " " << limit;
      }
    }
  }
}

TEST_F(OutboxTest, CopiesInMemoryYieldToTheLog) {
  ASSERT_TRUE(AppendOne("zhejiang", 1));
  ASSERT_TRUE(AppendOne("zhejiang", 2));
  while (*log_.LastNumber() < 2) std::this_thread::yield();
  const auto pull = [&] { return *log_.Pull(0, 10, std::chrono::seconds(10)); };
  ASSERT_EQ(pull().size(), 2u);
  // As another process of the service would.
  source_scratch_.Admin("UPDATE recognition.events SET salt = NULL WHERE number = 1");
  EXPECT_EQ(pull()[0].salt(), "");
  EXPECT_EQ(pull()[1].salt().size(), 32u);
  // As the restore of an older log, which then went another way.
  source_scratch_.Admin(
      "SET session_replication_role = replica; DELETE FROM recognition.events WHERE number = 2");
  ASSERT_EQ(pull().size(), 1u);
  ASSERT_TRUE(AppendOne("jiangsu", 1));
  ASSERT_TRUE(AppendOne("jiangsu", 2));
  while (*log_.LastNumber() < 3) std::this_thread::yield();
  const auto other = pull();
  ASSERT_EQ(other.size(), 3u);
  EXPECT_EQ(other[0].subject(), "zhejiang");
  EXPECT_EQ(other[1].subject(), "jiangsu");
  source_scratch_.Admin(
      "SET session_replication_role = replica; DELETE FROM recognition.events; "
      "INSERT INTO recognition.events (event_id, subject, version, type, at, body, parties, "
      "number) "
      "SELECT gen_random_uuid(), 'restored', n, 'x', now(), '', '{}', n "
      "FROM generate_series(1, 3) AS n");
  const auto restored = pull();
  ASSERT_EQ(restored.size(), 3u);
  for (const auto& event : restored) EXPECT_EQ(event.subject(), "restored");
}

TEST_F(OutboxTest, UnderLoadAConsumerGathers) {
  constexpr int kCommits = 60;
  constexpr int kEach = 40;
  std::atomic<int> batches{0};
  const auto apply = [&](db::Tx& tx, std::span<const events::v1::Event>) -> Status {
    EXPECT_EQ(tx.Exec(kSeqscan)[0].Text("value"), "offoff") << "plans outlive small tables";
    ++batches;
    return Done{};
  };
  Consumer consumer("recognition", target_, channels_, apply);
  consumer.Start();
  const auto began = std::chrono::steady_clock::now();
  for (int c = 0; c < kCommits; ++c) {
    ASSERT_TRUE(source_.System("append", [&](db::Tx& tx) -> Status {
      for (int v = 1; v <= kEach; ++v) {
        Append(tx, {"zhejiang", c * kEach + v, "zonelink.test.happened", {}},
               events::v1::ZoneOpened());
      }
      return Done{};
    }));
  }
  const auto applied = [&] {
    return target_scratch_.AdminText("SELECT coalesce(max(number), 0) FROM worklist.cursors");
  };
  while (applied() != std::to_string(kCommits * kEach)) {
    ASSERT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60));
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  // Full batches follow one another at once.
  EXPECT_LE(batches, took.count() / 150 + kCommits * kEach / 500 + 3);
}

// As after the restore of an older backup of one service's schema.
TEST_F(OutboxTest, ALogThatEndsBeforeTheCursorIsNotReadOn) {
  Consumer consumer("recognition", target_, channels_,
                    [&](db::Tx& tx, const events::v1::Event& event) { return See(tx, event); });
  const auto until = [&](const std::function<bool()>& met) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!met() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    return met();
  };
  const auto seen = [&](const char* count) {
    return target_scratch_.AdminText("SELECT count(*) FROM worklist.seen") == count;
  };
  ASSERT_TRUE(AppendOne("zhejiang", 1));
  consumer.Start();
  ASSERT_TRUE(until([&] { return seen("1") && consumer.CaughtUp(); }));
  target_scratch_.AdminText("UPDATE worklist.cursors SET number = 50 RETURNING number");
  ASSERT_TRUE(AppendOne("zhejiang", 2));  // wakes the waiting pull
  EXPECT_TRUE(until([&] { return !consumer.CaughtUp(); }));
  EXPECT_TRUE(seen("1"));
  target_scratch_.AdminText("UPDATE worklist.cursors SET number = 1 RETURNING number");
  EXPECT_TRUE(until([&] { return seen("2") && consumer.CaughtUp(); }));
}

TEST_F(OutboxTest, AConsumerEndsWhileItsPullWaits) {
  std::atomic<int> applied{0};
  const auto apply = [&](db::Tx& tx, const events::v1::Event& event) {
    ++applied;
    return See(tx, event);
  };
  rpc::Channels far({{"recognition", fmt::format("127.0.0.1:{}", server_.port())}}, tokens_);
  int written = 0;
  for (rpc::Channels* channels : {&channels_, &far}) {
    Consumer consumer("recognition", target_, *channels, apply);
    consumer.Start();
    ASSERT_TRUE(AppendOne("zhejiang", ++written));
    const auto began = std::chrono::steady_clock::now();
    while (applied < written || !consumer.CaughtUp()) {
      ASSERT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
      std::this_thread::yield();
    }
    const auto ended = std::chrono::steady_clock::now();
    consumer.Stop();
    EXPECT_LT(std::chrono::steady_clock::now() - ended, std::chrono::seconds(2));
  }
}

TEST_F(OutboxTest, ABatchOfLongEventsArrives) {
  constexpr int kEvents = 500;
  Call call;
  call.caller.user_id = "writer";
  call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto done =
      source_.Command<StringValue>(call, StringValue(), [&](db::Tx& tx) -> Result<StringValue> {
        events::v1::ZoneOpened body;
        body.set_zone(std::string(20'000, 'x'));  // a long reason in rare characters is as long
        for (int v = 1; v <= kEvents; ++v) {
          Append(tx, {"zhejiang", v, "zonelink.test.happened", {}}, body);
        }
        return StringValue();
      });
  ASSERT_TRUE(done);
  Consumer consumer("recognition", target_, channels_,
                    [&](db::Tx& tx, const events::v1::Event& event) { return See(tx, event); });
  consumer.Start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (target_scratch_.AdminText("SELECT count(*) FROM worklist.seen") !=
         std::to_string(kEvents)) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
}

TEST_F(OutboxTest, EveryEventHasItsOwnSaltThatTheLedgerAloneIsGiven) {
  const Time before = clock_.Now();
  ASSERT_TRUE(AppendOne("zhejiang", 1));
  ASSERT_TRUE(AppendOne("zhejiang", 2));
  ASSERT_TRUE(log_.Pull(1, 1, std::chrono::seconds(10)));  // both are numbered
  const auto events = PullAs("ledger");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].salt().size(), 32u);
  EXPECT_EQ(events[1].salt().size(), 32u);
  EXPECT_NE(events[0].salt(), events[1].salt());
  for (const events::v1::Event& event : events) {
    EXPECT_GE(event.recorded_at().seconds(),
              std::chrono::floor<std::chrono::seconds>(before).time_since_epoch().count());
  }
  for (const char* service : {"worklist", "recognition", "directory", "gateway"}) {
    const auto theirs = PullAs(service);
    ASSERT_EQ(theirs.size(), 2u);
    for (const events::v1::Event& event : theirs) EXPECT_EQ(event.salt(), "") << service;
  }
}

TEST_F(OutboxTest, ADestroyedSaltIsGone) {
  ASSERT_TRUE(AppendOne("zhejiang", 1));
  ASSERT_TRUE(AppendOne("zhejiang", 2));
  ASSERT_TRUE(log_.Pull(1, 1, std::chrono::seconds(10)));
  const auto events = PullAs("ledger");
  ASSERT_EQ(events.size(), 2u);
  const std::string& id = events[0].event_id();
  for (const char* service : {"worklist", "recognition", "directory", "gateway"}) {
    EXPECT_EQ(DestroyAs(service, "recognition", id), "LOGIN_NEEDED") << service;
  }
  EXPECT_EQ(PullAs("ledger")[0].salt(), events[0].salt());
  EXPECT_EQ(DestroyAs("ledger", "recognition", id), "");
  EXPECT_EQ(DestroyAs("ledger", "recognition", id), "") << "again: the same answer";
  const auto after = PullAs("ledger");
  EXPECT_EQ(after[0].salt(), "");
  EXPECT_EQ(after[0].body(), events[0].body());
  EXPECT_EQ(after[1].salt(), events[1].salt());
}

TEST_F(OutboxTest, OnlySaltsOfEventsCanBeDestroyed) {
  ASSERT_TRUE(AppendOne("zhejiang", 1));
  for (const char* id : {"01920000-0000-7000-8000-000000000000", "no-uuid", "0192",
                         "01920000-0000-7000-8000-00000000000g"}) {
    EXPECT_EQ(DestroyAs("ledger", "recognition", id), "EVENT_UNKNOWN") << id;
  }
  EXPECT_EQ(DestroyAs("ledger", "worklist", "01920000-0000-7000-8000-000000000000"),
            "SOURCE_UNKNOWN");
}

TEST_F(OutboxTest, AnEventIsNeverChanged) {
  ASSERT_TRUE(AppendOne("zhejiang", 1));
  ASSERT_TRUE(log_.Pull(0, 1, std::chrono::seconds(10)));  // it has its number
  const std::string before = source_scratch_.AdminText("SELECT t::text FROM recognition.events t");
  for (const char* sql :
       {"UPDATE recognition.events SET number = 2", "UPDATE recognition.events SET number = NULL",
        "UPDATE recognition.events SET body = ''", "UPDATE recognition.events SET type = 'x'",
        "UPDATE recognition.events SET parties = '{}'", "UPDATE recognition.events SET version = 9",
        "UPDATE recognition.events SET at = now()",
        "UPDATE recognition.events SET recorded_at = now()",
        "UPDATE recognition.events SET salt = sha256('x')",
        "UPDATE recognition.events SET salt = NULL, body = ''", "DELETE FROM recognition.events",
        "TRUNCATE recognition.events"}) {
    EXPECT_ANY_THROW(source_scratch_.Admin(sql)) << sql;
  }
  EXPECT_EQ(source_scratch_.AdminText("SELECT t::text FROM recognition.events t"), before);
  source_scratch_.Admin("UPDATE recognition.events SET salt = NULL");
  EXPECT_ANY_THROW(source_scratch_.Admin("UPDATE recognition.events SET salt = sha256('x')"));
}

// While a new schema serves it, the binary before still writes events without a salt.
TEST_F(OutboxTest, AnEventWrittenWithoutASaltGetsOne) {
  for (const char* version : {"1", "2"}) {
    source_scratch_.Admin(
        std::string("INSERT INTO recognition.events (event_id, subject, version, type, at, body, "
                    "parties) VALUES (gen_random_uuid(), 'zhejiang', ") +
        version + ", 'x', now(), '', '{}')");
  }
  EXPECT_EQ(source_scratch_.AdminText("SELECT count(DISTINCT salt) FROM recognition.events WHERE "
                                      "octet_length(salt) = 32"),
            "2");
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
