// SPDX-License-Identifier: Apache-2.0
// Files of the person: read within bounds, replaced as a whole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "platform/core/result.h"

namespace zonelink::cli {

// The contents of a file of at most `most` bytes, "-" for standard input. NotFound or
// InvalidArgument `INPUT_UNREADABLE`.
Result<std::string> ReadFile(const std::string& path, size_t most);

enum class Durable { kYes, kNo };
// Replaces the file, so that a reader sees the old or the new contents; when durable, also after
// the machine has crashed. Folders on the way are made. FailedPrecondition `OUTPUT_UNWRITABLE`.
Status WriteFile(const std::string& path, std::string_view bytes, Durable durable = Durable::kYes);

}  // namespace zonelink::cli
