// SPDX-License-Identifier: Apache-2.0
// The access matrix of LedgerService.
#include <fmt/format.h>

#include "tests/integration/call_rows.h"

namespace zonelink::test {
namespace {

// Who is a party to the cast's filings, and the auditor.
const std::string kParties =
    "filer enterprise_admin " + kOwnStaff + "verifier@home reviewer@home secretariat chair auditor";

}  // namespace

std::vector<CallRow> LedgerRows() {
  // Any event makes the first tile; its receipt shows that a checkpoint covers it.
  const auto after_an_event = [](const std::string& path) {
    return [path](Cast& cast, const std::string& name) {
      if (name == "nobody") cast.EventInLedger();
      return Get(path);
    };
  };
  return {
      {.rpc = "LedgerService/GetCheckpoint",
       .allowed = "everybody",
       .make = after_an_event("/v1/ledger/checkpoint")},
      {.rpc = "LedgerService/GetTile",
       .allowed = "everybody",
       .make = after_an_event("/v1/ledger/tile/0/000.p/1")},
      {.rpc = "LedgerService/GetEntries",
       .allowed = "everybody",
       .make = after_an_event("/v1/ledger/tile/entries/000.p/1")},
      {.rpc = "LedgerService/GetReceipt",
       .allowed = "everybody",
       .make =
           [](Cast& cast, const std::string&) {
             return Get("/v1/ledger/receipts/" + cast.EventInLedger(), R"("salt":)");
           },
       .canary = kParties},
      {.rpc = "LedgerService/GetConsistencyProof",
       .allowed = "everybody",
       .make = after_an_event("/v1/ledger/consistency?from=1&to=1")},
      {.rpc = "LedgerService/GetLedger",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/ledger"); }},
      {.rpc = "LedgerService/DestroySalt",
       .allowed = "security_admin",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.EventInLedger();
             return Post(fmt::format("/v1/ledger/receipts/{}:destroySalt", id),
                         R"({"reason":"个人信息主体要求删除"})", id);
           }},
  };
}

}  // namespace zonelink::test
