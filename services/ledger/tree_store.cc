// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree_store.h"

#include "platform/core/check.h"

namespace zonelink::ledger {
namespace {

int64_t Signed(uint64_t number) { return static_cast<int64_t>(number); }

std::vector<Hash> Hashes(const std::string& bytes) {
  auto hashes = DecodeTile(bytes, static_cast<unsigned>(bytes.size() / sizeof(Hash)));
  ZL_CHECK(hashes.has_value(), "the tables hold hashes of 32 bytes");
  return *std::move(hashes);
}

}  // namespace

constexpr db::Sql kSize{"tree.size", "SELECT size FROM tree"};

uint64_t TreeSize(db::Tx& tx) { return static_cast<uint64_t>(tx.Exec(kSize)[0].Int("size")); }

constexpr db::Sql kLock{"tree.lock", "SELECT size FROM tree FOR UPDATE"};

uint64_t LockTree(db::Tx& tx) { return static_cast<uint64_t>(tx.Exec(kLock)[0].Int("size")); }

constexpr db::Sql kGrow{"tree.grow", "UPDATE tree SET size = $1"};

void SetTreeSize(db::Tx& tx, uint64_t size) { tx.Exec(kGrow, Signed(size)); }

constexpr db::Sql kKnown{"leaves.known",
                         "SELECT event_id::text FROM leaves WHERE event_id = ANY ($1::uuid[])"};

std::set<std::string, std::less<>> KnownEvents(db::Tx& tx, const db::Uuids& event_ids) {
  const db::Rows rows = tx.Exec(kKnown, event_ids);
  std::set<std::string, std::less<>> known;
  for (size_t i = 0; i < rows.size(); ++i) known.insert(rows[i].Text("event_id"));
  return known;
}

// Level 7 would begin to fill with 2^56 leaves.
constexpr db::Sql kEdge{"tree.edge", R"sql(
SELECT 0 AS level, coalesce(string_agg(hash, ''::bytea ORDER BY index), '') AS hashes
  FROM leaves WHERE index >= $1::bigint >> 8 << 8 AND index < $1::bigint
UNION ALL
SELECT levels.level, string_agg(nodes.hash, ''::bytea ORDER BY nodes.index)
  FROM generate_series(1, 6) AS levels (level)
  JOIN nodes ON nodes.level = levels.level AND nodes.index >= $1::bigint >> (8 * levels.level + 8) << 8
            AND nodes.index < $1::bigint >> (8 * levels.level)
 GROUP BY levels.level)sql"};

Edge ReadEdge(db::Tx& tx, uint64_t size) {
  const db::Rows rows = tx.Exec(kEdge, Signed(size));
  Edge edge{.size = size};
  for (size_t i = 0; i < rows.size(); ++i) {
    edge.tiles[static_cast<size_t>(rows[i].Int("level"))] = Hashes(rows[i].Blob("hashes"));
  }
  return edge;
}

// Arrays side by side in a SELECT list give one row per place without being stored first.
constexpr db::Sql kAddLeaves{"leaves.add", R"sql(
INSERT INTO leaves (index, event_id, source, entry, hash, recorded_at)
SELECT $1::bigint + place - 1, event_id, $2, entry, hash, recorded_at
FROM (SELECT generate_subscripts($3::uuid[], 1) AS place, unnest($3::uuid[]) AS event_id, unnest($4::bytea[]) AS entry,
             unnest($5::bytea[]) AS hash, unnest($6::timestamptz[]) AS recorded_at) AS new)sql"};

// An empty salt stands for none: arrays of parameters hold no NULL.
constexpr db::Sql kAddContents{"contents.add", R"sql(
INSERT INTO contents (event_id, index, source, subject, version, parties, salt, event)
SELECT event_id, $1::bigint + place - 1, $2, subject, version, string_to_array(parties, ','),
       nullif(salt, ''), CASE WHEN salt = '' THEN NULL ELSE event END
FROM (SELECT generate_subscripts($3::uuid[], 1) AS place, unnest($3::uuid[]) AS event_id, unnest($4::text[]) AS subject,
             unnest($5::bigint[]) AS version, unnest($6::text[]) AS parties, unnest($7::bytea[]) AS salt,
             unnest($8::bytea[]) AS event) AS new)sql"};

void AddLeaves(db::Tx& tx, uint64_t first_index, std::string_view source,
               std::span<const NewLeaf> leaves) {
  db::Uuids ids;
  std::vector<std::string_view> subjects, parties;
  std::vector<db::Bytes> entries, hashes, salts, events;
  std::vector<Time> times;
  std::vector<int64_t> versions;
  for (const NewLeaf& leaf : leaves) {
    ids.texts.push_back(leaf.event_id);
    entries.push_back({leaf.entry});
    hashes.push_back({std::string(leaf.hash.view())});
    times.push_back(leaf.recorded_at);
    subjects.push_back(leaf.subject);
    versions.push_back(leaf.version);
    parties.push_back(leaf.parties);
    salts.push_back({std::string(leaf.salt)});
    events.push_back({std::string(leaf.event)});
  }
  tx.Exec(kAddLeaves, Signed(first_index), source, ids, entries, hashes, times);
  tx.Exec(kAddContents, Signed(first_index), source, ids, subjects, versions, parties, salts,
          events);
}

constexpr db::Sql kAddNodes{"nodes.add", R"sql(
INSERT INTO nodes (level, index, hash)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]))sql"};

