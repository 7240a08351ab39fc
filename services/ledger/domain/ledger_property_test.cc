// SPDX-License-Identifier: Apache-2.0
// Random trees of up to 70,000 leaves: proofs lead where the definition of RFC 6962 leads, tiles
// hold what the tree holds, and one bit that differs anywhere is refused.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>

#include "ledger/domain/log_check.h"
#include "ledger/domain/testing_log.h"

namespace zonelink::ledger {
namespace {

constexpr uint64_t kLeaves = 70'000;
constexpr int kCasesAtOnce = 10;

const TestTree& Tree() {
  static const TestTree tree = SyntheticTree(kLeaves);
  return tree;
}

// Uniform in [from, to): rapidcheck's own ranges stay near `from` in the first runs.
uint64_t Pick(uint64_t from, uint64_t to) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to));
}

// Sizes of all magnitudes, often next to a power of two.
uint64_t AnySize() {
  switch (Pick(0, 4)) {
    case 0: return Pick(1, 600);
    case 1: return std::min(kLeaves, (uint64_t{1} << Pick(1, 17)) + Pick(0, 3) - 1);
    case 2: return kTileWidth * Pick(1, kLeaves / kTileWidth);
    default: return Pick(1, kLeaves + 1);
  }
}

Hash RootAtSize(uint64_t size) { return RootAt(size, Tree().Reader()).value(); }

Hash Flipped(Hash hash) {
  const uint64_t bit = Pick(0, 256);
  hash.bytes[bit / 8] = static_cast<char>(hash.bytes[bit / 8] ^ 1 << bit % 8);
  return hash;
}

// The definition, word for word, over the tree's leaves [begin, end).
Hash Defined(uint64_t begin, uint64_t end) {
  const auto leaves = Tree().Leaves(kLeaves);
  if (begin == end) return EmptyRoot();
  if (end - begin == 1) return leaves[begin];
  uint64_t k = 1;
  while (k * 2 < end - begin) k *= 2;
  return NodeHash(Defined(begin, begin + k), Defined(begin + k, end));
}

RC_GTEST_PROP(LedgerProperty, RootsAreTheDefinitions, ()) {
  const uint64_t size = Pick(0, 3000);
  RC_ASSERT(RootOf(Tree().Leaves(size)) == Defined(0, size));
  RC_ASSERT(RootAtSize(size) == Defined(0, size));
}

TEST(LedgerProperty, RootsOfLargeTreesAreTheDefinitions) {
  for (const uint64_t size : {uint64_t{65'535}, uint64_t{65'536}, uint64_t{65'537}, kLeaves}) {
    EXPECT_EQ(RootOf(Tree().Leaves(size)), Defined(0, size)) << size;
    EXPECT_EQ(RootAtSize(size), Defined(0, size)) << size;
  }
}

RC_GTEST_PROP(LedgerProperty, InclusionProofsVerifyAndNothingElse, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const uint64_t size = AnySize();
    const uint64_t index = Pick(0, size);
    const Hash leaf = Tree().Node({0, index});
    const Hash root = RootAtSize(size);
    const auto proof = InclusionProof(index, size, Tree().Reader()).value();
    RC_ASSERT(VerifyInclusion(leaf, index, size, proof, root).has_value());
    RC_ASSERT(!VerifyInclusion(Flipped(leaf), index, size, proof, root));
    RC_ASSERT(!VerifyInclusion(leaf, index, size, proof, Flipped(root)));
    RC_ASSERT(!VerifyInclusion(leaf, index ^ uint64_t{1} << Pick(0, 64), size, proof, root));
    if (proof.empty()) continue;
    auto other = proof;
    Hash& hash = other[Pick(0, other.size())];
    hash = Flipped(hash);
    RC_ASSERT(!VerifyInclusion(leaf, index, size, other, root));
    const auto cut = std::span(proof).first(Pick(0, proof.size()));
    RC_ASSERT(!VerifyInclusion(leaf, index, size, cut, root));
  }
}

RC_GTEST_PROP(LedgerProperty, ConsistencyProofsVerifyAndNothingElse, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const uint64_t size = AnySize();
    const uint64_t old_size = Pick(0, 8) == 0 ? size : Pick(1, size + 1);
    const Hash root = RootAtSize(size);
    const Hash old_root = RootAtSize(old_size);
    const auto proof = ConsistencyProof(old_size, size, Tree().Reader()).value();
    RC_ASSERT(VerifyConsistency(old_size, old_root, size, root, proof).has_value());
    RC_ASSERT(!VerifyConsistency(old_size, Flipped(old_root), size, root, proof));
    RC_ASSERT(!VerifyConsistency(old_size, old_root, size, Flipped(root), proof));
    RC_ASSERT(proof.empty() == (old_size == size));
    if (proof.empty()) continue;
    auto other = proof;
    Hash& hash = other[Pick(0, other.size())];
    hash = Flipped(hash);
    RC_ASSERT(!VerifyConsistency(old_size, old_root, size, root, other));
    const auto cut = std::span(proof).first(Pick(0, proof.size()));
    RC_ASSERT(!VerifyConsistency(old_size, old_root, size, root, cut));
  }
}

