// SPDX-License-Identifier: Apache-2.0
#include "platform/log/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <thread>

#include "platform/log/json_line.h"

namespace zonelink::log {
namespace {

std::string Line(std::string_view message, const Fields& fields = {}) {
  return JsonLine(*ParseTime("2026-03-02T08:00:00.000005Z"), "info", message, fields);
}

constexpr char kStart[] = R"({"ts":"2026-03-02T08:00:00.000005Z","level":"info","msg":)";

TEST(JsonLine, HasFixedFieldsThenTheEventsOwn) {
  EXPECT_EQ(Line("rpc", {{"code", std::string("OK")},
                         {"ms", int64_t{-3}},
                         {"share", 0.25},
                         {"replayed", true},
                         {"late", false}}),
            std::string(kStart) +
                R"("rpc","code":"OK","ms":-3,"share":0.25,"replayed":true,"late":false})");
}

TEST(JsonLine, EscapesWhatWouldBreakTheLineOrTheTerminal) {
  EXPECT_EQ(Line("a\"b\\c\nd\re\tf"), std::string(kStart) + R"("a\"b\\c\nd\re\tf"})");
  EXPECT_EQ(Line(std::string("\0\x1b\x7f", 3)), std::string(kStart) + R"("\u0000\u001b\u007f"})");
  EXPECT_EQ(Line("\"\\plain\""), std::string(kStart) + R"("\"\\plain\""})");
  EXPECT_EQ(Line("\u009b"), std::string(kStart) + R"("\u009b"})");
  EXPECT_EQ(Line("自贸 🚢"), std::string(kStart) + "\"自贸 🚢\"}");
  EXPECT_EQ(Line("m", {{"a\"b", std::string("x")}}), std::string(kStart) + R"("m","a\"b":"x"})");
}

TEST(JsonLine, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(Line("a\xff\x62"), std::string(kStart) + "\"a\ufffdb\"}");
  EXPECT_EQ(Line("\xed\xa0\x80"), std::string(kStart) + "\"\ufffd\ufffd\ufffd\"}");
  EXPECT_EQ(Line("\xe4\xb8"), std::string(kStart) + "\"\ufffd\ufffd\"}");
}

TEST(JsonLine, NumbersJsonDoesNotKnowAreNull) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Line("m", {{"a", kInfinity}, {"b", -kInfinity}, {"c", kInfinity - kInfinity}}),
            std::string(kStart) + R"("m","a":null,"b":null,"c":null})");
}

TEST(Log, WritesOnlyFromItsLevelOn) {
  log::Setup("warn");
  testing::internal::CaptureStderr();
  Info("quiet");
  Warn("loud");
  Error("louder");
  const std::string written = testing::internal::GetCapturedStderr();
  log::Setup("info");
  EXPECT_EQ(written.find("quiet"), std::string::npos);
  EXPECT_NE(written.find(R"("level":"warn","msg":"loud")"), std::string::npos);
  EXPECT_NE(written.find(R"("level":"error","msg":"louder")"), std::string::npos);
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 2);
}

TEST(Log, DoesNotTakeAMessageForAPattern) {
  testing::internal::CaptureStderr();
  Info("{} %v %s {0}");
  EXPECT_NE(testing::internal::GetCapturedStderr().find("{} %v %s {0}"), std::string::npos);
}

TEST(Log, LinesOfManyThreadsStayWhole) {
  constexpr int kThreads = 4;
  constexpr int64_t kLines = 250;
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([] {
      for (int64_t line = 0; line < kLines; ++line) Info(std::string(100, 'x'), {{"line", line}});
    });
  }
  for (auto& thread : threads) thread.join();
  std::istringstream written(testing::internal::GetCapturedStderr());
  int count = 0;
  for (std::string line; std::getline(written, line); ++count) {
    EXPECT_EQ(line.rfind("{\"ts\":\"", 0), 0u) << line;
    EXPECT_EQ(line.back(), '}') << line;
    EXPECT_EQ(std::count(line.begin(), line.end(), 'x'), 100) << line;
  }
  EXPECT_EQ(count, kThreads * kLines);
}

}  // namespace
}  // namespace zonelink::log
