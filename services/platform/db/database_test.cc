// SPDX-License-Identifier: Apache-2.0
#include "platform/db/database.h"

#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "platform/db/scratch_database.h"

namespace zonelink::db {
namespace {

using google::protobuf::StringValue;

constexpr Migration kNotes[] = {{"0001_notes.sql", R"sql(
  CREATE TABLE notes (note_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization text NOT NULL,
                      body text NOT NULL, CONSTRAINT notes_body UNIQUE (organization, body));
  ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
  ALTER TABLE notes FORCE ROW LEVEL SECURITY;
  CREATE POLICY notes_own ON notes TO {{role}} USING (organization = current_organization()) WITH CHECK (organization = current_organization());
  CREATE POLICY notes_audit ON notes FOR SELECT TO {{role}}_auditor USING (true);
  GRANT SELECT, INSERT, UPDATE ON notes TO {{role}};
  GRANT SELECT ON notes TO {{role}}_auditor;
  CREATE FUNCTION collide() RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE deadlock_detected; END';
)sql"}};
const Schema kSchema{.name = "dbtest", .migrations = kNotes};

constexpr Sql kInsert{"notes.insert", "INSERT INTO notes (organization, body) VALUES ($1, $2)"};
constexpr Sql kList{"notes.list", "SELECT body FROM notes ORDER BY note_id"};
constexpr Sql kLockAll{"notes.lock", "SELECT body FROM notes WHERE body = $1 FOR UPDATE"};

class DatabaseTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { scratch_ = new ScratchDatabase(kSchema); }
  static void TearDownTestSuite() { delete scratch_; }
  static Options WithReasons() {
    Options options = scratch_->OptionsFor(kSchema);
    options.constraints["notes_body"] = AlreadyExists("NOTE_EXISTS", "the note exists");
    return options;
  }
  DatabaseTest()
      : database_(WithReasons()),
        organization_(testing::UnitTest::GetInstance()->current_test_info()->name()) {}

  Call By(const std::string& organization, const std::string& key = "") const {
    Call call;
    call.caller.user_id = "user of " + organization;
    call.caller.organization_id = organization;
    call.rpc = "test/Write";
    call.idempotency_key = key;
    call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    return call;
  }
  Result<StringValue> Write(const Call& call, const std::string& body) {
    StringValue request;
    request.set_value(body);
    return database_.Command<StringValue>(call, request, [&](Tx& tx) -> Result<StringValue> {
      tx.Exec(kInsert, call.caller.organization_id, body);
      return request;
    });
  }
  std::vector<std::string> Read(const Call& call) {
    auto bodies = database_.Query(call, [](Tx& tx) -> Result<std::vector<std::string>> {
      const Rows rows = tx.Exec(kList);
      std::vector<std::string> out;
      for (size_t i = 0; i < rows.size(); ++i) out.push_back(rows[i].Text("body"));
      return out;
    });
    EXPECT_TRUE(bodies);
    return *bodies;
  }

  static ScratchDatabase* scratch_;
  Database database_;
  const std::string organization_;
};
ScratchDatabase* DatabaseTest::scratch_ = nullptr;

TEST_F(DatabaseTest, CallersSeeTheirOwnRowsOnly) {
  ASSERT_TRUE(Write(By(organization_), "mine"));
  EXPECT_EQ(Read(By(organization_)), std::vector<std::string>{"mine"});
  EXPECT_TRUE(Read(By("another")).empty());
  Call auditor = By("");
  auditor.caller.roles = {"auditor"};
  EXPECT_FALSE(Read(auditor).empty());
  EXPECT_EQ(database_.leaked_contexts(), 0);
}

TEST_F(DatabaseTest, PolicyStopsWritingForOthers) {
  StringValue request;
  const Call call = By(organization_);
  const auto written =
      database_.Command<StringValue>(call, request, [&](Tx& tx) -> Result<StringValue> {
        tx.Exec(kInsert, "another", "planted");
        return request;
      });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::kInternal);
  EXPECT_TRUE(Read(By("another")).empty());
}

TEST_F(DatabaseTest, QueriesCannotWrite) {
  const auto answer = database_.Query(By(organization_), [&](Tx& tx) -> Result<int> {
    tx.Exec(kInsert, organization_, "by a query");
    return 1;
  });
  EXPECT_FALSE(answer);
  EXPECT_TRUE(Read(By(organization_)).empty());
}

TEST_F(DatabaseTest, SameKeyGivesTheStoredAnswer) {
  ASSERT_TRUE(Write(By(organization_, "k1"), "once"));
  const auto again = Write(By(organization_, "k1"), "once");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->value(), "once");
  EXPECT_EQ(Read(By(organization_)).size(), 1u);
}

