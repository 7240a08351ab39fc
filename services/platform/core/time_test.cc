// SPDX-License-Identifier: Apache-2.0
#include "platform/core/time.h"

#include <gtest/gtest.h>

namespace zonelink {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::sys_days;

constexpr Date kSecondOfMarch = sys_days{std::chrono::year{2026} / 3 / 2};

TEST(Time, FormatsInUtcWithMicrosecondsWhenNeeded) {
  EXPECT_EQ(FormatTime(Time{kSecondOfMarch} + 8h), "2026-03-02T08:00:00Z");
  EXPECT_EQ(FormatTime(Time{kSecondOfMarch} + 8h + 5us), "2026-03-02T08:00:00.000005Z");
  EXPECT_EQ(FormatTime(Time{}), "1970-01-01T00:00:00Z");
}

TEST(Time, ParsesOffsetsAndFractions) {
  const Time eight = Time{kSecondOfMarch} + 8h;
  EXPECT_EQ(ParseTime("2026-03-02T08:00:00Z"), eight);
  EXPECT_EQ(ParseTime("2026-03-02t08:00:00z"), eight);
  EXPECT_EQ(ParseTime("2026-03-02T16:00:00+08:00"), eight);
  EXPECT_EQ(ParseTime("2026-03-02T02:30:00-05:30"), eight);
  EXPECT_EQ(ParseTime("2026-03-02T08:00:00.5Z"), eight + 500ms);
  EXPECT_EQ(ParseTime("2026-03-02T08:00:00.123456789Z"), eight + 123456us);
}

TEST(Time, RefusesWhatIsNoInstant) {
  for (const char* text : {"",
                           "2026-03-02",
                           "2026-03-02T08:00:00",
                           "2026-03-02 08:00:00Z",
                           "2026-03-02T24:00:00Z",
                           "2026-03-02T08:60:00Z",
                           "2026-03-02T08:00:60Z",
                           "2026-02-29T08:00:00Z",
                           "2026-13-01T08:00:00Z",
                           "2026-03-02T08:00:00.Z",
                           "2026-03-02T08:00:00.1234567890Z",
                           "2026-03-02T08:00:00+8:00",
                           "2026-03-02T08:00:00+24:00",
                           "2026-03-02T08:00:00+08:60",
                           "2026-03-02T08:00:00+0800",
                           "2026-03-02T08:00:00ZZ",
                           "1969-12-31T23:59:59Z",
                           "1970-01-01T00:00:00+00:01",
                           "+026-03-02T08:00:00Z",
                           "2026-03-02T08:00:00,5Z",
                           "2026-03-02T8:000:00Z"}) {
    EXPECT_FALSE(ParseTime(text)) << text;
  }
}

TEST(Time, WhatIsFormattedIsParsedBack) {
  for (Time at{}; at < Time{sys_days{std::chrono::year{9999} / 1 / 1}};
       at += days{3331} + 7h + 13min + 17s + 123457us) {
    EXPECT_EQ(ParseTime(FormatTime(at)), at) << FormatTime(at);
  }
}

TEST(Time, DaysAreShanghais) {
  const Time midnight = Time{kSecondOfMarch} - 8h;
  EXPECT_EQ(ShanghaiDate(midnight), kSecondOfMarch);
  EXPECT_EQ(ShanghaiDate(midnight - 1us), kSecondOfMarch - days{1});
  EXPECT_EQ(EndOfDay(kSecondOfMarch - days{1}), midnight);
  EXPECT_EQ(ShanghaiDate(EndOfDay(kSecondOfMarch) - 1us), kSecondOfMarch);
}

TEST(Date, WhatIsFormattedIsParsedBack) {
  for (Date day = sys_days{std::chrono::year{1900} / 1 / 1};
       day <= sys_days{std::chrono::year{2100} / 12 / 31}; day += days{1}) {
    ASSERT_EQ(ParseDate(FormatDate(day)), day) << FormatDate(day);
  }
  EXPECT_EQ(FormatDate(kSecondOfMarch), "2026-03-02");
}

TEST(Date, RefusesWhatIsNoDay) {
  for (const char* text :
       {"", "2026-3-2", "2026-02-29", "2026-00-10", "2026-01-00", "2026-01-32", "1899-12-31",
        "2026/03/02", "2026-03-02 ", " 2026-03-02", "２026-03-02", "2026-03-0a", "-026-03-02"}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
}

}  // namespace
}  // namespace zonelink
