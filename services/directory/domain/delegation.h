// SPDX-License-Identifier: Apache-2.0
// Delegations 委托代办: a deputy exercises named roles of an officer for a period. The deputy holds
// none of them by it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/account.h"
#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::directory {

enum class DelegationState { kActive, kRevoked };
std::string_view Name(DelegationState state);  // as stored, for example "ACTIVE"
std::optional<DelegationState> ParseDelegationState(std::string_view name);

struct Delegation {
  std::string delegation_id;
  std::string user_id;  // the officer
  std::string name;     // as shown on cases, as the deputy's, when it was made
  std::string zone;
  std::string deputy_user_id;
  std::string deputy_name;
  std::vector<Role> roles;  // in the order of the catalogue, each once
  Time from;
  Time until;  // first instant after the end
  std::string reason;
  DelegationState state = DelegationState::kActive;
  Time granted_at;
  std::optional<std::string> revoked_by;
  std::optional<Time> revoked_at;
  std::optional<std::string> revoke_reason;
  int64_t version = 1;
};

// What an officer asks for.
struct DelegationWish {
  std::vector<Role> roles;
  std::optional<Time> from;  // none: at once
  Time until;
  std::string reason;
};

// Is `role` one that a deputy can exercise? Administrators' roles are never delegated.
bool MayBeDelegated(Role role);

// `standing`: the active delegations of both, on either side. What began earlier today begins now.
// NotFound `DEPUTY_NOT_FOUND` (closed, or of another zone); InvalidArgument
// `DELEGATION_TO_ONESELF`, `DELEGATION_PERIOD`; PermissionDenied `DELEGATION_ROLE`,
// `ROLE_NOT_HELD`; FailedPrecondition `DEPUTY_DEPARTMENT`, `ROLES_INCOMPATIBLE`,
// `DELEGATION_CHAIN`; AlreadyExists `DELEGATION_EXISTS`.
Result<Delegation> Delegate(DelegationWish wish, const Account& officer, const Account& deputy,
                            std::span<const Delegation> standing, Time now);

// By the officer, the deputy or the zone's administrator. NotFound `DELEGATION_NOT_FOUND` for
// others; FailedPrecondition `DELEGATION_REVOKED`.
Result<Delegation> EndDelegation(Delegation delegation, const Caller& by, std::string reason,
                                 Time now);

// Ends one whose officer lost a role or whose account is closed; whoever may do that may do this.
Delegation End(Delegation delegation, const Caller& by, std::string reason, Time now);

}  // namespace zonelink::directory
