// SPDX-License-Identifier: Apache-2.0
#include "directory/delegation_store.h"

#include <algorithm>

#include "directory/events.h"
#include "platform/core/check.h"

namespace zonelink::directory::delegation_store {
namespace {

Delegation FromRow(const db::Row& row) {
  const std::optional<DelegationState> state = ParseDelegationState(row.Text("state"));
  ZL_CHECK(state.has_value(), "a stored delegation's state");
  Delegation delegation{.delegation_id = row.Text("delegation_id"),
                        .user_id = row.Text("user_id"),
                        .name = row.Text("name"),
                        .zone = row.Text("zone"),
                        .deputy_user_id = row.Text("deputy_user_id"),
                        .deputy_name = row.Text("deputy_name"),
                        .from = row.At("from_at"),
                        .until = row.At("until_at"),
                        .reason = row.Text("reason"),
                        .state = *state,
                        .granted_at = row.At("granted_at"),
                        .revoked_by = row.MaybeText("revoked_by"),
                        .revoked_at = row.MaybeAt("revoked_at"),
                        .revoke_reason = row.MaybeText("revoke_reason"),
                        .version = row.Int("version")};
  for (const std::string& name : row.Texts("roles")) {
    const std::optional<Role> role = ParseRole(name);
    ZL_CHECK(role.has_value(), "a stored role outside the catalogue");
    delegation.roles.push_back(*role);
  }
  return delegation;
}

std::vector<Delegation> FromRows(const db::Rows& rows) {
  std::vector<Delegation> delegations;
  for (size_t i = 0; i < rows.size(); ++i) delegations.push_back(FromRow(rows[i]));
  return delegations;
}

void EndEach(db::Tx& tx, std::vector<Delegation> delegations, const Caller& by,
             const std::string& reason) {
  for (Delegation& delegation : delegations) {
    tx.NotBefore(delegation.granted_at);
    Save(tx, End(std::move(delegation), by, reason, tx.now()), by.user_id);
  }
}

}  // namespace

constexpr db::Sql kHold{"delegation.hold", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended('directory.delegation.' || person, 0))
  FROM unnest($1::text[]) AS person
)sql"};

void Hold(db::Tx& tx, std::vector<std::string> user_ids) {
  std::sort(user_ids.begin(), user_ids.end());  // one order for all: nobody waits in a circle
  tx.Exec(kHold, user_ids);
}

constexpr db::Sql kInsert{"delegation.insert", R"sql(
  INSERT INTO delegation (delegation_id, user_id, name, zone, deputy_user_id, deputy_name, roles,
                          from_at, until_at, reason, state, granted_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'ACTIVE', $11)
)sql"};

void Insert(db::Tx& tx, const Delegation& delegation) {
  std::vector<std::string_view> roles;
  for (const Role role : delegation.roles) roles.push_back(Name(role));
  tx.Exec(kInsert, delegation.delegation_id, delegation.user_id, delegation.name, delegation.zone,
          delegation.deputy_user_id, delegation.deputy_name, roles, delegation.from,
          delegation.until, delegation.reason, delegation.granted_at);
  AppendDelegationChanged(tx, delegation, delegation.user_id);
}

constexpr db::Sql kLock{"delegation.lock", R"sql(
  SELECT 1 AS one FROM delegation WHERE delegation_id = $1 FOR UPDATE
)sql"};

constexpr db::Sql kGet{"delegation.get", R"sql(
  SELECT delegation_id, user_id, name, zone, deputy_user_id, deputy_name, roles, from_at, until_at,
         reason, state, granted_at, revoked_by, revoked_at, revoke_reason, version
  FROM delegation WHERE delegation_id = $1
)sql"};

Result<Delegation> GetForUpdate(db::Tx& tx, std::string_view delegation_id) {
  const db::Rows held = tx.Exec(kLock, delegation_id);
  const db::Rows rows = tx.Exec(kGet, delegation_id);  // sees what the lock waited for
  if (held.empty()) return NotFound("DELEGATION_NOT_FOUND", "no such delegation");
  return FromRow(rows[0]);
}

