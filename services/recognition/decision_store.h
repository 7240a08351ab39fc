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

// Asks for the decisions of filings; `Read` waits for the answer: by filing, in the order of their
// zones. The last day of the credential is left to who reads the filing.
db::Rows Ask(db::Tx& tx, const std::vector<std::string>& filing_ids);
std::unordered_map<std::string, std::vector<Decision>> Read(const db::Rows& rows);

// One zone's decision; its filing is held until the end of the transaction. NotFound
// `FILING_NOT_FOUND`, also for a filing of others; PermissionDenied `NOT_DECIDING_ZONE` for a zone
// that is no target of the filing.
Result<Decision> Lock(db::Tx& tx, const FilingId& filing_id, const std::string& zone);

// What an officer did, on the decision and on its filing, with the event.
Decision Save(db::Tx& tx, Decision decision, const Actor& by);

}  // namespace zonelink::recognition::decision_store
