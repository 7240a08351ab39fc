// SPDX-License-Identifier: Apache-2.0
// Applies recognition's events to inbox and feed.
#pragma once

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::worklist {

// Takes effect once per event id, however often it is called. Events of other types have none.
Status ApplyRecognitionEvent(db::Tx& tx, const events::v1::Event& event);

}  // namespace zonelink::worklist
