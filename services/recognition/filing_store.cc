// SPDX-License-Identifier: Apache-2.0
#include "recognition/filing_store.h"

#include <unordered_map>

#include "recognition/attributes_json.h"
#include "recognition/decision_store.h"
#include "recognition/events.h"

namespace zonelink::recognition::filing_store {
namespace {

// Papers as the columns of one multi-row insert.
struct DocumentColumns {
  std::vector<std::string> titles, hashes, media_types, kinds;
  std::vector<int64_t> sizes;

  explicit DocumentColumns(const std::vector<Document>& documents) {
    for (const Document& document : documents) {
      titles.push_back(document.title);
      hashes.push_back(document.sha256);
      media_types.push_back(document.media_type);
      kinds.push_back(document.kind);
      sizes.push_back(document.size_bytes);
    }
  }
};

struct DecisionColumns {
  std::vector<std::string> zones, agreements, modes, states, numbers;

  explicit DecisionColumns(const std::vector<Decision>& decisions) {
    for (const Decision& decision : decisions) {
      zones.push_back(decision.zone);
      agreements.push_back(decision.agreement_id.str());
      modes.emplace_back(Name(decision.mode));
      states.emplace_back(Name(decision.state));
      numbers.push_back(decision.recognition_number);
    }
  }
};

Filing Read(const db::Row& row) {
  return {.id = FilingId(row.Text("filing_id")),
          .receipt_number = row.Text("receipt_number"),
          .state = FilingStateNamed(row.Text("state")),
          .version = row.Int("version"),
          .submitted_at = row.At("submitted_at"),
          .submitted_by = row.Text("submitted_by"),
          .item_id = row.Text("item_id"),
          .item_version = static_cast<int>(row.Int("item_version")),
          .item_name_zh = row.Text("item_name_zh"),
          .item_name_en = row.Text("item_name_en"),
          .home_zone = row.Text("home_zone"),
          .target_zones = row.Texts("target_zones"),
          .applicant = {row.Text("organization_id"), row.Text("applicant_uscc"),
                        row.Text("applicant_name")},
          .credential = {row.Text("credential_number"), row.Text("credential_issuer"),
                         row.Day("credential_issued_on"), row.Day("credential_valid_until")},
          .attributes = FromJson(row.Text("attributes")),
          .promised = row.Bool("promised")};
}

using DocumentsByFiling = std::unordered_map<std::string, std::vector<Document>>;

DocumentsByFiling DocumentsOf(db::Tx& tx, const std::vector<std::string>& filing_ids) {
  constexpr static db::Sql kDocuments{"filing.documents", R"sql(
    SELECT filing_id, title, sha256, media_type, size_bytes, kind
      FROM documents WHERE filing_id = ANY ($1::text[]) ORDER BY filing_id, position
  )sql"};
  const db::Rows rows = tx.Exec(kDocuments, filing_ids);
  DocumentsByFiling documents;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    documents[row.Text("filing_id")].push_back({row.Text("title"), row.Text("sha256"),
                                                row.Text("media_type"), row.Int("size_bytes"),
                                                row.Text("kind")});
  }
  return documents;
}

Error FilingNotFound() { return NotFound("FILING_NOT_FOUND", "no such filing"); }

}  // namespace

// The applicant's organisation stands in every row: the policies let callers write their own, the
// foreign keys prove that the filing is theirs.
constexpr db::Sql kInsert{"filing.insert", R"sql(
  WITH filing AS (
    INSERT INTO filings (filing_id, receipt_number, organization_id, state, version, submitted_at,
                         submitted_by, changed_at, item_id, item_version, home_zone, target_zones,
                         applicant_uscc, applicant_name, credential_number, credential_issuer,
                         credential_issued_on, credential_valid_until, attributes, promised)
    VALUES ($1, $2, $3, $4, 1, $5::timestamptz, $6, $5::timestamptz, $7, $8::integer, $9, $10,
            $11, $12, $13, $14, $15::date, $16::date, $17, $18)
  ), party AS (
    INSERT INTO filing_parties (filing_id, party, organization_id, submitted_at)
    SELECT $1, party, $3, $5::timestamptz FROM unnest($19::text[]) AS party
  ), decision AS (
    INSERT INTO decisions (filing_id, zone, organization_id, agreement_id, mode, state, version,
                           verifiers_needed, clock_budget, clock_started_at, recognition_number,
                           closed_at)
    SELECT $1, zone, $3, agreement_id, mode, state, 1, $25::integer,
           CASE WHEN mode = 'REVIEW' THEN $26::integer END,
           CASE WHEN mode = 'REVIEW' THEN $5::timestamptz END,
           nullif(number, ''), CASE WHEN number <> '' THEN $5::timestamptz END
      FROM unnest($20::text[], $21::text[], $22::text[], $23::text[], $24::text[])
           AS target (zone, agreement_id, mode, state, number)
  ), paper AS (
    INSERT INTO documents (filing_id, position, organization_id, title, sha256, media_type,
                           size_bytes, kind, added_at)
    SELECT $1, position, $3, title, sha256, media_type, size_bytes, kind, $5::timestamptz
      FROM unnest($28::text[], $29::text[], $30::text[], $31::bigint[], $32::text[])
           WITH ORDINALITY AS handed_in (title, sha256, media_type, size_bytes, kind, position)
  )
  INSERT INTO recognitions (number, filing_id, zone, organization_id, item_id, item_version,
                            home_zone, valid_from, valid_until, granted_at)
  SELECT number, $1, zone, $3, $7, $8::integer, $9, $27::date, $16::date, $5::timestamptz
    FROM unnest($20::text[], $24::text[]) AS target (zone, number) WHERE number <> ''
)sql"};

