// SPDX-License-Identifier: Apache-2.0
#include "platform/core/small_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace zonelink {
namespace {

std::string Why(int error) { return std::generic_category().message(error); }

Error Unreadable(std::string why) { return FailedPrecondition("FILE_UNREADABLE", std::move(why)); }

Error Unwritable(const std::string& path, int error) {
  return Unavailable("FILE_UNWRITABLE", fmt::format("{}: {}", path, Why(error)));
}

bool WriteAll(int fd, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    contents.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd >= 0) close(fd);
}

Result<std::string> ReadAll(int fd, size_t most_bytes) {
  std::string contents(most_bytes + 1, '\0');
  size_t filled = 0;
  while (filled < contents.size()) {
    const ssize_t got = read(fd, contents.data() + filled, contents.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(Why(errno));
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  if (filled > most_bytes) return Unreadable(fmt::format("larger than {} KiB", most_bytes / 1024));
  contents.resize(filled);
  return contents;
}

Result<std::optional<std::string>> ReadSmallFile(const std::string& path, size_t most_bytes) {
  // Without O_NONBLOCK a named pipe would hold the caller for ever.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0 && errno == ENOENT) return std::optional<std::string>();
  if (file.fd < 0) return Unreadable(fmt::format("{}: {}", path, Why(errno)));
  auto contents = ReadAll(file.fd, most_bytes);
  if (!contents) return Unreadable(fmt::format("{}: {}", path, contents.error().message));
  return std::optional(*std::move(contents));
}

Status ReplaceFile(const std::string& path, std::string_view contents, mode_t mode) {
  const std::string fresh = path + ".new";
  {
    const Descriptor file(
        open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
    if (file.fd < 0 || !WriteAll(file.fd, contents) || fsync(file.fd) != 0) {
      return Unwritable(fresh, errno);
    }
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return Unwritable(path, errno);
  return SyncFolder(std::filesystem::absolute(path).parent_path().string());
}

Status SyncFolder(const std::string& path) {
  const Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd < 0 || fsync(folder.fd) != 0) return Unwritable(path, errno);
  return Done{};
}

}  // namespace zonelink
