// SPDX-License-Identifier: Apache-2.0
#include "recognition/officer_store.h"

#include "platform/rpc/timestamp.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::recognition::officer_store {

namespace ev = events::v1;

constexpr db::Sql kPut{"officer.put", R"sql(
  INSERT INTO officers (user_id, name, zone, roles, active) VALUES ($1, $2, $3, '{}', $4)
  ON CONFLICT ON CONSTRAINT officers_pk
  DO UPDATE SET name = excluded.name, zone = excluded.zone, active = excluded.active
)sql"};

// A role may be told of before its user: the zone is then empty until it is known.
constexpr db::Sql kAddRole{"officer.add_role", R"sql(
  INSERT INTO officers AS o (user_id, name, zone, roles, active) VALUES ($1, $1, '', ARRAY[$2], true)
  ON CONFLICT ON CONSTRAINT officers_pk
  DO UPDATE SET roles = array_remove(o.roles, $2) || ARRAY[$2]
)sql"};

constexpr db::Sql kDropRole{"officer.drop_role", R"sql(
  UPDATE officers SET roles = array_remove(roles, $2) WHERE user_id = $1
)sql"};

static Status ApplyUser(db::Tx& tx, const ev::Event& event) {
  ev::UserChanged user;
  if (!user.ParseFromString(event.body())) return Internal("a user event that cannot be read");
  const bool active = event.type() != "zonelink.directory.user.disabled";
  const std::string& name = user.name().empty() ? user.user_id() : user.name();
  tx.Exec(kPut, user.user_id(), name, user.zone(), active);
  return Done{};
}

static Status ApplyRole(db::Tx& tx, const ev::Event& event) {
  ev::RoleChanged role;
  if (!role.ParseFromString(event.body())) return Internal("a role event that cannot be read");
  if (event.type() == "zonelink.directory.role.granted") {
    tx.Exec(kAddRole, role.user_id(), role.role());
  } else if (event.type() == "zonelink.directory.role.revoked") {
    tx.Exec(kDropRole, role.user_id(), role.role());
  }
  return Done{};
}

constexpr db::Sql kPutDeputy{"officer.put_deputy", R"sql(
  INSERT INTO officer_deputies (delegation_id, user_id, name, zone, deputy_user_id, roles, from_at,
                                until_at, active)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT ON CONSTRAINT officer_deputies_pk
    DO UPDATE SET active = officer_deputies.active AND excluded.active
)sql"};

static Status ApplyDelegation(db::Tx& tx, const ev::Event& event) {
  ev::DelegationChanged delegation;
  if (!delegation.ParseFromString(event.body())) {
    return Internal("a delegation that cannot be read");
  }
  const std::vector<std::string> roles(delegation.roles().begin(), delegation.roles().end());
  tx.Exec(kPutDeputy, delegation.delegation_id(), delegation.user_id(), delegation.name(),
          delegation.zone(), delegation.deputy_user_id(), roles, ToTime(delegation.from()),
          ToTime(delegation.until()), delegation.state() == "ACTIVE");
  return Done{};
}

Status Apply(db::Tx& tx, const ev::Event& event) {
  if (event.type().starts_with("zonelink.directory.delegation.")) {
    return ApplyDelegation(tx, event);
  }
  if (event.type().starts_with("zonelink.directory.user.")) return ApplyUser(tx, event);
  if (event.type().starts_with("zonelink.directory.role.")) return ApplyRole(tx, event);
  return Done{};
}

static Officer Read(const db::Row& row) {
  return {row.Text("user_id"), row.Text("name"), row.Text("zone"), row.Texts("roles")};
}

constexpr db::Sql kGet{"officer.get", R"sql(
  SELECT user_id, name, zone, roles FROM officers WHERE user_id = $1 AND active
)sql"};

Result<Officer> Get(db::Tx& tx, const std::string& user_id) {
  const db::Rows rows = tx.Exec(kGet, user_id);
  if (rows.empty()) return InvalidArgument("OFFICER_UNKNOWN", "no such officer");
  return Read(rows[0]);
}

constexpr db::Sql kUnit{"officer.unit", R"sql(
  SELECT user_id, name, zone, roles FROM officers WHERE zone = $1 AND active ORDER BY user_id
)sql"};

std::vector<Officer> UnitOf(db::Tx& tx, const std::string& zone) {
  const db::Rows rows = tx.Exec(kUnit, zone);
  std::vector<Officer> unit;
  for (size_t i = 0; i < rows.size(); ++i) unit.push_back(Read(rows[i]));
  return unit;
}

constexpr db::Sql kNames{"officer.names", R"sql(
  SELECT user_id, name FROM officers WHERE user_id = ANY (ARRAY(SELECT unnest($1::text[])))
)sql"};

std::map<std::string, std::string> Names(db::Tx& tx, const std::vector<std::string>& user_ids) {
  const db::Rows rows = tx.Exec(kNames, user_ids);
  std::map<std::string, std::string> names;
  for (size_t i = 0; i < rows.size(); ++i) {
    names.emplace(rows[i].Text("user_id"), rows[i].Text("name"));
  }
  return names;
}

constexpr db::Sql kLentTo{"officer.lent_to", R"sql(
  SELECT p.user_id, p.name, p.roles
    FROM officer_deputies p
   WHERE p.deputy_user_id = $1 AND p.zone = $2 AND p.active
     AND p.from_at <= $3 AND $3 < p.until_at
   ORDER BY p.from_at, p.delegation_id
)sql"};

std::vector<Lent> LentTo(db::Tx& tx, const std::string& deputy, const std::string& zone, Time now) {
  const db::Rows rows = tx.Exec(kLentTo, deputy, zone, now);
  std::vector<Lent> lent;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    lent.push_back({row.Text("user_id"), row.Text("name"), row.Texts("roles")});
  }
  return lent;
}

}  // namespace zonelink::recognition::officer_store
