// SPDX-License-Identifier: Apache-2.0
// Recognition as the server binary sees it.
#pragma once

#include <memory>

#include "platform/db/migrate.h"
#include "platform/module.h"

namespace zonelink::recognition {

// Schema `recognition` with its migrations.
const db::Schema& Schema();

// `options` completed by what the schema's constraints mean.
db::Options WithConstraints(db::Options options);

// Opens the database, binds the RPCs and registers the event log. Refuses with what makes the
// configuration unusable.
Result<std::unique_ptr<Module>> MakeModule(Environment& environment);

}  // namespace zonelink::recognition