Filing Insert(db::Tx& tx, Filing f, const Actor& by) {
  const DecisionColumns decisions(f.decisions);
  const DocumentColumns papers(f.documents);
  const std::string& organization = f.applicant.organization_id;
  int budget_days = 0;
  for (const Decision& decision : f.decisions) {
    if (decision.clock) budget_days = decision.clock->budget_days;
  }
  tx.Exec(kInsert, f.id.str(), f.receipt_number, organization, Name(f.state), f.submitted_at,
          f.submitted_by, f.item_id, f.item_version, f.home_zone, f.target_zones, f.applicant.uscc,
          f.applicant.name, f.credential.number, f.credential.issuer, f.credential.issued_on,
          f.credential.valid_until, ToJson(f.attributes), f.promised,
          PartiesOf(organization, f.home_zone, f.target_zones), decisions.zones,
          decisions.agreements, decisions.modes, decisions.states, decisions.numbers,
          f.decisions[0].verifiers_needed, budget_days, ShanghaiDate(f.submitted_at), papers.titles,
          papers.hashes, papers.media_types, papers.sizes, papers.kinds);
  AppendFilingChanged(tx, "submitted", f, by, "");
  return f;
}

constexpr db::Sql kLoad{"filing.load", R"sql(
  SELECT f.filing_id, f.receipt_number, f.state, f.version, f.submitted_at, f.submitted_by,
         f.item_id, f.item_version, i.name_zh AS item_name_zh, i.name_en AS item_name_en,
         f.home_zone, f.target_zones, f.organization_id, f.applicant_uscc, f.applicant_name,
         f.credential_number, f.credential_issuer, f.credential_issued_on, f.credential_valid_until,
         f.attributes::text AS attributes, f.promised
    FROM unnest($1::text[]) WITH ORDINALITY AS asked (filing_id, place)
    JOIN filings f ON f.filing_id = asked.filing_id
    JOIN items i ON i.item_id = f.item_id AND i.version = f.item_version
   ORDER BY place
)sql"};

// In the order asked for; three statements whatever their number.
static std::vector<Filing> Load(db::Tx& tx, const std::vector<std::string>& ids) {
  const db::Rows rows = tx.Exec(kLoad, ids);
  auto decisions = decision_store::Of(tx, ids);
  DocumentsByFiling documents = DocumentsOf(tx, ids);
  std::vector<Filing> filings;
  for (size_t i = 0; i < rows.size(); ++i) {
    Filing filing = Read(rows[i]);
    filing.decisions = std::move(decisions[filing.id.str()]);
    for (Decision& decision : filing.decisions) {
      decision.credential_valid_until = filing.credential.valid_until;
    }
    filing.documents = std::move(documents[filing.id.str()]);
    filings.push_back(std::move(filing));
  }
  return filings;
}

Result<Filing> Get(db::Tx& tx, const FilingId& id) {
  std::vector<Filing> found = Load(tx, {id.str()});
  if (found.empty()) return FilingNotFound();
  return std::move(found[0]);
}

constexpr db::Sql kLock{"filing.lock", R"sql(
  SELECT changed_at FROM filings WHERE filing_id = $1 FOR UPDATE
)sql"};

Result<Filing> Lock(db::Tx& tx, const FilingId& id) {
  const db::Rows rows = tx.Exec(kLock, id.str());
  if (rows.empty()) return FilingNotFound();
  tx.NotBefore(rows[0].At("changed_at"));
  return Get(tx, id);  // statements of their own: they see what the lock waited for
}

