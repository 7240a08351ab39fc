// SPDX-License-Identifier: Apache-2.0
#include "platform/calendar/calendar.h"

#include <algorithm>

#include "platform/core/check.h"

namespace zonelink {
namespace {

using std::chrono::days;
using std::chrono::weekday;
using std::chrono::year;

constexpr Date kLastDay = std::chrono::sys_days{year{2040} / 12 / 31};

bool IsWeekend(Date day) { return weekday{day}.iso_encoding() >= 6; }

int YearOf(Date day) { return static_cast<int>(std::chrono::year_month_day{day}.year()); }

}  // namespace

Calendar::Calendar(std::vector<CalendarException> exceptions, int first_year,
                   int last_published_year)
    : first_day_(year{first_year} / 1 / 1), last_published_year_(last_published_year) {
  ZL_CHECK(first_year <= last_published_year && first_day_ < kLastDay, "a calendar needs years");
  for (auto& exception : exceptions) {
    if (exception.day < first_day_) continue;
    exceptions_.insert_or_assign(exception.day, std::move(exception));
  }
  before_.reserve(static_cast<size_t>((kLastDay - first_day_).count()) + 2);
  before_.push_back(0);
  for (Date day = first_day_; day <= kLastDay; day += days{1}) {
    const auto found = exceptions_.find(day);
    const bool works =
        found == exceptions_.end() ? !IsWeekend(day) : found->second.kind == DayKind::kWork;
    before_.push_back(before_.back() + (works ? 1 : 0));
  }
}

size_t Calendar::Index(Date day) const {
  ZL_CHECK(day >= first_day_ && day <= kLastDay, "a day outside the calendar");
  return static_cast<size_t>((day - first_day_).count());
}

bool Calendar::IsWorkingDay(Date day) const {
  const size_t i = Index(day);
  return before_[i + 1] > before_[i];
}

int64_t Calendar::Count(Date after, Date until) const {
  const size_t from = Index(after);
  const size_t to = Index(until);
  return to <= from ? 0 : before_[to + 1] - before_[from + 1];
}

Date Calendar::Nth(Date after, int n) const {
  ZL_CHECK(n >= 1 && n <= DaysLeft(after), "a count that leads outside the calendar");
  const auto past = before_.begin() + static_cast<std::ptrdiff_t>(Index(after) + 1);
  const auto found = std::lower_bound(past, before_.end(), *past + n);
  return first_day_ + days{found - before_.begin() - 1};
}

WorkingDayAnswer Calendar::NthWithReasons(Date after, int n) const {
  WorkingDayAnswer answer;
  answer.due_on = Nth(after, n);
  answer.provisional = Provisional(answer.due_on);
  for (Date day = after + days{1}; day < answer.due_on; day += days{1}) {
    if (IsWorkingDay(day)) continue;
    const auto found = exceptions_.find(day);
    answer.skipped.push_back({day, found == exceptions_.end() ? "WEEKEND" : found->second.name});
  }
  return answer;
}

bool Calendar::Provisional(Date day) const { return YearOf(day) > last_published_year_; }

Date Calendar::last_day() const { return kLastDay; }

}  // namespace zonelink
