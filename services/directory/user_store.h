// SPDX-License-Identifier: Apache-2.0
// Table `account`. Row-level security keeps callers to the accounts they may see.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/account.h"
#include "platform/db/database.h"

namespace zonelink::directory::user_store {

// Row and event. `duty`: whose roles it is going to hold. Constraints refuse `USERNAME_TAKEN` (also
// for look-alikes), `ZONE_NOT_FOUND`, `ORGANIZATION_NOT_FOUND`.
void Insert(db::Tx& tx, const Account& account, Duty duty, const std::string& created_by);

// True when there is no account; holds off whoever asks the same until the transaction ends.
bool HoldEmpty(db::Tx& tx);

// NotFound `USER_NOT_FOUND`, also for those the caller may not see.
Result<Account> Get(db::Tx& tx, std::string_view user_id);
// The same, holding the row: roles of one account change one after the other, and a login that is
// under way waits or wins. The caller's own account is returned without being held.
Result<Account> GetForUpdate(db::Tx& tx, std::string_view user_id);

// Empty filters match all.
struct Filter {
  std::string zone;
  std::string organization_id;
  std::string username;
  std::string after_username;
  int limit = 0;
};
// By login name.
std::vector<Account> List(db::Tx& tx, const Filter& filter);

// The account's one duty, before a grant of it becomes active. The constraint role_grant_duty
// refuses while a grant of another duty is active: `ROLES_INCOMPATIBLE`.
void SetDuty(db::Tx& tx, const std::string& user_id, Duty duty);

// Closes the account: row and event. Returns it as it is then.
Account Disable(db::Tx& tx, Account account, const std::string& by, const std::string& reason);

}  // namespace zonelink::directory::user_store
