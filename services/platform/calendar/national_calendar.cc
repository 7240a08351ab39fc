// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "platform/calendar/calendar.h"
#include "platform/calendar/china_days.h"
#include "platform/core/check.h"
#include "platform/core/text.h"

namespace zonelink {
namespace {

constexpr std::string_view kHeader = "date,kind,name_zh,notice_year";

struct Row {
  CalendarException exception;
  int notice_year = 0;
};

// What a file holds.
struct Notices {
  std::vector<CalendarException> days;  // in order
  int first_year = 0;
  int last_year = 0;
};

// The part of `rest` before `separator`, which is taken off with it.
std::string_view Cut(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

Result<Row> ParseRow(std::string_view line, int number) {
  const auto invalid = [&](std::string_view what) {
    return InvalidArgument("CALENDAR_INVALID", fmt::format("line {}: {}", number, what));
  };
  if (std::count(line.begin(), line.end(), ',') != 3) return invalid("wants four columns");
  const auto day = ParseDate(Cut(line, ','));
  const auto kind = Cut(line, ',');
  const auto name = Cut(line, ',');
  // A year is read as the first day of that year: four digits, from 1900 on.
  const auto notice = ParseDate(fmt::format("{}-01-01", line));
  if (!day) return invalid("date is not a day");
  if (kind != "work" && kind != "rest") return invalid("kind is neither work nor rest");
  if (name.empty() || TextFault(name, /*multiline=*/false)) return invalid("name is not clean");
  if (!notice) return invalid("notice_year is not a year");
  const auto kind_of_day = kind == "work" ? DayKind::kWork : DayKind::kRest;
  const int year = static_cast<int>(std::chrono::year_month_day{*notice}.year());
  return Row{{*day, kind_of_day, std::string(name)}, year};
}

Result<Notices> ParseNotices(std::string_view csv) {
  if (Cut(csv, '\n') != kHeader) {
    return InvalidArgument("CALENDAR_INVALID", fmt::format("line 1: wants {}", kHeader));
  }
  Notices notices;
  for (int number = 2; !csv.empty(); ++number) {
    auto row = ParseRow(Cut(csv, '\n'), number);
    if (!row) return std::move(row).error();
    if (!notices.days.empty() && row->exception.day <= notices.days.back().day) {
      return InvalidArgument("CALENDAR_INVALID", fmt::format("line {}: out of order", number));
    }
    notices.first_year =
        notices.days.empty() ? row->notice_year : std::min(notices.first_year, row->notice_year);
    notices.last_year = std::max(notices.last_year, row->notice_year);
    notices.days.push_back(std::move(row->exception));
  }
  if (notices.days.empty()) return InvalidArgument("CALENDAR_INVALID", "line 2: holds no day");
  return notices;
}

const Notices& Shipped() {
  static const Notices notices = [] {
    auto parsed = ParseNotices(calendar_data::kFiles[0].contents);
    ZL_CHECK(parsed.has_value(), parsed.error().message.c_str());
    return *std::move(parsed);
  }();
  return notices;
}

int YearOf(Date day) { return static_cast<int>(std::chrono::year_month_day{day}.year()); }

}  // namespace

Result<Calendar> ParseCalendar(std::string_view csv) {
  return ParseNotices(csv).transform([](Notices&& notices) {
    return Calendar(std::move(notices.days), notices.first_year, notices.last_year);
  });
}

const Calendar& NationalCalendar() {
  static const Calendar calendar = PublishedCalendar({}, {});
  return calendar;
}

int LastShippedYear() { return Shipped().last_year; }

Calendar PublishedCalendar(std::span<const CalendarYear> national,
                           std::span<const CalendarYear> additions) {
  const Notices& shipped = Shipped();
  std::set<int> replaced;
  for (const CalendarYear& year : national) replaced.insert(year.year);
  std::vector<CalendarException> days;
  for (const CalendarException& day : shipped.days) {
    if (replaced.count(YearOf(day.day)) == 0) days.push_back(day);
  }
  // Of two exceptions for a day the later in the list counts.
  for (const auto& years : {national, additions}) {
    for (const CalendarYear& year : years) {
      days.insert(days.end(), year.days.begin(), year.days.end());
    }
  }
  const int last =
      replaced.empty() ? shipped.last_year : std::max(shipped.last_year, *replaced.rbegin());
  return Calendar(std::move(days), shipped.first_year, last);
}

}  // namespace zonelink
