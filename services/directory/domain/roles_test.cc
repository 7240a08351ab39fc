// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/roles.h"

#include <gtest/gtest.h>

namespace zonelink::directory {
namespace {

TEST(Roles, NamesRoundTrip) {
  EXPECT_EQ(AllRoles().size(), 14u);
  for (const Role role : AllRoles()) EXPECT_EQ(ParseRole(Name(role)), role) << Name(role);
  EXPECT_EQ(ParseRole("root"), std::nullopt);
  EXPECT_EQ(ParseRole("Verifier"), std::nullopt);
  EXPECT_EQ(ParseRole(""), std::nullopt);
}

TEST(Roles, OnlyTheThreeAdministratorsNeedTwoPersons) {
  for (const Role role : AllRoles()) {
    const bool three =
        role == Role::kSystemAdmin || role == Role::kSecurityAdmin || role == Role::kAuditAdmin;
    EXPECT_EQ(NeedsTwoPersons(role), three) << Name(role);
    EXPECT_EQ(DutyOf(role) == Duty::kBusiness, !three) << Name(role);
    if (three) {
      EXPECT_EQ(Name(DutyOf(role)), Name(role));
    }
  }
}

TEST(Roles, AffiliationPerRole) {
  const std::pair<Role, Affiliation> table[] = {
      {Role::kFiler, Affiliation::kOrganization},
      {Role::kEnterpriseAdmin, Affiliation::kOrganization},
      {Role::kVerifier, Affiliation::kZone},
      {Role::kReviewer, Affiliation::kZone},
      {Role::kInspector, Affiliation::kZone},
      {Role::kReleaser, Affiliation::kZone},
      {Role::kZoneAdmin, Affiliation::kZone},
      {Role::kSecretariat, Affiliation::kNone},
      {Role::kChair, Affiliation::kNone},
      {Role::kAuditor, Affiliation::kNone},
      {Role::kEvaluator, Affiliation::kNone},
      {Role::kSystemAdmin, Affiliation::kNone},
      {Role::kSecurityAdmin, Affiliation::kNone},
      {Role::kAuditAdmin, Affiliation::kNone},
  };
  for (const auto& [role, affiliation] : table)
    EXPECT_EQ(AffiliationFor(role), affiliation) << Name(role);
}

}  // namespace
}  // namespace zonelink::directory
