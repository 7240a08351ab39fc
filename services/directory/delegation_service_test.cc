// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "directory/convert.h"
#include "directory/event_rows_test.h"
#include "directory/test_directory.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::directory {
namespace {

using std::chrono::days;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Delegations : public testing::Test {
 protected:
  v1::CreateDelegationRequest Request(const Call& deputy, const std::string& role = "verifier") {
    v1::CreateDelegationRequest request;
    request.set_deputy_user_id(deputy.caller.user_id);
    request.add_roles(role);
    *request.mutable_until() = ToTimestamp(now + days{7});
    request.set_reason("年休假");
    return request;
  }
  Result<v1::Delegation> Name(const Call& officer, const Call& deputy,
                              const std::string& role = "verifier") {
    return directory.delegations.CreateDelegation(officer, Request(deputy, role));
  }
  Result<v1::Delegation> Revoke(const Call& call, const std::string& delegation_id) {
    v1::RevokeDelegationRequest request;
    request.set_delegation_id(delegation_id);
    request.set_reason("提前返岗");
    return directory.delegations.RevokeDelegation(call, request);
  }
  std::vector<std::string> SeenBy(const Call& call, v1::ListDelegationsRequest request = {}) {
    std::vector<std::string> ids;
    do {
      const auto page = directory.delegations.ListDelegations(call, request);
      EXPECT_TRUE(page);
      for (const auto& delegation : page->items()) ids.push_back(delegation.delegation_id());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
  Call Officer(const std::string& department = "") {
    return directory.Somebody("zhejiang", "", {"verifier", "reviewer"}, department);
  }
  static std::string History(const v1::Delegation& delegation) {
    return EventsOf("delegations/" + delegation.delegation_id());
  }
  Result<pb::User> Disable(const Call& who) {
    pb::DisableUserRequest request;
    request.set_user_id(who.caller.user_id);
    request.set_reason("离职");
    return directory.service.DisableUser(directory.As("sysadmin"), request);
  }
  Result<pb::RoleGrant> TakeBack(const Call& from, const std::string& role) {
    pb::ListRoleGrantsRequest list;
    list.set_user_id(from.caller.user_id);
    const auto grants = directory.service.ListRoleGrants(directory.As("secadmin"), list);
    pb::RevokeRoleRequest request;
    request.set_user_id(from.caller.user_id);
    request.set_reason("调岗");
    for (const auto& grant : grants->items()) {
      const bool active = grant.state() == pb::ROLE_GRANT_STATE_ACTIVE;
      if (active && grant.role() == role) request.set_grant_id(grant.grant_id());
    }
    return directory.service.RevokeRole(directory.As("secadmin"), request);
  }

  TestDirectory& directory = Directory();
  const Time now = SystemClock().Now();
  const Call officer = Officer();
  const Call deputy = directory.Somebody("zhejiang", "", {});
};

TEST_F(Delegations, AreMadeAsAsked) {
  auto request = Request(deputy);
  request.add_roles("reviewer");
  *request.mutable_from() = ToTimestamp(now + days{1});
  const auto made = directory.delegations.CreateDelegation(officer, request);
  ASSERT_TRUE(made) << ReasonOf(made);
  EXPECT_EQ(made->user_id(), officer.caller.user_id);
  EXPECT_EQ(made->name(), officer.caller.name);
  EXPECT_EQ(made->zone(), "zhejiang");
  EXPECT_EQ(made->deputy_user_id(), deputy.caller.user_id);
  EXPECT_EQ(made->deputy_name(), deputy.caller.name);
  EXPECT_THAT(made->roles(), ElementsAre("verifier", "reviewer"));
  EXPECT_EQ(made->from().seconds(), request.from().seconds());
  EXPECT_EQ(made->until().seconds(), request.until().seconds());
  EXPECT_EQ(made->state(), v1::DELEGATION_STATE_ACTIVE);
  EXPECT_EQ(History(*made), "delegation.granted");
  EXPECT_EQ(PartiesOf("delegations/" + made->delegation_id()), "zone:zhejiang service");
}

TEST_F(Delegations, Refusals) {
  const Call elsewhere = directory.Somebody("jiangsu", "", {"verifier"});
  EXPECT_EQ(ReasonOf(Name(officer, elsewhere)), "DEPUTY_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Name(officer, officer)), "DELEGATION_TO_ONESELF");
  EXPECT_EQ(ReasonOf(Name(officer, deputy, "emperor")), "ROLE_UNKNOWN");
  EXPECT_EQ(ReasonOf(Name(officer, deputy, "inspector")), "ROLE_NOT_HELD");
  const Call zone_admin = directory.Somebody("zhejiang", "", {"zone_admin", "verifier"});
  EXPECT_EQ(ReasonOf(Name(zone_admin, deputy, "zone_admin")), "DELEGATION_ROLE");
  auto request = Request(deputy);
  request.set_deputy_user_id("no-such-user");
  EXPECT_EQ(ReasonOf(directory.delegations.CreateDelegation(officer, request)), "DEPUTY_NOT_FOUND");
  request = Request(deputy);
  *request.mutable_until() = ToTimestamp(now + days{91});
  EXPECT_EQ(ReasonOf(directory.delegations.CreateDelegation(officer, request)),
            "DELEGATION_PERIOD");
  const Call gone = directory.Somebody("zhejiang", "", {});
  ASSERT_TRUE(Disable(gone));
  EXPECT_EQ(ReasonOf(Name(officer, gone)), "DEPUTY_NOT_FOUND");
}

TEST_F(Delegations, WithinTheDepartmentWhereThereIsOne) {
  const Call customs = Officer("海关");
  EXPECT_EQ(ReasonOf(Name(customs, Officer("税务"))), "DEPUTY_DEPARTMENT");
  EXPECT_EQ(ReasonOf(Name(customs, deputy)), "DEPUTY_DEPARTMENT");
  EXPECT_EQ(ReasonOf(Name(customs, Officer("海关"))), "");
  EXPECT_EQ(ReasonOf(Name(officer, customs)), "DELEGATION_CHAIN");
}

TEST_F(Delegations, AreNotPassedOn) {
  const Call second = Officer();
  const Call third = Officer();
  ASSERT_TRUE(Name(officer, second));
  EXPECT_EQ(ReasonOf(Name(second, third)), "DELEGATION_CHAIN");
  EXPECT_EQ(ReasonOf(Name(third, officer)), "DELEGATION_CHAIN");
  EXPECT_EQ(ReasonOf(Name(officer, second)), "DELEGATION_EXISTS");
  EXPECT_EQ(ReasonOf(Name(officer, second, "reviewer")), "");
  EXPECT_EQ(ReasonOf(Name(officer, third)), "");
  auto later = Request(third);
  *later.mutable_from() = ToTimestamp(now + days{8});
  *later.mutable_until() = ToTimestamp(now + days{9});
  EXPECT_EQ(ReasonOf(directory.delegations.CreateDelegation(second, later)), "");
}

// Two make a chain only together; one of them is refused, whoever comes first.
TEST_F(Delegations, ParallelOnesMakeNoChain) {
  for (int i = 0; i < 10; ++i) {
    const Call first = Officer();
    const Call second = Officer();
    std::atomic<int> made{0};
    std::thread other([&] { made += Name(second, deputy).has_value(); });
    made += Name(first, second).has_value();
    other.join();
    EXPECT_EQ(made, 1);
  }
}

TEST_F(Delegations, WhoSeesThem) {
  const v1::Delegation made = *Name(officer, deputy);
  const Call zone_admin = directory.Somebody("zhejiang", "", {"zone_admin"});
  const Call auditor = directory.Somebody("", "", {"auditor"});
  for (const Call& call : {officer, deputy, zone_admin, auditor}) {
    EXPECT_THAT(SeenBy(call), testing::Contains(made.delegation_id()));
  }
  const Call organization =
      directory.Somebody("", directory.NewOrganization("zhejiang"), {"filer"});
  for (const Call& call : {Officer(), directory.Somebody("jiangsu", "", {"zone_admin"}),
                           directory.Somebody("jiangsu", "", {"verifier"}), organization}) {
    EXPECT_THAT(SeenBy(call), IsEmpty());
    EXPECT_EQ(ReasonOf(Revoke(call, made.delegation_id())), "DELEGATION_NOT_FOUND");
  }
}

TEST_F(Delegations, Lists) {
  const Call other = Officer();
  const v1::Delegation first = *Name(officer, deputy);
  const v1::Delegation second = *Name(other, deputy);
  const v1::Delegation third = *Name(officer, deputy, "reviewer");
  ASSERT_TRUE(Revoke(officer, first.delegation_id()));
  v1::ListDelegationsRequest request;
  request.set_page_size(1);
  EXPECT_THAT(SeenBy(deputy, request),
              ElementsAre(third.delegation_id(), second.delegation_id(), first.delegation_id()));
  request.set_user_id(officer.caller.user_id);
  EXPECT_THAT(SeenBy(deputy, request), ElementsAre(third.delegation_id(), first.delegation_id()));
  request.set_state(v1::DELEGATION_STATE_ACTIVE);
  EXPECT_THAT(SeenBy(deputy, request), ElementsAre(third.delegation_id()));
  EXPECT_THAT(SeenBy(other, request), IsEmpty());
  v1::ListDelegationsRequest as_deputy;
  as_deputy.set_deputy_user_id(deputy.caller.user_id);
  EXPECT_THAT(SeenBy(other, as_deputy), ElementsAre(second.delegation_id()));
}

TEST_F(Delegations, OfficerDeputyAndAdministratorEndThem) {
  const Call zone_admin = directory.Somebody("zhejiang", "", {"zone_admin"});
  for (const Call& by : {officer, deputy, zone_admin}) {
    const v1::Delegation made = *Name(officer, deputy);
    const auto ended = Revoke(by, made.delegation_id());
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->state(), v1::DELEGATION_STATE_REVOKED);
    EXPECT_EQ(ended->revoked_by(), by.caller.user_id);
    EXPECT_EQ(History(made), "delegation.granted delegation.revoked");
    EXPECT_EQ(ReasonOf(Revoke(officer, made.delegation_id())), "DELEGATION_REVOKED");
  }
}

TEST_F(Delegations, ADepartureEndsThemBothWays) {
  const Call departing = Officer();
  const v1::Delegation given = *Name(departing, deputy);
  auto later = Request(departing);
  *later.mutable_from() = ToTimestamp(now + days{30});
  *later.mutable_until() = ToTimestamp(now + days{40});
  const auto received = directory.delegations.CreateDelegation(officer, later);
  ASSERT_TRUE(received) << ReasonOf(received);
  const v1::Delegation untouched = *Name(officer, deputy);
  ASSERT_TRUE(Disable(departing));
  EXPECT_EQ(History(given), "delegation.granted delegation.revoked");
  EXPECT_EQ(History(*received), "delegation.granted delegation.revoked");
  EXPECT_EQ(History(untouched), "delegation.granted");
  EXPECT_THAT(SeenBy(deputy),
              UnorderedElementsAre(given.delegation_id(), untouched.delegation_id()));
}

TEST_F(Delegations, ALostRoleIsNoLongerDelegated) {
  const v1::Delegation verifying = *Name(officer, deputy);
  const v1::Delegation reviewing = *Name(officer, deputy, "reviewer");
  ASSERT_TRUE(TakeBack(officer, "verifier"));
  EXPECT_EQ(History(verifying), "delegation.granted delegation.revoked");
  EXPECT_EQ(History(reviewing), "delegation.granted");
}

TEST_F(Delegations, AnAdministratorOfTheThreeStandsInForNobody) {
  const v1::Delegation made = *Name(officer, deputy);
  const auto proposed =
      directory.GrantTo(directory.As("secadmin"), deputy.caller.user_id, "system_admin");
  ASSERT_TRUE(proposed);
  EXPECT_EQ(History(made), "delegation.granted") << "a proposal changes nothing";
  pb::ConfirmRoleRequest confirm;
  confirm.set_user_id(deputy.caller.user_id);
  confirm.set_grant_id(proposed->grant_id());
  ASSERT_TRUE(directory.service.ConfirmRole(directory.As("auditadmin"), confirm));
  EXPECT_EQ(History(made), "delegation.granted delegation.revoked");
  EXPECT_EQ(ReasonOf(Name(officer, deputy)), "ROLES_INCOMPATIBLE");
}

// The database refuses even its administrator.
TEST_F(Delegations, TheSchemaHoldsWhoStandsInForWhom) {
  const auto refusal = [&](const std::string& sql) -> std::string {
    try {
      directory.scratch.Admin(sql);
      return "";
    } catch (const std::exception& refused) {
      return refused.what();
    }
  };
  const auto insert = [&](const Call& from, const std::string& zone, const Call& to,
                          const std::string& roles) {
    return refusal(
        "INSERT INTO directory.delegation (delegation_id, user_id, name, zone, deputy_user_id, "
        "deputy_name, roles, from_at, until_at, reason, state, granted_at) VALUES "
        "(gen_random_uuid(), '" +
        from.caller.user_id + "', '', '" + zone + "', '" + to.caller.user_id + "', '', '" + roles +
        "', now(), now() + interval '1 day', '', 'ACTIVE', now())");
  };
  EXPECT_THAT(insert(officer, "jiangsu", deputy, "{verifier}"), HasSubstr("delegation_officer"));
  EXPECT_THAT(insert(officer, "zhejiang", directory.Somebody("jiangsu", "", {}), "{verifier}"),
              HasSubstr("delegation_deputy"));
  EXPECT_THAT(insert(officer, "zhejiang", deputy, "{zone_admin}"), HasSubstr("delegation_roles"));
  EXPECT_THAT(insert(officer, "zhejiang", officer, "{verifier}"),
              HasSubstr("delegation_not_to_oneself"));
  const Call administrator = directory.Somebody("zhejiang", "", {"audit_admin"});
  EXPECT_THAT(insert(officer, "zhejiang", administrator, "{verifier}"),
              HasSubstr("delegation_duty"));
  ASSERT_EQ(insert(officer, "zhejiang", deputy, "{verifier}"), "");
  EXPECT_THAT(refusal("UPDATE directory.account SET disabled_at = now() WHERE user_id = '" +
                      deputy.caller.user_id + "'"),
              HasSubstr("delegation_deputy"));
  EXPECT_THAT(refusal("UPDATE directory.account SET duty = 'audit_admin' WHERE user_id = '" +
                      deputy.caller.user_id + "'"),
              HasSubstr("delegation_duty"));
}

// Policies refuse what a service with a hole in its rules would let through.
TEST_F(Delegations, PoliciesStandBehindTheRules) {
  static constexpr db::Sql kForge{"test.forge_delegation", R"sql(
    INSERT INTO delegation (delegation_id, user_id, name, zone, deputy_user_id, deputy_name, roles,
                            from_at, until_at, reason, state, granted_at)
    VALUES (gen_random_uuid(), $1, '', 'zhejiang', $2, '', '{verifier}', now(),
            now() + interval '1 day', '', 'ACTIVE', now())
  )sql"};
  static constexpr db::Sql kRevive{"test.revive_delegation", R"sql(
    UPDATE delegation SET state = 'ACTIVE', revoked_at = NULL WHERE delegation_id = $1
  )sql"};
  const auto run = [&](const Call& call, const auto& body) {
    return directory.database
        .Command<v1::Delegation>(call, v1::Delegation(),
                                 [&](db::Tx& tx) -> Result<v1::Delegation> {
                                   body(tx);
                                   return v1::Delegation();
                                 })
        .has_value();
  };
  const std::string& me = officer.caller.user_id;
  const std::string& other = deputy.caller.user_id;
  EXPECT_FALSE(run(officer, [&](db::Tx& tx) { tx.Exec(kForge, other, me); }));
  EXPECT_TRUE(run(officer, [&](db::Tx& tx) { tx.Exec(kForge, me, other); }));
  const v1::Delegation made = *Name(officer, deputy, "reviewer");
  ASSERT_TRUE(Revoke(officer, made.delegation_id()));
  EXPECT_FALSE(run(officer, [&](db::Tx& tx) { tx.Exec(kRevive, made.delegation_id()); }));
}

}  // namespace
}  // namespace zonelink::directory
