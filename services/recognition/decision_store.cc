// SPDX-License-Identifier: Apache-2.0
#include "recognition/decision_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "platform/review/review_store.h"
#include "recognition/credit_store.h"
#include "recognition/decision_details_store.h"
#include "recognition/events.h"
#include "recognition/negative_list_json.h"
#include "recognition/officer_store.h"

namespace zonelink::recognition::decision_store {
namespace {

// As it was submitted. Reads the columns in their order, which finds them at once.
Decision ReadOne(const db::Row& row) {
  Decision decision{.filing_id = FilingId(row.Text("filing_id")),
                    .zone = row.Text("zone"),
                    .applicant = row.Text("organization_id"),
                    .agreement_id = AgreementId(row.Text("agreement_id")),
                    .mode = ModeNamed(row.Text("mode")),
                    .state = DecisionStateNamed(row.Text("state")),
                    .version = row.Int("version"),
                    .verifiers_needed = static_cast<int>(row.Int("verifiers_needed")),
                    .promise = PromiseStateNamed(row.Text("promise")),
                    .recognition_number = row.MaybeText("recognition_number").value_or(""),
                    .closed_at = row.MaybeAt("closed_at"),
                    .touched = row.Bool("touched")};
  decision.screening = FindingsFrom(row.MaybeText("screening").value_or(""), decision.zone);
  if (const auto budget = row.MaybeInt("clock_budget")) {
    decision.clock = WorkingClock{.budget = static_cast<int>(*budget),
                                  .started_at = row.At("clock_started_at"),
                                  .stopped_at = decision.closed_at};
    decision.line =
        review::Line{ReviewPlan(decision.zone, decision.verifiers_needed), review::Record{}};
  }
  return decision;
}

// What its row collected since.
void ReadSince(const db::Row& row, Decision& d) {
  d.extended_days = static_cast<int>(row.Int("extended_days"));
  d.extension_reason = row.Text("extension_reason");
  if (const auto resume_to = row.MaybeText("resume_to")) {
    d.resume_to = DecisionStateNamed(*resume_to);
  }
  d.scope = {row.Texts("scope_activities"), row.Texts("scope_addresses"),
             row.Text("scope_quantity"), row.MaybeDay("scope_from"), row.MaybeDay("scope_until")};
  d.promise_findings = row.Text("promise_findings");
  d.competent_authority = row.Text("competent_authority");
  d.reminders = static_cast<int>(row.Int("reminders"));
  d.reminded_on = row.MaybeDay("reminded_on");
  d.decided_by = row.Text("decided_by");
  d.by_clock = row.Bool("by_clock");
  d.delivered_at = row.MaybeAt("delivered_at");
  d.delivery_method = row.Text("delivery_method");
  d.reason = row.Text("reason");
  d.legal_basis = row.Text("legal_basis");
  d.article = row.Text("article");
  d.facts = row.Text("facts");
  d.refusal_code = row.Text("refusal_code");
  if (d.clock) d.clock->budget += d.extended_days;
}

}  // namespace

std::string ClockName(std::string_view zone, std::string_view name) {
  return fmt::format("{}/{}", zone, name);
}

Terms ReadTerms(const db::Row& row) {
  const bool joint = row.Int("joint_budget_days") > 0;
  return {.supplement_window = static_cast<int>(row.Int("supplement_window_days")),
          .extension = static_cast<int>(row.Int(joint ? "joint_extension_days" : "extension_days")),
          .delivery = static_cast<int>(row.Int("delivery_days")),
          .query = static_cast<int>(row.Int("query_days")),
          .promise_check = static_cast<int>(row.Int("promise_check_days")),
          .promise_correction = static_cast<int>(row.Int("promise_correction_days")),
          .promise_version = static_cast<int>(row.Int("promise_version")),
          .tacit_allowed = row.Bool("tacit_allowed")};
}

// The array in a query of its own: see filing_store.cc.
constexpr db::Sql kOf{"decision.of", R"sql(
  SELECT filing_id, zone, organization_id, agreement_id, mode, state, version, verifiers_needed, promise,
         recognition_number, closed_at, touched, screening::text AS screening, clock_budget, clock_started_at
    FROM decisions
   WHERE filing_id = ANY (ARRAY(SELECT unnest($1::text[])))
   ORDER BY filing_id, zone
)sql"};

db::Rows Ask(db::Tx& tx, const std::vector<std::string>& filing_ids) {
  return tx.Exec(kOf, filing_ids);
}

ByFiling Read(const db::Rows& rows) {
  ByFiling out;
  for (size_t i = 0; i < rows.size(); ++i) {
    Decision decision = ReadOne(rows[i]);
    out[decision.filing_id.str()].push_back(std::move(decision));
  }
  return out;
}

// The record knows by id alone who was deputy, whose deputy somebody was, and who declared.
static void NameOfficers(db::Tx& tx, ByFiling& decisions) {
  std::set<std::string> ids;
  for (const auto& [filing_id, all] : decisions) {
    for (const Decision& d : all) {
      const auto known = OfficersById(d);
      ids.insert(known.begin(), known.end());
    }
  }
  if (ids.empty()) return;
  const auto names = officer_store::Names(tx, {ids.begin(), ids.end()});
  for (auto& [filing_id, all] : decisions) {
    for (Decision& d : all) {
      for (const std::string& id : OfficersById(d)) {
        if (const auto name = names.find(id); name != names.end()) d.names.insert(*name);
      }
    }
  }
}

constexpr db::Sql kSince{"decision.since", R"sql(
  SELECT filing_id, zone, extended_days, extension_reason, resume_to, scope_activities, scope_addresses,
         scope_quantity, scope_from, scope_until, promise_findings, competent_authority, reminders, reminded_on,
         decided_by, by_clock, delivered_at, delivery_method, reason, legal_basis, article, facts, refusal_code
    FROM decisions
   WHERE touched AND filing_id = ANY (ARRAY(SELECT unnest($1::text[])))
)sql"};

static void ReadSince(const db::Rows& rows, ByFiling& decisions) {
  for (size_t i = 0; i < rows.size(); ++i) {
    const std::string zone = rows[i].Text("zone");
    for (Decision& d : decisions[rows[i].Text("filing_id")]) {
      if (d.zone == zone) ReadSince(rows[i], d);
    }
  }
}

void Complete(db::Tx& tx, ByFiling& decisions) {
  std::vector<std::string> touched;
  for (const auto& [filing_id, all] : decisions) {
    const bool any =
        std::any_of(all.begin(), all.end(), [](const Decision& d) { return d.touched; });
    if (any) touched.push_back(filing_id);
  }
  if (touched.empty()) return;
  const db::Rows since_rows = tx.Exec(kSince, touched);
  const db::Rows clock_rows = clocks::clock_store::Ask(tx, touched);
  const auto line_rows = review_store::Ask(tx, touched);
  const decision_details_store::Asked detail_rows = decision_details_store::Ask(tx, touched);
  ReadSince(since_rows, decisions);
  auto clocks = clocks::clock_store::Read(clock_rows);
  auto lines = review_store::Read(line_rows);
  decision_details_store::Read(detail_rows, decisions);
  for (const std::string& filing_id : touched) {
    for (Decision& d : decisions[filing_id]) {
      const std::string main = ClockName(d.zone, "decision");
      for (clocks::Clock& clock : clocks[filing_id]) {
        if (clock.name == ClockName(d.zone, "correction")) {
          d.correcting_since = clock.clock.started_at;
        }
        if (clock.name == main) d.clock = std::move(clock.clock);
      }
      auto& records = lines[filing_id];
      if (const auto found = records.find(d.zone); d.line && found != records.end()) {
        d.line->record = found->second;
      }
      if (!d.consultation) continue;
      d.opinions = review::Line{OpinionsPlan(d.zone, *d.consultation), {}};
      const auto found = records.find(d.opinions->plan.line);
      if (found != records.end()) d.opinions->record = found->second;
    }
  }
  NameOfficers(tx, decisions);
}

constexpr db::Sql kLockFiling{"decision.lock_filing", R"sql(
  SELECT f.changed_at, f.credential_valid_until, f.home_zone,
         i.supplement_window_days, i.extension_days, i.joint_budget_days, i.joint_extension_days,
         i.delivery_days, i.query_days, i.promise_check_days, i.promise_correction_days,
         i.promise_version, i.tacit_allowed, i.declaration_needed
    FROM filings f JOIN items i ON i.item_id = f.item_id AND i.version = f.item_version
   WHERE f.filing_id = $1 FOR UPDATE OF f
)sql"};

constexpr db::Sql kHoldFiling{"decision.hold_filing", R"sql(
  SELECT changed_at FROM filings WHERE filing_id = $1 FOR UPDATE
)sql"};

Status LockFiling(db::Tx& tx, const FilingId& filing_id) {
  const db::Rows filing = tx.Exec(kHoldFiling, filing_id.str());
  if (filing.empty()) return NotFound("FILING_NOT_FOUND", "no such filing");
  tx.NotBefore(filing[0].At("changed_at"));
  return Done{};
}

Result<Decision> Lock(db::Tx& tx, const FilingId& filing_id, const std::string& zone) {
  const db::Rows filing = tx.Exec(kLockFiling, filing_id.str());
  if (filing.empty()) return NotFound("FILING_NOT_FOUND", "no such filing");
  tx.NotBefore(filing[0].At("changed_at"));
  // Statements of their own: they see what the lock waited for.
  const db::Rows asked = Ask(tx, {filing_id.str()});
  const auto stated = decision_details_store::AskStated(tx, filing_id.str());
  ByFiling decisions = Read(asked);
  Complete(tx, decisions);
  std::vector<std::string> deciding;
  for (Decision& decision : decisions[filing_id.str()]) {
    deciding.push_back(decision.zone);
    if (decision.zone != zone) continue;
    decision.home_zone = filing[0].Text("home_zone");
    decision.credential_valid_until = filing[0].Day("credential_valid_until");
    decision.terms = ReadTerms(filing[0]);
    decision.terms.declaration_needed = filing[0].Bool("declaration_needed");
    decision.agent = decision_details_store::AgentOf(stated);
    if (decision.mode == Mode::kReview) decision.papers = decision_details_store::PapersOf(stated);
    decision.origin_scope = decision_details_store::ScopeOf(stated);
    return std::move(decision);
  }
  const std::string zones = fmt::format("{}", fmt::join(deciding, ", "));
  return PermissionDenied("NOT_DECIDING_ZONE", fmt::format("only {} decide here", zones),
                          {{"zone", zones}});
}

constexpr db::Sql kRecognise{"decision.recognise", R"sql(
  INSERT INTO recognitions (number, filing_id, zone, organization_id, item_id, item_version,
                            home_zone, valid_from, valid_until, granted_at, scope_activities,
                            scope_addresses, scope_quantity, event_id)
  SELECT $1, filing_id, $3, organization_id, item_id, item_version, home_zone,
         greatest($4::date, $6::date), least(credential_valid_until, $7::date), $5::timestamptz,
         $8, $9, $10, $11::uuid
    FROM filings WHERE filing_id = $2
)sql"};

// `event_id`: of the event that tells of the grant.
static void InsertRecognition(db::Tx& tx, const Decision& d, const std::string& event_id) {
  const Time granted_at = *d.closed_at;
  // Silence grants at the end of a day, which is then the first.
  const Time on = d.by_clock ? granted_at - std::chrono::microseconds{1} : granted_at;
  tx.Exec(kRecognise, d.recognition_number, d.filing_id.str(), d.zone, ShanghaiDate(on), granted_at,
          d.scope.valid_from ? d.scope.valid_from : d.origin_scope.valid_from,
          d.scope.valid_until ? d.scope.valid_until : d.origin_scope.valid_until,
          d.scope.activities, d.scope.addresses, d.scope.quantity, event_id);
}

constexpr db::Sql kEffect{"decision.effect", R"sql(
  UPDATE recognitions SET effect = $2 WHERE number = $1
)sql"};

// Whoever looks a number up is told whether it is in force.
static void WriteEffect(db::Tx& tx, const Decision& d) {
  const auto effect = [](DecisionState state) -> std::string_view {
    return state == DecisionState::kRevoked          ? "REVOKED"
           : state == DecisionState::kSuspendedAfter ? "SUSPENDED"
                                                     : "VALID";
  };
  if (d.recognition_number.empty() || effect(d.step->from) == effect(d.state)) return;
  tx.Exec(kEffect, d.recognition_number, effect(d.state));
}

static bool IsGrant(Verb verb) {
  return verb == Verb::kGrant || verb == Verb::kGrantPartial || verb == Verb::kGrantConditional ||
         verb == Verb::kGrantTacitly;
}

// The extension gives the due date, and the day when it is long past, another instant: they are
// told again then. What was told on the way to the first one was told.
static void DueAgain(std::vector<std::string>& fired) {
  const auto over = [](const std::string& rung) { return rung == "DUE" || rung == "OVERDUE"; };
  fired.erase(std::remove_if(fired.begin(), fired.end(), over), fired.end());
}

// Suspensions are only added, and only the last may be open.
static bool Same(const WorkingClock& a, const WorkingClock& b) {
  const auto ends = [](const WorkingClock& c) {
    return c.suspensions.empty() ? std::nullopt : c.suspensions.back().until;
  };
  return a.budget == b.budget && a.stopped_at == b.stopped_at &&
         a.suspensions.size() == b.suspensions.size() && ends(a) == ends(b);
}

// The stored clocks of the decision after the step: the authority's own as it is now, those that
// the rules started and stopped.
static Status WriteClocks(db::Tx& tx, Decision& d, const Rules& rules) {
  const std::string main = ClockName(d.zone, "decision");
  const std::string prefix = d.zone + "/";
  std::vector<std::string> names;
  for (const ClockAct& act : d.clock_acts) names.push_back(ClockName(d.zone, act.name));
  const bool stops_all = std::any_of(d.clock_acts.begin(), d.clock_acts.end(),
                                     [](const ClockAct& act) { return act.name == "*"; });
  for (clocks::Clock& stored : clocks::clock_store::Of(tx, d.filing_id.str())) {
    if (stored.name == main && d.clock) {
      if (Same(stored.clock, *d.clock)) continue;  // not everybody who acts may change it
      stored.clock = *d.clock;
      if (d.step->verb == Verb::kExtend) DueAgain(stored.fired);
      const auto saved = clocks::clock_store::Save(tx, std::move(stored), rules);
      if (!saved) return saved.error();
      continue;
    }
    const bool stops = stops_all
                           ? stored.name.rfind(prefix, 0) == 0
                           : std::find(names.begin(), names.end(), stored.name) != names.end();
    if (!stops || stored.clock.stopped_at) continue;
    stored.clock = Stop(std::move(stored.clock), std::max(tx.now(), stored.clock.started_at));
    const auto saved = clocks::clock_store::Save(tx, std::move(stored), rules);
    if (!saved) return saved.error();
  }
  std::vector<clocks::Started> started;
  for (size_t i = 0; i < d.clock_acts.size(); ++i) {
    const ClockAct& act = d.clock_acts[i];
    if (act.kind.empty()) continue;
    started.push_back({.case_id = d.filing_id.str(),
                       .name = names[i],
                       .owner = d.applicant,
                       .kind = act.kind,
                       .calendar = d.zone,
                       .budget = act.clock.budget,
                       .started_at = act.clock.started_at});
  }
  if (!started.empty()) clocks::clock_store::Insert(tx, started, rules);
  d.clock_acts.clear();
  return Done{};
}

static bool ChangesClocks(const Decision& d) {
  if (!d.clock_acts.empty()) return true;
  switch (d.step->verb) {
    case Verb::kSupplement:
    case Verb::kHandInPaper:
    case Verb::kHoldHearing:
    case Verb::kSuspend:
    case Verb::kResume:
    case Verb::kExtend: return true;
    default: return false;
  }
}

constexpr db::Sql kWrite{"decision.write", R"sql(
  UPDATE decisions
     SET state = $3, version = $4, touched = true, resume_to = nullif($5, ''),
         recognition_number = nullif($6, ''), decided_by = $7, by_clock = $8, closed_at = $9,
         reason = $10, article = $11, facts = $12, extended_days = $13, extension_reason = $14,
         promise = $15, promise_findings = $16, competent_authority = $17, reminders = $18,
         reminded_on = $19, delivered_at = $20, delivery_method = $21, legal_basis = $22,
         scope_activities = $23, scope_addresses = $24, scope_quantity = $25, scope_from = $26,
         scope_until = $27, refusal_code = $28
   WHERE filing_id = $1 AND zone = $2
)sql"};

Status Write(db::Tx& tx, Decision& d, const Rules& rules) {
  tx.Exec(kWrite, d.filing_id.str(), d.zone, Name(d.state), d.version,
          d.resume_to ? Name(*d.resume_to) : "", d.recognition_number, d.decided_by, d.by_clock,
          d.closed_at, d.reason, d.article, d.facts, d.extended_days, d.extension_reason,
          Name(d.promise), d.promise_findings, d.competent_authority, d.reminders, d.reminded_on,
          d.delivered_at, d.delivery_method, d.legal_basis, d.scope.activities, d.scope.addresses,
          d.scope.quantity, d.scope.valid_from, d.scope.valid_until, d.refusal_code);
  d.touched = true;
  decision_details_store::Write(tx, d);
  WriteEffect(tx, d);
  if (d.step->verb == Verb::kBreakPromise) credit_store::RecordBrokenPromise(tx, d);
  if (ChangesClocks(d)) {
    if (const Status written = WriteClocks(tx, d, rules); !written) return written;
  }
  for (std::optional<review::Line>* line : {&d.line, &d.opinions}) {
    if (!*line) continue;
    auto saved = review_store::Save(tx, {d.filing_id.str(), d.applicant}, **line);
    if (!saved) return saved.error();
    *line = *std::move(saved);
  }
  return Done{};
}

// The filing is in review while a decision is open. $3: parties that come in.
constexpr db::Sql kSaveFiling{"decision.save_filing", R"sql(
  UPDATE filings
     SET version = version + 1, changed_at = $2,
         extra_parties = ARRAY(SELECT DISTINCT party FROM unnest(extra_parties || $3::text[]) AS party ORDER BY party),
         state = CASE WHEN EXISTS (SELECT 1 FROM decisions o WHERE o.filing_id = $1 AND o.open)
                      THEN 'IN_REVIEW' ELSE 'CLOSED' END
   WHERE filing_id = $1
  RETURNING state, version, home_zone, target_zones, extra_parties
)sql"};

constexpr db::Sql kSaveFilingByClock{"decision.save_filing_by_clock", R"sql(
  UPDATE filings
     SET version = version + 1, changed_at = $2,
         state = CASE WHEN EXISTS (SELECT 1 FROM decisions o WHERE o.filing_id = $1 AND o.open)
                      THEN 'IN_REVIEW' ELSE 'CLOSED' END
   WHERE filing_id = $1
  RETURNING state, version, home_zone, target_zones, extra_parties
)sql"};

Result<Decision> Save(db::Tx& tx, Decision d, const Actor& by, const Rules& rules,
                      std::string_view rung) {
  if (const Status written = Write(tx, d, rules); !written) return written.error();
  std::vector<std::string> fresh;
  if (d.step->verb == Verb::kRequestOpinions) {
    for (const std::string& zone : d.consultation->zones) fresh.push_back("zone:" + zone);
    decision_details_store::AddParties(tx, d, fresh);
  }
  const bool by_person = !by.user_id.empty();
  const db::Rows saved = by_person ? tx.Exec(kSaveFiling, d.filing_id.str(), tx.now(), fresh)
                                   : tx.Exec(kSaveFilingByClock, d.filing_id.str(), tx.now());
  const FilingHead filing{.state = FilingStateNamed(saved[0].Text("state")),
                          .version = saved[0].Int("version"),
                          .home_zone = saved[0].Text("home_zone"),
                          .target_zones = saved[0].Texts("target_zones"),
                          .extra_parties = saved[0].Texts("extra_parties")};
  const std::string event_id =
      AppendDecisionChanged(tx, d, filing, by, rules.calendars.For(d.zone), rung);
  if (IsGrant(d.step->verb)) InsertRecognition(tx, d, event_id);
  return d;
}

constexpr db::Sql kOpenCase{"decision.open_case", R"sql(
  SELECT f.receipt_number
    FROM decisions d JOIN filings f ON f.filing_id = d.filing_id
   WHERE d.organization_id = $1 AND d.duplicate_key = $2 AND d.zone = ANY ($3::text[]) AND d.open
   ORDER BY f.submitted_at LIMIT 1
)sql"};

Result<std::string> OpenCase(db::Tx& tx, const Submission& s) {
  const db::Rows rows = tx.Exec(kOpenCase, s.applicant.organization_id,
                                DuplicateKey(s.item_id, s.credential), s.target_zones);
  if (rows.empty()) return NotFound("FILING_NOT_FOUND", "no such filing");
  return rows[0].Text("receipt_number");
}

}  // namespace zonelink::recognition::decision_store
