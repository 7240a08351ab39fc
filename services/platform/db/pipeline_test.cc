// SPDX-License-Identifier: Apache-2.0
// How transactions use their connections: round trips, and what is left behind when something goes
// wrong half-way.
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include "platform/db/database.h"
#include "platform/db/scratch_database.h"

namespace zonelink::db {
namespace {

using google::protobuf::StringValue;

constexpr Migration kNotes[] = {{"0001_notes.sql", R"sql(
  CREATE TABLE notes (body text NOT NULL, CONSTRAINT notes_once UNIQUE (body),
                      topic text, CONSTRAINT notes_topic UNIQUE (topic) DEFERRABLE INITIALLY DEFERRED);
  CREATE FUNCTION lose_connection() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_terminate_backend(pg_backend_pid());
    PERFORM pg_sleep(10);
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER notes_lost AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.body = 'lost at commit') EXECUTE FUNCTION lose_connection();
  GRANT SELECT, INSERT ON notes TO {{role}}, {{role}}_relay;
)sql"}};
const Schema kSchema{.name = "pipetest", .migrations = kNotes};

constexpr Sql kInsert{"notes.insert", "INSERT INTO notes (body, topic) VALUES ($1, $2)"};
constexpr Sql kCount{"notes.count", "SELECT count(*) AS n FROM notes WHERE body = $1"};
constexpr Sql kNow{"test.now", "SELECT now()::text AS at"};
const std::optional<std::string> kNoTopic;

class PipelineTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { scratch_ = new ScratchDatabase(kSchema); }
  static void TearDownTestSuite() { delete scratch_; }
  static Options OneConnection(bool controllable_clock = false) {
    Options options = scratch_->OptionsFor(kSchema);
    options.pool_size = 1;
    options.controllable_clock = controllable_clock;
    options.constraints["notes_once"] = AlreadyExists("NOTE_EXISTS", "the note exists");
    options.constraints["notes_topic"] = AlreadyExists("TOPIC_TAKEN", "the topic is taken");
    return options;
  }

  static Call By(const std::string& user, const std::string& key = "") {
    Call call;
    call.caller.user_id = user;
    call.rpc = "test/Write";
    call.idempotency_key = key;
    call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    return call;
  }
  Result<StringValue> Write(const Call& call, const std::string& body,
                            const std::optional<std::string>& topic = std::nullopt) {
    StringValue request;
    request.set_value(body);
    return database_.Command<StringValue>(call, request, [&](Tx& tx) -> Result<StringValue> {
      tx.Exec(kInsert, body, topic);
      return request;
    });
  }
  Result<int64_t> Count(const std::string& body) {
    return database_.Query(
        By("reader"), [&](Tx& tx) -> Result<int64_t> { return tx.Exec(kCount, body)[0].Int("n"); });
  }
  // What `run` waits for, once its statements are prepared.
  template <class Run>
  int64_t RoundTrips(Run&& run) {
    const int64_t before = database_.round_trips();
    run();
    return database_.round_trips() - before;
  }
  // The backends that serve the pool; terminated, the pool does not know it yet.
  static void Terminate() {
    scratch_->Admin(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = "
        "'zl_pipetest'");
  }

  static ScratchDatabase* scratch_;
  Database database_{OneConnection()};
};
ScratchDatabase* PipelineTest::scratch_ = nullptr;

// Of three rows the planner would rather read all, and keep to that when there are millions.
TEST_F(PipelineTest, SmallTablesAreReadByTheirIndexToo) {
  for (const char* body : {"one", "two", "three"}) {
    ASSERT_TRUE(Write(By("writer"), std::string("small: ") + body));
  }
  scratch_->Admin("ANALYZE pipetest.notes");
  constexpr static Sql kPlan{"test.plan", "EXPLAIN SELECT body FROM notes WHERE body = 'x'"};
  const auto plan = database_.Query(By("reader"), [&](Tx& tx) -> Result<std::string> {
    return tx.Exec(kPlan)[0].Text("QUERY PLAN");
  });
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->find("Seq Scan"), std::string::npos) << *plan;
}

