// SPDX-License-Identifier: Apache-2.0
// A decision's verb from a command line to the request.
#pragma once

#include <string>
#include <string_view>

#include "gateway/cli/arguments.h"
#include "platform/core/result.h"

namespace zonelink::cli {

// What follows the decision's path: `verb` behind a colon, and the JSON object.
struct DecisionRequest {
  std::string_view verb;
  std::string body;
};

// Of a command of the group `decide`. INVALID_ARGUMENT `INPUT_INVALID` where a pair or a time is
// not in its form.
Result<DecisionRequest> DecisionRequestOf(const Arguments& arguments);

}  // namespace zonelink::cli
