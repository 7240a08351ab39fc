// SPDX-License-Identifier: Apache-2.0
// Which accounts the sample deployment has. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deploy/sample/sample_data.h"

namespace zonelink::sample {

// Its creation marks the first day of the year.
inline constexpr const char* kFirstAccount = "secretariat";

struct AccountPlan {
  std::string username;
  std::string name;
  std::string role;
  std::string zone;                  // empty: serves no zone
  std::string department;            // within the zone
  std::optional<size_t> enterprise;  // index of the organisation
};

// The administrator of an enterprise that gives a mandate.
std::string AdminOf(const Enterprise& enterprise);

// kFirstAccount first; then the leading group and oversight, zones, enterprises.
std::vector<AccountPlan> PlanAccounts(const SampleData& data);

}  // namespace zonelink::sample
