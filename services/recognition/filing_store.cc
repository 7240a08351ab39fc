// SPDX-License-Identifier: Apache-2.0
#include "recognition/filing_store.h"

#include <deque>
#include <unordered_map>

#include "recognition/attributes_json.h"
#include "recognition/decision_details_store.h"
#include "recognition/decision_store.h"
#include "recognition/events.h"
#include "recognition/negative_list_json.h"
#include "recognition/recognition_store.h"

namespace zonelink::recognition::filing_store {
namespace {

// The rows of many filings, by table, as columns of a multi-row insert that point into them.
using Texts = std::vector<std::string_view>;

// What stands in every row that belongs to a filing.
struct OwnerColumns {
  Texts ids, organizations;
  std::vector<Time> submitted_at;

  void Add(const Filing& f) {
    ids.push_back(f.id.str());
    organizations.push_back(f.applicant.organization_id);
    submitted_at.push_back(f.submitted_at);
  }
};

struct FilingColumns : OwnerColumns {
  Texts receipt_numbers, states, filers, items, home_zones, usccs, names, credentials, issuers,
      promised;
  std::vector<std::string> target_zones, issued_on, valid_until, attributes, extra_parties;
  std::vector<int64_t> item_versions;

  void Add(const Filing& f) {
    OwnerColumns::Add(f);
    receipt_numbers.push_back(f.receipt_number);
    states.push_back(Name(f.state));
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
    promised.push_back(f.promised ? "t" : "f");
    extra_parties.push_back(db::ArrayText(f.extra_parties));
  }
};

struct PartyColumns : OwnerColumns {
  std::vector<std::string> parties;

  void Add(const Filing& f) {
    for (std::string& party :
         PartiesOf(f.applicant.organization_id, f.home_zone, f.target_zones, f.extra_parties)) {
      OwnerColumns::Add(f);
      parties.push_back(std::move(party));
    }
  }
};

struct DecisionColumns : OwnerColumns {
  Texts zones, agreements, modes, states, numbers, promises;
  std::vector<std::string> screenings, duplicate_keys;
  std::vector<int64_t> verifiers, budgets;

  void Add(const Filing& f) {
    for (const Decision& decision : f.decisions) {
      OwnerColumns::Add(f);
      zones.push_back(decision.zone);
      agreements.push_back(decision.agreement_id.str());
      modes.push_back(Name(decision.mode));
      states.push_back(Name(decision.state));
      verifiers.push_back(decision.verifiers_needed);
      budgets.push_back(decision.clock ? decision.clock->budget : 0);
      numbers.push_back(decision.recognition_number);
      promises.push_back(Name(decision.promise));
      duplicate_keys.push_back(DuplicateKey(f.item_id, f.credential));
      screenings.push_back(FindingsJson(decision.screening));
    }
  }
};

// Clocks that run from the submission on.
struct ClockColumns {
  std::deque<std::string> names;  // that `started` refers to
  std::vector<clocks::Started> started;

  void Add(const Filing& f) {
    for (const Decision& d : f.decisions) {
      if (d.clock) Start(f, d, "decision", "DECISION", *d.clock);
      for (const ClockAct& act : d.clock_acts) Start(f, d, act.name, act.kind, act.clock);
    }
  }

 private:
  void Start(const Filing& f, const Decision& d, std::string_view name, std::string_view kind,
             const WorkingClock& clock) {
    names.push_back(decision_store::ClockName(d.zone, name));
    started.push_back({.case_id = f.id.str(),
                       .name = names.back(),
                       .owner = f.applicant.organization_id,
                       .kind = kind,
                       .calendar = d.zone,
                       .budget = clock.budget,
                       .started_at = clock.started_at});
  }
};

struct DocumentColumns : OwnerColumns {
  Texts titles, hashes, media_types, kinds;
  std::vector<std::string> valid_until;  // empty: without end
  std::vector<int64_t> positions, sizes;

