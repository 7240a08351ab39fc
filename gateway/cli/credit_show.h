// SPDX-License-Identifier: Apache-2.0
// Credit records as people read them. Pure, like show.h.
#pragma once

#include <string>

#include "gateway/cli/json.h"
#include "gateway/cli/show.h"

namespace zonelink::cli {

std::string ShowCreditRecords(const client::Json& page, const View& view);

}  // namespace zonelink::cli
