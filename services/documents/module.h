// SPDX-License-Identifier: Apache-2.0
// The enterprises' documents: kept encrypted, read by the parties to a case, every reading
// recorded.
#pragma once

#include <memory>

#include "platform/core/result.h"
#include "platform/db/migrate.h"
#include "platform/module.h"

namespace zonelink::documents {

const db::Schema& Schema();
Result<std::unique_ptr<Module>> MakeModule(Environment& environment);

}  // namespace zonelink::documents
