// SPDX-License-Identifier: Apache-2.0
// Table `organization`. Row-level security keeps callers to the organisations they may see.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/account.h"
#include "platform/db/database.h"

namespace zonelink::directory::organization_store {

// Row and event. Constraints refuse `ORGANIZATION_EXISTS` and `ZONE_NOT_FOUND`.
void Insert(db::Tx& tx, const Organization& organization, const std::string& registered_by);

// NotFound `ORGANIZATION_NOT_FOUND`, also for those the caller may not see.
Result<Organization> Get(db::Tx& tx, std::string_view organization_id);
// By unified social credit code, with the same refusal. As the relay role: any.
Result<Organization> GetByCode(db::Tx& tx, std::string_view uscc);

// Empty filters match all.
struct Filter {
  std::string zone;
  std::string uscc;
  std::string after_uscc;
  int limit = 0;
};
// By code.
std::vector<Organization> List(db::Tx& tx, const Filter& filter);

}  // namespace zonelink::directory::organization_store
