// SPDX-License-Identifier: Apache-2.0
// Counts of the inbox and the board as people read them. Pure, like show.h.
#pragma once

#include <string>

#include "gateway/cli/show.h"

namespace zonelink::cli {

std::string ShowCounts(const client::Json& counts, const View& view);
std::string ShowBoard(const client::Json& board, const View& view);

}  // namespace zonelink::cli
