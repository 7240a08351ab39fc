// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/session.h"

#include <chrono>

#include "platform/core/clock.h"

namespace zonelink::cli {
namespace {

constexpr std::chrono::seconds kRefreshBefore{30};

Error NotLoggedIn() { return Unauthenticated("NOT_LOGGED_IN", "nobody is logged in"); }

bool EndsSoon(const client::Tokens& tokens) {
  return tokens.expires_at < SystemClock().Now() + kRefreshBefore;
}

// "中国（上海）自由贸易试验区" is known as 上海.
std::string ShortZoneName(std::string name) {
  const size_t open = name.find("（");
  const size_t close = name.find("）");
  if (open == std::string::npos || close == std::string::npos || close < open) return name;
  const size_t start = open + std::string_view("（").size();
  return name.substr(start, close - start);
}

}  // namespace

Status Session::Freshen(bool even_if_valid) {
  if (!profile_.tokens) return NotLoggedIn();
  if (even_if_valid || EndsSoon(*profile_.tokens)) {
    const std::string known = profile_.tokens->refresh_token;
    auto updated = store_.Update([&](Profile stored) -> Result<Profile> {
      if (!stored.tokens) return NotLoggedIn();
      // Another command may have refreshed in the meantime.
      if (stored.tokens->refresh_token != known && !EndsSoon(*stored.tokens)) return stored;
      api_.UseToken("");
      return client::Refresh(api_, stored.tokens->refresh_token)
          .transform([&](client::Tokens tokens) {
            stored.tokens = std::move(tokens);
            return stored;
          });
    });
    if (!updated) {
      if (updated.error().reason != "REFRESH_REFUSED") return std::move(updated).error();
      return Unauthenticated("SESSION_ENDED", "the session has ended");
    }
    profile_.tokens = updated->tokens;
  }
  api_.UseToken(profile_.tokens->access_token);
  return Done{};
}

std::optional<std::string> Session::Token() {
  if (!Freshen(false)) return std::nullopt;
  return profile_.tokens->access_token;
}

Result<client::HttpReply> Session::Send(const client::ApiCall& call) {
  auto fresh = Freshen(false);
  if (!fresh) return std::move(fresh).error();
  auto reply = api_.Send(call);
  // A session whose roles changed is refused before its token's time.
  if (reply || reply.error().code != Code::kUnauthenticated) return reply;
  fresh = Freshen(true);
  if (!fresh) return std::move(fresh).error();
  return api_.Send(call);
}

Result<client::JsonDocument> Session::Ask(const client::ApiCall& call) {
  return Send(call).and_then(
      [](const client::HttpReply& reply) { return client::JsonDocument::Parse(reply.body); });
}

Status Session::Login(std::string_view username, std::string_view password) {
  api_.UseToken("");
  auto tokens = client::Login(api_, username, password);
  if (!tokens) return std::move(tokens).error();
  profile_.username = username;
  profile_.tokens = *tokens;
  auto saved = store_.Update([&](const Profile&) -> Result<Profile> { return profile_; });
  if (!saved) return std::move(saved).error();
  api_.UseToken(tokens->access_token);
  return Done{};
}

Status Session::Logout(const std::string& idempotency_key) {
  if (!profile_.tokens) return NotLoggedIn();
  const auto ended = Send({.method = "POST",
                           .path = "/v1/sessions/" + profile_.tokens->session_id + ":revoke",
                           .body = "{}",
                           .idempotency_key = idempotency_key});
  auto forgotten = store_.Update([](Profile stored) -> Result<Profile> {
    stored.tokens.reset();
    return stored;
  });
  if (!forgotten) return std::move(forgotten).error();
  if (!ended && ended.error().code != Code::kUnauthenticated) return ended.error();
  return Done{};
}

Session::NameMap Session::FetchNames(const std::string& path, const std::string& id) {
  NameMap names;
  const auto answer = api_.Ask({.path = path});
  if (!answer) return names;  // ids are shown instead
  for (const client::Json& entry : answer->root()["items"].items()) {
    names[entry[id].text()] = {entry["nameZh"].text(), entry["nameEn"].text()};
  }
  return names;
}

std::string Session::ZoneName(std::string_view zone, bool chinese) {
  if (!zones_) zones_ = FetchNames("/v1/zones", "zoneId");
  const auto found = zones_->find(zone);
  if (found == zones_->end()) return std::string(zone);
  return chinese ? ShortZoneName(found->second.zh) : found->second.en;
}

std::string Session::ItemName(std::string_view item_id, bool chinese) {
  if (!items_) items_ = FetchNames("/v1/items?pageSize=200", "itemId");
  const auto found = items_->find(item_id);
  if (found == items_->end()) return std::string(item_id);
  return chinese ? found->second.zh : found->second.en;
}

}  // namespace zonelink::cli
