// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/role_grant.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::directory {
namespace {

Metadata RoleData(Role role) { return {{"role", std::string(Name(role))}}; }

bool ZoneAdminGrants(Role role) {
  return role == Role::kVerifier || role == Role::kReviewer || role == Role::kInspector ||
         role == Role::kReleaser;
}

// 三员分立 over the roles in force.
Status CheckCompatible(const Account& holder, Role role) {
  for (const Role held : holder.roles) {
    if (held == role || DutyOf(held) == DutyOf(role)) continue;
    return FailedPrecondition(
        "ROLES_INCOMPATIBLE", fmt::format("{} excludes {}", Name(held), Name(role)),
        {{"role", std::string(Name(role))}, {"held", std::string(Name(held))}});
  }
  return Done{};
}

}  // namespace

std::string_view Name(GrantState state) {
  switch (state) {
    case GrantState::kProposed: return "PROPOSED";
    case GrantState::kActive: return "ACTIVE";
    case GrantState::kRevoked: return "REVOKED";
  }
  return "";
}

std::optional<GrantState> ParseGrantState(std::string_view name) {
  for (const GrantState state :
       {GrantState::kProposed, GrantState::kActive, GrantState::kRevoked}) {
    if (Name(state) == name) return state;
  }
  return std::nullopt;
}

Status CheckMayGrant(const Caller& by, const Account& holder, Role role) {
  if (by.HasRole(Name(Role::kSecurityAdmin))) return Done{};
  if (by.HasRole(Name(Role::kZoneAdmin)) && ZoneAdminGrants(role) && !by.zone.empty() &&
      by.zone == holder.zone) {
    return Done{};
  }
  if (by.HasRole(Name(Role::kEnterpriseAdmin)) && role == Role::kFiler &&
      !by.organization_id.empty() && by.organization_id == holder.organization_id) {
    return Done{};
  }
  return PermissionDenied("ROLE_NOT_YOURS_TO_GRANT",
                          fmt::format("{} is granted and taken back by others", Name(role)),
                          RoleData(role));
}

Status CheckFits(const Account& holder, Role role) {
  if (AffiliationFor(role) == Affiliation::kZone && holder.zone.empty()) {
    return FailedPrecondition("ROLE_NEEDS_ZONE", "the account serves no zone", RoleData(role));
  }
  if (AffiliationFor(role) == Affiliation::kOrganization && holder.organization_id.empty()) {
    return FailedPrecondition("ROLE_NEEDS_ORGANIZATION", "the account belongs to no organisation",
                              RoleData(role));
  }
  if (std::find(holder.roles.begin(), holder.roles.end(), role) != holder.roles.end()) {
    return AlreadyExists("ROLE_HELD", "the role is held already", RoleData(role));
  }
  return CheckCompatible(holder, role);
}

Result<RoleGrant> Grant(const Caller& by, const Account& holder, Role role, Time now) {
  if (by.user_id == holder.user_id)
    return PermissionDenied("SELF_GRANT", "nobody grants to themselves");
  if (const Status may = CheckMayGrant(by, holder, role); !may) return may.error();
  if (holder.disabled) return FailedPrecondition("USER_DISABLED", "the account is closed");
  if (const Status fits = CheckFits(holder, role); !fits) return fits.error();
  return RoleGrant{.user_id = holder.user_id,
                   .role = role,
                   .state = NeedsTwoPersons(role) ? GrantState::kProposed : GrantState::kActive,
                   .granted_by = by.user_id,
                   .granted_at = now};
}

Result<RoleGrant> Confirm(RoleGrant grant, const Caller& by, const Account& holder, Time now) {
  if (grant.state != GrantState::kProposed) {
    return FailedPrecondition("ROLE_GRANT_NOT_PROPOSED",
                              fmt::format("the grant is {}", Name(grant.state)),
                              {{"state", std::string(Name(grant.state))}});
  }
  if (by.user_id == holder.user_id)
    return PermissionDenied("SELF_GRANT", "nobody confirms their own role");
  if (by.user_id == grant.granted_by) {
    return PermissionDenied("SECOND_PERSON_NEEDED", "who proposed a role does not confirm it");
  }
  if (const Status fits = CheckCompatible(holder, grant.role); !fits) return fits.error();
  grant.state = GrantState::kActive;
  grant.confirmed_by = by.user_id;
  grant.confirmed_at = now;
  return grant;
}

Result<RoleGrant> Revoke(RoleGrant grant, const Caller& by, const Account& holder,
                         std::string reason, Time now) {
  if (by.user_id == holder.user_id) {
    return PermissionDenied("ROLE_NOT_YOURS_TO_GRANT", "nobody takes back their own role",
                            RoleData(grant.role));
  }
  if (const Status may = CheckMayGrant(by, holder, grant.role); !may) return may.error();
  if (grant.state == GrantState::kRevoked)
    return FailedPrecondition("ROLE_GRANT_REVOKED", "the role was taken back already");
  return End(std::move(grant), by, std::move(reason), now);
}

RoleGrant End(RoleGrant grant, const Caller& by, std::string reason, Time now) {
  grant.state = GrantState::kRevoked;
  grant.revoked_by = by.user_id;
  grant.revoked_at = now;
  grant.revoke_reason = std::move(reason);
  return grant;
}

}  // namespace zonelink::directory
