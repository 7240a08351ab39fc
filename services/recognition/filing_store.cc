// SPDX-License-Identifier: Apache-2.0
#include "recognition/filing_store.h"

#include <unordered_map>

#include "recognition/attributes_json.h"
#include "recognition/decision_store.h"
#include "recognition/events.h"

namespace zonelink::recognition::filing_store {
namespace {

// Papers as the columns of one multi-row insert. `of` says to which filing one belongs, counted
// from 1, `positions` at which place there.
struct DocumentColumns {
  std::vector<int64_t> of, positions, sizes;
  std::vector<std::string> titles, hashes, media_types, kinds;

  void Add(int64_t filing, const std::vector<Document>& documents) {
    for (size_t i = 0; i < documents.size(); ++i) {
      const Document& document = documents[i];
      of.push_back(filing);
      positions.push_back(static_cast<int64_t>(i) + 1);
      titles.push_back(document.title);
      hashes.push_back(document.sha256);
      media_types.push_back(document.media_type);
      kinds.push_back(document.kind);
      sizes.push_back(document.size_bytes);
    }
  }
};

// Filings as the columns of one multi-row insert. `*_of` says to which filing a row belongs,
// counted from 1.
struct FilingColumns {
  std::vector<std::string> ids, receipt_numbers, organizations, states, filers, items, home_zones,
      target_zones, usccs, names, credentials, issuers, issued_on, valid_until, attributes,
      promised;
  std::vector<Time> submitted_at;
  std::vector<int64_t> item_versions, verifiers;

  void Add(const Filing& f) {
    ids.push_back(f.id.str());
    receipt_numbers.push_back(f.receipt_number);
    organizations.push_back(f.applicant.organization_id);
    states.emplace_back(Name(f.state));
    submitted_at.push_back(f.submitted_at);
    filers.push_back(f.submitted_by);
    items.push_back(f.item_id);
    item_versions.push_back(f.item_version);
    home_zones.push_back(f.home_zone);
    target_zones.push_back(db::ArrayText(f.target_zones));
    usccs.push_back(f.applicant.uscc);
    names.push_back(f.applicant.name);
    credentials.push_back(f.credential.number);
    issuers.push_back(f.credential.issuer);
    issued_on.push_back(FormatDate(f.credential.issued_on));
    valid_until.push_back(FormatDate(f.credential.valid_until));
    attributes.push_back(ToJson(f.attributes));
    promised.emplace_back(f.promised ? "t" : "f");
    verifiers.push_back(f.decisions[0].verifiers_needed);
  }
};

struct PartyColumns {
  std::vector<int64_t> of;
  std::vector<std::string> parties;

  void Add(int64_t filing, const Filing& f) {
    for (std::string& party : PartiesOf(f.applicant.organization_id, f.home_zone, f.target_zones)) {
      of.push_back(filing);
      parties.push_back(std::move(party));
    }
  }
};

struct DecisionColumns {
  std::vector<int64_t> of, budgets;
  std::vector<std::string> zones, agreements, modes, states, numbers;

