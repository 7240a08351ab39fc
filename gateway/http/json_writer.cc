// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/json_writer.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "gateway/http/json_text.h"
#include "platform/core/time.h"
#include "platform/crypto/crypto.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Struct;
using google::protobuf::Timestamp;
using google::protobuf::Value;

constexpr double kExactInDouble = 9007199254740992.0;  // 2^53

template <class Number>
void AppendInteger(std::string& out, Number number) {
  const fmt::format_int text(number);
  out.append(text.data(), text.size());
}

void AppendDouble(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
  } else if (std::trunc(number) == number && std::fabs(number) <= kExactInDouble) {
    AppendInteger(out, static_cast<int64_t>(number));
  } else {
    fmt::format_to(std::back_inserter(out), "{}", number);
  }
}

// The alphabet needs no escapes.
void AppendBytes(std::string& out, const std::string& bytes) {
  out += '"';
  out += crypto::Base64Encode(bytes);
  out += '"';
}

void AppendTime(std::string& out, const Timestamp& stamp) {
  const Time at{std::chrono::seconds(stamp.seconds()) +
                std::chrono::microseconds(stamp.nanos() / 1000)};
  out += '"';
  out += FormatTime(at);
  out += '"';
}

void AppendStruct(std::string& out, const Struct& object);

void AppendValue(std::string& out, const Value& value) {
  switch (value.kind_case()) {
    case Value::kBoolValue: out += value.bool_value() ? "true" : "false"; return;
    case Value::kNumberValue: AppendDouble(out, value.number_value()); return;
    case Value::kStringValue: AppendJsonString(out, value.string_value()); return;
    case Value::kStructValue: AppendStruct(out, value.struct_value()); return;
    case Value::kListValue: {
      out += '[';
      bool first = true;
      for (const Value& entry : value.list_value().values()) {
        if (!first) out += ',';
        first = false;
        AppendValue(out, entry);
      }
      out += ']';
      return;
    }
    case Value::kNullValue:
    case Value::KIND_NOT_SET: out += "null"; return;
  }
}

// Keys in order, so that one value always gives one text.
void AppendStruct(std::string& out, const Struct& object) {
  std::vector<std::pair<const std::string*, const Value*>> fields;
  fields.reserve(object.fields().size());
  for (const auto& [key, value] : object.fields()) fields.emplace_back(&key, &value);
  std::sort(fields.begin(), fields.end(),
            [](const auto& a, const auto& b) { return *a.first < *b.first; });
  out += '{';
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(out, *fields[i].first);
    out += ':';
    AppendValue(out, *fields[i].second);
  }
  out += '}';
}

void AppendInner(std::string& out, const FieldSchema& field, const Message& inner) {
  switch (field.kind) {
    case Kind::kTimestamp: AppendTime(out, static_cast<const Timestamp&>(inner)); return;
    case Kind::kStruct: AppendStruct(out, static_cast<const Struct&>(inner)); return;
    default: WriteJson(inner, *field.message, out); return;
  }
}

void AppendSingle(std::string& out, const FieldSchema& field, const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::string scratch;
  switch (field.kind) {
    case Kind::kBool: out += reflection.GetBool(message, field.field) ? "true" : "false"; return;
    case Kind::kInt32: AppendInteger(out, reflection.GetInt32(message, field.field)); return;
    case Kind::kUint32: AppendInteger(out, reflection.GetUInt32(message, field.field)); return;
    case Kind::kInt64:
      out += '"';
      AppendInteger(out, reflection.GetInt64(message, field.field));
      out += '"';
      return;
    case Kind::kUint64:
      out += '"';
      AppendInteger(out, reflection.GetUInt64(message, field.field));
      out += '"';
      return;
    case Kind::kString:
      AppendJsonString(out, reflection.GetStringReference(message, field.field, &scratch));
      return;
    case Kind::kBytes:
      AppendBytes(out, reflection.GetStringReference(message, field.field, &scratch));
      return;
    case Kind::kEnum:
      AppendJsonString(out,
                       field.enumeration->NameOf(reflection.GetEnumValue(message, field.field)));
      return;
    case Kind::kTimestamp:
    case Kind::kStruct:
    case Kind::kMessage:
      AppendInner(out, field, reflection.GetMessage(message, field.field));
      return;
  }
}

void AppendEntry(std::string& out, const FieldSchema& field, const Message& message, int i) {
  const Reflection& reflection = *message.GetReflection();
  std::string scratch;
  switch (field.kind) {
    case Kind::kBool:
      out += reflection.GetRepeatedBool(message, field.field, i) ? "true" : "false";
      return;
    case Kind::kInt32:
      AppendInteger(out, reflection.GetRepeatedInt32(message, field.field, i));
      return;
    case Kind::kUint32:
      AppendInteger(out, reflection.GetRepeatedUInt32(message, field.field, i));
      return;
    case Kind::kInt64:
      out += '"';
      AppendInteger(out, reflection.GetRepeatedInt64(message, field.field, i));
      out += '"';
      return;
    case Kind::kUint64:
      out += '"';
      AppendInteger(out, reflection.GetRepeatedUInt64(message, field.field, i));
      out += '"';
      return;
    case Kind::kString:
      AppendJsonString(out,
                       reflection.GetRepeatedStringReference(message, field.field, i, &scratch));
      return;
    case Kind::kBytes:
      AppendBytes(out, reflection.GetRepeatedStringReference(message, field.field, i, &scratch));
      return;
    case Kind::kEnum:
      AppendJsonString(
          out, field.enumeration->NameOf(reflection.GetRepeatedEnumValue(message, field.field, i)));
      return;
    case Kind::kTimestamp:
    case Kind::kStruct:
    case Kind::kMessage:
      AppendInner(out, field, reflection.GetRepeatedMessage(message, field.field, i));
      return;
  }
}

void AppendList(std::string& out, const FieldSchema& field, const Message& message) {
  const int size = message.GetReflection()->FieldSize(message, field.field);
  out += '[';
  for (int i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    AppendEntry(out, field, message, i);
  }
  out += ']';
}

bool LeftOut(const FieldSchema& field, const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  if (field.repeated) return false;
  if (field.optional) return !reflection.HasField(message, field.field);
  if (field.kind == Kind::kEnum) {
    return field.enumeration->NameOf(reflection.GetEnumValue(message, field.field)).empty();
  }
  // A text or bytes without presence are set exactly when they are not empty.
  const bool text = field.kind == Kind::kString || field.kind == Kind::kBytes;
  return text && !reflection.HasField(message, field.field);
}

}  // namespace

void WriteJson(const Message& message, const MessageSchema& schema, std::string& out) {
  out += '{';
  bool first = true;
  for (const FieldSchema& field : schema.fields) {
    if (LeftOut(field, message)) continue;
    if (!first) out += ',';
    first = false;
    out += field.key;
    if (field.repeated) {
      AppendList(out, field, message);
    } else {
      AppendSingle(out, field, message);
    }
  }
  out += '}';
}

}  // namespace zonelink::gateway
