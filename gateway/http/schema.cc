// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/schema.h"

#include <algorithm>

#include "gateway/http/json_text.h"
#include "platform/core/check.h"
#include "platform/rpc/rules.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// The reader notes in one 64-bit word which fields it has met.
constexpr int kMostFields = 64;

Kind KindOf(const FieldDescriptor* field) {
  ZL_CHECK(!field->is_map(), "map fields have no form in the API");
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: return Kind::kBool;
    case FieldDescriptor::CPPTYPE_INT32: return Kind::kInt32;
    case FieldDescriptor::CPPTYPE_UINT32: return Kind::kUint32;
    case FieldDescriptor::CPPTYPE_INT64: return Kind::kInt64;
    case FieldDescriptor::CPPTYPE_UINT64: return Kind::kUint64;
    case FieldDescriptor::CPPTYPE_ENUM: return Kind::kEnum;
    case FieldDescriptor::CPPTYPE_STRING:
      return field->type() == FieldDescriptor::TYPE_BYTES ? Kind::kBytes : Kind::kString;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field->message_type()->full_name() == "google.protobuf.Timestamp") {
        return Kind::kTimestamp;
      }
      if (field->message_type()->full_name() == "google.protobuf.Struct") return Kind::kStruct;
      return Kind::kMessage;
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE: break;
  }
  ZL_CHECK(false, "floating point fields have no form in the API");
}

}  // namespace

std::optional<int> EnumSchema::Number(std::string_view name) const {
  for (const auto& [known, number] : values) {
    if (known == name) return number;
  }
  return std::nullopt;
}

std::string_view EnumSchema::NameOf(int number) const {
  for (const auto& [name, known] : values) {
    if (known == number) return name;
  }
  return {};
}

const FieldSchema* MessageSchema::Find(std::string_view json_name, size_t hint) const {
  for (size_t i = 0; i < fields.size(); ++i) {
    const FieldSchema& field = fields[(hint + i) % fields.size()];
    if (field.name == json_name) return &field;
  }
  return nullptr;
}

const FieldSchema* MessageSchema::FindProto(std::string_view proto_name) const {
  for (const FieldSchema& field : fields) {
    if (field.field->name() == proto_name) return &field;
  }
  return nullptr;
}

const MessageSchema& Schemas::Of(const Descriptor* descriptor) {
  auto& slot = messages_[descriptor];
  if (slot) return *slot;
  slot = std::make_unique<MessageSchema>();
  MessageSchema& schema = *slot;
  schema.descriptor = descriptor;
  schema.prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
  ZL_CHECK(schema.prototype != nullptr, "no generated code for a message of the API");
  schema.reflection = schema.prototype->GetReflection();
  ZL_CHECK(descriptor->field_count() <= kMostFields, "too many fields in a message of the API");
  schema.fields.reserve(descriptor->field_count());
  for (int i = 0; i < descriptor->field_count(); ++i) {
    schema.fields.push_back(MakeField(descriptor->field(i), static_cast<unsigned>(i)));
  }
  return schema;
}

FieldSchema Schemas::MakeField(const FieldDescriptor* field, unsigned index) {
  FieldSchema made;
  made.field = field;
  made.name = field->json_name();
  AppendJsonString(made.key, made.name);
  made.key += ':';
  made.kind = KindOf(field);
  made.repeated = field->is_repeated();
  if (made.repeated) made.most = rpc::MostItems(*field);
  made.optional = field->has_presence();
  made.index = index;
  if (made.kind == Kind::kEnum) made.enumeration = EnumOf(field->enum_type());
  if (made.kind == Kind::kMessage) made.message = &Of(field->message_type());
  return made;
}

const EnumSchema* Schemas::EnumOf(const EnumDescriptor* descriptor) {
  auto& slot = enums_[descriptor];
  if (slot) return slot.get();
  slot = std::make_unique<EnumSchema>();
  slot->descriptor = descriptor;
  // The first value is PREFIX_UNSPECIFIED by the protos' rules; it gives the prefix.
  constexpr std::string_view kNothing = "UNSPECIFIED";
  const std::string& first = descriptor->value(0)->name();
  ZL_CHECK(first.size() > kNothing.size() &&
               first.compare(first.size() - kNothing.size(), kNothing.size(), kNothing) == 0,
           "an enum of the API does not begin with …_UNSPECIFIED");
  const size_t prefix = first.size() - kNothing.size();
  for (int i = 1; i < descriptor->value_count(); ++i) {
    const auto* value = descriptor->value(i);
    slot->values.emplace_back(value->name().substr(prefix), value->number());
  }
  return slot.get();
}

}  // namespace zonelink::gateway
