// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/calendar_year.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/core/check.h"

namespace zonelink::directory {
namespace {

using std::chrono::year_month_day;

int YearOf(Date day) { return static_cast<int>(year_month_day{day}.year()); }

Status CheckNumber(int year, int first, int last) {
  if (year >= first && year <= last) return Done{};
  return InvalidArgument("CALENDAR_YEAR",
                         fmt::format("years from {} to {} can be published", first, last),
                         {{"first", std::to_string(first)}, {"last", std::to_string(last)}});
}

Error BadDay(const char* reason, Date day) {
  return InvalidArgument(reason, fmt::format("the day {}", FormatDate(day)),
                         {{"date", FormatDate(day)}});
}

}  // namespace

std::string_view Name(DayKind kind) {
  switch (kind) {
    case DayKind::kWork: return "WORK";
    case DayKind::kRest: return "REST";
  }
  return "";
}

DayKind DayKindNamed(std::string_view name) {
  ZL_CHECK(name == "WORK" || name == "REST", "a day's kind by its name");
  return name == "WORK" ? DayKind::kWork : DayKind::kRest;
}

Result<CalendarYear> CheckYear(std::string_view calendar, CalendarYear year, int last_national) {
  const int end = YearOf(NationalCalendar().last_day());
  const bool national = calendar == kNational;
  const int last = national ? std::min(last_national + 1, end) : end;
  if (const Status fit = CheckNumber(year.year, LastShippedYear(), last); !fit) return fit.error();
  if (national && year.days.empty()) {
    return InvalidArgument("CALENDAR_EMPTY", "every year has holidays");
  }
  std::sort(year.days.begin(), year.days.end(),
            [](const auto& a, const auto& b) { return a.day < b.day; });
  const CalendarException* before = nullptr;
  for (const CalendarException& day : year.days) {
    if (YearOf(day.day) != year.year) return BadDay("CALENDAR_DAY_YEAR", day.day);
    if (before != nullptr && before->day == day.day) {
      return BadDay("CALENDAR_DAY_REPEATED", day.day);
    }
    const bool weekend = std::chrono::weekday{day.day}.iso_encoding() >= 6;
    if (day.kind == DayKind::kWork && !weekend) return BadDay("CALENDAR_DAY_WORK", day.day);
    before = &day;
  }
  return year;
}

}  // namespace zonelink::directory
