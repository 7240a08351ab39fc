// SPDX-License-Identifier: Apache-2.0
// The tables `documents` and `chunks`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "documents/domain/document.h"
#include "documents/key_ring.h"
#include "documents/sealing.h"
#include "platform/core/result.h"
#include "platform/db/database.h"

namespace zonelink::documents::document_store {

struct Kept {
  Document document;
  WrappedKey key;
};

// A new upload, unless the organisation has a row for these bytes. Was it made?
bool Insert(db::Tx& tx, const Document& document, const WrappedKey& key);
// Of the caller's organisation; the row stays as it is until the end. NotFound `UPLOAD_NOT_FOUND`.
Result<Kept> Lock(db::Tx& tx, const DocumentId& id);
// The same where others may add chunks beside.
Result<Kept> LockShared(db::Tx& tx, const DocumentId& id);
Result<Kept> Get(db::Tx& tx, const DocumentId& id);
// Of the caller's organisation by its hash, complete or not; NotFound `DOCUMENT_NOT_FOUND`.
Result<Document> LockByHash(db::Tx& tx, const std::string& sha256);
// What is announced anew before it is complete; its day begins again.
void Announce(db::Tx& tx, const Document& document);
void SaveStored(db::Tx& tx, const Document& document);
// False: the database lets it not be deleted, for a case refers to it.
bool Delete(db::Tx& tx, const DocumentId& id);
// Uploads under way of the caller's organisation.
int64_t CountUploads(db::Tx& tx);

void PutChunk(db::Tx& tx, const DocumentId& id, int32_t index, const SealedChunk& chunk);
// FailedPrecondition `DOCUMENT_DAMAGED`: it is not there.
Result<SealedChunk> ReadChunk(db::Tx& tx, const DocumentId& id, int32_t index);
// Indexes of the chunks that are there, ascending.
std::vector<int32_t> Arrived(db::Tx& tx, const DocumentId& id);

// As the service itself. Removes uploads that were not completed in time; how many.
int64_t RemoveExpired(db::Tx& tx);

struct OldKey {
  DocumentId id;
  WrappedKey key;
};
// Keys that another key than the current one wraps, by document after `after`, at most `limit`.
std::vector<OldKey> KeysNotOf(db::Tx& tx, const std::string& current_id, const DocumentId& after,
                              int limit);
void SaveKey(db::Tx& tx, const DocumentId& id, const WrappedKey& key);

// The row of a document as statements select it.
Document ReadDocument(const db::Row& row);

}  // namespace zonelink::documents::document_store
