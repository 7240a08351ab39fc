// SPDX-License-Identifier: Apache-2.0
#include "recognition/officer_store.h"

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

Status Apply(db::Tx& tx, const ev::Event& event) {
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

}  // namespace zonelink::recognition::officer_store
