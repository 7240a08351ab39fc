// SPDX-License-Identifier: Apache-2.0
#include "ledger/sequencer.h"

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "ledger/domain/entry.h"
#include "ledger/tree_store.h"
#include "platform/crypto/crypto.h"
#include "platform/outbox/consumer.h"
#include "platform/rpc/timestamp.h"
#include "zonelink/events/v1/ledger_events.pb.h"

namespace zonelink::ledger {
namespace {

namespace pb = events::v1;

Result<NewLeaf> MakeLeaf(const pb::Event& event) {
  if (!event.salt().empty() && event.salt().size() != kSaltBytes) {
    return Internal("an event whose salt is not 32 bytes long");
  }
  // The event's salt is gone already: its leaf shall be there, and link to nothing.
  const bool bare = event.salt().empty();
  const Entry entry{
      .event_id = event.event_id(),
      .type = event.type(),
      .at = ToTime(event.at()),
      .commitment = Commit(bare ? crypto::RandomBytes(kSaltBytes) : event.salt(), event.body())};
  if (!entry.Valid()) return Internal("an event whose id or type no entry can hold");
  NewLeaf leaf{.event_id = event.event_id(),
               .entry = entry.Format(),
               .hash = {},
               .recorded_at = ToTime(event.recorded_at()),
               .subject = event.subject(),
               .version = event.version(),
               .parties = outbox::PartiesText(event),
               .salt = event.salt(),
               .event = bare ? std::string_view() : event.body()};
  leaf.hash = LeafHash(leaf.entry);
  return leaf;
}

Result<std::vector<NewLeaf>> NewLeaves(db::Tx& tx, std::span<const pb::Event> events) {
  db::Uuids ids;
  for (const pb::Event& event : events) ids.texts.push_back(event.event_id());
  const auto known = KnownEvents(tx, ids);
  std::unordered_set<std::string_view> met;
  std::vector<NewLeaf> leaves;
  leaves.reserve(events.size());
  for (const pb::Event& event : events) {
    if (!met.insert(event.event_id()).second || known.count(event.event_id()) > 0) continue;
    auto leaf = MakeLeaf(event);
    if (!leaf) return std::move(leaf).error();
    leaves.push_back(*std::move(leaf));
  }
  return leaves;
}

// Hashes of the tiles that `leaves` fill. Most batches fill none and need not read the edge.
Result<std::vector<TileNode>> Filled(db::Tx& tx, uint64_t size, std::span<const NewLeaf> leaves) {
  if (size % kTileWidth + leaves.size() < kTileWidth) return std::vector<TileNode>();
  Edge edge = ReadEdge(tx, size);
  if (!edge.Whole()) return Internal("the tree lacks rows at its right edge");
  std::vector<Hash> hashes;
  for (const NewLeaf& leaf : leaves) hashes.push_back(leaf.hash);
  return Append(edge, hashes);
}

Status EraseDestroyed(db::Tx& tx, std::span<const pb::Event> events) {
  std::vector<std::string> destroyed;
  for (const pb::Event& event : events) {
    if (event.type() != kSaltDestroyed) continue;
    pb::SaltDestroyed body;
    if (!body.ParseFromString(event.body())) return Internal("a salt event that cannot be read");
    destroyed.push_back(body.event_id());
  }
  if (!destroyed.empty()) EraseContents(tx, destroyed);
  return Done{};
}

}  // namespace

Status Integrate(db::Tx& tx, std::string_view source, std::span<const pb::Event> events) {
  const uint64_t size = LockTree(tx);
  const auto leaves = NewLeaves(tx, events);
  if (!leaves) return leaves.error();
  if (!leaves->empty()) {
    const auto filled = Filled(tx, size, *leaves);
    if (!filled) return filled.error();
    AddLeaves(tx, size, source, *leaves);
    if (!filled->empty()) AddNodes(tx, *filled);
    SetTreeSize(tx, size + leaves->size());
  }
  if (source != kSource) return Done{};
  return EraseDestroyed(tx, events);
}

}  // namespace zonelink::ledger
