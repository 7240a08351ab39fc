// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/domain/testing_log.h"

namespace zonelink::ledger {
namespace {

using namespace std::string_literals;

const std::string kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

TEST(Checkpoint, ReadsTheSpecificationsExample) {
  const std::string text = "example.com/behind-the-sofa\n20852163\n" + kRoot + "\n";
  const auto checkpoint = Checkpoint::Parse(text);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint->size, 20'852'163u);
  EXPECT_EQ(crypto::Base64Encode(checkpoint->root.view()), kRoot);
  EXPECT_EQ(checkpoint->Format(), text);
}

TEST(Checkpoint, AcceptsAnyOriginAndExtensionLines) {
  const auto checkpoint = Checkpoint::Parse("an origin + more\n0\n" + kRoot + "\nmore\nand more\n");
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->origin, "an origin + more");
  EXPECT_EQ(checkpoint->Format(), "an origin + more\n0\n" + kRoot + "\n");
  EXPECT_EQ(Checkpoint::Parse("o\n9223372036854775807\n" + kRoot + "\n")->size,
            uint64_t{9223372036854775807u});
}

TEST(Checkpoint, RefusesOtherForms) {
  std::vector<std::string> texts = {
      "",
      "\n",
      "o\n",
      "o\n1\n",
      "o\n1\n" + kRoot,
      "\n1\n" + kRoot + "\n",
      "o\n\n1\n" + kRoot + "\n",
      "o\n1\n" + kRoot + "\n\n",
      "o\n1\n" + kRoot + "\n\nmore\n",
      "o\n1\n" + kRoot + "\nmore",
      "o\n1\n" + kRoot.substr(0, 43) + "\n",
      "o\n1\n" + kRoot.substr(0, 42) + "J=\n",
      "o\n1\n" + kRoot + "AAAA\n",
      "o\n1\nAAAA\n",
      "o\n1\n" + kRoot + " \n",
  };
  for (const std::string size : {"", "01", "00", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1e3", "a",
                                 "9223372036854775808", "18446744073709551616"}) {
    texts.push_back("o\n" + size + "\n" + kRoot + "\n");
  }
  for (const std::string& text : texts) {
    EXPECT_EQ(ReasonOf(Checkpoint::Parse(text)), "CHECKPOINT_INVALID") << text;
  }
}

class OpenedCheckpoint : public testing::Test {
 protected:
  const TestSigner log_ = TestSigner::Log();
  const TestSigner first_ = TestSigner::Witness("first.example");
  const TestSigner second_ = TestSigner::Witness("second.example");
  const TestSigner stranger_ = TestSigner::Witness("stranger.example");
  const Checkpoint head_ = TestLog::Numbered(5).Head();
  const std::string text_ = head_.Format();
  const TrustPolicy policy_ = {
      .log = log_.key, .witnesses = {first_.key, second_.key}, .quorum = 1};

  std::string Signed(std::initializer_list<const TestSigner*> signers) const {
    return SignedBy(signers, text_);
  }
};

TEST_F(OpenedCheckpoint, NamesItsCosigners) {
  const auto opened = OpenCheckpoint(Signed({&log_, &stranger_, &second_}), policy_);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->checkpoint, head_);
  EXPECT_EQ(opened->cosigners, std::vector{second_.key});
  EXPECT_EQ(opened->note.signatures.size(), 3u);
}

TEST_F(OpenedCheckpoint, NeedsTheLogsSignature) {
  EXPECT_EQ(ReasonOf(OpenCheckpoint(Signed({&first_, &second_}), policy_)),
            "LOG_SIGNATURE_MISSING");
}

TEST_F(OpenedCheckpoint, NeedsTheQuorum) {
  EXPECT_EQ(ReasonOf(OpenCheckpoint(Signed({&log_}), policy_)), "QUORUM_MISSING");
  EXPECT_EQ(ReasonOf(OpenCheckpoint(Signed({&log_, &stranger_}), policy_)), "QUORUM_MISSING");
  TrustPolicy both = policy_;
  both.quorum = 2;
  EXPECT_EQ(ReasonOf(OpenCheckpoint(Signed({&log_, &first_, &first_}), both)), "QUORUM_MISSING");
  EXPECT_TRUE(OpenCheckpoint(Signed({&first_, &log_, &second_}), both));
  TrustPolicy none = policy_;
  none.quorum = 0;
  EXPECT_TRUE(OpenCheckpoint(Signed({&log_}), none));
}