TEST_F(PipelineTest, AQueryOfOneStatementWaitsOnce) {
  for (int run = 0; run < 2; ++run) {  // preparing costs no wait of its own
    EXPECT_EQ(RoundTrips([&] { EXPECT_EQ(*Count("nobody's"), 0); }), 1);
  }
}

TEST_F(PipelineTest, StatementsWhoseAnswersAreNotReadYetShareARoundTrip) {
  const auto read = [&] {
    const auto sum = database_.Query(By("reader"), [&](Tx& tx) -> Result<int64_t> {
      const Rows one = tx.Exec(kCount, "a");
      const Rows two = tx.Exec(kCount, "b");
      const Rows three = tx.Exec(kCount, "c");
      return three[0].Int("n") + one[0].Int("n") + two[0].Int("n");
    });
    EXPECT_EQ(*sum, 0);
  };
  EXPECT_EQ(RoundTrips(read), 1);
}

TEST_F(PipelineTest, ACommandWaitsForItsKeyAndForItsCommit) {
  EXPECT_EQ(RoundTrips([&] { EXPECT_TRUE(Write(By("u", "k1"), "with a key")); }), 2);
  EXPECT_EQ(RoundTrips([&] { EXPECT_TRUE(Write(By("u"), "without a key")); }), 2);
}

TEST_F(PipelineTest, TheWallClockIsNoRoundTrip) {
  const auto look = [](Tx& tx) -> Result<bool> { return tx.now() > Time{}; };
  EXPECT_EQ(RoundTrips([&] { EXPECT_TRUE(*database_.Query(By("u"), look)); }), 1);
  const auto look_and_read = [](Tx& tx) -> Result<bool> {
    return tx.now() > Time{} && tx.Exec(kCount, "a")[0].Int("n") == 0;
  };
  EXPECT_EQ(RoundTrips([&] { EXPECT_TRUE(*database_.Query(By("u"), look_and_read)); }), 1);
}

TEST_F(PipelineTest, TheControllableClockIsAskedFirst) {
  scratch_->Admin("UPDATE clock.setting SET offset_us = 86400000000");
  Database moved(OneConnection(true));
  const auto ahead = moved.Query(By("u"), [](Tx& tx) -> Result<Time> { return tx.now(); });
  const auto offset = moved.Query(
      By("u"), [](Tx& tx) -> Result<std::chrono::microseconds> { return tx.clock_offset(); });
  const auto wall = database_.Query(By("u"), [](Tx& tx) -> Result<Time> { return tx.now(); });
  scratch_->Admin("UPDATE clock.setting SET offset_us = 0");
  EXPECT_GT(*ahead - *wall, std::chrono::hours(23));
  EXPECT_EQ(*offset, std::chrono::hours(24));
}

TEST_F(PipelineTest, ARefusedStatementTakesWhatIsQueuedBehindItAlong) {
  ASSERT_TRUE(Write(By("u"), "first"));
  StringValue request;
  const auto result =
      database_.Command<StringValue>(By("u", "k2"), request, [&](Tx& tx) -> Result<StringValue> {
        tx.Exec(kInsert, "before", kNoTopic);
        tx.Exec(kInsert, "first", kNoTopic);
        tx.Exec(kInsert, "behind", kNoTopic);
        return request;
      });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().reason, "NOTE_EXISTS");
  EXPECT_EQ(*Count("before"), 0);
  EXPECT_EQ(*Count("behind"), 0);
  EXPECT_TRUE(Write(By("u", "k2"), "the key is free again"));
}

TEST_F(PipelineTest, ARefusedStatementEndsTheBodyWhereItIsRead) {
  ASSERT_TRUE(Write(By("u"), "there"));
  StringValue request;
  bool reached = false;
  const auto result =
      database_.Command<StringValue>(By("u"), request, [&](Tx& tx) -> Result<StringValue> {
        const Rows written = tx.Exec(kInsert, "there", kNoTopic);
        EXPECT_EQ(written.affected(), 1);
        reached = true;
        return request;
      });
  EXPECT_FALSE(result);
  EXPECT_FALSE(reached);
}

