// SPDX-License-Identifier: Apache-2.0
// Mandates, delegations and calendars as people read them. Pure, like show.h.
#pragma once

#include <string>

#include "gateway/cli/show.h"

namespace zonelink::cli {

std::string ShowMandate(const client::Json& mandate, const View& view);
std::string ShowMandates(const client::Json& page, const View& view);
std::string ShowDelegation(const client::Json& delegation, const View& view);
std::string ShowDelegations(const client::Json& page, const View& view);
std::string ShowPublished(const client::Json& published, const View& view);
std::string ShowCalendars(const client::Json& page, const View& view);

}  // namespace zonelink::cli