TEST_F(OpenedCheckpoint, IsOfTheLogsOrigin) {
  Checkpoint other = head_;
  other.origin = "other.example/ledger";
  const std::string note = SignedBy({&log_, &first_}, other.Format());
  EXPECT_EQ(ReasonOf(OpenCheckpoint(note, policy_)), "ORIGIN_MISMATCH");
  TrustPolicy of_other = policy_;
  of_other.origin = other.origin;
  EXPECT_TRUE(OpenCheckpoint(note, of_other));
  EXPECT_EQ(ReasonOf(OpenCheckpoint(Signed({&log_, &first_}), of_other)), "ORIGIN_MISMATCH");
}

TEST_F(OpenedCheckpoint, RefusesAWrongSignatureWhateverTheQuorum) {
  Note note = Note::Parse(Signed({&log_, &first_, &second_})).value();
  note.signatures[2].bytes.back() = static_cast<char>(note.signatures[2].bytes.back() ^ 1);
  EXPECT_EQ(ReasonOf(OpenCheckpoint(note.Format(), policy_)), "SIGNATURE_INVALID");
}

TEST_F(OpenedCheckpoint, IsANoteOfACheckpoint) {
  EXPECT_EQ(ReasonOf(OpenCheckpoint(text_, policy_)), "NOTE_INVALID");
  EXPECT_EQ(ReasonOf(OpenCheckpoint(SignedBy({&log_, &first_}, "something else\n"), policy_)),
            "CHECKPOINT_INVALID");
}

// All witnesses of the policy are needed here; a bit in the line of one that is not needed may turn
// it into a stranger's, which is passed over.
TEST_F(OpenedCheckpoint, EveryFlippedBitIsRefused) {
  TrustPolicy both = policy_;
  both.quorum = 2;
  const std::string note = Signed({&log_, &first_, &second_});
  ASSERT_TRUE(OpenCheckpoint(note, both));
  ForEveryFlip(note, [&](const std::string& flipped, size_t bit) {
    EXPECT_FALSE(OpenCheckpoint(flipped, both)) << bit;
  });
}

// 70,000 leaves have tiles on three levels, 65,536 have only full ones below the top.
class Tiles : public testing::TestWithParam<uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Sizes, Tiles, testing::Values(1, 255, 256, 257, 65'536, 70'000));

TEST_P(Tiles, GiveEveryNode) {
  TestLog log = TestLog::Numbered(GetParam());
  TileReader reader(log.Head(), log.Fetcher());
  EXPECT_TRUE(reader.CheckRoot());
  for (unsigned level = 0; GetParam() >> level > 0; ++level) {
    for (const uint64_t index :
         {uint64_t{0}, (GetParam() >> level) / 2, (GetParam() >> level) - 1}) {
      EXPECT_EQ(reader.Read({level, index}).value(), log.tree().Node({level, index}));
    }
  }
}