RC_GTEST_PROP(LedgerProperty, TilesCoverTheTree, ()) {
  const uint64_t size = AnySize();
  for (unsigned level = 0; level <= kMaxTileLevel; ++level) {
    uint64_t hashes = 0;
    uint64_t index = 0;
    for (; TileWidthAt(level, index, size) > 0; ++index) {
      const unsigned width = TileWidthAt(level, index, size);
      hashes += width;
      RC_ASSERT(width == kTileWidth || TileWidthAt(level, index + 1, size) == 0);
    }
    RC_ASSERT(hashes == size >> (level * kTileHeight));
    if (index > 0 && hashes % kTileWidth != 0) {
      RC_ASSERT(TileWidthAt(level, index - 1, size) == hashes % kTileWidth);
    }
  }
}

RC_GTEST_PROP(LedgerProperty, EveryNodeIsInItsTile, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const uint64_t size = AnySize();
    const auto level = static_cast<unsigned>(Pick(0, std::bit_width(size)));
    const NodeId node{level, Pick(0, size >> level)};
    const auto where = TileFor(node, size);
    RC_ASSERT(where.place.width == TileWidthAt(where.level, where.place.index, size));
    const auto tile = DecodeTile(Tree().Tile(where.level, where.place), where.place.width);
    RC_ASSERT(NodeInTile(node, tile.value()) == Tree().Node(node));
  }
}

RC_GTEST_PROP(LedgerProperty, PlacesAreReadBack, ()) {
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const uint64_t index = Pick(0, ~uint64_t{0}) >> Pick(0, 64);
    const TilePlace place{.index = index, .width = static_cast<unsigned>(Pick(1, 257))};
    const std::string text = FormatPlace(place);
    RC_ASSERT(ParsePlace(text) == place);
    // Another spelling is another place or none.
    std::string other = text;
    char& c = other[Pick(0, other.size())];
    c = static_cast<char>(c ^ 1 << Pick(0, 8));
    const auto read = ParsePlace(other);
    if (!read) continue;
    RC_ASSERT(*read != place);
    RC_ASSERT(FormatPlace(*read) == other);
  }
}

RC_GTEST_PROP(LedgerProperty, BundlesAreReadBack, ()) {
  std::vector<std::string> entries(Pick(0, 257));
  for (auto& entry : entries) entry = std::string(Pick(0, 400), static_cast<char>(Pick(0, 256)));
  const std::string bytes = EncodeBundle(entries);
  const auto width = static_cast<unsigned>(entries.size());
  RC_ASSERT(DecodeBundle(bytes, width).value() == entries);
  RC_ASSERT(!DecodeBundle(bytes, width + 1));
  if (width > 0) RC_ASSERT(!DecodeBundle(bytes, width - 1));
}

// Logs with random entries, some of them empty, and one bit of one resource that differs.
RC_GTEST_PROP(LedgerProperty, OneFlippedBitOfALogIsRefused, ()) {
  std::vector<std::string> entries(Pick(1, 700));
  for (auto& entry : entries) entry = std::string(Pick(0, 40), static_cast<char>(Pick(0, 256)));
  TestLog log(std::move(entries));
  const Checkpoint head = log.Head();
  RC_ASSERT(CheckLog(head, log.Fetcher(), {}).has_value());
  const auto paths = log.fetched;
  for (int i = 0; i < kCasesAtOnce; ++i) {
    const std::string& path = paths[Pick(0, paths.size())];
    std::string bytes = log.True(path).value();
    const uint64_t bit = Pick(0, bytes.size() * 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    log.instead = {{path, bytes}};
    RC_ASSERT(!CheckLog(head, log.Fetcher(), {}));
  }
}

RC_GTEST_PROP(LedgerProperty, ReadersOfTilesProveWhatTheTreeProves, ()) {
  const uint64_t size = AnySize();
  const Checkpoint head = Tree().At("o", size);
  TileReader reader(head, [&](const std::string& path) -> Result<std::string> {
    // tile/<level>/<place>
    const auto level = ParseTileLevel(path.substr(5, 1));
    const auto place = ParsePlace(path.substr(7));
    RC_ASSERT(level.has_value());
    RC_ASSERT(place.has_value());
    RC_ASSERT(place->width == TileWidthAt(*level, place->index, size));
    return Tree().Tile(*level, *place);
  });
  const ReadNode read = [&](const NodeId& node) { return reader.Read(node); };
  const uint64_t index = Pick(0, size);
  RC_ASSERT(InclusionProof(index, size, read).value() ==
            InclusionProof(index, size, Tree().Reader()).value());
  RC_ASSERT(ConsistencyProof(index + 1, size, read).value() ==
            ConsistencyProof(index + 1, size, Tree().Reader()).value());
}

}  // namespace
}  // namespace zonelink::ledger
