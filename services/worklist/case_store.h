// SPDX-License-Identifier: Apache-2.0
// The table `cases`: one row per decision for which somebody had to act.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/db/database.h"
#include "worklist/domain/board.h"
#include "worklist/domain/work.h"

namespace zonelink::worklist {

// One row to write.
struct CaseRow {
  std::string subject;  // as in the inbox
  std::string zone;
  CaseFacts facts;
  std::string state;
  Time since;
  std::optional<ClockNews> clock;
  bool asks_others = false;       // a query or opinions are open
  std::optional<Time> closed_at;  // nobody has to act before the decision any more
  std::optional<int> used_days;   // by a decision that had a clock
};

// Makes or replaces rows, each subject once. Of a row that is there the facts stay, and when and
// after how many days it was closed.
void PutCases(db::Tx& tx, const std::vector<const CaseRow*>& rows);

// What the rows with these subjects tell of their filings; only subject, facts and since are set.
std::vector<CaseRow> CasesOf(db::Tx& tx, const std::vector<std::string>& subjects);

// For the board: of the caller's rows those of `zone`, or all of them where it is empty.
std::vector<CaseGroup> OpenCases(db::Tx& tx, const std::string& zone);
struct Oldest {
  std::string zone;
  std::string filing_id;
  std::string receipt_number;
  Time since;
};
std::vector<Oldest> OldestCases(db::Tx& tx, const std::string& zone);
struct DecidedCount {
  std::string zone;
  int cases = 0;
  double median_days = 0;
};
std::vector<DecidedCount> DecidedSince(db::Tx& tx, const std::string& zone, Time since);

}  // namespace zonelink::worklist
