// SPDX-License-Identifier: Apache-2.0
// The access matrix of mandates, delegations and calendars.
#include <fmt/format.h>

#include <atomic>

#include "platform/core/time.h"
#include "tests/integration/call_rows.h"

namespace zonelink::test {
namespace {

using std::chrono::days;

const std::string kOfficers = "verifier reviewer inspector releaser ";
const std::string kForeignOfficers = "verifier~ reviewer~ inspector~ releaser~ ";
const std::string kHomeOfficers = "verifier@home reviewer@home ";

bool Has(const std::string& name, const char* mark) { return name.find(mark) != std::string::npos; }

// No two alike: the same mandate is given once.
std::string MandateBody(Cast& cast, const std::string& agent_uscc) {
  static std::atomic<int> given{0};
  const Date today = ShanghaiDate(*ParseTime(cast.world.Now()));
  return fmt::format(
      R"({{"agentUscc":"{}","itemIds":["{}"],"acts":["file"],"validFrom":"{}","validUntil":"{}",)"
      R"("note":"代理"}})",
      agent_uscc, cast.item, FormatDate(today), FormatDate(today + days{1 + given++ % 1000}));
}

// From the own organisation to one that nobody of the cast belongs to.
std::string Mandate(Cast& cast) {
  static const Organization agent = cast.world.NewOrganization(kHomeZone);
  return cast.As("enterprise_admin")
      .Post("/v1/mandates", MandateBody(cast, agent.uscc))
      .text("mandateId");
}

// `name` delegates its first role to a fresh colleague.
std::string DelegationBody(Cast& cast, const std::string& name) {
  const char* zone = Has(name, "~") ? kForeignZone : Has(name, "@home") ? kHomeZone : kOwnZone;
  const std::string role = name.substr(0, name.find_first_of("~@"));
  const Time now = *ParseTime(cast.world.Now());
  return fmt::format(
      R"({{"deputyUserId":"{}","roles":["{}"],"from":"{}","until":"{}","reason":"休假"}})",
      cast.world.Staff(zone, {}).user_id, role, FormatTime(now + days{1}),
      FormatTime(now + days{3}));
}

// Between two officers of the own zone who are not of the cast.
std::string Delegation(Cast& cast) {
  const Person officer = cast.StaffOfOwnZone({"verifier"});
  return cast.world.As(officer)
      .Post("/v1/delegations", DelegationBody(cast, "verifier"))
      .text("delegationId");
}

std::vector<CallRow> MandateRows() {
  return {
      {.rpc = "MandateService/CreateMandate",
       .allowed = "enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string& name) {
             const Organization& agent = Has(name, "~") ? cast.own : cast.foreign;
             return Post("/v1/mandates", MandateBody(cast, agent.uscc));
           },
       .status = 201},
      {.rpc = "MandateService/GetMandate",
       .allowed = "filer enterprise_admin auditor",
       .hidden = "filer~ enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = Mandate(cast);
             return Get("/v1/mandates/" + id, id);
           }},
      {.rpc = "MandateService/ListMandates",
       .allowed = "filer enterprise_admin filer~ enterprise_admin~ auditor",
       .make = [](Cast& cast,
                  const std::string&) { return Get("/v1/mandates?pageSize=200", Mandate(cast)); },
       .canary = "filer enterprise_admin auditor"},
      {.rpc = "MandateService/RevokeMandate",
       .allowed = "enterprise_admin",
       .hidden = "enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = Mandate(cast);
             return Post(fmt::format("/v1/mandates/{}:revoke", id), R"({"reason":"到期"})", id);
           }},
  };
}

std::vector<CallRow> DelegationRows() {
  return {
      {.rpc = "DelegationService/CreateDelegation",
       .allowed = kOfficers + kForeignOfficers + kHomeOfficers,
       .make =
           [](Cast& cast, const std::string& name) {
             return Post("/v1/delegations", DelegationBody(cast, name));
           },
       .status = 201},
      {.rpc = "DelegationService/ListDelegations",
       .allowed = kOfficers + kForeignOfficers + kHomeOfficers + "zone_admin zone_admin~ auditor",
       .make =
           [](Cast& cast, const std::string&) {
             return Get("/v1/delegations?pageSize=200", Delegation(cast));
           },
       .canary = "zone_admin auditor"},
      {.rpc = "DelegationService/RevokeDelegation",
       .allowed = "zone_admin",
       .hidden = kOfficers + kForeignOfficers + kHomeOfficers + "zone_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = Delegation(cast);
             return Post(fmt::format("/v1/delegations/{}:revoke", id), R"({"reason":"返岗"})", id);
           }},
  };
}

std::vector<CallRow> CalendarRows() {
  return {
      {.rpc = "CalendarService/PublishCalendar",
       .allowed = "system_admin",
       // A day on which no case of the tests counts.
       .make =
           [](Cast&, const std::string&) {
             return Post("/v1/calendars/xinjiang:publish",
                         R"({"year":2040,"days":[{"date":"2040-12-03","kind":"REST",)"
                         R"("name":"片区节日"}],"note":"测试"})");
           }},
      {.rpc = "CalendarService/ListPublishedCalendars",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/calendars/xinjiang"); }},
  };
}

}  // namespace

std::vector<CallRow> DirectoryMoreRows() {
  std::vector<CallRow> rows = MandateRows();
  for (const auto& part : {DelegationRows(), CalendarRows()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  return rows;
}

}  // namespace zonelink::test
