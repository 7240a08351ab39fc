// SPDX-License-Identifier: Apache-2.0
// The people of the sample year: logged in when first needed, tokens kept for all threads.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/cli/api.h"

namespace zonelink::sample {

// Lets through at most so many a second, evenly.
class Pace {
 public:
  explicit Pace(int per_second) : gap_(std::chrono::microseconds{1'000'000 / per_second}) {}
  void Wait();

 private:
  const std::chrono::microseconds gap_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point next_{};
};

// Thread-safe.
class Actors {
 public:
  explicit Actors(std::string password) : password_(std::move(password)) {}

  const std::string& password() const { return password_; }
  // A command in the name of `username`, repeated once with a new login when the token is refused.
  Result<client::HttpReply> Send(client::Api& api, const std::string& username,
                                 const client::ApiCall& call);
  // The same with the answer parsed.
  Result<client::JsonDocument> Ask(client::Api& api, const std::string& username,
                                   const client::ApiCall& call);
  // Logs the user in, so that a later Send need not.
  Status Prepare(client::Api& api, const std::string& username);

 private:
  struct Actor {
    std::mutex mutex;
    std::optional<client::Tokens> tokens;
  };
  Actor& Named(const std::string& username);
  // A token that lives on for a while, other than `refused`.
  Result<std::string> Token(client::Api& api, const std::string& username,
                            const std::string& refused);

  const std::string password_;
  Pace pace_{18};  // below the 20 a second that an address has before login
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Actor>> actors_;
};

}  // namespace zonelink::sample
