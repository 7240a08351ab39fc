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

struct FileOptions {
  bool durable = true;  // a crash of the machine leaves the old or the new contents, too
  bool secret = false;  // only its owner may read it
};
// Replaces the file, so that a reader sees the old or the new contents. Folders on the way are
// made. FailedPrecondition `OUTPUT_UNWRITABLE`.
Status WriteFile(const std::string& path, std::string_view bytes, FileOptions options = {});

}  // namespace zonelink::cli
