// SPDX-License-Identifier: Apache-2.0
// What recognition's clocks do, for the platform's timer.
#pragma once

#include "platform/clocks/calendars.h"
#include "platform/clocks/timer.h"

namespace zonelink::recognition {

// Locks the filing as commands do; lets the rung act on its decision; tells of due dates that a
// calendar's publication has moved.
clocks::Hooks DeadlineHooks(clocks::Calendars& calendars);

}  // namespace zonelink::recognition
