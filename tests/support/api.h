// SPDX-License-Identifier: Apache-2.0
// One caller of the public API.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/cli/json.h"
#include "platform/client/http_client.h"

namespace zonelink::test {

using client::Json;
using Headers = std::vector<std::pair<std::string, std::string>>;

// An answer of the gateway; copies share the parsed body.
struct Answer {
  int status = 0;  // 0: no answer came
  std::string body;
  client::HttpReply http;

  Json json() const;
  std::string reason() const { return json()["reason"].text(); }
  // A member, dotted: "decisions.0.state" reads the first of an array.
  Json at(std::string_view path) const;
  std::string text(std::string_view path) const { return at(path).text(); }
  bool ok() const { return status >= 200 && status < 300; }

  std::shared_ptr<client::JsonDocument> document;
};

// For messages of failed expectations.
std::ostream& operator<<(std::ostream& out, const Answer& answer);

// A key that no other request has.
std::string FreshKey();

// Not thread-safe: give each thread its own.
class Api {
 public:
  Api(std::string base_url, std::string token)
      : http_(std::move(base_url)), token_(std::move(token)) {}

  Answer Get(const std::string& path, const Headers& headers = {});
  // Sends JSON with a fresh Idempotency-Key unless `headers` hold one.
  Answer Post(const std::string& path, const std::string& json, Headers headers = {});
  // As given, with the caller's token unless `request` holds an Authorization header.
  Answer Send(client::HttpRequest request);

  const std::string& token() const { return token_; }
  client::HttpClient& http() { return http_; }

 private:
  client::HttpClient http_;
  std::string token_;
};

}  // namespace zonelink::test
