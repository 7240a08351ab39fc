// SPDX-License-Identifier: Apache-2.0
// Accounts, organisations, zones, calendar and clock: who sees what, what is refused.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/convert.h"
#include "directory/test_directory.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::directory {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSubsetOf;
using testing::UnorderedElementsAre;

class DirectoryTest : public testing::Test {
 protected:
  Call Somebody(const std::string& zone, const std::string& organization,
                const std::vector<std::string>& roles) {
    const std::string name = directory.NewName();
    directory.NewUser(name, zone, organization, roles);
    return directory.As(name);
  }
  pb::CreateUserRequest NewUserRequest(const std::string& zone, const std::string& organization) {
    pb::CreateUserRequest request;
    request.set_username(directory.NewName());
    request.set_name("张伟");
    request.set_password(kTestPassword);
    request.set_zone(zone);
    request.set_organization_id(organization);
    return request;
  }
  std::vector<std::string> UsersSeenBy(const Call& call, pb::ListUsersRequest request = {}) {
    std::vector<std::string> names;
    do {
      const auto page = directory.service.ListUsers(call, request);
      EXPECT_TRUE(page);
      for (const pb::User& user : page->items()) names.push_back(user.username());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
  std::vector<std::string> OrganizationsSeenBy(const Call& call) {
    std::vector<std::string> ids;
    pb::ListOrganizationsRequest request;
    request.set_page_size(200);
    const auto page = directory.service.ListOrganizations(call, request);
    for (const auto& organization : page->items()) ids.push_back(organization.organization_id());
    return ids;
  }
  std::string GetUserReason(const Call& call, const std::string& user_id) {
    pb::GetUserRequest request;
    request.set_user_id(user_id);
    return ReasonOf(directory.service.GetUser(call, request));
  }

  TestDirectory& directory = Directory();
  const Call system = directory.As("sysadmin");
};

TEST_F(DirectoryTest, WhoCreatesWhom) {
  const std::string organization = directory.NewOrganization("tianjin");
  const Call zone_admin = Somebody("tianjin", "", {"zone_admin"});
  const Call enterprise_admin = Somebody("", organization, {"enterprise_admin"});
  const auto reason = [&](const Call& call, const char* zone, const std::string& org) {
    return ReasonOf(directory.service.CreateUser(call, NewUserRequest(zone, org)));
  };
  EXPECT_EQ(reason(system, "", ""), "");
  EXPECT_EQ(reason(system, "", organization), "");
  EXPECT_EQ(reason(system, "atlantis", ""), "ZONE_NOT_FOUND");
  EXPECT_EQ(reason(system, "", "no-such-organization"), "ORGANIZATION_NOT_FOUND");
  EXPECT_EQ(reason(system, "tianjin", organization), "AFFILIATION_AMBIGUOUS");
  EXPECT_EQ(reason(zone_admin, "tianjin", ""), "");
  EXPECT_EQ(reason(zone_admin, "fujian", ""), "FOREIGN_ZONE");
  EXPECT_EQ(reason(zone_admin, "atlantis", ""), "FOREIGN_ZONE");
  EXPECT_EQ(reason(zone_admin, "", organization), "FOREIGN_ORGANIZATION");
  EXPECT_EQ(reason(enterprise_admin, "", organization), "");
  EXPECT_EQ(reason(enterprise_admin, "", "no-such-organization"), "FOREIGN_ORGANIZATION");
  EXPECT_EQ(reason(enterprise_admin, "tianjin", ""), "FOREIGN_ZONE");
}

TEST_F(DirectoryTest, CreatedAccountsCanLogInAndHoldNoRole) {
  const auto request = NewUserRequest("tianjin", "");
  const auto user = directory.service.CreateUser(system, request);
  ASSERT_TRUE(user);
  EXPECT_EQ(user->username(), request.username());
  EXPECT_EQ(user->zone(), "tianjin");
  EXPECT_EQ(user->roles_size(), 0);
  EXPECT_TRUE(directory.As(request.username()).caller.roles.empty());
}

TEST_F(DirectoryTest, LookAlikeNamesCollide) {
  auto request = NewUserRequest("", "");
  request.set_username("clerk-one.look");
  ASSERT_TRUE(directory.service.CreateUser(system, request));
  for (const char* taken : {"clerk-one.look", "Clerk-One.Look", "c1erk-one.look", "clerk-0ne.l00k",
                            "сlerk-one.look"}) {  // the last begins with a Cyrillic letter
    request.set_username(taken);
    EXPECT_EQ(ReasonOf(directory.service.CreateUser(system, request)), "USERNAME_TAKEN") << taken;
  }
}

TEST_F(DirectoryTest, WeakPasswordsAreRefused) {
  auto request = NewUserRequest("", "");
  for (const std::string& weak : {std::string("password1"), request.username() + "!"}) {
    request.set_password(weak);
    EXPECT_EQ(ReasonOf(directory.service.CreateUser(system, request)), "PASSWORD_WEAK") << weak;
  }
}

TEST_F(DirectoryTest, OneKeyMakesOneAccount) {
  const auto request = NewUserRequest("", "");
  Call call = system;
  call.rpc = "zonelink.directory.v1.DirectoryService/CreateUser";
  call.idempotency_key = request.username();
  const auto first = directory.service.CreateUser(call, request);
  const auto second = directory.service.CreateUser(call, request);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->user_id(), second->user_id());
  auto other = request;
  other.set_password("a different password");
  EXPECT_EQ(ReasonOf(directory.service.CreateUser(call, other)), "IDEMPOTENCY_KEY_REUSED");
}

TEST_F(DirectoryTest, WhoSeesWhichAccounts) {
  const std::string organization = directory.NewOrganization("hunan");
  const Call zone_admin = Somebody("hunan", "", {"zone_admin"});
  const Call verifier = Somebody("hunan", "", {"verifier"});
  const Call foreign_admin = Somebody("anhui", "", {"zone_admin"});
  const Call filer = Somebody("", organization, {"filer"});
  const Call enterprise_admin = Somebody("", organization, {"enterprise_admin"});
  const auto name = [](const Call& call) { return call.caller.username; };

  EXPECT_THAT(UsersSeenBy(zone_admin), UnorderedElementsAre(name(zone_admin), name(verifier)));
  EXPECT_THAT(UsersSeenBy(enterprise_admin),
              UnorderedElementsAre(name(filer), name(enterprise_admin)));
  EXPECT_THAT(UsersSeenBy(verifier), ElementsAre(name(verifier)));
  EXPECT_THAT(UsersSeenBy(filer), ElementsAre(name(filer)));
  EXPECT_THAT(UsersSeenBy(foreign_admin), ElementsAre(name(foreign_admin)));
  const std::vector<std::string> everybody{name(zone_admin), name(verifier), name(foreign_admin),
                                           name(filer), name(enterprise_admin)};
  for (const Call& call : {system, directory.As("secadmin"), directory.As("auditadmin"),
                           Somebody("", "", {"auditor"})}) {
    EXPECT_THAT(everybody, IsSubsetOf(UsersSeenBy(call)));
    EXPECT_EQ(GetUserReason(call, filer.caller.user_id), "");
  }
  EXPECT_EQ(GetUserReason(foreign_admin, verifier.caller.user_id), "USER_NOT_FOUND");
  EXPECT_EQ(GetUserReason(foreign_admin, "no-such-user"), "USER_NOT_FOUND");
  EXPECT_EQ(GetUserReason(zone_admin, filer.caller.user_id), "USER_NOT_FOUND");
}

TEST_F(DirectoryTest, PagesAreBoundToTheirList) {
  const Call zone_admin = Somebody("guangxi", "", {"zone_admin"});
  for (int i = 0; i < 4; ++i) Somebody("guangxi", "", {});
  pb::ListUsersRequest request;
  request.set_page_size(2);
  request.set_zone("guangxi");
  const std::vector<std::string> seen = UsersSeenBy(zone_admin, request);
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));

  const auto page = directory.service.ListUsers(zone_admin, request);
  request.set_page_token(page->next_page_token());
  EXPECT_TRUE(directory.service.ListUsers(zone_admin, request));
  EXPECT_EQ(ReasonOf(directory.service.ListUsers(system, request)), "PAGE_TOKEN_INVALID");
  request.set_zone("");
  EXPECT_EQ(ReasonOf(directory.service.ListUsers(zone_admin, request)), "PAGE_TOKEN_INVALID");
  request.set_page_token("forged");
  EXPECT_EQ(ReasonOf(directory.service.ListUsers(zone_admin, request)), "PAGE_TOKEN_INVALID");
}

