// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/actors.h"

#include <algorithm>
#include <thread>

#include "platform/core/clock.h"

namespace zonelink::sample {

void Pace::Wait() {
  std::chrono::steady_clock::time_point mine;
  {
    const std::lock_guard lock(mutex_);
    mine = std::max(next_, std::chrono::steady_clock::now());
    next_ = mine + gap_;
  }
  std::this_thread::sleep_until(mine);
}

Actors::Actor& Actors::Named(const std::string& username) {
  const std::lock_guard lock(mutex_);
  auto& actor = actors_[username];
  if (!actor) actor = std::make_unique<Actor>();
  return *actor;
}

Result<std::string> Actors::Token(client::Api& api, const std::string& username,
                                  const std::string& refused) {
  Actor& actor = Named(username);
  const std::lock_guard lock(actor.mutex);
  const Time soon = SystemClock().Now() + std::chrono::seconds{30};
  const bool usable =
      actor.tokens && actor.tokens->expires_at > soon && actor.tokens->access_token != refused;
  if (usable) return actor.tokens->access_token;
  api.UseToken("");
  pace_.Wait();
  auto tokens = client::Login(api, username, password_);
  if (!tokens) return std::move(tokens).error();
  actor.tokens = std::move(*tokens);
  return actor.tokens->access_token;
}

Status Actors::Prepare(client::Api& api, const std::string& username) {
  auto token = Token(api, username, "");
  if (!token) return std::move(token).error();
  return Done{};
}

Result<client::HttpReply> Actors::Send(client::Api& api, const std::string& username,
                                       const client::ApiCall& call) {
  std::string refused;
  for (bool last_try = false;; last_try = true) {
    auto token = Token(api, username, refused);
    if (!token) return std::move(token).error();
    api.UseToken(*token);
    auto reply = api.Send(call);
    if (reply || last_try || reply.error().code != Code::kUnauthenticated) return reply;
    refused = *token;
  }
}

Result<client::JsonDocument> Actors::Ask(client::Api& api, const std::string& username,
                                         const client::ApiCall& call) {
  return Send(api, username, call).and_then([](const client::HttpReply& reply) {
    return client::JsonDocument::Parse(reply.body);
  });
}

}  // namespace zonelink::sample
