// SPDX-License-Identifier: Apache-2.0
// The table `inbox`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/db/database.h"
#include "worklist/domain/work.h"

namespace zonelink::worklist {

// One row as read.
struct InboxEntry {
  std::string work_id;
  std::string subject;
  std::string zone;
  CaseFacts facts;
  Work work;
  Time since;
};

// The last row of a page; the next page starts after it.
struct InboxKey {
  std::optional<Date> due_on;
  Time since;
  std::string work_id;
};

std::string SubjectOf(const std::string& filing_id, const std::string& zone);

// The facts of the entry for one zone's decision, locked; nothing when nothing waits there.
std::optional<CaseFacts> FactsForUpdate(db::Tx& tx, const std::string& filing_id,
                                        const std::string& zone);
// Makes or replaces the entry. An entry whose action stays has been waiting since it was made.
void PutWork(db::Tx& tx, const CaseFacts& facts, const std::string& zone, const Work& work,
             Time since);
void RemoveWork(db::Tx& tx, const std::string& filing_id, const std::string& zone);

// What waits for the caller (the policies see to that), most urgent first.
std::vector<InboxEntry> InboxPage(db::Tx& tx, const std::optional<InboxKey>& after, int limit);

}  // namespace zonelink::worklist
