// SPDX-License-Identifier: Apache-2.0
// The cases behind the board, on a real database.
#include "worklist/case_store.h"
#include "worklist/test_worklist.h"

namespace zonelink::worklist {
namespace {

class BoardTest : public WorklistTest {
 protected:
  template <class T>
  std::vector<T> Read(const Call& call, std::vector<T> (*read)(db::Tx&, const std::string&)) {
    auto rows = database_.Query(
        call, [&](db::Tx& tx) -> Result<std::vector<T>> { return read(tx, zone_); });
    EXPECT_TRUE(rows);
    return rows ? *rows : std::vector<T>();
  }
  // state, due date, cases/asking others of each group.
  std::string Open(const Call& call) {
    std::string text;
    for (const CaseGroup& group : Read(call, OpenCases)) {
      text += group.state + " " + (group.due_on ? FormatDate(*group.due_on) : "-") + " " +
              std::to_string(group.cases) + "/" + std::to_string(group.asking_others) + " ";
    }
    return text;
  }
  std::vector<DecidedCount> DecidedBy(const Call& call, Time since) {
    auto rows = database_.Query(call, [&](db::Tx& tx) -> Result<std::vector<DecidedCount>> {
      return DecidedSince(tx, zone_, since);
    });
    return *rows;
  }
  pb::Event Closing(const std::string& verb, const std::string& state, int used_days, Time at) {
    pb::DecisionChanged body;
    body.set_filing_id(filing_id_);
    *body.mutable_decision() = State(state);
    body.mutable_decision()->set_mode("REVIEW");
    body.mutable_decision()->mutable_clock()->set_running(false);
    body.set_used_days(used_days);
    return Event("decision." + verb, body, at);
  }
  std::string Case(const std::string& column) {
    return scratch_->AdminText("SELECT " + column + " FROM worklist.cases WHERE filing_id = '" +
                               filing_id_ + "'");
  }

