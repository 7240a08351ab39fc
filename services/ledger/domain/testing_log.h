// SPDX-License-Identifier: Apache-2.0
// For tests: a log in memory whose resources can be read, tampered with and taken away.
#pragma once

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/checkpoint.h"

namespace zonelink::ledger {

inline std::string FromHex(std::string_view hex) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(value(hex[i]) * 16 + value(hex[i + 1]));
  }
  return bytes;
}

inline Hash HashOf(std::string_view hex) { return Hash::From(FromHex(hex)).value(); }

// Every perfect subtree of a list of leaves.
class TestTree {
 public:
  explicit TestTree(std::vector<Hash> leaves) : levels_{std::move(leaves)} {
    while (levels_.back().size() > 1) {
      const std::vector<Hash>& below = levels_.back();
      std::vector<Hash> level;
      for (size_t i = 0; i + 1 < below.size(); i += 2) {
        level.push_back(NodeHash(below[i], below[i + 1]));
      }
      levels_.push_back(std::move(level));
    }
  }

  uint64_t size() const { return levels_[0].size(); }
  std::span<const Hash> Leaves(uint64_t size) const { return std::span(levels_[0]).first(size); }
  Hash Node(const NodeId& node) const { return levels_.at(node.level).at(node.index); }
  ReadNode Reader() const {
    return [this](const NodeId& node) -> Result<Hash> { return Node(node); };
  }
  Checkpoint At(std::string origin, uint64_t size) const {
    return {.origin = std::move(origin), .size = size, .root = RootAt(size, Reader()).value()};
  }
  std::string Tile(unsigned level, const TilePlace& place) const {
    std::string bytes;
    for (uint64_t i = 0; i < place.width; ++i) {
      bytes += Node({level * kTileHeight, place.index * kTileWidth + i}).view();
    }
    return bytes;
  }

 private:
  std::vector<std::vector<Hash>> levels_;
};

inline TestTree SyntheticTree(uint64_t size) {
  std::vector<Hash> leaves;
  for (uint64_t i = 0; i < size; ++i) leaves.push_back(LeafHash(fmt::to_string(i)));
  return TestTree(std::move(leaves));
}

// Serves what a log of `size` entries must serve. Partial resources of other sizes are not found.
class TestLog {
 public:
  explicit TestLog(std::vector<std::string> entries)
      : entries_(std::move(entries)), tree_(LeavesOf(entries_)) {}
  static TestLog Numbered(uint64_t size) {
    std::vector<std::string> entries;
    for (uint64_t i = 0; i < size; ++i) entries.push_back(fmt::format("entry {}", i));
    return TestLog(std::move(entries));
  }

  const TestTree& tree() const { return tree_; }
  const std::vector<std::string>& entries() const { return entries_; }
  Checkpoint Head() const { return tree_.At("zonelink.example/ledger", tree_.size()); }
  // Must outlive what is made of it.
  Fetch Fetcher() {
    return [this](const std::string& path) { return Get(path); };
  }
  Result<std::string> Get(const std::string& path) {
    fetched.push_back(path);
    if (const auto other = instead.find(path); other != instead.end()) return other->second;
    auto bytes = missing.contains(path) ? std::nullopt : True(path);
    if (!bytes) return NotFound("TILE_UNKNOWN", path);
    return std::move(*bytes);
  }
  // What the log serves untampered.
  std::optional<std::string> True(std::string_view path) const {
    constexpr std::string_view kTile = "tile/";
    if (!path.starts_with(kTile)) return std::nullopt;
    path.remove_prefix(kTile.size());
    const size_t slash = path.find('/');
    const std::string_view level_text = path.substr(0, slash);
    const auto place = ParsePlace(path.substr(slash + 1));
    const bool entries = level_text == "entries";
    const auto level = entries ? 0 : ParseTileLevel(level_text);
    if (!place || !level) return std::nullopt;
    const unsigned width = TileWidthAt(*level, place->index, tree_.size());
    // A width of which there was a smaller log is served as well.
    if (place->width > width) return std::nullopt;
    if (!entries) return tree_.Tile(*level, *place);
    return EncodeBundle(std::span(entries_).subspan(place->index * kTileWidth, place->width));
  }

  std::map<std::string, std::string> instead;
  std::set<std::string> missing;
  std::vector<std::string> fetched;

 private:
  static std::vector<Hash> LeavesOf(const std::vector<std::string>& entries) {
    std::vector<Hash> leaves;
    for (const std::string& entry : entries) leaves.push_back(LeafHash(entry));
    return leaves;
  }

  std::vector<std::string> entries_;
  TestTree tree_;
};

// A key with its secret.
struct TestSigner {
  crypto::Ed25519Key secret;
  VerifierKey key;

  static TestSigner Of(const std::string& name, SignatureType type) {
    auto secret = crypto::Ed25519Key::FromSeed(crypto::Sha256(name));
    auto key = VerifierKey::Of(name, type, secret.PublicRaw());
    return {.secret = std::move(secret), .key = std::move(key)};
  }
  static TestSigner Log() { return Of("zonelink.example/ledger", SignatureType::kEd25519); }
  static TestSigner Witness(const std::string& name) {
    return Of(name, SignatureType::kCosignature);
  }
  NoteSignature Sign(std::string_view text) const {
    const Time at{std::chrono::seconds{1'772'438'400}};
    return key.type == SignatureType::kEd25519 ? SignNote(text, key, secret)
                                               : Cosign(text, key, secret, at);
  }
};

inline std::string SignedBy(std::initializer_list<const TestSigner*> signers,
                            std::string_view text) {
  Note note{.text = std::string(text), .signatures = {}};
  for (const TestSigner* signer : signers) note.signatures.push_back(signer->Sign(text));
  return note.Format();
}

// Calls `with` for every text that differs from `bytes` in one bit.
template <class F>
void ForEveryFlip(const std::string& bytes, const F& with) {
  std::string flipped = bytes;
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const char mask = static_cast<char>(1 << bit % 8);
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ mask);
    with(flipped, bit);
    flipped[bit / 8] = bytes[bit / 8];
  }
}

// The reason of a refusal; empty for success.
template <class T>
std::string ReasonOf(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

}  // namespace zonelink::ledger
