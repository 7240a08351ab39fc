// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/api.h"

#include <algorithm>
#include <optional>
#include <thread>

namespace zonelink::client {
namespace {

using std::chrono::milliseconds;

Code CodeOfStatus(int status) {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422: return Code::kInvalidArgument;
    case 401: return Code::kUnauthenticated;
    case 403: return Code::kPermissionDenied;
    case 404: return Code::kNotFound;
    case 409: return Code::kFailedPrecondition;
    case 429: return Code::kResourceExhausted;
    case 502:
    case 503: return Code::kUnavailable;
    case 504: return Code::kDeadlineExceeded;
    default: return status >= 500 ? Code::kInternal : Code::kUnknown;
  }
}

std::optional<milliseconds> RetryAfter(const HttpReply& reply) {
  const std::string_view text = reply.Header("retry-after");
  if (text.empty() || text.size() > 6) return std::nullopt;
  int64_t seconds = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    seconds = seconds * 10 + (c - '0');
  }
  return std::chrono::seconds(seconds);
}

// Says nothing about the request itself: the server is busy, away, or still at an earlier attempt.
bool Passing(const Error& error) {
  return error.code == Code::kResourceExhausted || error.code == Code::kUnavailable ||
         error.code == Code::kDeadlineExceeded || error.reason == "IDEMPOTENCY_IN_PROGRESS";
}

// UNAVAILABLE without a reason of its own: the gateway lost a service while it waited for it.
bool MayHaveBeenCarriedOut(const Error& error) {
  return error.reason == "ANSWER_LOST" || error.reason == "IN_DOUBT" ||
         error.reason == "UNAVAILABLE" || error.code == Code::kDeadlineExceeded;
}

// A server that cannot be reached is waited for only where the outcome of a command is in doubt.
bool WorthRepeating(const Error& error, bool in_doubt) {
  if (error.reason == "LOGIN_LOCKED") return false;
  return Passing(error) && (error.reason != "UNREACHABLE" || in_doubt);
}

Result<Tokens> ReadTokens(Result<JsonDocument> answer) {
  if (!answer) return std::move(answer).error();
  const Json session = answer->root();
  const auto expires_at = ParseTime(session["expiresAt"].text());
  if (!expires_at) return Internal("the server's session has no valid expiresAt");
  return Tokens{session["sessionId"].text(), session["accessToken"].text(), *expires_at,
                session["refreshToken"].text()};
}

}  // namespace

Error ProblemOf(const HttpReply& reply) {
  Error error;
  error.code = CodeOfStatus(reply.status);
  error.metadata = {{"status", std::to_string(reply.status)}};
  if (const auto after = RetryAfter(reply)) {
    error.metadata.emplace_back("retryAfterMs", std::to_string(after->count()));
  }
  const auto document = JsonDocument::Parse(reply.body);
  if (!document || !document->root().is_object()) {
    error.reason = "HTTP_" + std::to_string(reply.status);
    error.message = reply.body.substr(0, 300);
    return error;
  }
  const Json problem = document->root();
  error.reason = problem["reason"].text();
  error.message = problem["detail"].text();
  error.metadata.emplace_back("title", problem["title"].text());
  error.metadata.emplace_back("instance", problem["instance"].text());
  for (const Json& violation : problem["violations"].items()) {
    error.violations.push_back(
        {violation["field"].text(), violation["reason"].text(), violation["message"].text()});
  }
  return error;
}

std::string_view MetadataOf(const Error& error, std::string_view name) {
  for (const auto& [key, value] : error.metadata) {
    if (key == name) return value;
  }
  return {};
}

Result<HttpReply> Api::Send(const ApiCall& call) {
  HttpRequest request{.method = call.method, .path = call.path, .body = call.body};
  request.headers = {{"Accept-Language", options_.language},
                     {"Accept", "application/json, application/problem+json"}};
  if (call.method != "GET") request.headers.emplace_back("Content-Type", call.content_type);
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  if (!call.idempotency_key.empty()) {
    request.headers.emplace_back("Idempotency-Key", call.idempotency_key);
  }
  const bool command = call.method != "GET";
  const bool repeatable = !command || !call.idempotency_key.empty();
  std::optional<Error> in_doubt;  // an earlier attempt may have been carried out
  milliseconds wait{100};
  for (int attempt = 1;; ++attempt) {
    auto reply = http_.Send(request);
    if (reply && reply->status >= 200 && reply->status <= 299) return reply;
    const auto retry_after = reply ? RetryAfter(*reply) : std::nullopt;
    Error error = reply ? ProblemOf(*reply) : std::move(reply).error();
    if (command && MayHaveBeenCarriedOut(error)) in_doubt = error;
    // A refused request (429) was not carried out, so it may be repeated even without a key.
    const bool may_repeat = repeatable || error.code == Code::kResourceExhausted;
    const milliseconds asked = retry_after.value_or(wait);
    if (may_repeat && attempt < options_.attempts && WorthRepeating(error, in_doubt.has_value()) &&
        asked <= options_.longest_wait) {
      std::this_thread::sleep_for(asked);
      wait = std::min(wait * 2, options_.longest_wait);
      continue;
    }
    return in_doubt && Passing(error) ? *in_doubt : error;
  }
}

Result<JsonDocument> Api::Ask(const ApiCall& call) {
  return Send(call).and_then(
      [](const HttpReply& reply) { return JsonDocument::Parse(reply.body); });
}

Result<Tokens> Login(Api& api, std::string_view username, std::string_view password) {
  JsonWriter body;
  body.Begin('{').Field("username", username).Field("password", password).End('}');
  return ReadTokens(api.Ask({.method = "POST", .path = "/v1/sessions", .body = body.Take()}));
}

Result<Tokens> Refresh(Api& api, std::string_view refresh_token) {
  JsonWriter body;
  body.Begin('{').Field("refreshToken", refresh_token).End('}');
  return ReadTokens(
      api.Ask({.method = "POST", .path = "/v1/sessions:refresh", .body = body.Take()}));
}

}  // namespace zonelink::client
