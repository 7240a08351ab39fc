// SPDX-License-Identifier: Apache-2.0
// The deployment's clock: one offset to wall time in clock.setting, which every process reads.
#pragma once

#include <chrono>

#include "platform/db/database.h"

namespace zonelink::directory::clock_store {

// Holds the row: the clock moves once at a time.
std::chrono::microseconds OffsetForUpdate(db::Tx& tx);
void SetOffset(db::Tx& tx, std::chrono::microseconds offset);

}  // namespace zonelink::directory::clock_store
