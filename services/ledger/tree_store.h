// SPDX-License-Identifier: Apache-2.0
// The tables `tree`, `leaves`, `nodes` and `contents`.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/edge.h"
#include "platform/db/database.h"

namespace zonelink::ledger {

// One event as it enters the tree; refers to it. Without salt and event nobody will link it to its
// leaf.
struct NewLeaf {
  std::string_view event_id;
  std::string entry;
  Hash hash;
  Time recorded_at;
  std::string_view subject;
  int64_t version = 0;
  std::string parties;  // joined by commas
  std::string_view salt;
  std::string_view event;
};

struct StoredLeaf {
  std::string event_id;
  uint64_t index = 0;
  std::string source;
  std::string entry;
};

struct StoredContent {
  std::string source;
  std::string subject;
  int64_t version = 0;
  std::string salt;
  std::string event;
};

uint64_t TreeSize(db::Tx& tx);
// The same; others that append wait for this transaction.
uint64_t LockTree(db::Tx& tx);
void SetTreeSize(db::Tx& tx, uint64_t size);

// Of `event_ids` those that have a leaf.
std::set<std::string, std::less<>> KnownEvents(db::Tx& tx, const db::Uuids& event_ids);
// The edge of the tree as it was at `size`; not whole where rows are missing.
Edge ReadEdge(db::Tx& tx, uint64_t size);
void AddLeaves(db::Tx& tx, uint64_t first_index, std::string_view source,
               std::span<const NewLeaf> leaves);
void AddNodes(db::Tx& tx, std::span<const TileNode> nodes);
// Takes salts and events away for good.
void EraseContents(db::Tx& tx, const std::vector<std::string>& event_ids);

// The first `width` hashes of a tile; fewer where rows are missing.
std::vector<Hash> ReadTile(db::Tx& tx, unsigned level, const TilePlace& place);
std::vector<std::string> ReadEntries(db::Tx& tx, const TilePlace& place);

std::optional<StoredLeaf> FindLeaf(db::Tx& tx, const std::string& event_id);
// What the leaf commits to, where the caller may see it and it was not taken away.
std::optional<StoredContent> FindContent(db::Tx& tx, const std::string& event_id);

}  // namespace zonelink::ledger
