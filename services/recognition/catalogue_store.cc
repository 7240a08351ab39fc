// SPDX-License-Identifier: Apache-2.0
#include "recognition/catalogue_store.h"

#include <limits>

#include "recognition/item_store.h"

namespace zonelink::recognition::catalogue_store {

constexpr db::Sql kVersion{"catalogue.version", "SELECT version FROM catalogue_version"};

Version::Version(db::Tx& tx) : rows_(tx.Exec(kVersion)) {}

constexpr db::Sql kZones{"catalogue.zones", "SELECT zone FROM zones"};

constexpr db::Sql kRoutes{"catalogue.routes", R"sql(
  SELECT agreement_id, item_id, home_zone, target_zone, mode, valid_from, valid_until,
         condition <> '' AS conditional
    FROM agreement_routes WHERE in_force
)sql"};

constexpr db::Sql kPeriods{"catalogue.periods", R"sql(
  SELECT item_id, list, first_day, last_day FROM negative_list_periods WHERE first_day <= last_day
)sql"};

Catalogue Load(db::Tx& tx) {
  std::vector<std::string> zones;
  const db::Rows zone_rows = tx.Exec(kZones);
  for (size_t i = 0; i < zone_rows.size(); ++i) zones.push_back(zone_rows[i].Text("zone"));
  std::vector<DatedRoute> routes;
  const db::Rows route_rows = tx.Exec(kRoutes);
  for (size_t i = 0; i < route_rows.size(); ++i) {
    const db::Row row = route_rows[i];
    routes.push_back({row.Text("item_id"),
                      {AgreementId(row.Text("agreement_id")), row.Text("home_zone"),
                       row.Text("target_zone"), ModeNamed(row.Text("mode"))},
                      row.Day("valid_from"),
                      row.Day("valid_until"),
                      row.Bool("conditional")});
  }
  std::vector<ListPeriod> periods;
  const db::Rows period_rows = tx.Exec(kPeriods);
  for (size_t i = 0; i < period_rows.size(); ++i) {
    const db::Row row = period_rows[i];
    periods.push_back(
        {row.Text("item_id"), row.Text("list"), row.Day("first_day"), row.Day("last_day")});
  }
  constexpr int kAll = std::numeric_limits<int>::max();
  return {item_store::List(tx, "", kAll), std::move(zones), std::move(routes), std::move(periods)};
}

}  // namespace zonelink::recognition::catalogue_store
