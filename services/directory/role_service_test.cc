// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "directory/bootstrap.h"
#include "directory/domain/roles.h"
#include "directory/event_rows_test.h"
#include "directory/test_directory.h"

namespace zonelink::directory {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Roles : public testing::Test {
 protected:
  std::string NewUser(const std::string& zone, const std::string& organization,
                      const std::vector<std::string>& roles) {
    name = directory.NewName();
    return directory.NewUser(name, zone, organization, roles);
  }
  Result<pb::RoleGrant> Confirm(const Call& call, const pb::RoleGrant& grant) {
    pb::ConfirmRoleRequest request;
    request.set_user_id(grant.user_id());
    request.set_grant_id(grant.grant_id());
    return directory.service.ConfirmRole(call, request);
  }
  Result<pb::RoleGrant> Revoke(const Call& call, const pb::RoleGrant& grant) {
    pb::RevokeRoleRequest request;
    request.set_user_id(grant.user_id());
    request.set_grant_id(grant.grant_id());
    request.set_reason("other work");
    return directory.service.RevokeRole(call, request);
  }
  Result<pb::User> Disable(const Call& call, const std::string& user_id) {
    pb::DisableUserRequest request;
    request.set_user_id(user_id);
    request.set_reason("departs");
    return directory.service.DisableUser(call, request);
  }
  std::vector<std::string> RolesOf(const std::string& user_id) {
    pb::GetUserRequest request;
    request.set_user_id(user_id);
    const auto user = directory.service.GetUser(directory.As("secadmin"), request);
    return {user->roles().begin(), user->roles().end()};
  }

