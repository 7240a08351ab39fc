// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/problem.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/http/json_text.h"
#include "gateway/http/url.h"

namespace zonelink::gateway {
namespace {

// Reasons whose status is not that of their code.
constexpr std::array<std::pair<std::string_view, unsigned>, 6> kStatusByReason = {{
    {"IDEMPOTENCY_KEY_REUSED", 422},
    {"BODY_TOO_LARGE", 413},
    {"MEDIA_TYPE_UNSUPPORTED", 415},
    {"HEADER_TOO_LARGE", 431},
    {"METHOD_NOT_ALLOWED", 405},
    {"REQUEST_TIMEOUT", 408},
}};

bool IsInternal(const Error& error) { return HttpStatus(error) == 500; }

std::string_view TitleOf(unsigned status, Language language) {
  if (language == Language::kEnglish) return StatusPhrase(status);
  switch (status) {
    case 400: return "请求有误";
    case 401: return "需要登录";
    case 403: return "没有权限";
    case 404: return "未找到";
    case 405: return "不允许此方法";
    case 408: return "请求超时";
    case 409: return "与当前状态冲突";
    case 413: return "内容过大";
    case 415: return "不支持的媒体类型";
    case 422: return "请求无法处理";
    case 429: return "请求过多";
    case 431: return "请求头过大";
    case 503: return "服务暂不可用";
    case 504: return "处理超时";
    default: return "内部错误";
  }
}

// A refusal that names no reason known here still gets a text: that of its code.
std::string DetailOf(const Texts& texts, const Error& error, Language language) {
  std::string text = texts.Fill(error.reason, language, error.metadata);
  if (text.empty()) text = texts.Fill(Name(error.code), language, error.metadata);
  return text;
}

void AppendViolations(JsonBuilder& json, const Texts& texts, const Error& error,
                      Language language) {
  json.Key("violations").Array();
  for (const Violation& violation : error.violations) {
    std::string text = texts.Fill(violation.reason, language, {{"field", violation.field}});
    if (text.empty()) text = violation.message;
    json.Object()
        .Field("field", violation.field)
        .Field("reason", violation.reason)
        .Field("message", text)
        .EndObject();
  }
  json.EndArray();
}

// How the thing stands with which the request was in conflict, where its service says so.
void AppendCurrent(JsonBuilder& json, const Error& error) {
  constexpr std::array<std::string_view, 4> kShown = {"state", "etag", "decidedBy", "decidedAt"};
  bool any = false;
  for (const std::string_view name : kShown) {
    for (const auto& [known, value] : error.metadata) {
      if (known != name) continue;
      if (!any) json.Key("current").Object();
      any = true;
      json.Field(name, value);
      break;
    }
  }
  if (any) json.EndObject();
}

void AppendProblemHeaders(HttpResponse& response, const Error& error, Language language) {
  AppendHeader(response, "Content-Language", Tag(language));
  const std::string retry_after = RetryAfter(error);
  if (!retry_after.empty()) AppendHeader(response, "Retry-After", retry_after);
  if (response.status == 405) {
    for (const auto& [name, value] : error.metadata) {
      if (name == "allow") AppendHeader(response, "Allow", value);
    }
  }
  if (response.status == 401) AppendHeader(response, "WWW-Authenticate", "Bearer");
}

}  // namespace

unsigned HttpStatus(const Error& error) {
  for (const auto& [reason, status] : kStatusByReason) {
    if (reason == error.reason) return status;
  }
  switch (error.code) {
    case Code::kInvalidArgument:
    case Code::kOutOfRange: return 400;
    case Code::kUnauthenticated: return 401;
    case Code::kPermissionDenied: return 403;
    case Code::kNotFound: return 404;
    case Code::kFailedPrecondition:
    case Code::kAborted:
    case Code::kAlreadyExists: return 409;
    case Code::kResourceExhausted: return 429;
    case Code::kUnavailable:
    case Code::kCancelled: return 503;
    case Code::kDeadlineExceeded: return 504;
    case Code::kUnknown:
    case Code::kUnimplemented:
    case Code::kInternal:
    case Code::kDataLoss: return 500;
  }
  return 500;
}

std::string RetryAfter(const Error& error) {
  for (const auto& [name, value] : error.metadata) {
    const bool digits = !value.empty() && value.size() < 8 &&
                        value.find_first_not_of("0123456789") == std::string::npos;
    if (name == "retry_after_seconds" && digits) return value;
  }
  const unsigned status = HttpStatus(error);
  return status == 429 || status == 503 ? "1" : "";
}

HttpResponse MakeProblem(const Texts& texts, const Error& error, Language language,
                         std::string_view path, std::string_view request_id) {
  const Error shown = IsInternal(error) ? Internal("") : error;
  HttpResponse response;
  response.status = HttpStatus(shown);
  response.content_type = kProblemType;
  JsonBuilder json(response.body);
  json.Object()
      .Field("type", "urn:zonelink:problem:" + shown.reason)
      .Field("title", TitleOf(response.status, language))
      .Key("status")
      .Int(response.status)
      .Field("detail", DetailOf(texts, shown, language))
      .Field("reason", shown.reason);
  // A path may hold any bytes; JSON may not.
  if (ValidUtf8(path)) json.Field("instance", path);
  json.Field("requestId", request_id);
  AppendViolations(json, texts, shown, language);
  if (response.status == 409) AppendCurrent(json, shown);
  json.EndObject();
  AppendProblemHeaders(response, shown, language);
  return response;
}

}  // namespace zonelink::gateway
