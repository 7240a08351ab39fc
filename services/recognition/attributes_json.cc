// SPDX-License-Identifier: Apache-2.0
#include "recognition/attributes_json.h"

#include <google/protobuf/util/json_util.h>
#include <simdjson.h>

#include "platform/core/check.h"

namespace zonelink::recognition {
namespace {

AttributeValue ToValue(const google::protobuf::Value& value) {
  switch (value.kind_case()) {
    case google::protobuf::Value::kBoolValue: return value.bool_value();
    case google::protobuf::Value::kNumberValue: return value.number_value();
    case google::protobuf::Value::kStringValue: return value.string_value();
    case google::protobuf::Value::kNullValue:
    case google::protobuf::Value::kStructValue:
    case google::protobuf::Value::kListValue:
    case google::protobuf::Value::KIND_NOT_SET: break;
  }
  return std::monostate{};
}

AttributeValue ToValue(const simdjson::dom::element& value) {
  using simdjson::dom::element_type;
  switch (value.type()) {
    case element_type::BOOL: return bool(value);
    case element_type::INT64:
    case element_type::UINT64:
    case element_type::DOUBLE: return double(value);
    case element_type::STRING: return std::string(std::string_view(value));
    case element_type::NULL_VALUE:
    case element_type::ARRAY:
    case element_type::OBJECT: break;
  }
  return std::monostate{};
}

}  // namespace

Attributes ToAttributes(const google::protobuf::Struct& attributes) {
  Attributes out;
  for (const auto& [name, value] : attributes.fields()) out[name] = ToValue(value);
  return out;
}

google::protobuf::Struct ToStruct(const Attributes& checked) {
  google::protobuf::Struct out;
  for (const auto& [name, value] : checked) {
    google::protobuf::Value& field = (*out.mutable_fields())[name];
    if (const auto* truth = std::get_if<bool>(&value)) {
      field.set_bool_value(*truth);
    } else if (const auto* number = std::get_if<double>(&value)) {
      field.set_number_value(*number);
    } else {
      field.set_string_value(std::get<std::string>(value));
    }
  }
  return out;
}

Attributes FromJson(std::string_view kept) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::object object;
  ZL_CHECK(parser.parse(kept.data(), kept.size()).get(object) == simdjson::SUCCESS,
           "attributes are kept as a JSON object");
  Attributes out;
  for (const auto& [name, value] : object) out.insert_or_assign(std::string(name), ToValue(value));
  return out;
}

std::string StructJson(const google::protobuf::Struct& object) {
  std::string json;
  ZL_CHECK(google::protobuf::util::MessageToJsonString(object, &json).ok(), "a JSON object");
  return json;
}

google::protobuf::Struct StructOf(std::string_view kept) {
  google::protobuf::Struct object;
  ZL_CHECK(google::protobuf::util::JsonStringToMessage({kept.data(), kept.size()}, &object).ok(),
           "objects are kept as JSON");
  return object;
}

}  // namespace zonelink::recognition
