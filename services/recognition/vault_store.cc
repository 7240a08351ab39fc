// SPDX-License-Identifier: Apache-2.0
#include "recognition/vault_store.h"

#include "zonelink/events/v1/documents_events.pb.h"

namespace zonelink::recognition::vault_store {

constexpr db::Sql kPut{"vault.put", R"sql(
  INSERT INTO vault_documents (document_id, organization_id, sha256, title, kind, media_type,
                               size_bytes, valid_from, valid_until)
  VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, '')::date, nullif($9, '')::date)
  ON CONFLICT ON CONSTRAINT vault_documents_pk DO NOTHING
)sql"};

static Status Put(db::Tx& tx, const events::v1::Event& event) {
  events::v1::DocumentStored stored;
  if (!stored.ParseFromString(event.body())) return Internal("a document that cannot be read");
  tx.Exec(kPut, stored.document_id(), stored.organization_id(), stored.sha256(), stored.title(),
          stored.kind(), stored.media_type(), stored.size_bytes(), stored.valid_from(),
          stored.valid_until());
  return Done{};
}

constexpr db::Sql kRemove{"vault.remove", R"sql(
  DELETE FROM vault_documents WHERE document_id = $1
)sql"};

static Status Remove(db::Tx& tx, const events::v1::Event& event) {
  events::v1::DocumentDiscarded discarded;
  if (!discarded.ParseFromString(event.body())) return Internal("a document that cannot be read");
  tx.Exec(kRemove, discarded.document_id());
  return Done{};
}

Status Apply(db::Tx& tx, const events::v1::Event& event) {
  if (event.type() == "zonelink.documents.document.stored") return Put(tx, event);
  if (event.type() == "zonelink.documents.document.discarded") return Remove(tx, event);
  return Done{};
}

// Ids are made in the order of time.
constexpr db::Sql kHolds{"vault.holds", R"sql(
  SELECT document_id, kind, title, sha256, media_type, size_bytes, valid_from, valid_until
    FROM vault_documents
   WHERE organization_id = $1 AND kind = ANY ($2::text[]) AND kind <> ''
   ORDER BY document_id DESC
)sql"};

std::vector<VaultPaper> Holds(db::Tx& tx, const std::string& organization_id,
                              const std::vector<std::string>& kinds) {
  if (organization_id.empty() || kinds.empty()) return {};
  const db::Rows rows = tx.Exec(kHolds, organization_id, kinds);
  std::vector<VaultPaper> papers;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    papers.push_back({row.Text("document_id"),
                      {row.Text("title"), row.Text("sha256"), row.Text("media_type"),
                       row.Int("size_bytes"), row.Text("kind"), row.MaybeDay("valid_until")},
                      row.MaybeDay("valid_from")});
  }
  return papers;
}

}  // namespace zonelink::recognition::vault_store
