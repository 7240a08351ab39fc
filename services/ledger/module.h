// SPDX-License-Identifier: Apache-2.0
// The ledger: one Merkle tree over the events of all services, signed, cosigned, public.
#pragma once

#include <memory>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/db/migrate.h"
#include "platform/module.h"

namespace zonelink::ledger {

const db::Schema& Schema();
// Names the refusals that the schema's constraints stand for.
db::Options WithConstraints(db::Options options);
Result<std::unique_ptr<Module>> MakeModule(Environment& environment);

}  // namespace zonelink::ledger
