// SPDX-License-Identifier: Apache-2.0
#include "documents/documents_service.h"

namespace zonelink::documents {

void DocumentsService::Bind(rpc::Server& server) {
  rpc::Binder(server, "zonelink.documents.v1.DocumentsService", this)
      .Unary("StartUpload", &DocumentsService::StartUpload)
      .Unary("PutChunk", &DocumentsService::PutChunk)
      .Unary("GetUpload", &DocumentsService::GetUpload)
      .Unary("CompleteUpload", &DocumentsService::CompleteUpload)
      .Unary("ListDocuments", &DocumentsService::ListDocuments)
      .Unary("ReadDocument", &DocumentsService::ReadDocument)
      .Unary("ListReadings", &DocumentsService::ListReadings)
      .Unary("DiscardDocument", &DocumentsService::DiscardDocument);
}

}  // namespace zonelink::documents
