// SPDX-License-Identifier: Apache-2.0
// How a zone stands with its open cases, summed up from groups of like cases. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/calendar/calendar.h"
#include "platform/clocks/calendar_set.h"
#include "platform/core/time.h"

namespace zonelink::worklist {

// Open cases of one zone that are alike.
struct CaseGroup {
  std::string zone;
  std::string state;
  std::string item_id;
  std::string item_name_zh;
  std::string item_name_en;
  std::optional<Date> due_on;  // empty where no clock runs
  int budget_days = 0;
  int cases = 0;
  int asking_others = 0;  // of them
};

struct ItemSum {
  std::string item_id;
  std::string name_zh;
  std::string name_en;
  int open = 0;
  int late = 0;
};

struct ZoneSum {
  int open = 0;
  std::map<std::string, int> by_state;
  int late = 0;
  int at_risk = 0;
  int asking_others = 0;
  std::vector<ItemSum> items;  // most open cases first, at most kTopItems
};
inline constexpr size_t kTopItems = 10;

enum class Standing { kInTime, kAtRisk, kLate };
// Late: the last working day is over. At risk: four fifths of the budget are used up.
Standing StandingOf(const Calendar& calendar, Date due_on, int budget_days, Date today);

// By zone, each by its own calendar.
std::map<std::string, ZoneSum> SumUp(const clocks::CalendarSet& calendars,
                                     const std::vector<CaseGroup>& groups, Date today);

}  // namespace zonelink::worklist
