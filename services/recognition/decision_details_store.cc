// SPDX-License-Identifier: Apache-2.0
#include "recognition/decision_details_store.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::recognition::decision_details_store {
namespace {

review::Rule RuleNamed(std::string_view name) {
  for (const review::Rule rule : {review::Rule::kAll, review::Rule::kAny, review::Rule::kQuorum}) {
    if (review::Name(rule) == name) return rule;
  }
  ZL_CHECK(false, "a rule by its name");
}

Decision* Find(std::unordered_map<std::string, std::vector<Decision>>& decisions,
               const db::Row& row) {
  for (Decision& decision : decisions[row.Text("filing_id")]) {
    if (decision.zone == row.Text("zone")) return &decision;
  }
  return nullptr;
}

void AddDetail(const db::Row& row, Decision& d) {
  const std::string kind = row.Text("kind");
  if (kind == "query") {
    d.queries.push_back({row.Text("a"), row.Text("b"), row.At("at"), row.Text("c"), row.Text("d"),
                         row.MaybeAt("done_at"), row.Bool("flag")});
  } else if (kind == "consultation") {  // the last is the one that counts
    d.consultation = Consultation{row.Texts("list"),
                                  RuleNamed(row.Text("b")),
                                  static_cast<int>(row.Int("n")),
                                  row.Bool("flag"),
                                  row.Text("a"),
                                  static_cast<int>(row.Int("place"))};
  } else if (kind == "condition") {
    d.conditions.push_back(
        {row.Text("a"), row.Day("day"), row.MaybeAt("done_at"), row.Text("b"), row.Bool("flag")});
  } else {
    d.corrections.push_back({row.Text("a"), row.Text("b")});
  }
}

DeferredPaper PaperOf(const db::Row& row) {
  return {row.Text("kind"), row.Day("promised_on"), row.MaybeAt("handed_in_at")};
}

}  // namespace

constexpr db::Sql kNotices{"decision.notices", R"sql(
  SELECT filing_id, zone, from_at, until_at, missing, reason
    FROM suspensions WHERE filing_id = ANY (ARRAY(SELECT unnest($1::text[])))
)sql"};

constexpr db::Sql kDetails{"decision.details", R"sql(
  WITH asked AS (SELECT unnest($1::text[]) AS filing_id)
  SELECT 'query' AS kind, filing_id, zone, place, question AS a, asked_by AS b, answer AS c,
         answered_by AS d, asked_at AS at, closed_at AS done_at, missed AS flag, NULL::date AS day,
         '{}'::text[] AS list, 0 AS n
    FROM decision_queries WHERE filing_id = ANY (ARRAY(SELECT filing_id FROM asked))
  UNION ALL
  SELECT 'consultation', filing_id, zone, place, question, rule, '', '', NULL, NULL, veto, NULL,
         zones, quorum
    FROM decision_consultations WHERE filing_id = ANY (ARRAY(SELECT filing_id FROM asked))
  UNION ALL
  SELECT 'condition', filing_id, zone, place, text, evidence, '', '', NULL, met_at, missed, due_on,
         '{}', 0
    FROM decision_conditions WHERE filing_id = ANY (ARRAY(SELECT filing_id FROM asked))
  UNION ALL
  SELECT 'correction', filing_id, zone, place, field, value, '', '', NULL, NULL, false, NULL, '{}', 0
    FROM decision_corrections WHERE filing_id = ANY (ARRAY(SELECT filing_id FROM asked))
   ORDER BY filing_id, zone, kind, place
)sql"};

constexpr db::Sql kPapers{"decision.papers", R"sql(
  SELECT filing_id, kind, promised_on, handed_in_at
    FROM deferred_papers WHERE filing_id = ANY (ARRAY(SELECT unnest($1::text[])))
   ORDER BY filing_id, kind
)sql"};

