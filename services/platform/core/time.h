// SPDX-License-Identifier: Apache-2.0
// Instants and calendar days. Instants are UTC; days are those of Asia/Shanghai (UTC+8 without
// daylight saving since 1991-09-15, which covers every year the calendar knows).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace zonelink {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Date = std::chrono::sys_days;

inline constexpr std::chrono::hours kShanghaiOffset{8};

// The day in Shanghai on which `at` falls.
Date ShanghaiDate(Time at);
// 24:00 Shanghai of `day`: the instant at which the day is over.
Time EndOfDay(Date day);

// RFC 3339 in UTC with microseconds when they are not zero, for example 2026-03-02T08:00:00Z.
std::string FormatTime(Time at);
// Accepts any RFC 3339 offset and up to nine fraction digits; years 1970 to 9999.
std::optional<Time> ParseTime(std::string_view text);

// ISO 8601, for example 2026-03-02.
std::string FormatDate(Date day);
// Exactly YYYY-MM-DD and a day that exists; years 1900 to 9999.
std::optional<Date> ParseDate(std::string_view text);

}  // namespace zonelink
