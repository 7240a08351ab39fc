// SPDX-License-Identifier: Apache-2.0
// The vault: what it holds, who has read it, how a document leaves it.
#include <fmt/format.h>

#include "documents/document_store.h"
#include "documents/documents_service.h"
#include "documents/events.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::documents {
namespace {

pb::Reading ToProto(const vault_store::Reading& reading) {
  pb::Reading out;
  out.set_reading_id(reading.reading_id);
  *out.mutable_read_at() = ToTimestamp(reading.read_at);
  out.set_user_id(reading.user_id);
  out.set_name(reading.name);
  out.set_zone(reading.zone);
  out.set_organization_id(reading.organization_id);
  out.set_case_id(reading.case_id);
  return out;
}

}  // namespace

pb::VaultDocument ToProto(const Document& document, int64_t cases, Date today) {
  pb::VaultDocument out;
  out.set_sha256(document.sha256);
  out.set_title(document.title);
  out.set_kind(document.kind);
  out.set_media_type(document.media_type);
  out.set_size_bytes(document.size_bytes);
  if (document.valid_from) out.set_valid_from(FormatDate(*document.valid_from));
  if (document.valid_until) out.set_valid_until(FormatDate(*document.valid_until));
  out.set_valid(ValidOn(document, today));
  if (document.stored_at) *out.mutable_stored_at() = ToTimestamp(*document.stored_at);
  out.set_cases(static_cast<int32_t>(cases));
  return out;
}

Result<pb::ListDocumentsResponse> DocumentsService::ListDocuments(
    const Call& call, const pb::ListDocumentsRequest& request) {
  const std::string query = fmt::format("documents.ListDocuments/{}/{}/{}", call.caller.user_id,
                                        request.kind(), request.only_valid());
  const auto keys = pages_.Keys(query, request.page_token(), 2);
  if (!keys) return keys.error();
  const auto size = static_cast<size_t>(rpc::PageSize(request.page_size()));
  vault_store::Filter filter{.kind = request.kind(), .limit = static_cast<int>(size) + 1};
  if (!keys->empty()) {
    filter.stored_before = (*keys)[0];
    filter.id_before = (*keys)[1];
  }
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListDocumentsResponse> {
    const Date today = ShanghaiDate(tx.now());
    if (request.only_valid()) filter.day = today;
    const auto listed = vault_store::List(tx, filter);
    pb::ListDocumentsResponse reply;
    for (size_t i = 0; i < std::min(listed.size(), size); ++i) {
      *reply.add_items() = ToProto(listed[i].document, listed[i].cases, today);
    }
    if (listed.size() <= size) return reply;
    const Document& last = listed[size - 1].document;
    reply.set_next_page_token(pages_.Token(query, {FormatTime(*last.stored_at), last.id.str()}));
    return reply;
  });
}

Result<pb::ListReadingsResponse> DocumentsService::ListReadings(
    const Call& call, const pb::ListReadingsRequest& request) {
  const std::string query =
      fmt::format("documents.ListReadings/{}/{}", call.caller.user_id, request.sha256());
  const auto keys = pages_.Keys(query, request.page_token(), 2);
  if (!keys) return keys.error();
  const auto size = static_cast<size_t>(rpc::PageSize(request.page_size()));
  vault_store::ReadingFilter filter{.sha256 = request.sha256(),
                                    .read_before = {},
                                    .id_before = {},
                                    .limit = static_cast<int>(size) + 1};
  if (!keys->empty()) {
    filter.read_before = (*keys)[0];
    filter.id_before = (*keys)[1];
  }
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListReadingsResponse> {
    const auto readings = vault_store::Readings(tx, filter);
    if (!readings) return readings.error();
    pb::ListReadingsResponse reply;
    for (size_t i = 0; i < std::min(readings->size(), size); ++i) {
      *reply.add_items() = ToProto((*readings)[i]);
    }
    if (readings->size() <= size) return reply;
    const vault_store::Reading& last = (*readings)[size - 1];
    reply.set_next_page_token(pages_.Token(query, {FormatTime(last.read_at), last.reading_id}));
    return reply;
  });
}

Result<pb::DiscardDocumentResponse> DocumentsService::DiscardDocument(
    const Call& call, const pb::DiscardDocumentRequest& request) {
  using Reply = pb::DiscardDocumentResponse;
  return database_.Command<Reply>(call, request, [&](db::Tx& tx) -> Result<Reply> {
    auto document = document_store::LockByHash(tx, request.sha256());
    if (!document) return document.error();
    const int64_t cases = vault_store::CountCases(tx, document->sha256);
    if (const Status free = CheckDiscard(*document, cases); !free) return free.error();
    // A case may have come to refer to it since the count.
    if (!document_store::Delete(tx, document->id)) return CheckDiscard(*document, 1).error();
    if (!document->stored_at) return Reply();
    tx.NotBefore(document->changed_at);
    ++document->version;
    AppendDiscarded(tx, *document, call.caller.user_id);
    return Reply();
  });
}

}  // namespace zonelink::documents
