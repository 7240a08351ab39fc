// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/profile.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "gateway/cli/json.h"
#include "gateway/cli/terminal.h"

namespace zonelink::cli {
namespace {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }
  bool open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

Error Unreadable(const std::string& path, std::string_view why) {
  return FailedPrecondition("PROFILE_UNREADABLE", fmt::format("{}: {}", path, why));
}

Error Unwritable(const std::string& path) {
  return FailedPrecondition("PROFILE_UNWRITABLE",
                            fmt::format("{}: {}", path, std::strerror(errno)));
}

}  // namespace

std::string ToJson(const Profile& profile) {
  client::JsonWriter json;
  json.Begin('{')
      .Field("url", profile.url)
      .Field("caFile", profile.ca_file)
      .Field("language", profile.language)
      .Field("username", profile.username);
  if (profile.tokens) {
    json.Field("sessionId", profile.tokens->session_id)
        .Field("accessToken", profile.tokens->access_token)
        .Field("expiresAt", FormatTime(profile.tokens->expires_at))
        .Field("refreshToken", profile.tokens->refresh_token);
  }
  return json.End('}').Take();
}

Result<Profile> ParseProfile(std::string_view text) {
  const auto document = client::JsonDocument::Parse(text);
  if (!document || !document->root().is_object()) {
    return InvalidArgument("PROFILE_BROKEN", "the profile is not a JSON object");
  }
  const client::Json json = document->root();
  Profile profile{json["url"].text(), json["caFile"].text(), json["language"].text(),
                  json["username"].text(), std::nullopt};
  const auto expires_at = ParseTime(json["expiresAt"].text());
  if (expires_at && json["refreshToken"].present()) {
    profile.tokens = client::Tokens{json["sessionId"].text(), json["accessToken"].text(),
                                    *expires_at, json["refreshToken"].text()};
  }
  return profile;
}

Result<ProfileStore> ProfileStore::Open(std::string folder, std::string name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  if (name.empty() || name.size() > 64 || name[0] == '.' ||
      !std::all_of(name.begin(), name.end(), allowed)) {
    return InvalidArgument("PROFILE_NAME",
                           "a profile's name has letters, digits, '.', '-' and '_' only");
  }
  std::string path = folder + "/" + name + ".json";
  return ProfileStore(std::move(folder), std::move(path));
}

Result<Profile> ProfileStore::Load() const {
  const File file(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT) return Profile{};
    return Unreadable(path_, std::strerror(errno));
  }
  struct stat about {};
  if (fstat(file.get(), &about) != 0) return Unreadable(path_, std::strerror(errno));
  if ((about.st_mode & 077) != 0) {
    return Unreadable(path_, "others may read it; run: chmod 600 " + path_);
  }
  std::string text;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = read(file.get(), buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<size_t>(count));
  }
  if (count < 0) return Unreadable(path_, std::strerror(errno));
  return ParseProfile(text).transform_error([&](Error error) {
    error.message = path_ + ": " + error.message;
    return error;
  });
}

Status ProfileStore::Save(const Profile& profile) const {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) return FailedPrecondition("PROFILE_UNWRITABLE", folder_ + ": " + failed.message());
  if (chmod(folder_.c_str(), 0700) != 0) return Unwritable(folder_);
  const std::string fresh = fmt::format("{}.{}.new", path_, getpid());
  {
    const File file(
        open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.open()) return Unwritable(fresh);
    const std::string text = ToJson(profile) + "\n";
    if (write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        fsync(file.get()) != 0) {
      return Unwritable(fresh);
    }
  }
  if (rename(fresh.c_str(), path_.c_str()) != 0) return Unwritable(path_);
  return Done{};
}

Result<Profile> ProfileStore::Update(const std::function<Result<Profile>(Profile)>& change) const {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) return FailedPrecondition("PROFILE_UNWRITABLE", folder_ + ": " + failed.message());
  const std::string lock_path = path_ + ".lock";
  const File lock(open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.open() || flock(lock.get(), LOCK_EX) != 0) return Unwritable(lock_path);
  auto changed = Load().and_then(change);
  if (!changed) return changed;
  const auto saved = Save(*changed);
  if (!saved) return saved.error();
  return changed;
}

std::string ProfileFolder() {
  const std::string config = Environment("XDG_CONFIG_HOME");
  return (config.empty() ? Environment("HOME") + "/.config" : config) + "/zonelink";
}

}  // namespace zonelink::cli
