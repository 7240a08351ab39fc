// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/timetable.h"

#include <algorithm>

namespace zonelink::sample {

using std::chrono::days;

Date Timetable::NthDay(int slot, int workdays) const {
  return calendar_.Nth(DayOf(slot), workdays);
}

int Timetable::After(int slot, int workdays, Dice& dice) const {
  if (workdays == 0 && slot % 2 == 0 && calendar_.IsWorkingDay(DayOf(slot))) return slot + 1;
  const Date acted = NthDay(slot, std::max(1, workdays));
  return 2 * static_cast<int>((acted - first_day_).count()) + dice.Between(0, 1);
}

int Timetable::AfterDay(Date day) const {
  return 2 * (static_cast<int>((day - first_day_).count()) + 1);
}

int Timetable::AfterEnd(int slot, int workdays) const { return AfterDay(NthDay(slot, workdays)); }

Time TimeOfSlot(int slot, Date first_day, uint64_t seed) {
  Dice dice(seed, "slot", static_cast<uint64_t>(slot));
  const int minute = slot % 2 == 0 ? dice.Between(9 * 60 + 5, 11 * 60 + 30)
                                   : dice.Between(13 * 60 + 35, 16 * 60 + 50);
  return Time{first_day + days{slot / 2}} - kShanghaiOffset + std::chrono::minutes{minute};
}

}  // namespace zonelink::sample
