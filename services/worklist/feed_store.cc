// SPDX-License-Identifier: Apache-2.0
#include "worklist/feed_store.h"

namespace zonelink::worklist {

constexpr db::Sql kIn{"feed.in", R"sql(
SELECT event_id::text FROM feed WHERE event_id = ANY ($1::uuid[]))sql"};

std::set<std::string, std::less<>> InFeed(db::Tx& tx, std::span<const NewFeedEntry> entries) {
  db::Uuids ids;
  for (const NewFeedEntry& entry : entries) ids.texts.push_back(entry.event_id);
  const auto rows = tx.Exec(kIn, ids);
  std::set<std::string, std::less<>> found;
  for (size_t i = 0; i < rows.size(); ++i) found.insert(rows[i].Text("event_id"));
  return found;
}

// Arrays side by side in a SELECT list give their rows in order, without storing them first.
constexpr db::Sql kAdd{"feed.add", R"sql(
INSERT INTO feed (event_id, source, type, subject, at, zone, state, parties)
SELECT event_id, $1, type, subject, at, zone, state, string_to_array(parties, ',')
FROM (SELECT unnest($2::uuid[]) AS event_id, unnest($3::text[]) AS type, unnest($4::text[]) AS subject,
             unnest($5::timestamptz[]) AS at, unnest($6::text[]) AS zone, unnest($7::text[]) AS state,
             unnest($8::text[]) AS parties) AS new)sql"};

void AddToFeed(db::Tx& tx, std::string_view source, std::span<const NewFeedEntry> entries) {
  db::Uuids ids;
  std::vector<std::string_view> types, subjects, zones, states, parties;
  std::vector<Time> times;
  for (const NewFeedEntry& entry : entries) {
    ids.texts.push_back(entry.event_id);
    types.push_back(entry.type);
    subjects.push_back(entry.subject);
    times.push_back(entry.at);
    zones.push_back(entry.zone);
    states.push_back(entry.state);
    parties.push_back(entry.parties);
  }
  tx.Exec(kAdd, source, ids, types, subjects, times, zones, states, parties);
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
