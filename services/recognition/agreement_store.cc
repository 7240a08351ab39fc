// SPDX-License-Identifier: Apache-2.0
#include "recognition/agreement_store.h"

#include <unordered_map>

#include "recognition/events.h"

namespace zonelink::recognition::agreement_store {
namespace {

Agreement Read(const db::Row& row) {
  return {.id = AgreementId(row.Text("agreement_id")),
          .item_id = row.Text("item_id"),
          .home_zones = row.Texts("home_zones"),
          .target_zones = row.Texts("target_zones"),
          .mode = ModeNamed(row.Text("mode")),
          .valid_from = row.Day("valid_from"),
          .valid_until = row.Day("valid_until"),
          .state = AgreementStateNamed(row.Text("state")),
          .version = row.Int("version"),
          .condition = row.Text("condition"),
          .amends = AgreementId(row.MaybeText("amends").value_or("")),
          .revision = static_cast<int>(row.Int("revision")),
          .replaced_by = AgreementId(row.Text("replaced_by")),
          .suspended_by = row.Text("suspended_by")};
}

std::unordered_map<std::string, std::vector<Signature>> SignaturesOf(
    db::Tx& tx, const std::vector<std::string>& ids) {
  constexpr static db::Sql kSignatures{"agreement.signatures", R"sql(
    SELECT agreement_id, zone, signed_by, signed_at
      FROM agreement_signatures WHERE agreement_id = ANY ($1::text[]) ORDER BY signed_at, zone
  )sql"};
  const db::Rows rows = tx.Exec(kSignatures, ids);
  std::unordered_map<std::string, std::vector<Signature>> signatures;
  for (size_t i = 0; i < rows.size(); ++i) {
    signatures[rows[i].Text("agreement_id")].push_back(
        {rows[i].Text("zone"), rows[i].Text("signed_by"), rows[i].At("signed_at")});
  }
  return signatures;
}

}  // namespace

constexpr db::Sql kInsert{"agreement.insert", R"sql(
  WITH agreement AS (
    INSERT INTO agreements (agreement_id, item_id, home_zones, target_zones, mode, valid_from,
                            valid_until, state, version, drafted_by, drafted_at, changed_at,
                            condition, amends, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $13, nullif($14, ''), $15))
  INSERT INTO agreement_parties (agreement_id, party, drafted_by)
  SELECT $1, party, $10 FROM unnest($12::text[]) AS party
)sql"};

Agreement Insert(db::Tx& tx, Agreement agreement, const Actor& by) {
  tx.Exec(kInsert, agreement.id.str(), agreement.item_id, agreement.home_zones,
          agreement.target_zones, Name(agreement.mode), agreement.valid_from, agreement.valid_until,
          Name(agreement.state), agreement.version, by.user_id, tx.now(), PartiesOf(agreement),
          agreement.condition, agreement.amends.str(), agreement.revision);
  AppendAgreementChanged(tx, "drafted", agreement, by, "");
  return agreement;
}

constexpr db::Sql kGet{"agreement.get", R"sql(
  SELECT agreement_id, item_id, home_zones, target_zones, mode, valid_from, valid_until, state,
         version, condition, amends, revision, replaced_by, suspended_by
    FROM agreements WHERE agreement_id = $1
)sql"};

Result<Agreement> Get(db::Tx& tx, const AgreementId& id) {
  const db::Rows rows = tx.Exec(kGet, id.str());
  if (rows.empty()) return NotFound("AGREEMENT_NOT_FOUND", "no such agreement");
  Agreement agreement = Read(rows[0]);
  agreement.signatures = SignaturesOf(tx, {id.str()})[id.str()];
  return agreement;
}

constexpr db::Sql kLock{"agreement.lock", R"sql(
  SELECT changed_at FROM agreements WHERE agreement_id = $1 FOR UPDATE
)sql"};

Result<Agreement> Lock(db::Tx& tx, const AgreementId& id) {
  const db::Rows rows = tx.Exec(kLock, id.str());
  if (rows.empty()) return NotFound("AGREEMENT_NOT_FOUND", "no such agreement");
  tx.NotBefore(rows[0].At("changed_at"));
  return Get(tx, id);  // a statement of its own: it sees what the lock waited for
}

constexpr db::Sql kList{"agreement.list", R"sql(
  SELECT agreement_id, item_id, home_zones, target_zones, mode, valid_from, valid_until, state,
         version, condition, amends, revision, replaced_by, suspended_by, drafted_at
    FROM agreements
   WHERE ($1 = '' OR item_id = $1) AND ($2 = '' OR state = $2)
     AND (drafted_at, agreement_id) < ($3::timestamptz, $4)
   ORDER BY drafted_at DESC, agreement_id DESC LIMIT $5
)sql"};

std::vector<Listed> List(db::Tx& tx, const Filter& filter) {
  const db::Rows rows = tx.Exec(kList, filter.item_id, filter.state, filter.drafted_before,
                                filter.id_before, filter.limit);
  std::vector<Listed> page;
  std::vector<std::string> ids;
  for (size_t i = 0; i < rows.size(); ++i) {
    page.push_back({Read(rows[i]), rows[i].At("drafted_at")});
    ids.push_back(rows[i].Text("agreement_id"));
  }
  auto signatures = SignaturesOf(tx, ids);
  for (Listed& listed : page) {
    listed.agreement.signatures = std::move(signatures[listed.agreement.id.str()]);
  }
  return page;
}

constexpr db::Sql kSign{"agreement.sign", R"sql(
  WITH signature AS (
    INSERT INTO agreement_signatures (agreement_id, zone, signed_by, signed_at)
    VALUES ($1, $2, $3, $4))
  UPDATE agreements SET state = $5, version = $6, changed_at = $4 WHERE agreement_id = $1
)sql"};

constexpr db::Sql kOpenRoutes{"agreement.open_routes", R"sql(
  INSERT INTO agreement_routes (agreement_id, item_id, home_zone, target_zone, mode, valid_from,
                                valid_until, condition, in_force)
  SELECT $1, $2, home_zone, target_zone, $5, $6, $7, $8, true
    FROM unnest($3::text[], $4::text[]) AS route (home_zone, target_zone)
)sql"};

Agreement SaveSigned(db::Tx& tx, Agreement agreement, const Actor& by) {
  const Signature& signature = agreement.signatures.back();
  tx.Exec(kSign, agreement.id.str(), signature.zone, signature.signed_by, signature.signed_at,
          Name(agreement.state), agreement.version);
  if (agreement.state != AgreementState::kInForce) {
    AppendAgreementChanged(tx, "signed", agreement, by, "");
    return agreement;
  }
  std::vector<std::string> homes;
  std::vector<std::string> targets;
  for (const Route& route : Routes(agreement)) {
    homes.push_back(route.home_zone);
    targets.push_back(route.target_zone);
  }
  tx.Exec(kOpenRoutes, agreement.id.str(), agreement.item_id, homes, targets, Name(agreement.mode),
          agreement.valid_from, agreement.valid_until, agreement.condition);
  AppendAgreementChanged(tx, "in_force", agreement, by, "");
  return agreement;
}

constexpr db::Sql kEnd{"agreement.end", R"sql(
  WITH route AS (UPDATE agreement_routes SET in_force = false WHERE agreement_id = $1 AND in_force)
  UPDATE agreements
     SET state = $2, version = $3, changed_at = $4, replaced_by = $5, suspended_by = $6
   WHERE agreement_id = $1
)sql"};

Agreement SaveEnded(db::Tx& tx, Agreement agreement, const Actor& by, std::string_view reason) {
  tx.Exec(kEnd, agreement.id.str(), Name(agreement.state), agreement.version, tx.now(),
          agreement.replaced_by.str(), agreement.suspended_by);
  const bool suspended = agreement.state == AgreementState::kSuspended;
  const bool replaced = !agreement.replaced_by.str().empty();
  AppendAgreementChanged(tx,
                         suspended  ? "suspended"
                         : replaced ? "replaced"
                                    : "terminated",
                         agreement, by, reason);
  return agreement;
}

constexpr db::Sql kResume{"agreement.resume", R"sql(
  WITH route AS (UPDATE agreement_routes SET in_force = true WHERE agreement_id = $1)
  UPDATE agreements SET state = $2, version = $3, changed_at = $4, suspended_by = ''
   WHERE agreement_id = $1
)sql"};

Agreement SaveResumed(db::Tx& tx, Agreement agreement, const Actor& by, std::string_view reason) {
  tx.Exec(kResume, agreement.id.str(), Name(agreement.state), agreement.version, tx.now());
  AppendAgreementChanged(tx, "resumed", agreement, by, reason);
  return agreement;
}

}  // namespace zonelink::recognition::agreement_store
