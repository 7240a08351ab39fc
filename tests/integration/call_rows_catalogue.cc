// SPDX-License-Identifier: Apache-2.0
// The access matrix of CatalogueService.
#include <fmt/format.h>

#include <stdexcept>

#include "tests/integration/call_rows.h"
#include "tests/support/json_tree.h"

namespace zonelink::test {
namespace {

void Must(const Answer& answer, const std::string& what) {
  if (!answer.ok()) throw std::runtime_error(what + ": " + answer.reason());
}

// The cast's item as it is, to be published again.
std::string ItemAgain(Cast& cast) {
  const auto item = cast.As("secretariat").Get("/v1/items/" + cast.item);
  JsonTree body = JsonTree::Parse(item.body);
  return body.Without("etag").Text();
}

std::string EntryBody(Cast& cast, const std::string& entry_id) {
  return fmt::format(
      R"({{"entryId":"{}","itemId":"{}","nameZh":"条目","nameEn":"Entry",)"
      R"("predicate":"strict $.hsCode == \"000000\"","article":"test","sourceStatus":"SAMPLE",)"
      R"("effectiveFrom":"2020-01-01","effectiveUntil":"2035-12-31"}})",
      entry_id, cast.item);
}

// A fresh entry of the own zone's list.
std::string Entry(Cast& cast) {
  const std::string id = NewUsername("entry");
  Must(cast.As("zone_admin")
           .Post(fmt::format("/v1/negativeLists/{}/entries", kOwnZone), EntryBody(cast, id)),
       "entry");
  return id;
}

std::vector<CallRow> VersionRows() {
  return {
      {.rpc = "CatalogueService/ReviseItem",
       .allowed = "secretariat",
       .make =
           [](Cast& cast, const std::string&) {
             return Post(fmt::format("/v1/items/{}:revise", cast.item), ItemAgain(cast));
           },
       .status = 201},
      {.rpc = "CatalogueService/ListItemVersions",
       .allowed = "everybody",
       .make =
           [](Cast& cast, const std::string&) {
             return Get(fmt::format("/v1/items/{}/versions", cast.item));
           }},
      {.rpc = "CatalogueService/AmendAgreement",
       .allowed = "zone_admin secretariat",
       .hidden = "zone_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.AgreementInForce();
             return Post(fmt::format("/v1/agreements/{}:amend", id),
                         fmt::format(R"({{"homeZones":["{}"],"targetZones":["{}"],)"
                                     R"("mode":"REVIEW","validUntil":"2035-12-31"}})",
                                     kHomeZone, kOwnZone),
                         id);
           },
       .status = 201},
      {.rpc = "CatalogueService/ResumeAgreement",
       .allowed = "zone_admin",
       .hidden = "zone_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.AgreementInForce();
             Must(cast.As("zone_admin")
                      .Post(fmt::format("/v1/agreements/{}:suspend", id), R"({"reason":"核查"})"),
                  "suspend");
             return Post(fmt::format("/v1/agreements/{}:resume", id), R"({"reason":"核查完毕"})",
                         id);
           }},
  };
}

std::vector<CallRow> ListRows() {
  return {
      {.rpc = "CatalogueService/CreateNegativeListEntry",
       .allowed = "zone_admin",
       .denied = "zone_admin~:FOREIGN_LIST secretariat:FOREIGN_LIST",
       .make =
           [](Cast& cast, const std::string&) {
             return Post(fmt::format("/v1/negativeLists/{}/entries", kOwnZone),
                         EntryBody(cast, NewUsername("entry")));
           },
       .status = 201},
      {.rpc = "CatalogueService/CreateNegativeListEntry",
       .variant = "of the common list",
       .allowed = "secretariat",
       .denied = "zone_admin:FOREIGN_LIST zone_admin~:FOREIGN_LIST",
       .make =
           [](Cast& cast, const std::string&) {
             return Post("/v1/negativeLists/common/entries", EntryBody(cast, NewUsername("entry")));
           },
       .status = 201},
      {.rpc = "CatalogueService/GetNegativeListEntry",
       .allowed = "everybody",
       .make =
           [](Cast& cast, const std::string&) {
             return Get(fmt::format("/v1/negativeLists/{}/entries/{}", kOwnZone, Entry(cast)));
           }},
      {.rpc = "CatalogueService/ListNegativeListEntries",
       .allowed = "everybody",
       .make =
           [](Cast&, const std::string&) {
             return Get(fmt::format("/v1/negativeLists/{}/entries", kOwnZone));
           }},
      {.rpc = "CatalogueService/RetireNegativeListEntry",
       .allowed = "zone_admin",
       .denied = "zone_admin~:FOREIGN_LIST secretariat:FOREIGN_LIST",
       .make =
           [](Cast& cast, const std::string&) {
             return Post(
                 fmt::format("/v1/negativeLists/{}/entries/{}:retire", kOwnZone, Entry(cast)),
                 R"({"reason":"废止"})");
           }},
      {.rpc = "CatalogueService/ScreenAttributes",
       .allowed = "filer filer~ enterprise_admin enterprise_admin~ verifier verifier~ "
                  "verifier@home reviewer reviewer~ reviewer@home zone_admin zone_admin~ "
                  "secretariat chair auditor",
       .make =
           [](Cast& cast, const std::string&) {
             return Post("/v1/negativeLists:screen",
                         fmt::format(R"({{"itemId":"{}","homeZone":"{}","targetZones":["{}"]}})",
                                     cast.item, kHomeZone, kOwnZone));
           }},
      {.rpc = "CatalogueService/CountNegativeListHits",
       .allowed = "zone_admin zone_admin~ secretariat chair auditor",
       .make =
           [](Cast&, const std::string&) {
             return Get(fmt::format("/v1/negativeLists/{}/hits?from=2020-01-01", kOwnZone));
           }},
  };
}

}  // namespace

std::vector<CallRow> CatalogueServiceRows() {
  std::vector<CallRow> rows = VersionRows();
  for (CallRow& row : ListRows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace zonelink::test
