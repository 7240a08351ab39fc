// SPDX-License-Identifier: Apache-2.0
#include "recognition/mandate_store.h"

#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::recognition::mandate_store {

constexpr db::Sql kPut{"mandate.put", R"sql(
  INSERT INTO mandates (mandate_id, principal_id, principal_uscc, principal_name, agent_id, item_ids,
                        acts, valid_from, valid_until, active)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::date, $9::date, $10)
  ON CONFLICT ON CONSTRAINT mandates_pk DO UPDATE SET active = mandates.active AND excluded.active
)sql"};

Status Apply(db::Tx& tx, const events::v1::Event& event) {
  if (!event.type().starts_with("zonelink.directory.mandate.")) return Done{};
  events::v1::MandateChanged mandate;
  if (!mandate.ParseFromString(event.body())) return Internal("a mandate that cannot be read");
  const std::vector<std::string> items(mandate.item_ids().begin(), mandate.item_ids().end());
  const std::vector<std::string> acts(mandate.acts().begin(), mandate.acts().end());
  tx.Exec(kPut, mandate.mandate_id(), mandate.principal_organization_id(), mandate.principal_uscc(),
          mandate.principal_name(), mandate.agent_organization_id(), items, acts,
          mandate.valid_from(), mandate.valid_until(), mandate.state() == "ACTIVE");
  return Done{};
}

constexpr db::Sql kFind{"mandate.find", R"sql(
  SELECT mandate_id, principal_id, principal_uscc, principal_name
    FROM mandates
   WHERE agent_id = $2 AND principal_uscc = $1 AND active AND $4 = ANY (acts)
     AND (item_ids = '{}' OR $3 = ANY (item_ids)) AND $5::date BETWEEN valid_from AND valid_until
   ORDER BY mandate_id LIMIT 1
)sql"};

std::optional<Found> Find(db::Tx& tx, const Wanted& wanted) {
  const db::Rows rows = tx.Exec(kFind, wanted.principal_uscc, wanted.agent_organization_id,
                                wanted.item_id, wanted.act, wanted.today);
  if (rows.empty()) return std::nullopt;
  const db::Row row = rows[0];
  return Found{{row.Text("principal_id"), row.Text("principal_uscc"), row.Text("principal_name")},
               {wanted.agent_organization_id, row.Text("mandate_id")}};
}

constexpr db::Sql kCovers{"mandate.covers", R"sql(
  SELECT 1 AS one FROM mandates m
   WHERE agent_id = $1 AND principal_id = $2 AND active AND $5::date BETWEEN valid_from AND valid_until
     AND ($4 = '' OR $4 = ANY (acts))
     AND (item_ids = '{}' OR EXISTS (
           SELECT 1 FROM filings f WHERE f.filing_id = $3 AND f.item_id = ANY (m.item_ids)))
   LIMIT 1
)sql"};

bool Covers(db::Tx& tx, const Part& part) {
  return !tx.Exec(kCovers, part.agent, part.principal, part.filing_id, part.act,
                  ShanghaiDate(tx.now()))
              .empty();
}

}  // namespace zonelink::recognition::mandate_store
