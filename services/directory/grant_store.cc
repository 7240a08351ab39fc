// SPDX-License-Identifier: Apache-2.0
#include "directory/grant_store.h"

#include "directory/events.h"
#include "platform/core/check.h"

namespace zonelink::directory::grant_store {
namespace {

RoleGrant FromRow(const db::Row& row) {
  const std::optional<Role> role = ParseRole(row.Text("role"));
  const std::optional<GrantState> state = ParseGrantState(row.Text("state"));
  ZL_CHECK(role && state, "a stored grant outside the catalogue");
  return {.grant_id = row.Text("grant_id"),
          .user_id = row.Text("user_id"),
          .role = *role,
          .state = *state,
          .granted_by = row.Text("granted_by"),
          .granted_at = row.At("granted_at"),
          .confirmed_by = row.MaybeText("confirmed_by"),
          .confirmed_at = row.MaybeAt("confirmed_at"),
          .revoked_by = row.MaybeText("revoked_by"),
          .revoked_at = row.MaybeAt("revoked_at"),
          .revoke_reason = row.MaybeText("revoke_reason"),
          .version = row.Int("version")};
}

std::vector<RoleGrant> FromRows(const db::Rows& rows) {
  std::vector<RoleGrant> grants;
  for (size_t i = 0; i < rows.size(); ++i) grants.push_back(FromRow(rows[i]));
  return grants;
}

std::string_view VerbOf(GrantState state) {
  switch (state) {
    case GrantState::kProposed: return "proposed";
    case GrantState::kActive: return "granted";
    case GrantState::kRevoked: return "revoked";
  }
  return "";
}

}  // namespace

constexpr db::Sql kInsert{"role_grant.insert", R"sql(
  INSERT INTO role_grant (grant_id, user_id, role, state, granted_by, granted_at)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

void Insert(db::Tx& tx, const RoleGrant& grant) {
  tx.Exec(kInsert, grant.grant_id, grant.user_id, Name(grant.role), Name(grant.state),
          grant.granted_by, grant.granted_at);
  AppendRoleChanged(tx, grant, VerbOf(grant.state), grant.granted_by);
}

constexpr db::Sql kGet{"role_grant.get", R"sql(
  SELECT grant_id, user_id, role, state, granted_by, granted_at, confirmed_by, confirmed_at,
         revoked_by, revoked_at, revoke_reason, version
  FROM role_grant WHERE user_id = $1 AND grant_id = $2
)sql"};

Result<RoleGrant> Get(db::Tx& tx, std::string_view user_id, std::string_view grant_id) {
  const db::Rows rows = tx.Exec(kGet, user_id, grant_id);
  if (rows.empty()) return NotFound("ROLE_GRANT_NOT_FOUND", "no such grant");
  return FromRow(rows[0]);
}

constexpr db::Sql kSave{"role_grant.save", R"sql(
  UPDATE role_grant SET state = $3, confirmed_by = $4, confirmed_at = $5, revoked_by = $6,
         revoked_at = $7, revoke_reason = $8, version = version + 1
  WHERE grant_id = $1 AND version = $2
)sql"};

RoleGrant Save(db::Tx& tx, RoleGrant grant, const std::string& actor) {
  const db::Rows saved =
      tx.Exec(kSave, grant.grant_id, grant.version, Name(grant.state), grant.confirmed_by,
              grant.confirmed_at, grant.revoked_by, grant.revoked_at, grant.revoke_reason);
  ZL_CHECK(saved.affected() == 1, "a grant is saved while its row is held");
  ++grant.version;
  AppendRoleChanged(tx, grant, VerbOf(grant.state), actor);
  return grant;
}

constexpr db::Sql kListOf{"role_grant.list_of", R"sql(
  SELECT grant_id, user_id, role, state, granted_by, granted_at, confirmed_by, confirmed_at,
         revoked_by, revoked_at, revoke_reason, version
  FROM role_grant WHERE user_id = $1 ORDER BY granted_at DESC, grant_id DESC
)sql"};

std::vector<RoleGrant> ListOf(db::Tx& tx, std::string_view user_id) {
  return FromRows(tx.Exec(kListOf, user_id));
}

constexpr db::Sql kOpenOf{"role_grant.open_of", R"sql(
  SELECT grant_id, user_id, role, state, granted_by, granted_at, confirmed_by, confirmed_at,
         revoked_by, revoked_at, revoke_reason, version
  FROM role_grant WHERE user_id = $1 AND state <> 'REVOKED' ORDER BY grant_id
)sql"};

std::vector<RoleGrant> OpenOf(db::Tx& tx, std::string_view user_id) {
  return FromRows(tx.Exec(kOpenOf, user_id));
}

}  // namespace zonelink::directory::grant_store
