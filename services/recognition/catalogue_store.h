// SPDX-License-Identifier: Apache-2.0
// The catalogue as a whole, and the version that tells whether a copy of it is still true.
#pragma once

#include <cstdint>

#include "platform/db/database.h"
#include "recognition/domain/catalogue.h"

namespace zonelink::recognition::catalogue_store {

// Grows with every change to items, zones or routes.
int64_t Version(db::Tx& tx);

// At least as new as the version that was read before it.
Catalogue Load(db::Tx& tx);

}  // namespace zonelink::recognition::catalogue_store
