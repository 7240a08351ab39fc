// SPDX-License-Identifier: Apache-2.0
// What a decision collects on its way beside clocks and lines: notices, queries, requests for
// opinions, conditions, corrections; and what a filing states once: deferred papers, the origin's
// scope.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "platform/db/database.h"
#include "recognition/domain/decision.h"
#include "recognition/domain/decision_intake.h"
#include "recognition/domain/filing.h"

namespace zonelink::recognition::decision_details_store {

struct Asked {
  db::Rows notices;
  db::Rows details;
  db::Rows papers;
};
// Asks for what was collected on filings; `Read` waits for it and puts it into their decisions.
Asked Ask(db::Tx& tx, const std::vector<std::string>& filing_ids);
void Read(const Asked& asked, std::unordered_map<std::string, std::vector<Decision>>& decisions);

// What a filing states once.
struct Stated {
  db::Rows extras;
  db::Rows papers;
};
Stated AskStated(db::Tx& tx, const std::string& filing_id);
std::vector<DeferredPaper> PapersOf(const Stated& stated);
Scope ScopeOf(const Stated& stated);
std::string AgentOf(const Stated& stated);  // organisation; empty: none
// Refiling and agency, with papers and scope.
void ReadInto(const Stated& stated, Filing& filing);

// Papers of the filing by kind, for who asks for more.
std::vector<HeldPaper> HeldPapers(db::Tx& tx, const FilingId& id);

// What the step just taken adds or changes.
void Write(db::Tx& tx, const Decision& decision);
// They see the filing from now on.
void AddParties(db::Tx& tx, const Decision& decision, const std::vector<std::string>& parties);

// What fresh filings state; nothing where none of them does.
void InsertStated(db::Tx& tx, const std::vector<const Filing*>& filings);
// Deferred papers of these kinds came in. The filing knows it after.
void HandIn(db::Tx& tx, Filing& filing, const std::vector<std::string>& kinds);

}  // namespace zonelink::recognition::decision_details_store
