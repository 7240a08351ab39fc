// SPDX-License-Identifier: Apache-2.0
// Filings with their parties, papers and decisions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/filing.h"

namespace zonelink::recognition::filing_store {

// Filings just submitted, each with its parties, decisions, papers and recognitions: one statement
// per table, written together. The events are the caller's to append.
void Insert(db::Tx& tx, std::span<const Filing* const> filings);

// NotFound `FILING_NOT_FOUND`, also for a filing of others. Ends a query.
Result<Filing> Get(db::Tx& tx, const FilingId& id);
// The same, held until the end of the transaction.
Result<Filing> Lock(db::Tx& tx, const FilingId& id);

// Empty fields do not filter. `submitted_at` and `id` are the last keys of the page before.
struct Filter {
  std::vector<std::string> parties;  // in whose name the caller looks
  std::string state;
  std::string item_id;
  std::string zone;
  bool oldest_first = false;
  std::string submitted_at;  // empty: the first page
  std::string id;
  int limit = 0;
};
// Ends a query.
std::vector<Filing> List(db::Tx& tx, const Filter& filter);

// With the event.
Filing SaveWithdrawn(db::Tx& tx, Filing filing, const Actor& by, std::string_view reason);
// The answered notice, the papers handed in and the event. The filing holds the new papers after.
Filing SaveSupplemented(db::Tx& tx, Filing filing, const std::vector<Document>& documents,
                        const Actor& by, std::string_view note);

}  // namespace zonelink::recognition::filing_store
