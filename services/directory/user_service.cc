// SPDX-License-Identifier: Apache-2.0
// Accounts.
#include <fmt/format.h>

#include "directory/convert.h"
#include "directory/delegation_store.h"
#include "directory/directory_service.h"
#include "directory/domain/password.h"
#include "directory/grant_store.h"
#include "directory/requests.h"
#include "directory/session_store.h"
#include "directory/user_store.h"

namespace zonelink::directory {

Result<pb::User> DirectoryService::CreateUser(const Call& call,
                                              const pb::CreateUserRequest& request) {
  const Status may = CheckMayCreate(call.caller, request.zone(), request.organization_id());
  if (!may) return may.error();
  const Status strong = CheckPassword(request.password(), request.username());
  if (!strong) return strong.error();
  const std::string phc = hasher_.Hash(request.password());
  Account account = ToAccount(request, crypto::NewUuid(clock_.Now()));
  // The request's hash is stored: a plain one would let its reader try passwords.
  pb::CreateUserRequest fingerprint = request;
  fingerprint.set_password(
      crypto::HexEncode(crypto::HmacSha256(fingerprint_key_, request.password())));
  return database_.Command<pb::User>(call, fingerprint, [&](db::Tx& tx) -> Result<pb::User> {
    account.created_at = tx.now();
    user_store::Insert(tx, account, Duty::kBusiness, call.caller.user_id);
    credential_store::InsertPassword(tx, account.user_id, phc);
    return ToProto(account);
  });
}

Result<pb::User> DirectoryService::GetUser(const Call& call, const pb::GetUserRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::User> {
    return user_store::Get(tx, request.user_id()).transform([](Account&& account) {
      return ToProto(account);
    });
  });
}

Result<pb::ListUsersResponse> DirectoryService::ListUsers(const Call& call,
                                                          const pb::ListUsersRequest& request) {
  const std::string query =
      fmt::format("ListUsers {} {}|{}|{}", call.caller.user_id, request.zone(),
                  request.organization_id(), request.username());
  const auto keys = pages_.Keys(query, request.page_token(), 1);
  if (!keys) return keys.error();
  const size_t size = static_cast<size_t>(rpc::PageSize(request.page_size()));
  const user_store::Filter filter{.zone = request.zone(),
                                  .organization_id = request.organization_id(),
                                  .username = request.username(),
                                  .after_username = keys->empty() ? "" : keys->front(),
                                  .limit = static_cast<int>(size) + 1};
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListUsersResponse> {
    std::vector<Account> accounts = user_store::List(tx, filter);
    pb::ListUsersResponse reply;
    if (accounts.size() > size) {
      accounts.resize(size);
      reply.set_next_page_token(pages_.Token(query, {accounts.back().username}));
    }
    for (const Account& account : accounts) *reply.add_items() = ToProto(account);
    return reply;
  });
}

Result<pb::User> DirectoryService::DisableUser(const Call& call,
                                               const pb::DisableUserRequest& request) {
  const Time wall = clock_.Now();
  return database_.Command<pb::User>(call, request, [&](db::Tx& tx) -> Result<pb::User> {
    Result<Account> account = user_store::GetForUpdate(tx, request.user_id());
    if (!account) return account.error();
    const Status may = CheckMayDisable(call.caller, *account);
    if (!may) return may.error();
    for (RoleGrant& grant : grant_store::OpenOf(tx, account->user_id)) {
      grant_store::Save(tx, End(std::move(grant), call.caller, request.reason(), tx.now()),
                        call.caller.user_id);
    }
    delegation_store::EndAll(tx, account->user_id, call.caller, request.reason());
    session_store::EndAll(tx, account->user_id, "", session_store::kUserDisabled, wall);
    return ToProto(
        user_store::Disable(tx, *std::move(account), call.caller.user_id, request.reason()));
  });
}

}  // namespace zonelink::directory
