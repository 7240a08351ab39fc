// SPDX-License-Identifier: Apache-2.0
#include "documents/mandate_store.h"

#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::documents::mandate_store {

constexpr db::Sql kPut{"mandates.put", R"sql(
INSERT INTO mandates (mandate_id, principal_id, agent_id, valid_from, valid_until, active)
VALUES ($1, $2, $3, $4::date, $5::date, $6)
ON CONFLICT ON CONSTRAINT mandates_pk DO UPDATE SET active = mandates.active AND excluded.active)sql"};

Status Apply(db::Tx& tx, const events::v1::Event& event) {
  if (!event.type().starts_with("zonelink.directory.mandate.")) return Done{};
  events::v1::MandateChanged mandate;
  if (!mandate.ParseFromString(event.body())) return Internal("a mandate that cannot be read");
  tx.Exec(kPut, mandate.mandate_id(), mandate.principal_organization_id(),
          mandate.agent_organization_id(), mandate.valid_from(), mandate.valid_until(),
          mandate.state() == "ACTIVE");
  return Done{};
}

}  // namespace zonelink::documents::mandate_store
