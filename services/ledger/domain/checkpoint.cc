// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/checkpoint.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "platform/core/check.h"

namespace zonelink::ledger {
namespace {

Error CheckpointInvalid(std::string message) {
  return InvalidArgument("CHECKPOINT_INVALID", std::move(message));
}

// ASCII decimal without leading zeroes, up to 2^63 - 1.
std::optional<uint64_t> ParseSize(std::string_view text) {
  int64_t size = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (failed != std::errc{} || size < 0 || fmt::to_string(size) != text) return std::nullopt;
  return static_cast<uint64_t>(size);
}

// Nothing when a line is empty or the last one does not end.
std::optional<std::vector<std::string_view>> NonEmptyLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

Result<Checkpoint> Checkpoint::Parse(std::string_view text) {
  const auto lines = NonEmptyLines(text);
  if (!lines || lines->size() < 3) return CheckpointInvalid("not three lines or more with text");
  const auto size = ParseSize((*lines)[1]);
  if (!size) return CheckpointInvalid("the size is no decimal number below 2^63");
  const auto bytes = crypto::Base64Decode((*lines)[2]);
  const auto root = bytes ? Hash::From(*bytes) : std::nullopt;
  if (!root) return CheckpointInvalid("the root is not base64 of 32 bytes");
  return Checkpoint{.origin = std::string((*lines)[0]), .size = *size, .root = *root};
}

std::string Checkpoint::Format() const {
  return fmt::format("{}\n{}\n{}\n", origin, size, crypto::Base64Encode(root.view()));
}

Result<TrustedCheckpoint> OpenCheckpoint(std::string_view note, const TrustPolicy& policy) {
  auto parsed = Note::Parse(note);
  if (!parsed) return std::move(parsed).error();
  const auto log = VerifySignatures(*parsed, {&policy.log, 1});
  if (!log) return log.error();
  if (log->empty()) {
    return InvalidArgument("LOG_SIGNATURE_MISSING",
                           fmt::format("{} has not signed", policy.log.name),
                           {{"name", policy.log.name}});
  }
  auto checkpoint = Checkpoint::Parse(parsed->text);
  if (!checkpoint) return std::move(checkpoint).error();
  const std::string& origin = policy.origin.empty() ? policy.log.name : policy.origin;
  if (checkpoint->origin != origin) {
    return InvalidArgument("ORIGIN_MISMATCH",
                           fmt::format("is of {}, not of {}", checkpoint->origin, origin),
                           {{"origin", origin}});
  }
  auto cosigners = VerifySignatures(*parsed, policy.witnesses);
  if (!cosigners) return std::move(cosigners).error();
  if (cosigners->size() < policy.quorum) {
    return InvalidArgument("QUORUM_MISSING",
                           fmt::format("{} of {} cosignatures", cosigners->size(), policy.quorum),
                           {{"cosignatures", fmt::to_string(cosigners->size())},
                            {"quorum", fmt::to_string(policy.quorum)}});
  }
  return TrustedCheckpoint{.checkpoint = std::move(*checkpoint),
                           .note = std::move(*parsed),
                           .cosigners = std::move(*cosigners)};
}

Result<Fetched> FetchPlace(const Fetch& fetch, const TilePlace& place,
                           const std::function<std::string(const TilePlace&)>& path_of) {
  std::string path = path_of(place);
  auto bytes = fetch(path);
  if (bytes) {
    return Fetched{.path = std::move(path), .bytes = std::move(*bytes), .width = place.width};
  }
  if (bytes.error().code != Code::kNotFound || place.width == kTileWidth) {
    return std::move(bytes).error();
  }
  std::string full_path = path_of({.index = place.index});
  auto full = fetch(full_path);
  if (!full && full.error().code == Code::kNotFound) return std::move(bytes).error();
  if (!full) return std::move(full).error();
  return Fetched{.path = std::move(full_path), .bytes = std::move(*full), .width = kTileWidth};
}

TileReader::TileReader(const Checkpoint& checkpoint, Fetch fetch)
    : checkpoint_(checkpoint), fetch_(std::move(fetch)) {}

Result<Hash> TileReader::Read(NodeId node) {
  return CheckRoot().and_then([&](Done) { return NodeFromTile(node); });
}

Result<std::span<const Hash>> TileReader::ReadTile(unsigned level, uint64_t index) {
  return CheckRoot().and_then([&](Done) {
    return Tile(level, {.index = index, .width = TileWidthAt(level, index, checkpoint_.size)});
  });
}

// The root's nodes are exactly what the partial tiles hold, and those are the tiles that have none
// above them.
Status TileReader::CheckRoot() {
  if (root_checked_) return Done{};
  const auto root =
      RootAt(checkpoint_.size, [this](const NodeId& node) { return NodeFromTile(node); });
  if (!root) return root.error();
  root_checked_ = *root == checkpoint_.root;
  if (root_checked_) return Done{};
  tiles_.clear();
  return InvalidArgument(
      "ROOT_MISMATCH",
      fmt::format("the tiles of {} leaves do not make the checkpoint's root", checkpoint_.size));
}

void TileReader::ForgetBefore(uint64_t leaf) {
  for (auto tile = tiles_.begin(); tile != tiles_.end();) {
    const auto [level, index] = tile->first;
    const bool below = level < kMaxTileLevel && tile->second.size() == kTileWidth &&
                       index < leaf >> ((level + 1) * kTileHeight);
    tile = below ? tiles_.erase(tile) : std::next(tile);
  }
}

Result<std::span<const Hash>> TileReader::Tile(unsigned level, const TilePlace& place) {
  ZL_CHECK(place.width > 0, "the tree has no such node");
  const auto key = std::make_pair(level, place.index);
  if (const auto held = tiles_.find(key); held != tiles_.end()) {
    return std::span<const Hash>(held->second);
  }
  const auto fetched =
      FetchPlace(fetch_, place, [&](const TilePlace& at) { return TilePath(level, at); });
  if (!fetched) return fetched.error();
  const auto located = [&](Error error) {
    // The top level has one tile.
    const uint64_t leaf = level == kMaxTileLevel ? 0 : place.index << ((level + 1) * kTileHeight);
    error.metadata = {{"path", fetched->path}, {"index", fmt::to_string(leaf)}};
    return error;
  };
  auto hashes = DecodeTile(fetched->bytes, fetched->width);
  if (!hashes) return located(std::move(hashes).error());
  hashes->resize(place.width);
  if (place.width == kTileWidth) {
    const auto above = NodeFromTile({.level = (level + 1) * kTileHeight, .index = place.index});
    if (!above) return above.error();
    if (RootOf(*hashes) != *above) {
      return located(InvalidArgument(
          "TILE_MISMATCH", fmt::format("{} is not what the tile above says", fetched->path)));
    }
  }
  return std::span<const Hash>(tiles_[key] = std::move(*hashes));
}

Result<Hash> TileReader::NodeFromTile(const NodeId& node) {
  const TileOfNode where = TileFor(node, checkpoint_.size);
  const auto tile = Tile(where.level, where.place);
  if (!tile) return tile.error();
  const auto hash = NodeInTile(node, *tile);
  ZL_CHECK(hash.has_value(), "the tree has no such node");
  return *hash;
}

Status CheckConsistent(const Checkpoint& older, const Checkpoint& newer, const Fetch& fetch) {
  if (older.size == 0 && older.root == EmptyRoot()) return Done{};
  if (older.size == 0 || older.size >= newer.size) {
    return VerifyConsistency(older.size, older.root, newer.size, newer.root, {});
  }
  TileReader reader(newer, fetch);
  const auto proof = ConsistencyProof(older.size, newer.size,
                                      [&](const NodeId& node) { return reader.Read(node); });
  if (!proof) return proof.error();
  return VerifyConsistency(older.size, older.root, newer.size, newer.root, *proof);
}

}  // namespace zonelink::ledger
