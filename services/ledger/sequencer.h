// SPDX-License-Identifier: Apache-2.0
// Makes leaves of events. One transaction appends at a time, whichever process it runs in.
#pragma once

#include <span>
#include <string_view>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::ledger {

// The ledger's own log, and what stands in it.
inline constexpr std::string_view kSource = "ledger";
inline constexpr std::string_view kSaltDestroyed = "zonelink.ledger.salt.destroyed";

// Appends a leaf for each event of `source` that has none yet, in the order given, and takes away
// the salts that the ledger's own events say are destroyed. Runs as the relay role. Internal when
// an event cannot become a leaf or the tree's rows are incomplete.
Status Integrate(db::Tx& tx, std::string_view source, std::span<const events::v1::Event> events);

}  // namespace zonelink::ledger
