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

// The entries with these subjects, where something waits.
std::vector<InboxEntry> EntriesOf(db::Tx& tx, const std::vector<std::string>& subjects);
// Makes or replaces entries, each subject and place once. Of an entry that is there the facts stay.
void PutWork(db::Tx& tx, const std::vector<const InboxEntry*>& entries);
// All entries of these subjects.
void RemoveWork(db::Tx& tx, const std::vector<std::string>& subjects);
// One place of each subject: the vectors stand side by side.
void RemovePlaces(db::Tx& tx, const std::vector<std::string>& subjects,
                  const std::vector<std::string>& places);

// Which part of the inbox.
struct PageWish {
  std::optional<InboxKey> after;
  int limit = 0;
  std::optional<Action> action;  // only this; nothing: all
};
// What waits for the caller (the policies see to that), most urgent first. Without what no reader
// is shown: party, organisation, all roles but the first. Ends a query.
std::vector<InboxEntry> InboxPage(db::Tx& tx, const PageWish& wish);

// How much waits for the caller.
struct InboxCount {
  Action action = Action::kAccept;
  int entries = 0;
  int due_soon = 0;  // by `soon`, or with a budget of `days` or less
};
std::vector<InboxCount> CountInbox(db::Tx& tx, Date soon, int days);

}  // namespace zonelink::worklist
