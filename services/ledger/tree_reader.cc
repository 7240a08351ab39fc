// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree_reader.h"

#include "ledger/public_call.h"
#include "ledger/tree_store.h"

namespace zonelink::ledger {
namespace {

constexpr size_t kMostTiles = 2048;  // of at most 8 KiB

}  // namespace

Result<TileHashes> TreeReader::Tile(unsigned level, const TilePlace& place) {
  const Key key{level, place.index};
  if (auto found = Find(key, place.width)) return found;
  auto read = database_.Query(PublicCall(), [&](db::Tx& tx) -> Result<std::vector<Hash>> {
    return ReadTile(tx, level, place);
  });
  if (!read) return std::move(read).error();
  if (read->size() != place.width) return Internal("the tree lacks hashes of a tile");
  auto hashes = std::make_shared<const std::vector<Hash>>(*std::move(read));
  Keep(key, hashes);
  return hashes;
}

Result<Hash> TreeReader::Node(const NodeId& node, uint64_t size) {
  const TileOfNode at = TileFor(node, size);
  const auto tile = Tile(at.level, at.place);
  if (!tile) return tile.error();
  const auto hash = NodeInTile(node, **tile);
  if (!hash) return Internal("a node beyond its tile");
  return *hash;
}

void TreeReader::Keep(const Edge& edge) {
  for (unsigned level = 0; level <= kMaxTileLevel; ++level) {
    if (edge.tiles[level].empty()) continue;
    Keep({level, (edge.size >> (level * kTileHeight)) / kTileWidth},
         std::make_shared<const std::vector<Hash>>(edge.tiles[level]));
  }
}

TileHashes TreeReader::Find(const Key& key, unsigned width) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(key);
  if (found == places_.end() || found->second->hashes->size() < width) return nullptr;
  kept_.splice(kept_.begin(), kept_, found->second);
  return found->second->hashes;
}

void TreeReader::Keep(const Key& key, TileHashes hashes) {
  const std::lock_guard lock(mutex_);
  if (const auto found = places_.find(key); found != places_.end()) {
    if (found->second->hashes->size() >= hashes->size()) return;
    kept_.erase(found->second);
  }
  kept_.push_front({key, std::move(hashes)});
  places_[key] = kept_.begin();
  if (kept_.size() <= kMostTiles) return;
  places_.erase(kept_.back().key);
  kept_.pop_back();
}

}  // namespace zonelink::ledger
