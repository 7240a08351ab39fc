// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "gateway/cli/commands.h"
#include "gateway/cli/credit_show.h"
#include "platform/core/time.h"

namespace zonelink::cli {

using client::UrlEncode;

int RecognitionVerify(Invocation& run) {
  const std::string path =
      fmt::format("/v1/recognitions/{}:verify", UrlEncode(run.arguments.recognition_number));
  return Finish(run, run.session.open_api().Send({.path = path}), ShowRecognition);
}

int WorkingDays(Invocation& run) {
  std::string from = run.arguments.from;
  if (from.empty()) {
    // Today is the deployment's day: its clock may be set for demonstration.
    const auto clock = run.session.open_api().Ask({.path = "/v1/clock"});
    if (!clock) return Fail(run, clock.error(), false);
    const auto now = ParseTime(clock->root()["now"].text());
    if (!now) return Fail(run, Internal("the server's clock has no valid time"), false);
    from = FormatDate(ShanghaiDate(*now));
  }
  const std::string path =
      fmt::format("/v1/calendars/{}:workingDays?from={}&days={}",
                  UrlEncode(run.arguments.calendar_zone), UrlEncode(from), run.arguments.days);
  return Finish(run, run.session.open_api().Send({.path = path}), ShowWorkingDays);
}

int CreditList(Invocation& run) {
  const CreditArguments& whose = run.arguments.credit;
  std::string path = "/v1/creditRecords?pageSize=200";
  if (!whose.uscc.empty()) path += "&uscc=" + UrlEncode(whose.uscc);
  if (!whose.organization_id.empty()) {
    path += "&organizationId=" + UrlEncode(whose.organization_id);
  }
  return Finish(run, run.session.Send({.path = path}), ShowCreditRecords);
}

}  // namespace zonelink::cli
