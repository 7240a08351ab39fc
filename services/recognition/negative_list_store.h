// SPDX-License-Identifier: Apache-2.0
// Negative lists, and what they and the conditions of agreements find.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/filing.h"
#include "recognition/domain/negative_list.h"

namespace zonelink::recognition::negative_list_store {

// A version just made, with its event.
ListEntry Insert(db::Tx& tx, ListEntry entry, const Actor& by);

// The newest version, or that of the number. NotFound `ENTRY_NOT_FOUND`.
Result<ListEntry> Get(db::Tx& tx, const std::string& list, const std::string& entry_id,
                      int version = 0);
// The newest version, if there is one; whoever changes the entry waits until the end of the
// transaction.
std::optional<ListEntry> Lock(db::Tx& tx, const std::string& list, const std::string& entry_id);

// Empty `item_id`: of all items. `after_id` is the last key of the page before.
struct Filter {
  std::string list;
  std::string item_id;
  std::string after_id;
  int limit = 0;
};
// Newest versions, by id.
std::vector<ListEntry> List(db::Tx& tx, const Filter& filter);

// What a case would meet.
struct Case {
  std::string item_id;
  std::string home_zone;
  std::vector<std::string> target_zones;
  Attributes attributes;
};
// What conditions and entries that count on `today` find, by zone, in one statement. What they
// cannot tell is found too.
std::vector<Finding> Screen(db::Tx& tx, const Case& screened, Date today);
// The same in two steps, for whoever asks for many cases before the first answer is read.
db::Rows AskScreening(db::Tx& tx, const Case& screened, Date today);
std::vector<Finding> ReadFindings(const db::Rows& rows);

// Filings that an entry hit, or of which it could not tell; an empty `entry_id`: all entries
// together, each filing once.
struct Hits {
  std::string entry_id;
  int64_t filings = 0;
  int64_t unknown = 0;
  std::string invested_yuan;  // a decimal with two places
};
// Of filings submitted on these days, among the caller's cases; the total last.
std::vector<Hits> CountHits(db::Tx& tx, const std::string& list, std::optional<Date> from,
                            std::optional<Date> until);

}  // namespace zonelink::recognition::negative_list_store
