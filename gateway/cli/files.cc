// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace zonelink::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ > STDERR_FILENO) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

Error Unreadable(const std::string& path, int why) {
  const std::string message = path + ": " + std::strerror(why);
  // Not a directory: a part of the path is a file, so nothing stands below it.
  if (why == ENOENT || why == ENOTDIR) return NotFound("INPUT_UNREADABLE", message);
  return InvalidArgument("INPUT_UNREADABLE", message);
}

Error Unwritable(const std::string& path, std::string_view why) {
  return FailedPrecondition("OUTPUT_UNWRITABLE", fmt::format("{}: {}", path, why));
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(file, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

}  // namespace

Result<std::string> ReadFile(const std::string& path, size_t most) {
  const Descriptor file(path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return Unreadable(path, errno);
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = read(file.get(), buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Unreadable(path, errno);
    if (static_cast<size_t>(count) > most - text.size()) return Unreadable(path, EFBIG);
    text.append(buffer.data(), static_cast<size_t>(count));
  }
}

Status WriteFile(const std::string& path, std::string_view bytes, FileOptions options) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code failed;
  if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  if (failed) return Unwritable(folder.string(), failed.message());
  const std::string fresh = fmt::format("{}.{}.new", path, getpid());
  {
    const Descriptor file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                               options.secret ? 0600 : 0644));
    if (file.get() < 0) return Unwritable(fresh, std::strerror(errno));
    if (!WriteAll(file.get(), bytes) || (options.durable && fsync(file.get()) != 0)) {
      const int why = errno;
      unlink(fresh.c_str());
      return Unwritable(path, std::strerror(why));
    }
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) return Unwritable(path, std::strerror(errno));
  return Done{};
}

}  // namespace zonelink::cli
