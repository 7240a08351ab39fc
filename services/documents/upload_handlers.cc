// SPDX-License-Identifier: Apache-2.0
// Uploads: announced, sent in chunks, checked, and then a document.

#include "documents/document_store.h"
#include "documents/documents_service.h"
#include "documents/events.h"
#include "documents/sealing.h"
#include "platform/crypto/aead.h"
#include "platform/crypto/crypto.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::documents {
namespace {

constexpr char kChunkType[] = "application/octet-stream";

Document ToDocument(const pb::StartUploadRequest& request, const Call& call, Time now) {
  return {.id = DocumentId(crypto::NewUuid(now)),
          .organization_id = call.caller.organization_id,
          .sha256 = request.sha256(),
          .title = request.title(),
          .kind = request.kind(),
          .media_type = request.media_type(),
          .size_bytes = request.size_bytes(),
          .valid_from = ParseDate(request.valid_from()),
          .valid_until = ParseDate(request.valid_until()),
          .user_id = call.caller.user_id,
          .started_at = now};
}

pb::Upload UploadOf(db::Tx& tx, const Document& document) {
  const std::vector<int32_t> arrived = document_store::Arrived(tx, document.id);
  pb::Upload upload;
  upload.set_upload_id(document.id.str());
  upload.set_chunk_bytes(document.chunk_bytes);
  upload.set_chunk_count(ChunkCount(document));
  upload.set_received_bytes(ReceivedBytes(document, arrived));
  for (const int32_t index : MissingChunks(document, arrived)) upload.add_missing_chunks(index);
  *upload.mutable_expires_at() = ToTimestamp(document.started_at + kUploadLife);
  if (!document.stored_at) return upload;
  upload.clear_expires_at();
  *upload.mutable_document() =
      ToProto(document, vault_store::CountCases(tx, document.sha256), ShanghaiDate(tx.now()));
  return upload;
}

// The organisation has a row for these bytes: what it has of them is kept.
Result<Document> TakeUp(db::Tx& tx, const Document& announced, const WrappedKey& key) {
  auto found = document_store::LockByHash(tx, announced.sha256);
  // It was removed after it stood in the way.
  if (!found) return Aborted("CONFLICT", "the upload before was given up at this moment");
  if (found->stored_at) return found;
  if (found->size_bytes == announced.size_bytes) {
    Document resumed = announced;
    resumed.id = found->id;
    resumed.chunk_bytes = found->chunk_bytes;
    document_store::Announce(tx, resumed);
    return resumed;
  }
  document_store::Delete(tx, found->id);
  if (!document_store::Insert(tx, announced, key))
    return Aborted("CONFLICT", "another upload of these bytes began at this moment");
  return announced;
}

}  // namespace

Result<pb::Upload> DocumentsService::StartUpload(const Call& call,
                                                 const pb::StartUploadRequest& request) {
  const Document announced = ToDocument(request, call, clock_.Now());
  if (const Status fits = CheckAnnounced(announced); !fits) return fits.error();
  const WrappedKey key = keys_.Wrap(crypto::RandomBytes(crypto::kAesKeyBytes));
  return database_.Command<pb::Upload>(call, request, [&](db::Tx& tx) -> Result<pb::Upload> {
    if (document_store::Insert(tx, announced, key)) {
      if (document_store::CountUploads(tx) <= kMostUploads) return UploadOf(tx, announced);
      return ResourceExhausted("UPLOADS_OPEN", "complete or discard other uploads first",
                               {{"limit", std::to_string(kMostUploads)}});
    }
    return TakeUp(tx, announced, key).transform([&](const Document& document) {
      return UploadOf(tx, document);
    });
  });
}

Result<pb::Upload> DocumentsService::PutChunk(const Call& call,
                                              const pb::PutChunkRequest& request) {
  const std::string& type = request.content().content_type();
  if (!type.empty() && type != kChunkType)
    return InvalidArgument("MEDIA_TYPE_UNSUPPORTED", "chunks are application/octet-stream",
                           {{"sent", type}});
  const std::string& bytes = request.content().data();
  return database_.Command<pb::Upload>(call, request, [&](db::Tx& tx) -> Result<pb::Upload> {
    const auto kept = document_store::LockShared(tx, DocumentId(request.upload_id()));
    if (!kept) return kept.error();
    const Document& document = kept->document;
    if (const Status fits = CheckChunk(document, request.index(), bytes.size()); !fits)
      return fits.error();
    const auto data_key = keys_.Unwrap(kept->key);
    if (!data_key) return data_key.error();
    const SealedChunk sealed = Seal(*data_key, document, request.index(), bytes);
    document_store::PutChunk(tx, document.id, request.index(), sealed);
    return UploadOf(tx, document);
  });
}

Result<pb::Upload> DocumentsService::GetUpload(const Call& call,
                                               const pb::GetUploadRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::Upload> {
    const auto kept = document_store::Get(tx, DocumentId(request.upload_id()));
    if (!kept) return kept.error();
    // Of others a case may show the document, never how it came.
    if (kept->document.organization_id != call.caller.organization_id)
      return NotFound("UPLOAD_NOT_FOUND", "no upload has this id");
    return UploadOf(tx, kept->document);
  });
}

Result<pb::VaultDocument> DocumentsService::CompleteUpload(
    const Call& call, const pb::CompleteUploadRequest& request) {
  return database_.Command<pb::VaultDocument>(
      call, request, [&](db::Tx& tx) { return Finish(tx, DocumentId(request.upload_id())); });
}

Result<pb::VaultDocument> DocumentsService::Finish(db::Tx& tx, const DocumentId& id) {
  auto kept = document_store::Lock(tx, id);
  if (!kept) return kept.error();
  Document& document = kept->document;
  const Date today = ShanghaiDate(tx.now());
  if (document.stored_at)
    return ToProto(document, vault_store::CountCases(tx, document.sha256), today);
  const Status whole = CheckWhole(document, document_store::Arrived(tx, id));
  if (!whole) return whole.error();
  const auto data_key = keys_.Unwrap(kept->key);
  if (!data_key) return data_key.error();
  const auto hash = HashOf(tx, document, *data_key);
  if (!hash) return hash.error();
  if (const Status same = CheckHash(document, *hash); !same) return same.error();
  document.stored_at = tx.now();
  document.changed_at = tx.now();
  document.version = 1;
  document_store::SaveStored(tx, document);
  AppendStored(tx, document);
  return ToProto(document, vault_store::CountCases(tx, document.sha256), today);
}

Result<std::string> DocumentsService::HashOf(db::Tx& tx, const Document& document,
                                             const std::string& data_key) {
  crypto::Sha256Stream stream;
  for (int32_t index = 0; index < ChunkCount(document); ++index) {
    const auto plain =
        document_store::ReadChunk(tx, document.id, index).and_then([&](const SealedChunk& chunk) {
          return Open(data_key, document, index, chunk);
        });
    if (!plain) return plain.error();
    stream.Add(*plain);
  }
  return crypto::HexEncode(stream.Finish());
}

}  // namespace zonelink::documents
