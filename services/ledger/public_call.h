// SPDX-License-Identifier: Apache-2.0
// Reads as anybody could: what is published needs no more rights.
#pragma once

#include <chrono>

#include "platform/core/call.h"

namespace zonelink::ledger {

inline Call PublicCall() {
  Call call;
  call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  return call;
}

}  // namespace zonelink::ledger