  TestDirectory& directory = Directory();
  const Call security = directory.As("secadmin");
  const Call audit = directory.As("auditadmin");
  std::string name;  // of the newest user
};

// granter × role on real rows: the same answers as the rule's, and policies let through what it
// lets.
TEST_F(Roles, WhoGrantsWhat) {
  const std::string organization = directory.NewOrganization("zhejiang");
  NewUser("zhejiang", "", {"zone_admin"});
  const Call zone_admin = directory.As(name);
  NewUser("", organization, {"enterprise_admin"});
  const Call enterprise_admin = directory.As(name);
  for (const Role role : AllRoles()) {
    const bool zone_role = role == Role::kVerifier || role == Role::kReviewer ||
                           role == Role::kInspector || role == Role::kReleaser;
    const std::string role_name(Name(role));
    const std::string staff = NewUser("zhejiang", "", {});
    const std::string member = NewUser("", organization, {});
    EXPECT_EQ(ReasonOf(directory.GrantTo(zone_admin, staff, role_name)),
              zone_role ? "" : "ROLE_NOT_YOURS_TO_GRANT")
        << role_name;
    EXPECT_EQ(ReasonOf(directory.GrantTo(enterprise_admin, member, role_name)),
              role == Role::kFiler ? "" : "ROLE_NOT_YOURS_TO_GRANT")
        << role_name;
    EXPECT_EQ(ReasonOf(directory.GrantTo(zone_admin, member, role_name)), "USER_NOT_FOUND");
    EXPECT_EQ(ReasonOf(directory.GrantTo(enterprise_admin, staff, role_name)), "USER_NOT_FOUND");
  }
  const std::string elsewhere = NewUser("jiangsu", "", {});
  EXPECT_EQ(ReasonOf(directory.GrantTo(zone_admin, elsewhere, "verifier")), "USER_NOT_FOUND");
  EXPECT_EQ(ReasonOf(directory.GrantTo(zone_admin, "no-such-user", "verifier")), "USER_NOT_FOUND");
}

TEST_F(Roles, GrantRefusals) {
  const std::string plain = NewUser("", "", {});
  EXPECT_EQ(ReasonOf(directory.GrantTo(security, plain, "emperor")), "ROLE_UNKNOWN");
  EXPECT_EQ(ReasonOf(directory.GrantTo(security, plain, "verifier")), "ROLE_NEEDS_ZONE");
  EXPECT_EQ(ReasonOf(directory.GrantTo(security, plain, "filer")), "ROLE_NEEDS_ORGANIZATION");
  EXPECT_EQ(ReasonOf(directory.GrantTo(security, security.caller.user_id, "chair")), "SELF_GRANT");
  NewUser("hubei", "", {"zone_admin"});
  const Call zone_admin = directory.As(name);
  EXPECT_EQ(ReasonOf(directory.GrantTo(zone_admin, zone_admin.caller.user_id, "verifier")),
            "SELF_GRANT");
  ASSERT_TRUE(directory.GrantTo(security, plain, "auditor"));
  EXPECT_EQ(ReasonOf(directory.GrantTo(security, plain, "auditor")), "ROLE_HELD");
  ASSERT_TRUE(Disable(directory.As("sysadmin"), plain));
  EXPECT_EQ(ReasonOf(directory.GrantTo(security, plain, "chair")), "USER_DISABLED");
}

TEST_F(Roles, AdministratorsNeedTwoPersons) {
  const std::string user = NewUser("", "", {});
  const auto proposed = directory.GrantTo(security, user, "security_admin");
  ASSERT_TRUE(proposed);
  EXPECT_EQ(proposed->state(), pb::ROLE_GRANT_STATE_PROPOSED);
  EXPECT_THAT(RolesOf(user), IsEmpty());
  EXPECT_EQ(ReasonOf(directory.GrantTo(security, user, "security_admin")), "ROLE_HELD");
  EXPECT_EQ(ReasonOf(Confirm(security, *proposed)), "SECOND_PERSON_NEEDED");
  const auto session = directory.Login(name);

  const auto confirmed = Confirm(audit, *proposed);
  ASSERT_TRUE(confirmed);
  EXPECT_EQ(confirmed->state(), pb::ROLE_GRANT_STATE_ACTIVE);
  EXPECT_EQ(confirmed->confirmed_by(), audit.caller.user_id);
  EXPECT_THAT(RolesOf(user), ElementsAre("security_admin"));
  EXPECT_THAT(directory.Revocations(), Contains(session->session_id()));
  EXPECT_EQ(ReasonOf(Confirm(audit, *proposed)), "ROLE_GRANT_NOT_PROPOSED");
  EXPECT_EQ(EventsOf("role-grants/" + proposed->grant_id()), "role.proposed role.granted");

  pb::RoleGrant unknown = *proposed;
  unknown.set_grant_id("no-such-grant");
  EXPECT_EQ(ReasonOf(Confirm(audit, unknown)), "ROLE_GRANT_NOT_FOUND");
  unknown.set_user_id("no-such-user");
  EXPECT_EQ(ReasonOf(Confirm(audit, unknown)), "ROLE_GRANT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Revoke(security, unknown)), "ROLE_GRANT_NOT_FOUND");
}

TEST_F(Roles, NobodyConfirmsTheirOwn) {
  NewUser("", "", {"security_admin"});
  const Call second = directory.As(name);
  ASSERT_TRUE(second.caller.HasRole("security_admin"));
  // A proposal for an administrator in office; it would be refused for other reasons too.
  const std::string grant_id = directory.scratch.AdminText(
      "INSERT INTO directory.role_grant (grant_id, user_id, role, state, granted_by, granted_at) "
      "VALUES (gen_random_uuid(), '" +
      second.caller.user_id + "', 'audit_admin', 'PROPOSED', '" + security.caller.user_id +
      "', now()) RETURNING grant_id");
  pb::RoleGrant grant;
  grant.set_user_id(second.caller.user_id);
  grant.set_grant_id(grant_id);
  EXPECT_EQ(ReasonOf(Confirm(second, grant)), "SELF_GRANT");
  EXPECT_EQ(ReasonOf(Confirm(audit, grant)), "ROLES_INCOMPATIBLE");
}

TEST_F(Roles, ThreeAdministratorsStandAlone) {
  for (const char* held : {"system_admin", "security_admin", "audit_admin", "auditor"}) {
    const std::string user = NewUser("", "", {held});
    for (const char* other : {"system_admin", "security_admin", "audit_admin", "evaluator"}) {
      const bool same = std::string(held) == other;
      const bool business = std::string(held) == "auditor" && std::string(other) == "evaluator";
      EXPECT_EQ(ReasonOf(directory.GrantTo(security, user, other)), same ? "ROLE_HELD"
                                                                    : business
                                                                        ? ""
                                                                        : "ROLES_INCOMPATIBLE")
          << held << " + " << other;
    }
  }
}

TEST_F(Roles, AConfirmationLooksAtTheRolesInForceByThen) {
  const std::string user = NewUser("", "", {});
  const auto system = directory.GrantTo(security, user, "system_admin");
  const auto auditing = directory.GrantTo(security, user, "audit_admin");
  ASSERT_TRUE(system && auditing);
  ASSERT_TRUE(Confirm(audit, *system));
  EXPECT_EQ(ReasonOf(Confirm(audit, *auditing)), "ROLES_INCOMPATIBLE");
  ASSERT_TRUE(Revoke(security, *system));
  EXPECT_TRUE(Confirm(audit, *auditing));
  EXPECT_THAT(RolesOf(user), ElementsAre("audit_admin"));
}

TEST_F(Roles, ParallelConfirmationsLeaveOneAdministratorsRole) {
  const std::string user = NewUser("", "", {});
  std::vector<pb::RoleGrant> grants;
  for (const char* role : {"system_admin", "security_admin", "audit_admin"}) {
    grants.push_back(*directory.GrantTo(security, user, role));
  }
  std::atomic<int> confirmed{0};
  std::vector<std::thread> threads;
  for (const pb::RoleGrant& grant : grants) {
    threads.emplace_back([&] { confirmed += Confirm(audit, grant).has_value(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(confirmed, 1);
  EXPECT_EQ(RolesOf(user).size(), 1u);
}

// The database refuses even its administrator: no path around the rules leads to two duties.
TEST_F(Roles, TheSchemaHoldsTheSeparation) {
  const auto refusal = [&](const std::string& sql) -> std::string {
    try {
      directory.scratch.Admin(sql);
      return "";
    } catch (const std::exception& refused) {
      return refused.what();
    }
  };
  const auto grant = [](const std::string& user, const std::string& values) {
    return "INSERT INTO directory.role_grant (grant_id, user_id, role, state, granted_by, "
           "granted_at, confirmed_by, confirmed_at) VALUES (gen_random_uuid(), '" +
           user + "', " + values + ")";
  };
  const std::string user = NewUser("", "", {"system_admin"});
  for (const std::string role : {"audit_admin", "security_admin", "chair"}) {
    EXPECT_THAT(refusal(grant(user, "'" + role + "', 'ACTIVE', 'a', now(), 'b', now()")),
                HasSubstr("role_grant_duty"))
        << role;
  }
  EXPECT_THAT(
      refusal("UPDATE directory.account SET duty = 'business' WHERE user_id = '" + user + "'"),
      HasSubstr("role_grant_duty"));
  EXPECT_THAT(refusal(grant(user, "'chair', 'PROPOSED', '" + user + "', now(), NULL, NULL")),
              HasSubstr("role_grant_not_to_oneself"));
  const std::string plain = NewUser("", "", {});
  EXPECT_THAT(refusal(grant(plain, "'audit_admin', 'ACTIVE', 'a', now(), NULL, NULL")),
              HasSubstr("role_grant_two_persons"));
  EXPECT_THAT(refusal(grant(plain, "'audit_admin', 'ACTIVE', 'a', now(), 'a', now()")),
              HasSubstr("role_grant_second_person"));
}

TEST_F(Roles, ChangedRolesEndSessions) {
  const std::string user = NewUser("fujian", "", {});
  const auto before = directory.Login(name);
  const auto grant = directory.GrantTo(security, user, "verifier");
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->state(), pb::ROLE_GRANT_STATE_ACTIVE);
  EXPECT_THAT(directory.Revocations(), Contains(before->session_id()));
  const auto with_role = directory.Login(name);
  EXPECT_THAT(directory.WithToken(with_role->access_token())->caller.roles,
              ElementsAre("verifier"));

  ASSERT_TRUE(Revoke(security, *grant));
  EXPECT_THAT(directory.Revocations(), Contains(with_role->session_id()));
  EXPECT_THAT(directory.As(name).caller.roles, IsEmpty());
  EXPECT_EQ(ReasonOf(Revoke(security, *grant)), "ROLE_GRANT_REVOKED");
  EXPECT_EQ(EventsOf("role-grants/" + grant->grant_id()), "role.granted role.revoked");
  EXPECT_EQ(EventsOf("sessions/" + before->session_id()), "session.opened session.revoked");
  ASSERT_TRUE(directory.GrantTo(security, user, "verifier"));
}

TEST_F(Roles, RevokingIsForThoseWhoGrant) {
  const std::string admin = NewUser("hainan", "", {"zone_admin"});
  const Call zone_admin = directory.As(name);
  pb::ListRoleGrantsRequest request;
  request.set_user_id(admin);
  const auto own = directory.service.ListRoleGrants(zone_admin, request);
  ASSERT_TRUE(own);
  EXPECT_EQ(ReasonOf(Revoke(zone_admin, own->items(0))), "ROLE_NOT_YOURS_TO_GRANT");
  request.set_user_id(security.caller.user_id);
  EXPECT_EQ(ReasonOf(directory.service.ListRoleGrants(zone_admin, request)), "USER_NOT_FOUND");
  const auto theirs = directory.service.ListRoleGrants(security, request);
  ASSERT_TRUE(theirs);
  EXPECT_EQ(theirs->items(0).granted_by(), "bootstrap");
  EXPECT_EQ(ReasonOf(Revoke(zone_admin, theirs->items(0))), "ROLE_GRANT_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Revoke(security, theirs->items(0))), "ROLE_NOT_YOURS_TO_GRANT");
}

TEST_F(Roles, ClosingAnAccountEndsItsRolesAndSessions) {
  const Call system = directory.As("sysadmin");
  const std::string user = NewUser("henan", "", {"verifier", "reviewer"});
  const auto session = directory.Login(name);
  const auto closed = Disable(system, user);
  ASSERT_TRUE(closed);
  EXPECT_TRUE(closed->disabled());
  EXPECT_THAT(RolesOf(user), IsEmpty());
  EXPECT_THAT(directory.Revocations(), Contains(session->session_id()));
  EXPECT_EQ(EventsOf("users/" + user), "user.created user.disabled");
  EXPECT_EQ(ReasonOf(Disable(system, user)), "USER_DISABLED");
  EXPECT_EQ(ReasonOf(Disable(system, system.caller.user_id)), "OWN_ACCOUNT");
  EXPECT_EQ(ReasonOf(Disable(system, "no-such-user")), "USER_NOT_FOUND");
}

TEST_F(Roles, ZoneAdministratorsCloseOnlyWhomTheyCouldGrant) {
  NewUser("liaoning", "", {"zone_admin"});
  const Call zone_admin = directory.As(name);
  const std::string verifier = NewUser("liaoning", "", {"verifier"});
  const std::string colleague = NewUser("liaoning", "", {"zone_admin"});
  const std::string elsewhere = NewUser("shandong", "", {"verifier"});
  EXPECT_TRUE(Disable(zone_admin, verifier));
  EXPECT_EQ(ReasonOf(Disable(zone_admin, colleague)), "ROLE_NOT_YOURS_TO_GRANT");
  EXPECT_EQ(ReasonOf(Disable(zone_admin, elsewhere)), "USER_NOT_FOUND");
}

// Policies refuse what a service with a hole in its rules would let through.
TEST_F(Roles, PoliciesStandBehindTheRules) {
  static constexpr db::Sql kForge{"test.forge_grant", R"sql(
    INSERT INTO role_grant (grant_id, user_id, role, state, granted_by, granted_at)
    VALUES (gen_random_uuid(), $1, $2, 'ACTIVE', $3, now())
  )sql"};
  static constexpr db::Sql kReadPasswords{"test.read_passwords", "SELECT phc FROM password"};
  static constexpr db::Sql kReadTokens{"test.read_tokens", "SELECT token_hash FROM refresh_token"};
  NewUser("sichuan", "", {"zone_admin"});
  const Call zone_admin = directory.As(name);
  const std::string staff = NewUser("sichuan", "", {});
  const std::string elsewhere = NewUser("yunnan", "", {});
  const auto forge = [&](const std::string& user, const std::string& role, const std::string& by) {
    return directory.database.Command<pb::RoleGrant>(zone_admin, pb::RoleGrant(),
                                                     [&](db::Tx& tx) -> Result<pb::RoleGrant> {
                                                       tx.Exec(kForge, user, role, by);
                                                       return pb::RoleGrant();
                                                     });
  };
  const std::string& me = zone_admin.caller.user_id;
  EXPECT_FALSE(forge(staff, "chair", me));
  EXPECT_FALSE(forge(elsewhere, "verifier", me));
  EXPECT_FALSE(forge(staff, "verifier", security.caller.user_id));
  EXPECT_FALSE(forge(me, "verifier", me));
  EXPECT_TRUE(forge(staff, "verifier", me));
  for (const db::Sql& sql : {kReadPasswords, kReadTokens}) {
    const Status read =
        directory.database.Query(directory.As("sysadmin"), [&](db::Tx& tx) -> Status {
          tx.Exec(sql);
          return Done{};
        });
    EXPECT_FALSE(read) << sql.name;
  }
}

TEST_F(Roles, BootstrapHappensOnce) {
  EXPECT_EQ(ReasonOf(Bootstrap(directory.database, kTestPassword)), "ALREADY_BOOTSTRAPPED");
  EXPECT_EQ(ReasonOf(Bootstrap(directory.database, "sysadmin-2026")), "PASSWORD_WEAK");
  EXPECT_THAT(directory.As("sysadmin").caller.roles, ElementsAre("system_admin"));
  EXPECT_THAT(security.caller.roles, ElementsAre("security_admin"));
  EXPECT_THAT(audit.caller.roles, ElementsAre("audit_admin"));
}

}  // namespace
}  // namespace zonelink::directory
