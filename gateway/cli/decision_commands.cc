// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "gateway/cli/commands.h"
#include "gateway/cli/decision_input.h"
#include "gateway/cli/decision_show.h"

namespace zonelink::cli {
namespace {

using client::UrlEncode;

// The zone named, or the caller's own.
Result<std::string> DecidingZone(Invocation& run) {
  if (!run.arguments.decision.zone.empty()) return run.arguments.decision.zone;
  auto me = run.session.Ask({.path = "/v1/me"});
  if (!me) return std::move(me).error();
  std::string zone = me->root()["zone"].text();
  if (zone.empty()) {
    return InvalidArgument("ZONE_MISSING", std::string(run.view.style(
                                               "您不属于任何片区，请写明片区",
                                               "you serve no zone; name the one that decides")));
  }
  return zone;
}

}  // namespace

int Decide(Invocation& run) {
  if (run.arguments.command == "decide refusal-reasons") {
    return Finish(run, run.session.open_api().Send({.path = "/v1/refusalReasons"}),
                  ShowRefusalReasons);
  }
  auto request = DecisionRequestOf(run.arguments);
  if (!request) return Fail(run, request.error(), false);
  const auto zone = DecidingZone(run);
  if (!zone) return Fail(run, zone.error(), false);
  const std::string path =
      fmt::format("/v1/filings/{}/decisions/{}:{}", UrlEncode(run.arguments.decision.filing_id),
                  UrlEncode(*zone), request->verb);
  return Finish(run,
                run.session.Send({.method = "POST",
                                  .path = path,
                                  .body = std::move(request->body),
                                  .idempotency_key = run.idempotency_key}),
                ShowDecision);
}

}  // namespace zonelink::cli
