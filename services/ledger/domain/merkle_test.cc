// SPDX-License-Identifier: Apache-2.0
// Hashes and proofs of the reference tree of RFC 6962 implementations, as published with
// github.com/transparency-dev/merkle (testonly/constants.go, testdata/inclusion,
// testdata/consistency) and google/certificate-transparency.
#include "ledger/domain/merkle.h"

#include <gtest/gtest.h>

#include <bit>

#include "ledger/domain/testing_log.h"

namespace zonelink::ledger {
namespace {

using Hashes = std::vector<Hash>;

constexpr std::string_view kLeafData[] = {"",
                                          "00",
                                          "10",
                                          "2021",
                                          "3031",
                                          "40414243",
                                          "5051525354555657",
                                          "606162636465666768696a6b6c6d6e6f"};

constexpr std::string_view kLeafHashes[] = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
};

// By size.
constexpr std::string_view kRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

constexpr std::string_view kSomeHash =
    "abacaba000000000000000000000000000000000000000000060061e00123456";

struct PublishedInclusion {
  uint64_t index;
  uint64_t size;
  std::vector<std::string_view> proof;
};
const PublishedInclusion kInclusions[] = {
    {0, 1, {}},
    {0,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {5,
     8,
     {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
    {1,
     5,
     {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
};

struct PublishedConsistency {
  uint64_t old_size;
  uint64_t size;
  std::vector<std::string_view> proof;
};
const PublishedConsistency kConsistencies[] = {
    {1, 1, {}},
    {1,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {6,
     8,
     {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2,
     5,
     {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
    {6,
     7,
     {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
};

Hashes Of(const std::vector<std::string_view>& hex) {
  Hashes hashes;
  for (const auto text : hex) hashes.push_back(HashOf(text));
  return hashes;
}

Hash Root(uint64_t size) { return HashOf(kRoots[size]); }

Hashes Leaves(uint64_t size) {
  Hashes leaves;
  for (uint64_t i = 0; i < size; ++i) leaves.push_back(LeafHash(FromHex(kLeafData[i])));
  return leaves;
}

Hash WithBit(Hash hash, unsigned bit) {
  hash.bytes[0] = static_cast<char>(hash.bytes[0] ^ 1 << bit);
  return hash;
}

Hashes Before(const Hash& first, Hashes rest) {
  rest.insert(rest.begin(), first);
  return rest;
}

Hashes After(Hashes before, const Hash& last) {
  before.push_back(last);
  return before;
}

TEST(Merkle, LeavesHashAsPublished) {
  for (size_t i = 0; i < std::size(kLeafData); ++i) {
    EXPECT_EQ(LeafHash(FromHex(kLeafData[i])), HashOf(kLeafHashes[i])) << i;
  }
}

TEST(Merkle, RootsAreAsPublished) {
  const TestTree tree(Leaves(8));
  EXPECT_EQ(EmptyRoot(), Root(0));
  for (uint64_t size = 0; size <= 8; ++size) {
    EXPECT_EQ(RootOf(Leaves(size)), Root(size)) << size;
    EXPECT_EQ(RootAt(size, tree.Reader()).value(), Root(size)) << size;
  }
}

TEST(Merkle, ALeafIsNoNode) {
  const Hash left = LeafHash("left");
  const Hash right = LeafHash("right");
  const std::string both = std::string(left.view()) + std::string(right.view());
  EXPECT_NE(NodeHash(left, right), LeafHash(both));
  EXPECT_NE(NodeHash(left, right), NodeHash(right, left));
}

TEST(Merkle, AHashHas32Bytes) {
  EXPECT_FALSE(Hash::From(""));
  EXPECT_FALSE(Hash::From(std::string(31, 'x')));
  EXPECT_FALSE(Hash::From(std::string(33, 'x')));
  EXPECT_EQ(Hash::From(std::string(32, 'x'))->view(), std::string(32, 'x'));
}

TEST(Merkle, RootNodesGoFromLeftToRight) {
  EXPECT_TRUE(RootNodes(0).empty());
  EXPECT_EQ(RootNodes(1), (std::vector<NodeId>{{0, 0}}));
  EXPECT_EQ(RootNodes(7), (std::vector<NodeId>{{2, 0}, {1, 2}, {0, 6}}));
  EXPECT_EQ(RootNodes(70'000),
            (std::vector<NodeId>{{16, 0}, {12, 16}, {8, 272}, {6, 1092}, {5, 2186}, {4, 4374}}));
  EXPECT_EQ(RootNodes(uint64_t{1} << 63), (std::vector<NodeId>{{63, 0}}));
}

TEST(Merkle, InclusionProofsAreAsPublished) {
  const TestTree tree(Leaves(8));
  for (const auto& [index, size, hex] : kInclusions) {
    const Hashes proof = Of(hex);
    EXPECT_EQ(InclusionProof(index, size, tree.Reader()).value(), proof) << index << " " << size;
    EXPECT_TRUE(VerifyInclusion(HashOf(kLeafHashes[index]), index, size, proof, Root(size)));
  }
}

// The kinds of the files in testdata/inclusion whose `wantErr` is true. Garbage that is no hash
// cannot be said with Hash.
TEST(Merkle, RefusesPublishedWrongInclusions) {
  for (const auto& [index, size, hex] : kInclusions) {
    const Hashes proof = Of(hex);
    const Hash leaf = HashOf(kLeafHashes[index]);
    const Hash root = Root(size);
    struct Probe {
      std::string_view what;
      Hash leaf;
      uint64_t index;
      uint64_t size;
      Hashes proof;
      Hash root;
    };
    std::vector<Probe> probes = {
        {"leafIdx - 1", leaf, index - 1, size, proof, root},
        {"leafIdx + 1", leaf, index + 1, size, proof, root},
        {"leafIdx ^ 2", leaf, index ^ 2, size, proof, root},
        {"treeSize * 2", leaf, index, size * 2, proof, root},
        {"treeSize / 2", leaf, index, size / 2, proof, root},
        {"wrong leaf", HashOf(kSomeHash), index, size, proof, root},
        {"empty root", leaf, index, size, proof, EmptyRoot()},
        {"random root", leaf, index, size, proof, HashOf(kSomeHash)},
        {"trailing root", leaf, index, size, After(proof, root), root},
        {"preceding root", leaf, index, size, Before(root, proof), root},
    };
    for (size_t i = 0; i < proof.size(); ++i) {
      probes.push_back({"modified proof", leaf, index, size, proof, root});
      probes.back().proof[i] = WithBit(proof[i], 3);
    }
    if (!proof.empty()) {
      probes.push_back(
          {"removed component", leaf, index, size, Hashes(proof.begin(), proof.end() - 1), root});
      Hashes inserted = proof;
      inserted.insert(inserted.begin() + 1, HashOf(kSomeHash));
      probes.push_back({"inserted component", leaf, index, size, inserted, root});
    }
    for (const Probe& probe : probes) {
      EXPECT_EQ(
          ReasonOf(VerifyInclusion(probe.leaf, probe.index, probe.size, probe.proof, probe.root)),
          "PROOF_INVALID")
          << probe.what << " of leaf " << index << " of " << size;
    }
  }
}

// testdata/inclusion/additional: index and size that no leaf has, or an empty proof of nothing.
TEST(Merkle, RefusesInclusionInImpossibleTrees) {
  constexpr std::pair<uint64_t, uint64_t> kPlaces[] = {{0, 0}, {0, 1}, {1, 0}, {2, 1}};
  const Hash some = HashOf(kSomeHash);
  for (const auto& [index, size] : kPlaces) {
    EXPECT_EQ(ReasonOf(VerifyInclusion(some, index, size, {}, EmptyRoot())), "PROOF_INVALID");
    EXPECT_EQ(ReasonOf(VerifyInclusion(EmptyRoot(), index, size, {}, some)), "PROOF_INVALID");
  }
  EXPECT_EQ(ReasonOf(VerifyInclusion(some, 0, 0, {}, some)), "PROOF_INVALID");
  EXPECT_EQ(ReasonOf(VerifyInclusion(some, ~uint64_t{0}, ~uint64_t{0}, {}, some)), "PROOF_INVALID");
}

TEST(Merkle, ConsistencyProofsAreAsPublished) {
  const TestTree tree(Leaves(8));
  for (const auto& [old_size, size, hex] : kConsistencies) {
    const Hashes proof = Of(hex);
    EXPECT_EQ(ConsistencyProof(old_size, size, tree.Reader()).value(), proof)
        << old_size << " " << size;
    EXPECT_TRUE(VerifyConsistency(old_size, Root(old_size), size, Root(size), proof));
  }
}

TEST(Merkle, RefusesPublishedWrongConsistencies) {
  for (const auto& [old_size, size, hex] : kConsistencies) {
    if (hex.empty()) continue;
    const Hashes proof = Of(hex);
    const Hash old_root = Root(old_size);
    const Hash root = Root(size);
    const Hash wrong = HashOf(kSomeHash);
    struct Probe {
      std::string_view what;
      uint64_t old_size;
      Hash old_root;
      uint64_t size;
      Hash root;
      Hashes proof;
    };
    std::vector<Probe> probes = {
        {"size1 - 1", old_size - 1, old_root, size, root, proof},
        {"size1 + 1", old_size + 1, old_root, size, root, proof},
        {"size1 ^ 2", old_size ^ 2, old_root, size, root, proof},
        {"size2 * 2", old_size, old_root, size * 2, root, proof},
        {"size2 / 2", old_size, old_root, size / 2, root, proof},
        {"wrong root1", old_size, wrong, size, root, proof},
        {"wrong root2", old_size, old_root, size, wrong, proof},
        {"swapped roots", old_size, root, size, old_root, proof},
        {"empty proof", old_size, old_root, size, root, {}},
        {"trailing root1", old_size, old_root, size, root, After(proof, old_root)},
        {"trailing root2", old_size, old_root, size, root, After(proof, root)},
        {"preceding root1", old_size, old_root, size, root, Before(old_root, proof)},
        {"preceding root2", old_size, old_root, size, root, Before(root, proof)},
        {"preceding proof[0]", old_size, old_root, size, root, Before(proof[0], proof)},
        {"truncated proof", old_size, old_root, size, root, Hashes(proof.begin(), proof.end() - 1)},
    };
    for (size_t i = 0; i < proof.size(); ++i) {
      probes.push_back({"modified proof", old_size, old_root, size, root, proof});
      probes.back().proof[i] = WithBit(proof[i], 4);
    }
    for (const Probe& probe : probes) {
      EXPECT_EQ(ReasonOf(VerifyConsistency(probe.old_size, probe.old_root, probe.size, probe.root,
                                           probe.proof)),
                "PROOF_INVALID")
          << probe.what << " from " << old_size << " to " << size;
    }
  }
}

// The published table of edge cases; unlike it, a tree without leaves is refused in every case, for
// nothing is shown about it.
TEST(Merkle, ConsistencyOfEdgeCases) {
  const Hash a = HashOf(kSomeHash);
  const Hash b = Root(1);
  const Hashes none;
  const Hashes one = {EmptyRoot()};
  struct Case {
    uint64_t old_size;
    uint64_t size;
    Hash old_root;
    Hash root;
    Hashes proof;
    bool shown;
  };
  const Case cases[] = {
      {0, 0, a, b, none, false},
      {1, 1, a, b, none, false},
      {1, 1, b, b, none, true},
      {1, 0, a, b, none, false},
      {2, 1, a, b, none, false},
      {1, 2, a, b, none, false},
      {0, 0, EmptyRoot(), b, none, false},
      {1, 1, EmptyRoot(), b, none, false},
      {0, 0, EmptyRoot(), EmptyRoot(), one, false},
      {0, 1, EmptyRoot(), EmptyRoot(), one, false},
      {1, 1, EmptyRoot(), EmptyRoot(), one, false},
      // Accepted by others:
      {0, 0, a, a, none, false},
      {0, 1, a, b, none, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(ReasonOf(VerifyConsistency(c.old_size, c.old_root, c.size, c.root, c.proof)),
              c.shown ? "" : "PROOF_INVALID")
        << c.old_size << " to " << c.size;
  }
}

TEST(Merkle, EverySmallProofVerifies) {
  constexpr uint64_t kSizes = 70;
  const TestTree tree = SyntheticTree(kSizes);
  for (uint64_t size = 1; size <= kSizes; ++size) {
    const Hash root = RootAt(size, tree.Reader()).value();
    for (uint64_t i = 0; i < size; ++i) {
      const auto inclusion = InclusionProof(i, size, tree.Reader()).value();
      EXPECT_TRUE(VerifyInclusion(tree.Node({0, i}), i, size, inclusion, root)) << i << " " << size;
      const auto consistency = ConsistencyProof(i + 1, size, tree.Reader()).value();
      const Hash old_root = RootAt(i + 1, tree.Reader()).value();
      EXPECT_TRUE(VerifyConsistency(i + 1, old_root, size, root, consistency)) << i << " " << size;
    }
  }
}

TEST(Merkle, HandsOnWhatTheReaderRefuses) {
  const TestTree tree(Leaves(8));
  const auto refusing_at = [&](unsigned nth) {
    return [&tree, nth, read = 0u](const NodeId& node) mutable -> Result<Hash> {
      if (++read == nth) return Unavailable("GONE", "no node");
      return tree.Node(node);
    };
  };
  for (unsigned nth = 1; nth <= 3; ++nth) {
    EXPECT_EQ(ReasonOf(RootAt(7, refusing_at(nth))), "GONE");
    EXPECT_EQ(ReasonOf(InclusionProof(2, 7, refusing_at(nth))), "GONE");
    EXPECT_EQ(ReasonOf(ConsistencyProof(6, 7, refusing_at(nth))), "GONE");
  }
}

}  // namespace
}  // namespace zonelink::ledger
