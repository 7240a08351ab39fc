// SPDX-License-Identifier: Apache-2.0
// Why a recognition is refused, in words that are the same in all zones: one table, so that
// refusals can be compared. The article and the facts of the case stand beside the code.
#pragma once

#include <span>
#include <string_view>

namespace zonelink::recognition {

struct RefusalReason {
  std::string_view code;
  std::string_view zh;
  std::string_view en;
  std::string_view basis;   // article that names the ground; empty: none does
  bool unverified = false;  // a default of the project: no statute that was read backs it
};

// Refusals that name no code have this one.
inline constexpr std::string_view kOtherRefusal = "OTHER";

// Codes are only added.
std::span<const RefusalReason> RefusalReasons();
bool IsRefusalCode(std::string_view code);

}  // namespace zonelink::recognition
