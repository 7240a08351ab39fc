// SPDX-License-Identifier: Apache-2.0
#include "worklist/feed_store.h"

namespace zonelink::worklist {

// Each element of `parties` is an array in text form.
constexpr db::Sql kAdd{"feed.add", R"sql(
INSERT INTO feed (event_id, source, type, subject, at, zone, state, parties)
SELECT event_id, source, type, subject, at, zone, state, parties::text[]
FROM unnest(($1::text[])::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])
     WITH ORDINALITY AS new (event_id, source, type, subject, at, zone, state, parties, n)
ORDER BY n
ON CONFLICT ON CONSTRAINT feed_event_id DO NOTHING RETURNING event_id::text)sql"};

std::set<std::string> AddToFeed(db::Tx& tx, std::span<const NewFeedEntry> entries) {
  std::vector<std::string> ids, sources, types, subjects, zones, states, parties;
  std::vector<Time> times;
  for (const auto& [entry, seen_by] : entries) {
    ids.push_back(entry.event_id);
    sources.push_back(entry.source);
    types.push_back(entry.type);
    subjects.push_back(entry.subject);
    times.push_back(entry.at);
    zones.push_back(entry.zone);
    states.push_back(entry.state);
    parties.push_back(db::ArrayText(seen_by));
  }
  const auto rows = tx.Exec(kAdd, ids, sources, types, subjects, times, zones, states, parties);
  std::set<std::string> added;
  for (size_t i = 0; i < rows.size(); ++i) added.insert(rows[i].Text("event_id"));
  return added;
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
