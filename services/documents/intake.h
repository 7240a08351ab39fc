// SPDX-License-Identifier: Apache-2.0
// recognition's events: which cases refer to which documents, and who is a party to them.
#pragma once

#include <span>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::documents {

// As the relay, in the transaction of the consumer's cursor; what was applied before has no further
// effect.
Status ApplyRecognitionEvents(db::Tx& tx, std::span<const events::v1::Event> events);

}  // namespace zonelink::documents
