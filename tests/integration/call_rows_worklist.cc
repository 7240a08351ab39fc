// SPDX-License-Identifier: Apache-2.0
// The worklist's rows of the access matrix.
#include "tests/integration/call_rows.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;

// A fresh filing, once the worklist has it.
std::string KnownFiling(Cast& cast) {
  const std::string id = cast.Filing();
  auto sql = cast.world.deployment().database().Admin();
  const bool known = WaitUntil(10s, [&] {
    return sql.One("SELECT count(*) > 0 FROM worklist.inbox WHERE filing_id = $1", {id}) == "t";
  });
  if (!known) throw std::runtime_error("the worklist does not hear of the filing");
  return id;
}

}  // namespace

std::vector<CallRow> WorklistRows() {
  return {
      {.rpc = "WorklistService/ListInbox",
       .allowed = "signed-in",
       .make =
           [](Cast& cast, const std::string&) {
             return Target{.path = "/v1/inbox?pageSize=200", .body = {}, .id = KnownFiling(cast)};
           },
       .canary = "verifier auditor"},
      {.rpc = "BoardService/CountInbox",
       .allowed = "signed-in",
       .make =
           [](Cast& cast, const std::string&) {
             KnownFiling(cast);
             return Target{.path = "/v1/inbox:count", .body = {}, .id = R"("action":"accept")"};
           },
       .canary = "verifier auditor"},
      {.rpc = "WorklistService/StreamEvents",
       .allowed = "signed-in",
       .make =
           [](Cast&, const std::string&) {
             return Target{"/v1/events:stream", {}, {}};
           }},
      {.rpc = "BoardService/GetBoard",
       .allowed = "zone_admin zone_admin~ secretariat auditor",
       .make =
           [](Cast& cast, const std::string&) {
             KnownFiling(cast);
             return Target{.path = "/v1/board", .body = {}, .id = R"("zone":"zhejiang")"};
           },
       .canary = "zone_admin secretariat auditor"},
  };
}

}  // namespace zonelink::test
