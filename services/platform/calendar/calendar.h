// SPDX-License-Identifier: Apache-2.0
// Working days by the State Council's yearly notices: Monday to Friday, less holidays, plus make-up
// weekends. 行政许可法 §82: periods are counted in working days.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink {

enum class DayKind { kWork, kRest };

// A day that differs from the week's rule.
struct CalendarException {
  Date day;
  DayKind kind = DayKind::kRest;
  std::string name;  // Chinese name of the holiday it belongs to
};

struct SkippedDay {
  Date day;
  std::string why;  // "WEEKEND" or the holiday's name
};

struct WorkingDayAnswer {
  Date due_on;
  bool provisional = false;  // reaches past the last published year
  std::vector<SkippedDay> skipped;
};

// Knows the days from 1 January of the first published year to 2040-12-31. A day outside, or a
// count that leads outside, is a programmer's error and stops the program: compare what came from
// outside with first_day() and last_day(), and a number of days with DaysLeft(), before asking.
class Calendar {
 public:
  // `last_published_year`: days of later years follow the week's rule and are provisional.
  // Exceptions before `first_year` are left out.
  Calendar(std::vector<CalendarException> exceptions, int first_year, int last_published_year);

  bool IsWorkingDay(Date day) const;
  // Working days in (after, until]; 0 if `until` is not later.
  int64_t Count(Date after, Date until) const;
  // Working days after `after` to the end of the calendar: the largest n that Nth takes.
  int64_t DaysLeft(Date after) const { return Count(after, last_day()); }
  // The n-th working day after `after`, n ≥ 1; O(log n).
  Date Nth(Date after, int n) const;
  // The same with the days that do not count.
  WorkingDayAnswer NthWithReasons(Date after, int n) const;
  // `day` is past the last published year.
  bool Provisional(Date day) const;
  Date first_day() const { return first_day_; }
  Date last_day() const;

 private:
  size_t Index(Date day) const;

  std::map<Date, CalendarException> exceptions_;
  Date first_day_;
  int last_published_year_;
  std::vector<int32_t> before_;  // before_[i]: working days in the first i days from first_day_
};

// Reads `date,kind,name_zh,notice_year` rows as shipped in china_days.csv, ordered by date.
// InvalidArgument `CALENDAR_INVALID` with the line.
Result<Calendar> ParseCalendar(std::string_view csv);

// The calendar shipped with this build: the notices of 2007 to 2026.
const Calendar& NationalCalendar();
// The last year of those notices.
int LastShippedYear();

// One year as published after the build was made.
struct CalendarYear {
  int year = 0;
  std::vector<CalendarException> days;  // within the year
};

// The shipped calendar with what was published since: a year of `national` takes the place of all
// that is shipped for that year's days and is no longer provisional; then the days of `additions`,
// a zone's own, win over both. Each year at most once on each side.
Calendar PublishedCalendar(std::span<const CalendarYear> national,
                           std::span<const CalendarYear> additions);

}  // namespace zonelink
