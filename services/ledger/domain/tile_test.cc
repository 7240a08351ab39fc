// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/tile.h"

#include <gtest/gtest.h>

#include "ledger/domain/testing_log.h"

namespace zonelink::ledger {
namespace {

using namespace std::string_literals;

TEST(TilePath, AgreesWithTlogTiles) {
  struct Case {
    TilePlace place;
    std::string text;
  };
  const Case cases[] = {
      {{.index = 0}, "000"},
      {{.index = 7, .width = 1}, "007.p/1"},
      {{.index = 999, .width = 255}, "999.p/255"},
      {{.index = 1000}, "x001/000"},
      {{.index = 1'234'067}, "x001/x234/067"},
      {{.index = 1'234'067, .width = 17}, "x001/x234/067.p/17"},
      {{.index = 1'000'000}, "x001/x000/000"},
      {{.index = ~uint64_t{0}}, "x018/x446/x744/x073/x709/x551/615"},
  };
  for (const auto& [place, text] : cases) {
    EXPECT_EQ(FormatPlace(place), text);
    ASSERT_TRUE(ParsePlace(text)) << text;
    EXPECT_EQ(*ParsePlace(text), place) << text;
  }
  EXPECT_EQ(TilePath(0, {.index = 1'234'067, .width = 17}), "tile/0/x001/x234/067.p/17");
  EXPECT_EQ(EntriesPath({.index = 1'234'067}), "tile/entries/x001/x234/067");
}

TEST(TilePath, RefusesEveryOtherSpelling) {
  for (const std::string text : {"",
                                 "0",
                                 "00",
                                 "0000",
                                 "1000",
                                 "x000/000",
                                 "x000/x001/000",
                                 "001/000",
                                 "x001",
                                 "x001/",
                                 "x001/x234",
                                 "x001/x234/",
                                 "x001//000",
                                 "/000",
                                 "000/",
                                 "x1/000",
                                 "x0001/000",
                                 "+01",
                                 "-01",
                                 " 000",
                                 "000 ",
                                 "0x0",
                                 "00a",
                                 "X001/000",
                                 "000.p",
                                 "000.p/",
                                 "000.p/0",
                                 "000.p/00",
                                 "000.p/01",
                                 "000.p/256",
                                 "000.p/1000",
                                 "000.p/-1",
                                 "000.p/+1",
                                 "000.p/1/",
                                 "000.p/1.p/1",
                                 "000.P/1",
                                 "000p/1",
                                 "x018/x446/x744/x073/x709/x551/616",
                                 "x099/x999/x999/x999/x999/x999/999"}) {
    EXPECT_FALSE(ParsePlace(text)) << text;
  }
  EXPECT_FALSE(ParsePlace("000\0"s));
}

TEST(TilePath, LevelsAre0To63) {
  EXPECT_EQ(ParseTileLevel("0"), 0u);
  EXPECT_EQ(ParseTileLevel("7"), 7u);
  EXPECT_EQ(ParseTileLevel("63"), 63u);
  for (const std::string text : {"", "00", "01", "64", "100", "-1", "+1", " 1", "1 ", "x", "1a"}) {
    EXPECT_FALSE(ParseTileLevel(text)) << text;
  }
}

// The example of tlog-tiles.
TEST(TileWidth, CoversATreeOf70000) {
  constexpr uint64_t kSize = 70'000;
  for (uint64_t index = 0; index < 273; ++index) {
    EXPECT_EQ(TileWidthAt(0, index, kSize), 256u) << index;
  }
  EXPECT_EQ(TileWidthAt(0, 273, kSize), 112u);
  EXPECT_EQ(TileWidthAt(0, 274, kSize), 0u);
  EXPECT_EQ(TileWidthAt(1, 0, kSize), 256u);
  EXPECT_EQ(TileWidthAt(1, 1, kSize), 17u);
  EXPECT_EQ(TileWidthAt(1, 2, kSize), 0u);
  EXPECT_EQ(TileWidthAt(2, 0, kSize), 1u);
  EXPECT_EQ(TileWidthAt(2, 1, kSize), 0u);
  EXPECT_EQ(TileWidthAt(3, 0, kSize), 0u);
}

TEST(TileWidth, EmptyTilesAreNoTiles) {
  EXPECT_EQ(TileWidthAt(0, 0, 0), 0u);
  EXPECT_EQ(TileWidthAt(0, 0, 1), 1u);
  EXPECT_EQ(TileWidthAt(0, 0, 256), 256u);
  EXPECT_EQ(TileWidthAt(0, 1, 256), 0u);
  EXPECT_EQ(TileWidthAt(1, 0, 255), 0u);
  EXPECT_EQ(TileWidthAt(1, 0, 256), 1u);
}

TEST(TileWidth, HoldsAtTheLargestSize) {
  constexpr uint64_t kLargest = (uint64_t{1} << 63) - 1;
  EXPECT_EQ(TileWidthAt(7, 0, kLargest), 127u);
  EXPECT_EQ(TileWidthAt(7, 1, kLargest), 0u);
  EXPECT_EQ(TileWidthAt(0, kLargest / 256, kLargest), 255u);
  EXPECT_EQ(TileWidthAt(0, ~uint64_t{0}, kLargest), 0u);
  EXPECT_EQ(TileWidthAt(8, 0, kLargest), 0u);
  EXPECT_EQ(TileWidthAt(63, 0, kLargest), 0u);
}

TEST(TileOf, FindsTheTileOfEveryNode) {
  constexpr uint64_t kSize = 70'000;
  const auto leaf = TileFor({.level = 0, .index = 69'999}, kSize);
  EXPECT_EQ(leaf.level, 0u);
  EXPECT_EQ(leaf.place, (TilePlace{.index = 273, .width = 112}));
  const auto within = TileFor({.level = 7, .index = 3}, kSize);
  EXPECT_EQ(within.level, 0u);
  EXPECT_EQ(within.place, (TilePlace{.index = 1}));
  // The root of a full tile stands in the tile above.
  const auto above = TileFor({.level = 8, .index = 272}, kSize);
  EXPECT_EQ(above.level, 1u);
  EXPECT_EQ(above.place, (TilePlace{.index = 1, .width = 17}));
  const auto top = TileFor({.level = 16, .index = 0}, kSize);
  EXPECT_EQ(top.level, 2u);
  EXPECT_EQ(top.place, (TilePlace{.index = 0, .width = 1}));
}

TEST(TileOf, GivesTheNodesOfATile) {
  const TestTree tree = SyntheticTree(300);
  const auto full = tree.Leaves(256);
  EXPECT_EQ(NodeInTile({0, 5}, full), tree.Node({0, 5}));
  EXPECT_EQ(NodeInTile({3, 31}, full), tree.Node({3, 31}));
  EXPECT_EQ(NodeInTile({7, 1}, full), tree.Node({7, 1}));
  const auto partial = tree.Leaves(300).subspan(256);
  EXPECT_EQ(NodeInTile({0, 299}, partial), tree.Node({0, 299}));
  EXPECT_EQ(NodeInTile({5, 8}, partial), tree.Node({5, 8}));
  EXPECT_FALSE(NodeInTile({0, 300}, partial));
  EXPECT_FALSE(NodeInTile({5, 9}, partial));
}

TEST(TileBytes, AreHashesInARow) {
  const TestTree tree = SyntheticTree(3);
  const std::string bytes = EncodeTile(tree.Leaves(3));
  EXPECT_EQ(bytes.size(), 96u);
  const auto leaves = tree.Leaves(3);
  EXPECT_EQ(DecodeTile(bytes, 3).value(), std::vector<Hash>(leaves.begin(), leaves.end()));
  for (const unsigned width : {0u, 2u, 4u, 256u}) {
    EXPECT_EQ(ReasonOf(DecodeTile(bytes, width)), "TILE_INVALID") << width;
  }
  EXPECT_EQ(ReasonOf(DecodeTile(bytes + "x", 3)), "TILE_INVALID");
  EXPECT_EQ(ReasonOf(DecodeTile(bytes.substr(1), 3)), "TILE_INVALID");
}

TEST(BundleBytes, HaveALengthBeforeEachEntry) {
  const std::vector<std::string> entries = {"ab", "", std::string(258, 'x')};
  const std::string bytes = EncodeBundle(entries);
  EXPECT_EQ(bytes, "\0\2ab\0\0\1\2"s + std::string(258, 'x'));
  EXPECT_EQ(DecodeBundle(bytes, 3).value(), entries);
  EXPECT_EQ(EncodeBundle({}), "");
  EXPECT_TRUE(DecodeBundle("", 0).value().empty());
}

TEST(BundleBytes, CarryTheLongestEntry) {
  const std::vector<std::string> entries = {std::string(kMaxEntryBytes, 'x')};
  EXPECT_EQ(DecodeBundle(EncodeBundle(entries), 1).value(), entries);
}

TEST(BundleBytes, RefuseWhatIsCutOrTooMuch) {
  const std::string bytes = EncodeBundle(std::vector<std::string>{"ab", "cde"});
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(ReasonOf(DecodeBundle(bytes.substr(0, size), 2)), "BUNDLE_INVALID") << size;
  }
  EXPECT_EQ(ReasonOf(DecodeBundle(bytes + "\0"s, 2)), "BUNDLE_INVALID");
  EXPECT_EQ(ReasonOf(DecodeBundle(bytes, 1)), "BUNDLE_INVALID");
  EXPECT_EQ(ReasonOf(DecodeBundle(bytes, 3)), "BUNDLE_INVALID");
  EXPECT_EQ(ReasonOf(DecodeBundle(bytes, 0)), "BUNDLE_INVALID");
}

TEST(BundleDeathTest, AnEntryThatHasNoLengthIsAMistake) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::vector<std::string> entries = {std::string(kMaxEntryBytes + 1, 'x')};
  EXPECT_DEATH(EncodeBundle(entries), "65,535");
}

}  // namespace
}  // namespace zonelink::ledger
