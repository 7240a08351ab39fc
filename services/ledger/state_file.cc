// SPDX-License-Identifier: Apache-2.0
#include "ledger/state_file.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>

#include "platform/core/small_file.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"

namespace zonelink::ledger {
namespace {

constexpr size_t kMostBytes = 256 * 1024;

Error Invalid(const std::string& path, const std::string& why) {
  return FailedPrecondition("LEDGER_STATE_INVALID", why, {{"path", path}});
}

Result<std::optional<std::string>> Read(const std::string& path) {
  auto contents = ReadSmallFile(path, kMostBytes);
  if (!contents) return Invalid(path, contents.error().message);
  return contents;
}

Status Replace(const std::string& path, std::string_view contents) {
  const Status replaced = ReplaceFile(path, contents, S_IRUSR | S_IWUSR);
  if (replaced) return replaced;
  return Unavailable("LEDGER_STATE_UNWRITABLE", replaced.error().message, {{"path", path}});
}

}  // namespace

Result<std::optional<SignedCheckpoint>> StateFile::ReadHead(const VerifierKey& log) const {
  auto note = Read(path_);
  if (!note) return std::move(note).error();
  if (!*note) return std::optional<SignedCheckpoint>();
  const auto opened = OpenCheckpoint(**note, {.origin = {}, .log = log, .witnesses = {}});
  if (!opened) return Invalid(path_, fmt::format("{}: {}", path_, opened.error().message));
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
    return Invalid(path, path + ": does not say why publishing was stopped");
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
