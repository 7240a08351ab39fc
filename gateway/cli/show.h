// SPDX-License-Identifier: Apache-2.0
// The server's answers as people read them. Pure: JSON and style in, text out.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gateway/cli/json.h"
#include "gateway/cli/terminal.h"
#include "platform/core/error.h"

namespace zonelink::cli {

// How this person should see things: style, and names for ids.
struct View {
  Style style;
  std::function<std::string(std::string_view)> zone_name;
  std::function<std::string(std::string_view)> item_name;
};

std::string ShowMe(const client::Json& me, const View& view);
std::string ShowFiling(const client::Json& filing, const View& view);
// `filings`: the items of one or more pages. The total is not known to the server.
std::string ShowFilings(const std::vector<client::Json>& filings, const View& view);
std::string ShowTimeline(const client::Json& timeline, const View& view);
std::string ShowPrecheck(const client::Json& precheck, const View& view);
std::string ShowInbox(const client::Json& inbox, const View& view);
std::string ShowRecognition(const client::Json& recognition, const View& view);
std::string ShowWorkingDays(const client::Json& answer, const View& view);

// A refusal or failure: what, why, which fields, what to do next. `idempotency_key`: shown where
// the outcome of a command is in doubt; empty for reads.
std::string ShowProblem(const Error& error, std::string_view idempotency_key, const Style& style);
// As the man page promises.
int ExitCodeOf(const Error& error);

}  // namespace zonelink::cli
