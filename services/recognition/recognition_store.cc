// SPDX-License-Identifier: Apache-2.0
#include "recognition/recognition_store.h"

namespace zonelink::recognition::recognition_store {

constexpr db::Sql kGet{"recognition.get", R"sql(
  SELECT r.number, r.item_id, i.name_zh, i.name_en, r.home_zone, r.zone, r.valid_from, r.valid_until,
         r.effect, r.scope_activities, r.scope_addresses, r.scope_quantity
    FROM recognitions r JOIN items i ON i.item_id = r.item_id AND i.version = r.item_version
   WHERE r.number = $1
)sql"};

Result<Recognition> Get(db::Tx& tx, const std::string& number) {
  const db::Rows rows = tx.Exec(kGet, number);
  if (rows.empty()) return NotFound("RECOGNITION_NOT_FOUND", "no recognition has this number");
  const db::Row row = rows[0];
  return Recognition{.number = row.Text("number"),
                     .item_id = row.Text("item_id"),
                     .item_name_zh = row.Text("name_zh"),
                     .item_name_en = row.Text("name_en"),
                     .home_zone = row.Text("home_zone"),
                     .zone = row.Text("zone"),
                     .valid_from = row.Day("valid_from"),
                     .valid_until = row.Day("valid_until"),
                     .effect = row.Text("effect"),
                     .scope = {row.Texts("scope_activities"), row.Texts("scope_addresses"),
                               row.Text("scope_quantity"), std::nullopt, std::nullopt}};
}

}  // namespace zonelink::recognition::recognition_store
