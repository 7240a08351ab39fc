// SPDX-License-Identifier: Apache-2.0
// Reads the tree's tiles and keeps those read last: what a proof needs is mostly at hand. Tiles
// only grow, so what is kept stays true.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "ledger/domain/tile.h"
#include "ledger/edge.h"
#include "platform/db/database.h"

namespace zonelink::ledger {

using TileHashes = std::shared_ptr<const std::vector<Hash>>;  // shared with readers when dropped

class TreeReader {
 public:
  explicit TreeReader(db::Database& database) : database_(database) {}
  TreeReader(const TreeReader&) = delete;

  // `place.width` hashes of a tile or more of them; the tree must reach that far. Internal when it
  // does not.
  Result<TileHashes> Tile(unsigned level, const TilePlace& place);
  // A perfect subtree of the tree of `size` leaves.
  Result<Hash> Node(const NodeId& node, uint64_t size);
  // Tiles that somebody has just read.
  void Keep(const Edge& edge);

 private:
  using Key = std::pair<unsigned, uint64_t>;  // level, index
  struct Kept {
    Key key;
    TileHashes hashes;
  };
  TileHashes Find(const Key& key, unsigned width);
  void Keep(const Key& key, TileHashes hashes);

  db::Database& database_;
  std::mutex mutex_;
  std::list<Kept> kept_;  // used last first
  std::map<Key, std::list<Kept>::iterator> places_;
};

}  // namespace zonelink::ledger
