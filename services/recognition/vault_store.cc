// SPDX-License-Identifier: Apache-2.0
#include "recognition/vault_store.h"

#include "recognition/decision_details_store.h"
#include "recognition/events.h"
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

static VaultPaper Read(const db::Row& row) {
  return {row.Text("document_id"),
          {row.Text("title"), row.Text("sha256"), row.Text("media_type"), row.Int("size_bytes"),
           row.Text("kind"), row.MaybeDay("valid_until")},
          row.MaybeDay("valid_from")};
}

std::vector<VaultPaper> Holds(db::Tx& tx, const std::string& organization_id,
                              const std::vector<std::string>& kinds) {
  if (organization_id.empty() || kinds.empty()) return {};
  const db::Rows rows = tx.Exec(kHolds, organization_id, kinds);
  std::vector<VaultPaper> papers;
  for (size_t i = 0; i < rows.size(); ++i) papers.push_back(Read(rows[i]));
  return papers;
}

constexpr db::Sql kFind{"vault.find", R"sql(
  SELECT document_id, kind, title, sha256, media_type, size_bytes, valid_from, valid_until
    FROM vault_documents WHERE organization_id = $1 AND sha256 = $2
)sql"};

Result<VaultPaper> Find(db::Tx& tx, const std::string& organization_id, const std::string& sha256,
                        Date today) {
  const db::Rows rows = tx.Exec(kFind, organization_id, sha256);
  if (!rows.empty()) {
    VaultPaper paper = Read(rows[0]);
    if (ValidOn(paper, today)) return paper;
  }
  return NotFound("DOCUMENT_NOT_FOUND", "the vault holds no valid document of these bytes");
}

constexpr db::Sql kRequired{"vault.required", R"sql(
  SELECT i.required_documents
    FROM filings f JOIN items i ON i.item_id = f.item_id AND i.version = f.item_version
   WHERE f.filing_id = $1
)sql"};

std::vector<std::string> RequiredKinds(db::Tx& tx, const FilingId& id) {
  const db::Rows rows = tx.Exec(kRequired, id.str());
  if (rows.empty()) return {};
  return rows[0].Texts("required_documents");
}

constexpr db::Sql kTake{"vault.take", R"sql(
  INSERT INTO documents (filing_id, position, organization_id, title, sha256, media_type,
                         size_bytes, kind, added_at, valid_until)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

Result<Filing> SaveTaken(db::Tx& tx, Filing filing, const Actor& by,
                         const filing_store::Rules& rules) {
  const Document& paper = filing.documents.back();
  tx.Exec(kTake, filing.id.str(), static_cast<int64_t>(filing.documents.size()),
          filing.applicant.organization_id, paper.title, paper.sha256, paper.media_type,
          paper.size_bytes, paper.kind, tx.now(), paper.valid_until);
  // First the paper: what one zone may change of another's decision rests on it.
  decision_details_store::HandIn(tx, filing, {paper.kind});
  if (const Status saved = filing_store::SaveChanged(tx, filing, rules); !saved) {
    return saved.error();
  }
  AppendFilingChanged(tx, "document_taken", filing, by, paper.title, rules.calendars);
  return filing;
}

void TakeInto(db::Tx& tx, Submission& submission, const Item& item, Date today) {
  if (!submission.use_vault) return;
  const std::vector<std::string> kinds = KindsToTake(submission, item);
  const auto vault = Holds(tx, submission.applicant.organization_id, kinds);
  for (VaultPaper& paper : Offered(kinds, vault, today)) {
    submission.documents.push_back(std::move(paper.document));
  }
}

}  // namespace zonelink::recognition::vault_store
