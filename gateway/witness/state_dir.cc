// SPDX-License-Identifier: Apache-2.0
#include "gateway/witness/state_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "platform/core/small_file.h"
#include "platform/crypto/crypto.h"

namespace zonelink::witness {
namespace {

// A note is at most 64 KiB; evidence holds two and a proof.
constexpr size_t kMostBytes = 256 * 1024;

Error Unwritable(std::string why) { return Unavailable("STATE_UNWRITABLE", std::move(why)); }

Error Unwritable(const std::string& path, int error) {
  return Unwritable(fmt::format("{}: {}", path, std::generic_category().message(error)));
}

// A folder whose entry in its parent is on the disk.
Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Unwritable(path, error.value());
  const std::filesystem::path parent = std::filesystem::absolute(path, error).parent_path();
  const Status synced = SyncFolder(parent.string());
  if (!synced) return Unwritable(synced.error().message);
  return synced;
}

}  // namespace

StateFile::StateFile(const std::string& folder, std::string_view name)
    : path_(fmt::format("{}/{}", folder, name)) {}

Result<std::optional<std::string>> StateFile::Read() const {
  auto contents = ReadSmallFile(path_, kMostBytes);
  if (!contents) return FailedPrecondition("STATE_UNREADABLE", contents.error().message);
  return contents;
}

Status StateFile::Write(std::string_view contents) const {
  const Status written = ReplaceFile(path_, contents, 0644);
  if (!written) return Unwritable(written.error().message);
  return written;
}

bool StateFile::Exists() const {
  struct stat facts {};
  return lstat(path_.c_str(), &facts) == 0 || errno != ENOENT;
}

Result<std::unique_ptr<StateDir>> StateDir::Open(const std::string& path) {
  if (Status made = MakeFolder(path); !made) return std::move(made).error();
  const std::string lock = path + "/lock";
  Descriptor file(open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
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
