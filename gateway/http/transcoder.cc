// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/transcoder.h"

#include <algorithm>
#include <array>

#include "gateway/http/json_reader.h"
#include "gateway/http/json_writer.h"
#include "gateway/http/url.h"
#include "zonelink/api/raw.pb.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::Message;

constexpr size_t kTypicalAnswer = 1024;

// What a Raw may be. A service that is led astray cannot make a browser run scripts.
constexpr std::array<std::string_view, 5> kRawTypes = {
    "text/plain; charset=utf-8", "application/octet-stream", "application/pdf",
    "text/html; charset=utf-8", "application/xml"};

// Each segment of {x=**} by itself: a slash that was percent-encoded divides nothing, so it is
// refused.
std::optional<std::string> DecodeRest(std::string_view rest) {
  for (std::string_view left = rest; !left.empty();) {
    const size_t end = std::min(left.find('/'), left.size());
    const auto segment = PercentDecode(left.substr(0, end), false);
    if (!segment || segment->find('/') != std::string::npos) return std::nullopt;
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return PercentDecode(rest, false);
}

Status FillFromPath(const Match& match, Message& request) {
  for (size_t i = 0; i < match.value_count; ++i) {
    const FieldSchema& field = *match.route->variables[i];
    const bool rest = match.route->takes_rest && i + 1 == match.value_count;
    const auto value = rest ? DecodeRest(match.values[i]) : PercentDecode(match.values[i], false);
    if (!value) {
      return FieldError("PATH_INVALID", field.name, "not UTF-8 in percent encoding");
    }
    const Status set = SetFromText(*value, field, field.name, request);
    if (!set) return set;
  }
  return Done{};
}

Status FillFromQuery(const Route& route, std::string_view query, Message& request) {
  if (query.empty()) return Done{};
  const auto parameters = ParseQuery(query);
  if (!parameters) return parameters.error();
  uint64_t seen = 0;
  for (const auto& [name, value] : *parameters) {
    const FieldSchema* field = route.input->Find(name);
    if (field == nullptr || !IsParameter(route, *field)) {
      return FieldError("QUERY_UNKNOWN", name, "no such parameter");
    }
    if (((seen >> field->index) & 1) != 0) {
      return FieldError("QUERY_REPEATED", name, "the parameter occurs twice");
    }
    seen |= uint64_t{1} << field->index;
    const Status set = SetFromText(value, *field, name, request);
    if (!set) return set;
  }
  return Done{};
}

Status FillFromBytes(const Route& route, const RequestHead& head, std::string body,
                     Message& request) {
  auto& raw = static_cast<api::Raw&>(
      *request.GetReflection()->MutableMessage(&request, route.body_field->field));
  raw.set_content_type(std::string(head.Find("Content-Type").value_or(std::string_view())));
  raw.set_data(std::move(body));
  return Done{};
}

Status FillFromBody(const Route& route, const RequestHead& head, std::string body,
                    Message& request) {
  if (!route.has_body || body.empty()) return Done{};
  if (route.raw_body) return FillFromBytes(route, head, std::move(body), request);
  if (route.body_field == nullptr) {
    return ReadJson(body, *route.input, request, route.variable_bits);
  }
  const FieldSchema& field = *route.body_field;
  return ReadJson(body, *field.message,
                  *request.GetReflection()->MutableMessage(&request, field.field));
}

Error HeaderError(std::string_view header, std::string_view message) {
  return InvalidArgument("HEADER_INVALID", std::string(message), {{"header", std::string(header)}});
}

// If-Match of one strong tag; `*` asks for nothing more than that the thing exists.
Status FillFromIfMatch(const Route& route, std::string_view value, Message& request) {
  if (value == "*") return Done{};
  if (route.etag_in == nullptr) {
    if (!route.has_body) return Done{};
    return HeaderError("If-Match", "this request has no precondition");
  }
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  const std::string_view tag = quoted ? value.substr(1, value.size() - 2) : std::string_view();
  if (tag.empty() || tag.find('"') != std::string_view::npos || !ValidUtf8(tag)) {
    return HeaderError("If-Match", "one quoted entity tag is needed");
  }
  if (request.GetReflection()->HasField(request, route.etag_in->field)) return Done{};
  return SetFromText(tag, *route.etag_in, route.etag_in->name, request);
}

Status FillFromHeaders(const Route& route, const RequestHead& head, Message& request) {
  if (const auto if_match = head.Find("If-Match")) {
    const Status filled = FillFromIfMatch(route, *if_match, request);
    if (!filled) return filled;
  }
  if (route.last_event_id == nullptr) return Done{};
  const auto last = head.Find("Last-Event-ID");
  if (!last || last->empty()) return Done{};
  if (!ValidUtf8(*last)) return HeaderError("Last-Event-ID", "not UTF-8");
  return SetFromText(*last, *route.last_event_id, route.last_event_id->name, request);
}

std::string TextOf(const Message& message, const FieldSchema* field) {
  return field == nullptr ? std::string()
                          : message.GetReflection()->GetString(message, field->field);
}

// A line of a server-sent event; what would end the line early is no id and no type.
void AppendEventLine(std::string& out, std::string_view name, const std::string& value) {
  if (value.empty() || value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return;
  }
  out.append(name).append(": ").append(value).append("\n");
}

// What browsers save and never show, whatever it claims to be; kept by nobody on the way.
Result<HttpResponse> MakeAttachment(const api::Raw& raw, HttpResponse response) {
  const std::string& type = raw.content_type();
  const bool one_word = !type.empty() && std::all_of(type.begin(), type.end(),
                                                     [](char c) { return c > ' ' && c < '\x7f'; });
  if (!one_word) return Internal("raw answer of type " + type);
  AppendHeader(response, "Content-Type", type);
  AppendHeader(response, "Content-Disposition",
               "attachment; filename*=UTF-8''" + PercentEncode(raw.file_name()));
  return response;
}

Result<HttpResponse> MakeRawAnswer(const Route& route, const api::Raw& raw) {
  HttpResponse response;
  response.status = route.success_status;
  response.body = raw.data();
  response.total_bytes = static_cast<uint64_t>(std::max<int64_t>(raw.total_bytes(), 0));
  if (!raw.file_name().empty()) return MakeAttachment(raw, std::move(response));
  const auto* type = std::find(kRawTypes.begin(), kRawTypes.end(), raw.content_type());
  if (type == kRawTypes.end()) return Internal("raw answer of type " + raw.content_type());
  response.content_type = *type;
  response.cache_control = raw.immutable() ? "public, max-age=31536000, immutable" : "no-cache";
  return response;
}

}  // namespace

