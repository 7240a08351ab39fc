// SPDX-License-Identifier: Apache-2.0
// Negative lists: kept by zones and secretariat, asked by everybody.
#include "recognition/catalogue_service.h"
#include "recognition/condition_store.h"
#include "recognition/convert.h"
#include "recognition/item_store.h"
#include "recognition/negative_list_store.h"
#include "recognition/requests.h"

namespace zonelink::recognition {

Result<pb::NegativeListEntry> CatalogueService::CreateNegativeListEntry(
    const Call& call, const pb::CreateNegativeListEntryRequest& request) {
  const Actor by = ActorOf(call);
  if (const Status own = CheckList(request.list(), by, call.caller.HasRole("secretariat")); !own) {
    return own.error();
  }
  const ListEntry next = ToListEntry(request);
  using Reply = Result<pb::NegativeListEntry>;
  return database_.Command<pb::NegativeListEntry>(call, request, [&](db::Tx& tx) -> Reply {
    const auto item = item_store::Get(tx, next.item_id);
    if (!item) return item.error();
    if (const Status ok = condition_store::Check(tx, next.predicate, item->attributes); !ok) {
      return ok.error();
    }
    const auto current = negative_list_store::Lock(tx, next.list, next.entry_id);
    const int version = current ? current->version : 0;
    if (const Status fresh = CheckEtag(version, request.entry().etag()); !fresh) {
      return fresh.error();
    }
    return PublishEntry(current, next, tx.now())
        .transform([&](ListEntry e) { return negative_list_store::Insert(tx, std::move(e), by); })
        .transform([](const ListEntry& entry) { return ToProto(entry); });
  });
}

Result<pb::NegativeListEntry> CatalogueService::GetNegativeListEntry(
    const Call& call, const pb::GetNegativeListEntryRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) {
    return negative_list_store::Get(tx, request.list(), request.entry_id(), request.version())
        .transform([](const ListEntry& entry) { return ToProto(entry); });
  });
}

Result<pb::ListNegativeListEntriesResponse> CatalogueService::ListNegativeListEntries(
    const Call& call, const pb::ListNegativeListEntriesRequest& request) {
  negative_list_store::Filter filter{.list = request.list(), .item_id = request.item_id()};
  const std::string query = QueryOf(call, {filter.list, filter.item_id});
  const auto keys = pages_.Keys(query, request.page_token(), 1);
  if (!keys) return keys.error();
  if (!keys->empty()) filter.after_id = (*keys)[0];
  const size_t page_size = rpc::PageSize(request.page_size());
  filter.limit = static_cast<int>(page_size) + 1;
  using Reply = Result<pb::ListNegativeListEntriesResponse>;
  return database_.Query(call, [&](db::Tx& tx) -> Reply {
    const auto entries = negative_list_store::List(tx, filter);
    pb::ListNegativeListEntriesResponse reply;
    for (size_t i = 0; i < std::min(entries.size(), page_size); ++i) {
      *reply.add_items() = ToProto(entries[i]);
    }
    if (entries.size() <= page_size) return reply;
    reply.set_next_page_token(pages_.Token(query, {entries[page_size - 1].entry_id}));
    return reply;
  });
}

Result<pb::NegativeListEntry> CatalogueService::RetireNegativeListEntry(
    const Call& call, const pb::RetireNegativeListEntryRequest& request) {
  const Actor by = ActorOf(call);
  if (const Status own = CheckList(request.list(), by, call.caller.HasRole("secretariat")); !own) {
    return own.error();
  }
  using Reply = Result<pb::NegativeListEntry>;
  return database_.Command<pb::NegativeListEntry>(call, request, [&](db::Tx& tx) -> Reply {
    const auto current = negative_list_store::Lock(tx, request.list(), request.entry_id());
    if (!current) return NotFound("ENTRY_NOT_FOUND", "no such entry on the list");
    if (const Status fresh = CheckEtag(current->version, request.etag()); !fresh) {
      return fresh.error();
    }
    return RetireEntry(*current, request.reason(), tx.now())
        .transform([&](ListEntry e) { return negative_list_store::Insert(tx, std::move(e), by); })
        .transform([](const ListEntry& entry) { return ToProto(entry); });
  });
}

Result<pb::ScreenAttributesResponse> CatalogueService::ScreenAttributes(
    const Call& call, const pb::ScreenAttributesRequest& request) {
  const negative_list_store::Case screened = ToCase(request);
  using Reply = Result<pb::ScreenAttributesResponse>;
  return database_.Query(call, [&](db::Tx& tx) -> Reply {
    const Date today = ShanghaiDate(tx.now());
    const auto coverage = item_store::GetCoverage(tx, screened.item_id, screened.home_zone,
                                                  screened.target_zones, today);
    if (!coverage) return coverage.error();
    const auto prospects = Foresee(*coverage, screened.home_zone, screened.target_zones);
    if (!prospects) return prospects.error();
    const auto findings = negative_list_store::Screen(tx, screened, today);
    pb::ScreenAttributesResponse reply;
    reply.set_item_id(coverage->item.item_id);
    reply.set_item_version(coverage->item.version);
    for (const Prospect& prospect : *prospects) {
      pb::ScreenedZone* zone = reply.add_zones();
      zone->set_zone(prospect.zone);
      for (const Finding& finding : FindingsOf(findings, prospect.zone)) {
        *zone->add_findings() = ToProto(finding);
      }
    }
    return reply;
  });
}

Result<pb::CountNegativeListHitsResponse> CatalogueService::CountNegativeListHits(
    const Call& call, const pb::CountNegativeListHitsRequest& request) {
  const auto from = ParseDate(request.from());
  const auto until = ParseDate(request.until());
  using Reply = Result<pb::CountNegativeListHitsResponse>;
  return database_.Query(call, [&](db::Tx& tx) -> Reply {
    pb::CountNegativeListHitsResponse reply;
    reply.set_list(request.list());
    for (const auto& hits : negative_list_store::CountHits(tx, request.list(), from, until)) {
      const bool total = hits.entry_id.empty();
      pb::NegativeListHits* out = total ? reply.mutable_total() : reply.add_entries();
      out->set_entry_id(hits.entry_id);
      out->set_filings(hits.filings);
      out->set_unknown(hits.unknown);
      out->set_invested_yuan(hits.invested_yuan);
    }
    return reply;
  });
}

}  // namespace zonelink::recognition
