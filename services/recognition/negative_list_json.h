// SPDX-License-Identifier: Apache-2.0
// Findings as the database keeps them beside a decision.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "recognition/domain/negative_list.h"

namespace zonelink::recognition {

// A JSON array; empty where nothing was found.
std::string FindingsJson(const std::vector<Finding>& findings);

// Reads what FindingsJson wrote and jsonb kept, of the zone's decision; empty text: nothing.
std::vector<Finding> FindingsFrom(std::string_view kept, const std::string& zone);

}  // namespace zonelink::recognition
