// SPDX-License-Identifier: Apache-2.0
// Has other services fire what is due.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "platform/core/result.h"
#include "platform/rpc/channels.h"

namespace zonelink::clocks {

// Waits until nothing is due any more in all of `services`, asking them in the name of `caller`.
// Outside any transaction. Unavailable `RUNGS_NOT_FIRED`: not all could be reached, or finish in
// time; asking again goes on.
Status FireDue(const rpc::Channels& channels, std::string_view caller,
               std::span<const std::string_view> services,
               std::chrono::steady_clock::time_point deadline);

}  // namespace zonelink::clocks
