// SPDX-License-Identifier: Apache-2.0
// What may be published as one year of a calendar.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/calendar/calendar.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::directory {

inline constexpr std::string_view kNational = "national";

std::string_view Name(DayKind kind);          // as stored, for example "REST"
DayKind DayKindNamed(std::string_view name);  // crashes on any other name

// One version of one year, as published.
struct CalendarVersion {
  std::string calendar;  // "national", or a zone's id
  CalendarYear year;     // days in order
  int version = 1;
  std::string note;
  std::string published_by;
  Time published_at;
};

// Puts the days in order and checks them. `last_national`: the last national year that is shipped
// or published. The last shipped year may still be corrected, earlier ones stay. InvalidArgument
// `CALENDAR_YEAR`, `CALENDAR_EMPTY`, `CALENDAR_DAY_YEAR`, `CALENDAR_DAY_REPEATED`,
// `CALENDAR_DAY_WORK`.
Result<CalendarYear> CheckYear(std::string_view calendar, CalendarYear year, int last_national);

}  // namespace zonelink::directory
