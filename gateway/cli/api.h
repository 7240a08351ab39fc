// SPDX-License-Identifier: Apache-2.0
// The gateway's API as its clients use it: bearer token, idempotency key, retries, refusals as
// errors.
#pragma once

#include <string>
#include <string_view>

#include "gateway/cli/json.h"
#include "platform/client/http_client.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::client {

struct ApiCall {
  std::string method = "GET";
  std::string path;
  std::string body;
  std::string idempotency_key;  // for commands
  std::string content_type = "application/json";
};

struct ApiOptions {
  std::string language = "en";  // of the server's texts: "zh-CN" or "en"
  int attempts = 6;
  std::chrono::milliseconds longest_wait{8'000};  // between attempts; a longer Retry-After gives up
};

// Answers of 2xx are replies, all others errors: code from the status, `reason`, `violations` and
// detail (as message) from the problem document, `title`, `status`, `instance` and `retryAfterMs`
// in the metadata. A call that may be repeated (a read, or one with a key) is repeated after 429,
// 503, a key in use by an earlier attempt and a lost answer; always with the same key.
class Api {
 public:
  Api(HttpClient http, ApiOptions options) : http_(std::move(http)), options_(std::move(options)) {}

  // For the calls that follow; empty: nobody signed in.
  void UseToken(std::string access_token) { token_ = std::move(access_token); }

  Result<HttpReply> Send(const ApiCall& call);
  // The same with the answer parsed.
  Result<JsonDocument> Ask(const ApiCall& call);
  const std::string& base_url() const { return http_.base_url(); }

 private:
  HttpClient http_;
  ApiOptions options_;
  std::string token_;
};

// The error that an answer other than 2xx stands for.
Error ProblemOf(const HttpReply& reply);
// The value of a metadata entry, empty when absent.
std::string_view MetadataOf(const Error& error, std::string_view name);

struct Tokens {
  std::string session_id;
  std::string access_token;
  Time expires_at{};
  std::string refresh_token;
};

// UNAUTHENTICATED `LOGIN_FAILED`, RESOURCE_EXHAUSTED `LOGIN_LOCKED`.
Result<Tokens> Login(Api& api, std::string_view username, std::string_view password);
// UNAUTHENTICATED `REFRESH_REFUSED`. The token is used up by this, whatever comes of the answer.
Result<Tokens> Refresh(Api& api, std::string_view refresh_token);

}  // namespace zonelink::client
