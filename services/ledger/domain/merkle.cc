// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/merkle.h"

#include <algorithm>
#include <bit>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"

namespace zonelink::ledger {
namespace {

using namespace std::string_view_literals;

// The largest power of two below `count`; count > 1.
uint64_t SplitOf(uint64_t count) { return std::bit_floor(count - 1); }

// Root over `nodes` from left to right, all of one tree.
Result<Hash> Fold(std::span<const NodeId> nodes, const ReadNode& read) {
  auto root = read(nodes.back());
  for (size_t left = nodes.size() - 1; root && left-- > 0;) {
    const auto hash = read(nodes[left]);
    if (!hash) return hash.error();
    root = NodeHash(*hash, *root);
  }
  return root;
}

// Root of the leaves [begin, end), which the tree keeps together as one subtree.
Result<Hash> RangeRoot(uint64_t begin, uint64_t end, const ReadNode& read) {
  auto nodes = RootNodes(end - begin);
  for (NodeId& node : nodes) node.index += begin >> node.level;
  return Fold(nodes, read);
}

Error ProofInvalid(std::string message) {
  return InvalidArgument("PROOF_INVALID", std::move(message));
}

// A walk from a leaf or an old tree's edge up to the root: `at` in a level whose last place is
// `last`.
struct Climb {
  uint64_t at;
  uint64_t last;

  void Up() {
    at >>= 1;
    last >>= 1;
  }
  // The next hash of the proof stands to the left.
  bool HasLeft() const { return at % 2 == 1 || at == last; }
  // At the right edge a level without a partner on the right is passed over.
  void UpPastLoneLevels() {
    while (at % 2 == 0 && at != 0) Up();
  }
};

}  // namespace

std::optional<Hash> Hash::From(std::string_view raw) {
  Hash hash;
  if (raw.size() != hash.bytes.size()) return std::nullopt;
  std::copy(raw.begin(), raw.end(), hash.bytes.begin());
  return hash;
}

Hash LeafHash(std::string_view entry) { return {crypto::Sha256Of("\0"sv, entry)}; }

Hash NodeHash(const Hash& left, const Hash& right) {
  return {crypto::Sha256Of("\1"sv, left.view(), right.view())};
}

Hash EmptyRoot() { return {crypto::Sha256Of({})}; }

Hash RootOf(std::span<const Hash> leaves) {
  if (leaves.empty()) return EmptyRoot();
  std::array<Hash, 64> roots;  // of perfect subtrees, each smaller than the one before
  size_t held = 0;
  for (uint64_t count = 0; count < leaves.size(); ++count) {
    Hash root = leaves[count];
    for (uint64_t full = count; full % 2 == 1; full >>= 1) root = NodeHash(roots[--held], root);
    roots[held++] = root;
  }
  Hash root = roots[--held];
  while (held > 0) root = NodeHash(roots[--held], root);
  return root;
}

std::vector<NodeId> RootNodes(uint64_t size) {
  std::vector<NodeId> nodes;
  uint64_t begin = 0;
  while (begin < size) {
    const uint64_t count = std::bit_floor(size - begin);
    const auto level = static_cast<unsigned>(std::countr_zero(count));
    nodes.push_back({.level = level, .index = begin >> level});
    begin += count;
  }
  return nodes;
}

Result<Hash> RootAt(uint64_t size, const ReadNode& read) {
  if (size == 0) return EmptyRoot();
  return Fold(RootNodes(size), read);
}

Result<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size, const ReadNode& read) {
  ZL_CHECK(index < size, "a proof needs a leaf of the tree");
  std::vector<Hash> proof;
  uint64_t begin = 0;
  uint64_t end = size;
  while (end - begin > 1) {
    const uint64_t middle = begin + SplitOf(end - begin);
    const bool in_left = index < middle;
    const auto sibling = in_left ? RangeRoot(middle, end, read) : RangeRoot(begin, middle, read);
    if (!sibling) return sibling.error();
    proof.push_back(*sibling);
    (in_left ? end : begin) = middle;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

Result<std::vector<Hash>> ConsistencyProof(uint64_t old_size, uint64_t size, const ReadNode& read) {
  ZL_CHECK(old_size > 0 && old_size <= size, "a proof needs 0 < old_size <= size");
  std::vector<Hash> proof;
  uint64_t begin = 0;
  uint64_t end = size;
  while (end != old_size) {
    const uint64_t middle = begin + SplitOf(end - begin);
    const bool in_left = old_size <= middle;
    const auto sibling = in_left ? RangeRoot(middle, end, read) : RangeRoot(begin, middle, read);
    if (!sibling) return sibling.error();
    proof.push_back(*sibling);
    (in_left ? end : begin) = middle;
  }
  if (begin > 0) {  // from 0 on it is the whole old tree, whose root the verifier has
    const auto edge = RangeRoot(begin, end, read);
    if (!edge) return edge.error();
    proof.push_back(*edge);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

Status VerifyInclusion(const Hash& leaf, uint64_t index, uint64_t size, std::span<const Hash> proof,
                       const Hash& root) {
  if (index >= size) return ProofInvalid("the leaf lies beyond the tree");
  Climb climb{.at = index, .last = size - 1};
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (climb.last == 0) return ProofInvalid("the proof is too long");
    if (climb.HasLeft()) {
      hash = NodeHash(sibling, hash);
      climb.UpPastLoneLevels();
    } else {
      hash = NodeHash(hash, sibling);
    }
    climb.Up();
  }
  if (climb.last != 0) return ProofInvalid("the proof is too short");
  if (hash != root) return ProofInvalid("the proof leads to another root");
  return Done{};
}

Status VerifyConsistency(uint64_t old_size, const Hash& old_root, uint64_t size, const Hash& root,
                         std::span<const Hash> proof) {
  if (old_size == 0 || old_size > size) return ProofInvalid("sizes must be 0 < old <= new");
  if (old_size == size) {
    if (!proof.empty()) return ProofInvalid("equal sizes need an empty proof");
    if (old_root != root) return ProofInvalid("two roots of one size");
    return Done{};
  }
  if (proof.empty()) return ProofInvalid("the proof is empty");
  // Both roots are climbed to from the old tree's last perfect subtree. Where that is the whole old
  // tree, its root begins the proof unsaid.
  const bool whole = std::has_single_bit(old_size);
  const Hash& edge = whole ? old_root : proof[0];
  Climb climb{.at = old_size - 1, .last = size - 1};
  while (climb.at % 2 == 1) climb.Up();
  Hash old_hash = edge;
  Hash hash = edge;
  for (const Hash& sibling : proof.subspan(whole ? 0 : 1)) {
    if (climb.last == 0) return ProofInvalid("the proof is too long");
    if (climb.HasLeft()) {
      old_hash = NodeHash(sibling, old_hash);
      hash = NodeHash(sibling, hash);
      climb.UpPastLoneLevels();
    } else {
      hash = NodeHash(hash, sibling);
    }
    climb.Up();
  }
  if (climb.last != 0) return ProofInvalid("the proof is too short");
  if (old_hash != old_root) return ProofInvalid("the proof does not lead to the old root");
  if (hash != root) return ProofInvalid("the proof does not lead to the new root");
  return Done{};
}

}  // namespace zonelink::ledger
