// SPDX-License-Identifier: Apache-2.0
#include "worklist/deputy_store.h"

#include <string>
#include <vector>

#include "platform/rpc/timestamp.h"

namespace zonelink::worklist {

constexpr db::Sql kPutDeputy{"deputy.put", R"sql(
INSERT INTO officer_deputies (delegation_id, user_id, zone, deputy_user_id, roles, from_at, until_at, active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT ON CONSTRAINT officer_deputies_pk
  DO UPDATE SET active = officer_deputies.active AND excluded.active)sql"};

void PutDeputy(db::Tx& tx, const events::v1::DelegationChanged& delegation) {
  const std::vector<std::string> roles(delegation.roles().begin(), delegation.roles().end());
  tx.Exec(kPutDeputy, delegation.delegation_id(), delegation.user_id(), delegation.zone(),
          delegation.deputy_user_id(), roles, ToTime(delegation.from()), ToTime(delegation.until()),
          delegation.state() == "ACTIVE");
}

}  // namespace zonelink::worklist
