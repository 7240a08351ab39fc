// SPDX-License-Identifier: Apache-2.0
// What the command line remembers between commands: where the gateway is and who is logged in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/cli/api.h"
#include "platform/core/result.h"

namespace zonelink::cli {

struct Profile {
  std::string url;       // empty: the default
  std::string ca_file;   // empty: the system's authorities
  std::string language;  // empty: the environment's
  std::string username;
  std::optional<client::Tokens> tokens;  // nothing: not logged in
};

std::string ToJson(const Profile& profile);
// INVALID_ARGUMENT `PROFILE_BROKEN`.
Result<Profile> ParseProfile(std::string_view json);

// One file per profile, readable by its owner only, replaced as a whole.
class ProfileStore {
 public:
  // `folder`: usually ~/.config/zonelink. INVALID_ARGUMENT `PROFILE_NAME`: letters, digits, '.',
  // '-',
  // '_', not beginning with a dot.
  static Result<ProfileStore> Open(std::string folder, std::string name);

  // A profile that was never written is empty. FAILED_PRECONDITION `PROFILE_UNREADABLE` also when
  // others may read it.
  Result<Profile> Load() const;
  Status Save(const Profile& profile) const;
  // Loads, lets `change` decide and saves, while no other process does the same: a refresh token
  // can be used only once.
  Result<Profile> Update(const std::function<Result<Profile>(Profile)>& change) const;

  const std::string& path() const { return path_; }

 private:
  ProfileStore(std::string folder, std::string path)
      : folder_(std::move(folder)), path_(std::move(path)) {}
  std::string folder_;
  std::string path_;
};

// $XDG_CONFIG_HOME/zonelink or ~/.config/zonelink.
std::string ProfileFolder();

}  // namespace zonelink::cli
