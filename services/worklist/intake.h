// SPDX-License-Identifier: Apache-2.0
// Applies recognition's events to inbox and feed.
#pragma once

#include <span>

#include "platform/clocks/calendar_set.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::worklist {

// Applies events in their order, with a few statements for all of them. Takes effect once per event
// id, however often it comes. Events of other types have none. The transaction must be the only one
// that applies: it holds the consumer's cursor.
Status ApplyRecognitionEvents(db::Tx& tx, std::span<const events::v1::Event> events,
                              const clocks::CalendarSet& calendars);

}  // namespace zonelink::worklist
