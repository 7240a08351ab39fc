// SPDX-License-Identifier: Apache-2.0
#include "gateway/witness/state_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "platform/crypto/crypto.h"

namespace zonelink::witness {
namespace {

// A note is at most 64 KiB; evidence holds two and a proof.
constexpr size_t kMostBytes = 256 * 1024;

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

Error Unwritable(const std::string& path, int error) {
  return Unavailable("STATE_UNWRITABLE",
                     fmt::format("{}: {}", path, std::generic_category().message(error)));
}

Error Unreadable(const std::string& path, const std::string& why) {
  return FailedPrecondition("STATE_UNREADABLE", fmt::format("{}: {}", path, why));
}

Status SyncFolder(const std::string& path) {
  const Descriptor folder{open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.fd < 0 || fsync(folder.fd) != 0) return Unwritable(path, errno);
  return Done{};
}

Status WriteAll(int fd, const std::string& path, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Unwritable(path, errno);
    contents.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(fd) != 0) return Unwritable(path, errno);
  return Done{};
}

// A folder whose entry in its parent is on the disk.
Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Unwritable(path, error.value());
  const std::filesystem::path parent = std::filesystem::absolute(path, error).parent_path();
  return SyncFolder(parent.string());
}

}  // namespace

StateFile::StateFile(std::string folder, std::string name)
    : folder_(std::move(folder)), path_(fmt::format("{}/{}", folder_, name)) {}

Result<std::optional<std::string>> StateFile::Read() const {
  const Descriptor file{open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0 && errno == ENOENT) return std::optional<std::string>();
  if (file.fd < 0) return Unreadable(path_, std::generic_category().message(errno));
  std::string contents(kMostBytes + 1, '\0');
  size_t filled = 0;
  while (filled < contents.size()) {
    const ssize_t got = read(file.fd, contents.data() + filled, contents.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(path_, std::generic_category().message(errno));
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  if (filled > kMostBytes) return Unreadable(path_, "larger than 256 KiB");
  contents.resize(filled);
  return std::optional(std::move(contents));
}

Status StateFile::Write(std::string_view contents) const {
  const std::string fresh = path_ + ".new";
  {
    const Descriptor file{
        open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644)};
    if (file.fd < 0) return Unwritable(fresh, errno);
    if (Status written = WriteAll(file.fd, fresh, contents); !written) return written;
  }
  if (std::rename(fresh.c_str(), path_.c_str()) != 0) return Unwritable(path_, errno);
  return SyncFolder(folder_);
}

bool StateFile::Exists() const {
  struct stat facts {};
  return lstat(path_.c_str(), &facts) == 0 || errno != ENOENT;
}

Result<std::unique_ptr<StateDir>> StateDir::Open(const std::string& path) {
  if (Status made = MakeFolder(path); !made) return std::move(made).error();
  const std::string lock = path + "/lock";
  Descriptor file{open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)};
  if (file.fd < 0) return Unwritable(lock, errno);
  if (flock(file.fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return Unwritable(lock, errno);
    return FailedPrecondition("STATE_IN_USE", fmt::format("{}: another witness keeps it", path));
  }
  return std::unique_ptr<StateDir>(new StateDir(path, std::exchange(file.fd, -1)));
}

StateDir::~StateDir() { close(lock_); }

Result<std::string> StateDir::FolderOf(std::string_view origin) const {
  std::string folder = fmt::format("{}/{}", path_, crypto::HexEncode(crypto::Sha256(origin)));
  if (Status made = MakeFolder(folder); !made) return std::move(made).error();
  return folder;
}

}  // namespace zonelink::witness
