// SPDX-License-Identifier: Apache-2.0
// Files that hold secrets: keys, passwords, shared secrets.
#pragma once

#include <string>

#include "platform/core/result.h"

namespace zonelink {

// Whole contents of a regular file of at most 64 KiB that only its owner may read.
// FailedPrecondition `SECRET_UNREADABLE`; the message names the path and what is wrong, never the
// contents.
Result<std::string> ReadPrivateFile(const std::string& path);

}  // namespace zonelink
