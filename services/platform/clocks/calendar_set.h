// SPDX-License-Identifier: Apache-2.0
// All calendars of a deployment at one moment. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/calendar/calendar.h"

namespace zonelink::clocks {

inline constexpr std::string_view kNational = "national";

class CalendarSet {
 public:
  // Published years by calendar: `national`, or the zone whose additions they are.
  using Years = std::map<std::string, std::vector<CalendarYear>, std::less<>>;

  // `revision`: of the newest publication among them; 0 for none.
  CalendarSet(int64_t revision, const Years& years);

  // A zone without additions has the national calendar.
  const Calendar& For(std::string_view calendar) const;
  int64_t revision() const { return revision_; }

 private:
  int64_t revision_;
  Calendar national_;
  std::map<std::string, Calendar, std::less<>> zones_;  // with additions
};

}  // namespace zonelink::clocks
