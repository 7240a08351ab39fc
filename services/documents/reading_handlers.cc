// SPDX-License-Identifier: Apache-2.0
// Readings: whoever may see a document is given its bytes a chunk at a time, after it is on record.
#include "documents/document_store.h"
#include "documents/documents_service.h"
#include "documents/events.h"
#include "documents/sealing.h"
#include "platform/crypto/crypto.h"

namespace zonelink::documents {
namespace {

// A reading that has begun goes on for so long; then it is a new one.
constexpr std::chrono::hours kReadingLife{1};

std::string PartsQuery(const Call& call) { return "documents.ReadDocument/" + call.caller.user_id; }

Error Forgotten() {
  return InvalidArgument("PAGE_TOKEN_INVALID", "the reading began too long ago");
}

vault_store::Reading ReadingBy(const Call& call, std::string case_id, Time now) {
  return {.reading_id = crypto::NewUuid(now),
          .read_at = {},
          .user_id = call.caller.user_id,
          .name = call.caller.name,
          .zone = call.caller.zone,
          .organization_id = call.caller.organization_id,
          .case_id = std::move(case_id)};
}

struct Begun {
  Document document;
  std::string case_id;
  std::string first;  // chunk
};

}  // namespace

Result<api::Raw> DocumentsService::ReadDocument(const Call& call,
                                                const pb::ReadDocumentRequest& request) {
  return request.page_token().empty() ? BeginReading(call, request)
                                      : ContinueReading(call, request);
}

// All of it is opened once before the first byte leaves: of a damaged document nobody is given a
// part.
Result<api::Raw> DocumentsService::BeginReading(const Call& call,
                                                const pb::ReadDocumentRequest& request) {
  auto begun = database_.Query(call, [&](db::Tx& tx) -> Result<Begun> {
    auto readable = vault_store::FindReadable(tx, request.sha256(), request.case_id());
    if (!readable) return readable.error();
    const Document& document = readable->kept.document;
    const auto data_key = keys_.Unwrap(readable->kept.key);
    if (!data_key) return data_key.error();
    Begun found{.document = document, .case_id = readable->case_id, .first = {}};
    for (int32_t index = 0; index < ChunkCount(document); ++index) {
      auto plain =
          document_store::ReadChunk(tx, document.id, index).and_then([&](const SealedChunk& chunk) {
            return Open(*data_key, document, index, chunk);
          });
      if (!plain) return plain.error();
      if (index == 0) found.first = *std::move(plain);
    }
    return found;
  });
  if (!begun) return std::move(begun).error();
  const Time now = clock_.Now();
  const vault_store::Reading reading = ReadingBy(call, begun->case_id, now);
  const Status recorded = database_.System("record reading", [&](db::Tx& tx) -> Status {
    const auto document = vault_store::Record(tx, begun->document.id, reading);
    if (!document) return document.error();
    AppendRead(tx, *document, reading);
    return Done{};
  });
  if (!recorded) return recorded.error();
  api::Raw raw;
  raw.set_content_type(begun->document.media_type);
  raw.set_file_name(begun->document.title);
  raw.set_total_bytes(begun->document.size_bytes);
  raw.set_data(std::move(begun->first));
  SetNextPart(call, begun->document, 1, now, &raw);
  return raw;
}

void DocumentsService::SetNextPart(const Call& call, const Document& document, int32_t index,
                                   Time begun, api::Raw* part) {
  if (index >= ChunkCount(document)) return;
  part->set_next_page_token(pages_.Token(
      PartsQuery(call), {document.id.str(), std::to_string(index), FormatTime(begun)}));
}

Result<api::Raw> DocumentsService::ContinueReading(const Call& call,
                                                   const pb::ReadDocumentRequest& request) {
  const auto keys = pages_.Keys(PartsQuery(call), request.page_token(), 3);
  if (!keys) return keys.error();
  const DocumentId id((*keys)[0]);
  const auto index = static_cast<int32_t>(std::stol((*keys)[1]));
  const auto began = ParseTime((*keys)[2]);
  if (!began || clock_.Now() - *began > kReadingLife) return Forgotten();
  return database_.Query(call, [&](db::Tx& tx) -> Result<api::Raw> {
    const auto kept = document_store::Get(tx, id);
    if (!kept) return NotFound("DOCUMENT_NOT_FOUND", "no document has this hash");
    const auto data_key = keys_.Unwrap(kept->key);
    if (!data_key) return data_key.error();
    auto plain = document_store::ReadChunk(tx, id, index).and_then([&](const SealedChunk& chunk) {
      return Open(*data_key, kept->document, index, chunk);
    });
    if (!plain) return plain.error();
    api::Raw raw;
    raw.set_content_type(kept->document.media_type);
    raw.set_total_bytes(kept->document.size_bytes);
    raw.set_data(*std::move(plain));
    SetNextPart(call, kept->document, index + 1, *began, &raw);
    return raw;
  });
}

}  // namespace zonelink::documents
