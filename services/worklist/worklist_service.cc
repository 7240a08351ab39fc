// SPDX-License-Identifier: Apache-2.0
#include "worklist/worklist_service.h"

#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clocks/calendar_set.h"
#include "platform/rpc/timestamp.h"
#include "worklist/domain/why.h"
#include "worklist/feed_store.h"
#include "worklist/inbox_store.h"

namespace zonelink::worklist {
namespace {

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !std::isxdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  return true;
}

std::string PageQuery(const Call& call, const std::string& action) {
  std::string query = "worklist.ListInbox/" + call.caller.user_id;
  if (!action.empty()) query += "/" + action;
  return query;
}

Result<std::optional<InboxKey>> PageStart(const rpc::Pages& pages, const std::string& query,
                                          const std::string& token) {
  const auto keys = pages.Keys(query, token, 3);
  if (!keys) return keys.error();
  if (keys->empty()) return std::optional<InboxKey>();
  const auto since = ParseTime((*keys)[1]);
  // Only this service signs tokens, and only for rows that it read.
  ZL_CHECK(since && IsUuid((*keys)[2]), "a signed page token holds a row's keys");
  return std::optional(
      InboxKey{.due_on = ParseDate((*keys)[0]), .since = *since, .work_id = (*keys)[2]});
}

std::vector<std::string> PageKeys(const InboxEntry& last) {
  return {last.work.due_on ? FormatDate(*last.work.due_on) : "", FormatTime(last.since),
          last.work_id};
}

void SetItem(InboxEntry entry, const Calendar& calendar, Date today, v1::InboxItem* item) {
  Sentence why = Why(entry.work.action, entry.work.reason, entry.facts);
  item->set_work_id(std::move(entry.work_id));
  item->set_subject(std::move(entry.subject));
  item->set_action(std::string(Name(entry.work.action)));
  item->set_role(std::move(entry.work.roles.front()));
  item->set_why_zh(std::move(why.zh));
  item->set_why_en(std::move(why.en));
  item->set_receipt_number(std::move(entry.facts.receipt_number));
  item->set_filing_id(std::move(entry.facts.filing_id));
  item->set_zone(std::move(entry.zone));
  item->set_item_id(std::move(entry.facts.item_id));
  item->set_item_name_zh(std::move(entry.facts.item_name_zh));
  item->set_item_name_en(std::move(entry.facts.item_name_en));
  item->set_applicant_name(std::move(entry.facts.applicant_name));
  *item->mutable_since() = ToTimestamp(entry.since);
  item->set_provisional(entry.work.provisional);
  item->set_reason(std::string(Name(ShownReason(entry.work.action, entry.work.reason))));
  if (!entry.work.due_on) return;
  item->set_due_on(FormatDate(*entry.work.due_on));
  item->set_remaining_days(
      RemainingDays(calendar, *entry.work.due_on, entry.work.budget_days, today));
}

}  // namespace

WorklistService::WorklistService(rpc::Server& server, db::Database& database,
                                 const rpc::Pages& pages, clocks::Calendars& calendars,
                                 FeedHub& hub)
    : database_(database), pages_(pages), calendars_(calendars), hub_(hub) {
  rpc::Binder(server, "zonelink.worklist.v1.WorklistService", this)
      .Unary("ListInbox", &WorklistService::ListInbox)
      .Stream("StreamEvents", &WorklistService::StreamEvents);
}

Result<v1::ListInboxResponse> WorklistService::ListInbox(const Call& call,
                                                         const v1::ListInboxRequest& request) {
  const std::string query = PageQuery(call, request.action());
  const auto start = PageStart(pages_, query, request.page_token());
  if (!start) return start.error();
  const size_t size = static_cast<size_t>(rpc::PageSize(request.page_size()));
  const auto calendars = calendars_.Now();
  return database_.Query(call, [&](db::Tx& tx) -> Result<v1::ListInboxResponse> {
    // One more than asked tells whether another page follows.
    auto entries = InboxPage(tx, {.after = *start,
                                  .limit = static_cast<int>(size) + 1,
                                  .action = ParseAction(request.action())});
    const Date today = ShanghaiDate(tx.now());
    v1::ListInboxResponse reply;
    if (entries.size() > size) {
      entries.resize(size);
      reply.set_next_page_token(pages_.Token(query, PageKeys(entries.back())));
    }
    reply.mutable_items()->Reserve(static_cast<int>(entries.size()));
    for (InboxEntry& entry : entries) {
      const Calendar& calendar = calendars->For(entry.zone);
      SetItem(std::move(entry), calendar, today, reply.add_items());
    }
    return reply;
  });
}

Result<int64_t> WorklistService::StartOf(const Call& call, const std::string& last_event_id) {
  if (last_event_id.empty()) {
    int64_t head = 0;
    const auto read = database_.System("feed.head", [&](db::Tx& tx) -> Status {
      head = FeedHead(tx);
      return Done{};
    });
    if (!read) return read.error();
    return head;
  }
  const Error unknown =
      InvalidArgument("LAST_EVENT_UNKNOWN", "no event of this id that the caller may see");
  if (!IsUuid(last_event_id)) return unknown;
  return database_.Query(call, [&](db::Tx& tx) -> Result<int64_t> {
    const auto position = FeedPosition(tx, last_event_id);
    if (!position) return unknown;
    return *position;
  });
}

Status WorklistService::StreamEvents(const Call& call, const v1::StreamEventsRequest& request,
                                     std::shared_ptr<rpc::StreamSink> sink) {
  const auto start = StartOf(call, request.last_event_id());
  if (!start) return start.error();
  hub_.Add(call, *start, std::move(sink));
  return Done{};
}

}  // namespace zonelink::worklist
