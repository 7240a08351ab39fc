// SPDX-License-Identifier: Apache-2.0
#include "platform/db/group_commit.h"

#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "platform/db/request_hash.h"
#include "platform/db/scratch_database.h"

namespace zonelink::db {
namespace {

using google::protobuf::StringValue;
using std::chrono::steady_clock;

constexpr Migration kNotes[] = {{"0001_notes.sql", R"sql(
  CREATE TABLE notes (organization text NOT NULL, zone text NOT NULL, author text NOT NULL, body text NOT NULL,
                      CONSTRAINT notes_body UNIQUE (body));
  ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
  ALTER TABLE notes FORCE ROW LEVEL SECURITY;
  CREATE POLICY notes_own ON notes TO {{role}} USING (organization = current_organization());
  CREATE POLICY notes_group ON notes FOR INSERT TO {{role}}_writer
    WITH CHECK ((author, organization || '@' || zone) IN (SELECT user_id, place FROM current_members()));
  GRANT SELECT, INSERT ON notes TO {{role}};
  GRANT INSERT ON notes TO {{role}}_writer;
)sql"}};
const Schema kSchema{.name = "grouptest", .migrations = kNotes};

struct Note {
  std::string organization;
  std::string zone;
  std::string author;
  std::string body;
};

constexpr Sql kWrite{"notes.write", R"sql(
  INSERT INTO notes SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
)sql"};

constexpr Sql kMeet{"test.meet", "SELECT pg_advisory_xact_lock(7)::text"};

class GroupCommitTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { scratch_ = new ScratchDatabase(kSchema); }
  static void TearDownTestSuite() { delete scratch_; }
  static Options WithReasons() {
    Options options = scratch_->OptionsFor(kSchema);
    options.controllable_clock = true;
    options.constraints["notes_body"] = AlreadyExists("NOTE_EXISTS", "the note exists");
    return options;
  }

  GroupCommitTest()
      : database_(WithReasons()), group_(database_, "notes", {.writers = 1}, [this](Tx& tx) {
          return [this, &tx](std::span<const Note* const> notes) { return Write(tx, notes); };
        }) {
    scratch_->Admin("TRUNCATE grouptest.notes, grouptest.idempotency");
  }

  Result<Grouped> Write(Tx& tx, std::span<const Note* const> notes) {
    ++groups_;
    std::vector<std::string> organizations, zones, authors, bodies;
    for (const Note* note : notes) {
      organizations.push_back(note->organization);
      zones.push_back(note->zone);
      authors.push_back(note->author);
      bodies.push_back(note->body);
      if (note->body == "relies on what changed") return Grouped::kAskAlone;
    }
    if (blocked_) tx.Exec(kMeet);
    tx.Exec(kWrite, organizations, zones, authors, bodies);
    if (const auto inside = std::exchange(inside_, nullptr)) inside(tx);
    return Grouped::kCommitted;
  }

  static Call By(const std::string& organization, const std::string& key = "") {
    Call call;
    call.caller.user_id = "user of " + organization;
    call.caller.organization_id = organization;
    call.rpc = "test/Write";
    call.idempotency_key = key;
    call.deadline = steady_clock::now() + std::chrono::seconds(10);
    return call;
  }

  static StringValue Text(const std::string& text) {
    StringValue value;
    value.set_value(text);
    return value;
  }

  // As a store does it: in a group, and alone where the group sends the command away.
  Result<Grouped> Join(const Call& call, const Note& note, const std::string& place = "") {
    const GroupShare share{
        .call = call,
        .place = place.empty() ? call.caller.organization_id + "@shanghai" : place,
        .request_hash = RequestHash(Text(note.body)),
        .reply = Text(note.body).SerializeAsString(),
        .clock_offset = offset_};
    std::promise<Result<Grouped>> outcome;
    group_.Join(share, note, [&](Result<Grouped> told) { outcome.set_value(std::move(told)); });
    return outcome.get_future().get();
  }
  static Note Of(const std::string& organization, const std::string& body) {
    return {organization, "shanghai", "user of " + organization, body};
  }

  // Runs `writes` so that all of them wait while a first group is inside its transaction.
  std::vector<Result<Grouped>> Together(
      const std::vector<std::function<Result<Grouped>()>>& writes) {
    std::vector<Result<Grouped>> results(writes.size(), Internal("not run"));
    std::vector<std::thread> threads;
    inside_ = [&](Tx&) {
      for (size_t i = 0; i < writes.size(); ++i) {
        threads.emplace_back([&, i] { results[i] = writes[i](); });
        while (group_.waiting() <= i) std::this_thread::yield();
      }
      groups_ = 0;
    };
    EXPECT_TRUE(Join(By("first"), Of("first", "the first group")));
    for (std::thread& thread : threads) thread.join();
    return results;
  }

  std::string Count(const std::string& where) {
    return scratch_->AdminText("SELECT count(*) FROM grouptest.notes WHERE " + where);
  }

  static ScratchDatabase* scratch_;
  Database database_;
  std::chrono::microseconds offset_{0};
  std::atomic<int> groups_{0};
  std::atomic<bool> blocked_{false};
  std::function<void(Tx&)> inside_;
  GroupCommit<Note> group_;
};
ScratchDatabase* GroupCommitTest::scratch_ = nullptr;

TEST_F(GroupCommitTest, WhoeverWaitsIsWrittenByOneTransaction) {
  std::vector<std::function<Result<Grouped>()>> writes;
  for (int i = 0; i < 12; ++i) {
    writes.push_back([this, i] {
      const std::string organization = "o" + std::to_string(i);
      return Join(By(organization, "k"), Of(organization, organization));
    });
  }
  for (const auto& result : Together(writes)) EXPECT_EQ(*result, Grouped::kCommitted);
  EXPECT_EQ(groups_, 1);
  EXPECT_EQ(scratch_->AdminText("SELECT count(DISTINCT xmin::text) FROM grouptest.notes"), "2");
  EXPECT_EQ(Count("true"), "13");
  EXPECT_EQ(database_.leaked_contexts(), 0);
}

TEST_F(GroupCommitTest, WhoWritesForAnotherOrganizationIsRefusedAlone) {
  const auto results = Together({[&] { return Join(By("a"), Of("a", "1")); },
                                 [&] { return Join(By("b"), Of("b", "2")); },
                                 [&] { return Join(By("c"), Of("nobody's", "3")); },
                                 [&] { return Join(By("d"), Of("d", "4")); }});
  for (const size_t fine : {0, 1, 3}) EXPECT_EQ(*results[fine], Grouped::kCommitted);
  ASSERT_FALSE(results[2]);
  EXPECT_EQ(results[2].error().code, Code::kInternal);
  EXPECT_EQ(Count("organization IN ('a', 'b', 'd')"), "3");
  EXPECT_EQ(Count("body = '3'"), "0");
}

TEST_F(GroupCommitTest, WhoWritesForAnotherMemberOfTheGroupIsRefusedAlone) {
  Note planted = Of("b", "planted");
  planted.author = "user of a";
  const auto results = Together(
      {[&] { return Join(By("a"), planted); }, [&] { return Join(By("b"), Of("b", "own")); }});
  EXPECT_FALSE(results[0]);
  EXPECT_EQ(*results[1], Grouped::kCommitted);
  EXPECT_EQ(Count("body = 'planted'"), "0");
}

TEST_F(GroupCommitTest, WhoWritesForAnotherZoneIsRefusedAlone) {
  Note elsewhere = Of("a", "elsewhere");
  elsewhere.zone = "tianjin";
  const auto results = Together(
      {[&] { return Join(By("a"), elsewhere); }, [&] { return Join(By("b"), Of("b", "here")); },
       [&] {
         return Join(By("c"), {"c", "tianjin", "user of c", "there"}, "c@tianjin");
       }});
  EXPECT_FALSE(results[0]);
  EXPECT_EQ(*results[1], Grouped::kCommitted);
  EXPECT_EQ(*results[2], Grouped::kCommitted);
  EXPECT_EQ(Count("body = 'elsewhere'"), "0");
}

TEST_F(GroupCommitTest, NamesCannotSmuggleInAMember) {
  const auto result = Join(By("a"), Of("b", "planted"), "a@shanghai,b@shanghai");
  EXPECT_FALSE(result);
  EXPECT_EQ(Count("true"), "0");
}

TEST_F(GroupCommitTest, ABrokenRuleOfTheTableIsItsMembersReason) {
  const auto results = Together({[&] { return Join(By("a"), Of("a", "the first group")); },
                                 [&] { return Join(By("b"), Of("b", "another")); }});
  ASSERT_FALSE(results[0]);
  EXPECT_EQ(results[0].error().reason, "NOTE_EXISTS");
  EXPECT_EQ(*results[1], Grouped::kCommitted);
}

TEST_F(GroupCommitTest, AUsedKeyIsLeftToTheCommandAlone) {
  const auto write = [&] { return Join(By("a", "key"), Of("a", "once")); };
  const auto results = Together({write, write});
  // One of two with the same key in one group; which one does not matter.
  const std::set<Grouped> outcomes = {*results[0], *results[1]};
  EXPECT_EQ(outcomes, (std::set<Grouped>{Grouped::kCommitted, Grouped::kAskAlone}));
  EXPECT_EQ(*write(), Grouped::kAskAlone);
  EXPECT_EQ(Count("body = 'once'"), "1");
  const auto stored = database_.Command<StringValue>(
      By("a", "key"), Text("once"),
      [&](Tx&) -> Result<StringValue> { return FailedPrecondition("RAN", "nothing was stored"); });
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->value(), "once");
}

TEST_F(GroupCommitTest, NothingIsWrittenWhereSomethingChanged) {
  const auto results =
      Together({[&] { return Join(By("a", "k"), Of("a", "relies on what changed")); },
                [&] { return Join(By("b", "k"), Of("b", "b")); }});
  for (const auto& result : results) EXPECT_EQ(*result, Grouped::kAskAlone);
  EXPECT_EQ(Count("organization IN ('a', 'b')"), "0");
  EXPECT_EQ(scratch_->AdminText("SELECT count(*) FROM grouptest.idempotency"), "0");
}

TEST_F(GroupCommitTest, AMovedClockIsAChange) {
  offset_ = std::chrono::hours(1);
  EXPECT_EQ(*Join(By("a"), Of("a", "an hour ahead")), Grouped::kAskAlone);
  EXPECT_EQ(Count("true"), "0");
}

// Told while another group is still being written, however long that takes.
TEST_F(GroupCommitTest, WhoseTimeIsUpLeavesTheQueue) {
  const auto now = steady_clock::now();
  Call late = By("a");
  late.deadline = now + std::chrono::milliseconds(40);
  Call later = By("b");
  later.deadline = now + std::chrono::milliseconds(20);
  Result<Grouped> first = Grouped::kCommitted;
  Result<Grouped> second = Grouped::kCommitted;
  inside_ = [&](Tx&) {
    std::thread one([&] { first = Join(late, Of("a", "late")); });
    while (group_.waiting() == 0) std::this_thread::yield();
    std::thread two([&] { second = Join(later, Of("b", "late too")); });
    one.join();
    two.join();
  };
  EXPECT_TRUE(Join(By("first"), Of("first", "the first group")));
  for (const auto& result : {first, second}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().reason, "DEADLINE_EXCEEDED");
  }
  EXPECT_EQ(Count("true"), "1");
}

