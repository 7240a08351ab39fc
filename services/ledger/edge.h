// SPDX-License-Identifier: Apache-2.0
// The right edge of the tree: the tiles that are not full yet, one per level. All that appending
// and the root need, whatever the size of the tree.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/domain/merkle.h"
#include "ledger/domain/tile.h"

namespace zonelink::ledger {

struct Edge {
  uint64_t size = 0;  // of the tree
  // Per level the hashes of the last tile; none where all tiles of the level are full.
  std::array<std::vector<Hash>, kMaxTileLevel + 1> tiles;

  // Every level has as many hashes as `size` asks for.
  bool Whole() const;
  // Of the tree; `Whole`.
  Hash Root() const;
};

// A hash of a tile above the leaves.
struct TileNode {
  unsigned level = 0;  // of the tile, from 1
  uint64_t index = 0;
  Hash hash;
};

// Adds leaves and returns the hashes of the tiles that they fill, lower levels first.
std::vector<TileNode> Append(Edge& edge, std::span<const Hash> leaves);

}  // namespace zonelink::ledger
