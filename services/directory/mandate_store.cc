// SPDX-License-Identifier: Apache-2.0
#include "directory/mandate_store.h"

#include "directory/events.h"
#include "platform/core/check.h"

namespace zonelink::directory::mandate_store {
namespace {

MandateTerms TermsOf(const db::Row& row) {
  Result<MandateTerms> terms = ToTerms(row.Texts("item_ids"), row.Texts("acts"));
  ZL_CHECK(terms.has_value(), "a stored act outside the catalogue");
  terms->valid_from = row.Day("valid_from");
  terms->valid_until = row.Day("valid_until");
  terms->note = row.Text("note");
  return *std::move(terms);
}

Mandate FromRow(const db::Row& row) {
  const std::optional<MandateState> state = ParseMandateState(row.Text("state"));
  ZL_CHECK(state.has_value(), "a stored mandate's state");
  return {.mandate_id = row.Text("mandate_id"),
          .principal = {.organization_id = row.Text("principal_organization_id"),
                        .uscc = row.Text("principal_uscc"),
                        .name_zh = row.Text("principal_name"),
                        .zone = row.Text("principal_zone")},
          .agent = {.organization_id = row.Text("agent_organization_id"),
                    .uscc = row.Text("agent_uscc"),
                    .name_zh = row.Text("agent_name")},
          .terms = TermsOf(row),
          .state = *state,
          .granted_by = row.Text("granted_by"),
          .granted_at = row.At("granted_at"),
          .revoked_by = row.MaybeText("revoked_by"),
          .revoked_by_organization_id = row.MaybeText("revoked_by_organization_id"),
          .revoked_at = row.MaybeAt("revoked_at"),
          .revoke_reason = row.MaybeText("revoke_reason"),
          .version = row.Int("version")};
}

}  // namespace

constexpr db::Sql kInsert{"mandate.insert", R"sql(
  INSERT INTO mandate (mandate_id, principal_organization_id, principal_uscc, principal_name,
                       principal_zone, agent_organization_id, agent_uscc, agent_name, item_ids,
                       acts, valid_from, valid_until, note, state, granted_by, granted_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'ACTIVE', $14, $15)
)sql"};

void Insert(db::Tx& tx, const Mandate& mandate) {
  std::vector<std::string_view> acts;
  for (const Act act : mandate.terms.acts) acts.push_back(Name(act));
  const Organization& principal = mandate.principal;
  tx.Exec(kInsert, mandate.mandate_id, principal.organization_id, principal.uscc, principal.name_zh,
          principal.zone, mandate.agent.organization_id, mandate.agent.uscc, mandate.agent.name_zh,
          mandate.terms.item_ids, acts, mandate.terms.valid_from, mandate.terms.valid_until,
          mandate.terms.note, mandate.granted_by, mandate.granted_at);
  AppendMandateChanged(tx, mandate, mandate.granted_by);
}

constexpr db::Sql kGet{"mandate.get", R"sql(
  SELECT mandate_id, principal_organization_id, principal_uscc, principal_name, principal_zone,
         agent_organization_id, agent_uscc, agent_name, item_ids, acts, valid_from, valid_until,
         note, state, granted_by, granted_at, revoked_by, revoked_by_organization_id, revoked_at,
         revoke_reason, version
  FROM mandate WHERE mandate_id = $1
)sql"};

Result<Mandate> Get(db::Tx& tx, std::string_view mandate_id) {
  const db::Rows rows = tx.Exec(kGet, mandate_id);
  if (rows.empty()) return NotFound("MANDATE_NOT_FOUND", "no such mandate");
  return FromRow(rows[0]);
}

constexpr db::Sql kLock{"mandate.lock", R"sql(
  SELECT 1 AS one FROM mandate WHERE mandate_id = $1 FOR UPDATE
)sql"};

Result<Mandate> GetForUpdate(db::Tx& tx, std::string_view mandate_id) {
  tx.Exec(kLock, mandate_id);
  return Get(tx, mandate_id);  // a statement of its own: it sees what the lock waited for
}

constexpr db::Sql kSave{"mandate.save", R"sql(
  UPDATE mandate SET state = $3, revoked_by = $4, revoked_by_organization_id = $5, revoked_at = $6,
         revoke_reason = $7, version = version + 1
  WHERE mandate_id = $1 AND version = $2
)sql"};

Mandate Save(db::Tx& tx, Mandate mandate, const std::string& actor) {
  const db::Rows saved =
      tx.Exec(kSave, mandate.mandate_id, mandate.version, Name(mandate.state), mandate.revoked_by,
              mandate.revoked_by_organization_id, mandate.revoked_at, mandate.revoke_reason);
  ZL_CHECK(saved.affected() == 1, "a mandate is saved while its row is held");
  ++mandate.version;
  AppendMandateChanged(tx, mandate, actor);
  return mandate;
}

constexpr db::Sql kList{"mandate.list", R"sql(
  SELECT mandate_id, principal_organization_id, principal_uscc, principal_name, principal_zone,
         agent_organization_id, agent_uscc, agent_name, item_ids, acts, valid_from, valid_until,
         note, state, granted_by, granted_at, revoked_by, revoked_by_organization_id, revoked_at,
         revoke_reason, version
  FROM mandate
  WHERE ($1 = '' OR $2 = CASE $1 WHEN 'principal' THEN principal_organization_id
                                 ELSE agent_organization_id END)
    AND ($3 = '' OR state = $3) AND ($4 = '' OR $4 IN (principal_uscc, agent_uscc))
    AND (granted_at, mandate_id) < ($5::timestamptz, $6)
  ORDER BY granted_at DESC, mandate_id DESC LIMIT $7
)sql"};

std::vector<Mandate> List(db::Tx& tx, const Filter& filter) {
  const db::Rows rows = tx.Exec(kList, filter.side, filter.organization_id, filter.state,
                                filter.uscc, filter.granted_before, filter.id_before, filter.limit);
  std::vector<Mandate> mandates;
  for (size_t i = 0; i < rows.size(); ++i) mandates.push_back(FromRow(rows[i]));
  return mandates;
}

}  // namespace zonelink::directory::mandate_store
