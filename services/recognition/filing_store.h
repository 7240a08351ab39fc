// SPDX-License-Identifier: Apache-2.0
// Filings with their parties, papers and decisions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clocks/clock_store.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/decision_intake.h"
#include "recognition/domain/filing.h"

namespace zonelink::recognition::filing_store {

using Rules = clocks::clock_store::Rules;

// Filings just submitted, each with its parties, decisions, papers and recognitions: one statement
// per table, written together, with their clocks. The events are the caller's to append; their ids,
// in the order of the filings, are kept with the recognitions that they tell of.
void Insert(db::Tx& tx, std::span<const Filing* const> filings,
            std::span<const std::string> event_ids, const Rules& rules);

// NotFound `FILING_NOT_FOUND`, also for a filing of others.
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
std::vector<Filing> List(db::Tx& tx, const Filter& filter);

// The decisions that a step changed, and the filing; the event is the caller's to append.
Status SaveChanged(db::Tx& tx, Filing& filing, const Rules& rules);
// With the event.
Result<Filing> SaveWithdrawn(db::Tx& tx, Filing filing, const Actor& by, std::string_view reason,
                             const Rules& rules);
// The answered notice, the papers handed in and the event. The filing holds the new papers after.
Result<Filing> SaveSupplemented(db::Tx& tx, Filing filing, const std::vector<Document>& documents,
                                const Actor& by, std::string_view note, const Rules& rules);

}  // namespace zonelink::recognition::filing_store
