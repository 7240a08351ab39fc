// SPDX-License-Identifier: Apache-2.0
// This schema's copy of what the directory publishes of calendars.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "platform/clocks/calendar_set.h"
#include "platform/db/database.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::clocks::calendar_store {

// In the consumer of the directory's events, for `zonelink.directory.calendar.published`. An older
// version than the one held changes nothing. InvalidArgument `CALENDAR_INVALID`.
Status Apply(db::Tx& tx, const events::v1::CalendarPublished& published);

// Of the newest publication; 0 for none.
int64_t Revision(db::Tx& tx);
std::shared_ptr<const CalendarSet> Load(db::Tx& tx);

// A publication by which not all clocks are known to be told yet.
struct Unsettled {
  int64_t revision = 0;
  std::string calendar;  // `national` concerns all
  std::chrono::seconds age{0};
};
// Oldest first.
std::vector<Unsettled> AllUnsettled(db::Tx& tx);
void Settle(db::Tx& tx, int64_t revision);

}  // namespace zonelink::clocks::calendar_store
