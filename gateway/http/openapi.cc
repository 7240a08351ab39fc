// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/openapi.h"

#include <map>
#include <set>

#include "gateway/http/problem.h"

namespace zonelink::gateway {
namespace {

constexpr std::string_view kErrors = "Errors:";
constexpr std::string_view kRestText =
    "\n\nThe rest of the path, one or more segments; the slashes between them stay slashes.";

// The codes that comments name.
constexpr Code kNamedCodes[] = {Code::kInvalidArgument,   Code::kNotFound,
                                Code::kAlreadyExists,     Code::kPermissionDenied,
                                Code::kResourceExhausted, Code::kFailedPrecondition,
                                Code::kAborted,           Code::kUnauthenticated,
                                Code::kUnavailable,       Code::kDeadlineExceeded};

using ReasonsByStatus = std::map<unsigned, std::set<std::string>>;

// Reads "Errors: NOT_FOUND `ITEM_NOT_FOUND`, ABORTED `ETAG_MISMATCH`" of an RPC's comment.
ReasonsByStatus ReasonsOf(std::string_view comment) {
  ReasonsByStatus reasons;
  const size_t begin = comment.find(kErrors);
  if (begin == std::string_view::npos) return reasons;
  constexpr std::string_view kWord = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  const Code* code = nullptr;
  for (size_t at = begin; at < comment.size();) {
    const size_t start = comment.find_first_of(kWord, at);
    if (start == std::string_view::npos) break;
    const size_t end = std::min(comment.find_first_not_of(kWord, start), comment.size());
    const std::string_view word = comment.substr(start, end - start);
    at = end;
    const bool quoted = start > 0 && comment[start - 1] == '`' && end < comment.size() &&
                        comment[end] == '`' && word.find('_') != std::string_view::npos;
    for (const Code& named : kNamedCodes) {
      if (!quoted && Name(named) == word) code = &named;
    }
    if (quoted && code != nullptr) {
      const Error error{*code, std::string(word), {}, {}, {}};
      reasons[HttpStatus(error)].insert(error.reason);
    }
  }
  return reasons;
}

std::string_view FirstSentence(std::string_view text) {
  const size_t end = text.find(". ");
  return end == std::string_view::npos ? text : text.substr(0, end + 1);
}

// OpenAPI knows no {x=**}.
std::string ShownPath(const Route& route) {
  if (!route.takes_rest) return route.path;
  return route.path.substr(0, route.path.rfind('=')) + "}";
}

void AppendParameter(JsonBuilder& json, std::string_view where, const std::string& name,
                     const FieldSchema& field, const Comments& comments, std::string_view more) {
  const bool required =
      where == "path" || field.field->options().GetExtension(zonelink::rules).required();
  json.Object().Field("name", name).Field("in", where).Key("required").Bool(required);
  const std::string description = std::string(comments.Of(field.field->full_name())).append(more);
  if (!description.empty()) json.Field("description", description);
  json.Key("schema");
  AppendFieldSchema(json, field, comments);
  json.EndObject();
}

void AppendHeaderParameter(JsonBuilder& json, std::string_view name, std::string_view text) {
  json.Object().Field("name", name).Field("in", "header").Key("required").Bool(false);
  json.Field("description", text);
  json.Key("schema").Object().Field("type", "string").EndObject().EndObject();
}

void AppendParameters(JsonBuilder& json, const Route& route, const Comments& comments) {
  json.Key("parameters").Array();
  for (const FieldSchema* field : route.variables) {
    const bool rest = route.takes_rest && field == route.variables.back();
    AppendParameter(json, "path", field->field->name(), *field, comments, rest ? kRestText : "");
  }
  for (const FieldSchema& field : route.input->fields) {
    if (IsParameter(route, field)) AppendParameter(json, "query", field.name, field, comments, "");
  }
  if (route.idempotency == IDEMPOTENCY_COMMAND) {
    AppendHeaderParameter(json, "Idempotency-Key",
                          "Makes the command safe to repeat: the same key and body give the stored "
                          "answer. 1 to 128 printable ASCII characters.");
  }
  if (route.etag_in != nullptr) {
    AppendHeaderParameter(json, "If-Match", "Entity tag as last read; the same as `etag`.");
  }
  if (route.last_event_id != nullptr) {
    AppendHeaderParameter(json, "Last-Event-ID", "Continue after this event.");
  }
  AppendHeaderParameter(json, "Accept-Language", "Language of refusals: `zh-CN` or `en`.");
  json.EndArray();
}

void AppendRequestBody(JsonBuilder& json, const Route& route) {
  if (!route.has_body) return;
  if (route.raw_body) {
    json.Key("requestBody").Object().Key("required").Bool(true);
    json.Key("content").Object().Key("application/octet-stream").Object().EndObject();
    json.EndObject().EndObject();
    return;
  }
  const MessageSchema& body =
      route.body_field == nullptr ? *route.input : *route.body_field->message;
  json.Key("requestBody").Object().Key("required").Bool(true);
  json.Key("content").Object().Key("application/json").Object().Key("schema").Object();
  json.Field("$ref", "#/components/schemas/" + body.descriptor->name());
  json.EndObject().EndObject().EndObject().EndObject();
}

void AppendProblemResponse(JsonBuilder& json, const std::string& status,
                           std::string_view description) {
  json.Key(status).Object().Field("description", description);
  json.Key("content").Object().Key(kProblemType).Object().Key("schema").Object();
  json.Field("$ref", "#/components/schemas/Problem");
  json.EndObject().EndObject().EndObject().EndObject();
}

void AppendContent(JsonBuilder& json, const Route& route) {
  json.Key("content").Object();
  if (route.raw) {
    // The service names the media type with each answer; bytes have no schema.
    json.Key("*/*").Object().EndObject().EndObject();
    return;
  }
  json.Key(route.streaming ? "text/event-stream" : "application/json").Object();
  json.Key("schema").Object();
  json.Field("$ref", "#/components/schemas/" + route.output->descriptor->name());
  json.EndObject().EndObject().EndObject();
}

void AppendResponses(JsonBuilder& json, const Route& route, const Comments& comments) {
  json.Key("responses").Object();
  json.Key(std::to_string(route.success_status)).Object();
  json.Field("description", comments.Of(route.output->descriptor->full_name()));
  if (route.etag_out != nullptr) {
    json.Key("headers").Object().Key("ETag").Object().Field("description", "The reply's `etag`.");
    json.Key("schema").Object().Field("type", "string").EndObject().EndObject().EndObject();
  }
  AppendContent(json, route);
  json.EndObject();
  for (const auto& [status, reasons] : ReasonsOf(comments.Of(route.method->full_name()))) {
    std::string text;
    for (const std::string& reason : reasons) text += (text.empty() ? "`" : ", `") + reason + "`";
    AppendProblemResponse(json, std::to_string(status), text);
  }
  AppendProblemResponse(json, "default", "Refused or failed; `reason` says why.");
  json.EndObject();
}

void AppendAccess(JsonBuilder& json, const Access& access) {
  json.Key("security").Array();
  if (access.scope() != SCOPE_PUBLIC) {
    json.Object().Key("bearer").Array().EndArray().EndObject();
  }
  json.EndArray();
  constexpr size_t kPrefix = std::string_view("SCOPE_").size();
  json.Key("x-zonelink-access").Object();
  json.Field("scope", std::string_view(Scope_Name(access.scope())).substr(kPrefix));
  json.Key("roles").Array();
  for (const std::string& role : access.roles()) json.String(role);
  json.EndArray().EndObject();
}

std::string_view IdempotencyName(Idempotency idempotency) {
  switch (idempotency) {
    case IDEMPOTENCY_COMMAND: return "COMMAND";
    case IDEMPOTENCY_EXEMPT: return "EXEMPT";
    default: return "READ";
  }
}

void AppendOperation(JsonBuilder& json, const Route& route, const Comments& comments) {
  const std::string_view comment = comments.Of(route.method->full_name());
  json.Key(route.verb == "GET" ? "get" : "post").Object();
  json.Field("operationId", route.method->name());
  json.Key("tags").Array().String(route.service).EndArray();
  json.Field("summary", FirstSentence(comment)).Field("description", comment);
  json.Field("x-idempotency", IdempotencyName(route.idempotency));
  AppendAccess(json, route.access);
  AppendParameters(json, route, comments);
  AppendRequestBody(json, route);
  AppendResponses(json, route, comments);
  json.EndObject();
}

void AppendPaths(JsonBuilder& json, const Routes& routes, const Comments& comments) {
  std::map<std::string, std::vector<const Route*>> by_path;
  for (const auto& route : routes.all()) by_path[ShownPath(*route)].push_back(route.get());
  json.Key("paths").Object();
  for (const auto& [path, operations] : by_path) {
    json.Key(path).Object();
    for (const Route* route : operations) AppendOperation(json, *route, comments);
    json.EndObject();
  }
  json.EndObject();
}

void AppendTags(JsonBuilder& json, const Routes& routes, const Comments& comments) {
  std::map<std::string, const google::protobuf::ServiceDescriptor*> services;
  for (const auto& route : routes.all()) services[route->service] = route->method->service();
  json.Key("tags").Array();
  for (const auto& [name, service] : services) {
    json.Object().Field("name", name).Field("description", comments.Of(service->full_name()));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

std::string MakeOpenApi(const Routes& routes, const Comments& comments) {
  std::string text;
  JsonBuilder json(text);
  json.Object().Field("openapi", "3.1.0");
  json.Key("info").Object().Field("title", "Zonelink 自贸联动平台").Field("version", "1");
  json.Field(
      "description",
      "Cooperation between China's pilot free trade zones. Times are RFC 3339, dates ISO 8601, "
      "64-bit integers and decimals travel as text. Refusals are problem documents (RFC 9457) "
      "with a stable `reason`.");
  json.EndObject();
  json.Key("servers").Array().Object().Field("url", "/").EndObject().EndArray();
  AppendTags(json, routes, comments);
  AppendPaths(json, routes, comments);
  json.Key("components").Object();
  AppendComponents(json, routes, comments);
  json.Key("securitySchemes").Object().Key("bearer").Object();
  json.Field("type", "http").Field("scheme", "bearer").Field("bearerFormat", "JWT");
  json.EndObject().EndObject().EndObject().EndObject();
  return text;
}

}  // namespace zonelink::gateway
