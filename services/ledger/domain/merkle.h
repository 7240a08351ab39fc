// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of RFC 6962 section 2 (RFC 9162 section 2.1) over SHA-256: hashes, proofs and
// their verification. Knows neither entries nor storage.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::ledger {

struct Hash {
  std::array<char, 32> bytes{};

  // Nothing when `raw` is not 32 bytes long.
  static std::optional<Hash> From(std::string_view raw);
  std::string_view view() const { return {bytes.data(), bytes.size()}; }
  friend auto operator<=>(const Hash&, const Hash&) = default;
};

Hash LeafHash(std::string_view entry);               // SHA-256(0x00 ‖ entry)
Hash NodeHash(const Hash& left, const Hash& right);  // SHA-256(0x01 ‖ left ‖ right)
Hash EmptyRoot();                                    // SHA-256 of nothing
Hash RootOf(std::span<const Hash> leaves);           // MTH of the whole list

// A perfect subtree: the leaves [index << level, (index + 1) << level).
struct NodeId {
  unsigned level = 0;
  uint64_t index = 0;
  friend auto operator<=>(const NodeId&, const NodeId&) = default;
};

// Reads the hash of a perfect subtree that lies wholly within the tree asked about. May refuse; a
// refusal ends the computation and is handed on.
using ReadNode = std::function<Result<Hash>(NodeId)>;

// The perfect subtrees that make up the tree of `size` leaves, from left to right.
std::vector<NodeId> RootNodes(uint64_t size);
// Root of the first `size` leaves; the empty root for 0.
Result<Hash> RootAt(uint64_t size, const ReadNode& read);
// Proof that leaf `index` is in the tree of `size` leaves, leaf to root; index < size.
Result<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size, const ReadNode& read);
// Proof that the tree of `size` leaves begins with that of `old_size`; 0 < old_size <= size.
Result<std::vector<Hash>> ConsistencyProof(uint64_t old_size, uint64_t size, const ReadNode& read);

// InvalidArgument `PROOF_INVALID` when the proof does not show it, whatever is wrong with it.
// A proof for a tree without leaves shows nothing and is refused.
Status VerifyInclusion(const Hash& leaf, uint64_t index, uint64_t size, std::span<const Hash> proof,
                       const Hash& root);
// As above. Sizes of 0 and an old size above the new one are refused; equal sizes need equal roots
// and an empty proof.
Status VerifyConsistency(uint64_t old_size, const Hash& old_root, uint64_t size, const Hash& root,
                         std::span<const Hash> proof);

}  // namespace zonelink::ledger
