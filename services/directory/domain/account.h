// SPDX-License-Identifier: Apache-2.0
// Accounts and organisations, and who may create, register and close them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/roles.h"
#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::directory {

struct Zone {
  std::string zone_id;
  std::string name_zh;
  std::string name_en;
  std::string province_gb;
  Date opened_on;
  int batch = 0;
};

struct Organization {
  std::string organization_id;
  std::string uscc;
  std::string name_zh;
  std::string name_en;
  std::string zone;
};

// A person who can log in. Empty `zone` or `organization_id`: belongs to none.
struct Account {
  std::string user_id;
  std::string username;
  std::string name;
  std::string zone;
  std::string department;
  std::string organization_id;
  std::vector<Role> roles;  // in force
  bool disabled = false;
  Time created_at;
  int64_t version = 1;
};

// May `by` register an organisation in `zone`? PermissionDenied `FOREIGN_ZONE`.
Status CheckMayRegister(const Caller& by, std::string_view zone);

// May `by` create an account that belongs to `zone` or `organization_id`? InvalidArgument
// `AFFILIATION_AMBIGUOUS` when both are named, PermissionDenied `FOREIGN_ZONE`,
// `FOREIGN_ORGANIZATION`.
Status CheckMayCreate(const Caller& by, std::string_view zone, std::string_view organization_id);

// May `by` close `account`? FailedPrecondition `OWN_ACCOUNT`, `USER_DISABLED`; PermissionDenied
// `ROLE_NOT_YOURS_TO_GRANT` when the account holds a role that `by` could not take back.
Status CheckMayDisable(const Caller& by, const Account& account);

}  // namespace zonelink::directory
