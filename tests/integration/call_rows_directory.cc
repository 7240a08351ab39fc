// SPDX-License-Identifier: Apache-2.0
// The access matrix of zones, organisations, users, roles, sessions and the clock.
#include <fmt/format.h>

#include "platform/core/time.h"
#include "tests/integration/call_rows.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;

std::string UserBody(const std::string& zone, const std::string& organization_id) {
  client::JsonWriter writer;
  writer.Begin('{').Key("username").Text(NewUsername("made")).Key("name").Text("新人");
  writer.Key("password").Text(kPassword).Field("zone", zone);
  return writer.Field("organizationId", organization_id).End('}').Take();
}

}  // namespace

std::vector<CallRow> DirectoryRows() {
  return {
      {.rpc = "DirectoryService/CreateSession",
       .allowed = "everybody",
       .make =
           [](Cast& cast, const std::string&) {
             return Post("/v1/sessions", fmt::format(R"({{"username":"{}","password":"{}"}})",
                                                     cast.person("evaluator").username, kPassword));
           }},
      {.rpc = "DirectoryService/RefreshSession",
       .allowed = "everybody",
       .make =
           [](Cast& cast, const std::string&) {
             const auto session = cast.world.Login(cast.person("evaluator").username);
             return Post("/v1/sessions:refresh",
                         fmt::format(R"({{"refreshToken":"{}"}})", session.text("refreshToken")));
           }},
      {.rpc = "DirectoryService/ListSessions",
       .allowed = "signed-in",
       .make = [](Cast&, const std::string&) { return Get("/v1/sessions"); }},
      {.rpc = "DirectoryService/RevokeSession",
       .allowed = "signed-in",
       .make =
           [](Cast& cast, const std::string& name) {
             const auto& who = cast.person(name == "nobody" ? "plain" : name).username;
             const std::string id = cast.world.Login(who).text("sessionId");
             return Post(fmt::format("/v1/sessions/{}:revoke", id), "{}", id);
           }},
      {.rpc = "DirectoryService/RevokeSession",
       .variant = "of another user",
       .allowed = "evaluator",
       .hidden = "plain " + kForeignMembers + "filer enterprise_admin " + kOwnStaff +
                 kForeignStaff + "verifier@home reviewer@home secretariat chair auditor " +
                 kThreeAdministrators,
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id =
                 cast.world.Login(cast.person("evaluator").username).text("sessionId");
             return Post(fmt::format("/v1/sessions/{}:revoke", id), "{}", id);
           }},
      {.rpc = "DirectoryService/GetMe",
       .allowed = "signed-in",
       .make = [](Cast&, const std::string&) { return Get("/v1/me"); }},
      {.rpc = "DirectoryService/ChangePassword",
       .allowed = "signed-in",
       .make =
           [](Cast&, const std::string&) {
             return Post(
                 "/v1/me:changePassword",
                 R"({"oldPassword":"not-the-password","newPassword":"another-long-one-7"})");
           },
       .status = 409,
       .reason = "PASSWORD_WRONG"},
      {.rpc = "DirectoryService/ListKeys",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/keys"); }},
      {.rpc = "DirectoryService/ListZones",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/zones"); }},
      {.rpc = "DirectoryService/GetWorkingDays",
       .allowed = "everybody",
       .make =
           [](Cast&, const std::string&) {
             return Get("/v1/calendars/zhejiang:workingDays?from=2026-03-02&days=20");
           }},
      {.rpc = "DirectoryService/GetClock",
       .allowed = "everybody",
       .make = [](Cast&, const std::string&) { return Get("/v1/clock"); }},
      {.rpc = "DirectoryService/AdvanceClock",
       .allowed = "system_admin",
       .make =
           [](Cast& cast, const std::string&) {
             const Time now = *ParseTime(cast.world.Now());
             return Post("/v1/clock:advance",
                         fmt::format(R"({{"to":"{}"}})", FormatTime(now + 10min)));
           }},
      {.rpc = "DirectoryService/CreateOrganization",
       .allowed = "system_admin zone_admin",
       .denied = "zone_admin~:FOREIGN_ZONE",
       .make =
           [](Cast&, const std::string&) {
             return Post("/v1/organizations",
                         fmt::format(R"({{"uscc":"{}","nameZh":"新企业","zone":"{}"}})", NewUscc(),
                                     kOwnZone));
           },
       .status = 201},
      {.rpc = "DirectoryService/GetOrganization",
       .allowed = "filer enterprise_admin " + kOwnStaff + "secretariat chair auditor " +
                  kThreeAdministrators,
       .hidden = "plain evaluator verifier@home reviewer@home " + kForeignMembers + kForeignStaff,
       .make =
           [](Cast& cast, const std::string&) {
             return Get("/v1/organizations/" + cast.own.id, cast.own.id);
           }},
      {.rpc = "DirectoryService/ListOrganizations",
       .allowed = "signed-in",
       .make =
           [](Cast& cast, const std::string&) {
             return Get("/v1/organizations?uscc=" + cast.own.uscc, cast.own.id);
           },
       .canary = "filer enterprise_admin " + kOwnStaff + "secretariat chair auditor " +
                 kThreeAdministrators},
      {.rpc = "DirectoryService/CreateUser",
       .variant = "staff",
       .allowed = "system_admin zone_admin",
       .denied = "zone_admin~:FOREIGN_ZONE enterprise_admin:FOREIGN_ZONE "
                 "enterprise_admin~:FOREIGN_ZONE",
       .make = [](Cast&, const std::string&) { return Post("/v1/users", UserBody(kOwnZone, "")); },
       .status = 201},
      {.rpc = "DirectoryService/CreateUser",
       .variant = "member",
       .allowed = "system_admin enterprise_admin",
       .denied = "enterprise_admin~:FOREIGN_ORGANIZATION zone_admin:FOREIGN_ORGANIZATION "
                 "zone_admin~:FOREIGN_ORGANIZATION",
       .make =
           [](Cast& cast, const std::string&) {
             return Post("/v1/users", UserBody("", cast.own.id), cast.own.id);
           },
       .status = 201},
      {.rpc = "DirectoryService/GetUser",
       .variant = "staff",
       .allowed = "zone_admin auditor " + kThreeAdministrators,
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const auto& id = cast.person("verifier").user_id;
             return Get("/v1/users/" + id, id);
           }},
      {.rpc = "DirectoryService/GetUser",
       .variant = "member",
       .allowed = "enterprise_admin auditor " + kThreeAdministrators,
       .hidden = "zone_admin zone_admin~ enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const auto& id = cast.person("filer").user_id;
             return Get("/v1/users/" + id, id);
           }},
      {.rpc = "DirectoryService/ListUsers",
       .allowed = "zone_admin zone_admin~ enterprise_admin enterprise_admin~ "
                  "auditor " +
                  kThreeAdministrators,
       .make =
           [](Cast& cast, const std::string&) {
             const auto& person = cast.person("verifier");
             return Get("/v1/users?username=" + person.username, person.user_id);
           },
       .canary = "zone_admin auditor " + kThreeAdministrators},
      {.rpc = "DirectoryService/DisableUser",
       .variant = "staff",
       .allowed = "system_admin zone_admin",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.StaffOfOwnZone().user_id;
             return Post(fmt::format("/v1/users/{}:disable", id), R"({"reason":"离职"})", id);
           }},
      {.rpc = "DirectoryService/DisableUser",
       .variant = "member",
       .allowed = "system_admin enterprise_admin",
       .hidden = "zone_admin zone_admin~ enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.MemberOfOwn().user_id;
             return Post(fmt::format("/v1/users/{}:disable", id), R"({"reason":"离职"})", id);
           }},
      {.rpc = "DirectoryService/GrantRole",
       .variant = "verifier",
       .allowed = "security_admin zone_admin",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.StaffOfOwnZone().user_id;
             return Post(fmt::format("/v1/users/{}/roleGrants", id), R"({"role":"verifier"})", id);
           },
       .status = 201},
      {.rpc = "DirectoryService/GrantRole",
       .variant = "zone_admin",
       .allowed = "security_admin",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .denied = "zone_admin:ROLE_NOT_YOURS_TO_GRANT",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.StaffOfOwnZone().user_id;
             return Post(fmt::format("/v1/users/{}/roleGrants", id), R"({"role":"zone_admin"})",
                         id);
           },
       .status = 201},
      {.rpc = "DirectoryService/GrantRole",
       .variant = "filer",
       .allowed = "security_admin enterprise_admin",
       .hidden = "zone_admin zone_admin~ enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const std::string id = cast.MemberOfOwn().user_id;
             return Post(fmt::format("/v1/users/{}/roleGrants", id), R"({"role":"filer"})", id);
           },
       .status = 201},
      {.rpc = "DirectoryService/ListRoleGrants",
       .allowed = "security_admin audit_admin zone_admin auditor",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const auto& id = cast.person("verifier").user_id;
             return Get(fmt::format("/v1/users/{}/roleGrants", id), id);
           }},
      {.rpc = "DirectoryService/ConfirmRole",
       .allowed = "security_admin audit_admin",
       .make =
           [](Cast& cast, const std::string&) {
             const Person person = cast.world.User("", "", {});
             const std::string id = cast.Grant(person, "system_admin");
             return Post(fmt::format("/v1/users/{}/roleGrants/{}:confirm", person.user_id, id),
                         "{}", id);
           }},
      {.rpc = "DirectoryService/RevokeRole",
       .variant = "staff",
       .allowed = "security_admin zone_admin",
       .hidden = "zone_admin~ enterprise_admin enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const Person person = cast.StaffOfOwnZone();
             const std::string id = cast.Grant(person, "verifier");
             return Post(fmt::format("/v1/users/{}/roleGrants/{}:revoke", person.user_id, id),
                         R"({"reason":"调岗"})", id);
           }},
      {.rpc = "DirectoryService/RevokeRole",
       .variant = "member",
       .allowed = "security_admin enterprise_admin",
       .hidden = "zone_admin zone_admin~ enterprise_admin~",
       .make =
           [](Cast& cast, const std::string&) {
             const Person person = cast.MemberOfOwn();
             const std::string id = cast.Grant(person, "filer");
             return Post(fmt::format("/v1/users/{}/roleGrants/{}:revoke", person.user_id, id),
                         R"({"reason":"调岗"})", id);
           }},
  };
}

}  // namespace zonelink::test
