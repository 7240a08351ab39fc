// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/append.h"

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"

namespace zonelink::outbox {
namespace {

constexpr size_t kSaltBytes = 32;

}  // namespace

Entry MakeEntry(Draft draft, Time at, const google::protobuf::Message& body) {
  return {.event_id = crypto::NewUuid(at),
          .draft = std::move(draft),
          .at = at,
          .body = body.SerializeAsString(),
          .salt = crypto::RandomBytes(kSaltBytes)};
}

constexpr db::Sql kAppend{"events.append", R"sql(
  INSERT INTO events (event_id, subject, version, type, at, body, parties, salt)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

void Append(db::Tx& tx, const Entry& entry) {
  tx.Exec(kAppend, entry.event_id, entry.draft.subject, entry.draft.version, entry.draft.type,
          entry.at, db::Bytes{entry.body}, entry.draft.parties, db::Bytes{entry.salt});
  tx.MarkEvents();
}

std::string Append(db::Tx& tx, Draft draft, const google::protobuf::Message& body) {
  const Entry entry = MakeEntry(std::move(draft), tx.now(), body);
  Append(tx, entry);
  return entry.event_id;
}

// Held to the commit that follows, so that numbers become visible in their order. A statement of
// its own: the next one sees the numbers of whoever held the lock before.
constexpr db::Sql kLead{"events.lead_group", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/event numbers', 0))
)sql"};  // the same lock as in event_log.cc

// Arrays side by side in a SELECT list give one row per place without being stored first.
constexpr db::Sql kAppendFirst{"events.append_first", R"sql(
  INSERT INTO events (event_id, subject, version, type, at, body, parties, salt, number)
  SELECT event_id, subject, 1, type, at, body, parties::text[], salt,
         (SELECT coalesce(max(number), 0) FROM events) + place
    FROM (SELECT unnest($1::uuid[]) AS event_id, unnest($2::text[]) AS subject,
                 unnest($3::text[]) AS type, unnest($4::timestamptz[]) AS at,
                 unnest($5::bytea[]) AS body, unnest($6::text[]) AS parties,
                 unnest($7::bytea[]) AS salt, generate_subscripts($1::uuid[], 1) AS place) AS fresh
)sql"};

void AppendFirst(db::Tx& tx, std::span<const Entry* const> entries) {
  db::Uuids ids;
  std::vector<std::string_view> subjects, types;
  std::vector<std::string> parties;
  std::vector<Time> times;
  std::vector<db::Bytes> bodies, salts;
  for (const Entry* entry : entries) {
    ZL_CHECK(entry->draft.version == 1, "a subject's first event");
    ids.texts.push_back(entry->event_id);
    subjects.push_back(entry->draft.subject);
    types.push_back(entry->draft.type);
    times.push_back(entry->at);
    bodies.push_back({entry->body});
    parties.push_back(db::ArrayText(entry->draft.parties));
    salts.push_back({entry->salt});
  }
  tx.Exec(kLead);
  tx.Exec(kAppendFirst, ids, subjects, types, times, bodies, parties, salts);
  tx.MarkEvents();
}

}  // namespace zonelink::outbox