  const Call head_ = Officer("h", {"zone_admin"});
};

TEST_F(BoardTest, ACaseFollowsItsDecision) {
  ASSERT_TRUE(Apply(Submitted(State("PENDING"))));
  EXPECT_EQ(Open(head_), "PENDING 2026-03-30 1/0 ");
  const auto oldest = Read(head_, OldestCases);
  ASSERT_EQ(oldest.size(), 1u);
  EXPECT_EQ(oldest[0].receipt_number, "R-" + filing_id_);
  EXPECT_EQ(oldest[0].since, kStart);
  pb::DecisionState asked = State("VERIFIED");
  asked.add_opinions_of("elsewhere");
  ASSERT_TRUE(Apply(Decided("opinions_requested", asked, kStart + 1h)));
  EXPECT_EQ(Open(head_), "VERIFIED 2026-03-30 1/1 ");
  ASSERT_TRUE(Apply(Decided("opinion_given", State("VERIFIED"), kStart + 2h)));
  EXPECT_EQ(Open(head_), "VERIFIED 2026-03-30 1/0 ");
  pb::DecisionState stands = State("SUSPENDED");
  stands.mutable_clock()->set_running(false);
  ASSERT_TRUE(Apply(Decided("suspended", stands, kStart + 3h)));
  EXPECT_EQ(Open(head_), "SUSPENDED - 1/0 ");
  EXPECT_EQ(Read(head_, OldestCases)[0].since, kStart);
  ASSERT_TRUE(Apply(Closing("granted", "GRANTED", 7, kStart + 4h)));
  EXPECT_EQ(Open(head_), "");
  EXPECT_TRUE(Read(head_, OldestCases).empty());
}

TEST_F(BoardTest, ADecisionCountsOnceWithItsDays) {
  const auto submitted = Submitted(State("PENDING"));
  const auto granted = Closing("granted", "GRANTED", 7, kStart + 96h);
  ASSERT_TRUE(Apply(submitted));
  ASSERT_TRUE(Apply(granted));
  ASSERT_TRUE(Apply(Closing("delivered", "DELIVERED", 9, kStart + 120h)));
  ASSERT_TRUE(Apply(granted)) << "again";
  EXPECT_EQ(Case("state"), "DELIVERED");
  EXPECT_EQ(Case("used_days"), "7");
  const auto decided = DecidedBy(head_, kStart);
  ASSERT_EQ(decided.size(), 1u);
  EXPECT_EQ(decided[0].cases, 1);
  EXPECT_EQ(decided[0].median_days, 7);
  EXPECT_TRUE(DecidedBy(head_, kStart + 97h).empty()) << "it is as old as the decision";
}

// However its events are cut into batches.
TEST_F(BoardTest, OneBatchOrMany) {
  const std::vector<pb::Event> events = {Submitted(State("PENDING")),
                                         Closing("refused", "REFUSED", 4, kStart + 5h)};
  ASSERT_TRUE(Apply(events));
  EXPECT_EQ(Case("state || ' ' || used_days"), "REFUSED 4");
  EXPECT_EQ(DecidedBy(head_, kStart)[0].median_days, 4);
}

TEST_F(BoardTest, TheMedianIsThatOfDecisions) {
  for (const int days : {2, 9, 5, 6}) {
    auto submitted = Submitted(State("PENDING"));
    pb::FilingChanged filing;
    ASSERT_TRUE(filing.ParseFromString(submitted.body()));
    filing.set_filing_id(NewId());
    submitted.set_body(filing.SerializeAsString());
    auto closing = Closing("granted", "GRANTED", days, kStart + 1h);
    pb::DecisionChanged change;
    ASSERT_TRUE(change.ParseFromString(closing.body()));
    change.set_filing_id(filing.filing_id());
    closing.set_body(change.SerializeAsString());
    ASSERT_TRUE(Apply(std::vector<pb::Event>{submitted, closing}));
  }
  ASSERT_TRUE(Apply(Submitted(State("PENDING"))));
  ASSERT_TRUE(Apply(Closing("withdrawn", "WITHDRAWN", 1, kStart + 2h)));
  const auto decided = DecidedBy(head_, kStart);
  EXPECT_EQ(decided[0].cases, 4) << "nobody decided what was withdrawn";
  EXPECT_EQ(decided[0].median_days, 5.5);
}

TEST_F(BoardTest, WhatNobodyHadToActOnIsNoCase) {
  pb::DecisionState granted;
  granted.set_zone(zone_);
  granted.set_mode("AUTOMATIC");
  granted.set_state("GRANTED");
  ASSERT_TRUE(Apply(Submitted(granted)));
  EXPECT_EQ(scratch_->AdminText("SELECT count(*) FROM worklist.cases WHERE filing_id = '" +
                                filing_id_ + "'"),
            "0");
}

TEST_F(BoardTest, OnlyTheHeadTheSecretariatAndTheAuditor) {
  ASSERT_TRUE(Apply(Submitted(State("PENDING"))));
  const std::string own = "PENDING 2026-03-30 1/0 ";
  EXPECT_EQ(Open(By({.user_id = "s", .roles = {"secretariat"}})), own);
  EXPECT_EQ(Open(By({.user_id = "a", .roles = {"auditor"}})), own);
  EXPECT_EQ(Open(Officer("v", {"verifier", "reviewer"})), "");
  EXPECT_EQ(Open(Member("enterprise_admin")), "");
  Call foreign = Officer("h", {"zone_admin"});
  foreign.caller.zone = "elsewhere";
  EXPECT_EQ(Open(foreign), "");
}

// The binary before filled the inbox; its cases are there after the upgrade.
TEST(BoardMigration, TakesOverWhatIsOpen) {
  const db::Schema before{.name = "worklist", .migrations = Schema().migrations.first(1)};
  db::ScratchDatabase scratch(before);
  const auto insert = [&](const std::string& subject, const std::string& action) {
    scratch.Admin(
        "INSERT INTO worklist.inbox (subject, action, party, roles, excluded_users, filing_id, "
        "receipt_number, zone, organization_id, applicant_name, item_id, item_name_zh, "
        "item_name_en, since, due_on, provisional, budget_days) VALUES ('" +
        subject + "', '" + action +
        "', 'zone:z', '{verifier}', '{}', 'f', 'r', 'z', 'o', 'a', 'i', 'zh', 'en', "
        "'2026-03-02', '2026-03-30', false, 20)");
  };
  insert("a", "accept");
  insert("b", "decide");
  ASSERT_TRUE(db::Migrate(
      Schema(), {.admin_url = scratch.admin_url(), .password_dir = scratch.password_dir()}));
  EXPECT_EQ(scratch.AdminText("SELECT string_agg(subject || state || due_on, ' ' ORDER BY subject) "
                              "FROM worklist.cases WHERE closed_at IS NULL"),
            "aPENDING2026-03-30 bVERIFIED2026-03-30");
  EXPECT_EQ(scratch.AdminText("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class "
                              "WHERE relforcerowsecurity AND relname IN ('cases', 'inbox') AND "
                              "relnamespace = 'worklist'::regnamespace"),
            "cases inbox");
}

}  // namespace
}  // namespace zonelink::worklist
