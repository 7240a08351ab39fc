// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "gateway/http/openapi.h"
#include "platform/core/check.h"

namespace zonelink::gateway {
namespace {

constexpr uint32_t kDefaultLength = 200;
constexpr uint32_t kDefaultItems = 100;

struct FormatText {
  std::string_view format;
  std::string_view pattern;
};

FormatText TextOf(Format format) {
  switch (format) {
    case FORMAT_UNSPECIFIED:
    case FORMAT_MULTILINE: return {};
    case FORMAT_DATE: return {"date", ""};
    case FORMAT_ZONE: return {"", "^[a-z]{1,32}$"};
    case FORMAT_USCC: return {"", "^[0-9A-HJ-NPQRTUWXY]{18}$"};
    case FORMAT_ID: return {"", "^[A-Za-z0-9_-]{1,64}$"};
    case FORMAT_SLUG: return {"", "^[a-z][a-z0-9-]{0,63}$"};
    case FORMAT_SHA256: return {"", "^[0-9a-f]{64}$"};
    case FORMAT_MEDIA_TYPE: return {"", "^[^/ ]+/[^/ ]+$"};
    case FORMAT_USERNAME: return {"", "^[A-Za-z0-9._-]{3,64}$"};
    case FORMAT_PASSWORD: return {"password", ""};
    case FORMAT_TOKEN: return {"", "^[!-~]*$"};
    default: return {};
  }
}

void AppendTextRules(JsonBuilder& json, const Rules& rules) {
  const FormatText text = TextOf(rules.format());
  if (!text.format.empty()) json.Field("format", text.format);
  if (!text.pattern.empty()) json.Field("pattern", text.pattern);
  if (rules.format() == FORMAT_PASSWORD) {
    json.Key("minLength").Int(8).Key("maxLength").Int(128);
  } else if (text.format.empty() && (text.pattern.empty() || rules.max_length() != 0)) {
    json.Key("maxLength").Int(rules.max_length() == 0 ? kDefaultLength : rules.max_length());
  }
  if (rules.one_of_size() == 0) return;
  json.Key("enum").Array();
  for (const std::string& allowed : rules.one_of()) json.String(allowed);
  json.EndArray();
}

void AppendRange(JsonBuilder& json, const Rules& rules) {
  if (rules.minimum() == 0 && rules.maximum() == 0) return;
  json.Key("minimum").Int(rules.minimum()).Key("maximum").Int(rules.maximum());
}

// Names with what they mean, as Markdown.
std::string EnumText(const EnumSchema& enumeration, const Comments& comments) {
  std::string text;
  for (const auto& [name, number] : enumeration.values) {
    const auto* value = enumeration.descriptor->FindValueByNumber(number);
    text += "- `" + name + "`: " + std::string(comments.Of(value->full_name())) + "\n";
  }
  return text;
}

// Members of the schema of one value, lists aside.
void AppendValueMembers(JsonBuilder& json, const FieldSchema& field, const Rules& rules,
                        bool has_rules) {
  switch (field.kind) {
    case Kind::kBool: json.Field("type", "boolean"); return;
    case Kind::kInt32:
    case Kind::kUint32:
      json.Field("type", "integer").Field("format", "int32");
      AppendRange(json, rules);
      return;
    case Kind::kInt64:
    case Kind::kUint64:
      json.Field("type", "string").Field("format", "int64").Field("pattern", "^-?[0-9]{1,20}$");
      return;
    case Kind::kString:
      json.Field("type", "string");
      if (has_rules) AppendTextRules(json, rules);
      return;
    case Kind::kBytes: json.Field("type", "string").Field("format", "byte"); return;
    case Kind::kEnum:
      json.Field("type", "string").Key("enum").Array();
      for (const auto& value : field.enumeration->values) json.String(value.first);
      json.EndArray();
      return;
    case Kind::kTimestamp: json.Field("type", "string").Field("format", "date-time"); return;
    case Kind::kStruct: json.Field("type", "object").Key("additionalProperties").Bool(true); return;
    case Kind::kMessage:
      json.Field("$ref", "#/components/schemas/" + field.message->descriptor->name());
      return;
  }
}

struct Component {
  const MessageSchema* message = nullptr;
  uint64_t left_out = 0;
  bool request = false;
};
using ComponentsByName = std::map<std::string, Component>;

void Collect(const MessageSchema& message, uint64_t left_out, bool request,
             ComponentsByName& found) {
  const auto [slot, fresh] =
      found.emplace(message.descriptor->name(), Component{&message, left_out, request});
  ZL_CHECK(slot->second.message == &message, "two messages of the API have one name");
  if (!fresh) return;
  for (const FieldSchema& field : message.fields) {
    if (field.kind == Kind::kMessage) Collect(*field.message, 0, false, found);
  }
}

void AppendComponent(JsonBuilder& json, const Component& component, const Comments& comments) {
  const MessageSchema& message = *component.message;
  json.Object().Field("type", "object");
  const std::string_view comment = comments.Of(message.descriptor->full_name());
  if (!comment.empty()) json.Field("description", comment);
  json.Key("properties").Object();
  std::vector<std::string_view> required;
  for (const FieldSchema& field : message.fields) {
    if (((component.left_out >> field.index) & 1) != 0) continue;
    json.Key(field.name);
    AppendFieldSchema(json, field, comments);
    if (field.field->options().GetExtension(zonelink::rules).required()) {
      required.push_back(field.name);
    }
  }
  json.EndObject();
  if (!required.empty()) {
    json.Key("required").Array();
    for (const std::string_view name : required) json.String(name);
    json.EndArray();
  }
  if (component.request) json.Key("additionalProperties").Bool(false);
  json.EndObject();
}

void AppendProblem(JsonBuilder& json) {
  json.Object().Field("type", "object").Field("description", "A refusal, RFC 9457.");
  json.Key("properties").Object();
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"type", "URN of the reason."},
      {"title", "What the status means."},
      {"detail", "What went wrong and what to do, in the language of `Accept-Language`."},
      {"reason", "Stable name of the reason, for programs."},
      {"instance", "Path of the request."},
      {"requestId", "Id of the request, as in the logs."}};
  for (const auto& [name, description] : texts) {
    json.Key(name).Object().Field("type", "string").Field("description", description).EndObject();
  }
  json.Key("status").Object().Field("type", "integer").EndObject();
  json.Key("violations").Object().Field("type", "array").Key("items").Object();
  json.Field("type", "object").Key("properties").Object();
  for (const std::string_view name : {"field", "reason", "message"}) {
    json.Key(name).Object().Field("type", "string").EndObject();
  }
  json.EndObject().EndObject().EndObject();
  json.Key("current").Object().Field("type", "object");
  json.Field("description", "Of a conflict: how the thing stands now, where that is known.");
  json.Key("properties").Object();
  for (const std::string_view name : {"state", "etag", "decidedBy", "decidedAt"}) {
    json.Key(name).Object().Field("type", "string").EndObject();
  }
  json.EndObject().EndObject().EndObject();
  json.Key("required").Array();
  for (const std::string_view name :
       {"type", "title", "status", "detail", "reason", "requestId", "violations"}) {
    json.String(name);
  }
  json.EndArray().EndObject();
}

}  // namespace