TEST(TileReader, AsksForEachTileOnceAndOnlyForThose) {
  TestLog log = TestLog::Numbered(70'000);
  TileReader reader(log.Head(), log.Fetcher());
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(reader.Read({0, 5}));
    EXPECT_TRUE(reader.Read({0, 69'999}));
  }
  std::sort(log.fetched.begin(), log.fetched.end());
  EXPECT_EQ(log.fetched, (std::vector{"tile/0/000"s, "tile/0/273.p/112"s, "tile/1/000"s,
                                      "tile/1/001.p/17"s, "tile/2/000.p/1"s}));
}

TEST(TileReader, TakesTheFullTileForAPartialOneThatIsGone) {
  TestLog log = TestLog::Numbered(600);
  const Checkpoint older = log.tree().At("o", 300);
  log.missing = {"tile/0/001.p/44"};
  TileReader reader(older, log.Fetcher());
  EXPECT_EQ(reader.Read({0, 299}).value(), log.tree().Node({0, 299}));
  EXPECT_EQ(reader.ReadTile(0, 1).value().size(), 44u);

  log.missing.insert("tile/0/001");
  TileReader without(older, log.Fetcher());
  const auto refused = without.CheckRoot();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kNotFound);
  EXPECT_EQ(refused.error().message, "tile/0/001.p/44");

  log.instead["tile/0/001"] = "cut";
  TileReader cut(older, log.Fetcher());
  EXPECT_EQ(ReasonOf(cut.CheckRoot()), "TILE_INVALID");
}

TEST(TileReader, NeverHandsOutWhatTheRootDoesNotSay) {
  TestLog log = TestLog::Numbered(70'000);
  const Checkpoint head = log.Head();
  for (const std::string path : {"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"}) {
    log.instead = {{path, std::string(log.True(path)->size(), 'x')}};
    TileReader reader(head, log.Fetcher());
    EXPECT_EQ(ReasonOf(reader.Read({0, 5})), "ROOT_MISMATCH") << path;
  }
  for (const std::string path : {"tile/0/000", "tile/1/000"}) {
    log.instead = {{path, std::string(log.True(path)->size(), 'x')}};
    TileReader reader(head, log.Fetcher());
    EXPECT_TRUE(reader.CheckRoot());
    const auto refused = reader.Read({0, 5});
    EXPECT_EQ(ReasonOf(refused), "TILE_MISMATCH") << path;
    EXPECT_EQ(refused.error().metadata, (Metadata{{"path", path}, {"index", "0"}}));
  }
}

TEST(TileReader, ReadsAgainWhatWasFalse) {
  TestLog log = TestLog::Numbered(300);
  log.instead = {{"tile/0/001.p/44", std::string(44 * 32, 'x')},
                 {"tile/0/000", std::string(256 * 32, 'x')}};
  TileReader reader(log.Head(), log.Fetcher());
  EXPECT_EQ(ReasonOf(reader.CheckRoot()), "ROOT_MISMATCH");
  log.instead.erase("tile/0/001.p/44");
  EXPECT_TRUE(reader.CheckRoot());
  EXPECT_EQ(ReasonOf(reader.Read({0, 1})), "TILE_MISMATCH");
  log.instead.clear();
  EXPECT_TRUE(reader.Read({0, 1}));
}

TEST(TileReader, ForgetsFullTilesAlone) {
  TestLog log = TestLog::Numbered(70'000);
  TileReader reader(log.Head(), log.Fetcher());
  const auto fetched_by = [&](uint64_t leaf) {
    log.fetched.clear();
    EXPECT_TRUE(reader.Read({0, leaf}));
    return log.fetched;
  };
  EXPECT_EQ(fetched_by(0).size(), 5u);
  EXPECT_EQ(fetched_by(65'536).size(), 1u);
  reader.ForgetBefore(255);
  EXPECT_EQ(fetched_by(0).size(), 0u);
  reader.ForgetBefore(256);
  EXPECT_EQ(fetched_by(0), std::vector{"tile/0/000"s});
  reader.ForgetBefore(65'536);
  EXPECT_EQ(fetched_by(0), (std::vector{"tile/0/000"s, "tile/1/000"s}));
  reader.ForgetBefore(70'000);
  EXPECT_EQ(fetched_by(69'999).size(), 0u);
}

TEST(TileReader, KnowsTheEmptyTree) {
  const auto nothing = [](const std::string& path) -> Result<std::string> {
    return NotFound("TILE_UNKNOWN", path);
  };
  TileReader reader({.origin = "o", .size = 0, .root = EmptyRoot()}, nothing);
  EXPECT_TRUE(reader.CheckRoot());
  TileReader wrong({.origin = "o", .size = 0, .root = {}}, nothing);
  EXPECT_EQ(ReasonOf(wrong.CheckRoot()), "ROOT_MISMATCH");
}

TEST(Consistency, IsShownByTiles) {
  TestLog log = TestLog::Numbered(70'000);
  const Checkpoint head = log.Head();
  for (const uint64_t size : {0u, 1u, 255u, 256u, 257u, 65'535u, 65'536u, 69'999u, 70'000u}) {
    Checkpoint older = log.tree().At(head.origin, size);
    EXPECT_TRUE(CheckConsistent(older, head, log.Fetcher())) << size;
    older.root.bytes[31] = static_cast<char>(older.root.bytes[31] ^ 1);
    EXPECT_EQ(ReasonOf(CheckConsistent(older, head, log.Fetcher())), "PROOF_INVALID") << size;
  }
}

TEST(Consistency, NeverGoesBack) {
  TestLog log = TestLog::Numbered(300);
  EXPECT_EQ(ReasonOf(CheckConsistent(log.Head(), log.tree().At("o", 299), log.Fetcher())),
            "PROOF_INVALID");
  EXPECT_EQ(ReasonOf(CheckConsistent(log.Head(), log.tree().At("o", 0), log.Fetcher())),
            "PROOF_INVALID");
}

TEST(Consistency, NeedsTilesOfTheNewerTree) {
  TestLog log = TestLog::Numbered(300);
  TestLog fork = TestLog::Numbered(299);
  const Checkpoint older = log.tree().At("o", 200);
  EXPECT_EQ(ReasonOf(CheckConsistent(older, log.Head(), fork.Fetcher())), "TILE_UNKNOWN");
  log.instead["tile/0/001.p/44"] = std::string(44 * 32, 'x');
  EXPECT_EQ(ReasonOf(CheckConsistent(older, log.Head(), log.Fetcher())), "ROOT_MISMATCH");
}

}  // namespace
}  // namespace zonelink::ledger
