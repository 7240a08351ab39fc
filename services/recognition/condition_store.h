// SPDX-License-Identifier: Apache-2.0
// Predicates as the database understands them.
#pragma once

#include <string>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/condition.h"

namespace zonelink::recognition::condition_store {

// May the predicate be stored for an item with these attributes? It must parse, pass
// CheckCondition, and give an answer on the sample attributes. Refuses `CONDITION_INVALID`.
Status Check(db::Tx& tx, const std::string& predicate,
             const std::vector<AttributeDefinition>& defined);

}  // namespace zonelink::recognition::condition_store
