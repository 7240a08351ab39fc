// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/calendar_set.h"

namespace zonelink::clocks {
namespace {

std::vector<CalendarYear> National(const CalendarSet::Years& years) {
  const auto found = years.find(kNational);
  return found == years.end() ? std::vector<CalendarYear>() : found->second;
}

}  // namespace

CalendarSet::CalendarSet(int64_t revision, const Years& years)
    : revision_(revision), national_(PublishedCalendar(National(years), {})) {
  for (const auto& [zone, additions] : years) {
    if (zone != kNational) zones_.emplace(zone, PublishedCalendar(National(years), additions));
  }
}

const Calendar& CalendarSet::For(std::string_view calendar) const {
  const auto found = zones_.find(calendar);
  return found == zones_.end() ? national_ : found->second;
}

}  // namespace zonelink::clocks
