// SPDX-License-Identifier: Apache-2.0
#include "documents/document_store.h"

namespace zonelink::documents::document_store {
namespace {

Kept ReadKept(const db::Row& row) {
  return {.document = ReadDocument(row),
          .key = {.key_id = row.Text("key_id"), .bytes = row.Blob("wrapped_key")}};
}

Result<Kept> Found(const db::Rows& rows) {
  if (rows.empty()) return NotFound("UPLOAD_NOT_FOUND", "no upload has this id");
  return ReadKept(rows[0]);
}

}  // namespace

Document ReadDocument(const db::Row& row) {
  return {.id = DocumentId(row.Text("document_id")),
          .organization_id = row.Text("organization_id"),
          .sha256 = row.Text("sha256"),
          .title = row.Text("title"),
          .kind = row.Text("kind"),
          .media_type = row.Text("media_type"),
          .size_bytes = row.Int("size_bytes"),
          .valid_from = row.MaybeDay("valid_from"),
          .valid_until = row.MaybeDay("valid_until"),
          .chunk_bytes = static_cast<int32_t>(row.Int("chunk_bytes")),
          .user_id = row.Text("user_id"),
          .started_at = row.At("started_at"),
          .stored_at = row.MaybeAt("stored_at"),
          .version = row.Int("version"),
          .changed_at = row.At("changed_at")};
}

constexpr db::Sql kInsert{"documents.insert", R"sql(
INSERT INTO documents (document_id, organization_id, sha256, title, kind, media_type, size_bytes, valid_from,
                       valid_until, chunk_bytes, key_id, wrapped_key, user_id, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::bigint, $8::date, $9::date, $10::integer, $11, $12::bytea, $13, $14::timestamptz)
ON CONFLICT ON CONSTRAINT documents_once DO NOTHING)sql"};

bool Insert(db::Tx& tx, const Document& document, const WrappedKey& key) {
  return tx.Exec(kInsert, document.id.str(), document.organization_id, document.sha256,
                 document.title, document.kind, document.media_type, document.size_bytes,
                 document.valid_from, document.valid_until, document.chunk_bytes, key.key_id,
                 db::Bytes{key.bytes}, document.user_id, tx.now())
             .affected() == 1;
}

constexpr db::Sql kLock{"documents.lock", R"sql(
SELECT document_id, organization_id, sha256, title, kind, media_type, size_bytes, valid_from, valid_until, chunk_bytes,
       user_id, started_at, stored_at, version, changed_at, key_id, wrapped_key
  FROM documents WHERE document_id = $1 AND organization_id = current_organization() FOR UPDATE)sql"};

Result<Kept> Lock(db::Tx& tx, const DocumentId& id) { return Found(tx.Exec(kLock, id.str())); }

constexpr db::Sql kLockShared{"documents.lock_shared", R"sql(
SELECT document_id, organization_id, sha256, title, kind, media_type, size_bytes, valid_from, valid_until, chunk_bytes,
       user_id, started_at, stored_at, version, changed_at, key_id, wrapped_key
  FROM documents WHERE document_id = $1 AND organization_id = current_organization() FOR SHARE)sql"};

Result<Kept> LockShared(db::Tx& tx, const DocumentId& id) {
  return Found(tx.Exec(kLockShared, id.str()));
}

constexpr db::Sql kGet{"documents.get", R"sql(
SELECT document_id, organization_id, sha256, title, kind, media_type, size_bytes, valid_from, valid_until, chunk_bytes,
       user_id, started_at, stored_at, version, changed_at, key_id, wrapped_key
  FROM documents WHERE document_id = $1)sql"};

Result<Kept> Get(db::Tx& tx, const DocumentId& id) { return Found(tx.Exec(kGet, id.str())); }

constexpr db::Sql kLockByHash{"documents.lock_by_hash", R"sql(
SELECT document_id, organization_id, sha256, title, kind, media_type, size_bytes, valid_from, valid_until, chunk_bytes,
       user_id, started_at, stored_at, version, changed_at
  FROM documents WHERE sha256 = $1 AND organization_id = current_organization() FOR UPDATE)sql"};

Result<Document> LockByHash(db::Tx& tx, const std::string& sha256) {
  const db::Rows rows = tx.Exec(kLockByHash, sha256);
  if (rows.empty()) return NotFound("DOCUMENT_NOT_FOUND", "no document has this hash");
  return ReadDocument(rows[0]);
}

constexpr db::Sql kAnnounce{"documents.announce", R"sql(
UPDATE documents SET title = $2, kind = $3, media_type = $4, valid_from = $5::date, valid_until = $6::date,
       started_at = clock_timestamp()
 WHERE document_id = $1)sql"};

void Announce(db::Tx& tx, const Document& document) {
  tx.Exec(kAnnounce, document.id.str(), document.title, document.kind, document.media_type,
          document.valid_from, document.valid_until);
}

constexpr db::Sql kSaveStored{"documents.save_stored", R"sql(
UPDATE documents SET stored_at = $2::timestamptz, version = $3::bigint, changed_at = $2::timestamptz
 WHERE document_id = $1)sql"};

void SaveStored(db::Tx& tx, const Document& document) {
  tx.Exec(kSaveStored, document.id.str(), document.stored_at, document.version);
}

constexpr db::Sql kDelete{"documents.delete", "DELETE FROM documents WHERE document_id = $1"};

bool Delete(db::Tx& tx, const DocumentId& id) { return tx.Exec(kDelete, id.str()).affected() == 1; }

constexpr db::Sql kCountUploads{"documents.count_uploads", R"sql(
SELECT count(*) AS uploads FROM documents WHERE organization_id = current_organization() AND stored_at IS NULL)sql"};

int64_t CountUploads(db::Tx& tx) { return tx.Exec(kCountUploads)[0].Int("uploads"); }

constexpr db::Sql kPutChunk{"chunks.put", R"sql(
INSERT INTO chunks (document_id, position, nonce, sealed) VALUES ($1, $2::integer, $3::bytea, $4::bytea)
ON CONFLICT ON CONSTRAINT chunks_pk DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed)sql"};

void PutChunk(db::Tx& tx, const DocumentId& id, int32_t index, const SealedChunk& chunk) {
  tx.Exec(kPutChunk, id.str(), index, db::Param::Raw(chunk.nonce), db::Param::Raw(chunk.bytes));
}

constexpr db::Sql kReadChunk{"chunks.read", R"sql(
SELECT nonce, sealed FROM chunks WHERE document_id = $1 AND position = $2::integer)sql"};

Result<SealedChunk> ReadChunk(db::Tx& tx, const DocumentId& id, int32_t index) {
  const db::Rows rows = tx.Exec(kReadChunk, id.str(), index);
  if (rows.empty()) return FailedPrecondition("DOCUMENT_DAMAGED", "a chunk is not there");
  return SealedChunk{.nonce = rows[0].Blob("nonce"), .bytes = rows[0].Blob("sealed")};
}

constexpr db::Sql kArrived{"chunks.arrived", R"sql(
SELECT position FROM chunks WHERE document_id = $1 ORDER BY position)sql"};

std::vector<int32_t> Arrived(db::Tx& tx, const DocumentId& id) {
  const db::Rows rows = tx.Exec(kArrived, id.str());
  std::vector<int32_t> arrived;
  arrived.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    arrived.push_back(static_cast<int32_t>(rows[i].Int("position")));
  }
  return arrived;
}