void AppendFieldSchema(JsonBuilder& json, const FieldSchema& field, const Comments& comments) {
  const auto& options = field.field->options();
  const bool has_rules = options.HasExtension(zonelink::rules);
  const Rules& rules = options.GetExtension(zonelink::rules);
  std::string description(comments.Of(field.field->full_name()));
  if (field.kind == Kind::kEnum) description += "\n\n" + EnumText(*field.enumeration, comments);
  json.Object();
  if (field.repeated) {
    json.Field("type", "array").Key("items").Object();
    AppendValueMembers(json, field, rules, has_rules);
    json.EndObject();
    if (has_rules) {
      json.Key("maxItems").Int(rules.max_items() == 0 ? kDefaultItems : rules.max_items());
    }
  } else {
    AppendValueMembers(json, field, rules, has_rules);
  }
  if (!description.empty()) json.Field("description", description);
  json.EndObject();
}

void AppendComponents(JsonBuilder& json, const Routes& routes, const Comments& comments) {
  ComponentsByName found;
  for (const auto& route : routes.all()) {
    if (!route->raw) Collect(*route->output, 0, false, found);
    if (route->raw_body) continue;
    if (route->body_field != nullptr) {
      Collect(*route->body_field->message, 0, false, found);
    } else if (route->has_body) {
      Collect(*route->input, route->variable_bits, true, found);
    }
  }
  json.Key("schemas").Object();
  for (const auto& [name, component] : found) {
    json.Key(name);
    AppendComponent(json, component, comments);
  }
  json.Key("Problem");
  AppendProblem(json);
  json.EndObject();
}

}  // namespace zonelink::gateway