Asked Ask(db::Tx& tx, const std::vector<std::string>& filing_ids) {
  return {tx.Exec(kNotices, filing_ids), tx.Exec(kDetails, filing_ids),
          tx.Exec(kPapers, filing_ids)};
}

void Read(const Asked& asked, std::unordered_map<std::string, std::vector<Decision>>& decisions) {
  for (size_t i = 0; i < asked.notices.size(); ++i) {
    const db::Row row = asked.notices[i];
    if (Decision* d = Find(decisions, row)) {
      d->supplement = SupplementNotice{row.Texts("missing"), row.Text("reason"), row.At("from_at"),
                                       row.MaybeAt("until_at")};
    }
  }
  for (size_t i = 0; i < asked.details.size(); ++i) {
    if (Decision* d = Find(decisions, asked.details[i])) AddDetail(asked.details[i], *d);
  }
  for (size_t i = 0; i < asked.papers.size(); ++i) {
    for (Decision& d : decisions[asked.papers[i].Text("filing_id")]) {
      if (d.mode == Mode::kReview) d.papers.push_back(PaperOf(asked.papers[i]));
    }
  }
}

constexpr db::Sql kExtras{"decision.extras", R"sql(
  SELECT scope_activities, scope_addresses, scope_quantity, scope_from, scope_until, refile_of,
         agent_organization_id, mandate_id
    FROM filing_extras WHERE filing_id = $1
)sql"};

Stated AskStated(db::Tx& tx, const std::string& filing_id) {
  return {tx.Exec(kExtras, filing_id), tx.Exec(kPapers, std::vector<std::string>{filing_id})};
}

std::vector<DeferredPaper> PapersOf(const Stated& stated) {
  std::vector<DeferredPaper> papers;
  for (size_t i = 0; i < stated.papers.size(); ++i) papers.push_back(PaperOf(stated.papers[i]));
  return papers;
}

Scope ScopeOf(const Stated& stated) {
  if (stated.extras.empty()) return {};
  const db::Row row = stated.extras[0];
  return {row.Texts("scope_activities"), row.Texts("scope_addresses"), row.Text("scope_quantity"),
          row.MaybeDay("scope_from"), row.MaybeDay("scope_until")};
}

std::string AgentOf(const Stated& stated) {
  return stated.extras.empty() ? "" : stated.extras[0].Text("agent_organization_id");
}

void ReadInto(const Stated& stated, Filing& filing) {
  filing.papers = PapersOf(stated);
  filing.scope = ScopeOf(stated);
  if (!stated.extras.empty()) {
    const db::Row row = stated.extras[0];
    filing.refile_of = row.Text("refile_of");
    const std::string agent = row.Text("agent_organization_id");
    if (!agent.empty()) filing.agency = Agency{agent, row.Text("mandate_id")};
  }
  for (Decision& decision : filing.decisions) {
    decision.origin_scope = filing.scope;
    if (filing.agency) decision.agent = filing.agency->agent_organization_id;
    if (decision.mode == Mode::kReview) decision.papers = filing.papers;
  }
}

constexpr db::Sql kHeld{"decision.held_papers", R"sql(
  SELECT kind, title, sha256, valid_until FROM documents WHERE filing_id = $1 ORDER BY position
)sql"};

std::vector<HeldPaper> HeldPapers(db::Tx& tx, const FilingId& id) {
  const db::Rows rows = tx.Exec(kHeld, id.str());
  std::vector<HeldPaper> held;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    held.push_back(
        {row.Text("kind"), row.Text("title"), row.Text("sha256"), row.MaybeDay("valid_until")});
  }
  return held;
}

constexpr db::Sql kAddNotice{"decision.add_notice", R"sql(
  INSERT INTO suspensions (filing_id, zone, from_at, ground, missing, reason, opened_by)
  VALUES ($1, $2, $3, 'SUPPLEMENT', $4, $5, $6)
)sql"};
constexpr db::Sql kAnswerNotice{"decision.answer_notice", R"sql(
  UPDATE suspensions SET until_at = $3 WHERE filing_id = $1 AND zone = $2 AND until_at IS NULL
)sql"};

