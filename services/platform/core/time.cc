// SPDX-License-Identifier: Apache-2.0
#include "platform/core/time.h"

#include <cstdint>

namespace zonelink {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year_month_day;

// Reads exactly `width` digits at `pos`.
std::optional<int> Digits(std::string_view text, size_t pos, size_t width) {
  if (pos + width > text.size()) return std::nullopt;
  int value = 0;
  for (size_t i = pos; i < pos + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<microseconds> ParseFraction(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  int64_t nanos = 0;
  for (size_t i = 0; i < 9; ++i) {
    const char c = i < digits.size() ? digits[i] : '0';
    if (c < '0' || c > '9') return std::nullopt;
    nanos = nanos * 10 + (c - '0');
  }
  return microseconds{nanos / 1000};
}

// Offset east of UTC: "Z", "+08:00", "-05:30".
std::optional<minutes> ParseOffset(std::string_view text) {
  if (text == "Z" || text == "z") return minutes{0};
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hour = Digits(text, 1, 2);
  const auto minute = Digits(text, 4, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const minutes offset = hours{*hour} + minutes{*minute};
  return text[0] == '-' ? -offset : offset;
}

void AppendDigits(std::string& out, int64_t number, size_t width) {
  out.append(width, '0');
  for (size_t at = out.size(); number > 0 && width > 0; number /= 10, --width) {
    out[--at] = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

Date ShanghaiDate(Time at) { return floor<days>(at + kShanghaiOffset); }

Time EndOfDay(Date day) { return Time{day + days{1}} - kShanghaiOffset; }

std::string FormatTime(Time at) {
  const auto whole = floor<seconds>(at);
  const auto day = floor<days>(whole);
  const auto of_day = (whole - day).count();
  const auto micros = (at - whole).count();
  std::string text;
  text.reserve(std::string_view("2026-03-02T08:00:00.000005Z").size());
  text += FormatDate(day);
  AppendDigits(text += 'T', of_day / 3600, 2);
  AppendDigits(text += ':', of_day / 60 % 60, 2);
  AppendDigits(text += ':', of_day % 60, 2);
  if (micros != 0) AppendDigits(text += '.', micros, 6);
  text += 'Z';
  return text;
}

std::optional<Time> ParseTime(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  const auto day = ParseDate(text.substr(0, 10));
  const auto hour = Digits(text, 11, 2);
  const auto minute = Digits(text, 14, 2);
  const auto second = Digits(text, 17, 2);
  if (!day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  microseconds fraction{0};
  size_t pos = 19;
  if (text[pos] == '.') {
    size_t end = pos + 1;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    const auto parsed = ParseFraction(text.substr(pos + 1, end - pos - 1));
    if (!parsed) return std::nullopt;
    fraction = *parsed;
    pos = end;
  }
  const auto offset = ParseOffset(text.substr(pos));
  if (!offset) return std::nullopt;
  const Time at =
      Time{*day} + hours{*hour} + minutes{*minute} + seconds{*second} + fraction - *offset;
  if (at < Time{}) return std::nullopt;
  return at;
}

std::string FormatDate(Date day) {
  const year_month_day ymd{day};
  std::string text;  // ten characters need no allocation
  AppendDigits(text, static_cast<int>(ymd.year()), 4);
  AppendDigits(text += '-', static_cast<unsigned>(ymd.month()), 2);
  AppendDigits(text += '-', static_cast<unsigned>(ymd.day()), 2);
  return text;
}

std::optional<Date> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = Digits(text, 0, 4);
  const auto month = Digits(text, 5, 2);
  const auto day = Digits(text, 8, 2);
  if (!year || !month || !day || *year < 1900) return std::nullopt;
  const year_month_day ymd{std::chrono::year{*year},
                           std::chrono::month(static_cast<unsigned>(*month)),
                           std::chrono::day(static_cast<unsigned>(*day))};
  if (!ymd.ok()) return std::nullopt;
  return Date{ymd};
}

}  // namespace zonelink
