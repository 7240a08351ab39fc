// SPDX-License-Identifier: Apache-2.0
// What reader, writer and OpenAPI need to know of each message, worked out once at start.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zonelink::gateway {

// How a field looks in JSON.
enum class Kind : uint8_t {
  kBool,
  kInt32,
  kUint32,
  kInt64,   // as text
  kUint64,  // as text
  kString,
  kBytes,      // base64 with padding, RFC 4648 section 4
  kEnum,       // name without the enum's prefix
  kTimestamp,  // RFC 3339
  kStruct,     // any object
  kMessage,
};

struct EnumSchema {
  const google::protobuf::EnumDescriptor* descriptor = nullptr;
  std::vector<std::pair<std::string, int>> values;  // without the value that means nothing

  std::optional<int> Number(std::string_view name) const;
  std::string_view NameOf(int number) const;  // empty: not a value
};

struct MessageSchema;

struct FieldSchema {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string name;  // in JSON
  std::string key;   // `"name":`
  Kind kind = Kind::kString;
  bool repeated = false;
  int most = 0;           // entries of a list
  bool optional = false;  // presence is tracked: left out of JSON when unset
  unsigned index = 0;     // in the message
  const EnumSchema* enumeration = nullptr;
  const MessageSchema* message = nullptr;
};

struct MessageSchema {
  const google::protobuf::Descriptor* descriptor = nullptr;
  const google::protobuf::Message* prototype = nullptr;
  const google::protobuf::Reflection* reflection = nullptr;  // of every such message
  std::vector<FieldSchema> fields;

  // `hint` is where to look first; callers pass the place after the last found.
  const FieldSchema* Find(std::string_view json_name, size_t hint = 0) const;
  const FieldSchema* FindProto(std::string_view proto_name) const;
};

// Schemas of all messages asked for and of those inside them. A message with a field that has no
// form in JSON here crashes the start.
class Schemas {
 public:
  const MessageSchema& Of(const google::protobuf::Descriptor* descriptor);

 private:
  FieldSchema MakeField(const google::protobuf::FieldDescriptor* field, unsigned index);
  const EnumSchema* EnumOf(const google::protobuf::EnumDescriptor* descriptor);

  std::map<const google::protobuf::Descriptor*, std::unique_ptr<MessageSchema>> messages_;
  std::map<const google::protobuf::EnumDescriptor*, std::unique_ptr<EnumSchema>> enums_;
};

}  // namespace zonelink::gateway
