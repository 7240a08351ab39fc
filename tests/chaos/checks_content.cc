// SPDX-License-Identifier: Apache-2.0
// I-19: leaves recomputed from the services' event logs, and business rows from the events.
#include <fmt/format.h>

#include <map>

#include "ledger/domain/entry.h"
#include "tests/chaos/judge.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::chaos {
namespace {

using test::AdminSql;

constexpr std::string_view kFiling = "zonelink.recognition.filing.";
constexpr std::string_view kDecision = "zonelink.recognition.decision.";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Entry and hash of one leaf against the event it stands for.
void CheckLeaf(const AdminSql::Row& row, const std::string& source, Violations& found) {
  const std::string what = fmt::format("leaf {} ({} {})", *row[0], source, *row[1]);
  const std::string stored = Bytes(row[5]);
  ledger::Entry entry{.event_id = *row[1],
                      .type = *row[2],
                      .at = Time(std::chrono::microseconds(std::stoll(*row[3])))};
  if (row[4]) {
    entry.commitment = ledger::Commit(Bytes(row[4]), Bytes(row[7]));
  } else {
    // Without its salt only the public part can be compared.
    const auto parsed = ledger::Entry::Parse(stored);
    if (parsed) entry.commitment = parsed->commitment;
  }
  if (entry.Format() != stored) {
    found.push_back(fmt::format("{}: recomputed {}, stored {}", what, entry.Format(), stored));
  }
  if (ledger::LeafHash(stored).view() != Bytes(row[6])) {
    found.push_back(what + ": the stored hash is not the entry's");
  }
}

void CheckLeaves(AdminSql& sql, Violations& found) {
  for (const std::string& source : Sources(sql)) {
    const auto rows = sql.Query(fmt::format(
        "SELECT l.index, e.event_id, e.type, (extract(epoch FROM e.at) * 1000000)::bigint, e.salt, "
        "l.entry, l.hash, e.body FROM {0}.events e JOIN ledger.leaves l ON l.event_id = e.event_id "
        "AND l.source = '{0}'",
        source));
    for (const auto& row : rows) CheckLeaf(row, source, found);
    for (const auto& row : sql.Query(fmt::format(
             "SELECT e.event_id FROM {0}.events e JOIN ledger.leaves l USING (event_id) LEFT JOIN "
             "ledger.contents c ON c.event_id = e.event_id AND c.index = l.index AND c.source = "
             "'{0}' WHERE (c.subject, c.version, c.parties) IS DISTINCT FROM (e.subject, "
             "e.version, e.parties) OR c.salt IS DISTINCT FROM e.salt OR (c.event IS NOT NULL AND "
             "c.event <> e.body)",
             source))) {
      found.push_back(fmt::format("{} {}: the ledger's copy is not the event", source, *row[0]));
    }
  }
}

// The tiles that anybody reads hold the stored leaves.
void CheckTiles(Evidence& evidence, Violations& found) {
  const LedgerCopy& copy = evidence.Ledger();
  if (copy.fault) {
    found.push_back("the public tiles do not verify: " + *copy.fault);
    return;
  }
  const auto rows = evidence.sql.Query("SELECT index, entry FROM ledger.leaves ORDER BY index");
  if (rows.size() != copy.entries.size()) {
    found.push_back(
        fmt::format("{} leaves are stored, {} are published", rows.size(), copy.entries.size()));
  }
  for (size_t i = 0; i < std::min(rows.size(), copy.entries.size()); ++i) {
    if (*rows[i][0] != std::to_string(i) || Bytes(rows[i][1]) != copy.entries[i]) {
      found.push_back(fmt::format("published leaf {} is not the stored one", i));
      return;
    }
  }
}

// What the events of a filing leave behind: its row and those of its decisions, as text.
using Rows = std::map<std::string, std::string>;

void SetDecision(const std::string& filing_id, const events::v1::DecisionState& decision,
                 Rows& rows) {
  rows[filing_id + "/" + decision.zone()] =
      fmt::format("{} {} {}, verified by {}", decision.mode(), decision.state(),
                  decision.recognition_number(), decision.verified_by_size());
}

// The filing's columns that never change stand after its state and version.
void ApplyFiling(const AdminSql::Row& row, Rows& rows, std::map<std::string, std::string>& fixed,
                 Violations& found) {
  events::v1::FilingChanged body;
  if (!body.ParseFromString(Bytes(row[3]))) {
    found.push_back("an event that cannot be read: " + *row[0]);
    return;
  }
  const std::string& id = body.filing_id();
  fixed[id] = fmt::format("{} {} {} {} {}", body.receipt_number(), body.item_id(),
                          body.item_version(), body.home_zone(), body.organization_id());
  rows[id] = fmt::format("{} {} {}", body.state(), *row[2], fixed[id]);
  for (const auto& decision : body.decisions()) SetDecision(id, decision, rows);
}

void ApplyDecision(const AdminSql::Row& row, Rows& rows, std::map<std::string, std::string>& fixed,
                   Violations& found) {
  events::v1::DecisionChanged body;
  if (!body.ParseFromString(Bytes(row[3]))) {
    found.push_back("an event that cannot be read: " + *row[0]);
    return;
  }
  rows[body.filing_id()] =
      fmt::format("{} {} {}", body.filing_state(), *row[2], fixed[body.filing_id()]);
  SetDecision(body.filing_id(), body.decision(), rows);
}

Rows FromEvents(AdminSql& sql, Violations& found) {
  Rows rows;
  std::map<std::string, std::string> fixed;
  for (const auto& row :
       sql.Query("SELECT event_id, type, version, body FROM recognition.events WHERE subject LIKE "
                 "'filings/%' ORDER BY subject, version")) {
    if (StartsWith(*row[1], kFiling)) ApplyFiling(row, rows, fixed, found);
    if (StartsWith(*row[1], kDecision)) ApplyDecision(row, rows, fixed, found);
  }
  for (const auto& row :
       sql.Query("SELECT DISTINCT ON (subject) subject, body FROM recognition.events WHERE subject "
                 "LIKE 'agreements/%' ORDER BY subject, version DESC")) {
    events::v1::AgreementChanged body;
    if (body.ParseFromString(Bytes(row[1]))) rows[*row[0]] = body.state();
  }
  return rows;
}

Rows FromTables(AdminSql& sql) {
  Rows rows;
  for (const auto& row : sql.Query(
           "SELECT filing_id, concat_ws(' ', state, version, receipt_number, item_id, "
           "item_version, home_zone, organization_id) FROM recognition.filings UNION ALL SELECT "
           "filing_id || '/' || zone, mode || ' ' || state || ' ' || coalesce(recognition_number, "
           "'') || ', verified by ' || (SELECT count(*) FROM recognition.review_opinions v WHERE "
           "v.case_id = d.filing_id AND v.line = d.zone AND v.step = 'verify' AND v.standing = "
           "'counted') FROM recognition.decisions d UNION ALL "
           "SELECT 'agreements/' || agreement_id, state FROM recognition.agreements")) {
    rows[*row[0]] = *row[1];
  }
  return rows;
}

void CheckBusiness(AdminSql& sql, Violations& found) {
  const Rows said = FromEvents(sql, found);
  const Rows stored = FromTables(sql);
  for (const auto& [what, text] : said) {
    const auto row = stored.find(what);
    if (row == stored.end()) {
      found.push_back(fmt::format("{}: the events say {}, there is no row", what, text));
    } else if (row->second != text) {
      found.push_back(
          fmt::format("{}: the events say {}, the row says {}", what, text, row->second));
    }
  }
  for (const auto& [what, text] : stored) {
    if (said.count(what) == 0) {
      found.push_back(fmt::format("{}: no event says {}", what, text));
    }
  }
  for (const auto& row :
       sql.Query("SELECT coalesce(d.filing_id, r.filing_id), coalesce(d.zone, r.zone), "
                 "d.recognition_number, r.number FROM (SELECT * FROM recognition.decisions WHERE "
                 "recognition_number IS NOT NULL) d FULL JOIN recognition.recognitions r ON "
                 "r.filing_id = d.filing_id AND r.zone = d.zone WHERE d.recognition_number IS "
                 "DISTINCT FROM r.number")) {
    found.push_back(fmt::format("{}/{}: granted as {}, recognised as {}", *row[0], *row[1],
                                row[2].value_or("nothing"), row[3].value_or("nothing")));
  }
}

}  // namespace

Violations LedgerIsWhatIsStored(Evidence& evidence) {
  Violations found;
  CheckLeaves(evidence.sql, found);
  CheckTiles(evidence, found);
  CheckBusiness(evidence.sql, found);
  return found;
}

}  // namespace zonelink::chaos