  void Add(const Filing& f, const std::vector<Document>& documents) {
    for (size_t i = 0; i < documents.size(); ++i) {
      const Document& document = documents[i];
      OwnerColumns::Add(f);
      positions.push_back(static_cast<int64_t>(i) + 1);
      titles.push_back(document.title);
      hashes.push_back(document.sha256);
      media_types.push_back(document.media_type);
      kinds.push_back(document.kind);
      sizes.push_back(document.size_bytes);
      valid_until.push_back(document.valid_until ? FormatDate(*document.valid_until) : "");
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
          .promised = row.Bool("promised"),
          .extra_parties = row.Texts("extra_parties")};
}

using DocumentsByFiling = std::unordered_map<std::string, std::vector<Document>>;

DocumentsByFiling ReadDocuments(const db::Rows& rows) {
  DocumentsByFiling documents;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    documents[row.Text("filing_id")].push_back({row.Text("title"), row.Text("sha256"),
                                                row.Text("media_type"), row.Int("size_bytes"),
                                                row.Text("kind"), row.MaybeDay("valid_until")});
  }
  return documents;
}

Error FilingNotFound() { return NotFound("FILING_NOT_FOUND", "no such filing"); }

}  // namespace

// Below, arrays of one length side by side in a SELECT list give one row per place: the database
// keeps none of them, as it would those that stand in FROM. The applicant's organisation stands in
// every row: the policies let callers write their own, the foreign keys prove that the filing is
// theirs.
constexpr db::Sql kInsert{"filing.insert", R"sql(
  INSERT INTO filings (filing_id, receipt_number, organization_id, state, version, submitted_at,
                       submitted_by, changed_at, item_id, item_version, home_zone, target_zones,
                       applicant_uscc, applicant_name, credential_number, credential_issuer,
                       credential_issued_on, credential_valid_until, attributes, promised,
                       extra_parties)
  SELECT filing_id, receipt_number, organization_id, state, 1, submitted_at, submitted_by,
         submitted_at, item_id, item_version, home_zone, target_zones::text[], applicant_uscc,
         applicant_name, credential_number, credential_issuer, credential_issued_on::date,
         credential_valid_until::date, attributes::jsonb, promised = 't',
         extra_parties::text[]
    FROM (SELECT unnest($1::text[]) AS filing_id, unnest($2::text[]) AS receipt_number,
                 unnest($3::text[]) AS organization_id, unnest($4::text[]) AS state,
                 unnest($5::timestamptz[]) AS submitted_at, unnest($6::text[]) AS submitted_by,
                 unnest($7::text[]) AS item_id, unnest($8::bigint[]) AS item_version,
                 unnest($9::text[]) AS home_zone, unnest($10::text[]) AS target_zones,
                 unnest($11::text[]) AS applicant_uscc, unnest($12::text[]) AS applicant_name,
                 unnest($13::text[]) AS credential_number, unnest($14::text[]) AS credential_issuer,
                 unnest($15::text[]) AS credential_issued_on,
                 unnest($16::text[]) AS credential_valid_until,
                 unnest($17::text[]) AS attributes, unnest($18::text[]) AS promised,
                 unnest($19::text[]) AS extra_parties) AS fresh
)sql"};

static void InsertFilings(db::Tx& tx, const FilingColumns& f) {
  tx.Exec(kInsert, f.ids, f.receipt_numbers, f.organizations, f.states, f.submitted_at, f.filers,
          f.items, f.item_versions, f.home_zones, f.target_zones, f.usccs, f.names, f.credentials,
          f.issuers, f.issued_on, f.valid_until, f.attributes, f.promised, f.extra_parties);
}

constexpr db::Sql kInsertParties{"filing.insert_parties", R"sql(
  INSERT INTO filing_parties (filing_id, party, organization_id, submitted_at)
  SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::timestamptz[])
)sql"};

static void InsertParties(db::Tx& tx, const PartyColumns& p) {
  tx.Exec(kInsertParties, p.ids, p.parties, p.organizations, p.submitted_at);
}

