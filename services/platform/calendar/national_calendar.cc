// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

Result<Calendar> ParseCalendar(std::string_view csv) {
  if (Cut(csv, '\n') != kHeader) {
    return InvalidArgument("CALENDAR_INVALID", fmt::format("line 1: wants {}", kHeader));
  }
  std::vector<CalendarException> exceptions;
  int first_year = 0;
  int last_year = 0;
  for (int number = 2; !csv.empty(); ++number) {
    auto row = ParseRow(Cut(csv, '\n'), number);
    if (!row) return std::move(row).error();
    if (!exceptions.empty() && row->exception.day <= exceptions.back().day) {
      return InvalidArgument("CALENDAR_INVALID", fmt::format("line {}: out of order", number));
    }
    first_year = exceptions.empty() ? row->notice_year : std::min(first_year, row->notice_year);
    last_year = std::max(last_year, row->notice_year);
    exceptions.push_back(std::move(row->exception));
  }
  if (exceptions.empty()) return InvalidArgument("CALENDAR_INVALID", "line 2: holds no day");
  return Calendar(std::move(exceptions), first_year, last_year);
}

const Calendar& NationalCalendar() {
  static const Calendar calendar = [] {
    auto parsed = ParseCalendar(calendar_data::kFiles[0].contents);
    ZL_CHECK(parsed.has_value(), parsed.error().message.c_str());
    return *std::move(parsed);
  }();
  return calendar;
}

}  // namespace zonelink
