// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "gateway/cli/commands.h"
#include "gateway/cli/filing_input.h"

namespace zonelink::cli {
namespace {

using client::Json;
using client::JsonDocument;
using client::JsonWriter;
using client::UrlEncode;

std::string FilingPath(const Invocation& run, std::string_view rest = "") {
  return fmt::format("/v1/filings/{}{}", UrlEncode(run.arguments.filing.filing_id), rest);
}

// The body of a pre-check or submission. The catalogue tells the types of attributes given as
// options, the caller's own organisation stands in for an applicant left out.
Result<std::string> BodyFromInput(Invocation& run) {
  const FilingArguments& options = run.arguments.filing;
  auto text = options.input.empty() ? Result<std::string>("{}") : ReadInput(options.input);
  if (!text) return text;
  auto input = JsonDocument::Parse(*text);
  if (!input) return std::move(input).error();
  if (!input->root().is_object()) {
    return InvalidArgument("INPUT_FORM", "the input is not a JSON object");
  }
  AttributeTypes types;
  const std::string item = ItemOf(input->root(), options);
  if (!options.attributes.empty() && !item.empty()) {
    auto answer = run.session.open_api().Ask({.path = "/v1/items/" + UrlEncode(item)});
    if (!answer) return std::move(answer).error();
    types = AttributeTypesOf(answer->root());
  }
  OwnOrganization own;
  if (!input->root()["applicant"].present()) {
    auto me = run.session.Ask({.path = "/v1/me"});
    if (!me) return std::move(me).error();
    const Json organization = me->root()["organization"];
    own = {organization["uscc"].text(), organization["name"].text()};
  }
  return FilingBody(input->root(), options, types, own);
}

}  // namespace

int FilingPrecheck(Invocation& run) {
  const auto body = BodyFromInput(run);
  if (!body) return Fail(run, body.error(), false);
  return Finish(run,
                run.session.Send({.method = "POST", .path = "/v1/filings:precheck", .body = *body}),
                ShowPrecheck);
}

int FilingSubmit(Invocation& run) {
  const auto body = BodyFromInput(run);
  if (!body) return Fail(run, body.error(), false);
  return Finish(run,
                run.session.Send({.method = "POST",
                                  .path = "/v1/filings",
                                  .body = *body,
                                  .idempotency_key = run.idempotency_key}),
                ShowFiling);
}

int FilingShow(Invocation& run) {
  return Finish(run, run.session.Send({.path = FilingPath(run)}), ShowFiling);
}

int FilingTimeline(Invocation& run) {
  return Finish(run, run.session.Send({.path = FilingPath(run, "/timeline")}), ShowTimeline);
}

int FilingList(Invocation& run) {
  const FilingArguments& filter = run.arguments.filing;
  std::string query;
  if (!filter.state.empty()) query += "&state=" + UrlEncode(filter.state);
  if (!filter.item.empty()) query += "&itemId=" + UrlEncode(filter.item);
  if (!filter.zone.empty()) query += "&zone=" + UrlEncode(filter.zone);
  std::string page_token = filter.page_token;
  std::vector<JsonDocument> pages;
  std::vector<Json> filings;
  do {
    const int left = filter.limit - static_cast<int>(filings.size());
    std::string path = fmt::format("/v1/filings?pageSize={}{}", std::min(left, 200), query);
    if (!page_token.empty()) path += "&pageToken=" + UrlEncode(page_token);
    auto reply = run.session.Send({.path = path});
    if (!reply) return Fail(run, reply.error(), false);
    if (run.arguments.json) PrintJson(run, reply->body);
    auto page = JsonDocument::Parse(reply->body);
    if (!page) return Fail(run, page.error(), false);
    for (const Json& filing : page->root()["items"].items()) filings.push_back(filing);
    page_token = page->root()["nextPageToken"].text();
    pages.push_back(std::move(*page));
  } while (!page_token.empty() && static_cast<int>(filings.size()) < filter.limit);
  if (run.arguments.json) return kExitOk;
  Print(ShowFilings(filings, run.view));
  if (!page_token.empty()) {
    Print(fmt::format(
        fmt::runtime(run.view.style("还有更多：--page-token {}\n", "More: --page-token {}\n")),
        page_token));
  }
  return kExitOk;
}

int FilingWithdraw(Invocation& run) {
  JsonWriter body;
  body.Begin('{')
      .Field("reason", run.arguments.filing.note)
      .Field("etag", run.arguments.etag)
      .End('}');
  return Finish(run,
                run.session.Send({.method = "POST",
                                  .path = FilingPath(run, ":withdraw"),
                                  .body = body.Take(),
                                  .idempotency_key = run.idempotency_key}),
                ShowFiling);
}

int FilingSupplement(Invocation& run) {
  const FilingArguments& answer = run.arguments.filing;
  const auto documents = DocumentsJson(answer.documents);
  if (!documents) return Fail(run, documents.error(), false);
  JsonWriter body;
  body.Begin('{').Field("zone", answer.zone).Key("documents").Raw(*documents);
  body.Field("note", answer.note).Field("etag", run.arguments.etag).End('}');
  return Finish(run,
                run.session.Send({.method = "POST",
                                  .path = FilingPath(run, ":supplement"),
                                  .body = body.Take(),
                                  .idempotency_key = run.idempotency_key}),
                ShowFiling);
}

int FilingTakeDocument(Invocation& run) {
  const std::string path = FilingPath(
      run, fmt::format("/decisions/{}:takeDocument", UrlEncode(run.arguments.filing.zone)));
  JsonWriter body;
  body.Begin('{')
      .Field("sha256", run.arguments.document.sha256)
      .Field("etag", run.arguments.etag)
      .End('}');
  return Finish(run,
                run.session.Send({.method = "POST",
                                  .path = path,
                                  .body = body.Take(),
                                  .idempotency_key = run.idempotency_key}),
                ShowFiling);
}

}  // namespace zonelink::cli
