// SPDX-License-Identifier: Apache-2.0
#include "recognition/zone_store.h"

#include <fmt/format.h>

#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::recognition::zone_store {

constexpr db::Sql kPut{"zone.put", R"sql(
  INSERT INTO zones (zone, name_zh, name_en) VALUES ($1, $2, $3)
  ON CONFLICT ON CONSTRAINT zones_pk
  DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en
)sql"};

Status Apply(db::Tx& tx, const events::v1::Event& event) {
  if (event.type() != "zonelink.directory.zone.opened") return Done{};
  events::v1::ZoneOpened opened;
  if (!opened.ParseFromString(event.body())) return Internal("a zone event that cannot be read");
  tx.Exec(kPut, opened.zone(), opened.name_zh(), opened.name_en());
  return Done{};
}

constexpr db::Sql kUnknown{"zone.unknown", R"sql(
  SELECT asked FROM unnest($1::text[]) WITH ORDINALITY AS list (asked, place)
   WHERE NOT EXISTS (SELECT 1 FROM zones WHERE zone = asked)
   ORDER BY place LIMIT 1
)sql"};

Status CheckExist(db::Tx& tx, const std::vector<std::string>& zones) {
  const db::Rows unknown = tx.Exec(kUnknown, zones);
  if (unknown.empty()) return Done{};
  const std::string zone = unknown[0].Text("asked");
  return NotFound("ZONE_NOT_FOUND", fmt::format("no zone {}", zone), {{"zone", zone}});
}

}  // namespace zonelink::recognition::zone_store
