// SPDX-License-Identifier: Apache-2.0
#include "ledger/domain/tile.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "platform/core/check.h"

namespace zonelink::ledger {
namespace {

constexpr size_t kHashBytes = sizeof(Hash);
constexpr size_t kLengthBytes = 2;
constexpr size_t kGroupDigits = 3;
constexpr std::string_view kPartial = ".p/";

// Digits only, whole text, no overflow.
template <class Integer>
std::optional<Integer> Number(std::string_view digits) {
  Integer value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string FormatPlace(const TilePlace& place) {
  ZL_CHECK(place.width >= 1 && place.width <= kTileWidth, "a tile has 1 to 256 hashes");
  std::string text = fmt::format("{:03}", place.index % 1000);
  for (uint64_t rest = place.index / 1000; rest > 0; rest /= 1000) {
    text = fmt::format("x{:03}/{}", rest % 1000, text);
  }
  if (place.width != kTileWidth) text += fmt::format("{}{}", kPartial, place.width);
  return text;
}

std::optional<TilePlace> ParsePlace(std::string_view text) {
  TilePlace place;
  std::string_view path = text;
  if (const size_t at = text.find(kPartial); at != std::string_view::npos) {
    const auto width = Number<unsigned>(text.substr(at + kPartial.size()));
    if (!width || *width < 1 || *width >= kTileWidth) return std::nullopt;
    place.width = *width;
    path = text.substr(0, at);
  }
  std::string digits;
  for (; path.starts_with('x') && path.find('/') == 1 + kGroupDigits;
       path.remove_prefix(kGroupDigits + 2)) {
    digits += path.substr(1, kGroupDigits);
  }
  digits += path;
  const auto index = Number<uint64_t>(digits);
  if (!index) return std::nullopt;
  place.index = *index;
  if (FormatPlace(place) != text) return std::nullopt;
  return place;
}

std::optional<unsigned> ParseTileLevel(std::string_view text) {
  constexpr unsigned kLastLevel = 63;
  const auto level = Number<unsigned>(text);
  if (!level || *level > kLastLevel || fmt::to_string(*level) != text) return std::nullopt;
  return level;
}

std::string TilePath(unsigned level, const TilePlace& place) {
  return fmt::format("tile/{}/{}", level, FormatPlace(place));
}

std::string EntriesPath(const TilePlace& place) { return "tile/entries/" + FormatPlace(place); }

unsigned TileWidthAt(unsigned level, uint64_t index, uint64_t size) {
  if (level > kMaxTileLevel) return 0;
  const uint64_t hashes = size >> (level * kTileHeight);
  if (index > hashes / kTileWidth) return 0;
  return static_cast<unsigned>(std::min(kTileWidth, hashes - index * kTileWidth));
}

TileOfNode TileFor(const NodeId& node, uint64_t size) {
  const unsigned level = node.level / kTileHeight;
  const uint64_t index = node.index >> (kTileHeight - node.level % kTileHeight);
  return {.level = level, .place = {.index = index, .width = TileWidthAt(level, index, size)}};
}

std::optional<Hash> NodeInTile(const NodeId& node, std::span<const Hash> tile) {
  const unsigned height = node.level % kTileHeight;
  const uint64_t first = (node.index << height) % kTileWidth;
  const uint64_t count = uint64_t{1} << height;
  if (first + count > tile.size()) return std::nullopt;
  return RootOf(tile.subspan(first, count));
}

std::string EncodeTile(std::span<const Hash> hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * kHashBytes);
  for (const Hash& hash : hashes) bytes += hash.view();
  return bytes;
}

Result<std::vector<Hash>> DecodeTile(std::string_view bytes, unsigned width) {
  if (bytes.size() != width * kHashBytes) {
    return InvalidArgument("TILE_INVALID",
                           fmt::format("{} bytes are not {} hashes", bytes.size(), width));
  }
  std::vector<Hash> hashes(width);
  for (Hash& hash : hashes) {
    bytes.copy(hash.bytes.data(), kHashBytes);
    bytes.remove_prefix(kHashBytes);
  }
  return hashes;
}

std::string EncodeBundle(std::span<const std::string> entries) {
  std::string bytes;
  for (const std::string& entry : entries) {
    ZL_CHECK(entry.size() <= kMaxEntryBytes, "an entry has at most 65,535 bytes");
    bytes += static_cast<char>(entry.size() >> 8);
    bytes += static_cast<char>(entry.size() & 255);
    bytes += entry;
  }
  return bytes;
}

Result<std::vector<std::string>> DecodeBundle(std::string_view bytes, unsigned width) {
  const auto invalid = [&](std::string_view what, size_t at) {
    return InvalidArgument("BUNDLE_INVALID",
                           fmt::format("{} after {} of {} entries", what, at, width));
  };
  std::vector<std::string> entries;
  entries.reserve(width);
  while (entries.size() < width) {
    if (bytes.size() < kLengthBytes) return invalid("no length", entries.size());
    const size_t length = static_cast<uint8_t>(bytes[0]) * 256u + static_cast<uint8_t>(bytes[1]);
    bytes.remove_prefix(kLengthBytes);
    if (bytes.size() < length) return invalid("the bundle is cut", entries.size());
    entries.emplace_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  if (!bytes.empty()) return invalid("more bytes", entries.size());
  return entries;
}

}  // namespace zonelink::ledger