Status BuildRequest(const Match& match, const RequestHead& head, std::string body,
                    Message& request) {
  const Route& route = *match.route;
  return FillFromBody(route, head, std::move(body), request)
      .and_then([&](Done) { return FillFromPath(match, request); })
      .and_then([&](Done) { return FillFromQuery(route, head.query, request); })
      .and_then([&](Done) { return FillFromHeaders(route, head, request); });
}

Result<HttpResponse> MakeAnswer(const Route& route, const Message& reply) {
  if (route.raw) return MakeRawAnswer(route, static_cast<const api::Raw&>(reply));
  HttpResponse response;
  response.status = route.success_status;
  response.content_type = "application/json";
  response.body.reserve(kTypicalAnswer);
  WriteJson(reply, *route.output, response.body);
  const std::string etag = TextOf(reply, route.etag_out);
  const bool clean =
      etag.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.") ==
      std::string::npos;
  if (!etag.empty() && clean) AppendHeader(response, "ETag", "\"" + etag + "\"");
  return response;
}

std::string MakeServerSentEvent(const Route& route, const Message& message) {
  std::string text;
  AppendEventLine(text, "id", TextOf(message, route.event_id));
  AppendEventLine(text, "event", TextOf(message, route.event_type));
  text += "data: ";
  WriteJson(message, *route.output, text);
  text += "\n\n";
  return text;
}

}  // namespace zonelink::gateway