constexpr db::Sql kInsertDecisions{"filing.insert_decisions", R"sql(
  INSERT INTO decisions (filing_id, zone, organization_id, agreement_id, mode, state, version,
                         verifiers_needed, clock_budget, clock_started_at, recognition_number,
                         closed_at, promise, duplicate_key, screening)
  SELECT filing_id, zone, organization_id, agreement_id, mode, state, 1, verifiers_needed,
         CASE WHEN mode = 'REVIEW' THEN budget END,
         CASE WHEN mode = 'REVIEW' THEN submitted_at END,
         nullif(number, ''), CASE WHEN number <> '' THEN submitted_at END, promise, duplicate_key,
         nullif(screening, '')::jsonb
    FROM (SELECT unnest($1::text[]) AS filing_id, unnest($2::text[]) AS zone,
                 unnest($3::text[]) AS organization_id, unnest($4::text[]) AS agreement_id,
                 unnest($5::text[]) AS mode, unnest($6::text[]) AS state,
                 unnest($7::bigint[]) AS verifiers_needed, unnest($8::bigint[]) AS budget,
                 unnest($9::timestamptz[]) AS submitted_at, unnest($10::text[]) AS number,
                 unnest($11::text[]) AS promise, unnest($12::text[]) AS duplicate_key,
                 unnest($13::text[]) AS screening) AS target
)sql"};

static void InsertDecisions(db::Tx& tx, const DecisionColumns& d) {
  tx.Exec(kInsertDecisions, d.ids, d.zones, d.organizations, d.agreements, d.modes, d.states,
          d.verifiers, d.budgets, d.submitted_at, d.numbers, d.promises, d.duplicate_keys,
          d.screenings);
}

constexpr db::Sql kInsertDocuments{"filing.insert_documents", R"sql(
  INSERT INTO documents (filing_id, position, organization_id, title, sha256, media_type,
                         size_bytes, kind, added_at, valid_until)
  SELECT filing_id, position, organization_id, title, sha256, media_type, size_bytes, kind, added_at,
         nullif(valid_until, '')::date
    FROM (SELECT unnest($1::text[]) AS filing_id, unnest($2::bigint[]) AS position,
                 unnest($3::text[]) AS organization_id, unnest($4::text[]) AS title,
                 unnest($5::text[]) AS sha256, unnest($6::text[]) AS media_type,
                 unnest($7::bigint[]) AS size_bytes, unnest($8::text[]) AS kind,
                 unnest($9::timestamptz[]) AS added_at, unnest($10::text[]) AS valid_until) AS paper
)sql"};

static void InsertDocuments(db::Tx& tx, const DocumentColumns& d) {
  tx.Exec(kInsertDocuments, d.ids, d.positions, d.organizations, d.titles, d.hashes, d.media_types,
          d.sizes, d.kinds, d.submitted_at, d.valid_until);
}

void Insert(db::Tx& tx, std::span<const Filing* const> filings,
            std::span<const std::string> event_ids, const Rules& rules) {
  FilingColumns fresh;
  PartyColumns parties;
  DecisionColumns decisions;
  DocumentColumns documents;
  ClockColumns clocks;
  for (const Filing* filing : filings) {
    clocks.Add(*filing);
    fresh.Add(*filing);
    parties.Add(*filing);
    decisions.Add(*filing);
    documents.Add(*filing, filing->documents);
  }
  InsertFilings(tx, fresh);
  InsertParties(tx, parties);
  InsertDecisions(tx, decisions);
  InsertDocuments(tx, documents);
  recognition_store::Insert(tx, filings, event_ids);
  if (!clocks.started.empty()) clocks::clock_store::Insert(tx, clocks.started, rules);
  decision_details_store::InsertStated(tx, {filings.begin(), filings.end()});
}

// Here and below the array is asked for in a query of its own: seeing how many ids there are, the
// planner would make a plan for each call, which takes longer than running it.
constexpr db::Sql kLoad{"filing.load", R"sql(
  SELECT f.filing_id, f.receipt_number, f.state, f.version, f.submitted_at, f.submitted_by,
         f.item_id, f.item_version, i.name_zh AS item_name_zh, i.name_en AS item_name_en,
         f.home_zone, f.target_zones, f.organization_id, f.applicant_uscc, f.applicant_name,
         f.credential_number, f.credential_issuer, f.credential_issued_on, f.credential_valid_until,
         f.attributes::text AS attributes, f.promised, f.extra_parties,
         i.supplement_window_days, i.extension_days, i.joint_budget_days, i.joint_extension_days,
         i.delivery_days, i.query_days, i.promise_check_days, i.promise_correction_days,
         i.promise_version, i.tacit_allowed
    FROM unnest(ARRAY(SELECT unnest($1::text[]))) WITH ORDINALITY AS asked (filing_id, place)
    JOIN filings f ON f.filing_id = asked.filing_id
    JOIN items i ON i.item_id = f.item_id AND i.version = f.item_version
   ORDER BY place
)sql"};

