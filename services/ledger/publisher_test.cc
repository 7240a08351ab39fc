// SPDX-License-Identifier: Apache-2.0
// What is signed, and what is not: heads, state file, rollback and fork.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "ledger/test_ledger.h"

namespace zonelink::ledger {
namespace {

class PublisherTest : public LedgerTest {
 protected:
  std::string StateFileText() {
    std::ostringstream text;
    text << std::ifstream(folder_ / "head").rdbuf();
    return text.str();
  }
  void WriteState(const std::string& text) { std::ofstream(folder_ / "head") << text; }
  std::string Stored(const std::string& what) {
    return scratch_.AdminText("SELECT " + what + " FROM ledger.checkpoints");
  }
  TrustedCheckpoint Opened(const std::string& note) {
    return Must(OpenCheckpoint(note, {.origin = {}, .log = log_.key, .witnesses = {}}));
  }
  // Everything before the head is what it was; nothing is signed any more, leaves still come.
  void ExpectStillFrozen() {
    const std::string head = StateFileText();
    const std::string signed_before = Stored("count(*)");
    Must(TryIntegrate(MakeEvents(5)));
    process().publisher->Wake();
    const auto before = Ledger();
    Restart();
    Until([&] { return process().publisher->Loaded(); }, "loaded");
    EXPECT_EQ(Ledger().frozen(), before.frozen());
    EXPECT_EQ(Ledger().head_before(), before.head_before());
    EXPECT_EQ(Ledger().head_now(), before.head_now());
    EXPECT_EQ(StateFileText(), head);
    EXPECT_EQ(Stored("count(*)"), signed_before);
  }
};

TEST_F(PublisherTest, OneCheckpointPerSizeAndTheStateFileHasTheNewest) {
  Restart();
  for (int i = 0; i < 5; ++i) {
    Publish(60);
    EXPECT_EQ(StateFileText(), Checkpoint());
    EXPECT_EQ(Opened(Checkpoint()).checkpoint, TestLog(StoredEntries()).Head());
  }
  EXPECT_EQ(Stored("count(*) || ' ' || max(size)"), "5 300");
  const std::string newest = Checkpoint();
  Restart();
  AwaitPublished(300);
  EXPECT_EQ(Checkpoint(), newest);
  Publish(1);
  EXPECT_EQ(Stored("count(*) || ' ' || max(size)"), "6 301");
  const auto ledger = Ledger();
  EXPECT_EQ(ledger.size(), 301);
  EXPECT_EQ(ledger.published_size(), 301);
  EXPECT_EQ(ledger.anchored_size(), 0);
  EXPECT_EQ(ledger.quorum(), 0);
  EXPECT_EQ(ledger.key(), log_.key.Format());
  EXPECT_EQ(ledger.frozen(), "");
  EXPECT_GT(ledger.published_at().seconds(), 0);
  EXPECT_EQ(std::filesystem::status(folder_ / "head").permissions() &
                (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
            std::filesystem::perms::none);
}

TEST_F(PublisherTest, TwoProcessesSignOneTree) {
  Restart();
  TreeReader tree(database_);
  Settings settings = MakeSettings();
  settings.state_file = folder_ / "other";
  const auto other = Must(Publisher::Open(std::move(settings), database_, tree));
  other->Start();
  for (int i = 0; i < 6; ++i) {
    const uint64_t size = StoredEntries().size() + 70;
    Grow(70);
    other->Wake();
    process().publisher->Wake();
    AwaitPublished(size);
    Until([&] { return other->published() && other->published()->checkpoint.size == size; },
          "the other has it too");
    EXPECT_EQ(other->published()->note, Checkpoint());
  }
  other->Stop();
  EXPECT_EQ(Stored("count(*)"), "6");
  EXPECT_EQ(Ledger().frozen(), "");
}

TEST_F(PublisherTest, AHeadOnlyInTheStateFileIsSignedAgain) {
  Restart();
  Publish(10);
  Publish(10);
  const std::string head = Checkpoint();
  Kill();
  Tamper("DELETE FROM checkpoints WHERE size = 20");  // the crash came before the database's turn
  Restart();
  AwaitPublished(20);
  EXPECT_EQ(Checkpoint(), head);
  EXPECT_EQ(Stored("max(size)"), "20");
  EXPECT_EQ(Ledger().frozen(), "");
}

TEST_F(PublisherTest, AMissingStateFileIsMadeFromTheDatabase) {
  Restart();
  Publish(10);
  const std::string head = Checkpoint();
  Kill();
  std::filesystem::remove(folder_ / "head");
  Restart();
  Until([&] { return StateFileText() == head; }, "the state file is back");
  EXPECT_EQ(Checkpoint(), head);
}

TEST_F(PublisherTest, AnOlderStateFileCatchesUp) {
  Restart();
  Publish(10);
  const std::string old_head = StateFileText();
  Publish(300);
  const std::string head = StateFileText();
  Kill();
  WriteState(old_head);
  Restart();
  Until([&] { return StateFileText() == head; }, "the state file has the newest head");
  Publish(5);
  EXPECT_EQ(Ledger().frozen(), "");
}

TEST_F(PublisherTest, ADamagedStateFileStopsTheStart) {
  Restart();
  Publish(10);
  const std::string head = StateFileText();
  Kill();
  TreeReader tree(database_);
  const std::string other = SignedBy(
      {&log_}, "zonelink.example/other\n3\n" + crypto::Base64Encode(EmptyRoot().view()) + "\n");
  for (const std::string& text : {std::string(), head.substr(1), head + "x", other}) {
    WriteState(text);
    EXPECT_EQ(ReasonOf(Publisher::Open(MakeSettings(), database_, tree)), "LEDGER_STATE_INVALID");
  }
  WriteState(head);
  std::ofstream(folder_ / "head.frozen") << "not JSON";
  EXPECT_EQ(ReasonOf(Publisher::Open(MakeSettings(), database_, tree)), "LEDGER_STATE_INVALID");
}

TEST_F(PublisherTest, NothingIsSignedThatTheStateFileCannotTake) {
  Restart();
  Publish(10);
  std::filesystem::create_directory(folder_ / "head.new");  // root may write where others may not
  Grow(10);
  process().publisher->Wake();
  TreeReader tree(database_);
  const auto again = Publisher::Open(MakeSettings(), database_, tree);
  ASSERT_TRUE(again);
  EXPECT_EQ(Stored("max(size)"), "10");
  std::filesystem::remove(folder_ / "head.new");
  AwaitPublished(20);
}

TEST_F(PublisherTest, AnOlderDatabaseFreezesPublishing) {
  Restart();
  Publish(300);
  const std::string older = StateFileText();
  Publish(250);
  const std::string head = StateFileText();
  Kill();
  Tamper(
      "DELETE FROM leaves WHERE index >= 300; DELETE FROM contents WHERE index >= 300; "
      "DELETE FROM nodes WHERE index >= 1; DELETE FROM checkpoints WHERE size > 300; "
      "UPDATE tree SET size = 300");
  Restart();
  AwaitFrozen("ROLLBACK");
  EXPECT_EQ(Ledger().head_before(), head);
  EXPECT_EQ(Ledger().head_now(), Opened(older).note.text);
  EXPECT_EQ(Checkpoint(), older);
  ExpectStillFrozen();
}

TEST_F(PublisherTest, ARunningProcessSeesTheRollback) {
  Restart();
  Publish(20);
  Tamper("DELETE FROM leaves WHERE index >= 12; UPDATE tree SET size = 12");
  process().publisher->Wake();
  AwaitFrozen("ROLLBACK");
}

TEST_F(PublisherTest, ADatabaseThatWentAnotherWayFreezesPublishing) {
  Restart();
  Publish(20);
  const std::string head = StateFileText();
  Kill();
  Tamper(
      "DELETE FROM leaves WHERE index >= 12; DELETE FROM contents WHERE index >= 12; "
      "DELETE FROM checkpoints; UPDATE tree SET size = 12");
  Must(TryIntegrate(MakeEvents(30)));
  Restart();
  AwaitFrozen("FORK");
  EXPECT_EQ(Ledger().head_before(), head);
  EXPECT_EQ(Ledger().head_now(), TestLog(StoredEntries()).tree().At(log_.key.name, 20).Format());
  ExpectStillFrozen();
}

TEST_F(PublisherTest, AChangedLeafFreezesPublishing) {
  Restart();
  Publish(600);
  Tamper("UPDATE leaves SET hash = sha256(hash) WHERE index = 590");
  Grow(1);
  process().publisher->Wake();
  AwaitFrozen("FORK");
  EXPECT_EQ(Ledger().published_size(), 600);
  ExpectStillFrozen();
}

TEST_F(PublisherTest, AChangedTileFreezesPublishing) {
  Restart();
  Publish(600);
  Tamper("UPDATE nodes SET hash = sha256(hash) WHERE index = 0");
  process().publisher->Wake();
  AwaitFrozen("FORK");
}

TEST_F(PublisherTest, MissingRowsFreezePublishing) {
  Restart();
  Publish(600);
  Tamper("DELETE FROM leaves WHERE index = 599");
  process().publisher->Wake();
  AwaitFrozen("FORK");
  EXPECT_EQ(Ledger().head_now(), "");
}

TEST_F(PublisherTest, ACheckpointThatTheLogDidNotSignIsPassedOver) {
  Restart();
  Publish(10);
  const std::string head = Checkpoint();
  Kill();
  Tamper("INSERT INTO checkpoints (size, root, note) SELECT 5000, root, note FROM checkpoints");
  Restart();
  AwaitPublished(10);
  EXPECT_EQ(Checkpoint(), head);
  Publish(10);
  EXPECT_EQ(Ledger().frozen(), "");
}

TEST_F(PublisherTest, ARowInTheNextCheckpointsPlaceDoesNotHideIt) {
  Restart();
  Publish(10);
  Tamper("INSERT INTO checkpoints (size, root, note) SELECT 20, root, note FROM checkpoints");
  Publish(10);
  EXPECT_EQ(Checkpoint(), StateFileText());
  EXPECT_EQ(Opened(Checkpoint()).checkpoint, TestLog(StoredEntries()).Head());
}

}  // namespace
}  // namespace zonelink::ledger