// The policy lets no younger ones be deleted.
constexpr db::Sql kRemoveExpired{"documents.remove_expired", R"sql(
DELETE FROM documents WHERE stored_at IS NULL AND started_at < clock_timestamp() - interval '24 hours')sql"};

int64_t RemoveExpired(db::Tx& tx) { return tx.Exec(kRemoveExpired).affected(); }

constexpr db::Sql kKeysNotOf{"documents.keys_not_of", R"sql(
SELECT document_id, key_id, wrapped_key FROM documents
 WHERE key_id <> $1 AND document_id > $2 ORDER BY document_id LIMIT $3::integer FOR UPDATE)sql"};

std::vector<OldKey> KeysNotOf(db::Tx& tx, const std::string& current_id, const DocumentId& after,
                              int limit) {
  const db::Rows rows = tx.Exec(kKeysNotOf, current_id, after.str(), limit);
  std::vector<OldKey> keys;
  for (size_t i = 0; i < rows.size(); ++i) {
    keys.push_back(
        {.id = DocumentId(rows[i].Text("document_id")),
         .key = {.key_id = rows[i].Text("key_id"), .bytes = rows[i].Blob("wrapped_key")}});
  }
  return keys;
}

constexpr db::Sql kSaveKey{"documents.save_key", R"sql(
UPDATE documents SET key_id = $2, wrapped_key = $3::bytea WHERE document_id = $1)sql"};

void SaveKey(db::Tx& tx, const DocumentId& id, const WrappedKey& key) {
  tx.Exec(kSaveKey, id.str(), key.key_id, db::Bytes{key.bytes});
}

}  // namespace zonelink::documents::document_store
