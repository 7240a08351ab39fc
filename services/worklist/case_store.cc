// SPDX-License-Identifier: Apache-2.0
#include "worklist/case_store.h"

namespace zonelink::worklist {

// Arrays of parameters hold no NULL: an empty day or instant and -1 days stand for it.
constexpr db::Sql kPut{"cases.put", R"sql(
INSERT INTO cases (subject, zone, filing_id, receipt_number, organization_id, applicant_name, item_id, item_name_zh,
                   item_name_en, state, since, due_on, budget_days, asks_others, closed_at, used_days)
SELECT subject, zone, filing_id, receipt_number, organization_id, applicant_name, item_id, item_name_zh, item_name_en,
       state, since, nullif(due_on, '')::date, budget_days::integer, asks_others = 1,
       nullif(closed_at, '')::timestamptz, nullif(used_days, -1)::integer
FROM (SELECT unnest($1::text[]) AS subject, unnest($2::text[]) AS zone, unnest($3::text[]) AS filing_id,
             unnest($4::text[]) AS receipt_number, unnest($5::text[]) AS organization_id,
             unnest($6::text[]) AS applicant_name, unnest($7::text[]) AS item_id, unnest($8::text[]) AS item_name_zh,
             unnest($9::text[]) AS item_name_en, unnest($10::text[]) AS state, unnest($11::timestamptz[]) AS since,
             unnest($12::text[]) AS due_on, unnest($13::bigint[]) AS budget_days, unnest($14::bigint[]) AS asks_others,
             unnest($15::text[]) AS closed_at, unnest($16::bigint[]) AS used_days) AS new
ON CONFLICT ON CONSTRAINT cases_pk DO UPDATE SET
  state = excluded.state, due_on = excluded.due_on, budget_days = excluded.budget_days,
  asks_others = excluded.asks_others, closed_at = coalesce(cases.closed_at, excluded.closed_at),
  used_days = coalesce(cases.used_days, excluded.used_days))sql"};

void PutCases(db::Tx& tx, const std::vector<const CaseRow*>& rows) {
  std::vector<std::string_view> subjects, zones, filings, receipts, organizations, applicants,
      items, names_zh, names_en, states;
  std::vector<std::string> due, closed;
  std::vector<Time> since;
  std::vector<int64_t> budgets, asks, used;
  for (const CaseRow* row : rows) {
    const bool running = row->clock && row->clock->running;
    subjects.push_back(row->subject);
    zones.push_back(row->zone);
    filings.push_back(row->facts.filing_id);
    receipts.push_back(row->facts.receipt_number);
    organizations.push_back(row->facts.organization_id);
    applicants.push_back(row->facts.applicant_name);
    items.push_back(row->facts.item_id);
    names_zh.push_back(row->facts.item_name_zh);
    names_en.push_back(row->facts.item_name_en);
    states.push_back(row->state);
    since.push_back(row->since);
    due.push_back(running ? FormatDate(row->clock->due_on) : "");
    budgets.push_back(row->clock ? row->clock->budget_days : 0);
    asks.push_back(row->asks_others ? 1 : 0);
    closed.push_back(row->closed_at ? FormatTime(*row->closed_at) : "");
    used.push_back(row->used_days.value_or(-1));
  }
  tx.Exec(kPut, subjects, zones, filings, receipts, organizations, applicants, items, names_zh,
          names_en, states, since, due, budgets, asks, closed, used);
}

constexpr db::Sql kOf{"cases.of", R"sql(
SELECT subject, zone, filing_id, receipt_number, organization_id, applicant_name, item_id, item_name_zh, item_name_en,
       state, since
FROM cases WHERE subject = ANY ($1::text[]))sql"};

std::vector<CaseRow> CasesOf(db::Tx& tx, const std::vector<std::string>& subjects) {
  const auto found = tx.Exec(kOf, subjects);
  std::vector<CaseRow> rows;
  for (size_t i = 0; i < found.size(); ++i) {
    const auto row = found[i];
    rows.push_back({.subject = row.Text("subject"),
                    .facts = {.filing_id = row.Text("filing_id"),
                              .receipt_number = row.Text("receipt_number"),
                              .organization_id = row.Text("organization_id"),
                              .applicant_name = row.Text("applicant_name"),
                              .item_id = row.Text("item_id"),
                              .item_name_zh = row.Text("item_name_zh"),
                              .item_name_en = row.Text("item_name_en")},
                    .since = row.At("since")});
  }
  return rows;
}

constexpr db::Sql kOpen{"cases.open", R"sql(
SELECT zone, state, item_id, min(item_name_zh) AS item_name_zh, min(item_name_en) AS item_name_en, due_on, budget_days,
       count(*) AS cases, count(*) FILTER (WHERE asks_others) AS asking_others
FROM cases WHERE closed_at IS NULL
GROUP BY zone, state, item_id, due_on, budget_days)sql"};

constexpr db::Sql kOpenOfZone{"cases.open_of_zone", R"sql(
SELECT zone, state, item_id, min(item_name_zh) AS item_name_zh, min(item_name_en) AS item_name_en, due_on, budget_days,
       count(*) AS cases, count(*) FILTER (WHERE asks_others) AS asking_others
FROM cases WHERE closed_at IS NULL AND zone = $1
GROUP BY zone, state, item_id, due_on, budget_days)sql"};

std::vector<CaseGroup> OpenCases(db::Tx& tx, const std::string& zone) {
  const auto rows = zone.empty() ? tx.Exec(kOpen) : tx.Exec(kOpenOfZone, zone);
  std::vector<CaseGroup> groups;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    groups.push_back({.zone = row.Text("zone"),
                      .state = row.Text("state"),
                      .item_id = row.Text("item_id"),
                      .item_name_zh = row.Text("item_name_zh"),
                      .item_name_en = row.Text("item_name_en"),
                      .due_on = row.MaybeDay("due_on"),
                      .budget_days = static_cast<int>(row.Int("budget_days")),
                      .cases = static_cast<int>(row.Int("cases")),
                      .asking_others = static_cast<int>(row.Int("asking_others"))});
  }
  return groups;
}

