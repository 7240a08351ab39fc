// SPDX-License-Identifier: Apache-2.0
// The officers of the zones and their deputies: a copy of what the directory's events say.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/decision_people.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::recognition::officer_store {

// Applies one event of the directory; those that tell of no user, role or delegation have no
// effect.
Status Apply(db::Tx& tx, const events::v1::Event& event);

// InvalidArgument `OFFICER_UNKNOWN`, also for one who is gone.
Result<Officer> Get(db::Tx& tx, const std::string& user_id);
// All of a zone that are there.
std::vector<Officer> UnitOf(db::Tx& tx, const std::string& zone);
// Of those that are known, also of who is gone.
std::map<std::string, std::string> Names(db::Tx& tx, const std::vector<std::string>& user_ids);
// In whose place `deputy` may act at `now` on the zone's cases.
std::vector<Lent> LentTo(db::Tx& tx, const std::string& deputy, const std::string& zone, Time now);

}  // namespace zonelink::recognition::officer_store
