// SPDX-License-Identifier: Apache-2.0
// Decisions with their verifications and suspensions.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/decision.h"

namespace zonelink::recognition::decision_store {

// The decisions of filings, by filing and zone, in one statement. The last day of the credential is
// left to who reads the filing.
std::unordered_map<std::string, std::vector<Decision>> Of(
    db::Tx& tx, const std::vector<std::string>& filing_ids);

// One zone's decision; its filing is held until the end of the transaction. NotFound
// `FILING_NOT_FOUND`, also for a filing of others; PermissionDenied `NOT_DECIDING_ZONE` for a zone
// that is no target of the filing.
Result<Decision> Lock(db::Tx& tx, const FilingId& filing_id, const std::string& zone);

// What an officer did, on the decision and on its filing, with the event.
Decision Save(db::Tx& tx, Decision decision, const Actor& by);

}  // namespace zonelink::recognition::decision_store