constexpr db::Sql kOldest{"cases.oldest", R"sql(
SELECT DISTINCT ON (zone) zone, filing_id, receipt_number, since
FROM cases WHERE closed_at IS NULL ORDER BY zone, since)sql"};

constexpr db::Sql kOldestOfZone{"cases.oldest_of_zone", R"sql(
SELECT zone, filing_id, receipt_number, since
FROM cases WHERE closed_at IS NULL AND zone = $1 ORDER BY since LIMIT 1)sql"};

std::vector<Oldest> OldestCases(db::Tx& tx, const std::string& zone) {
  const auto rows = zone.empty() ? tx.Exec(kOldest) : tx.Exec(kOldestOfZone, zone);
  std::vector<Oldest> oldest;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    oldest.push_back({.zone = row.Text("zone"),
                      .filing_id = row.Text("filing_id"),
                      .receipt_number = row.Text("receipt_number"),
                      .since = row.At("since")});
  }
  return oldest;
}

// Twice the median is a whole number.
constexpr db::Sql kDecided{"cases.decided", R"sql(
SELECT zone, count(*) AS cases, (percentile_cont(0.5) WITHIN GROUP (ORDER BY used_days) * 2)::bigint AS twice_median
FROM cases WHERE used_days IS NOT NULL AND closed_at > $1::timestamptz GROUP BY zone)sql"};

constexpr db::Sql kDecidedOfZone{"cases.decided_of_zone", R"sql(
SELECT zone, count(*) AS cases, (percentile_cont(0.5) WITHIN GROUP (ORDER BY used_days) * 2)::bigint AS twice_median
FROM cases WHERE used_days IS NOT NULL AND closed_at > $1::timestamptz AND zone = $2 GROUP BY zone)sql"};

std::vector<DecidedCount> DecidedSince(db::Tx& tx, const std::string& zone, Time since) {
  const auto rows = zone.empty() ? tx.Exec(kDecided, since) : tx.Exec(kDecidedOfZone, since, zone);
  std::vector<DecidedCount> decided;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    decided.push_back({.zone = row.Text("zone"),
                       .cases = static_cast<int>(row.Int("cases")),
                       .median_days = static_cast<double>(row.Int("twice_median")) / 2});
  }
  return decided;
}

}  // namespace zonelink::worklist