constexpr db::Sql kDocuments{"filing.documents", R"sql(
  SELECT filing_id, title, sha256, media_type, size_bytes, kind, valid_until
    FROM documents WHERE filing_id = ANY (ARRAY(SELECT unnest($1::text[])))
   ORDER BY filing_id, position
)sql"};

// In the order asked for; three statements in one round trip whatever their number, and one more
// round trip where somebody has touched a decision.
static std::vector<Filing> Load(db::Tx& tx, const std::vector<std::string>& ids) {
  const db::Rows rows = tx.Exec(kLoad, ids);
  const db::Rows decided = decision_store::Ask(tx, ids);
  const db::Rows papers = tx.Exec(kDocuments, ids);
  auto decisions = decision_store::Read(decided);
  decision_store::Complete(tx, decisions);
  DocumentsByFiling documents = ReadDocuments(papers);
  std::vector<Filing> filings;
  filings.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    Filing filing = Read(rows[i]);
    const Terms terms = decision_store::ReadTerms(rows[i]);
    filing.decisions = std::move(decisions[filing.id.str()]);
    for (Decision& decision : filing.decisions) {
      decision.home_zone = filing.home_zone;
      decision.credential_valid_until = filing.credential.valid_until;
      decision.terms = terms;
    }
    filing.documents = std::move(documents[filing.id.str()]);
    filings.push_back(std::move(filing));
  }
  return filings;
}

Result<Filing> Get(db::Tx& tx, const FilingId& id) {
  const auto stated = decision_details_store::AskStated(tx, id.str());
  std::vector<Filing> found = Load(tx, {id.str()});
  if (found.empty()) return FilingNotFound();
  decision_details_store::ReadInto(stated, found[0]);
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

constexpr db::Sql kChange{"filing.change", R"sql(
  UPDATE filings SET state = $2, version = $3, changed_at = $4 WHERE filing_id = $1
)sql"};

Status SaveChanged(db::Tx& tx, Filing& filing, const Rules& rules) {
  for (Decision& decision : filing.decisions) {
    if (!decision.step) continue;
    const Status written = decision_store::Write(tx, decision, rules);
    if (!written) return written;
  }
  tx.Exec(kChange, filing.id.str(), Name(filing.state), filing.version, tx.now());
  return Done{};
}

Result<Filing> SaveWithdrawn(db::Tx& tx, Filing filing, const Actor& by, std::string_view reason,
                             const Rules& rules) {
  if (const Status saved = SaveChanged(tx, filing, rules); !saved) return saved.error();
  AppendFilingChanged(tx, "withdrawn", filing, by, reason, rules.calendars);
  return filing;
}

constexpr db::Sql kAddDocuments{"filing.add_documents", R"sql(
  INSERT INTO documents (filing_id, position, organization_id, title, sha256, media_type,
                         size_bytes, kind, added_at, valid_until)
  SELECT $1, $2 + position, $3, title, sha256, media_type, size_bytes, kind, $4,
         nullif(valid_until, '')::date
    FROM unnest($5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[])
         WITH ORDINALITY AS handed_in (title, sha256, media_type, size_bytes, kind, valid_until,
                                       position)
)sql"};

Result<Filing> SaveSupplemented(db::Tx& tx, Filing filing, const std::vector<Document>& documents,
                                const Actor& by, std::string_view note, const Rules& rules) {
  DocumentColumns papers;
  papers.Add(filing, documents);
  if (!documents.empty()) {
    tx.Exec(kAddDocuments, filing.id.str(), static_cast<int>(filing.documents.size()),
            filing.applicant.organization_id, tx.now(), papers.titles, papers.hashes,
            papers.media_types, papers.sizes, papers.kinds, papers.valid_until);
  }
  std::vector<std::string> kinds;
  for (const Document& document : documents) kinds.push_back(document.kind);
  decision_details_store::HandIn(tx, filing, kinds);
  if (const Status saved = SaveChanged(tx, filing, rules); !saved) return saved.error();
  filing.documents.insert(filing.documents.end(), documents.begin(), documents.end());
  AppendFilingChanged(tx, "supplemented", filing, by, note, rules.calendars);
  return filing;
}

}  // namespace zonelink::recognition::filing_store