TEST_F(DatabaseTest, SameKeyForAnotherRequestIsRefused) {
  ASSERT_TRUE(Write(By(organization_, "k1"), "one"));
  const auto other = Write(By(organization_, "k1"), "two");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().reason, "IDEMPOTENCY_KEY_REUSED");
}

TEST_F(DatabaseTest, KeysBelongToTheirPrincipal) {
  ASSERT_TRUE(Write(By(organization_, "shared"), "one"));
  EXPECT_TRUE(Write(By(organization_ + "2", "shared"), "two"));
}

TEST_F(DatabaseTest, RefusalsAreNotStored) {
  StringValue request;
  const Call call = By(organization_, "k1");
  const auto refused =
      database_.Command<StringValue>(call, request, [&](Tx& tx) -> Result<StringValue> {
        tx.Exec(kInsert, call.caller.organization_id, "half done");
        return FailedPrecondition("NOT_NOW", "not now");
      });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "NOT_NOW");
  EXPECT_TRUE(Read(call).empty());
  EXPECT_TRUE(Write(By(organization_, "k1"), "now"));
}

TEST_F(DatabaseTest, ParallelSameKeyWritesOnce) {
  constexpr int kCallers = 12;
  std::barrier start(kCallers);
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kCallers; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      if (Write(By(organization_, "k1"), "once")) ++answered;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, kCallers);
  EXPECT_EQ(Read(By(organization_)).size(), 1u);
}

TEST_F(DatabaseTest, NamedConstraintsAreReasons) {
  ASSERT_TRUE(Write(By(organization_), "same"));
  const auto twice = Write(By(organization_), "same");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().reason, "NOTE_EXISTS");
}

TEST_F(DatabaseTest, DeadlocksAreTriedAgain) {
  ASSERT_TRUE(Write(By(organization_), "a"));
  ASSERT_TRUE(Write(By(organization_), "b"));
  std::barrier both(2);
  std::atomic<int> runs{0};
  const auto lock_both = [&](const char* first, const char* second) {
    StringValue request;
    bool met = false;
    return database_
        .Command<StringValue>(By(organization_), request,
                              [&](Tx& tx) -> Result<StringValue> {
                                ++runs;
                                EXPECT_EQ(tx.Exec(kLockAll, first).size(), 1u);
                                if (!met) both.arrive_and_wait();
                                met = true;
                                tx.Exec(kLockAll, second);
                                return request;
                              })
        .has_value();
  };
  bool one = false;
  std::thread thread([&] { one = lock_both("a", "b"); });
  const bool two = lock_both("b", "a");
  thread.join();
  EXPECT_TRUE(one);
  EXPECT_TRUE(two);
  EXPECT_GE(runs, 3);  // the loser ran twice, or again where it was too quick
}

constexpr Sql kCollide{"test.collide", "SELECT collide() AS never"};

TEST_F(DatabaseTest, ThereIsAPauseBeforeEachRetry) {
  StringValue request;
  std::vector<std::chrono::steady_clock::time_point> began;
  const auto collide = [&](const Call& call) {
    began.clear();
    return database_.Command<StringValue>(call, request, [&](Tx& tx) -> Result<StringValue> {
      began.push_back(std::chrono::steady_clock::now());
      EXPECT_TRUE(tx.Exec(kCollide).empty());
      return request;
    });
  };
  const auto collided = collide(By(organization_));
  ASSERT_FALSE(collided);
  EXPECT_EQ(collided.error().reason, "CONFLICT");
  ASSERT_EQ(began.size(), 3u);
  EXPECT_GE(began[1] - began[0], std::chrono::milliseconds(10));
  EXPECT_GE(began[2] - began[1], std::chrono::milliseconds(20));

  Call soon = By(organization_);
  soon.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(9);
  EXPECT_FALSE(collide(soon));
  EXPECT_LE(began.size(), 1u) << "a pause that outlasts the call's time is not made";
}

