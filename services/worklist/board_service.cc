// SPDX-License-Identifier: Apache-2.0
#include "worklist/board_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "platform/clocks/calendar_set.h"
#include "platform/rpc/timestamp.h"
#include "worklist/case_store.h"
#include "worklist/domain/board.h"
#include "worklist/inbox_store.h"

namespace zonelink::worklist {
namespace {

// Entries with so many working days left, or fewer, are due soon.
constexpr int kSoonDays = 3;
constexpr std::chrono::days kDecidedWithin{30};

void SetSum(const ZoneSum& sum, v1::ZoneBoard& board) {
  board.set_open(sum.open);
  for (const auto& [state, cases] : sum.by_state) {
    v1::StateCount& count = *board.add_by_state();
    count.set_state(state);
    count.set_cases(cases);
  }
  board.set_late(sum.late);
  board.set_at_risk(sum.at_risk);
  board.set_waiting_for_others(sum.asking_others);
  for (const ItemSum& sum_of : sum.items) {
    v1::ItemCount& item = *board.add_items();
    item.set_item_id(sum_of.item_id);
    item.set_item_name_zh(sum_of.name_zh);
    item.set_item_name_en(sum_of.name_en);
    item.set_open(sum_of.open);
    item.set_late(sum_of.late);
  }
}

// Their own zone only is looked through for those who see no other.
std::string ZoneWish(const Caller& caller, const std::string& zone) {
  const bool all = caller.HasRole("secretariat") || caller.HasRole("auditor");
  return zone.empty() && !all ? caller.zone : zone;
}

}  // namespace

BoardService::BoardService(rpc::Server& server, db::Database& database,
                           clocks::Calendars& calendars)
    : database_(database), calendars_(calendars) {
  rpc::Binder(server, "zonelink.worklist.v1.BoardService", this)
      .Unary("CountInbox", &BoardService::CountInbox)
      .Unary("GetBoard", &BoardService::GetBoard);
}

Result<v1::CountInboxResponse> BoardService::CountInbox(const Call& call,
                                                        const v1::CountInboxRequest&) {
  const auto calendars = calendars_.Now();
  const Calendar& calendar = calendars->For(call.caller.zone);
  return database_.Query(call, [&](db::Tx& tx) -> Result<v1::CountInboxResponse> {
    // Counted as RemainingDays counts: the day that is not over is left.
    const Date yesterday = ShanghaiDate(tx.now()) - std::chrono::days(1);
    auto counts = worklist::CountInbox(tx, calendar.Nth(yesterday, kSoonDays), kSoonDays);
    std::sort(counts.begin(), counts.end(),
              [](const InboxCount& a, const InboxCount& b) { return a.action < b.action; });
    v1::CountInboxResponse reply;
    for (const InboxCount& count : counts) {
      v1::ActionCount& action = *reply.add_actions();
      action.set_action(std::string(Name(count.action)));
      action.set_entries(count.entries);
      action.set_due_soon(count.due_soon);
      reply.set_total(reply.total() + count.entries);
      reply.set_due_soon(reply.due_soon() + count.due_soon);
    }
    return reply;
  });
}

Result<v1::Board> BoardService::GetBoard(const Call& call, const v1::GetBoardRequest& request) {
  const std::string zone = ZoneWish(call.caller, request.zone());
  const auto calendars = calendars_.Now();
  return database_.Query(call, [&](db::Tx& tx) -> Result<v1::Board> {
    std::map<std::string, v1::ZoneBoard> boards;
    for (const auto& [name, sum] : SumUp(*calendars, OpenCases(tx, zone), ShanghaiDate(tx.now()))) {
      SetSum(sum, boards[name]);
    }
    for (const Oldest& one : OldestCases(tx, zone)) {
      v1::OldestCase& oldest = *boards[one.zone].mutable_oldest();
      oldest.set_filing_id(one.filing_id);
      oldest.set_receipt_number(one.receipt_number);
      *oldest.mutable_since() = ToTimestamp(one.since);
    }
    for (const DecidedCount& one : DecidedSince(tx, zone, tx.now() - kDecidedWithin)) {
      boards[one.zone].set_decided(one.cases);
      boards[one.zone].set_median_days(fmt::format("{}", one.median_days));
    }
    v1::Board reply;
    *reply.mutable_at() = ToTimestamp(tx.now());
    for (auto& [name, board] : boards) {
      board.set_zone(name);
      *reply.add_zones() = std::move(board);
    }
    return reply;
  });
}

}  // namespace zonelink::worklist