TEST_F(DirectoryTest, FiltersOfUsers) {
  const Call somebody = Somebody("hebei", "", {});
  pb::ListUsersRequest request;
  request.set_username(somebody.caller.username);
  EXPECT_THAT(UsersSeenBy(system, request), ElementsAre(somebody.caller.username));
  request.set_zone("hunan");
  EXPECT_THAT(UsersSeenBy(system, request), ElementsAre());
}

TEST_F(DirectoryTest, RegisteringOrganizations) {
  const Call zone_admin = Somebody("chongqing", "", {"zone_admin"});
  pb::GetOrganizationRequest get;
  get.set_organization_id(directory.NewOrganization("chongqing"));
  const auto existing = directory.service.GetOrganization(zone_admin, get);
  ASSERT_TRUE(existing);

  pb::CreateOrganizationRequest request;
  request.set_uscc(existing->uscc());
  request.set_name_zh("另一家企业");
  request.set_zone("shaanxi");
  EXPECT_EQ(ReasonOf(directory.service.CreateOrganization(zone_admin, request)), "FOREIGN_ZONE");
  request.set_zone("chongqing");
  EXPECT_EQ(ReasonOf(directory.service.CreateOrganization(zone_admin, request)),
            "ORGANIZATION_EXISTS");
  request.set_uscc("91310000MA1FL0000X");  // the service trusts the server's check of the field
  EXPECT_TRUE(directory.service.CreateOrganization(zone_admin, request));
  request.set_uscc("91310000MA1FL0001Y");
  request.set_zone("atlantis");
  EXPECT_EQ(ReasonOf(directory.service.CreateOrganization(system, request)), "ZONE_NOT_FOUND");
}

