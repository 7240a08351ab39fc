// SPDX-License-Identifier: Apache-2.0
// Role grants. Access tokens carry roles, so a change of the roles in force ends the sessions.
#include "directory/convert.h"
#include "directory/delegation_store.h"
#include "directory/directory_service.h"
#include "directory/domain/role_grant.h"
#include "directory/grant_store.h"
#include "directory/requests.h"
#include "directory/session_store.h"
#include "directory/user_store.h"

namespace zonelink::directory {
namespace {

struct GrantAndHolder {
  RoleGrant grant;
  Account holder;
};

// Holds the account. NotFound `ROLE_GRANT_NOT_FOUND` for a grant that the caller may not see.
Result<GrantAndHolder> GetForUpdate(db::Tx& tx, const std::string& user_id,
                                    const std::string& grant_id) {
  Result<Account> holder = user_store::GetForUpdate(tx, user_id);
  if (!holder) return NotFound("ROLE_GRANT_NOT_FOUND", "no such grant");
  return grant_store::Get(tx, user_id, grant_id).transform([&](RoleGrant&& grant) {
    return GrantAndHolder{std::move(grant), *std::move(holder)};
  });
}

void EndSessions(db::Tx& tx, const std::string& user_id, Time wall) {
  session_store::EndAll(tx, user_id, "", session_store::kRolesChanged, wall);
}

}  // namespace

Result<pb::RoleGrant> DirectoryService::GrantRole(const Call& call,
                                                  const pb::GrantRoleRequest& request) {
  const Result<Role> role = ToRole(request.role());
  if (!role) return role.error();
  const Time wall = clock_.Now();
  const std::string grant_id = crypto::NewUuid(wall);
  return database_.Command<pb::RoleGrant>(call, request, [&](db::Tx& tx) -> Result<pb::RoleGrant> {
    const Result<Account> holder = user_store::GetForUpdate(tx, request.user_id());
    if (!holder) return holder.error();
    Result<RoleGrant> grant = Grant(call.caller, *holder, *role, tx.now());
    if (!grant) return grant.error();
    grant->grant_id = grant_id;
    const bool active = grant->state == GrantState::kActive;
    if (active) user_store::SetDuty(tx, holder->user_id, DutyOf(*role));
    grant_store::Insert(tx, *grant);
    if (active) EndSessions(tx, holder->user_id, wall);
    return ToProto(*grant);
  });
}

Result<pb::ListRoleGrantsResponse> DirectoryService::ListRoleGrants(
    const Call& call, const pb::ListRoleGrantsRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListRoleGrantsResponse> {
    const Result<Account> holder = user_store::Get(tx, request.user_id());
    if (!holder) return holder.error();
    pb::ListRoleGrantsResponse reply;
    for (const RoleGrant& grant : grant_store::ListOf(tx, holder->user_id)) {
      *reply.add_items() = ToProto(grant);
    }
    return reply;
  });
}

Result<pb::RoleGrant> DirectoryService::ConfirmRole(const Call& call,
                                                    const pb::ConfirmRoleRequest& request) {
  const Time wall = clock_.Now();
  return database_.Command<pb::RoleGrant>(call, request, [&](db::Tx& tx) -> Result<pb::RoleGrant> {
    Result<GrantAndHolder> found = GetForUpdate(tx, request.user_id(), request.grant_id());
    if (!found) return found.error();
    const std::string& user_id = found->holder.user_id;
    Result<RoleGrant> confirmed =
        Confirm(std::move(found->grant), call.caller, found->holder, tx.now());
    if (!confirmed) return confirmed.error();
    // An administrator of the three stands in for no officer.
    delegation_store::EndAll(tx, user_id, call.caller, "other duties");
    user_store::SetDuty(tx, user_id, DutyOf(confirmed->role));
    EndSessions(tx, user_id, wall);
    return ToProto(grant_store::Save(tx, *std::move(confirmed), call.caller.user_id));
  });
}

Result<pb::RoleGrant> DirectoryService::RevokeRole(const Call& call,
                                                   const pb::RevokeRoleRequest& request) {
  const Time wall = clock_.Now();
  return database_.Command<pb::RoleGrant>(call, request, [&](db::Tx& tx) -> Result<pb::RoleGrant> {
    delegation_store::Hold(tx, {request.user_id()});
    Result<GrantAndHolder> found = GetForUpdate(tx, request.user_id(), request.grant_id());
    if (!found) return found.error();
    const bool was_active = found->grant.state == GrantState::kActive;
    Result<RoleGrant> revoked =
        Revoke(std::move(found->grant), call.caller, found->holder, request.reason(), tx.now());
    if (!revoked) return revoked.error();
    // Nobody delegates what they do not hold.
    delegation_store::EndWithRole(tx, found->holder.user_id, revoked->role, call.caller,
                                  request.reason());
    if (was_active) EndSessions(tx, found->holder.user_id, wall);
    return ToProto(grant_store::Save(tx, *std::move(revoked), call.caller.user_id));
  });
}

}  // namespace zonelink::directory