static void WriteNotice(db::Tx& tx, const Decision& d) {
  const SupplementNotice& notice = *d.supplement;
  if (d.step->verb == Verb::kSupplement) {
    tx.Exec(kAnswerNotice, d.filing_id.str(), d.zone, notice.answered_at);
    return;
  }
  tx.Exec(kAddNotice, d.filing_id.str(), d.zone, notice.asked_at, notice.missing, notice.reason,
          d.clock->suspensions.back().cause.opened_by);
}

constexpr db::Sql kAddQuery{"decision.add_query", R"sql(
  INSERT INTO decision_queries (filing_id, zone, place, question, asked_by, asked_at)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};
constexpr db::Sql kCloseQuery{"decision.close_query", R"sql(
  UPDATE decision_queries SET answer = $4, answered_by = $5, closed_at = $6, missed = $7
   WHERE filing_id = $1 AND zone = $2 AND place = $3
)sql"};

static void WriteQuery(db::Tx& tx, const Decision& d) {
  const Query& last = d.queries.back();
  const int place = static_cast<int>(d.queries.size());
  if (!last.closed_at) {
    tx.Exec(kAddQuery, d.filing_id.str(), d.zone, place, last.question, last.asked_by,
            last.asked_at);
    return;
  }
  tx.Exec(kCloseQuery, d.filing_id.str(), d.zone, place, last.answer, last.answered_by,
          last.closed_at, last.missed);
}

