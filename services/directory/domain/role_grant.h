// SPDX-License-Identifier: Apache-2.0
// The life of a role grant: proposed → active → revoked; business roles begin active.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "directory/domain/account.h"
#include "directory/domain/roles.h"
#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::directory {

enum class GrantState { kProposed, kActive, kRevoked };
std::string_view Name(GrantState state);  // as stored, for example "PROPOSED"
std::optional<GrantState> ParseGrantState(std::string_view name);

struct RoleGrant {
  std::string grant_id;
  std::string user_id;
  Role role = Role::kFiler;
  GrantState state = GrantState::kProposed;
  std::string granted_by;
  Time granted_at;
  std::optional<std::string> confirmed_by;
  std::optional<Time> confirmed_at;
  std::optional<std::string> revoked_by;
  std::optional<Time> revoked_at;
  std::optional<std::string> revoke_reason;
  int64_t version = 1;
};

// May `by` give `role` to `holder`, or take it back? The security administrator all roles, a zone
// administrator verifier, reviewer, inspector and releaser of the own zone, an enterprise
// administrator filer of the own organisation. PermissionDenied `ROLE_NOT_YOURS_TO_GRANT`.
Status CheckMayGrant(const Caller& by, const Account& holder, Role role);

// Can `holder` hold `role` beside the roles in force? FailedPrecondition `ROLE_NEEDS_ZONE`,
// `ROLE_NEEDS_ORGANIZATION`, `ROLES_INCOMPATIBLE`; AlreadyExists `ROLE_HELD`.
Status CheckFits(const Account& holder, Role role);

// The grant as it begins: PROPOSED where two persons are needed, else ACTIVE. Refusals are those of
// CheckMayGrant and CheckFits, PermissionDenied `SELF_GRANT`, FailedPrecondition `USER_DISABLED`.
Result<RoleGrant> Grant(const Caller& by, const Account& holder, Role role, Time now);

// By a second person. FailedPrecondition `ROLE_GRANT_NOT_PROPOSED`, `ROLES_INCOMPATIBLE`;
// PermissionDenied `SELF_GRANT`, `SECOND_PERSON_NEEDED`.
Result<RoleGrant> Confirm(RoleGrant grant, const Caller& by, const Account& holder, Time now);

// FailedPrecondition `ROLE_GRANT_REVOKED`; PermissionDenied `ROLE_NOT_YOURS_TO_GRANT`, also for
// one's own role: an administrator does not leave unseen.
Result<RoleGrant> Revoke(RoleGrant grant, const Caller& by, const Account& holder,
                         std::string reason, Time now);

// Ends a grant because its holder's account is closed; whoever may close it may do this.
RoleGrant End(RoleGrant grant, const Caller& by, std::string reason, Time now);

}  // namespace zonelink::directory
