// SPDX-License-Identifier: Apache-2.0
// Items, agreements and negative lists as people read them. Pure: JSON and style in, text out.
#pragma once

#include <string>

#include "gateway/cli/json.h"
#include "gateway/cli/show.h"

namespace zonelink::cli {

std::string ShowItem(const client::Json& item, const View& view);
std::string ShowItems(const client::Json& page, const View& view);
std::string ShowAgreement(const client::Json& agreement, const View& view);
std::string ShowAgreements(const client::Json& page, const View& view);
std::string ShowListEntry(const client::Json& entry, const View& view);
std::string ShowListEntries(const client::Json& page, const View& view);
std::string ShowScreening(const client::Json& answer, const View& view);
std::string ShowHits(const client::Json& answer, const View& view);
// One finding on a line: which entry, of which article, or that a condition is not met.
std::string FindingLine(const client::Json& finding, const Style& say);

}  // namespace zonelink::cli