TEST_F(DirectoryTest, WhoSeesWhichOrganizations) {
  const std::string here = directory.NewOrganization("beijing");
  const std::string there = directory.NewOrganization("xinjiang");
  EXPECT_THAT(OrganizationsSeenBy(Somebody("", here, {"filer"})), ElementsAre(here));
  EXPECT_THAT(OrganizationsSeenBy(Somebody("beijing", "", {"verifier"})), ElementsAre(here));
  EXPECT_THAT(OrganizationsSeenBy(Somebody("", "", {"evaluator"})), ElementsAre());
  for (const char* role : {"secretariat", "chair", "auditor", "security_admin", "audit_admin"}) {
    const auto seen = OrganizationsSeenBy(Somebody("", "", {role}));
    EXPECT_THAT(seen, Contains(here)) << role;
    EXPECT_THAT(seen, Contains(there)) << role;
  }
  pb::GetOrganizationRequest request;
  request.set_organization_id(there);
  EXPECT_EQ(ReasonOf(directory.service.GetOrganization(Somebody("", here, {"filer"}), request)),
            "ORGANIZATION_NOT_FOUND");
  request.set_organization_id("no-such-organization");
  EXPECT_EQ(ReasonOf(directory.service.GetOrganization(system, request)), "ORGANIZATION_NOT_FOUND");
}

TEST_F(DirectoryTest, ZonesAreAnnouncedOnce) {
  const auto zones = directory.service.ListZones(directory.Nobody(), {});
  ASSERT_TRUE(zones);
  EXPECT_EQ(zones->items_size(), 22);
  EXPECT_EQ(zones->items(0).zone_id(), "anhui");
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(directory.service.AnnounceZones());
    EXPECT_EQ(directory.scratch.AdminText("SELECT count(*) FROM directory.events WHERE type = "
                                          "'zonelink.directory.zone.opened'"),
              "22");
  }
}

TEST_F(DirectoryTest, WorkingDays) {
  pb::GetWorkingDaysRequest request;
  request.set_zone("zhejiang");
  request.set_from("2026-02-13");  // a Friday before the spring festival
  request.set_days(1);
  const auto next = directory.service.GetWorkingDays(directory.Nobody(), request);
  ASSERT_TRUE(next);
  EXPECT_FALSE(next->provisional());
  request.set_days(400);
  const auto far = directory.service.GetWorkingDays(directory.Nobody(), request);
  ASSERT_TRUE(far);
  EXPECT_TRUE(far->provisional());
  EXPECT_GT(far->skipped_size(), 100);
  for (const char* outside : {"2006-12-31", "2040-12-31", "2041-01-01", "1900-01-01"}) {
    request.set_from(outside);
    EXPECT_EQ(ReasonOf(directory.service.GetWorkingDays(system, request)), "CALENDAR_RANGE")
        << outside;
  }
  request.set_zone("atlantis");
  EXPECT_EQ(ReasonOf(directory.service.GetWorkingDays(system, request)), "ZONE_NOT_FOUND");
}