// For each party its newest rows by index, then the newest of all.
constexpr db::Sql kNewest{"filing.newest", R"sql(
  SELECT DISTINCT mine.submitted_at, mine.filing_id
    FROM unnest($1::text[]) AS caller (party)
   CROSS JOIN LATERAL (
     SELECT p.submitted_at, p.filing_id
       FROM filing_parties p JOIN filings f ON f.filing_id = p.filing_id
      WHERE p.party = caller.party AND (p.submitted_at, p.filing_id) < ($5::timestamptz, $6)
        AND ($2 = '' OR f.state = $2) AND ($3 = '' OR f.item_id = $3)
        AND ($4 = '' OR $4 = ANY (f.target_zones))
      ORDER BY p.submitted_at DESC, p.filing_id DESC LIMIT $7) AS mine
   ORDER BY mine.submitted_at DESC, mine.filing_id DESC LIMIT $7
)sql"};

constexpr db::Sql kOldest{"filing.oldest", R"sql(
  SELECT DISTINCT mine.submitted_at, mine.filing_id
    FROM unnest($1::text[]) AS caller (party)
   CROSS JOIN LATERAL (
     SELECT p.submitted_at, p.filing_id
       FROM filing_parties p JOIN filings f ON f.filing_id = p.filing_id
      WHERE p.party = caller.party AND (p.submitted_at, p.filing_id) > ($5::timestamptz, $6)
        AND ($2 = '' OR f.state = $2) AND ($3 = '' OR f.item_id = $3)
        AND ($4 = '' OR $4 = ANY (f.target_zones))
      ORDER BY p.submitted_at, p.filing_id LIMIT $7) AS mine
   ORDER BY mine.submitted_at, mine.filing_id LIMIT $7
)sql"};

std::vector<Filing> List(db::Tx& tx, const Filter& filter) {
  const std::string first = filter.oldest_first ? "-infinity" : "infinity";
  const db::Rows rows =
      tx.Exec(filter.oldest_first ? kOldest : kNewest, filter.parties, filter.state, filter.item_id,
              filter.zone, filter.submitted_at.empty() ? first : filter.submitted_at, filter.id,
              filter.limit);
  std::vector<std::string> ids;
  for (size_t i = 0; i < rows.size(); ++i) ids.push_back(rows[i].Text("filing_id"));
  return Load(tx, ids);
}

constexpr db::Sql kWithdraw{"filing.withdraw", R"sql(
  WITH decision AS (
    UPDATE decisions SET state = 'WITHDRAWN', version = version + 1, closed_at = $4, reason = $5
     WHERE filing_id = $1 AND open)
  UPDATE filings SET state = $2, version = $3, changed_at = $4 WHERE filing_id = $1
)sql"};

Filing SaveWithdrawn(db::Tx& tx, Filing filing, const Actor& by, std::string_view reason) {
  tx.Exec(kWithdraw, filing.id.str(), Name(filing.state), filing.version, tx.now(), reason);
  AppendFilingChanged(tx, "withdrawn", filing, by, reason);
  return filing;
}

constexpr db::Sql kSupplement{"filing.supplement", R"sql(
  WITH decision AS (
    UPDATE decisions SET state = $3, version = $4 WHERE filing_id = $1 AND zone = $2
  ), suspension AS (
    UPDATE suspensions SET until_at = $6
     WHERE filing_id = $1 AND zone = $2 AND until_at IS NULL
  ), paper AS (
    INSERT INTO documents (filing_id, position, organization_id, title, sha256, media_type,
                           size_bytes, kind, added_at)
    SELECT $1, $8 + position, $7, title, sha256, media_type, size_bytes, kind, $6
      FROM unnest($9::text[], $10::text[], $11::text[], $12::bigint[], $13::text[])
           WITH ORDINALITY AS handed_in (title, sha256, media_type, size_bytes, kind, position)
  )
  UPDATE filings SET version = $5, changed_at = $6 WHERE filing_id = $1
)sql"};

Filing SaveSupplemented(db::Tx& tx, Filing filing, const std::vector<Document>& documents,
                        const Actor& by, std::string_view note) {
  const DocumentColumns papers(documents);
  for (const Decision& decision : filing.decisions) {
    if (!decision.step) continue;
    tx.Exec(kSupplement, filing.id.str(), decision.zone, Name(decision.state), decision.version,
            filing.version, tx.now(), by.organization_id, static_cast<int>(filing.documents.size()),
            papers.titles, papers.hashes, papers.media_types, papers.sizes, papers.kinds);
  }
  filing.documents.insert(filing.documents.end(), documents.begin(), documents.end());
  AppendFilingChanged(tx, "supplemented", filing, by, note);
  return filing;
}

}  // namespace zonelink::recognition::filing_store
