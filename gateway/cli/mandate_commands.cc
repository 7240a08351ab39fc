// SPDX-License-Identifier: Apache-2.0
// Who acts for whom (mandates of organisations, deputies of officers), and calendars.
#include <fmt/format.h>

#include "gateway/cli/acting_show.h"
#include "gateway/cli/calendar_input.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/files.h"
#include "platform/core/time.h"

namespace zonelink::cli {
namespace {

using client::JsonWriter;
using client::UrlEncode;

constexpr size_t kLargestCalendar = 64 * 1024;

Result<client::HttpReply> Post(Invocation& run, std::string path, std::string body) {
  return run.session.Send({.method = "POST",
                           .path = std::move(path),
                           .body = std::move(body),
                           .idempotency_key = run.idempotency_key});
}

std::string ReasonBody(const std::string& reason) {
  JsonWriter body;
  return body.Begin('{').Field("reason", reason).End('}').Take();
}

// The deployment's day: its clock may be set for demonstration.
Result<std::string> Today(Invocation& run) {
  const auto clock = run.session.open_api().Ask({.path = "/v1/clock"});
  if (!clock) return clock.error();
  const auto now = ParseTime(clock->root()["now"].text());
  if (!now) return Internal("the server's clock has no valid time");
  return FormatDate(ShanghaiDate(*now));
}

}  // namespace

int MandateGrant(Invocation& run) {
  const ActingArguments& given = run.arguments.acting;
  std::string from = given.from;
  if (from.empty()) {
    auto today = Today(run);
    if (!today) return Fail(run, today.error(), false);
    from = *std::move(today);
  }
  JsonWriter body;
  body.Begin('{').Field("agentUscc", given.whom).Texts("itemIds", given.items);
  body.Texts("acts", given.acts).Field("validFrom", from).Field("validUntil", given.until);
  body.Field("note", given.reason).End('}');
  return Finish(run, Post(run, "/v1/mandates", body.Take()), ShowMandate);
}

int MandateList(Invocation& run) {
  const ActingArguments& filter = run.arguments.acting;
  std::string path = "/v1/mandates?pageSize=200";
  if (!filter.side.empty()) path += "&side=" + UrlEncode(filter.side);
  if (!filter.state.empty()) path += "&state=" + UrlEncode(filter.state);
  return Finish(run, run.session.Send({.path = path}), ShowMandates);
}

int MandateRevoke(Invocation& run) {
  const ActingArguments& given = run.arguments.acting;
  return Finish(run,
                Post(run, fmt::format("/v1/mandates/{}:revoke", UrlEncode(given.whom)),
                     ReasonBody(given.reason)),
                ShowMandate);
}

int DelegationGrant(Invocation& run) {
  const ActingArguments& given = run.arguments.acting;
  std::string from;
  if (!given.from.empty()) {
    auto begin = InstantOf(given.from, false);
    if (!begin) return Fail(run, begin.error(), false);
    from = *std::move(begin);
  }
  const auto until = InstantOf(given.until, true);
  if (!until) return Fail(run, until.error(), false);
  JsonWriter body;
  body.Begin('{').Field("deputyUserId", given.whom).Texts("roles", given.roles);
  body.Field("from", from).Field("until", *until).Field("reason", given.reason).End('}');
  return Finish(run, Post(run, "/v1/delegations", body.Take()), ShowDelegation);
}

int DelegationList(Invocation& run) {
  std::string path = "/v1/delegations?pageSize=200";
  const std::string& state = run.arguments.acting.state;
  if (!state.empty()) path += "&state=" + UrlEncode(state);
  return Finish(run, run.session.Send({.path = path}), ShowDelegations);
}

int DelegationRevoke(Invocation& run) {
  const ActingArguments& given = run.arguments.acting;
  return Finish(run,
                Post(run, fmt::format("/v1/delegations/{}:revoke", UrlEncode(given.whom)),
                     ReasonBody(given.reason)),
                ShowDelegation);
}

int CalendarPublish(Invocation& run) {
  const CalendarArguments& given = run.arguments.calendar;
  const auto csv = ReadFile(given.file, kLargestCalendar);
  if (!csv) return Fail(run, csv.error(), false);
  auto body = PublicationBody(*csv, given.year, given.note);
  if (!body) return Fail(run, body.error(), false);
  const std::string path = fmt::format("/v1/calendars/{}:publish", UrlEncode(given.calendar));
  return Finish(run, Post(run, path, *std::move(body)), ShowPublished);
}

int CalendarShow(Invocation& run) {
  const CalendarArguments& given = run.arguments.calendar;
  std::string path = fmt::format("/v1/calendars/{}", UrlEncode(given.calendar));
  if (given.year != 0) path += fmt::format("?year={}", given.year);
  return Finish(run, run.session.open_api().Send({.path = path}), ShowCalendars);
}

}  // namespace zonelink::cli
