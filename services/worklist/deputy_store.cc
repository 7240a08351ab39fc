// SPDX-License-Identifier: Apache-2.0
#include "worklist/deputy_store.h"

#include <google/protobuf/util/time_util.h>

#include <string>
#include <vector>

namespace zonelink::worklist {
namespace {

Time ToTime(const google::protobuf::Timestamp& at) {
  return Time(
      std::chrono::microseconds(google::protobuf::util::TimeUtil::TimestampToMicroseconds(at)));
}

}  // namespace

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
