// SPDX-License-Identifier: Apache-2.0
#include "ledger/state_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "zonelink/ledger/v1/ledger_service.pb.h"

namespace zonelink::ledger {
namespace {

constexpr size_t kMostBytes = 256 * 1024;

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

std::string Why(int error) { return std::generic_category().message(error); }

Error Invalid(const std::string& path, const std::string& why) {
  return FailedPrecondition("LEDGER_STATE_INVALID", fmt::format("{}: {}", path, why),
                            {{"path", path}});
}

Error Unwritable(const std::string& path, int error) {
  return Unavailable("LEDGER_STATE_UNWRITABLE", fmt::format("{}: {}", path, Why(error)),
                     {{"path", path}});
}

// Nothing where there is no such file.
Result<std::optional<std::string>> Read(const std::string& path) {
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0 && errno == ENOENT) return std::optional<std::string>();
  if (file.fd < 0) return Invalid(path, Why(errno));
  std::string contents(kMostBytes, '\0');
  size_t filled = 0;
  while (filled < contents.size()) {
    const ssize_t got = read(file.fd, contents.data() + filled, contents.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Invalid(path, Why(errno));
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  contents.resize(filled);
  return std::optional<std::string>(std::move(contents));
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

// The file has the old contents or the new, whenever the machine stops.
Status Replace(const std::string& path, std::string_view contents) {
  const std::string fresh = path + ".new";
  {
    const Descriptor file{
        open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (file.fd < 0 || !WriteAll(file.fd, contents) || fsync(file.fd) != 0) {
      return Unwritable(fresh, errno);
    }
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return Unwritable(path, errno);
  const auto parent = std::filesystem::absolute(path).parent_path();
  const Descriptor folder{open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.fd < 0 || fsync(folder.fd) != 0) return Unwritable(parent, errno);
  return Done{};
}

}  // namespace

Result<std::optional<SignedCheckpoint>> StateFile::ReadHead(const VerifierKey& log) const {
  auto note = Read(path_);
  if (!note) return std::move(note).error();
  if (!*note) return std::optional<SignedCheckpoint>();
  const auto opened = OpenCheckpoint(**note, {.origin = {}, .log = log, .witnesses = {}});
  if (!opened) return Invalid(path_, opened.error().message);
  return std::optional(SignedCheckpoint{.checkpoint = opened->checkpoint, .note = **note});
}

Status StateFile::WriteHead(const SignedCheckpoint& head) const {
  return Replace(path_, head.note);
}

Result<std::optional<Frozen>> StateFile::ReadFrozen() const {
  const std::string path = path_ + ".frozen";
  auto text = Read(path);
  if (!text) return std::move(text).error();
  if (!*text) return std::optional<Frozen>();
  v1::Ledger read;
  if (!google::protobuf::util::JsonStringToMessage(**text, &read).ok() || read.frozen().empty()) {
    return Invalid(path, "does not say why publishing was stopped");
  }
  return std::optional(
      Frozen{.reason = read.frozen(), .before = read.head_before(), .now = read.head_now()});
}

Status StateFile::WriteFrozen(const Frozen& frozen) const {
  v1::Ledger written;
  written.set_frozen(frozen.reason);
  written.set_head_before(frozen.before);
  written.set_head_now(frozen.now);
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(written, &text, options).ok()) {
    return Internal("what contradicts cannot be written as JSON");
  }
  return Replace(path_ + ".frozen", text);
}

}  // namespace zonelink::ledger
