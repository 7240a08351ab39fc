// SPDX-License-Identifier: Apache-2.0
// Tables `calendar_version` and `calendar_day`: years of calendars as published, for everybody to
// read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/calendar_year.h"
#include "platform/db/database.h"

namespace zonelink::directory::calendar_store {

// One is published at a time, until the transaction ends.
void Hold(db::Tx& tx);
// The last national year published, or 0.
int LastNationalYear(db::Tx& tx);
// Gives the next version of its year. Rows and event.
CalendarVersion Insert(db::Tx& tx, CalendarVersion version);

// Grows with everything that is published. NotFound `ZONE_NOT_FOUND`.
Result<int64_t> Publication(db::Tx& tx, std::string_view zone);
// The years that count of one calendar.
std::vector<CalendarYear> Current(db::Tx& tx, std::string_view calendar);

struct Filter {
  std::string calendar;
  int year = 0;         // 0: all
  int before_year = 0;  // 0: from the first
  int before_version = 0;
  int limit = 0;
};
// The latest year and version first.
std::vector<CalendarVersion> List(db::Tx& tx, const Filter& filter);

}  // namespace zonelink::directory::calendar_store