TEST_F(PipelineTest, AStatementThatCannotBePreparedIsTriedAfresh) {
  constexpr static Sql kLater{"test.later", "SELECT n FROM later"};
  const auto read = [&] {
    return database_.Query(By("u"),
                           [&](Tx& tx) -> Result<int64_t> { return tx.Exec(kLater)[0].Int("n"); });
  };
  EXPECT_FALSE(read());
  scratch_->Admin(
      "CREATE TABLE pipetest.later AS SELECT 7::bigint AS n;"
      "GRANT SELECT ON pipetest.later TO zl_pipetest");
  ASSERT_TRUE(read());
  EXPECT_EQ(*read(), 7);
}

TEST_F(PipelineTest, ARefusalOfTheBodyLeavesNothingBehind) {
  StringValue request;
  const auto refused =
      database_.Command<StringValue>(By("u", "k3"), request, [&](Tx& tx) -> Result<StringValue> {
        tx.Exec(kInsert, "half done", kNoTopic);
        return FailedPrecondition("NOT_NOW", "not now");
      });
  EXPECT_EQ(refused.error().reason, "NOT_NOW");
  EXPECT_EQ(*Count("half done"), 0);
  EXPECT_TRUE(Write(By("u", "k3"), "half done"));
}

TEST_F(PipelineTest, ARepeatIsAnsweredAsTheFirstWasWhateverItsBodySays) {
  ASSERT_TRUE(Write(By("u", "k4"), "said"));
  StringValue request;
  request.set_value("said");
  const auto repeat = database_.Command<StringValue>(
      By("u", "k4"), request,
      [&](Tx&) -> Result<StringValue> { return FailedPrecondition("NOT_NOW", "not now"); });
  ASSERT_TRUE(repeat);
  EXPECT_EQ(repeat->value(), "said");
}

TEST_F(PipelineTest, NothingOfARepeatsBodyIsKept) {
  ASSERT_TRUE(Write(By("u", "k5"), "kept"));
  StringValue request;
  request.set_value("kept");
  const auto repeat =
      database_.Command<StringValue>(By("u", "k5"), request, [&](Tx& tx) -> Result<StringValue> {
        tx.Exec(kInsert, "not kept", kNoTopic);
        return request;
      });
  EXPECT_TRUE(repeat);
  EXPECT_EQ(*Count("not kept"), 0);
}

TEST_F(PipelineTest, ACommitThatFailsIsARefusal) {
  ASSERT_TRUE(Write(By("u"), "one", "topic"));
  const auto second = Write(By("u", "k6"), "two", "topic");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "TOPIC_TAKEN");
  EXPECT_EQ(*Count("two"), 0);
  EXPECT_TRUE(Write(By("u", "k6"), "two", "another topic"));
}

TEST_F(PipelineTest, AConnectionLostBeforeTheCommitIsTriedAgain) {
  StringValue request;
  int runs = 0;
  const auto result =
      database_.Command<StringValue>(By("u", "k7"), request, [&](Tx& tx) -> Result<StringValue> {
        EXPECT_EQ(tx.Exec(kCount, "x")[0].Int("n"), 0);
        tx.Exec(kInsert, "found its way", kNoTopic);
        if (++runs == 1) Terminate();
        EXPECT_EQ(tx.Exec(kCount, "x")[0].Int("n"), 0);
        return request;
      });
  EXPECT_TRUE(result);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(*Count("found its way"), 1);
}

TEST_F(PipelineTest, AConnectionLostAtTheCommitIsInDoubt) {
  const auto result = Write(By("u", "k8"), "lost at commit");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::kUnavailable);
  EXPECT_EQ(result.error().reason, "IN_DOUBT");
  EXPECT_EQ(*Count("lost at commit"), 0);
}

