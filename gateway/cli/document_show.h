// SPDX-License-Identifier: Apache-2.0
// Documents as people read them. Pure: JSON and style in, text out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/cli/json.h"
#include "gateway/cli/show.h"
#include "gateway/cli/terminal.h"

namespace zonelink::cli {

std::string ShowDocument(const client::Json& document, const View& view);
std::string ShowDocuments(const std::vector<client::Json>& documents, const View& view);
std::string ShowReadings(const client::Json& readings, const View& view);
// "[######······] 30.0 / 50.0 MiB", without a line end.
std::string ShowTransfer(int64_t done, int64_t total);

}  // namespace zonelink::cli