constexpr db::Sql kConsult{"decision.consult", R"sql(
  INSERT INTO decision_consultations (filing_id, zone, place, zones, rule, quorum, veto, question)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

static void WriteConsultation(db::Tx& tx, const Decision& d) {
  const Consultation& c = *d.consultation;
  tx.Exec(kConsult, d.filing_id.str(), d.zone, c.number, c.zones, review::Name(c.rule), c.quorum,
          c.veto, c.question);
}

constexpr db::Sql kAddCondition{"decision.add_condition", R"sql(
  INSERT INTO decision_conditions (filing_id, zone, place, text, due_on) VALUES ($1, $2, $3, $4, $5)
)sql"};
constexpr db::Sql kChangeCondition{"decision.change_condition", R"sql(
  UPDATE decision_conditions SET met_at = $4, evidence = $5, missed = $6
   WHERE filing_id = $1 AND zone = $2 AND place = $3
)sql"};

static void WriteConditions(db::Tx& tx, const Decision& d) {
  const bool fresh = d.step->verb == Verb::kGrantConditional;
  int place = 0;
  for (const Condition& c : d.conditions) {
    ++place;
    if (fresh) {
      tx.Exec(kAddCondition, d.filing_id.str(), d.zone, place, c.text, c.due_on);
    } else {
      tx.Exec(kChangeCondition, d.filing_id.str(), d.zone, place, c.met_at, c.evidence, c.missed);
    }
  }
}

constexpr db::Sql kCorrect{"decision.correct", R"sql(
  INSERT INTO decision_corrections (filing_id, zone, place, field, value) VALUES ($1, $2, $3, $4, $5)
)sql"};

constexpr db::Sql kTakeBackCorrections{"decision.take_back_corrections", R"sql(
  DELETE FROM decision_corrections WHERE filing_id = $1 AND zone = $2
)sql"};

static void WriteCorrections(db::Tx& tx, const Decision& d) {
  if (d.step->verb == Verb::kTakeBack) {
    if (d.corrections.empty()) tx.Exec(kTakeBackCorrections, d.filing_id.str(), d.zone);
    return;
  }
  int place = 0;
  for (const Correction& c : d.corrections) {
    tx.Exec(kCorrect, d.filing_id.str(), d.zone, ++place, c.field, c.value);
  }
}

void Write(db::Tx& tx, const Decision& d) {
  switch (d.step->verb) {
    case Verb::kRequestSupplement:
    case Verb::kSupplement: return WriteNotice(tx, d);
    case Verb::kQueryHome:
    case Verb::kAnswerQuery:
    case Verb::kMissQuery: return WriteQuery(tx, d);
    case Verb::kRequestOpinions: return WriteConsultation(tx, d);
    case Verb::kGrantConditional:
    case Verb::kConfirmCondition:
    case Verb::kMissCondition: return WriteConditions(tx, d);
    case Verb::kCorrect:
    case Verb::kTakeBack: return WriteCorrections(tx, d);
    default: break;
  }
  // An open query ends with the case, or with a deferred paper that is missed.
  const bool ends_query =
      d.step->from == DecisionState::kQueryToHome && d.state != DecisionState::kQueryToHome;
  if (ends_query) WriteQuery(tx, d);
}

// The filing, which is held, tells who is a party: everybody sees only their own row of
// filing_parties, and ON CONFLICT would ask to see the others'.
constexpr db::Sql kAddParties{"decision.add_parties", R"sql(
  INSERT INTO filing_parties (filing_id, party, organization_id, submitted_at)
  SELECT f.filing_id, party, f.organization_id, f.submitted_at
    FROM filings f, unnest($2::text[]) AS party
   WHERE f.filing_id = $1 AND party <> 'zone:' || f.home_zone AND party <> ALL (f.extra_parties)
     AND NOT EXISTS (SELECT 1 FROM unnest(f.target_zones) AS target WHERE party = 'zone:' || target)
)sql"};

void AddParties(db::Tx& tx, const Decision& d, const std::vector<std::string>& parties) {
  tx.Exec(kAddParties, d.filing_id.str(), parties);
}

constexpr db::Sql kState{"filing.state_extras", R"sql(
  INSERT INTO filing_extras (filing_id, organization_id, scope_activities, scope_addresses,
                             scope_quantity, scope_from, scope_until, refile_of,
                             agent_organization_id, mandate_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};
constexpr db::Sql kDefer{"filing.defer_papers", R"sql(
  INSERT INTO deferred_papers (filing_id, kind, organization_id, promised_on)
  VALUES ($1, $2, $3, $4)
)sql"};

static bool StatesMore(const Filing& f) {
  const Scope& s = f.scope;
  return !s.activities.empty() || !s.addresses.empty() || !s.quantity.empty() || s.valid_from ||
         s.valid_until || !f.refile_of.empty() || f.agency;
}

void InsertStated(db::Tx& tx, const std::vector<const Filing*>& filings) {
  for (const Filing* f : filings) {
    const std::string& owner = f->applicant.organization_id;
    for (const DeferredPaper& paper : f->papers) {
      tx.Exec(kDefer, f->id.str(), paper.kind, owner, paper.promised_on);
    }
    if (!StatesMore(*f)) continue;
    const Agency agency = f->agency.value_or(Agency{});
    tx.Exec(kState, f->id.str(), owner, f->scope.activities, f->scope.addresses, f->scope.quantity,
            f->scope.valid_from, f->scope.valid_until, f->refile_of, agency.agent_organization_id,
            agency.mandate_id);
  }
}

constexpr db::Sql kHandIn{"filing.hand_in", R"sql(
  UPDATE deferred_papers SET handed_in_at = $3
   WHERE filing_id = $1 AND kind = ANY ($2::text[]) AND handed_in_at IS NULL
)sql"};

void HandIn(db::Tx& tx, Filing& filing, const std::vector<std::string>& kinds) {
  if (filing.papers.empty()) return;
  tx.Exec(kHandIn, filing.id.str(), kinds, tx.now());
  for (DeferredPaper& paper : filing.papers) {
    const bool in = std::find(kinds.begin(), kinds.end(), paper.kind) != kinds.end();
    if (in && !paper.handed_in_at) paper.handed_in_at = tx.now();
  }
}

}  // namespace zonelink::recognition::decision_details_store
