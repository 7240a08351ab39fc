// SPDX-License-Identifier: Apache-2.0
// Has a service destroy the salt of one of its events.
#pragma once

#include <string>

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/rpc/channels.h"

namespace zonelink::outbox {

struct SaltToDestroy {
  std::string caller;    // the calling service
  std::string source;    // the service that holds the event
  std::string event_id;  // UUID
};

// Within the call's deadline, outside any transaction. Again: the same answer. What the service
// refuses, among it NotFound `EVENT_UNKNOWN`; Unavailable when it cannot be reached.
Status DestroyEventSalt(rpc::Channels& channels, const Call& call, const SaltToDestroy& salt);

}  // namespace zonelink::outbox
