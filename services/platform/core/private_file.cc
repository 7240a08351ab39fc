// SPDX-License-Identifier: Apache-2.0
#include "platform/core/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "platform/core/small_file.h"

namespace zonelink {
namespace {

constexpr size_t kMostBytes = 64 * 1024;

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
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0) return Unreadable(path, errno);
  struct stat facts {};
  if (fstat(file.fd, &facts) != 0) return Unreadable(path, errno);
  if (!S_ISREG(facts.st_mode)) return Unreadable(path, "not a regular file");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Unreadable(path, "group or others have rights on it; chmod 600 it");
  }
  auto contents = ReadAll(file.fd, kMostBytes);
  if (!contents) return Unreadable(path, contents.error().message);
  return contents;
}

}  // namespace zonelink
