// SPDX-License-Identifier: Apache-2.0
// The catalogue's rows.
#pragma once

#include <string>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/filing.h"
#include "recognition/domain/item.h"

namespace zonelink::recognition::item_store {

// With its event. An item of that name violates items_pk.
Item Insert(db::Tx& tx, Item item, const Actor& by);

// The newest version. NotFound `ITEM_NOT_FOUND`.
Result<Item> Get(db::Tx& tx, const std::string& item_id);

// A version that a filing pins. NotFound `ITEM_NOT_FOUND`.
Result<Item> GetVersion(db::Tx& tx, const std::string& item_id, int version);
// The newest version; whoever revises the item waits until the end of the transaction.
Result<Item> Lock(db::Tx& tx, const std::string& item_id);
// Newest first, older than `before`, at most `limit`.
std::vector<Item> Versions(db::Tx& tx, const std::string& item_id, int before, int limit);

// Newest versions by id, after `after_id`, at most `limit`.
std::vector<Item> List(db::Tx& tx, const std::string& after_id, int limit);

// The newest version, the zones that do not exist and the routes in force on `today`, in one
// statement. NotFound `ITEM_NOT_FOUND`.
Result<Coverage> GetCoverage(db::Tx& tx, const std::string& item_id, const std::string& home_zone,
                             const std::vector<std::string>& target_zones, Date today);

}  // namespace zonelink::recognition::item_store
