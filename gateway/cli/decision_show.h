// SPDX-License-Identifier: Apache-2.0
// A zone's decision as people read it: where it stands, and all that it collected on its way.
#pragma once

#include <string>
#include <vector>

#include "gateway/cli/json.h"
#include "gateway/cli/show.h"

namespace zonelink::cli {

// The answer to a verb: one decision.
std::string ShowDecision(const client::Json& decision, const View& view);
// The codes of grounds for a refusal.
std::string ShowRefusalReasons(const client::Json& page, const View& view);
// One row per zone, and below what there is to tell of each.
std::string DecisionsPart(const std::string& filing_id, const std::vector<client::Json>& decisions,
                          const View& view);
// "activities a, b; quantity 5; 2026-01-01 – 2026-12-31"; empty where nothing is limited.
std::string ScopeLine(const client::Json& scope, const Style& say);
// Texts with a separator between them.
std::string Joined(const std::vector<std::string>& texts, std::string_view separator);
// "浙江 zhejiang" where the name is not the id.
std::string ZoneCell(const std::string& zone, const View& view);

}  // namespace zonelink::cli
