// SPDX-License-Identifier: Apache-2.0
#include "worklist/feed_store.h"

namespace zonelink::worklist {

constexpr db::Sql kAdd{"feed.add", R"sql(
INSERT INTO feed (event_id, source, type, subject, at, zone, state, parties)
VALUES ($1::uuid, $2, $3, $4, $5::timestamptz, $6, $7, $8::text[])
ON CONFLICT ON CONSTRAINT feed_event_id DO NOTHING)sql"};

bool AddToFeed(db::Tx& tx, const FeedEntry& entry, const std::vector<std::string>& parties) {
  return tx.Exec(kAdd, entry.event_id, entry.source, entry.type, entry.subject, entry.at,
                 entry.zone, entry.state, parties)
             .affected() == 1;
}

constexpr db::Sql kHead{"feed.head", R"sql(SELECT coalesce(max(seq), 0) AS seq FROM feed)sql"};

int64_t FeedHead(db::Tx& tx) { return tx.Exec(kHead)[0].Int("seq"); }

constexpr db::Sql kPosition{"feed.position",
                            R"sql(SELECT seq FROM feed WHERE event_id = $1::uuid)sql"};

std::optional<int64_t> FeedPosition(db::Tx& tx, const std::string& event_id) {
  const auto rows = tx.Exec(kPosition, event_id);
  if (rows.empty()) return std::nullopt;
  return rows[0].Int("seq");
}

constexpr db::Sql kAfter{"feed.after", R"sql(
SELECT seq, event_id::text, source, type, subject, at, zone, state
FROM feed WHERE seq > $1::bigint ORDER BY seq LIMIT $2::integer)sql"};

std::vector<FeedEntry> FeedAfter(db::Tx& tx, int64_t seq, int limit) {
  const auto rows = tx.Exec(kAfter, seq, limit);
  std::vector<FeedEntry> entries;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    entries.push_back({.seq = row.Int("seq"),
                       .event_id = row.Text("event_id"),
                       .source = row.Text("source"),
                       .type = row.Text("type"),
                       .subject = row.Text("subject"),
                       .at = row.At("at"),
                       .zone = row.Text("zone"),
                       .state = row.Text("state")});
  }
  return entries;
}

}  // namespace zonelink::worklist
