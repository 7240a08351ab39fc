// SPDX-License-Identifier: Apache-2.0
// Table `delegation`. Each change is one statement and one event. Row-level security keeps callers
// to their zone's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/delegation.h"
#include "platform/db/database.h"

namespace zonelink::directory::delegation_store {

// Until the transaction ends nobody else names deputies of these people or takes roles back that
// they could delegate. Before any row of `account` is held.
void Hold(db::Tx& tx, std::vector<std::string> user_ids);

// Constraints refuse `DEPUTY_NOT_FOUND`, `USER_DISABLED` and `ROLES_INCOMPATIBLE`, should either
// account have changed since it was read.
void Insert(db::Tx& tx, const Delegation& delegation);

// NotFound `DELEGATION_NOT_FOUND`, also for those that the caller may not end. Holds the row.
Result<Delegation> GetForUpdate(db::Tx& tx, std::string_view delegation_id);
// Saves an ended delegation; returns it with its new version.
Delegation Save(db::Tx& tx, Delegation delegation, const std::string& actor);

// Those not ended in which one of the two is the officer or the deputy, and which are not over.
std::vector<Delegation> StandingOf(db::Tx& tx, std::string_view one, std::string_view other,
                                   Time now);

// Ends all of the account, on either side: it is closed or takes up other duties.
void EndAll(db::Tx& tx, std::string_view user_id, const Caller& by, const std::string& reason);
// Ends those by which the officer delegates `role`.
void EndWithRole(db::Tx& tx, std::string_view user_id, Role role, const Caller& by,
                 const std::string& reason);

// Empty filters match all.
struct Filter {
  std::string of;  // is the officer or the deputy
  std::string user_id;
  std::string deputy_user_id;
  std::string state;
  // Only those before this one: when it was granted, RFC 3339, and its id.
  std::string granted_before = "infinity";
  std::string id_before;
  int limit = 0;
};
// Newest first.
std::vector<Delegation> List(db::Tx& tx, const Filter& filter);

}  // namespace zonelink::directory::delegation_store
