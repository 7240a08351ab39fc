// SPDX-License-Identifier: Apache-2.0
#include "worklist/inbox_store.h"

#include <fmt/format.h>

namespace zonelink::worklist {
namespace {

CaseFacts ReadFacts(const db::Row& row) {
  return {.filing_id = row.Text("filing_id"),
          .receipt_number = row.Text("receipt_number"),
          .organization_id = row.Text("organization_id"),
          .applicant_name = row.Text("applicant_name"),
          .item_id = row.Text("item_id"),
          .item_name_zh = row.Text("item_name_zh"),
          .item_name_en = row.Text("item_name_en")};
}

InboxEntry ReadEntry(const db::Row& row) {
  const auto action = ParseAction(row.Text("action"));
  ZL_CHECK(action, "the table allows no other action");
  return {.work_id = row.Text("work_id"),
          .subject = row.Text("subject"),
          .zone = row.Text("zone"),
          .facts = ReadFacts(row),
          .work = {.action = *action,
                   .party = row.Text("party"),
                   .roles = row.Texts("roles"),
                   .due_on = row.MaybeDay("due_on"),
                   .provisional = row.Bool("provisional"),
                   .budget_days = static_cast<int>(row.Int("budget_days"))},
          .since = row.At("since")};
}

}  // namespace

std::string SubjectOf(const std::string& filing_id, const std::string& zone) {
  return fmt::format("filings/{}/decisions/{}", filing_id, zone);
}

constexpr db::Sql kFactsForUpdate{"inbox.facts_for_update", R"sql(
SELECT filing_id, receipt_number, organization_id, applicant_name, item_id, item_name_zh, item_name_en
FROM inbox WHERE subject = $1 FOR UPDATE)sql"};

std::optional<CaseFacts> FactsForUpdate(db::Tx& tx, const std::string& filing_id,
                                        const std::string& zone) {
  const auto rows = tx.Exec(kFactsForUpdate, SubjectOf(filing_id, zone));
  if (rows.empty()) return std::nullopt;
  return ReadFacts(rows[0]);
}

constexpr db::Sql kPutWork{"inbox.put", R"sql(
INSERT INTO inbox (subject, action, party, roles, excluded_users, filing_id, receipt_number, zone, organization_id,
                   applicant_name, item_id, item_name_zh, item_name_en, since, due_on, provisional, budget_days)
VALUES ($1, $2, $3, $4::text[], $5::text[], $6, $7, $8, $9, $10, $11, $12, $13, $14::timestamptz, $15::date,
        $16::boolean, $17::integer)
ON CONFLICT ON CONSTRAINT inbox_subject DO UPDATE SET
  action = excluded.action, party = excluded.party, roles = excluded.roles, excluded_users = excluded.excluded_users,
  since = CASE WHEN inbox.action = excluded.action THEN inbox.since ELSE excluded.since END,
  due_on = excluded.due_on, provisional = excluded.provisional, budget_days = excluded.budget_days)sql"};

void PutWork(db::Tx& tx, const CaseFacts& facts, const std::string& zone, const Work& work,
             Time since) {
  tx.Exec(kPutWork, SubjectOf(facts.filing_id, zone), Name(work.action), work.party, work.roles,
          work.excluded_users, facts.filing_id, facts.receipt_number, zone, facts.organization_id,
          facts.applicant_name, facts.item_id, facts.item_name_zh, facts.item_name_en, since,
          work.due_on, work.provisional, work.budget_days);
}

constexpr db::Sql kRemoveWork{"inbox.remove", R"sql(DELETE FROM inbox WHERE subject = $1)sql"};

void RemoveWork(db::Tx& tx, const std::string& filing_id, const std::string& zone) {
  tx.Exec(kRemoveWork, SubjectOf(filing_id, zone));
}

constexpr db::Sql kInboxPage{"inbox.page", R"sql(
SELECT work_id::text, subject, action, party, roles, filing_id, receipt_number, zone, organization_id, applicant_name,
       item_id, item_name_zh, item_name_en, since, due_on, provisional, budget_days
FROM inbox
WHERE $1::uuid IS NULL
   OR (due_order, since, work_id) > (coalesce($2::date, 'infinity'::date), $3::timestamptz, $1::uuid)
ORDER BY due_order, since, work_id LIMIT $4::integer)sql"};

std::vector<InboxEntry> InboxPage(db::Tx& tx, const std::optional<InboxKey>& after, int limit) {
  std::optional<std::string> work_id;
  std::optional<Date> due_on;
  std::optional<Time> since;
  if (after) {
    work_id = after->work_id;
    due_on = after->due_on;
    since = after->since;
  }
  const auto rows = tx.Exec(kInboxPage, work_id, due_on, since, limit);
  std::vector<InboxEntry> page;
  for (size_t i = 0; i < rows.size(); ++i) page.push_back(ReadEntry(rows[i]));
  return page;
}

}  // namespace zonelink::worklist
