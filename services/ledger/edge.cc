// SPDX-License-Identifier: Apache-2.0
#include "ledger/edge.h"

#include "platform/core/check.h"

namespace zonelink::ledger {

bool Edge::Whole() const {
  for (unsigned level = 0; level <= kMaxTileLevel; ++level) {
    if (tiles[level].size() != (size >> (level * kTileHeight)) % kTileWidth) return false;
  }
  return true;
}

Hash Edge::Root() const {
  const auto root = RootAt(size, [&](NodeId node) -> Result<Hash> {
    const auto hash = NodeInTile(node, tiles[node.level / kTileHeight]);
    ZL_CHECK(hash.has_value(), "the edge is whole");
    return *hash;
  });
  ZL_CHECK(root.has_value(), "the edge refuses nothing");
  return *root;
}

std::vector<TileNode> Append(Edge& edge, std::span<const Hash> leaves) {
  std::vector<TileNode> filled;
  std::vector<Hash> added(leaves.begin(), leaves.end());
  for (unsigned level = 0; level <= kMaxTileLevel && !added.empty(); ++level) {
    std::vector<Hash>& tile = edge.tiles[level];
    uint64_t index = (edge.size >> (level * kTileHeight)) / kTileWidth;
    std::vector<Hash> above;
    for (const Hash& hash : added) {
      tile.push_back(hash);
      if (tile.size() < kTileWidth) continue;
      above.push_back(RootOf(tile));
      filled.push_back({.level = level + 1, .index = index++, .hash = above.back()});
      tile.clear();
    }
    added = std::move(above);
  }
  edge.size += leaves.size();
  return filled;
}

}  // namespace zonelink::ledger
