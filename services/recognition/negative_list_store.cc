// SPDX-License-Identifier: Apache-2.0
#include "recognition/negative_list_store.h"

#include <fmt/format.h>

#include "recognition/events.h"

namespace zonelink::recognition::negative_list_store {
namespace {

ListEntry Read(const db::Row& row) {
  return {.list = row.Text("list"),
          .entry_id = row.Text("entry_id"),
          .version = static_cast<int>(row.Int("version")),
          .item_id = row.Text("item_id"),
          .name_zh = row.Text("name_zh"),
          .name_en = row.Text("name_en"),
          .predicate = row.Text("predicate"),
          .article = row.Text("article"),
          .source_status = row.Text("source_status"),
          .effective_from = row.Day("effective_from"),
          .effective_until = row.MaybeDay("effective_until"),
          .retired = row.Bool("retired"),
          .reason = row.Text("reason"),
          .published_at = row.At("published_at")};
}

}  // namespace

constexpr db::Sql kInsert{"negative_list.insert", R"sql(
  INSERT INTO negative_list_entries (list, entry_id, version, item_id, name_zh, name_en, predicate,
                                     article, source_status, effective_from, effective_until,
                                     retired, reason, published_by, published_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql"};

ListEntry Insert(db::Tx& tx, ListEntry entry, const Actor& by) {
  tx.Exec(kInsert, entry.list, entry.entry_id, entry.version, entry.item_id, entry.name_zh,
          entry.name_en, entry.predicate, entry.article, entry.source_status, entry.effective_from,
          entry.effective_until, entry.retired, entry.reason, by.user_id, entry.published_at);
  AppendNegativeListChanged(tx, entry, by);
  return entry;
}

constexpr db::Sql kGet{"negative_list.get", R"sql(
  SELECT list, entry_id, version, item_id, name_zh, name_en, predicate, article, source_status,
         effective_from, effective_until, retired, reason, published_at
    FROM negative_list_entries
   WHERE list = $1 AND entry_id = $2 AND ($3 = 0 OR version = $3) ORDER BY version DESC LIMIT 1
)sql"};

Result<ListEntry> Get(db::Tx& tx, const std::string& list, const std::string& entry_id,
                      int version) {
  const db::Rows rows = tx.Exec(kGet, list, entry_id, version);
  if (rows.empty()) {
    return NotFound("ENTRY_NOT_FOUND", fmt::format("no entry {} on the list {}", entry_id, list));
  }
  return Read(rows[0]);
}

constexpr db::Sql kLock{"negative_list.lock", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended('negativeLists/' || $1 || '/' || $2, 0))
)sql"};

std::optional<ListEntry> Lock(db::Tx& tx, const std::string& list, const std::string& entry_id) {
  tx.Exec(kLock, list, entry_id);
  auto entry = Get(tx, list, entry_id);  // a statement of its own: it sees what the lock waited for
  if (!entry) return std::nullopt;
  tx.NotBefore(entry->published_at);
  return *std::move(entry);
}

constexpr db::Sql kList{"negative_list.list", R"sql(
  SELECT DISTINCT ON (entry_id)
         list, entry_id, version, item_id, name_zh, name_en, predicate, article, source_status,
         effective_from, effective_until, retired, reason, published_at
    FROM negative_list_entries
   WHERE list = $1 AND ($2 = '' OR item_id = $2) AND entry_id > $3
   ORDER BY entry_id, version DESC LIMIT $4
)sql"};

std::vector<ListEntry> List(db::Tx& tx, const Filter& filter) {
  const db::Rows rows = tx.Exec(kList, filter.list, filter.item_id, filter.after_id, filter.limit);
  std::vector<ListEntry> entries;
  for (size_t i = 0; i < rows.size(); ++i) entries.push_back(Read(rows[i]));
  return entries;
}

// A predicate that fails or cannot tell gives NULL: that is found, too.
constexpr db::Sql kScreen{"negative_list.screen", R"sql(
  WITH target AS (SELECT DISTINCT unnest($3::text[]) AS zone),
  asked AS (
    SELECT t.zone, 'LIST_ENTRY' AS kind, p.list, p.entry_id, p.version, p.name_zh, p.name_en,
           p.article, p.source_status, $4::jsonb @@ p.predicate::jsonpath AS answer
      FROM negative_list_periods p JOIN target t ON p.list IN ('common', t.zone)
     WHERE p.item_id = $1 AND $5::date BETWEEN p.first_day AND p.last_day
    UNION ALL
    SELECT r.target_zone, 'CONDITION', '', '', 0, '', '', '', '',
           $4::jsonb @@ nullif(r.condition, '')::jsonpath
      FROM agreement_routes r
     WHERE r.item_id = $1 AND r.home_zone = $2 AND r.target_zone = ANY ($3::text[])
       AND r.in_force AND $5::date BETWEEN r.valid_from AND r.valid_until AND r.condition <> '')
  SELECT zone, kind, list, entry_id, version, name_zh, name_en, article, source_status,
         CASE WHEN answer IS NULL THEN 'UNKNOWN' WHEN answer THEN 'HIT' ELSE 'NOT_MET' END AS outcome
    FROM asked
   WHERE answer IS DISTINCT FROM (kind = 'CONDITION')
   ORDER BY zone, kind DESC, list, entry_id
)sql"};

db::Rows AskScreening(db::Tx& tx, const Case& screened, Date today) {
  return tx.Exec(kScreen, screened.item_id, screened.home_zone, screened.target_zones,
                 ToJson(screened.attributes), today);
}

std::vector<Finding> Screen(db::Tx& tx, const Case& screened, Date today) {
  return ReadFindings(AskScreening(tx, screened, today));
}

std::vector<Finding> ReadFindings(const db::Rows& rows) {
  std::vector<Finding> findings;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    findings.push_back({.zone = row.Text("zone"),
                        .kind = FindingKindNamed(row.Text("kind")),
                        .outcome = FindingOutcomeNamed(row.Text("outcome")),
                        .list = row.Text("list"),
                        .entry_id = row.Text("entry_id"),
                        .entry_version = static_cast<int>(row.Int("version")),
                        .name_zh = row.Text("name_zh"),
                        .name_en = row.Text("name_en"),
                        .article = row.Text("article"),
                        .source_status = row.Text("source_status")});
  }
  return findings;
}

// The rows without an entry are those of whole filings. Sums are whole fen until they are shown; an
// investment that is no decimal, or below 0, adds nothing.
constexpr db::Sql kCountHits{"negative_list.count_hits", R"sql(
  WITH found AS (
    SELECT f.filing_id, x."entryId" AS entry_id, x.outcome,
           CASE WHEN f.attributes->>'investment' ~ '^[0-9]{1,36}([.][0-9]{1,36})?$'
                THEN round((f.attributes->>'investment')::numeric * 100) ELSE 0 END AS fen
      FROM decisions d
      JOIN filings f ON f.filing_id = d.filing_id
     CROSS JOIN LATERAL jsonb_to_recordset(d.screening)
                     AS x (kind text, outcome text, list text, "entryId" text)
     WHERE d.screening IS NOT NULL AND x.kind = 'LIST_ENTRY' AND x.list = $1
       AND ($2::date IS NULL OR f.submitted_at >= ($2::date)::timestamp AT TIME ZONE 'Asia/Shanghai')
       AND ($3::date IS NULL OR f.submitted_at < ($3::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')),
  once AS (
    SELECT entry_id, filing_id, bool_or(outcome = 'HIT') AS hit, max(fen) AS fen
      FROM found GROUP BY GROUPING SETS ((entry_id, filing_id), (filing_id)))
  SELECT coalesce(entry_id, '') AS entry_id, count(*) FILTER (WHERE hit) AS filings,
         count(*) FILTER (WHERE NOT hit) AS unknown,
         round(coalesce(sum(fen) FILTER (WHERE hit), 0) / 100, 2)::text AS invested_yuan
    FROM once GROUP BY once.entry_id ORDER BY once.entry_id NULLS LAST
)sql"};

std::vector<Hits> CountHits(db::Tx& tx, const std::string& list, std::optional<Date> from,
                            std::optional<Date> until) {
  const db::Rows rows = tx.Exec(kCountHits, list, from, until);
  std::vector<Hits> hits;
  for (size_t i = 0; i < rows.size(); ++i) {
    hits.push_back({rows[i].Text("entry_id"), rows[i].Int("filings"), rows[i].Int("unknown"),
                    rows[i].Text("invested_yuan")});
  }
  if (hits.empty()) hits.push_back({.invested_yuan = "0.00"});
  return hits;
}

}  // namespace zonelink::recognition::negative_list_store
