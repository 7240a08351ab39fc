// SPDX-License-Identifier: Apache-2.0
#include "platform/review/review_store.h"

#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include "platform/db/scratch_database.h"
#include "platform/review/testing_lines.h"

namespace zonelink::review_store {
namespace {

using google::protobuf::StringValue;
using namespace review;  // NOLINT: the kernel's own test

// What a service adds in a migration of its own.
constexpr db::Migration kPolicies[] = {{"0001_policies.sql", R"sql(
  CREATE POLICY review_lines_test ON review_lines TO {{role}}
    USING ('zone:own' = ANY (current_parties())) WITH CHECK (true);
  CREATE POLICY review_opinions_test ON review_opinions TO {{role}}
    USING ('zone:own' = ANY (current_parties())) WITH CHECK (true);
  CREATE POLICY review_people_test ON review_people TO {{role}}
    USING ('zone:own' = ANY (current_parties())) WITH CHECK (true);
)sql"}};
const db::Schema kSchema{.name = "reviewtest", .migrations = kPolicies};

class ReviewStoreTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { scratch_ = new db::ScratchDatabase(kSchema); }
  static void TearDownTestSuite() { delete scratch_; }
  void SetUp() override {
    scratch_->Admin(
        "DELETE FROM reviewtest.review_opinions; DELETE FROM reviewtest.review_people;"
        "DELETE FROM reviewtest.review_lines");
  }

  static Call ByOfficer(const std::string& zone = "own") {
    Call call;
    call.caller.user_id = "officer";
    call.caller.zone = zone;
    call.rpc = "test/Act";
    call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    return call;
  }

  using Verbs = std::function<Result<Line>(Line)>;
  Status Act(const std::string& case_id, const Verbs& verbs, const std::string& zone = "own") {
    const auto done = database_.Command<StringValue>(
        ByOfficer(zone), StringValue(), [&](db::Tx& tx) -> Result<StringValue> {
          auto moved = verbs(Load(tx, case_id, ThreeSteps()));
          if (!moved) return moved.error();
          const auto saved = Save(tx, {case_id, "org-1"}, *std::move(moved));
          if (!saved) return saved.error();
          return StringValue();
        });
    if (!done) return done.error();
    return Done{};
  }
  Line Stored(const std::string& case_id, const std::string& zone = "own") {
    const auto line = database_.Query(ByOfficer(zone), [&](db::Tx& tx) -> Result<Line> {
      return Load(tx, case_id, ThreeSteps());
    });
    return *line;
  }
  static std::string Count(const std::string& what) {
    return scratch_->AdminText("SELECT count(*) FROM reviewtest." + what);
  }

  static inline db::ScratchDatabase* scratch_ = nullptr;
  db::Database database_{scratch_->OptionsFor(kSchema)};
};

TEST_F(ReviewStoreTest, AnUntouchedLineHasNoRow) {
  const auto looked = [](Line line) -> Result<Line> { return line; };
  ASSERT_TRUE(Act("c1", looked));
  EXPECT_EQ(Count("review_lines"), "0");
  EXPECT_EQ(CurrentStep(Stored("c1")).name, "verify");
}

// Each kind of entry, and each standing, is read as it was saved.
TEST_F(ReviewStoreTest, ReadsWhatWasSaved) {
  Line line{.plan = ThreeSteps()};
  const auto then = [&](Result<Line> moved) {
    ASSERT_TRUE(moved) << ReasonOf(moved);
    line = *moved;
    line.record.saved_version = 0;
    line.record.restated.clear();
  };
  then(Declare(line, kV1, "", At(1)));
  then(Assign(line, "verify", kV1, "head", At(2)));
  then(Reassign(line, {"verify", "", kV2, "v1", "on leave"}, At(3)));
  then(Delegate(line, kBoth, kR2, At(1'000'000), At(4)));
  then(Undelegate(line, "both", "both", At(5)));
  then(Declare(line, kR2, "a cousin, \"so to say\"", At(6)));
  then(RequestRecusal(line, "v3", "applicant", "知道此案", At(7)));
  then(DecideRecusal(line, {"v3", false, "no kin"}, "head", At(8)));
  then(Give(line, "verify", kAgrees, kV2, At(9)));
  then(AddSign(line, {"consult", "D", ""}, "head", "concerns D", At(10)));
  then(ReduceSign(line, {"consult", "D", ""}, "head", "does not", At(11)));
  line.plan.steps[2].rule = Rule::kAll;
  then(SetQuorum(line, {"decide", 2}, "head", "weighty", At(12)));
  then(RouteUp(line, {"consult", "C", "CC", "nobody"}, "head", At(13)));
  then(Remind(line, "consult", "B", "head", At(14)));
  then(Give(line, "consult", kAbstains, kB1, At(15)));
  then(Recuse(line, kB1, "a cousin", At(16)));
  then(Give(line, "consult", kDisagrees, kB2, At(17)));
  then(TakeBack(line, kB2, At(18)));
  then(ReturnTo(line, "verify", kB2, "again", At(19)));
  then(Withdraw(line, "applicant", "no longer", At(20)));
  ASSERT_TRUE(Act("c1", [&](const Line&) -> Result<Line> { return line; }));
  const Line stored = Stored("c1");
  EXPECT_TRUE(Same(stored.record, line.record));
  EXPECT_EQ(stored.record.saved_version, line.record.version);
}

TEST_F(ReviewStoreTest, EveryVerbAddsToTheHistory) {
  ASSERT_TRUE(Act("c1", [](Line l) { return Give(std::move(l), "verify", kAgrees, kV1, At(1)); }));
  ASSERT_TRUE(Act("c1", [](Line l) { return Give(std::move(l), "consult", kAgrees, kB1, At(2)); }));
  ASSERT_TRUE(
      Act("c1", [](Line l) { return ReturnTo(std::move(l), "verify", kC1, "wrong", At(3)); }));
  ASSERT_TRUE(Act("c1", [](Line l) { return Give(std::move(l), "verify", kAgrees, kV1, At(4)); }));
  const Line line = Stored("c1");
  EXPECT_EQ(CurrentStep(line).name, "consult");
  EXPECT_EQ(line.record.round, 2);
  EXPECT_EQ(line.record.step_since, At(4));
  ASSERT_EQ(line.record.opinions.size(), 3u);
  EXPECT_EQ(line.record.opinions[0].standing, Standing::kCancelled);
  EXPECT_EQ(line.record.opinions[1].standing, Standing::kCancelled);
  EXPECT_EQ(line.record.opinions[2].standing, Standing::kCounted);
  EXPECT_TRUE(Same(Replay(line.plan, line.record).record, line.record));
  EXPECT_EQ(Count("review_lines WHERE owner = 'org-1'"), "1");
}

// Taken back and given anew in one command: the old opinion makes room before the new one comes.
TEST_F(ReviewStoreTest, SeveralVerbsInOneCommand) {
  ASSERT_TRUE(Act("c1", [](Line l) { return Give(std::move(l), "verify", kAgrees, kV1, At(1)); }));
  ASSERT_TRUE(Act("c1", [](Line l) {
    return TakeBack(std::move(l), kV1, At(2)).and_then([](Line taken) {
      return Give(std::move(taken), "verify", kDisagrees, kV1, At(3));
    });
  }));
  EXPECT_EQ(Settled(Stored("c1"), "verify"), Outcome::kDisagreed);
}

TEST_F(ReviewStoreTest, OnlyTheLineThatWasReadIsSaved) {
  ASSERT_TRUE(Act("c1", [](Line l) { return Give(std::move(l), "verify", kAgrees, kV1, At(1)); }));
  const auto meanwhile = [&](Line read) {
    EXPECT_TRUE(
        Act("c1", [](Line l) { return Give(std::move(l), "consult", kAgrees, kC1, At(2)); }));
    return Give(std::move(read), "consult", kAgrees, kB1, At(3));
  };
  EXPECT_EQ(ReasonOf(Act("c1", meanwhile)), "REVIEW_CHANGED");
  const auto first = [&](Line read) {
    EXPECT_TRUE(
        Act("c2", [](Line l) { return Assign(std::move(l), "verify", kV2, "head", At(1)); }));
    return Give(std::move(read), "verify", kAgrees, kV1, At(2));
  };
  EXPECT_EQ(ReasonOf(Act("c2", first)), "REVIEW_CHANGED");
  EXPECT_EQ(Count("review_opinions"), "2");
  EXPECT_EQ(Stored("c1").record.version, 2);
}

TEST_F(ReviewStoreTest, ManyCasesAreReadTogether) {
  ASSERT_TRUE(Act("c1", [](Line l) { return Give(std::move(l), "verify", kAgrees, kV1, At(1)); }));
  ASSERT_TRUE(Act("c2", [](Line l) { return Assign(std::move(l), "verify", kV2, "head", At(1)); }));
  const auto read = database_.Query(ByOfficer(), [&](db::Tx& tx) -> Result<size_t> {
    const auto records = Read(Ask(tx, {"c1", "c2", "c3"}));
    EXPECT_EQ(records.at("c1").at("line").opinions.size(), 1u);
    EXPECT_EQ(records.at("c2").at("line").acts.size(), 1u);
    return records.size();
  });
  EXPECT_EQ(*read, 2u);
}

TEST_F(ReviewStoreTest, RowsAreThoseOfWhomThePolicyNames) {
  ASSERT_TRUE(Act("c1", [](Line l) { return Give(std::move(l), "verify", kAgrees, kV1, At(1)); }));
  EXPECT_EQ(Stored("c1", "elsewhere").record.version, 0);
}

// What the service's own role may not do, whatever its policies are.
TEST_F(ReviewStoreTest, HistoryIsNotRewritten) {
  ASSERT_TRUE(Act("c1", [](Line l) { return Give(std::move(l), "verify", kAgrees, kV1, At(1)); }));
  const auto privilege = [&](const std::string& table, const std::string& right) {
    return scratch_->AdminText("SELECT has_table_privilege('zl_reviewtest', 'reviewtest." + table +
                               "', '" + right + "')");
  };
  for (const std::string table : {"review_lines", "review_opinions", "review_people"}) {
    for (const std::string right : {"UPDATE", "DELETE", "TRUNCATE"}) {
      EXPECT_EQ(privilege(table, right), "f") << table << " " << right;
    }
    EXPECT_EQ(privilege(table, "INSERT"), "t") << table;
  }
  EXPECT_EQ(scratch_->AdminText("SELECT string_agg(column_name, ',') FROM "
                                "information_schema.column_privileges WHERE grantee = "
                                "'zl_reviewtest' AND table_name = 'review_opinions' AND "
                                "privilege_type = 'UPDATE'"),
            "standing");
}

TEST_F(ReviewStoreTest, OneCountedOpinionPerPersonStepAndRound) {
  ASSERT_TRUE(Act("c1", [](Line l) { return Give(std::move(l), "verify", kAgrees, kV1, At(1)); }));
  const std::string twice =
      "INSERT INTO reviewtest.review_opinions SELECT case_id, line, seq + 1, round, step, party, "
      "user_id, name, on_behalf_of, at, verdict, text, ";
  EXPECT_ANY_THROW(scratch_->Admin(twice + "'counted' FROM reviewtest.review_opinions"));
  EXPECT_NO_THROW(scratch_->Admin(twice + "'cancelled' FROM reviewtest.review_opinions"));
}

}  // namespace
}  // namespace zonelink::review_store
