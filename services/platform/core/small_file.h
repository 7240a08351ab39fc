// SPDX-License-Identifier: Apache-2.0
// Small files beside the database: what a process must not forget whenever the machine stops.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "platform/core/result.h"

namespace zonelink {

// Closes itself.
struct Descriptor {
  int fd = -1;
  explicit Descriptor(int opened) : fd(opened) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
};

// The rest of an open file. FailedPrecondition `FILE_UNREADABLE`, also when it is larger.
Result<std::string> ReadAll(int fd, size_t most_bytes);

// Whole contents; nothing where there is no such file. FailedPrecondition `FILE_UNREADABLE`; the
// message names path and cause.
Result<std::optional<std::string>> ReadSmallFile(const std::string& path, size_t most_bytes);

// The file has the old contents or the new, whenever the machine stops, and the new are on the disk
// when it returns. Unavailable `FILE_UNWRITABLE`; the message names path and cause.
Status ReplaceFile(const std::string& path, std::string_view contents, mode_t mode);

// What was created or renamed in the folder is on the disk. Unavailable `FILE_UNWRITABLE`.
Status SyncFolder(const std::string& path);

}  // namespace zonelink
