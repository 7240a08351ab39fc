// SPDX-License-Identifier: Apache-2.0
// Table `mandate`. Each change is one statement and one event. Row-level security keeps callers to
// the mandates that their organisation gave or received.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/domain/mandate.h"
#include "platform/db/database.h"

namespace zonelink::directory::mandate_store {

// Constraints refuse `MANDATE_EXISTS`.
void Insert(db::Tx& tx, const Mandate& mandate);

// NotFound `MANDATE_NOT_FOUND`.
Result<Mandate> Get(db::Tx& tx, std::string_view mandate_id);
// The same, holding the row.
Result<Mandate> GetForUpdate(db::Tx& tx, std::string_view mandate_id);
// Saves an ended mandate; returns it with its new version.
Mandate Save(db::Tx& tx, Mandate mandate, const std::string& actor);

// Empty filters match all.
struct Filter {
  std::string side;  // "principal" or "agent": that of `organization_id`
  std::string organization_id;
  std::string state;
  std::string uscc;  // of either side
  // Only those before this one: when it was granted, RFC 3339, and its id.
  std::string granted_before = "infinity";
  std::string id_before;
  int limit = 0;
};
// Newest first.
std::vector<Mandate> List(db::Tx& tx, const Filter& filter);

}  // namespace zonelink::directory::mandate_store
