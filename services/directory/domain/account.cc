// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/account.h"

#include <fmt/format.h>

#include "directory/domain/role_grant.h"

namespace zonelink::directory {
namespace {

bool IsZoneAdminOf(const Caller& by, std::string_view zone) {
  return by.HasRole(Name(Role::kZoneAdmin)) && !zone.empty() && by.zone == zone;
}

bool IsEnterpriseAdminOf(const Caller& by, std::string_view organization_id) {
  return by.HasRole(Name(Role::kEnterpriseAdmin)) && !organization_id.empty() &&
         by.organization_id == organization_id;
}

}  // namespace

Status CheckMayRegister(const Caller& by, std::string_view zone) {
  if (by.HasRole(Name(Role::kSystemAdmin)) || IsZoneAdminOf(by, zone)) return Done{};
  return PermissionDenied("FOREIGN_ZONE", "zone administrators register in their own zone");
}

Status CheckMayCreate(const Caller& by, std::string_view zone, std::string_view organization_id) {
  if (!zone.empty() && !organization_id.empty()) {
    return InvalidArgument("AFFILIATION_AMBIGUOUS",
                           "an account belongs to a zone or to an organisation, not to both");
  }
  if (by.HasRole(Name(Role::kSystemAdmin)) || IsZoneAdminOf(by, zone) ||
      IsEnterpriseAdminOf(by, organization_id)) {
    return Done{};
  }
  const bool wants_organization =
      !organization_id.empty() || (zone.empty() && !by.HasRole(Name(Role::kZoneAdmin)));
  if (wants_organization) {
    return PermissionDenied("FOREIGN_ORGANIZATION",
                            "enterprise administrators create users of their own organisation");
  }
  return PermissionDenied("FOREIGN_ZONE", "zone administrators create staff of their own zone");
}

Status CheckMayDisable(const Caller& by, const Account& account) {
  if (by.user_id == account.user_id)
    return FailedPrecondition("OWN_ACCOUNT", "nobody closes their own account");
  if (account.disabled) return FailedPrecondition("USER_DISABLED", "the account is closed already");
  if (by.HasRole(Name(Role::kSystemAdmin))) return Done{};
  for (const Role role : account.roles) {
    if (const Status may = CheckMayGrant(by, account, role); !may) return may;
  }
  return Done{};
}

}  // namespace zonelink::directory
