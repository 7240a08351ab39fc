// SPDX-License-Identifier: Apache-2.0
// Tables `zone` and `events` (which zones have been announced).
#pragma once

#include <string_view>
#include <vector>

#include "directory/domain/account.h"
#include "platform/db/database.h"

namespace zonelink::directory::zone_store {

// By id.
std::vector<Zone> List(db::Tx& tx);
// NotFound `ZONE_NOT_FOUND`.
Status CheckExists(db::Tx& tx, std::string_view zone);
// Appends zone.opened for each zone that has none yet; of several processes one does it.
void Announce(db::Tx& tx);

}  // namespace zonelink::directory::zone_store
