// SPDX-License-Identifier: Apache-2.0
#include "ledger/checkpoint_store.h"

#include "platform/core/check.h"

namespace zonelink::ledger {

constexpr db::Sql kNewest{"checkpoints.newest", R"sql(
SELECT size, root, note, signed_at FROM checkpoints ORDER BY size DESC LIMIT 1)sql"};

constexpr db::Sql kCosignatures{"cosignatures.of",
                                "SELECT witness, line FROM cosignatures WHERE size = $1::bigint"};

std::optional<StoredCheckpoint> NewestCheckpoint(db::Tx& tx) {
  const db::Rows rows = tx.Exec(kNewest);
  if (rows.empty()) return std::nullopt;
  const auto root = Hash::From(rows[0].Blob("root"));
  ZL_CHECK(root, "the table holds roots of 32 bytes");
  StoredCheckpoint newest{.size = static_cast<uint64_t>(rows[0].Int("size")),
                          .root = *root,
                          .note = rows[0].Text("note"),
                          .signed_at = rows[0].At("signed_at"),
                          .cosignatures = {}};
  const db::Rows lines = tx.Exec(kCosignatures, static_cast<int64_t>(newest.size));
  for (size_t i = 0; i < lines.size(); ++i) {
    newest.cosignatures[lines[i].Text("witness")] = lines[i].Text("line");
  }
  return newest;
}

constexpr db::Sql kAdd{"checkpoints.add", R"sql(
INSERT INTO checkpoints (size, root, note) VALUES ($1::bigint, $2::bytea, $3)
ON CONFLICT ON CONSTRAINT checkpoints_pk DO NOTHING RETURNING signed_at)sql"};

std::optional<Time> AddCheckpoint(db::Tx& tx, const SignedCheckpoint& checkpoint) {
  const db::Rows rows =
      tx.Exec(kAdd, static_cast<int64_t>(checkpoint.checkpoint.size),
              db::Bytes{std::string(checkpoint.checkpoint.root.view())}, checkpoint.note);
  if (rows.empty()) return std::nullopt;
  return rows[0].At("signed_at");
}

constexpr db::Sql kCosign{"cosignatures.add", R"sql(
INSERT INTO cosignatures (size, witness, line, cosigned_at) VALUES ($1::bigint, $2, $3, $4::timestamptz)
ON CONFLICT ON CONSTRAINT cosignatures_pk DO NOTHING)sql"};

void AddCosignature(db::Tx& tx, const Cosignature& cosignature) {
  tx.Exec(kCosign, static_cast<int64_t>(cosignature.size), cosignature.witness, cosignature.line,
          cosignature.cosigned_at);
}

constexpr db::Sql kSizes{"cosignatures.sizes",
                         "SELECT witness, max(size) AS size FROM cosignatures GROUP BY witness"};

std::map<std::string, uint64_t> CosignedSizes(db::Tx& tx) {
  const db::Rows rows = tx.Exec(kSizes);
  std::map<std::string, uint64_t> sizes;
  for (size_t i = 0; i < rows.size(); ++i) {
    sizes[rows[i].Text("witness")] = static_cast<uint64_t>(rows[i].Int("size"));
  }
  return sizes;
}

constexpr db::Sql kAnchored{"cosignatures.anchored", R"sql(
SELECT size FROM cosignatures WHERE witness = ANY ($1::text[])
GROUP BY size HAVING count(*) >= $2::bigint ORDER BY size DESC LIMIT 1)sql"};

uint64_t AnchoredSize(db::Tx& tx, const std::vector<std::string>& witnesses, unsigned quorum) {
  if (quorum == 0) return 0;
  const db::Rows rows = tx.Exec(kAnchored, witnesses, static_cast<int64_t>(quorum));
  return rows.empty() ? 0 : static_cast<uint64_t>(rows[0].Int("size"));
}

}  // namespace zonelink::ledger
