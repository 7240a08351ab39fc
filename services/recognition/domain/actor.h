// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace zonelink::recognition {

// Who acts, and in whose name.
struct Actor {
  std::string user_id;
  std::string name;
  std::string zone;             // empty: serves no zone
  std::string organization_id;  // empty: belongs to no organisation
  std::string uscc;             // of the organisation
  std::vector<std::string> roles;

  bool HasRole(std::string_view role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
};

}  // namespace zonelink::recognition
