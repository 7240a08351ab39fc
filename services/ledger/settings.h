// SPDX-License-Identifier: Apache-2.0
// The ledger's part of the configuration, read and checked.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "ledger/domain/note.h"
#include "platform/core/result.h"
#include "zonelink/config/v1/config.pb.h"

namespace zonelink::ledger {

struct WitnessSetting {
  VerifierKey key;
  std::string url;  // before `/add-checkpoint`
};

struct Settings {
  std::string origin;
  VerifierKey key;
  crypto::Ed25519Key secret;
  std::string state_file;
  std::vector<WitnessSetting> witnesses;
  unsigned quorum = 0;
  std::chrono::milliseconds witness_timeout{500};

  std::vector<std::string> WitnessNames() const;
};

// InvalidArgument `LEDGER_CONFIG_INVALID`: what is missing or does not fit together;
// `LEDGER_KEY_INVALID`: a witness's key. FailedPrecondition `SECRET_UNREADABLE`: the log's key.
Result<Settings> ReadSettings(const config::v1::Ledger& config);

}  // namespace zonelink::ledger
