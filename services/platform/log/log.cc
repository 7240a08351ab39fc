// SPDX-License-Identifier: Apache-2.0
#include "platform/log/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>

#include "platform/core/check.h"
#include "platform/log/json_line.h"

namespace zonelink::log {
namespace {

// Never destroyed: threads may still log while the process leaves.
spdlog::logger& Logger() {
  static spdlog::logger* const logger = [] {
    auto* made = new spdlog::logger("zonelink", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum LevelOf(std::string_view name) {
  if (name == "debug") return spdlog::level::debug;
  if (name.empty() || name == "info") return spdlog::level::info;
  if (name == "warn") return spdlog::level::warn;
  ZL_CHECK(name == "error", "level of the log is debug, info, warn or error");
  return spdlog::level::err;
}

void Write(spdlog::level::level_enum level, std::string_view name, std::string_view message,
           const Fields& fields) {
  if (!Logger().should_log(level)) return;
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  Logger().log(level, spdlog::string_view_t(JsonLine(now, name, message, fields)));
}

}  // namespace

void Setup(std::string_view level) { Logger().set_level(LevelOf(level)); }

void Info(std::string_view message, const Fields& fields) {
  Write(spdlog::level::info, "info", message, fields);
}

void Warn(std::string_view message, const Fields& fields) {
  Write(spdlog::level::warn, "warn", message, fields);
}

void Error(std::string_view message, const Fields& fields) {
  Write(spdlog::level::err, "error", message, fields);
}

}  // namespace zonelink::log
