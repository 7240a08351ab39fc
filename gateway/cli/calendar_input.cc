// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/calendar_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "gateway/cli/json.h"
#include "platform/core/time.h"

namespace zonelink::cli {
namespace {

constexpr std::string_view kHeader = "date,kind,name";

Error Invalid(int line, std::string_view what) {
  return InvalidArgument("INPUT_INVALID", fmt::format("line {}: {}", line, what));
}

// The part of `rest` before `separator`, which is taken off with it.
std::string_view Cut(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

std::string_view CutLine(std::string_view& rest) {
  std::string_view line = Cut(rest, '\n');
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

int YearOf(Date day) { return static_cast<int>(std::chrono::year_month_day{day}.year()); }

}  // namespace

Result<std::string> PublicationBody(std::string_view csv, int year, std::string_view note) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // as spreadsheets write it
  if (csv.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    csv.remove_prefix(kByteOrderMark.size());
  }
  if (CutLine(csv) != kHeader) return Invalid(1, fmt::format("wants {}", kHeader));
  client::JsonWriter days;
  days.Begin('[');
  for (int number = 2; !csv.empty(); ++number) {
    std::string_view line = CutLine(csv);
    if (line.empty()) continue;
    const std::string_view date = Cut(line, ',');
    const std::string_view kind = Cut(line, ',');
    const auto day = ParseDate(date);
    if (!day) return Invalid(number, "date is not a day");
    if (kind != "work" && kind != "rest") return Invalid(number, "kind is neither work nor rest");
    if (line.empty() || line.find(',') != std::string_view::npos) {
      return Invalid(number, "wants date,kind,name");
    }
    if (year == 0) year = YearOf(*day);
    days.Begin('{').Field("date", date).Field("kind", kind == "work" ? "WORK" : "REST");
    days.Field("name", line).End('}');
  }
  if (year == 0) return InvalidArgument("INPUT_INVALID", "the file names no day and no --year");
  client::JsonWriter body;
  body.Begin('{').Key("year").Number(year).Key("days").Raw(days.End(']').Take());
  return body.Field("note", note).End('}').Take();
}

Result<std::string> InstantOf(std::string_view text, bool last) {
  if (const auto day = ParseDate(text)) {
    return FormatTime(EndOfDay(last ? *day : *day - std::chrono::days{1}));
  }
  if (const auto at = ParseTime(text)) return FormatTime(*at);
  return InvalidArgument("INPUT_INVALID", fmt::format("neither a day nor a time: {}", text));
}

}  // namespace zonelink::cli