  void Add(int64_t filing, const Filing& f) {
    for (const Decision& decision : f.decisions) {
      of.push_back(filing);
      zones.push_back(decision.zone);
      agreements.push_back(decision.agreement_id.str());
      modes.emplace_back(Name(decision.mode));
      states.emplace_back(Name(decision.state));
      numbers.push_back(decision.recognition_number);
      budgets.push_back(decision.clock ? decision.clock->budget_days : 0);
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

DocumentsByFiling ReadDocuments(const db::Rows& rows) {
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
  WITH fresh AS (
    SELECT *, (submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS submitted_on
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],
                  $7::text[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[],
                  $13::text[], $14::text[], ($15::text[])::date[], ($16::text[])::date[], $17::text[], ($18::text[])::boolean[],
                  $19::bigint[])
           WITH ORDINALITY
           AS f (filing_id, receipt_number, organization_id, state, submitted_at, submitted_by,
                 item_id, item_version, home_zone, target_zones, applicant_uscc, applicant_name,
                 credential_number, credential_issuer, credential_issued_on, credential_valid_until,
                 attributes, promised, verifiers_needed, place)
  ), filing AS (
    INSERT INTO filings (filing_id, receipt_number, organization_id, state, version, submitted_at,
                         submitted_by, changed_at, item_id, item_version, home_zone, target_zones,
                         applicant_uscc, applicant_name, credential_number, credential_issuer,
                         credential_issued_on, credential_valid_until, attributes, promised)
    SELECT filing_id, receipt_number, organization_id, state, 1, submitted_at, submitted_by,
           submitted_at, item_id, item_version, home_zone, target_zones::text[], applicant_uscc,
           applicant_name, credential_number, credential_issuer, credential_issued_on,
           credential_valid_until, attributes::jsonb, promised
      FROM fresh
  ), party AS (
    INSERT INTO filing_parties (filing_id, party, organization_id, submitted_at)
    SELECT filing_id, party, organization_id, submitted_at
      FROM unnest($20::bigint[], $21::text[]) AS concerned (place, party) JOIN fresh USING (place)
  ), decision AS (
    INSERT INTO decisions (filing_id, zone, organization_id, agreement_id, mode, state, version,
                           verifiers_needed, clock_budget, clock_started_at, recognition_number,
                           closed_at)
    SELECT filing_id, zone, organization_id, agreement_id, mode, target.state, 1, verifiers_needed,
           CASE WHEN mode = 'REVIEW' THEN budget END,
           CASE WHEN mode = 'REVIEW' THEN submitted_at END,
           nullif(number, ''), CASE WHEN number <> '' THEN submitted_at END
      FROM unnest($22::bigint[], $23::text[], $24::text[], $25::text[], $26::text[], $27::text[],
                  $28::bigint[])
           AS target (place, zone, agreement_id, mode, state, number, budget)
      JOIN fresh USING (place)
  ), paper AS (
    INSERT INTO documents (filing_id, position, organization_id, title, sha256, media_type,
                           size_bytes, kind, added_at)
    SELECT filing_id, position, organization_id, title, sha256, media_type, size_bytes, kind,
           submitted_at
      FROM unnest($29::bigint[], $30::bigint[], $31::text[], $32::text[], $33::text[],
                  $34::bigint[], $35::text[])
           AS handed_in (place, position, title, sha256, media_type, size_bytes, kind)
      JOIN fresh USING (place)
  )
  INSERT INTO recognitions (number, filing_id, zone, organization_id, item_id, item_version,
                            home_zone, valid_from, valid_until, granted_at)
  SELECT number, filing_id, zone, organization_id, item_id, item_version, home_zone, submitted_on,
         credential_valid_until, submitted_at
    FROM unnest($22::bigint[], $23::text[], $27::text[]) AS target (place, zone, number)
    JOIN fresh USING (place)
   WHERE number <> ''
)sql"};

void Insert(db::Tx& tx, std::span<const Filing* const> filings) {
  FilingColumns f;
  PartyColumns p;
  DecisionColumns d;
  DocumentColumns papers;
  for (const Filing* filing : filings) {
    f.Add(*filing);
    const auto place = static_cast<int64_t>(f.ids.size());
    p.Add(place, *filing);
    d.Add(place, *filing);
    papers.Add(place, filing->documents);
  }
  tx.Exec(kInsert, f.ids, f.receipt_numbers, f.organizations, f.states, f.submitted_at, f.filers,
          f.items, f.item_versions, f.home_zones, f.target_zones, f.usccs, f.names, f.credentials,
          f.issuers, f.issued_on, f.valid_until, f.attributes, f.promised, f.verifiers, p.of,
          p.parties, d.of, d.zones, d.agreements, d.modes, d.states, d.numbers, d.budgets,
          papers.of, papers.positions, papers.titles, papers.hashes, papers.media_types,
          papers.sizes, papers.kinds);
}

// Here and below the array is asked for in a query of its own: seeing how many ids there are, the
// planner would make a plan for each call, which takes longer than running it.
constexpr db::Sql kLoad{"filing.load", R"sql(
  SELECT f.filing_id, f.receipt_number, f.state, f.version, f.submitted_at, f.submitted_by,
         f.item_id, f.item_version, i.name_zh AS item_name_zh, i.name_en AS item_name_en,
         f.home_zone, f.target_zones, f.organization_id, f.applicant_uscc, f.applicant_name,
         f.credential_number, f.credential_issuer, f.credential_issued_on, f.credential_valid_until,
         f.attributes::text AS attributes, f.promised
    FROM unnest(ARRAY(SELECT unnest($1::text[]))) WITH ORDINALITY AS asked (filing_id, place)
    JOIN filings f ON f.filing_id = asked.filing_id
    JOIN items i ON i.item_id = f.item_id AND i.version = f.item_version
   ORDER BY place
)sql"};

constexpr db::Sql kDocuments{"filing.documents", R"sql(
  SELECT filing_id, title, sha256, media_type, size_bytes, kind
    FROM documents WHERE filing_id = ANY (ARRAY(SELECT unnest($1::text[])))
   ORDER BY filing_id, position
)sql"};

// In the order asked for; three statements in one round trip whatever their number.
static std::vector<Filing> Load(db::Tx& tx, const std::vector<std::string>& ids) {
  const db::Rows rows = tx.Exec(kLoad, ids);
  const db::Rows decided = decision_store::Ask(tx, ids);
  const db::Rows papers = tx.Exec(kDocuments, ids);
  auto decisions = decision_store::Read(decided);
  DocumentsByFiling documents = ReadDocuments(papers);
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

// A page of usual size without filters, planned once: a limit or a start that the planner sees in
// one call and must guess in the next would have it make a plan for each, which takes longer than
// running it. Whether the filings may be seen is asked where they are loaded.
constexpr int kUsualLimit = 51;
constexpr db::Sql kNewestUsual{"filing.newest_usual", R"sql(
  SELECT DISTINCT mine.submitted_at, mine.filing_id
    FROM unnest(ARRAY(SELECT unnest($1::text[]))) AS caller (party)
   CROSS JOIN LATERAL (
     SELECT p.submitted_at, p.filing_id
       FROM filing_parties p
      WHERE p.party = caller.party AND (p.submitted_at, p.filing_id) < ((SELECT $2::timestamptz), (SELECT $3))
      ORDER BY p.submitted_at DESC, p.filing_id DESC LIMIT 51) AS mine
   ORDER BY mine.submitted_at DESC, mine.filing_id DESC LIMIT $4
)sql"};

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

static db::Rows AskPage(db::Tx& tx, const Filter& filter) {
  const bool filters = !filter.state.empty() || !filter.item_id.empty() || !filter.zone.empty();
  const std::string first = filter.oldest_first ? "-infinity" : "infinity";
  const std::string& from = filter.submitted_at.empty() ? first : filter.submitted_at;
  if (!filters && !filter.oldest_first && filter.limit <= kUsualLimit) {
    return tx.Exec(kNewestUsual, filter.parties, from, filter.id, filter.limit);
  }
  return tx.Exec(filter.oldest_first ? kOldest : kNewest, filter.parties, filter.state,
                 filter.item_id, filter.zone, from, filter.id, filter.limit);
}

std::vector<Filing> List(db::Tx& tx, const Filter& filter) {
  const db::Rows rows = AskPage(tx, filter);
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
  DocumentColumns papers;
  papers.Add(1, documents);
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
