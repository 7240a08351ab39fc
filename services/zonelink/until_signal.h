// SPDX-License-Identifier: Apache-2.0
// How a process of ours says that it runs and hears that it shall end.
#pragma once

#include <string>

#include "platform/core/result.h"

namespace zonelink {

// Before any thread is made.
void BlockEndSignals();
// Waits for SIGTERM or SIGINT; its number.
int WaitForEndSignal();

// Who waits for the file never reads half of it. No file where `path` is empty.
Status WriteReadyFile(const std::string& path, const std::string& text);

}  // namespace zonelink
