// SPDX-License-Identifier: Apache-2.0
#include "directory/delegation_service.h"

#include <fmt/format.h>

#include "directory/convert.h"
#include "directory/delegation_store.h"
#include "directory/requests.h"
#include "directory/user_store.h"
#include "platform/crypto/crypto.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::directory {
namespace {

Result<DelegationWish> ToWish(const v1::CreateDelegationRequest& request) {
  DelegationWish wish{
      .roles = {}, .from = {}, .until = ToTime(request.until()), .reason = request.reason()};
  if (request.has_from()) wish.from = ToTime(request.from());
  for (const std::string& name : request.roles()) {
    const Result<Role> role = ToRole(name);
    if (!role) return role.error();
    wish.roles.push_back(*role);
  }
  return wish;
}

std::string StateFilter(v1::DelegationState state) {
  switch (state) {
    case v1::DELEGATION_STATE_ACTIVE: return std::string(Name(DelegationState::kActive));
    case v1::DELEGATION_STATE_REVOKED: return std::string(Name(DelegationState::kRevoked));
    default: return "";
  }
}

v1::Delegation ToProto(const Delegation& delegation) {
  v1::Delegation out;
  out.set_delegation_id(delegation.delegation_id);
  out.set_user_id(delegation.user_id);
  out.set_name(delegation.name);
  out.set_zone(delegation.zone);
  out.set_deputy_user_id(delegation.deputy_user_id);
  out.set_deputy_name(delegation.deputy_name);
  for (const Role role : delegation.roles) out.add_roles(std::string(Name(role)));
  *out.mutable_from() = ToTimestamp(delegation.from);
  *out.mutable_until() = ToTimestamp(delegation.until);
  out.set_reason(delegation.reason);
  out.set_state(delegation.state == DelegationState::kActive ? v1::DELEGATION_STATE_ACTIVE
                                                             : v1::DELEGATION_STATE_REVOKED);
  *out.mutable_granted_at() = ToTimestamp(delegation.granted_at);
  out.set_revoked_by(delegation.revoked_by.value_or(""));
  if (delegation.revoked_at) {
    *out.mutable_revoked_at() = ToTimestamp(*delegation.revoked_at);
  }
  out.set_revoke_reason(delegation.revoke_reason.value_or(""));
  return out;
}

bool SeesAll(const Caller& caller) {
  return caller.HasRole(Name(Role::kZoneAdmin)) || caller.HasRole(Name(Role::kAuditor));
}

}  // namespace

DelegationService::DelegationService(db::Database& database, const WallClock& clock,
                                     std::string_view secret)
    : database_(database), clock_(clock), pages_(secret) {}

void DelegationService::Bind(rpc::Server& server) {
  rpc::Binder(server, "zonelink.directory.v1.DelegationService", this)
      .Unary("CreateDelegation", &DelegationService::CreateDelegation)
      .Unary("ListDelegations", &DelegationService::ListDelegations)
      .Unary("RevokeDelegation", &DelegationService::RevokeDelegation);
}

Result<Account> DelegationService::FindDeputy(const std::string& user_id) {
  Account deputy;
  const Status found = database_.System("delegation.find_deputy", [&](db::Tx& tx) -> Status {
    Result<Account> held = user_store::Get(tx, user_id);
    if (!held) return NotFound("DEPUTY_NOT_FOUND", "no such colleague");
    deputy = *std::move(held);
    return Done{};
  });
  if (!found) return found.error();
  return deputy;
}

Result<v1::Delegation> DelegationService::CreateDelegation(
    const Call& call, const v1::CreateDelegationRequest& request) {
  const Result<DelegationWish> wish = ToWish(request);
  if (!wish) return wish.error();
  const Result<Account> deputy = FindDeputy(request.deputy_user_id());
  if (!deputy) return deputy.error();
  const std::string delegation_id = crypto::NewUuid(clock_.Now());
  const std::string& officer_id = call.caller.user_id;
  return database_.Command<v1::Delegation>(
      call, request, [&](db::Tx& tx) -> Result<v1::Delegation> {
        delegation_store::Hold(tx, {officer_id, deputy->user_id});
        const Result<Account> officer = user_store::Get(tx, officer_id);
        if (!officer) return officer.error();
        const std::vector<Delegation> standing =
            delegation_store::StandingOf(tx, officer_id, deputy->user_id, tx.now());
        Result<Delegation> made = Delegate(*wish, *officer, *deputy, standing, tx.now());
        if (!made) return made.error();
        made->delegation_id = delegation_id;
        delegation_store::Insert(tx, *made);
        return ToProto(*made);
      });
}

Result<v1::ListDelegationsResponse> DelegationService::ListDelegations(
    const Call& call, const v1::ListDelegationsRequest& request) {
  const std::string state = StateFilter(request.state());
  const std::string of = SeesAll(call.caller) ? "" : call.caller.user_id;
  const std::string query = fmt::format("ListDelegations {} {}|{}|{}|{}", call.caller.user_id, of,
                                        request.user_id(), request.deputy_user_id(), state);
  const auto keys = pages_.Keys(query, request.page_token(), 2);
  if (!keys) return keys.error();
  const size_t size = static_cast<size_t>(rpc::PageSize(request.page_size()));
  delegation_store::Filter filter{.of = of,
                                  .user_id = request.user_id(),
                                  .deputy_user_id = request.deputy_user_id(),
                                  .state = state,
                                  .limit = static_cast<int>(size) + 1};
  if (!keys->empty()) {
    filter.granted_before = (*keys)[0];
    filter.id_before = (*keys)[1];
  }
  return database_.Query(call, [&](db::Tx& tx) -> Result<v1::ListDelegationsResponse> {
    std::vector<Delegation> delegations = delegation_store::List(tx, filter);
    v1::ListDelegationsResponse reply;
    if (delegations.size() > size) {
      delegations.resize(size);
      reply.set_next_page_token(pages_.Token(
          query, {FormatTime(delegations.back().granted_at), delegations.back().delegation_id}));
    }
    for (const Delegation& delegation : delegations) *reply.add_items() = ToProto(delegation);
    return reply;
  });
}

Result<v1::Delegation> DelegationService::RevokeDelegation(
    const Call& call, const v1::RevokeDelegationRequest& request) {
  return database_.Command<v1::Delegation>(
      call, request, [&](db::Tx& tx) -> Result<v1::Delegation> {
        Result<Delegation> held = delegation_store::GetForUpdate(tx, request.delegation_id());
        if (!held) return held.error();
        Result<Delegation> ended =
            EndDelegation(*std::move(held), call.caller, request.reason(), tx.now());
        if (!ended) return ended.error();
        return ToProto(delegation_store::Save(tx, *std::move(ended), call.caller.user_id));
      });
}

}  // namespace zonelink::directory
