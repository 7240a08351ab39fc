// SPDX-License-Identifier: Apache-2.0
// Where a log's resources come from: a server, or a folder in the same layout (C2SP tlog-tiles).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/checkpoint.h"
#include "platform/client/http_client.h"
#include "platform/core/result.h"

namespace zonelink::cli {

// An http or https address.
bool IsUrl(std::string_view text);
// A log's prefix as people type it: without slashes at its end and without `/checkpoint`.
std::string LogPrefix(std::string_view url);

struct SourceOptions {
  client::HttpOptions http;
  // The bearer token to send, empty for none: whoever is logged in is let through faster.
  std::function<std::string()> token;
  // Waits between attempts; tests do not.
  std::function<void(std::chrono::milliseconds)> pause;
  int attempts = 8;     // at one resource
  std::string keep_in;  // folder that gets a copy of every tile and bundle; empty: none
};

// One thread at a time.
class LogSource {
 public:
  // `place`: the prefix of the log's resources, or a folder.
  LogSource(std::string place, SourceOptions options);

  // One resource below the prefix, as ledger::Fetch wants it. NotFound `RESOURCE_MISSING`; what
  // HttpClient refuses, `HTTP_<status>`, ReadFile's and WriteFile's refusals. A server that is busy
  // is asked again when it says (429, 503 and the like).
  Result<std::string> Get(const std::string& path);
  // What the prefix itself answers: a Zonelink server describes its ledger there.
  Result<std::string> Describe();
  ledger::Fetch fetch() {
    return [this](const std::string& path) { return Get(path); };
  }

  const std::string& place() const { return place_; }
  bool is_url() const { return http_.has_value(); }
  std::chrono::duration<double> waited() const { return waited_; }  // for resources
  uint64_t bytes() const { return bytes_; }

 private:
  Result<std::string> GetFromServer(const std::string& path);

  std::string place_;
  SourceOptions options_;
  std::optional<client::HttpClient> http_;  // nothing: a folder
  std::chrono::duration<double> waited_{};
  uint64_t bytes_ = 0;
};

}  // namespace zonelink::cli
