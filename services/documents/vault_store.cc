// SPDX-License-Identifier: Apache-2.0
#include "documents/vault_store.h"

namespace zonelink::documents::vault_store {
namespace {

Error Unknown() { return NotFound("DOCUMENT_NOT_FOUND", "no document has this hash"); }

}  // namespace

constexpr db::Sql kList{"documents.list", R"sql(
SELECT document_id, organization_id, sha256, title, kind, media_type, size_bytes, valid_from, valid_until, chunk_bytes,
       user_id, started_at, stored_at, version, changed_at,
       (SELECT count(*) FROM document_grants g
         WHERE g.sha256 = d.sha256 AND g.organization_id = d.organization_id) AS cases
  FROM documents d
 WHERE organization_id = current_organization() AND stored_at IS NOT NULL
   AND ($1 = '' OR kind = $1)
   AND ($2::date IS NULL OR (coalesce(valid_from, '-infinity') <= $2::date AND coalesce(valid_until, 'infinity') >= $2::date))
   AND (stored_at, document_id) < (coalesce(nullif($3, '')::timestamptz, 'infinity'), $4)
 ORDER BY stored_at DESC, document_id DESC LIMIT $5::integer)sql"};

std::vector<Listed> List(db::Tx& tx, const Filter& filter) {
  const db::Rows rows =
      tx.Exec(kList, filter.kind, filter.day, filter.stored_before, filter.id_before, filter.limit);
  tx.End();
  std::vector<Listed> listed;
  for (size_t i = 0; i < rows.size(); ++i) {
    listed.push_back(
        {.document = document_store::ReadDocument(rows[i]), .cases = rows[i].Int("cases")});
  }
  return listed;
}

constexpr db::Sql kCountCases{"grants.count", R"sql(
SELECT count(*) AS cases FROM document_grants WHERE sha256 = $1 AND organization_id = current_organization())sql"};

int64_t CountCases(db::Tx& tx, const std::string& sha256) {
  return tx.Exec(kCountCases, sha256)[0].Int("cases");
}

// The own document before those of others that a case shows.
constexpr db::Sql kFindReadable{"documents.find_readable", R"sql(
SELECT document_id, d.organization_id, d.sha256, title, kind, media_type, size_bytes, valid_from, valid_until,
       chunk_bytes, user_id, started_at, stored_at, version, changed_at, key_id, wrapped_key,
       coalesce(g.case_id, '') AS case_id, d.organization_id = current_organization() AS own
  FROM documents d
  LEFT JOIN LATERAL (SELECT case_id, granted_at FROM document_grants g
                      WHERE g.sha256 = d.sha256 AND g.organization_id = d.organization_id
                        AND ($2 = '' OR g.case_id = $2)
                      ORDER BY granted_at DESC, case_id DESC LIMIT 1) AS g ON true
 WHERE d.sha256 = $1 AND stored_at IS NOT NULL AND ($2 = '' OR g.case_id IS NOT NULL)
 ORDER BY own DESC, g.granted_at DESC NULLS LAST, document_id LIMIT 1)sql"};

Result<Readable> FindReadable(db::Tx& tx, const std::string& sha256, const std::string& case_id) {
  const db::Rows rows = tx.Exec(kFindReadable, sha256, case_id);
  if (rows.empty()) return Unknown();
  const db::Row row = rows[0];
  Readable readable{
      .kept = {.document = document_store::ReadDocument(row),
               .key = {.key_id = row.Text("key_id"), .bytes = row.Blob("wrapped_key")}},
      .case_id = row.Text("case_id")};
  const bool needs_no_case = row.Bool("own") || tx.call().caller.HasRole("auditor");
  if (case_id.empty() && needs_no_case) readable.case_id.clear();
  return readable;
}

constexpr db::Sql kLockRead{"documents.lock_read", R"sql(
SELECT document_id, organization_id, sha256, title, kind, media_type, size_bytes, valid_from, valid_until, chunk_bytes,
       user_id, started_at, stored_at, version, changed_at
  FROM documents WHERE document_id = $1 AND stored_at IS NOT NULL FOR UPDATE)sql"};

constexpr db::Sql kRaise{"documents.raise", R"sql(
UPDATE documents SET version = $2::bigint, changed_at = $3::timestamptz WHERE document_id = $1)sql"};

constexpr db::Sql kRecord{"readings.record", R"sql(
INSERT INTO document_readings (reading_id, document_id, organization_id, sha256, read_at, user_id, name, zone,
                               reader_organization_id, case_id)
VALUES ($1, $2, $3, $4, $5::timestamptz, $6, $7, $8, $9, $10))sql"};

Result<Document> Record(db::Tx& tx, const DocumentId& id, const Reading& reading) {
  const db::Rows rows = tx.Exec(kLockRead, id.str());
  if (rows.empty()) return Unknown();
  Document document = document_store::ReadDocument(rows[0]);
  tx.NotBefore(document.changed_at);
  document.changed_at = tx.now();
  ++document.version;
  tx.Exec(kRaise, id.str(), document.version, document.changed_at);
  tx.Exec(kRecord, reading.reading_id, id.str(), document.organization_id, document.sha256,
          document.changed_at, reading.user_id, reading.name, reading.zone, reading.organization_id,
          reading.case_id);
  return document;
}

constexpr db::Sql kReadings{"readings.list", R"sql(
SELECT reading_id, read_at, user_id, name, zone, reader_organization_id, case_id
  FROM document_readings
 WHERE sha256 = $1 AND (read_at, reading_id) < (coalesce(nullif($2, '')::timestamptz, 'infinity'), $3)
 ORDER BY read_at DESC, reading_id DESC LIMIT $4::integer)sql"};

// Documents of others that a case shows are not the caller's to know of here.
constexpr db::Sql kKnown{"readings.known", R"sql(
SELECT 1 AS known FROM documents WHERE sha256 = $1 AND stored_at IS NOT NULL
   AND (organization_id = current_organization() OR 'auditor' = ANY (current_roles())) LIMIT 1)sql"};

Result<std::vector<Reading>> Readings(db::Tx& tx, const ReadingFilter& filter) {
  const db::Rows rows =
      tx.Exec(kReadings, filter.sha256, filter.read_before, filter.id_before, filter.limit);
  const db::Rows known = tx.Exec(kKnown, filter.sha256);
  tx.End();
  if (rows.empty() && known.empty()) return Unknown();
  std::vector<Reading> readings;
  for (size_t i = 0; i < rows.size(); ++i) {
    readings.push_back({.reading_id = rows[i].Text("reading_id"),
                        .read_at = rows[i].At("read_at"),
                        .user_id = rows[i].Text("user_id"),
                        .name = rows[i].Text("name"),
                        .zone = rows[i].Text("zone"),
                        .organization_id = rows[i].Text("reader_organization_id"),
                        .case_id = rows[i].Text("case_id")});
  }
  return readings;
}

// Rows that name all these parties already are left alone.
constexpr db::Sql kAddGrants{"grants.add", R"sql(
INSERT INTO document_grants AS g (sha256, organization_id, case_id, parties, granted_at)
SELECT sha256, organization_id, case_id, string_to_array(parties, ','), granted_at
  FROM (SELECT unnest($1::text[]) AS sha256, unnest($2::text[]) AS organization_id, unnest($3::text[]) AS case_id,
               unnest($4::text[]) AS parties, unnest($5::timestamptz[]) AS granted_at) AS new
ON CONFLICT ON CONSTRAINT document_grants_pk DO UPDATE
   SET parties = ARRAY(SELECT DISTINCT unnest(g.parties || excluded.parties))
 WHERE NOT excluded.parties <@ g.parties)sql"};

void AddGrants(db::Tx& tx, const std::map<GrantKey, Grant>& grants) {
  if (grants.empty()) return;
  std::vector<std::string_view> hashes, organizations, cases, parties;
  std::vector<Time> times;
  for (const auto& [key, grant] : grants) {
    hashes.push_back(std::get<0>(key));
    organizations.push_back(std::get<1>(key));
    cases.push_back(std::get<2>(key));
    parties.push_back(grant.parties);
    times.push_back(grant.granted_at);
  }
  tx.Exec(kAddGrants, hashes, organizations, cases, parties, times);
}

}  // namespace zonelink::documents::vault_store