constexpr db::Sql kSave{"delegation.save", R"sql(
  UPDATE delegation SET state = $3, revoked_by = $4, revoked_at = $5, revoke_reason = $6,
         version = version + 1
  WHERE delegation_id = $1 AND version = $2
)sql"};

Delegation Save(db::Tx& tx, Delegation delegation, const std::string& actor) {
  const db::Rows saved =
      tx.Exec(kSave, delegation.delegation_id, delegation.version, Name(delegation.state),
              delegation.revoked_by, delegation.revoked_at, delegation.revoke_reason);
  ZL_CHECK(saved.affected() == 1, "a delegation is saved while its row is held");
  ++delegation.version;
  AppendDelegationChanged(tx, delegation, actor);
  return delegation;
}

constexpr db::Sql kStanding{"delegation.standing", R"sql(
  SELECT delegation_id, user_id, name, zone, deputy_user_id, deputy_name, roles, from_at, until_at,
         reason, state, granted_at, revoked_by, revoked_at, revoke_reason, version
  FROM delegation
  WHERE state = 'ACTIVE' AND until_at > $3
    AND (user_id IN ($1, $2) OR deputy_user_id IN ($1, $2))
)sql"};

std::vector<Delegation> StandingOf(db::Tx& tx, std::string_view one, std::string_view other,
                                   Time now) {
  return FromRows(tx.Exec(kStanding, one, other, now));
}

constexpr db::Sql kOpenOf{"delegation.open_of", R"sql(
  SELECT delegation_id, user_id, name, zone, deputy_user_id, deputy_name, roles, from_at, until_at,
         reason, state, granted_at, revoked_by, revoked_at, revoke_reason, version
  FROM delegation WHERE state = 'ACTIVE' AND (user_id = $1 OR deputy_user_id = $1)
  ORDER BY delegation_id FOR UPDATE
)sql"};

void EndAll(db::Tx& tx, std::string_view user_id, const Caller& by, const std::string& reason) {
  EndEach(tx, FromRows(tx.Exec(kOpenOf, user_id)), by, reason);
}

constexpr db::Sql kOpenWithRole{"delegation.open_with_role", R"sql(
  SELECT delegation_id, user_id, name, zone, deputy_user_id, deputy_name, roles, from_at, until_at,
         reason, state, granted_at, revoked_by, revoked_at, revoke_reason, version
  FROM delegation WHERE state = 'ACTIVE' AND user_id = $1 AND $2 = ANY (roles)
  ORDER BY delegation_id FOR UPDATE
)sql"};

void EndWithRole(db::Tx& tx, std::string_view user_id, Role role, const Caller& by,
                 const std::string& reason) {
  EndEach(tx, FromRows(tx.Exec(kOpenWithRole, user_id, Name(role))), by, reason);
}

constexpr db::Sql kList{"delegation.list", R"sql(
  SELECT delegation_id, user_id, name, zone, deputy_user_id, deputy_name, roles, from_at, until_at,
         reason, state, granted_at, revoked_by, revoked_at, revoke_reason, version
  FROM delegation
  WHERE ($1 = '' OR $1 IN (user_id, deputy_user_id)) AND ($2 = '' OR user_id = $2)
    AND ($3 = '' OR deputy_user_id = $3) AND ($4 = '' OR state = $4)
    AND (granted_at, delegation_id) < ($5::timestamptz, $6)
  ORDER BY granted_at DESC, delegation_id DESC LIMIT $7
)sql"};

std::vector<Delegation> List(db::Tx& tx, const Filter& filter) {
  return FromRows(tx.Exec(kList, filter.of, filter.user_id, filter.deputy_user_id, filter.state,
                          filter.granted_before, filter.id_before, filter.limit));
}

}  // namespace zonelink::directory::delegation_store
