// SPDX-License-Identifier: Apache-2.0
// The worklist: the one list of what waits for a person, and the live stream of what happened.
#pragma once

#include <memory>

#include "platform/core/result.h"
#include "platform/db/migrate.h"
#include "platform/module.h"

namespace zonelink::worklist {

const db::Schema& Schema();
Result<std::unique_ptr<Module>> MakeModule(Environment& environment);

}  // namespace zonelink::worklist