TEST_F(DirectoryTest, TheClockMovesForwardAndHandsOverToTheWall) {
  const auto advance = [&](Time to) {
    pb::AdvanceClockRequest request;
    *request.mutable_to() = ToTimestamp(to);
    return directory.service.AdvanceClock(system, request);
  };
  const auto shown = [&] {
    return directory.service.GetClock(directory.Nobody(), {})->now().seconds();
  };
  const auto seconds_of = [](Time at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  };
  using std::chrono::hours;
  const Time wall = SystemClock().Now();
  directory.scratch.Admin("UPDATE clock.setting SET offset_us = -86400000000");
  EXPECT_LT(shown(), seconds_of(wall - hours{23}));
  EXPECT_EQ(ReasonOf(advance(wall - hours{25})), "CLOCK_BACKWARDS");
  const auto moved = advance(wall - hours{2});
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->now().seconds(), seconds_of(wall - hours{2}));
  EXPECT_TRUE(moved->controllable());
  EXPECT_GE(shown(), seconds_of(wall - hours{2}));
  const auto handed_over = advance(wall + hours{48});
  ASSERT_TRUE(handed_over);
  EXPECT_LT(handed_over->now().seconds(), seconds_of(wall + hours{1}));
  EXPECT_EQ(directory.scratch.AdminText("SELECT offset_us FROM clock.setting"), "0");
  ASSERT_TRUE(advance(wall + hours{48}));
  EXPECT_GE(shown(), seconds_of(wall + hours{48}));
  EXPECT_EQ(ReasonOf(advance(wall + hours{24 * 366 * 40})), "CALENDAR_RANGE");
  directory.scratch.Admin("UPDATE clock.setting SET offset_us = 0");
}

TEST_F(DirectoryTest, AClockThatIsNotControllable) {
  DirectoryService fixed(
      directory.database, directory.clock,
      {.current = crypto::Ed25519Key::FromSeed(std::string(32, 'a')), .next = std::nullopt}, {},
      "another secret of the tests, long enough");
  EXPECT_EQ(ReasonOf(fixed.AdvanceClock(system, {})), "CLOCK_NOT_CONTROLLABLE");
  EXPECT_FALSE(fixed.GetClock(system, {})->controllable());
}

TEST_F(DirectoryTest, MovingTheClockWaitsForWhatFallsDue) {
  constexpr const char* kOffset = "SELECT offset_us FROM clock.setting";
  Call call = system;
  call.idempotency_key = directory.NewName();
  pb::AdvanceClockRequest request;
  *request.mutable_to() = ToTimestamp(SystemClock().Now() + std::chrono::hours{5});
  std::vector<std::string> offsets;
  directory.service.OnClockMoved([&](const Call&) -> Status {
    offsets.push_back(directory.scratch.AdminText(kOffset));
    if (offsets.size() == 1) return Unavailable("RUNGS_NOT_FIRED", "recognition is away");
    return Done{};
  });
  EXPECT_EQ(ReasonOf(directory.service.AdvanceClock(call, request)), "RUNGS_NOT_FIRED");
  const auto again = directory.service.AdvanceClock(call, request);
  directory.service.OnClockMoved({});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->now().seconds(), request.to().seconds());
  ASSERT_EQ(offsets.size(), 2U);
  EXPECT_NE(offsets[0], "0") << "the clock is moved and committed before";
  EXPECT_EQ(offsets[1], offsets[0]) << "and not moved again";
  *request.mutable_to() = ToTimestamp(SystemClock().Now() - std::chrono::hours{5});
  call.idempotency_key = directory.NewName();
  EXPECT_EQ(ReasonOf(directory.service.AdvanceClock(call, request)), "CLOCK_BACKWARDS");
  EXPECT_EQ(offsets.size(), 2U) << "a refused move concerns nobody";
  directory.scratch.Admin("UPDATE clock.setting SET offset_us = 0");
}

}  // namespace
}  // namespace zonelink::directory
