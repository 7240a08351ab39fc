// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace zonelink::recognition {

// An officer in whose place the actor may act now, on any case: the directory's deputies 委托代办.
struct Lent {
  std::string user_id;
  std::string name;
  std::vector<std::string> roles;  // that the deputy exercises
};

// Who acts, and in whose name.
struct Actor {
  std::string user_id;
  std::string name;
  std::string zone;             // empty: serves no zone
  std::string organization_id;  // empty: belongs to no organisation
  std::string uscc;             // of the organisation
  std::vector<std::string> roles;
  std::vector<Lent> lent{};
  // Who lent the actor the case at hand and no longer holds what was lent.
  std::vector<std::string> lapsed{};

  bool HasRole(std::string_view role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
};

}  // namespace zonelink::recognition
