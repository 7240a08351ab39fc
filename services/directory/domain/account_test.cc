// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/account.h"

#include <gtest/gtest.h>

namespace zonelink::directory {
namespace {

Caller By(std::vector<std::string> roles, const std::string& zone = "",
          const std::string& organization = "") {
  return Caller{
      .user_id = "me", .zone = zone, .organization_id = organization, .roles = std::move(roles)};
}

std::string Reason(const Status& status) { return status ? "" : status.error().reason; }

const Caller kSystem = By({"system_admin"});
const Caller kZhejiang = By({"zone_admin"}, "zhejiang");
const Caller kOrg1 = By({"enterprise_admin"}, "", "org-1");

TEST(Account, WhoMayRegisterWhere) {
  EXPECT_EQ(Reason(CheckMayRegister(kSystem, "shanghai")), "");
  EXPECT_EQ(Reason(CheckMayRegister(kZhejiang, "zhejiang")), "");
  EXPECT_EQ(Reason(CheckMayRegister(kZhejiang, "shanghai")), "FOREIGN_ZONE");
  EXPECT_EQ(Reason(CheckMayRegister(By({"zone_admin"}), "")), "FOREIGN_ZONE");
  EXPECT_EQ(Reason(CheckMayRegister(kOrg1, "zhejiang")), "FOREIGN_ZONE");
}

TEST(Account, WhoMayCreateWhom) {
  struct Case {
    const Caller& by;
    const char* zone;
    const char* organization;
    const char* reason;
  };
  const Case cases[] = {
      {kSystem, "", "", ""},
      {kSystem, "shanghai", "", ""},
      {kSystem, "", "org-9", ""},
      {kSystem, "shanghai", "org-9", "AFFILIATION_AMBIGUOUS"},
      {kZhejiang, "zhejiang", "", ""},
      {kZhejiang, "shanghai", "", "FOREIGN_ZONE"},
      {kZhejiang, "", "", "FOREIGN_ZONE"},
      {kZhejiang, "", "org-1", "FOREIGN_ORGANIZATION"},
      {kZhejiang, "zhejiang", "org-1", "AFFILIATION_AMBIGUOUS"},
      {kOrg1, "", "org-1", ""},
      {kOrg1, "", "org-2", "FOREIGN_ORGANIZATION"},
      {kOrg1, "", "", "FOREIGN_ORGANIZATION"},
      {kOrg1, "zhejiang", "", "FOREIGN_ZONE"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Reason(CheckMayCreate(c.by, c.zone, c.organization)), c.reason)
        << c.by.roles[0] << " zone '" << c.zone << "' organisation '" << c.organization << "'";
  }
}

TEST(Account, WhoMayCloseWhom) {
  const Account verifier{.user_id = "u", .zone = "zhejiang", .roles = {Role::kVerifier}};
  const Account zone_admin{.user_id = "u", .zone = "zhejiang", .roles = {Role::kZoneAdmin}};
  const Account security{.user_id = "u", .zone = "zhejiang", .roles = {Role::kSecurityAdmin}};
  const Account filer{.user_id = "u", .organization_id = "org-1", .roles = {Role::kFiler}};
  EXPECT_EQ(Reason(CheckMayDisable(kSystem, security)), "");
  EXPECT_EQ(Reason(CheckMayDisable(kZhejiang, verifier)), "");
  EXPECT_EQ(Reason(CheckMayDisable(kZhejiang, zone_admin)), "ROLE_NOT_YOURS_TO_GRANT");
  EXPECT_EQ(Reason(CheckMayDisable(kZhejiang, security)), "ROLE_NOT_YOURS_TO_GRANT");
  EXPECT_EQ(Reason(CheckMayDisable(kOrg1, filer)), "");
  EXPECT_EQ(Reason(CheckMayDisable(kSystem, Account{.user_id = "me"})), "OWN_ACCOUNT");
  EXPECT_EQ(Reason(CheckMayDisable(kSystem, Account{.user_id = "u", .disabled = true})),
            "USER_DISABLED");
}

}  // namespace
}  // namespace zonelink::directory