TEST_F(GroupCommitTest, WhoseTimeIsOverIsNotWritten) {
  Call late = By("a");
  late.deadline = steady_clock::now();
  const auto result = Join(late, Of("a", "late"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().reason, "DEADLINE_EXCEEDED");
  EXPECT_EQ(Count("true"), "0");
}

TEST_F(GroupCommitTest, WhoseTimeIsUpIsNotTriedAgain) {
  std::promise<void> held, free;
  std::thread holder([&] {
    EXPECT_TRUE(database_.System("hold", [&](Tx& tx) -> Status {
      EXPECT_EQ(tx.Exec(kMeet).size(), 1u);
      held.set_value();
      free.get_future().wait();
      return Done{};
    }));
  });
  held.get_future().wait();
  std::vector<std::function<Result<Grouped>()>> writes;
  for (const char* organization : {"a", "b", "c", "d"}) {
    writes.push_back([this, organization] {
      blocked_ = true;
      Call call = By(organization);
      call.deadline = steady_clock::now() + std::chrono::milliseconds(1500);
      return Join(call, Of(organization, organization));
    });
  }
  for (const auto& result : Together(writes)) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().reason, "DEADLINE_EXCEEDED");
  }
  free.set_value();
  holder.join();
  EXPECT_LE(groups_, 2);
  EXPECT_EQ(Count("body IN ('a', 'b', 'c', 'd')"), "0");
}

TEST_F(GroupCommitTest, ALostConnectionDoublesNothing) {
  inside_ = [&](Tx&) {
    scratch_->Admin(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'zl_grouptest'");
  };
  // Lost before its commit, the group is tried again; at its commit, its fate is unknown.
  const auto first = Join(By("a", "k"), Of("a", "once"));
  EXPECT_TRUE(first || first.error().code == Code::kUnavailable);
  EXPECT_TRUE(Join(By("a", "k"), Of("a", "once")));
  EXPECT_EQ(Count("body = 'once'"), "1");
}

TEST_F(GroupCommitTest, TheWriterReadsNoStoredAnswer) {
  const Status status = database_.Group("read", {{"u"}, {"o@z"}}, [](Tx& tx) -> Status {
    constexpr static Sql kRead{"notes.replies", "SELECT reply FROM idempotency"};
    tx.Exec(kRead);
    return Done{};
  });
  EXPECT_FALSE(status);
}

}  // namespace
}  // namespace zonelink::db
