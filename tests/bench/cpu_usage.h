// SPDX-License-Identifier: Apache-2.0
// Processor time by process, from /proc.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace zonelink::bench {

std::vector<pid_t> ChildrenOf(pid_t parent);
// Arguments joined by spaces; empty when the process is gone.
std::string CommandLine(pid_t pid);

// User and system time of the process so far, ended children not included.
std::chrono::microseconds CpuOf(pid_t pid);
// With all its children, those that ended and those that live: PostgreSQL with its backends.
std::chrono::microseconds CpuOfFamily(pid_t pid);
// This process without its children, and the children that ended and were waited for.
std::chrono::microseconds CpuOfSelf();
std::chrono::microseconds CpuOfEndedChildren();

}  // namespace zonelink::bench
