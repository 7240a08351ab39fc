// SPDX-License-Identifier: Apache-2.0
// Handlers of zonelink.documents.v1.DocumentsService: uploads in upload_handlers.cc, readings in
// reading_handlers.cc, the vault in vault_handlers.cc.
#pragma once

#include <string>
#include <vector>

#include "documents/domain/document.h"
#include "documents/key_ring.h"
#include "documents/vault_store.h"
#include "platform/core/call.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "zonelink/documents/v1/documents_service.pb.h"

namespace zonelink::documents {

namespace pb = v1;

class DocumentsService {
 public:
  // All outlive the service.
  DocumentsService(db::Database& database, const KeyRing& keys, const WallClock& clock,
                   const rpc::Pages& pages)
      : database_(database), keys_(keys), clock_(clock), pages_(pages) {}
  void Bind(rpc::Server& server);

  Result<pb::Upload> StartUpload(const Call& call, const pb::StartUploadRequest& request);
  Result<pb::Upload> PutChunk(const Call& call, const pb::PutChunkRequest& request);
  Result<pb::Upload> GetUpload(const Call& call, const pb::GetUploadRequest& request);
  Result<pb::VaultDocument> CompleteUpload(const Call& call,
                                           const pb::CompleteUploadRequest& request);
  Result<pb::ListDocumentsResponse> ListDocuments(const Call& call,
                                                  const pb::ListDocumentsRequest& request);
  Result<api::Raw> ReadDocument(const Call& call, const pb::ReadDocumentRequest& request);
  Result<pb::ListReadingsResponse> ListReadings(const Call& call,
                                                const pb::ListReadingsRequest& request);
  Result<pb::DiscardDocumentResponse> DiscardDocument(const Call& call,
                                                      const pb::DiscardDocumentRequest& request);

 private:
  Result<std::string> HashOf(db::Tx& tx, const Document& document, const std::string& data_key);
  Result<pb::VaultDocument> Finish(db::Tx& tx, const DocumentId& id);
  Result<api::Raw> BeginReading(const Call& call, const pb::ReadDocumentRequest& request);
  Result<api::Raw> ContinueReading(const Call& call, const pb::ReadDocumentRequest& request);
  void SetNextPart(const Call& call, const Document& document, int32_t index, Time begun,
                   api::Raw* part);

  db::Database& database_;
  const KeyRing& keys_;
  const WallClock& clock_;
  const rpc::Pages& pages_;
};

// As the API shows it on a day.
pb::VaultDocument ToProto(const Document& document, int64_t cases, Date today);

}  // namespace zonelink::documents
