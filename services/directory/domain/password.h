// SPDX-License-Identifier: Apache-2.0
// Password policy after NIST SP 800-63B: length counts, composition rules do not; what attackers
// try first is refused.
#pragma once

#include <string_view>

#include "platform/core/result.h"

namespace zonelink::directory {

inline constexpr size_t kShortestPassword = 8;

// InvalidArgument `PASSWORD_WEAK`: shorter than eight characters, among the common ones, a plain
// run or repetition, or containing the login name.
Status CheckPassword(std::string_view password, std::string_view username);

}  // namespace zonelink::directory