TEST_F(DatabaseTest, ALostConnectionIsReplaced) {
  ASSERT_TRUE(Write(By(organization_), "before"));
  scratch_->Admin(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'zl_dbtest'");
  EXPECT_TRUE(Write(By(organization_), "after"));
}

TEST_F(DatabaseTest, NoTimeLeftIsRefusedBeforeTheBody) {
  Call call = By(organization_);
  call.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  const auto late = Write(call, "late");
  ASSERT_FALSE(late);
}

TEST_F(DatabaseTest, EveryTypeComesBackAsItWent) {
  constexpr static Sql kEcho{
      "test.echo",
      "SELECT $1::text AS t, $2::bigint AS n, $3::boolean AS b, $4::timestamptz AS at, $5::date AS "
      "day, $6::bytea AS raw, $7::text[] AS texts, $8::text AS nothing, "
      "'{}'::text[] AS none, (-7)::integer AS n4, (-7)::smallint AS n2, "
      "'0190163d-8694-739b-aea5-966c26f8ad91'::uuid AS id, '1970-01-01'::date AS early, "
      "'1969-12-31 23:59:59.5+00'::timestamptz AS before"};
  const Time at = Time{std::chrono::microseconds(1'772'438'400'123'456)};
  const Date day = ShanghaiDate(at);
  const std::string raw("\0\x01\xff'\\", 5);
  const std::vector<std::string> texts{"a", "", "quote \" and \\", "逗号,{}"};
  const auto done = database_.Query(By(organization_), [&](Tx& tx) -> Result<int> {
    const Rows rows = tx.Exec(kEcho, "文字 'x'", int64_t{-7}, true, at, day, Bytes{raw}, texts,
                              std::optional<std::string>());
    const Row row = rows[0];
    EXPECT_EQ(row.Text("t"), "文字 'x'");
    EXPECT_EQ(row.Int("n"), -7);
    EXPECT_TRUE(row.Bool("b"));
    EXPECT_EQ(row.At("at"), at);
    EXPECT_EQ(row.Day("day"), day);
    EXPECT_EQ(row.Blob("raw"), raw);
    EXPECT_EQ(row.Texts("texts"), texts);
    EXPECT_TRUE(row.Texts("none").empty());
    EXPECT_EQ(row.Int("n4"), -7);
    EXPECT_EQ(row.Int("n2"), -7);
    EXPECT_EQ(row.Text("id"), "0190163d-8694-739b-aea5-966c26f8ad91");
    EXPECT_EQ(row.Day("early"), Date{});
    EXPECT_EQ(row.At("before"), Time{std::chrono::milliseconds(-500)});
    EXPECT_FALSE(row.MaybeText("nothing").has_value());
    return 1;
  });
  EXPECT_TRUE(done);
}

TEST_F(DatabaseTest, ArraysMayReferToTexts) {
  constexpr static Sql kEcho{"test.echo_arrays",
                             "SELECT ($1::uuid[])::text[] AS ids, $2::text[] AS texts"};
  const std::string id = "0190163d-8694-739b-aea5-966c26f8ad91";
  const std::string other = "ffffffff-0000-4000-8000-0123456789ab";
  const std::vector<std::string_view> texts{"a", "", "逗号,{}"};
  const auto echoed = [&](const Uuids& ids) {
    return database_.Query(By(organization_), [&](Tx& tx) -> Result<int> {
      const Rows rows = tx.Exec(kEcho, ids, texts);
      EXPECT_EQ(rows[0].Texts("ids"), std::vector<std::string>(ids.texts.begin(), ids.texts.end()));
      EXPECT_EQ(rows[0].Texts("texts"), std::vector<std::string>(texts.begin(), texts.end()));
      return 1;
    });
  };
  EXPECT_TRUE(echoed({}));
  EXPECT_TRUE(echoed({.texts = {id, other}}));
  for (std::string odd :
       {"", "0190163d", "0190163d-8694-739b-aea5-966c26f8ad9g",
        "0190163d-8694-739b-aea5-966c26f8ad9-", "0190163d86940739b-aea5-966c26f8ad91"}) {
    EXPECT_FALSE(echoed({.texts = {id, odd}})) << odd;
  }
}

TEST(MigrateTest, AppliesOnceAndRefusesEdits) {
  const Schema schema{.name = "migtest", .migrations = kNotes};
  ScratchDatabase scratch(schema);
  const MigrateOptions options{scratch.admin_url(), scratch.password_dir()};
  const auto again = Migrate(schema, options);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->empty());
  const Migration edited[] = {{"0001_notes.sql", "SELECT 1"}};
  const auto refused = Migrate({.name = "migtest", .migrations = edited}, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "MIGRATION_CHANGED");
}

TEST(MigrateTest, AnOlderSchemaStopsTheStart) {
  const Schema schema{.name = "migtest", .migrations = kNotes};
  ScratchDatabase scratch(schema);
  const Options options = scratch.OptionsFor(schema);
  EXPECT_TRUE(CheckSchema(schema, options.url, options.role, options.password));
  const Migration more[] = {kNotes[0], {"0002_more.sql", "CREATE TABLE more (id int)"}};
  const auto old = CheckSchema({.name = "migtest", .migrations = more}, options.url, options.role,
                               options.password);
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().reason, "SCHEMA_TOO_OLD");
}

}  // namespace
}  // namespace zonelink::db