TEST_F(PipelineTest, AnIdleConnectionThatWasLostIsReplaced) {
  ASSERT_EQ(*Count("x"), 0);
  Terminate();
  EXPECT_TRUE(Write(By("u", "k9"), "on a new connection"));
}

TEST_F(PipelineTest, StaleContextIsFoundAndItsConnectionClosed) {
  constexpr static Sql kPlant{"test.plant", "SELECT set_config('zl.user', 'somebody', false)"};
  ASSERT_TRUE(database_.System("plant", [](Tx& tx) -> Status {
    tx.Exec(kPlant);
    return Done{};
  }));
  const auto found = Count("x");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::kInternal);
  EXPECT_EQ(database_.leaked_contexts(), 1);
  EXPECT_TRUE(Count("x"));
}

TEST_F(PipelineTest, NeitherReadsNorRefusalsLeaveATransactionOpen) {
  ASSERT_EQ(*Count("x"), 0);
  EXPECT_FALSE(database_.System("refused", [](Tx& tx) -> Status {
    tx.Exec(kNow);
    return FailedPrecondition("NOT_NOW", "not now");
  }));
  ASSERT_EQ(*Count("x"), 0);
  // The commit of a read is not waited for: a lock that the open transaction would hold is.
  scratch_->Admin("SET lock_timeout = '5s'; LOCK TABLE pipetest.notes");
  EXPECT_EQ(scratch_->AdminText("SELECT count(*) FROM pg_stat_activity WHERE usename = "
                                "'zl_pipetest' AND state <> 'idle'"),
            "0");
}

TEST_F(PipelineTest, AnEndedReadLeavesNothingToRead) {
  const auto none_open = [] {
    return scratch_->AdminText(
        "SELECT coalesce(string_agg(state, ' '), '') FROM pg_stat_activity WHERE usename = "
        "'zl_pipetest' AND state <> 'idle'");
  };
  const auto ended = [&](const Sql& sql, const std::string& body) {
    return database_.Query(By("reader"), [&](Tx& tx) -> Result<int64_t> {
      const Rows rows = tx.Exec(sql, body);
      tx.End();
      if (rows[0].Int("n") > 0) return FailedPrecondition("FOUND", "not asked for");
      return 0;
    });
  };
  ASSERT_TRUE(Write(By("u"), "ended"));
  constexpr Sql kBroken{"notes.broken", "SELECT 1 / (length($1) - length($1)) AS n"};
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(RoundTrips([&] { EXPECT_TRUE(ended(kCount, "nobody's")); }), 1);
    EXPECT_EQ(none_open(), "");
    EXPECT_EQ(ended(kCount, "ended").error().reason, "FOUND");
    EXPECT_EQ(none_open(), "");
    EXPECT_EQ(ended(kBroken, "x").error().code, Code::kInternal);
    EXPECT_EQ(none_open(), "");
  }
  EXPECT_EQ(database_.leaked_contexts(), 0);
}

TEST_F(PipelineTest, ACommandIsNotEndedByItsReads) {
  const StringValue request;
  const auto done = database_.Command<StringValue>(By("u", "ended-command"), request,
                                                   [&](Tx& tx) -> Result<StringValue> {
                                                     tx.Exec(kCount, "x");
                                                     tx.End();
                                                     tx.Exec(kInsert, "after the end", kNoTopic);
                                                     return request;
                                                   });
  EXPECT_TRUE(done);
  EXPECT_EQ(*Count("after the end"), 1);
}

TEST_F(PipelineTest, RowsOutliveTheirTransaction) {
  const auto rows = database_.Query(By("u"), [](Tx& tx) -> Result<std::shared_ptr<Rows>> {
    return std::make_shared<Rows>(tx.Exec(kCount, "x"));
  });
  ASSERT_TRUE(rows);
  EXPECT_EQ((**rows)[0].Int("n"), 0);
}

}  // namespace
}  // namespace zonelink::db
