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

void AppendQuoted(std::string& out, const fmt::format_int& number) {
  out += '"';
  out.append(number.data(), number.size());
  out += '"';
}

// Appends the field with its key and a comma, unless it is left out.
void AppendSingle(std::string& out, const FieldSchema& field, const Message& message,
                  const Reflection& reflection) {
  if (field.optional && !reflection.HasField(message, field.field)) return;
  std::string scratch;
  const auto key = [&]() -> std::string& { return out += field.key; };
  switch (field.kind) {
    case Kind::kBool: key() += reflection.GetBool(message, field.field) ? "true" : "false"; break;
    case Kind::kInt32: AppendInteger(key(), reflection.GetInt32(message, field.field)); break;
    case Kind::kUint32: AppendInteger(key(), reflection.GetUInt32(message, field.field)); break;
    case Kind::kInt64:
      AppendQuoted(key(), fmt::format_int(reflection.GetInt64(message, field.field)));
      break;
    case Kind::kUint64:
      AppendQuoted(key(), fmt::format_int(reflection.GetUInt64(message, field.field)));
      break;
    case Kind::kString:
    case Kind::kBytes: {
      const auto& text = reflection.GetStringReference(message, field.field, &scratch);
      if (text.empty() && !field.optional) return;
      field.kind == Kind::kString ? AppendJsonString(key(), text) : AppendBytes(key(), text);
      break;
    }
    case Kind::kEnum: {
      const auto name = field.enumeration->NameOf(reflection.GetEnumValue(message, field.field));
      if (name.empty() && !field.optional) return;
      AppendJsonString(key(), name);
      break;
    }
    case Kind::kTimestamp:
    case Kind::kStruct:
    case Kind::kMessage:
      AppendInner(key(), field, reflection.GetMessage(message, field.field));
      break;
  }
  out += ',';
}

void AppendEntry(std::string& out, const FieldSchema& field, const Message& message,
                 const Reflection& reflection, int i) {
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
      AppendQuoted(out, fmt::format_int(reflection.GetRepeatedInt64(message, field.field, i)));
      return;
    case Kind::kUint64:
      AppendQuoted(out, fmt::format_int(reflection.GetRepeatedUInt64(message, field.field, i)));
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

void AppendList(std::string& out, const FieldSchema& field, const Message& message,
                const Reflection& reflection) {
  const int size = reflection.FieldSize(message, field.field);
  out += field.key;
  out += '[';
  const size_t begin = out.size();
  for (int i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    AppendEntry(out, field, message, reflection, i);
    // The others are about as long: a long list is not moved each time it outgrows its memory.
    if (i == 0) out.reserve(begin + static_cast<size_t>(size) * (out.size() - begin) * 9 / 8);
  }
  out += "],";
}

}  // namespace

void WriteJson(const Message& message, const MessageSchema& schema, std::string& out) {
  out += '{';
  for (const FieldSchema& field : schema.fields) {
    const auto append = field.repeated ? AppendList : AppendSingle;
    append(out, field, message, *schema.reflection);
  }
  if (out.back() == ',') out.pop_back();
  out += '}';
}

}  // namespace zonelink::gateway
