// SPDX-License-Identifier: Apache-2.0
// Calls in the name of the profile's user; tokens are refreshed before they end.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/cli/api.h"
#include "gateway/cli/profile.h"
#include "platform/core/result.h"

namespace zonelink::cli {

class Session {
 public:
  Session(ProfileStore store, Profile profile, client::Api api)
      : store_(std::move(store)), profile_(std::move(profile)), api_(std::move(api)) {}

  // UNAUTHENTICATED `NOT_LOGGED_IN` when nobody is, or the session has ended.
  Result<client::HttpReply> Send(const client::ApiCall& call);
  Result<client::JsonDocument> Ask(const client::ApiCall& call);

  Status Login(std::string_view username, std::string_view password);
  // Ends the session here, and on the server where it can be reached.
  Status Logout(const std::string& idempotency_key);

  // The access token, refreshed when it ends soon; nothing when nobody is logged in any more.
  std::optional<std::string> Token();

  // Without login.
  client::Api& open_api() { return api_; }
  const Profile& profile() const { return profile_; }
  const std::string& profile_path() const { return store_.path(); }

  // Names of zones and items for people; the id itself where the server does not tell.
  std::string ZoneName(std::string_view zone, bool chinese);
  std::string ItemName(std::string_view item_id, bool chinese);

 private:
  struct Names {
    std::string zh;
    std::string en;
  };
  Status Freshen(bool even_if_valid);
  using NameMap = std::map<std::string, Names, std::less<>>;
  NameMap FetchNames(const std::string& path, const std::string& id);

  ProfileStore store_;
  Profile profile_;
  client::Api api_;
  std::optional<NameMap> zones_;  // fetched when first needed
  std::optional<NameMap> items_;
};

}  // namespace zonelink::cli
