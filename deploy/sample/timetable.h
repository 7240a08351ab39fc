// SPDX-License-Identifier: Apache-2.0
// Days and half-days of the sample year. Pure.
#pragma once

#include <cstdint>

#include "deploy/sample/dice.h"
#include "platform/calendar/calendar.h"
#include "platform/core/time.h"

namespace zonelink::sample {

inline constexpr int kDaysInYear = 365;
inline constexpr int kLastSlot = 2 * kDaysInYear - 1;

class Timetable {
 public:
  // `calendar` outlives it.
  Timetable(Date first_day, const Calendar& calendar)
      : first_day_(first_day), calendar_(calendar) {}

  Date first_day() const { return first_day_; }
  Date DayOf(int slot) const { return first_day_ + std::chrono::days{slot / 2}; }
  // A slot on the `workdays`-th working day after that of `slot`; 0: the next chance to act.
  int After(int slot, int workdays, Dice& dice) const;
  // The first slot after the `workdays`-th working day after that of `slot` is over.
  int AfterEnd(int slot, int workdays) const;
  // The first slot after `day` is over.
  int AfterDay(Date day) const;
  // The `workdays`-th working day after that of `slot`.
  Date NthDay(int slot, int workdays) const;

 private:
  const Date first_day_;
  const Calendar& calendar_;
};

// When a slot is: an hour and minute that differ from day to day.
Time TimeOfSlot(int slot, Date first_day, uint64_t seed);

}  // namespace zonelink::sample
