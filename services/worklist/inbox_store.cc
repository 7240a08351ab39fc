// SPDX-License-Identifier: Apache-2.0
#include "worklist/inbox_store.h"

#include "platform/crypto/crypto.h"

namespace zonelink::worklist {
namespace {

Action ReadAction(const db::Row& row) {
  const auto action = ParseAction(row.Text("action"));
  ZL_CHECK(action, "the table allows no other action");
  return *action;
}

Reason ReadReason(const db::Row& row) {
  const auto reason = ParseReason(row.Text("reason"));
  ZL_CHECK(reason, "the table allows no other reason");
  return *reason;
}

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
  return {.work_id = row.Text("work_id"),
          .subject = row.Text("subject"),
          .zone = row.Text("zone"),
          .facts = ReadFacts(row),
          .work = {.action = ReadAction(row),
                   .place = row.Text("place"),
                   .party = row.Text("party"),
                   .roles = row.Texts("roles"),
                   .excluded_users = row.Texts("excluded_users"),
                   .only_users = row.Texts("only_users"),
                   .due_on = row.MaybeDay("due_on"),
                   .provisional = row.Bool("provisional"),
                   .budget_days = static_cast<int>(row.Int("budget_days")),
                   .reason = ReadReason(row)},
          .since = row.At("since")};
}

// Reads the columns in their order, which finds them at once.
InboxEntry ReadPageEntry(const db::Row& row) {
  InboxEntry entry{.work_id = row.Text("work_id"),
                   .zone = row.Text("zone"),
                   .facts = {.filing_id = row.Text("filing_id"),
                             .receipt_number = row.Text("receipt_number"),
                             .applicant_name = row.Text("applicant_name"),
                             .item_id = row.Text("item_id"),
                             .item_name_zh = row.Text("item_name_zh"),
                             .item_name_en = row.Text("item_name_en")},
                   .work = {.action = ReadAction(row),
                            .roles = {row.Text("role")},
                            .due_on = row.MaybeDay("due_on"),
                            .provisional = row.Bool("provisional"),
                            .budget_days = static_cast<int>(row.Int("budget_days")),
                            .reason = ReadReason(row)},
                   .since = row.At("since")};
  entry.subject = SubjectOf(entry.facts.filing_id, entry.zone);
  return entry;
}

}  // namespace

std::string SubjectOf(const std::string& filing_id, const std::string& zone) {
  constexpr std::string_view kFilings = "filings/";
  constexpr std::string_view kDecisions = "/decisions/";
  std::string subject;
  subject.reserve(kFilings.size() + filing_id.size() + kDecisions.size() + zone.size());
  return subject.append(kFilings).append(filing_id).append(kDecisions).append(zone);
}

constexpr db::Sql kEntriesOf{"inbox.entries_of", R"sql(
SELECT work_id::text, subject, action, party, roles, filing_id, receipt_number, zone, organization_id, applicant_name,
       item_id, item_name_zh, item_name_en, since, due_on, provisional, budget_days, excluded_users, place, only_users,
       reason
FROM inbox WHERE subject = ANY ($1::text[]))sql"};

std::vector<InboxEntry> EntriesOf(db::Tx& tx, const std::vector<std::string>& subjects) {
  const auto rows = tx.Exec(kEntriesOf, subjects);
  std::vector<InboxEntry> entries;
  for (size_t i = 0; i < rows.size(); ++i) entries.push_back(ReadEntry(rows[i]));
  return entries;
}

// Each element of `roles` and `excluded_users` is an array in text form. Arrays of parameters hold
// no NULL: an empty `due_on` stands for it. Ids ascend, so that a page of the index takes many.
constexpr db::Sql kPutWork{"inbox.put", R"sql(
INSERT INTO inbox (work_id, subject, action, party, roles, excluded_users, filing_id, receipt_number, zone,
                   organization_id, applicant_name, item_id, item_name_zh, item_name_en, since, due_on, provisional,
                   budget_days, place, only_users, reason)
SELECT work_id, subject, action, party, roles::text[], excluded_users::text[], filing_id, receipt_number, zone,
       organization_id, applicant_name, item_id, item_name_zh, item_name_en, since, nullif(due_on, '')::date,
       provisional = 1, budget_days::integer, place, only_users::text[], reason
FROM (SELECT unnest($1::uuid[]) AS work_id, unnest($2::text[]) AS subject, unnest($3::text[]) AS action,
             unnest($4::text[]) AS party, unnest($5::text[]) AS roles, unnest($6::text[]) AS excluded_users,
             unnest($7::text[]) AS filing_id, unnest($8::text[]) AS receipt_number, unnest($9::text[]) AS zone,
             unnest($10::text[]) AS organization_id, unnest($11::text[]) AS applicant_name, unnest($12::text[]) AS item_id,
             unnest($13::text[]) AS item_name_zh, unnest($14::text[]) AS item_name_en, unnest($15::timestamptz[]) AS since,
             unnest($16::text[]) AS due_on, unnest($17::bigint[]) AS provisional, unnest($18::bigint[]) AS budget_days,
             unnest($19::text[]) AS place, unnest($20::text[]) AS only_users, unnest($21::text[]) AS reason) AS new
ON CONFLICT ON CONSTRAINT inbox_subject DO UPDATE SET
  action = excluded.action, party = excluded.party, roles = excluded.roles, excluded_users = excluded.excluded_users,
  since = excluded.since, due_on = excluded.due_on, provisional = excluded.provisional,
  budget_days = excluded.budget_days, only_users = excluded.only_users, reason = excluded.reason)sql"};

