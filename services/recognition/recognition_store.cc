// SPDX-License-Identifier: Apache-2.0
#include "recognition/recognition_store.h"

#include <string_view>
#include <vector>

#include "platform/core/check.h"

namespace zonelink::recognition::recognition_store {

constexpr db::Sql kGet{"recognition.get", R"sql(
  SELECT r.number, r.item_id, i.name_zh, i.name_en, r.home_zone, r.zone, r.valid_from, r.valid_until,
         r.effect, r.scope_activities, r.scope_addresses, r.scope_quantity,
         coalesce(r.event_id::text, '') AS event_id
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
                               row.Text("scope_quantity"), std::nullopt, std::nullopt},
                     .event_id = row.Text("event_id")};
}

constexpr db::Sql kInsert{"recognition.insert", R"sql(
  INSERT INTO recognitions (number, filing_id, zone, organization_id, item_id, item_version,
                            home_zone, valid_from, valid_until, granted_at, event_id)
  SELECT number, filing_id, zone, organization_id, item_id, item_version, home_zone,
         (granted_at AT TIME ZONE 'Asia/Shanghai')::date, valid_until::date, granted_at, event_id
    FROM (SELECT unnest($1::text[]) AS number, unnest($2::text[]) AS filing_id,
                 unnest($3::text[]) AS zone, unnest($4::text[]) AS organization_id,
                 unnest($5::text[]) AS item_id, unnest($6::bigint[]) AS item_version,
                 unnest($7::text[]) AS home_zone, unnest($8::text[]) AS valid_until,
                 unnest($9::timestamptz[]) AS granted_at, unnest($10::uuid[]) AS event_id) AS granted
)sql"};

void Insert(db::Tx& tx, std::span<const Filing* const> filings,
            std::span<const std::string> event_ids) {
  ZL_CHECK(filings.size() == event_ids.size(), "each filing has its event");
  std::vector<std::string_view> numbers, ids, zones, organizations, items, home_zones;
  std::vector<std::string> valid_until;
  std::vector<int64_t> item_versions;
  std::vector<Time> granted_at;
  db::Uuids events;
  for (size_t i = 0; i < filings.size(); ++i) {
    const Filing& filing = *filings[i];
    for (const Decision& decision : filing.decisions) {
      if (decision.recognition_number.empty()) continue;
      numbers.push_back(decision.recognition_number);
      ids.push_back(filing.id.str());
      zones.push_back(decision.zone);
      organizations.push_back(filing.applicant.organization_id);
      items.push_back(filing.item_id);
      item_versions.push_back(filing.item_version);
      home_zones.push_back(filing.home_zone);
      valid_until.push_back(FormatDate(LastDay(filing.scope, filing.credential.valid_until)));
      granted_at.push_back(filing.submitted_at);
      events.texts.push_back(event_ids[i]);
    }
  }
  if (ids.empty()) return;
  tx.Exec(kInsert, numbers, ids, zones, organizations, items, item_versions, home_zones,
          valid_until, granted_at, events);
}

}  // namespace zonelink::recognition::recognition_store
