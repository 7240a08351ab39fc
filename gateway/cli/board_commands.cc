// SPDX-License-Identifier: Apache-2.0
// What waits for the caller, and how the zones stand.
#include "gateway/cli/board_show.h"
#include "gateway/cli/commands.h"

namespace zonelink::cli {

using client::UrlEncode;

int Inbox(Invocation& run) {
  const std::string& action = run.arguments.board.action;
  std::string path = "/v1/inbox?pageSize=200";
  if (!action.empty()) path += "&action=" + UrlEncode(action);
  const auto page = run.session.Send({.path = path});
  if (!page || run.arguments.json) return Finish(run, page, ShowInbox);
  const int shown = Finish(run, page, ShowInbox);
  if (shown != kExitOk) return shown;
  return Finish(run, run.session.Send({.path = "/v1/inbox:count"}), ShowCounts);
}

int Board(Invocation& run) {
  const std::string& zone = run.arguments.board.zone;
  const std::string path = zone.empty() ? "/v1/board" : "/v1/board?zone=" + UrlEncode(zone);
  return Finish(run, run.session.Send({.path = path}), ShowBoard);
}

}  // namespace zonelink::cli
