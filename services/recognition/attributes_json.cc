// SPDX-License-Identifier: Apache-2.0
#include "recognition/attributes_json.h"

#include <google/protobuf/util/json_util.h>

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

Attributes FromJson(const std::string& kept) {
  google::protobuf::Struct parsed;
  const auto status = google::protobuf::util::JsonStringToMessage(kept, &parsed);
  ZL_CHECK(status.ok(), "attributes are kept as a JSON object");
  return ToAttributes(parsed);
}

}  // namespace zonelink::recognition
