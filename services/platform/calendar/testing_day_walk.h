// SPDX-License-Identifier: Apache-2.0
// For tests: what the shipped file says about a day, read without the code under test.
#pragma once

#include <map>

#include "platform/calendar/china_days.h"
#include "platform/core/time.h"

namespace zonelink {

class DayWalk {
 public:
  DayWalk() {
    const std::string_view csv = calendar_data::kFiles[0].contents;
    for (size_t at = csv.find('\n') + 1; at < csv.size(); at = csv.find('\n', at) + 1) {
      works_[*ParseDate(csv.substr(at, 10))] = csv.substr(at + 11, 4) == "work";
    }
  }

  bool Works(Date day) const {
    const auto found = works_.find(day);
    if (found != works_.end()) return found->second;
    const auto weekday = std::chrono::weekday{day};
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
  }

 private:
  std::map<Date, bool> works_;
};

}  // namespace zonelink
