// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/delegation.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::directory {
namespace {

constexpr std::chrono::days kLongest{90};

Metadata RoleData(Role role) { return {{"role", std::string(Name(role))}}; }

bool Holds(const std::vector<Role>& roles, Role role) {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

Status CheckDeputy(const Account& officer, const Account& deputy) {
  if (deputy.user_id == officer.user_id) {
    return InvalidArgument("DELEGATION_TO_ONESELF", "nobody is their own deputy");
  }
  // Staff of other zones look like nobody.
  if (deputy.disabled || deputy.zone.empty() || deputy.zone != officer.zone) {
    return NotFound("DEPUTY_NOT_FOUND", "no such colleague");
  }
  if (!officer.department.empty() && officer.department != deputy.department) {
    return FailedPrecondition("DEPUTY_DEPARTMENT", "the deputy serves another department");
  }
  for (const Role held : deputy.roles) {
    if (DutyOf(held) == Duty::kBusiness) continue;
    return FailedPrecondition("ROLES_INCOMPATIBLE",
                              fmt::format("{} excludes an officer's roles", Name(held)),
                              RoleData(held));
  }
  return Done{};
}

Status CheckRoles(const std::vector<Role>& roles, const Account& officer) {
  for (const Role role : roles) {
    if (!MayBeDelegated(role)) {
      return PermissionDenied("DELEGATION_ROLE", fmt::format("{} is never delegated", Name(role)),
                              RoleData(role));
    }
    if (!Holds(officer.roles, role)) {
      return PermissionDenied("ROLE_NOT_HELD", fmt::format("the officer is no {}", Name(role)),
                              RoleData(role));
    }
  }
  return Done{};
}

Status CheckPeriod(const DelegationWish& wish, Time now) {
  const bool backdated = wish.from && ShanghaiDate(*wish.from) < ShanghaiDate(now);
  const Time from = std::max(wish.from.value_or(now), now);
  if (!backdated && wish.until > from && wish.until - from <= kLongest) return Done{};
  return InvalidArgument("DELEGATION_PERIOD",
                         "begins today at the earliest and spans 90 days at most");
}

// Depth one: who stands in for somebody has no deputy at that time.
Status CheckStanding(const Delegation& wished, std::span<const Delegation> standing) {
  for (const Delegation& other : standing) {
    if (other.until <= wished.from || wished.until <= other.from) continue;
    if (other.deputy_user_id == wished.user_id || other.user_id == wished.deputy_user_id) {
      return FailedPrecondition("DELEGATION_CHAIN", "a deputy does not delegate on");
    }
    const bool same = other.user_id == wished.user_id &&
                      other.deputy_user_id == wished.deputy_user_id &&
                      std::any_of(wished.roles.begin(), wished.roles.end(),
                                  [&](Role role) { return Holds(other.roles, role); });
    if (same) return AlreadyExists("DELEGATION_EXISTS", "the deputy has one of the roles already");
  }
  return Done{};
}

}  // namespace

std::string_view Name(DelegationState state) {
  switch (state) {
    case DelegationState::kActive: return "ACTIVE";
    case DelegationState::kRevoked: return "REVOKED";
  }
  return "";
}

std::optional<DelegationState> ParseDelegationState(std::string_view name) {
  for (const DelegationState state : {DelegationState::kActive, DelegationState::kRevoked}) {
    if (Name(state) == name) return state;
  }
  return std::nullopt;
}

bool MayBeDelegated(Role role) {
  return role == Role::kVerifier || role == Role::kReviewer || role == Role::kInspector ||
         role == Role::kReleaser;
}

Result<Delegation> Delegate(DelegationWish wish, const Account& officer, const Account& deputy,
                            std::span<const Delegation> standing, Time now) {
  std::sort(wish.roles.begin(), wish.roles.end());
  wish.roles.erase(std::unique(wish.roles.begin(), wish.roles.end()), wish.roles.end());
  if (const Status fit = CheckDeputy(officer, deputy); !fit) return fit.error();
  if (const Status fit = CheckRoles(wish.roles, officer); !fit) return fit.error();
  if (const Status fit = CheckPeriod(wish, now); !fit) return fit.error();
  Delegation delegation{.user_id = officer.user_id,
                        .name = officer.name,
                        .zone = officer.zone,
                        .deputy_user_id = deputy.user_id,
                        .deputy_name = deputy.name,
                        .roles = std::move(wish.roles),
                        .from = std::max(wish.from.value_or(now), now),
                        .until = wish.until,
                        .reason = std::move(wish.reason),
                        .granted_at = now};
  if (const Status fit = CheckStanding(delegation, standing); !fit) return fit.error();
  return delegation;
}

Result<Delegation> EndDelegation(Delegation delegation, const Caller& by, std::string reason,
                                 Time now) {
  const bool may = by.user_id == delegation.user_id || by.user_id == delegation.deputy_user_id ||
                   (by.HasRole(Name(Role::kZoneAdmin)) && by.zone == delegation.zone);
  if (!may) return NotFound("DELEGATION_NOT_FOUND", "no such delegation");
  if (delegation.state == DelegationState::kRevoked) {
    return FailedPrecondition("DELEGATION_REVOKED", "the delegation was ended already");
  }
  return End(std::move(delegation), by, std::move(reason), now);
}

Delegation End(Delegation delegation, const Caller& by, std::string reason, Time now) {
  delegation.state = DelegationState::kRevoked;
  delegation.revoked_by = by.user_id;
  delegation.revoked_at = now;
  delegation.revoke_reason = std::move(reason);
  return delegation;
}

}  // namespace zonelink::directory
