// SPDX-License-Identifier: Apache-2.0
// How the controllable clock moves: only forward, by its offset to wall time.
#pragma once

#include <chrono>

#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::directory {

// The offset with which the clock shows `to` while the wall shows `wall`. A clock that was behind
// the wall and would reach it gets offset 0: from then on it is wall time. FailedPrecondition
// `CLOCK_BACKWARDS`.
Result<std::chrono::microseconds> Advance(std::chrono::microseconds offset, Time wall, Time to);

}  // namespace zonelink::directory
