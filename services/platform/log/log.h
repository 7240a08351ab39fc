// SPDX-License-Identifier: Apache-2.0
// JSON lines on standard error with fixed fields: ts, level, msg, then the event's own. No personal
// data, no bodies.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace zonelink::log {

using Value = std::variant<std::string, int64_t, double, bool>;
using Fields = std::vector<std::pair<std::string_view, Value>>;

// Once, at start. `level` as in the configuration.
void Setup(std::string_view level);
void Info(std::string_view message, const Fields& fields = {});
void Warn(std::string_view message, const Fields& fields = {});
void Error(std::string_view message, const Fields& fields = {});

}  // namespace zonelink::log
