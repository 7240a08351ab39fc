// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/request_checks.h"

#include <algorithm>

namespace zonelink::gateway {
namespace {

constexpr size_t kMaxToken = 4096;
constexpr size_t kMaxIdempotencyKey = 128;
constexpr size_t kMaxRequestId = 64;

// gRPC metadata takes nothing else.
bool PrintableWithoutSpaces(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool LowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool AllZeros(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// application/json, at most with charset=utf-8.
bool IsJson(std::string_view content_type) {
  const size_t semicolon = std::min(content_type.find(';'), content_type.size());
  if (!EqualsIgnoringCase(Trim(content_type.substr(0, semicolon)), "application/json")) {
    return false;
  }
  if (semicolon == content_type.size()) return true;
  const std::string_view parameter = Trim(content_type.substr(semicolon + 1));
  return parameter.empty() || EqualsIgnoringCase(parameter, "charset=utf-8") ||
         EqualsIgnoringCase(parameter, "charset=\"utf-8\"");
}

Error MediaError(std::string_view sent) {
  return InvalidArgument("MEDIA_TYPE_UNSUPPORTED", "the body must be application/json in UTF-8",
                         {{"sent", std::string(sent.substr(0, 100))}});
}

}  // namespace

Result<std::string_view> BearerToken(const RequestHead& head) {
  const auto value = head.Find("Authorization");
  if (!value || value->empty()) return std::string_view();
  constexpr std::string_view kScheme = "Bearer ";
  if (!EqualsIgnoringCase(value->substr(0, kScheme.size()), kScheme)) {
    return Unauthenticated("TOKEN_INVALID", "a bearer token is needed");
  }
  const std::string_view token = Trim(value->substr(kScheme.size()));
  if (token.empty() || token.size() > kMaxToken || !PrintableWithoutSpaces(token)) {
    return Unauthenticated("TOKEN_INVALID", "the token has not the form of one");
  }
  return token;
}

Result<std::string_view> IdempotencyKey(const RequestHead& head) {
  const auto value = head.Find("Idempotency-Key");
  if (!value) return std::string_view();
  if (value->empty() || value->size() > kMaxIdempotencyKey || !PrintableWithoutSpaces(*value)) {
    return InvalidArgument("IDEMPOTENCY_KEY_INVALID",
                           "1 to 128 printable ASCII characters without spaces are needed",
                           {{"limit", std::to_string(kMaxIdempotencyKey)}});
  }
  return *value;
}

Status CheckHead(const Route& route, const RequestHead& head) {
  for (const std::string_view name :
       {"Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID"}) {
    if (!head.Repeated(name)) continue;
    return InvalidArgument("HEADER_INVALID", "the header occurs twice",
                           {{"header", std::string(name)}});
  }
  if (!head.has_body) return Done{};
  if (!route.has_body) return InvalidArgument("BODY_UNEXPECTED", "this request has no body");
  if (const auto coding = head.Find("Content-Encoding")) return MediaError(*coding);
  const auto type = head.Find("Content-Type");
  // Which types of bytes it takes is the service's to say.
  const bool fits = type && (route.raw_body ? PrintableWithoutSpaces(*type) : IsJson(*type));
  if (!fits) return MediaError(type.value_or(std::string_view()));
  return Done{};
}

std::string RequestId(const RequestHead& head, std::string otherwise) {
  const auto sent = head.Find("X-Request-Id");
  const auto clean = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (!sent || sent->empty() || sent->size() > kMaxRequestId ||
      !std::all_of(sent->begin(), sent->end(), clean)) {
    return otherwise;
  }
  return std::string(*sent);
}

std::string TraceParent(const RequestHead& head, std::string_view trace_id,
                        std::string_view span_id) {
  const auto sent = head.Find("traceparent");
  // 00-<trace id, 32>-<span id, 16>-<flags, 2>
  if (sent && sent->size() == 55 && sent->substr(0, 3) == "00-" && (*sent)[35] == '-' &&
      (*sent)[52] == '-' && LowerHex(sent->substr(3, 32)) && LowerHex(sent->substr(36, 16)) &&
      LowerHex(sent->substr(53, 2)) && !AllZeros(sent->substr(3, 32)) &&
      !AllZeros(sent->substr(36, 16))) {
    return std::string(*sent);
  }
  return std::string("00-").append(trace_id).append("-").append(span_id).append("-00");
}

}  // namespace zonelink::gateway
