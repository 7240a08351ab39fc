// SPDX-License-Identifier: Apache-2.0
#include "recognition/decision_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "recognition/events.h"
#include "recognition/negative_list_json.h"

namespace zonelink::recognition::decision_store {
namespace {

Decision ReadOne(const db::Row& row) {
  Decision decision{.filing_id = FilingId(row.Text("filing_id")),
                    .zone = row.Text("zone"),
                    .applicant = row.Text("organization_id"),
                    .agreement_id = AgreementId(row.Text("agreement_id")),
                    .mode = ModeNamed(row.Text("mode")),
                    .state = DecisionStateNamed(row.Text("state")),
                    .version = row.Int("version"),
                    .verifiers_needed = static_cast<int>(row.Int("verifiers_needed")),
                    .recognition_number = row.MaybeText("recognition_number").value_or(""),
                    .decided_by = row.Text("decided_by"),
                    .closed_at = row.MaybeAt("closed_at"),
                    .reason = row.Text("reason"),
                    .article = row.Text("article"),
                    .facts = row.Text("facts")};
  decision.screening = FindingsFrom(row.MaybeText("screening").value_or(""), decision.zone);
  if (const auto budget = row.MaybeInt("clock_budget")) {
    decision.clock = WorkingClock{.budget = static_cast<int>(*budget),
                                  .started_at = row.At("clock_started_at")};
  }
  return decision;
}

// A decision's rows are its suspensions times its verifications: each is taken once.
void AddSuspension(const db::Row& row, Decision& decision) {
  const auto from = row.MaybeAt("from_at");
  if (!from) return;
  auto& suspensions = decision.clock->suspensions;
  if (!suspensions.empty() && suspensions.back().from == *from) return;
  suspensions.push_back({*from, row.MaybeAt("until_at")});
  decision.supplement = SupplementNotice{row.Texts("missing"), row.Text("suspension_reason"), *from,
                                         row.MaybeAt("until_at")};
}

void AddVerification(const db::Row& row, Decision& decision) {
  const auto user_id = row.MaybeText("user_id");
  if (!user_id) return;
  auto& all = decision.verifications;
  if (std::any_of(all.begin(), all.end(),
                  [&](const Verification& one) { return one.user_id == *user_id; })) {
    return;
  }
  all.push_back({*user_id, row.Text("name"), row.At("at"), row.Text("opinion")});
}

}  // namespace

// The array in a query of its own: see filing_store.cc.
constexpr db::Sql kOf{"decision.of", R"sql(
  SELECT d.filing_id, d.zone, d.organization_id, d.agreement_id, d.mode, d.state, d.version,
         d.verifiers_needed, d.recognition_number, d.decided_by, d.closed_at, d.reason, d.article,
         d.facts, d.screening::text AS screening, d.clock_budget, d.clock_started_at,
         s.from_at, s.until_at, s.missing, s.reason AS suspension_reason,
         v.user_id, v.name, v.at, v.opinion
    FROM decisions d
    LEFT JOIN suspensions s ON s.filing_id = d.filing_id AND s.zone = d.zone
    LEFT JOIN verifications v ON v.filing_id = d.filing_id AND v.zone = d.zone
   WHERE d.filing_id = ANY (ARRAY(SELECT unnest($1::text[])))
   ORDER BY d.filing_id, d.zone, s.from_at, v.at, v.user_id
)sql"};

db::Rows Ask(db::Tx& tx, const std::vector<std::string>& filing_ids) {
  return tx.Exec(kOf, filing_ids);
}

std::unordered_map<std::string, std::vector<Decision>> Read(const db::Rows& rows) {
  std::unordered_map<std::string, std::vector<Decision>> out;
  std::vector<Decision>* decisions = nullptr;
  for (size_t i = 0; i < rows.size(); ++i) {  // those of one filing follow each other
    const db::Row row = rows[i];
    Decision decision = ReadOne(row);
    if (decisions == nullptr || decisions->front().filing_id != decision.filing_id) {
      decisions = &out[decision.filing_id.str()];
    }
    if (decisions->empty() || decisions->back().zone != decision.zone) {
      decisions->push_back(std::move(decision));
    }
    AddSuspension(row, decisions->back());
    AddVerification(row, decisions->back());
  }
  return out;
}

constexpr db::Sql kLockFiling{"decision.lock_filing", R"sql(
  SELECT changed_at, credential_valid_until FROM filings WHERE filing_id = $1 FOR UPDATE
)sql"};

Result<Decision> Lock(db::Tx& tx, const FilingId& filing_id, const std::string& zone) {
  const db::Rows filing = tx.Exec(kLockFiling, filing_id.str());
  if (filing.empty()) return NotFound("FILING_NOT_FOUND", "no such filing");
  tx.NotBefore(filing[0].At("changed_at"));
  // A statement of its own: it sees what the lock waited for.
  auto decisions = Read(Ask(tx, {filing_id.str()}));
  std::vector<std::string> deciding;
  for (Decision& decision : decisions[filing_id.str()]) {
    deciding.push_back(decision.zone);
    if (decision.zone != zone) continue;
    decision.credential_valid_until = filing[0].Day("credential_valid_until");
    return std::move(decision);
  }
  const std::string zones = fmt::format("{}", fmt::join(deciding, ", "));
  return PermissionDenied("NOT_DECIDING_ZONE", fmt::format("only {} decide here", zones),
                          {{"zone", zones}});
}

constexpr db::Sql kVerify{"decision.verify", R"sql(
  INSERT INTO verifications (filing_id, zone, user_id, name, at, opinion)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

static void InsertVerification(db::Tx& tx, const Decision& decision) {
  const Verification& last = decision.verifications.back();
  tx.Exec(kVerify, decision.filing_id.str(), decision.zone, last.user_id, last.name, last.at,
          last.opinion);
}

constexpr db::Sql kSuspend{"decision.suspend", R"sql(
  INSERT INTO suspensions (filing_id, zone, from_at, ground, missing, reason, opened_by)
  VALUES ($1, $2, $3, 'SUPPLEMENT', $4, $5, $6)
)sql"};

static void InsertSuspension(db::Tx& tx, const Decision& decision, const Actor& by) {
  const SupplementNotice& notice = *decision.supplement;
  tx.Exec(kSuspend, decision.filing_id.str(), decision.zone, notice.asked_at, notice.missing,
          notice.reason, by.user_id);
}

constexpr db::Sql kRecognise{"decision.recognise", R"sql(
  INSERT INTO recognitions (number, filing_id, zone, organization_id, item_id, item_version,
                            home_zone, valid_from, valid_until, granted_at)
  SELECT $1, filing_id, $3, organization_id, item_id, item_version, home_zone, $4::date,
         credential_valid_until, $5::timestamptz
    FROM filings WHERE filing_id = $2
)sql"};

static void InsertRecognition(db::Tx& tx, const Decision& decision) {
  const Time granted_at = *decision.closed_at;
  tx.Exec(kRecognise, decision.recognition_number, decision.filing_id.str(), decision.zone,
          ShanghaiDate(granted_at), granted_at);
}

// The filing is in review while a decision is open. $12: this one is.
constexpr db::Sql kSave{"decision.save", R"sql(
  WITH decision AS (
    UPDATE decisions
       SET state = $3, version = $4, recognition_number = nullif($5, ''), decided_by = $6,
           closed_at = $7, reason = $8, article = $9, facts = $10
     WHERE filing_id = $1 AND zone = $2)
  UPDATE filings
     SET version = version + 1, changed_at = $11,
         state = CASE WHEN $12 OR EXISTS (
                        SELECT 1 FROM decisions o
                         WHERE o.filing_id = $1 AND o.zone <> $2 AND o.open)
                      THEN 'IN_REVIEW' ELSE 'CLOSED' END
   WHERE filing_id = $1
  RETURNING state, version, home_zone, target_zones
)sql"};

Decision Save(db::Tx& tx, Decision d, const Actor& by) {
  const db::Rows saved =
      tx.Exec(kSave, d.filing_id.str(), d.zone, Name(d.state), d.version, d.recognition_number,
              d.decided_by, d.closed_at, d.reason, d.article, d.facts, tx.now(), IsOpen(d.state));
  const Verb verb = d.step->verb;
  if (verb == Verb::kVerify) InsertVerification(tx, d);
  if (verb == Verb::kRequestSupplement) InsertSuspension(tx, d, by);
  if (verb == Verb::kGrant) InsertRecognition(tx, d);
  const FilingHead filing{.state = FilingStateNamed(saved[0].Text("state")),
                          .version = saved[0].Int("version"),
                          .home_zone = saved[0].Text("home_zone"),
                          .target_zones = saved[0].Texts("target_zones")};
  AppendDecisionChanged(tx, d, filing, by);
  return d;
}

}  // namespace zonelink::recognition::decision_store
