// SPDX-License-Identifier: Apache-2.0
// How the year stands, as the auditor reads it through the public API.
#pragma once

#include <map>
#include <string>

#include "deploy/sample/actors.h"
#include "gateway/cli/api.h"

namespace zonelink::sample {

struct Outcome {
  std::map<std::string, int> agreements;  // by state
  std::map<std::string, int> filings;
  std::map<std::string, int> decisions;
  std::string recognition_number;  // one to try; empty where none is in force
};

Result<Outcome> ReadOutcome(client::Api& api, Actors& actors);

}  // namespace zonelink::sample
