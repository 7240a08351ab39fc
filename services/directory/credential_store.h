// SPDX-License-Identifier: Apache-2.0
// Tables `password` and `login_failure`, and what a token says about an account. Runs as the relay
// role only (db::Database::System), except InsertPassword.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "directory/domain/login.h"
#include "platform/core/call.h"
#include "platform/db/database.h"

namespace zonelink::directory::credential_store {

// An account as login needs it: who its tokens name, and the password hash.
struct Credentials {
  Caller claims;  // without session
  std::string phc;
  bool disabled = false;
};
std::optional<Credentials> FindByName(db::Tx& tx, std::string_view username);
std::optional<Credentials> FindById(db::Tx& tx, std::string_view user_id);

// The account's first password.
void InsertPassword(db::Tx& tx, const std::string& user_id, const std::string& phc);
// Replaces `old_phc`; false when the password is another by now.
bool ReplacePassword(db::Tx& tx, const std::string& user_id, const std::string& old_phc,
                     const std::string& phc);

// Failures are kept under the name's skeleton, hashed: look-alikes share a lock, and a password
// typed into the wrong field is not stored in clear.
LoginFailures FailuresOf(db::Tx& tx, std::string_view username);
// The same, holding the row, which is made where it is missing.
LoginFailures FailuresForUpdate(db::Tx& tx, std::string_view username, Time now);
void SaveFailures(db::Tx& tx, std::string_view username, const LoginFailures& failures);
void ForgetFailures(db::Tx& tx, std::string_view username);
// Deletes some of the rows whose failures no longer count.
void PruneFailures(db::Tx& tx, Time before);

}  // namespace zonelink::directory::credential_store
