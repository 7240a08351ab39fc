// SPDX-License-Identifier: Apache-2.0
// Table `role_grant`. Each change is one statement and one event.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/role_grant.h"
#include "platform/db/database.h"

namespace zonelink::directory::grant_store {

// Constraints refuse `ROLE_HELD` (also when proposed), `ROLES_INCOMPATIBLE`.
void Insert(db::Tx& tx, const RoleGrant& grant);

// NotFound `ROLE_GRANT_NOT_FOUND`. Whoever means to change a grant holds its account before, see
// user_store::GetForUpdate: all changes of one account's grants come one after the other.
Result<RoleGrant> Get(db::Tx& tx, std::string_view user_id, std::string_view grant_id);
// Saves a confirmed or revoked grant; returns it with its new version.
RoleGrant Save(db::Tx& tx, RoleGrant grant, const std::string& actor);

// Newest first.
std::vector<RoleGrant> ListOf(db::Tx& tx, std::string_view user_id);
// Proposed and active ones.
std::vector<RoleGrant> OpenOf(db::Tx& tx, std::string_view user_id);

}  // namespace zonelink::directory::grant_store
