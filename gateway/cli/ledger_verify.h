// SPDX-License-Identifier: Apache-2.0
// Verification of heads and whole logs, with what it took.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "gateway/cli/ledger_source.h"
#include "ledger/domain/checkpoint.h"
#include "ledger/domain/log_check.h"
#include "platform/core/result.h"

namespace zonelink::cli {

// What a later head says about an earlier one of the same log.
enum class Heads {
  kSame,
  kGrown,     // the later one begins with the earlier one
  kRollback,  // the later one is smaller
  kFork,      // same size and other root, or the later one does not begin with the earlier one
};
// Two heads and what they say; what `fetch` and the tiles refuse is refused, not called a fork.
Result<Heads> CompareHeads(const ledger::Checkpoint& before, const ledger::Checkpoint& now,
                           const ledger::Fetch& fetch);
// `FORK` or `ROLLBACK`; empty for the others.
std::string_view AlarmName(Heads heads);

struct LogProgress {
  uint64_t done = 0;
  uint64_t total = 0;
  double seconds = 0;
};

struct LogReport {
  ledger::LogCheck check;
  uint64_t from = 0;
  double seconds = 0;          // in all
  double reading_seconds = 0;  // of these, waiting for resources
  uint64_t bytes_read = 0;
  double sha256_per_second =
      0;  // entries as large as these, hashed and nothing else; 0: no entries
};

// Every entry from `from` on against the head; `progress` after each bundle. As ledger::CheckLog.
Result<LogReport> VerifyLog(LogSource& source, const ledger::Checkpoint& head, uint64_t from,
                            const std::function<void(const LogProgress&)>& progress);

}  // namespace zonelink::cli
