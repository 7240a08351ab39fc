// SPDX-License-Identifier: Apache-2.0
// Catalogue items: published by the secretariat, readable by everybody.
#include <limits>

#include "recognition/catalogue_service.h"
#include "recognition/convert.h"
#include "recognition/item_store.h"
#include "recognition/recognition_service.h"
#include "recognition/requests.h"

namespace zonelink::recognition {

Result<pb::Item> RecognitionService::CreateItem(const Call& call,
                                                const pb::CreateItemRequest& request) {
  const Actor by = ActorOf(call);
  return database_.Command<pb::Item>(call, request, [&](db::Tx& tx) {
    return Publish(ToItem(request.item()), tx.now())
        .transform([&](Item item) { return item_store::Insert(tx, std::move(item), by); })
        .transform([](const Item& item) { return ToProto(item); });
  });
}

Result<pb::Item> RecognitionService::GetItem(const Call& call, const pb::GetItemRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) {
    return (request.version() == 0
                ? item_store::Get(tx, request.item_id())
                : item_store::GetVersion(tx, request.item_id(), request.version()))
        .transform([](const Item& item) { return ToProto(item); });
  });
}

Result<pb::ListItemsResponse> RecognitionService::ListItems(const Call& call,
                                                            const pb::ListItemsRequest& request) {
  const std::string query = QueryOf(call, {});
  const auto keys = pages_.Keys(query, request.page_token(), 1);
  if (!keys) return keys.error();
  const std::string after_id = keys->empty() ? "" : (*keys)[0];
  const size_t page_size = rpc::PageSize(request.page_size());
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListItemsResponse> {
    const auto items = item_store::List(tx, after_id, page_size + 1);
    pb::ListItemsResponse reply;
    for (size_t i = 0; i < std::min(items.size(), page_size); ++i) {
      *reply.add_items() = ToProto(items[i]);
    }
    if (items.size() <= page_size) return reply;
    reply.set_next_page_token(pages_.Token(query, {items[page_size - 1].item_id}));
    return reply;
  });
}

Result<pb::Item> CatalogueService::ReviseItem(const Call& call,
                                              const pb::ReviseItemRequest& request) {
  const Actor by = ActorOf(call);
  return database_.Command<pb::Item>(call, request, [&](db::Tx& tx) -> Result<pb::Item> {
    const auto current = item_store::Lock(tx, request.item_id());
    if (!current) return current.error();
    if (const Status fresh = CheckEtag(current->version, request.item().etag()); !fresh) {
      return fresh.error();
    }
    return Revise(*current, ToItem(request.item()), tx.now())
        .transform([&](Item item) { return item_store::Insert(tx, std::move(item), by); })
        .transform([](const Item& item) { return ToProto(item); });
  });
}

Result<pb::ListItemVersionsResponse> CatalogueService::ListItemVersions(
    const Call& call, const pb::ListItemVersionsRequest& request) {
  const std::string query = QueryOf(call, {request.item_id()});
  const auto keys = pages_.Keys(query, request.page_token(), 1);
  if (!keys) return keys.error();
  const int before = keys->empty() ? std::numeric_limits<int>::max() : std::stoi((*keys)[0]);
  const size_t page_size = rpc::PageSize(request.page_size());
  using Reply = Result<pb::ListItemVersionsResponse>;
  return database_.Query(call, [&](db::Tx& tx) -> Reply {
    const auto known = item_store::Get(tx, request.item_id());
    if (!known) return known.error();
    const auto versions =
        item_store::Versions(tx, request.item_id(), before, static_cast<int>(page_size) + 1);
    pb::ListItemVersionsResponse reply;
    for (size_t i = 0; i < std::min(versions.size(), page_size); ++i) {
      *reply.add_items() = ToProto(versions[i]);
    }
    if (versions.size() <= page_size) return reply;
    reply.set_next_page_token(
        pages_.Token(query, {std::to_string(versions[page_size - 1].version)}));
    return reply;
  });
}

}  // namespace zonelink::recognition
