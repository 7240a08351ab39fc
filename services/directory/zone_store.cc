// SPDX-License-Identifier: Apache-2.0
#include "directory/zone_store.h"

#include <fmt/format.h>

#include "directory/events.h"

namespace zonelink::directory::zone_store {
namespace {

std::vector<Zone> FromRows(const db::Rows& rows) {
  std::vector<Zone> zones;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    zones.push_back({.zone_id = row.Text("zone_id"),
                     .name_zh = row.Text("name_zh"),
                     .name_en = row.Text("name_en"),
                     .province_gb = row.Text("province_gb"),
                     .opened_on = row.Day("opened_on"),
                     .batch = static_cast<int>(row.Int("batch"))});
  }
  return zones;
}

}  // namespace

constexpr db::Sql kList{"zone.list", R"sql(
  SELECT zone_id, name_zh, name_en, province_gb, opened_on, batch FROM zone ORDER BY zone_id
)sql"};

std::vector<Zone> List(db::Tx& tx) { return FromRows(tx.Exec(kList)); }

constexpr db::Sql kExists{"zone.exists", "SELECT 1 AS one FROM zone WHERE zone_id = $1"};

Status CheckExists(db::Tx& tx, std::string_view zone) {
  if (!tx.Exec(kExists, zone).empty()) return Done{};
  return NotFound("ZONE_NOT_FOUND", fmt::format("no zone {}", zone));
}

constexpr db::Sql kAnnounceOnce{
    "zone.announce_once",
    "SELECT pg_advisory_xact_lock(hashtextextended('directory.zone.opened', 0))"};

constexpr db::Sql kUnannounced{"zone.unannounced", R"sql(
  SELECT zone_id, name_zh, name_en, province_gb, opened_on, batch FROM zone z
  WHERE NOT EXISTS (SELECT FROM events e WHERE e.subject = 'zones/' || z.zone_id)
  ORDER BY opened_on, zone_id
)sql"};

void Announce(db::Tx& tx) {
  tx.Exec(kAnnounceOnce);
  for (const Zone& zone : FromRows(tx.Exec(kUnannounced))) AppendZoneOpened(tx, zone);
}

}  // namespace zonelink::directory::zone_store
