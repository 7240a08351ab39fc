// SPDX-License-Identifier: Apache-2.0
// The judge: after any run it tells, from what clients were told, from the database as a superuser
// sees it and from the ledger as anybody reads it, whether the product kept its promises.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/domain/checkpoint.h"
#include "tests/chaos/journal.h"
#include "tests/support/admin_sql.h"

namespace zonelink::chaos {

// The ledger as its readers see it: every entry of the newest checkpoint's tree, or why it does not
// verify.
struct LedgerCopy {
  std::optional<ledger::TrustedCheckpoint> newest;
  std::vector<std::string> entries;
  std::optional<std::string> fault;
};

// What the judge looks at. The services may run meanwhile, but nobody may send them anything.
class Evidence {
 public:
  // `fetch` reads below the log's prefix.
  Evidence(const Journal& journal, test::AdminSql& sql, ledger::Fetch fetch,
           std::chrono::milliseconds merge_delay);
  Evidence(const Evidence&) = delete;

  const Journal& journal;
  test::AdminSql& sql;
  const ledger::Fetch fetch;  // asks the log once for each resource
  // Longest time from an event's commit to its leaf.
  const std::chrono::milliseconds merge_delay;

  // Read at the first use.
  const LedgerCopy& Ledger();
  // Whom the clients trust; the quorum is not asked for.
  ledger::TrustPolicy Policy() const;

 private:
  Result<std::string> FetchOnce(const std::string& path);

  const ledger::Fetch from_log_;
  std::map<std::string, std::string> fetched_;
  std::optional<LedgerCopy> copy_;
};

// What contradicts an invariant, one line each; empty: it holds.
using Violations = std::vector<std::string>;

struct Check {
  const char* id;    // I-01
  const char* says;  // the invariant
  Violations (*run)(Evidence&);
};

// In the order of their numbers.
std::span<const Check> Checks();

using Verdict = std::map<std::string, Violations>;
// Runs all checks in one transaction, or in the one that is open, and rolls it back. A check that
// cannot look (a table that is gone, a ledger that does not answer) reports that.
Verdict Judge(Evidence& evidence);
// The checks with violations.
std::vector<std::string> Failed(const Verdict& verdict);

// Names of the schemas that keep an event log.
std::vector<std::string> Sources(test::AdminSql& sql);
// Bytes of a bytea column as AdminSql hands it out.
std::string Bytes(const std::optional<std::string>& column);

// The invariants of doc `reliability`; each returns what contradicts it.
Violations AcknowledgedAreStored(Evidence& evidence);  // I-01
Violations NothingTwice(Evidence& evidence);           // I-02
Violations DoubtEndsOnce(Evidence& evidence);          // I-03
Violations ToldIsStored(Evidence& evidence);           // I-04
Violations OneLeafPerEvent(Evidence& evidence);        // I-05
Violations OneEffectPerEvent(Evidence& evidence);      // I-06
Violations LeavesAreInTime(Evidence& evidence);        // I-07
Violations TenantsAreApart(Evidence& evidence);        // I-08
Violations TreeOnlyGrows(Evidence& evidence);          // I-16
Violations OneRootPerSize(Evidence& evidence);         // I-17
Violations ReceiptsStillVerify(Evidence& evidence);    // I-18
Violations LedgerIsWhatIsStored(Evidence& evidence);   // I-19

}  // namespace zonelink::chaos
