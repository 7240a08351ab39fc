// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "gateway/cli/commands.h"

namespace zonelink::cli {
namespace {

using client::JsonWriter;
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

// `body`: an object still open, for the etag.
int Decide(Invocation& run, std::string_view verb, JsonWriter& body) {
  const auto zone = DecidingZone(run);
  if (!zone) return Fail(run, zone.error(), false);
  body.Field("etag", run.arguments.etag).End('}');
  const std::string path =
      fmt::format("/v1/filings/{}/decisions/{}:{}", UrlEncode(run.arguments.decision.filing_id),
                  UrlEncode(*zone), verb);
  return Finish(run,
                run.session.Send({.method = "POST",
                                  .path = path,
                                  .body = body.Take(),
                                  .idempotency_key = run.idempotency_key}),
                ShowDecision);
}

}  // namespace

int DecideAccept(Invocation& run) {
  JsonWriter body;
  body.Begin('{');
  return Decide(run, "accept", body);
}

int DecideRequestSupplement(Invocation& run) {
  JsonWriter body;
  body.Begin('{').Texts("missing", run.arguments.decision.missing);
  body.Field("reason", run.arguments.decision.reason);
  return Decide(run, "requestSupplement", body);
}

int DecideVerify(Invocation& run) {
  JsonWriter body;
  body.Begin('{').Field("opinion", run.arguments.decision.opinion);
  return Decide(run, "verify", body);
}

int DecideGrant(Invocation& run) {
  JsonWriter body;
  body.Begin('{').Field("reason", run.arguments.decision.reason);
  return Decide(run, "grant", body);
}

int DecideRefuse(Invocation& run) {
  JsonWriter body;
  body.Begin('{').Field("article", run.arguments.decision.article);
  body.Field("facts", run.arguments.decision.facts).Field("reason", run.arguments.decision.reason);
  return Decide(run, "refuse", body);
}

}  // namespace zonelink::cli
