// SPDX-License-Identifier: Apache-2.0
// The table of all modules, in the order of targets, ports and start.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/migrate.h"
#include "platform/module.h"

namespace zonelink {

// What a module calls of another: services (with their package) or service/rpc.
struct Calls {
  std::string_view target;
  std::vector<std::string_view> rpcs;
};

struct ModuleEntry {
  std::string_view target;
  std::string_view purpose;
  std::vector<Calls> calls;       // what it needs, here or of peers; peers allow it no more
  const db::Schema* (*schema)();  // nullptr: keeps nothing in the database
  Result<std::unique_ptr<Module>> (*make)(Environment&);
};

std::span<const ModuleEntry> Modules();

// The entries of `--target`: `all` or names joined by commas. InvalidArgument `TARGET_UNKNOWN`.
Result<std::vector<const ModuleEntry*>> ChosenModules(std::string_view target);

// Place of a target in the table: its port in split mode is the base port plus this.
int PlaceOf(std::string_view target);

}  // namespace zonelink
