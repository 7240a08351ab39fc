// SPDX-License-Identifier: Apache-2.0
#include "platform/review/review_store.h"

#include <algorithm>

namespace zonelink::review_store {
namespace {

using review::Act;
using review::Line;
using review::Opinion;
using review::Record;
using Texts = std::vector<std::string_view>;

Record ReadRecord(const db::Row& row) {
  Record record{.step = row.Text("step"),
                .round = static_cast<int>(row.Int("round")),
                .closed = review::ClosedNamed(row.Text("closed")),
                .version = row.Int("version"),
                .step_since = row.MaybeAt("step_since")};
  record.saved_version = record.version;
  return record;
}

Opinion ReadOpinion(const db::Row& row) {
  return {.seq = row.Int("seq"),
          .round = static_cast<int>(row.Int("round")),
          .step = row.Text("step"),
          .party = row.Text("party"),
          .user_id = row.Text("user_id"),
          .name = row.Text("name"),
          .on_behalf_of = row.Text("on_behalf_of"),
          .at = row.At("at"),
          .verdict = review::VerdictNamed(row.Text("verdict")),
          .text = row.Text("text"),
          .standing = review::StandingNamed(row.Text("standing"))};
}

Act ReadAct(const db::Row& row) {
  return {.seq = row.Int("seq"),
          .kind = review::KindNamed(row.Text("kind")),
          .step = row.Text("step"),
          .user_id = row.Text("user_id"),
          .other_user_id = row.Text("other_user_id"),
          .party = row.Text("party"),
          .other_party = row.Text("other_party"),
          .roles = row.Texts("roles"),
          .until_at = row.MaybeAt("until_at"),
          .amount = row.Int("amount"),
          .reason = row.Text("reason"),
          .at = row.At("at"),
          .by_user = row.Text("by_user")};
}

// What the history has gained since it was read.
template <class Entry>
std::vector<const Entry*> Fresh(const std::vector<Entry>& entries, const Record& record) {
  std::vector<const Entry*> fresh;
  for (const Entry& entry : entries) {
    if (entry.seq > record.saved_version) fresh.push_back(&entry);
  }
  return fresh;
}

}  // namespace

// The array in a query of its own: the planner then looks the cases up one by one, however many.
constexpr db::Sql kLines{"review.lines", R"sql(
  SELECT case_id, line, step, step_since, round, closed, version
    FROM review_lines
   WHERE case_id = ANY (ARRAY(SELECT unnest($1::text[])))
)sql"};

constexpr db::Sql kOpinions{"review.opinions", R"sql(
  SELECT case_id, line, seq, round, step, party, user_id, name, on_behalf_of, at, verdict, text,
         standing
    FROM review_opinions
   WHERE case_id = ANY (ARRAY(SELECT unnest($1::text[])))
   ORDER BY case_id, line, seq
)sql"};

constexpr db::Sql kActs{"review.acts", R"sql(
  SELECT case_id, line, seq, kind, step, user_id, other_user_id, party, other_party, roles,
         until_at, amount, reason, at, by_user
    FROM review_people
   WHERE case_id = ANY (ARRAY(SELECT unnest($1::text[])))
   ORDER BY case_id, line, seq
)sql"};

Asked Ask(db::Tx& tx, const std::vector<std::string>& case_ids) {
  return {tx.Exec(kLines, case_ids), tx.Exec(kOpinions, case_ids), tx.Exec(kActs, case_ids)};
}

std::unordered_map<std::string, std::map<std::string, Record>> Read(const Asked& asked) {
  std::unordered_map<std::string, std::map<std::string, Record>> records;
  for (size_t i = 0; i < asked.lines.size(); ++i) {
    const db::Row row = asked.lines[i];
    records[row.Text("case_id")][row.Text("line")] = ReadRecord(row);
  }
  for (size_t i = 0; i < asked.opinions.size(); ++i) {
    const db::Row row = asked.opinions[i];
    records[row.Text("case_id")][row.Text("line")].opinions.push_back(ReadOpinion(row));
  }
  for (size_t i = 0; i < asked.acts.size(); ++i) {
    const db::Row row = asked.acts[i];
    records[row.Text("case_id")][row.Text("line")].acts.push_back(ReadAct(row));
  }
  return records;
}

Line Load(db::Tx& tx, const std::string& case_id, review::Plan plan) {
  auto records = Read(Ask(tx, {case_id}));
  Line line{.plan = std::move(plan)};
  line.record = std::move(records[case_id][line.plan.line]);
  return line;
}

// A row that is not as it was read stays as it is. What is added after it then meets what others
// have added, and is told from here, not by a broken key.
constexpr db::Sql kSave{"review.save", R"sql(
  INSERT INTO review_lines (case_id, line, owner, step, step_since, round, closed, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (case_id, line) DO UPDATE
     SET step = excluded.step, step_since = excluded.step_since, round = excluded.round,
         closed = excluded.closed, version = excluded.version
   WHERE review_lines.version = $9
)sql"};

constexpr db::Sql kRestate{"review.restate", R"sql(
  UPDATE review_opinions
     SET standing = restated.standing
    FROM (SELECT unnest($3::bigint[]) AS seq, unnest($4::text[]) AS standing) restated
   WHERE review_opinions.case_id = $1 AND review_opinions.line = $2
     AND review_opinions.seq = restated.seq
)sql"};

static void Restate(db::Tx& tx, const CaseKey& key, const Line& line) {
  std::vector<int64_t> seqs;
  Texts standings;
  for (const Opinion& opinion : line.record.opinions) {
    const auto& restated = line.record.restated;
    if (std::find(restated.begin(), restated.end(), opinion.seq) == restated.end()) continue;
    seqs.push_back(opinion.seq);
    standings.push_back(Name(opinion.standing));
  }
  if (!seqs.empty()) tx.Exec(kRestate, key.case_id, line.plan.line, seqs, standings);
}

constexpr db::Sql kAddOpinions{"review.add_opinions", R"sql(
  INSERT INTO review_opinions (case_id, line, seq, round, step, party, user_id, name, on_behalf_of,
                               at, verdict, text, standing)
  SELECT $1, $2, unnest($3::bigint[]), unnest($4::bigint[]), unnest($5::text[]),
         unnest($6::text[]), unnest($7::text[]), unnest($8::text[]), unnest($9::text[]),
         unnest($10::timestamptz[]), unnest($11::text[]), unnest($12::text[]), unnest($13::text[])
  ON CONFLICT ON CONSTRAINT review_opinions_pk DO NOTHING
)sql"};

static void AddOpinions(db::Tx& tx, const CaseKey& key, const Line& line) {
  std::vector<int64_t> seqs, rounds;
  Texts steps, parties, users, names, principals, verdicts, texts, standings;
  std::vector<Time> at;
  for (const Opinion* opinion : Fresh(line.record.opinions, line.record)) {
    seqs.push_back(opinion->seq);
    rounds.push_back(opinion->round);
    steps.push_back(opinion->step);
    parties.push_back(opinion->party);
    users.push_back(opinion->user_id);
    names.push_back(opinion->name);
    principals.push_back(opinion->on_behalf_of);
    at.push_back(opinion->at);
    verdicts.push_back(Name(opinion->verdict));
    texts.push_back(opinion->text);
    standings.push_back(Name(opinion->standing));
  }
  if (seqs.empty()) return;
  tx.Exec(kAddOpinions, key.case_id, line.plan.line, seqs, rounds, steps, parties, users, names,
          principals, at, verdicts, texts, standings);
}

constexpr db::Sql kAddActs{"review.add_acts", R"sql(
  INSERT INTO review_people (case_id, line, seq, kind, step, user_id, other_user_id, party,
                             other_party, roles, until_at, amount, reason, at, by_user)
  SELECT $1, $2, unnest($3::bigint[]), unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
         unnest($7::text[]), unnest($8::text[]), unnest($9::text[]),
         unnest($10::text[])::text[], nullif(unnest($11::text[]), '')::timestamptz,
         unnest($12::bigint[]), unnest($13::text[]), unnest($14::timestamptz[]),
         unnest($15::text[])
  ON CONFLICT ON CONSTRAINT review_people_pk DO NOTHING
)sql"};

static void AddActs(db::Tx& tx, const CaseKey& key, const Line& line) {
  std::vector<int64_t> seqs, amounts;
  Texts kinds, steps, users, others, parties, other_parties, reasons, by_users;
  std::vector<std::string> roles, until;
  std::vector<Time> at;
  for (const Act* act : Fresh(line.record.acts, line.record)) {
    seqs.push_back(act->seq);
    kinds.push_back(Name(act->kind));
    steps.push_back(act->step);
    users.push_back(act->user_id);
    others.push_back(act->other_user_id);
    parties.push_back(act->party);
    other_parties.push_back(act->other_party);
    roles.push_back(db::ArrayText(act->roles));
    until.push_back(act->until_at ? FormatTime(*act->until_at) : "");
    amounts.push_back(act->amount);
    reasons.push_back(act->reason);
    at.push_back(act->at);
    by_users.push_back(act->by_user);
  }
  if (seqs.empty()) return;
  tx.Exec(kAddActs, key.case_id, line.plan.line, seqs, kinds, steps, users, others, parties,
          other_parties, roles, until, amounts, reasons, at, by_users);
}

Result<Line> Save(db::Tx& tx, const CaseKey& key, Line line) {
  Record& record = line.record;
  if (record.version == record.saved_version) return line;
  const db::Rows saved =
      tx.Exec(kSave, key.case_id, line.plan.line, key.owner, record.step, record.step_since,
              record.round, Name(record.closed), record.version, record.saved_version);
  Restate(tx, key, line);  // before the insert: the old opinion makes room for the new
  AddOpinions(tx, key, line);
  AddActs(tx, key, line);
  if (saved.affected() != 1) {
    return Aborted("REVIEW_CHANGED", "the review has changed since it was read");
  }
  record.saved_version = record.version;
  record.restated.clear();
  return line;
}

}  // namespace zonelink::review_store
