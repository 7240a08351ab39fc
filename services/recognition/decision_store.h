// SPDX-License-Identifier: Apache-2.0
// Decisions with all that they collect: clocks, lines, queries, conditions.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/clocks/clock_store.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/decision.h"
#include "recognition/domain/filing.h"

namespace zonelink::recognition::decision_store {

using Rules = clocks::clock_store::Rules;
using ByFiling = std::unordered_map<std::string, std::vector<Decision>>;

// Asks for the decisions of filings; `Read` waits for the answer: by filing, in the order of their
// zones. What the filing says (home zone, papers, terms, the credential's last day) is left to who
// reads it; what the decisions collected since their submission, to Complete.
db::Rows Ask(db::Tx& tx, const std::vector<std::string>& filing_ids);
ByFiling Read(const db::Rows& rows);
// Reads the rest of those that somebody has touched; no round trip where nobody has.
void Complete(db::Tx& tx, ByFiling& decisions);

// The filing alone, held until the end of the transaction. NotFound `FILING_NOT_FOUND`.
Status LockFiling(db::Tx& tx, const FilingId& filing_id);
// One zone's decision; its filing is held until the end of the transaction. NotFound
// `FILING_NOT_FOUND`, also for a filing of others; PermissionDenied `NOT_DECIDING_ZONE` for a zone
// that is no target of the filing.
Result<Decision> Lock(db::Tx& tx, const FilingId& filing_id, const std::string& zone);

// What was done, on the decision alone: for who changes several, and their filing. No grant: what
// that gives is written with its event.
Status Write(db::Tx& tx, Decision& decision, const Rules& rules);
// What one did, or the clock (`rung`: which), on the decision and on its filing, with the event.
// Aborted `REVIEW_CHANGED`.
Result<Decision> Save(db::Tx& tx, Decision decision, const Actor& by, const Rules& rules,
                      std::string_view rung = {});

// Receipt number of the applicant's open case on the same item and credential in one of the target
// zones. NotFound `FILING_NOT_FOUND`.
Result<std::string> OpenCase(db::Tx& tx, const Submission& submission);

// Columns of items that give a decision's terms, of a table named `i`.
Terms ReadTerms(const db::Row& row);

// Name of the authority's clock among the filing's.
std::string ClockName(std::string_view zone, std::string_view name);

}  // namespace zonelink::recognition::decision_store
