// SPDX-License-Identifier: Apache-2.0
// Items, agreements, negative lists.
#include <fmt/format.h>

#include "gateway/cli/catalogue_show.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/filing_input.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;
using client::JsonWriter;
using client::UrlEncode;

Result<client::HttpReply> Post(Invocation& run, std::string path, std::string body) {
  return run.session.Send({.method = "POST",
                           .path = std::move(path),
                           .body = std::move(body),
                           .idempotency_key = run.idempotency_key});
}

// The body comes from a file; its form is the server's to check.
int PostFile(Invocation& run, std::string path, Show show) {
  auto body = ReadInput(run.arguments.catalogue.file);
  if (!body) return Fail(run, body.error(), false);
  return Finish(run, Post(run, std::move(path), *std::move(body)), show);
}

std::string ItemPath(const Invocation& run, std::string_view rest = "") {
  return fmt::format("/v1/items/{}{}", UrlEncode(run.arguments.catalogue.id), rest);
}

std::string AgreementPath(const Invocation& run, std::string_view rest = "") {
  return fmt::format("/v1/agreements/{}{}", UrlEncode(run.arguments.catalogue.id), rest);
}

std::string ListPath(const Invocation& run, std::string_view rest) {
  return fmt::format("/v1/negativeLists/{}/{}", UrlEncode(run.arguments.catalogue.id), rest);
}

int AgreementVerb(Invocation& run, std::string_view verb) {
  JsonWriter body;
  body.Begin('{').Field("reason", run.arguments.catalogue.reason);
  body.Field("etag", run.arguments.etag).End('}');
  return Finish(run, Post(run, AgreementPath(run, verb), body.Take()), ShowAgreement);
}

}  // namespace

int ItemList(Invocation& run) {
  return Finish(run, run.session.open_api().Send({.path = "/v1/items?pageSize=200"}), ShowItems);
}

int ItemShow(Invocation& run) {
  const int version = run.arguments.catalogue.version;
  const std::string query = version > 0 ? fmt::format("?version={}", version) : "";
  return Finish(run, run.session.open_api().Send({.path = ItemPath(run, query)}), ShowItem);
}

int ItemRevise(Invocation& run) { return PostFile(run, ItemPath(run, ":revise"), ShowItem); }

int AgreementList(Invocation& run) {
  const CatalogueArguments& filter = run.arguments.catalogue;
  std::string path = "/v1/agreements?pageSize=200";
  if (!filter.item.empty()) path += "&itemId=" + UrlEncode(filter.item);
  if (!filter.state.empty()) path += "&state=" + UrlEncode(filter.state);
  return Finish(run, run.session.Send({.path = path}), ShowAgreements);
}

int AgreementShow(Invocation& run) {
  return Finish(run, run.session.Send({.path = AgreementPath(run)}), ShowAgreement);
}

int AgreementSign(Invocation& run) { return AgreementVerb(run, ":sign"); }
int AgreementSuspend(Invocation& run) { return AgreementVerb(run, ":suspend"); }
int AgreementResume(Invocation& run) { return AgreementVerb(run, ":resume"); }

int AgreementAmend(Invocation& run) {
  return PostFile(run, AgreementPath(run, ":amend"), ShowAgreement);
}

int NegativeListShow(Invocation& run) {
  const CatalogueArguments& filter = run.arguments.catalogue;
  std::string path = ListPath(run, "entries?pageSize=200");
  if (!filter.item.empty()) path += "&itemId=" + UrlEncode(filter.item);
  return Finish(run, run.session.open_api().Send({.path = path}), ShowListEntries);
}

int NegativeListAdd(Invocation& run) {
  return PostFile(run, ListPath(run, "entries"), ShowListEntry);
}

int NegativeListRetire(Invocation& run) {
  const CatalogueArguments& given = run.arguments.catalogue;
  JsonWriter body;
  body.Begin('{').Field("reason", given.reason).Field("etag", run.arguments.etag).End('}');
  const std::string path = ListPath(run, fmt::format("entries/{}:retire", UrlEncode(given.entry)));
  return Finish(run, Post(run, path, body.Take()), ShowListEntry);
}

int NegativeListScreen(Invocation& run) {
  const FilingArguments& asked = run.arguments.filing;
  const auto item = run.session.open_api().Ask({.path = "/v1/items/" + UrlEncode(asked.item)});
  if (!item) return Fail(run, item.error(), false);
  const auto empty = JsonDocument::Parse("{}");
  if (!empty) return Fail(run, empty.error(), false);
  // As a filing's, of which only the attributes are taken.
  const auto filing = FilingBody(empty->root(), asked, AttributeTypesOf(item->root()), {});
  if (!filing) return Fail(run, filing.error(), false);
  const auto made = JsonDocument::Parse(*filing);
  if (!made) return Fail(run, made.error(), false);
  JsonWriter body;
  body.Begin('{').Field("itemId", asked.item).Field("homeZone", asked.home);
  body.Texts("targetZones", asked.to);
  if (made->root()["attributes"].present()) {
    body.Key("attributes").Raw(made->root()["attributes"].dump());
  }
  body.End('}');
  return Finish(
      run,
      run.session.Send({.method = "POST", .path = "/v1/negativeLists:screen", .body = body.Take()}),
      ShowScreening);
}

int NegativeListHits(Invocation& run) {
  const CatalogueArguments& when = run.arguments.catalogue;
  std::string path = ListPath(run, "hits");
  char mark = '?';
  const auto add = [&](std::string_view name, const std::string& day) {
    if (day.empty()) return;
    path += fmt::format("{}{}={}", mark, name, UrlEncode(day));
    mark = '&';
  };
  add("from", when.from);
  add("until", when.until);
  return Finish(run, run.session.Send({.path = path}), ShowHits);
}

}  // namespace zonelink::cli
