// SPDX-License-Identifier: Apache-2.0
// The zones that take part: a copy of what the directory's events say.
#pragma once

#include <string>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::recognition::zone_store {

// Applies one event of the directory; those that tell of no zone have no effect.
Status Apply(db::Tx& tx, const events::v1::Event& event);

// NotFound `ZONE_NOT_FOUND` for the first that does not take part.
Status CheckExist(db::Tx& tx, const std::vector<std::string>& zones);

}  // namespace zonelink::recognition::zone_store