void PutWork(db::Tx& tx, const std::vector<const InboxEntry*>& entries) {
  std::vector<std::string> ids, roles, excluded, due, only;
  std::vector<std::string_view> places, reasons, subjects, actions, parties, filings, receipts,
      zones, organizations, applicants, items, names_zh, names_en;
  std::vector<Time> since;
  std::vector<int64_t> provisional, budgets;
  for (const InboxEntry* entry : entries) {
    ids.push_back(crypto::NewUuid(tx.now()));
    subjects.push_back(entry->subject);
    actions.push_back(Name(entry->work.action));
    parties.push_back(entry->work.party);
    roles.push_back(db::ArrayText(entry->work.roles));
    excluded.push_back(db::ArrayText(entry->work.excluded_users));
    only.push_back(db::ArrayText(entry->work.only_users));
    places.push_back(entry->work.place);
    reasons.push_back(Name(entry->work.reason));
    filings.push_back(entry->facts.filing_id);
    receipts.push_back(entry->facts.receipt_number);
    zones.push_back(entry->zone);
    organizations.push_back(entry->facts.organization_id);
    applicants.push_back(entry->facts.applicant_name);
    items.push_back(entry->facts.item_id);
    names_zh.push_back(entry->facts.item_name_zh);
    names_en.push_back(entry->facts.item_name_en);
    since.push_back(entry->since);
    due.push_back(entry->work.due_on ? FormatDate(*entry->work.due_on) : "");
    provisional.push_back(entry->work.provisional ? 1 : 0);
    budgets.push_back(entry->work.budget_days);
  }
  tx.Exec(kPutWork, db::Uuids{.texts = {ids.begin(), ids.end()}}, subjects, actions, parties, roles,
          excluded, filings, receipts, zones, organizations, applicants, items, names_zh, names_en,
          since, due, provisional, budgets, places, only, reasons);
}

constexpr db::Sql kRemoveWork{"inbox.remove", "DELETE FROM inbox WHERE subject = ANY ($1::text[])"};

void RemoveWork(db::Tx& tx, const std::vector<std::string>& subjects) {
  tx.Exec(kRemoveWork, subjects);
}

constexpr db::Sql kRemovePlaces{"inbox.remove_places", R"sql(
DELETE FROM inbox
 WHERE subject = ANY ($1::text[]) AND (subject, place) IN (SELECT unnest($1::text[]), unnest($2::text[])))sql"};

void RemovePlaces(db::Tx& tx, const std::vector<std::string>& subjects,
                  const std::vector<std::string>& places) {
  tx.Exec(kRemovePlaces, subjects, places);
}

// For each of the caller's parties its most urgent rows by index, then the most urgent of all.
// Pages of usual size are planned once: a limit or a start that the planner sees in one call and
// must guess in the next would have it make a plan for each, which takes longer than running it.
constexpr int kUsualLimit = 51;
constexpr db::Sql kUsualInboxPage{"inbox.usual_page", R"sql(
SELECT waits.work_id, zone, filing_id, receipt_number, applicant_name, item_id, item_name_zh, item_name_en, action,
       role, due_on, provisional, budget_days, reason, since
  FROM unnest(current_parties()) AS caller (party)
 CROSS JOIN LATERAL (
   SELECT work_id, zone, filing_id, receipt_number, applicant_name, item_id, item_name_zh, item_name_en, action,
          roles[1] AS role, due_on, provisional, budget_days, reason, since, due_order
     FROM inbox i
    WHERE i.party = caller.party
      AND (due_order, since, work_id) > ((SELECT $1::date), (SELECT $2::timestamptz), (SELECT $3::uuid))
    ORDER BY due_order, since, work_id LIMIT 51) AS waits
 ORDER BY due_order, since, work_id LIMIT $4::integer)sql"};

