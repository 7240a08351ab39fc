// SPDX-License-Identifier: Apache-2.0
// The directory as the server binary sees it.
#pragma once

#include <memory>

#include "platform/db/migrate.h"
#include "platform/module.h"

namespace zonelink::directory {

// Schema `directory` with its migrations.
const db::Schema& Schema();

// `options` completed by what the schema's constraints mean.
db::Options WithConstraints(db::Options options);

// Reads the signing keys, opens the database, binds the RPCs and registers the event log. Refuses
// with what makes the configuration unusable.
Result<std::unique_ptr<Module>> MakeModule(Environment& environment);

}  // namespace zonelink::directory