void AddNodes(db::Tx& tx, std::span<const TileNode> nodes) {
  std::vector<int64_t> levels, indexes;
  std::vector<db::Bytes> hashes;
  for (const TileNode& node : nodes) {
    levels.push_back(node.level);
    indexes.push_back(Signed(node.index));
    hashes.push_back({std::string(node.hash.view())});
  }
  tx.Exec(kAddNodes, levels, indexes, hashes);
}

constexpr db::Sql kErase{"contents.erase", R"sql(
UPDATE contents SET salt = NULL, event = NULL WHERE event_id = ANY (($1::text[])::uuid[]))sql"};

void EraseContents(db::Tx& tx, const std::vector<std::string>& event_ids) {
  tx.Exec(kErase, event_ids);
}

constexpr db::Sql kLeafHashes{"leaves.tile", R"sql(
SELECT coalesce(string_agg(hash, ''::bytea ORDER BY index), '') AS hashes
FROM leaves WHERE index >= $1::bigint AND index < $2::bigint)sql"};

constexpr db::Sql kNodeHashes{"nodes.tile", R"sql(
SELECT coalesce(string_agg(hash, ''::bytea ORDER BY index), '') AS hashes
FROM nodes WHERE index >= $1::bigint AND index < $2::bigint AND level = $3::smallint)sql"};

std::vector<Hash> ReadTile(db::Tx& tx, unsigned level, const TilePlace& place) {
  const int64_t from = Signed(place.index * kTileWidth);
  const int64_t to = from + place.width;
  return Hashes(level == 0
                    ? tx.Exec(kLeafHashes, from, to)[0].Blob("hashes")
                    : tx.Exec(kNodeHashes, from, to, static_cast<int>(level))[0].Blob("hashes"));
}

constexpr db::Sql kEntries{"leaves.entries", R"sql(
SELECT entry FROM leaves WHERE index >= $1::bigint AND index < $2::bigint ORDER BY index)sql"};

std::vector<std::string> ReadEntries(db::Tx& tx, const TilePlace& place) {
  const int64_t from = Signed(place.index * kTileWidth);
  const db::Rows rows = tx.Exec(kEntries, from, from + place.width);
  std::vector<std::string> entries;
  for (size_t i = 0; i < rows.size(); ++i) entries.push_back(rows[i].Blob("entry"));
  return entries;
}

constexpr db::Sql kFindLeaf{"leaves.find", R"sql(
SELECT event_id::text, index, source, entry FROM leaves WHERE event_id = $1::uuid)sql"};

std::optional<StoredLeaf> FindLeaf(db::Tx& tx, const std::string& event_id) {
  const db::Rows rows = tx.Exec(kFindLeaf, event_id);
  if (rows.empty()) return std::nullopt;
  return StoredLeaf{.event_id = rows[0].Text("event_id"),
                    .index = static_cast<uint64_t>(rows[0].Int("index")),
                    .source = rows[0].Text("source"),
                    .entry = rows[0].Blob("entry")};
}

constexpr db::Sql kFindContent{"contents.find", R"sql(
SELECT source, subject, version, salt, event FROM contents
WHERE event_id = $1::uuid AND salt IS NOT NULL)sql"};

std::optional<StoredContent> FindContent(db::Tx& tx, const std::string& event_id) {
  const db::Rows rows = tx.Exec(kFindContent, event_id);
  if (rows.empty()) return std::nullopt;
  return StoredContent{.source = rows[0].Text("source"),
                       .subject = rows[0].Text("subject"),
                       .version = rows[0].Int("version"),
                       .salt = rows[0].Blob("salt"),
                       .event = rows[0].Blob("event")};
}

}  // namespace zonelink::ledger
