// SPDX-License-Identifier: Apache-2.0
#include "platform/core/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace zonelink {
namespace {

constexpr size_t kMostBytes = 64 * 1024;

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

Error Unreadable(const std::string& path, const std::string& why) {
  return FailedPrecondition("SECRET_UNREADABLE", fmt::format("{}: {}", path, why),
                            {{"path", path}});
}

Error Unreadable(const std::string& path, int error) {
  return Unreadable(path, std::generic_category().message(error));
}

}  // namespace

Result<std::string> ReadPrivateFile(const std::string& path) {
  // Without O_NONBLOCK a named pipe would hold the start for ever.
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) return Unreadable(path, errno);
  struct stat facts {};
  if (fstat(file.fd, &facts) != 0) return Unreadable(path, errno);
  if (!S_ISREG(facts.st_mode)) return Unreadable(path, "not a regular file");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Unreadable(path, "group or others have rights on it; chmod 600 it");
  }
  std::string contents(kMostBytes + 1, '\0');
  size_t filled = 0;
  while (filled < contents.size()) {
    const ssize_t got = read(file.fd, contents.data() + filled, contents.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(path, errno);
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  if (filled > kMostBytes) return Unreadable(path, "larger than 64 KiB");
  contents.resize(filled);
  return contents;
}

}  // namespace zonelink
