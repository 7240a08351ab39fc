// SPDX-License-Identifier: Apache-2.0
#include "directory/bootstrap.h"

#include "directory/credential_store.h"
#include "directory/domain/password.h"
#include "directory/grant_store.h"
#include "directory/user_store.h"
#include "platform/crypto/crypto.h"

namespace zonelink::directory {
namespace {

constexpr const char* kActor = "bootstrap";

struct First {
  const char* username;
  const char* name;
  Role role;
};

constexpr First kThree[] = {
    {"sysadmin", "系统管理员", Role::kSystemAdmin},
    {"secadmin", "安全管理员", Role::kSecurityAdmin},
    {"auditadmin", "审计管理员", Role::kAuditAdmin},
};

void Create(db::Tx& tx, const First& first, const std::string& phc) {
  const Account account{.user_id = crypto::NewUuid(tx.now()),
                        .username = first.username,
                        .name = first.name,
                        .created_at = tx.now()};
  user_store::Insert(tx, account, DutyOf(first.role), kActor);
  credential_store::InsertPassword(tx, account.user_id, phc);
  grant_store::Insert(tx, {.grant_id = crypto::NewUuid(tx.now()),
                           .user_id = account.user_id,
                           .role = first.role,
                           .state = GrantState::kActive,
                           .granted_by = kActor,
                           .granted_at = tx.now()});
}

}  // namespace

Status Bootstrap(db::Database& database, const std::string& password) {
  for (const First& first : kThree) {
    if (const Status strong = CheckPassword(password, first.username); !strong) return strong;
  }
  // Each has a salt of its own.
  crypto::PasswordHasher hasher(1);
  std::string hashes[std::size(kThree)];
  for (std::string& phc : hashes) phc = hasher.Hash(password);
  return database.System("directory.bootstrap", [&](db::Tx& tx) -> Status {
    if (!user_store::HoldEmpty(tx)) {
      return FailedPrecondition("ALREADY_BOOTSTRAPPED", "accounts exist already");
    }
    for (size_t i = 0; i < std::size(kThree); ++i) Create(tx, kThree[i], hashes[i]);
    return Done{};
  });
}

}  // namespace zonelink::directory
