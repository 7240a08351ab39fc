// SPDX-License-Identifier: Apache-2.0
// How an event looks on standard error.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/time.h"
#include "platform/log/log.h"

namespace zonelink::log {

// One JSON object without line break. Bytes that are not UTF-8 become U+FFFD, control characters
// are escaped, numbers that JSON does not know become null.
std::string JsonLine(Time at, std::string_view level, std::string_view message,
                     const Fields& fields);

}  // namespace zonelink::log
