// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace zonelink::recognition {

// Who acts, and in whose name.
struct Actor {
  std::string user_id;
  std::string name;
  std::string zone;             // empty: serves no zone
  std::string organization_id;  // empty: belongs to no organisation
  std::string uscc;             // of the organisation
};

}  // namespace zonelink::recognition
