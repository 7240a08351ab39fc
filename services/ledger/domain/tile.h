// SPDX-License-Identifier: Apache-2.0
// How a tree is cut into tiles and bundles of entries, and what their paths are: C2SP tlog-tiles
// (https://c2sp.org/tlog-tiles).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/merkle.h"

namespace zonelink::ledger {

inline constexpr unsigned kTileHeight = 8;
inline constexpr uint64_t kTileWidth = 256;
inline constexpr unsigned kMaxTileLevel = 7;  // 256^8 leaves are all that a 64-bit size can count

// A place in a level; `width` hashes or entries, 1 to 256. 256 is the full tile.
struct TilePlace {
  uint64_t index = 0;
  unsigned width = kTileWidth;
  friend bool operator==(const TilePlace&, const TilePlace&) = default;
};

// `x001/x234/067` or `x001/x234/067.p/17`.
std::string FormatPlace(const TilePlace& place);
// Nothing unless `text` is exactly what FormatPlace makes of the result.
std::optional<TilePlace> ParsePlace(std::string_view text);
// `0` to `63` without leading zeroes.
std::optional<unsigned> ParseTileLevel(std::string_view text);

std::string TilePath(unsigned level, const TilePlace& place);  // tile/0/x001/x234/067
std::string EntriesPath(const TilePlace& place);               // tile/entries/x001/x234/067

// How many hashes the tile has in a tree of `size` leaves; 0: there is no such tile.
unsigned TileWidthAt(unsigned level, uint64_t index, uint64_t size);
// The tile that holds a node, as wide as a tree of `size` leaves makes it, and its level.
struct TileOfNode {
  unsigned level = 0;
  TilePlace place;
};
TileOfNode TileFor(const NodeId& node, uint64_t size);
// The node's hash out of its tile's hashes; nothing when the tile does not reach that far.
std::optional<Hash> NodeInTile(const NodeId& node, std::span<const Hash> tile);

std::string EncodeTile(std::span<const Hash> hashes);
// InvalidArgument `TILE_INVALID` unless there are exactly `width` hashes.
Result<std::vector<Hash>> DecodeTile(std::string_view bytes, unsigned width);

inline constexpr size_t kMaxEntryBytes = 65535;
// Entries with a big-endian 16-bit length before each.
std::string EncodeBundle(std::span<const std::string> entries);
// InvalidArgument `BUNDLE_INVALID` unless there are exactly `width` entries and nothing after them.
Result<std::vector<std::string>> DecodeBundle(std::string_view bytes, unsigned width);

}  // namespace zonelink::ledger
