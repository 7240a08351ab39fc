// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/role_grant.h"

#include <gtest/gtest.h>

#include <set>

namespace zonelink::directory {
namespace {

using std::chrono::microseconds;

const Time kNow{microseconds{1'772'000'000'000'000}};

Caller By(const std::string& user, std::vector<std::string> roles, const std::string& zone = "",
          const std::string& organization = "") {
  return Caller{
      .user_id = user, .zone = zone, .organization_id = organization, .roles = std::move(roles)};
}

const Account kZoneStaff{.user_id = "staff", .zone = "zhejiang"};
const Account kEnterpriseUser{.user_id = "worker", .organization_id = "org-1"};
const Account kPlain{.user_id = "plain"};

std::string Reason(const Status& status) { return status ? "" : status.error().reason; }
template <class T>
std::string Reason(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

// Who may grant what to whom, in full: granter × role × holder.
TEST(RoleGrant, WhoMayGrant) {
  const std::set<Role> zone_roles{Role::kVerifier, Role::kReviewer, Role::kInspector,
                                  Role::kReleaser};
  struct Case {
    Caller by;
    const Account* holder;
    std::set<Role> may;
  };
  const std::set<Role> all(AllRoles().begin(), AllRoles().end());
  const std::vector<Case> cases = {
      {By("s", {"security_admin"}), &kZoneStaff, all},
      {By("s", {"security_admin"}), &kEnterpriseUser, all},
      {By("s", {"security_admin"}), &kPlain, all},
      {By("z", {"zone_admin"}, "zhejiang"), &kZoneStaff, zone_roles},
      {By("z", {"zone_admin"}, "jiangsu"), &kZoneStaff, {}},
      {By("z", {"zone_admin"}, "zhejiang"), &kEnterpriseUser, {}},
      {By("z", {"zone_admin"}), &kPlain, {}},
      {By("e", {"enterprise_admin"}, "", "org-1"), &kEnterpriseUser, {Role::kFiler}},
      {By("e", {"enterprise_admin"}, "", "org-2"), &kEnterpriseUser, {}},
      {By("e", {"enterprise_admin"}), &kPlain, {}},
      {By("a", {"system_admin"}), &kZoneStaff, {}},
      {By("a", {"audit_admin"}), &kZoneStaff, {}},
      {By("a", {"verifier", "reviewer"}, "zhejiang"), &kZoneStaff, {}},
      {By("a", {}), &kZoneStaff, {}},
  };
  for (const Case& c : cases) {
    for (const Role role : AllRoles()) {
      EXPECT_EQ(Reason(CheckMayGrant(c.by, *c.holder, role)),
                c.may.count(role) ? "" : "ROLE_NOT_YOURS_TO_GRANT")
          << c.by.user_id << " " << Name(role) << " to " << c.holder->user_id;
    }
  }
}

// Every pair: held role × new role. 三员分立 and nothing else excludes.
TEST(RoleGrant, ThreeAdministratorsStandAlone) {
  for (const Role held : AllRoles()) {
    for (const Role role : AllRoles()) {
      Account holder{.user_id = "u", .roles = {held}};
      if (AffiliationFor(role) == Affiliation::kZone) holder.zone = "zhejiang";
      if (AffiliationFor(role) == Affiliation::kOrganization) holder.organization_id = "org-1";
      const std::string expected = held == role                   ? "ROLE_HELD"
                                   : DutyOf(held) == DutyOf(role) ? ""
                                                                  : "ROLES_INCOMPATIBLE";
      EXPECT_EQ(Reason(CheckFits(holder, role)), expected) << Name(held) << " + " << Name(role);
    }
  }
}

TEST(RoleGrant, NeedsZoneOrOrganization) {
  EXPECT_EQ(Reason(CheckFits(kPlain, Role::kVerifier)), "ROLE_NEEDS_ZONE");
  EXPECT_EQ(Reason(CheckFits(kEnterpriseUser, Role::kZoneAdmin)), "ROLE_NEEDS_ZONE");
  EXPECT_EQ(Reason(CheckFits(kZoneStaff, Role::kFiler)), "ROLE_NEEDS_ORGANIZATION");
  EXPECT_EQ(Reason(CheckFits(kPlain, Role::kEnterpriseAdmin)), "ROLE_NEEDS_ORGANIZATION");
  EXPECT_EQ(Reason(CheckFits(kPlain, Role::kAuditor)), "");
}

TEST(RoleGrant, BusinessRolesBeginActiveAdministratorsProposed) {
  const Caller security = By("s", {"security_admin"});
  for (const Role role : AllRoles()) {
    Account holder{.user_id = "u"};
    if (AffiliationFor(role) == Affiliation::kZone) holder.zone = "zhejiang";
    if (AffiliationFor(role) == Affiliation::kOrganization) holder.organization_id = "org-1";
    const auto grant = Grant(security, holder, role, kNow);
    ASSERT_TRUE(grant) << Name(role);
    EXPECT_EQ(grant->state, NeedsTwoPersons(role) ? GrantState::kProposed : GrantState::kActive);
    EXPECT_EQ(grant->granted_by, "s");
    EXPECT_EQ(grant->granted_at, kNow);
    EXPECT_EQ(grant->user_id, "u");
  }
}

TEST(RoleGrant, GrantRefusals) {
  const Caller security = By("s", {"security_admin"});
  EXPECT_EQ(Reason(Grant(security, Account{.user_id = "s"}, Role::kAuditor, kNow)), "SELF_GRANT");
  EXPECT_EQ(Reason(Grant(By("z", {"zone_admin"}, "zhejiang"),
                         Account{.user_id = "z", .zone = "zhejiang"}, Role::kVerifier, kNow)),
            "SELF_GRANT");
  EXPECT_EQ(Reason(Grant(By("z", {"zone_admin"}, "zhejiang"), kZoneStaff, Role::kChair, kNow)),
            "ROLE_NOT_YOURS_TO_GRANT");
  EXPECT_EQ(Reason(Grant(security, Account{.user_id = "u", .disabled = true}, Role::kChair, kNow)),
            "USER_DISABLED");
}

RoleGrant Proposed() {
  return RoleGrant{.grant_id = "g",
                   .user_id = "plain",
                   .role = Role::kSystemAdmin,
                   .state = GrantState::kProposed,
                   .granted_by = "s1",
                   .granted_at = kNow};
}

TEST(RoleGrant, ConfirmNeedsASecondPerson) {
  EXPECT_EQ(Reason(Confirm(Proposed(), By("s1", {"security_admin"}), kPlain, kNow)),
            "SECOND_PERSON_NEEDED");
  EXPECT_EQ(Reason(Confirm(Proposed(), By("plain", {"audit_admin"}), kPlain, kNow)), "SELF_GRANT");
  const auto confirmed = Confirm(Proposed(), By("a1", {"audit_admin"}), kPlain, kNow);
  ASSERT_TRUE(confirmed);
  EXPECT_EQ(confirmed->state, GrantState::kActive);
  EXPECT_EQ(confirmed->confirmed_by, "a1");
  EXPECT_EQ(confirmed->confirmed_at, kNow);
}

TEST(RoleGrant, ConfirmLooksAtTheRolesInForceNow) {
  const Account filer{.user_id = "plain", .organization_id = "org-1", .roles = {Role::kFiler}};
  EXPECT_EQ(Reason(Confirm(Proposed(), By("a1", {"audit_admin"}), filer, kNow)),
            "ROLES_INCOMPATIBLE");
  const Account audit{.user_id = "plain", .roles = {Role::kAuditAdmin}};
  EXPECT_EQ(Reason(Confirm(Proposed(), By("a1", {"audit_admin"}), audit, kNow)),
            "ROLES_INCOMPATIBLE");
}

// Every state × verb.
TEST(RoleGrant, StatesAndVerbs) {
  for (const GrantState state :
       {GrantState::kProposed, GrantState::kActive, GrantState::kRevoked}) {
    RoleGrant grant = Proposed();
    grant.state = state;
    EXPECT_EQ(Reason(Confirm(grant, By("a1", {"audit_admin"}), kPlain, kNow)),
              state == GrantState::kProposed ? "" : "ROLE_GRANT_NOT_PROPOSED");
    const auto revoked = Revoke(grant, By("s2", {"security_admin"}), kPlain, "left", kNow);
    EXPECT_EQ(Reason(revoked), state == GrantState::kRevoked ? "ROLE_GRANT_REVOKED" : "");
    if (!revoked) continue;
    EXPECT_EQ(revoked->state, GrantState::kRevoked);
    EXPECT_EQ(revoked->revoked_by, "s2");
    EXPECT_EQ(revoked->revoke_reason, "left");
  }
}

TEST(RoleGrant, RevokeRefusals) {
  RoleGrant grant{.user_id = "staff", .role = Role::kZoneAdmin, .state = GrantState::kActive};
  EXPECT_EQ(Reason(Revoke(grant, By("z", {"zone_admin"}, "zhejiang"), kZoneStaff, "x", kNow)),
            "ROLE_NOT_YOURS_TO_GRANT");
  EXPECT_EQ(Reason(Revoke(grant, By("staff", {"security_admin"}), kZoneStaff, "x", kNow)),
            "ROLE_NOT_YOURS_TO_GRANT");
  grant.role = Role::kVerifier;
  EXPECT_EQ(Reason(Revoke(grant, By("z", {"zone_admin"}, "zhejiang"), kZoneStaff, "x", kNow)), "");
}

TEST(RoleGrant, StateNamesRoundTrip) {
  for (const GrantState state : {GrantState::kProposed, GrantState::kActive, GrantState::kRevoked})
    EXPECT_EQ(ParseGrantState(Name(state)), state);
  EXPECT_EQ(ParseGrantState("GONE"), std::nullopt);
}

}  // namespace
}  // namespace zonelink::directory
