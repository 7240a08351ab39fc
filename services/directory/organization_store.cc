// SPDX-License-Identifier: Apache-2.0
#include "directory/organization_store.h"

#include "directory/events.h"

namespace zonelink::directory::organization_store {
namespace {

Organization FromRow(const db::Row& row) {
  return {.organization_id = row.Text("organization_id"),
          .uscc = row.Text("uscc"),
          .name_zh = row.Text("name_zh"),
          .name_en = row.Text("name_en"),
          .zone = row.Text("zone")};
}

}  // namespace

constexpr db::Sql kInsert{"organization.insert", R"sql(
  INSERT INTO organization (organization_id, uscc, name_zh, name_en, zone, registered_by,
                            registered_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};

void Insert(db::Tx& tx, const Organization& organization, const std::string& registered_by) {
  tx.Exec(kInsert, organization.organization_id, organization.uscc, organization.name_zh,
          organization.name_en, organization.zone, registered_by, tx.now());
  AppendOrganizationRegistered(tx, organization);
}

constexpr db::Sql kGet{"organization.get", R"sql(
  SELECT organization_id, uscc, name_zh, name_en, zone FROM organization WHERE organization_id = $1
)sql"};

Result<Organization> Get(db::Tx& tx, std::string_view organization_id) {
  const db::Rows rows = tx.Exec(kGet, organization_id);
  if (rows.empty()) return NotFound("ORGANIZATION_NOT_FOUND", "no such organisation");
  return FromRow(rows[0]);
}

constexpr db::Sql kGetByCode{"organization.get_by_code", R"sql(
  SELECT organization_id, uscc, name_zh, name_en, zone FROM organization WHERE uscc = $1
)sql"};

Result<Organization> GetByCode(db::Tx& tx, std::string_view uscc) {
  const db::Rows rows = tx.Exec(kGetByCode, uscc);
  if (rows.empty()) return NotFound("ORGANIZATION_NOT_FOUND", "no such organisation");
  return FromRow(rows[0]);
}

constexpr db::Sql kList{"organization.list", R"sql(
  SELECT organization_id, uscc, name_zh, name_en, zone FROM organization
  WHERE ($1 = '' OR zone = $1) AND ($2 = '' OR uscc = $2) AND uscc > $3
  ORDER BY uscc LIMIT $4
)sql"};

std::vector<Organization> List(db::Tx& tx, const Filter& filter) {
  const db::Rows rows = tx.Exec(kList, filter.zone, filter.uscc, filter.after_uscc, filter.limit);
  std::vector<Organization> organizations;
  for (size_t i = 0; i < rows.size(); ++i) organizations.push_back(FromRow(rows[i]));
  return organizations;
}

}  // namespace zonelink::directory::organization_store
