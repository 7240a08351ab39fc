// SPDX-License-Identifier: Apache-2.0
// Following a log's checkpoints: each new one must be signed, cosigned and begin with the last one
// seen.
#pragma once

#include <optional>
#include <string>

#include "gateway/cli/ledger_show.h"
#include "gateway/cli/ledger_source.h"
#include "ledger/domain/checkpoint.h"
#include "platform/core/result.h"

namespace zonelink::cli {

struct Look {
  enum class Outcome { kFirst, kUnchanged, kNew, kAlarm };
  Outcome outcome = Outcome::kUnchanged;
  ledger::TrustedCheckpoint now;
  uint64_t size_before = 0;
  std::optional<Alarm> alarm;
};

// Looks once. `note` is the log's checkpoint as served; `state_file` holds the last one accepted
// and is replaced by a new one that is good. With an alarm it stays, and both heads are saved
// beside it. Refuses as ledger::OpenCheckpoint, CompareHeads, ReadFile and WriteFile. A fork or
// rollback is an alarm whatever the witnesses have signed.
Result<Look> LookAt(LogSource& source, const std::string& note, const ledger::TrustPolicy& policy,
                    const std::string& state_file);

// Where the last checkpoint seen of `origin` is kept by default.
std::string StateFile(const std::string& config_folder, const std::string& origin);

}  // namespace zonelink::cli
