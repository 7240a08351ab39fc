// SPDX-License-Identifier: Apache-2.0
// Many filings in one transaction: what stands in their way, and their rows.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "platform/db/database.h"
#include "recognition/domain/filing.h"

namespace zonelink::recognition::filing_batch_store {

// Holder, case (DuplicateKey) and zone: at most one is open of each.
using CaseKey = std::tuple<std::string, std::string, std::string>;

// Of the decisions that the filing would leave open.
std::vector<CaseKey> OpenKeys(const Filing& filing);

// Receipt numbers of the cases that are open already, as far as the caller may see them.
std::map<CaseKey, std::string> OpenCases(db::Tx& tx, const std::vector<const Filing*>& filings);

// Waits until the database has taken or refused all that was written so far.
void Settle(db::Tx& tx);

}  // namespace zonelink::recognition::filing_batch_store
