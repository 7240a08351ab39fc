// SPDX-License-Identifier: Apache-2.0
// The files of a witness: one folder per log, `<hex SHA-256 of the origin>`. What a write has
// returned from is on the disk; what was cut short leaves the previous contents.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/core/result.h"

namespace zonelink::witness {

// A file that is replaced as a whole.
class StateFile {
 public:
  StateFile(const std::string& folder, std::string_view name);

  // Nothing when there is none. FailedPrecondition `STATE_UNREADABLE`.
  Result<std::optional<std::string>> Read() const;
  // Unavailable `STATE_UNWRITABLE`.
  Status Write(std::string_view contents) const;
  // True as well when that cannot be told.
  bool Exists() const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Held by one process at a time.
class StateDir {
 public:
  // Makes the folder where it is missing. FailedPrecondition `STATE_IN_USE`: another process holds
  // it; Unavailable `STATE_UNWRITABLE`.
  static Result<std::unique_ptr<StateDir>> Open(const std::string& path);
  ~StateDir();
  StateDir(const StateDir&) = delete;

  // The log's folder, made where it is missing. Unavailable `STATE_UNWRITABLE`.
  Result<std::string> FolderOf(std::string_view origin) const;

 private:
  StateDir(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  const std::string path_;
  const int lock_;
};

}  // namespace zonelink::witness
