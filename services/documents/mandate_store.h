// SPDX-License-Identifier: Apache-2.0
// Mandates 委托代理: a copy of what the directory's events say. The policies ask it.
#pragma once

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::documents::mandate_store {

// Applies one event of the directory; those that tell of no mandate have no effect.
Status Apply(db::Tx& tx, const events::v1::Event& event);

}  // namespace zonelink::documents::mandate_store