constexpr db::Sql kLongInboxPage{"inbox.long_page", R"sql(
SELECT waits.work_id, zone, filing_id, receipt_number, applicant_name, item_id, item_name_zh, item_name_en, action,
       role, due_on, provisional, budget_days, reason, since
  FROM unnest(current_parties()) AS caller (party)
 CROSS JOIN LATERAL (
   SELECT work_id, zone, filing_id, receipt_number, applicant_name, item_id, item_name_zh, item_name_en, action,
          roles[1] AS role, due_on, provisional, budget_days, reason, since, due_order
     FROM inbox i
    WHERE i.party = caller.party AND (due_order, since, work_id) > ($1::date, $2::timestamptz, $3::uuid)
    ORDER BY due_order, since, work_id LIMIT $4::integer) AS waits
 ORDER BY due_order, since, work_id LIMIT $4::integer)sql"};

// An auditor's: whatever waits for anybody.
constexpr db::Sql kWholeInboxPage{"inbox.whole_page", R"sql(
SELECT work_id, zone, filing_id, receipt_number, applicant_name, item_id, item_name_zh, item_name_en, action,
       roles[1] AS role, due_on, provisional, budget_days, reason, since
  FROM inbox
 WHERE (due_order, since, work_id) > ($1::date, $2::timestamptz, $3::uuid) AND ($5 = '' OR action = $5)
 ORDER BY due_order, since, work_id LIMIT $4::integer)sql"};

constexpr db::Sql kInboxPageOfAction{"inbox.page_of_action", R"sql(
SELECT waits.work_id, zone, filing_id, receipt_number, applicant_name, item_id, item_name_zh, item_name_en, action,
       role, due_on, provisional, budget_days, reason, since
  FROM unnest(current_parties()) AS caller (party)
 CROSS JOIN LATERAL (
   SELECT work_id, zone, filing_id, receipt_number, applicant_name, item_id, item_name_zh, item_name_en, action,
          roles[1] AS role, due_on, provisional, budget_days, reason, since, due_order
     FROM inbox i
    WHERE i.party = caller.party AND i.action = $5
      AND (due_order, since, work_id) > ($1::date, $2::timestamptz, $3::uuid)
    ORDER BY due_order, since, work_id LIMIT $4::integer) AS waits
 ORDER BY due_order, since, work_id LIMIT $4::integer)sql"};

std::vector<InboxEntry> InboxPage(db::Tx& tx, const PageWish& wish) {
  const auto& [after, limit, action] = wish;
  std::string due_on = "-infinity";
  std::string since = "-infinity";
  std::string work_id = "00000000-0000-0000-0000-000000000000";
  if (after) {
    due_on = after->due_on ? FormatDate(*after->due_on) : "infinity";
    since = FormatTime(after->since);
    work_id = after->work_id;
  }
  const std::string only(action ? Name(*action) : "");
  const auto read = [&, limit = limit, action = action] {
    if (tx.call().caller.HasRole("auditor")) {
      return tx.Exec(kWholeInboxPage, due_on, since, work_id, limit, only);
    }
    if (action) return tx.Exec(kInboxPageOfAction, due_on, since, work_id, limit, only);
    const db::Sql& page = limit <= kUsualLimit ? kUsualInboxPage : kLongInboxPage;
    return tx.Exec(page, due_on, since, work_id, limit);
  };
  const auto rows = read();
  tx.End();
  std::vector<InboxEntry> page;
  page.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) page.push_back(ReadPageEntry(rows[i]));
  return page;
}

constexpr db::Sql kCount{"inbox.count", R"sql(
SELECT action, count(*) AS entries,
       count(*) FILTER (WHERE due_on <= $1::date OR (due_on IS NOT NULL AND budget_days <= $2::integer)) AS due_soon
FROM inbox WHERE party = ANY (current_parties()) GROUP BY action)sql"};

constexpr db::Sql kWholeCount{"inbox.whole_count", R"sql(
SELECT action, count(*) AS entries,
       count(*) FILTER (WHERE due_on <= $1::date OR (due_on IS NOT NULL AND budget_days <= $2::integer)) AS due_soon
FROM inbox GROUP BY action)sql"};

std::vector<InboxCount> CountInbox(db::Tx& tx, Date soon, int days) {
  const bool whole = tx.call().caller.HasRole("auditor");
  const auto rows = tx.Exec(whole ? kWholeCount : kCount, soon, days);
  tx.End();
  std::vector<InboxCount> counts;
  for (size_t i = 0; i < rows.size(); ++i) {
    counts.push_back({.action = ReadAction(rows[i]),
                      .entries = static_cast<int>(rows[i].Int("entries")),
                      .due_soon = static_cast<int>(rows[i].Int("due_soon"))});
  }
  return counts;
}

}  // namespace zonelink::worklist
