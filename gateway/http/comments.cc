// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/comments.h"

#include <google/protobuf/descriptor.pb.h>

#include <vector>

#include "platform/core/check.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FileDescriptorProto;

// Where a declaration stands in its file: field numbers and positions in turn.
using Place = std::vector<int>;
using Names = std::map<Place, std::string>;

Place Under(Place place, int field, int position) {
  place.push_back(field);
  place.push_back(position);
  return place;
}

void NameEnum(const EnumDescriptorProto& declared, const std::string& scope, const Place& place,
              Names& names) {
  names[place] = scope + declared.name();
  for (int i = 0; i < declared.value_size(); ++i) {
    // The full name of a value has the enum's scope, not the enum.
    names[Under(place, EnumDescriptorProto::kValueFieldNumber, i)] =
        scope + declared.value(i).name();
  }
}

void NameMessage(const DescriptorProto& declared, const std::string& scope, const Place& place,
                 Names& names) {
  const std::string name = scope + declared.name();
  names[place] = name;
  for (int i = 0; i < declared.field_size(); ++i) {
    names[Under(place, DescriptorProto::kFieldFieldNumber, i)] =
        name + "." + declared.field(i).name();
  }
  for (int i = 0; i < declared.enum_type_size(); ++i) {
    NameEnum(declared.enum_type(i), name + ".",
             Under(place, DescriptorProto::kEnumTypeFieldNumber, i), names);
  }
  for (int i = 0; i < declared.nested_type_size(); ++i) {
    NameMessage(declared.nested_type(i), name + ".",
                Under(place, DescriptorProto::kNestedTypeFieldNumber, i), names);
  }
}

Names NamesOf(const FileDescriptorProto& file) {
  Names names;
  const std::string scope = file.package() + ".";
  for (int i = 0; i < file.message_type_size(); ++i) {
    NameMessage(file.message_type(i), scope, {FileDescriptorProto::kMessageTypeFieldNumber, i},
                names);
  }
  for (int i = 0; i < file.enum_type_size(); ++i) {
    NameEnum(file.enum_type(i), scope, {FileDescriptorProto::kEnumTypeFieldNumber, i}, names);
  }
  for (int i = 0; i < file.service_size(); ++i) {
    const auto& service = file.service(i);
    const Place place = {FileDescriptorProto::kServiceFieldNumber, i};
    names[place] = scope + service.name();
    for (int m = 0; m < service.method_size(); ++m) {
      names[Under(place, google::protobuf::ServiceDescriptorProto::kMethodFieldNumber, m)] =
          scope + service.name() + "." + service.method(m).name();
    }
  }
  return names;
}

// What an RPC may refuse stands apart.
constexpr std::string_view kErrors = "Errors:";

// ` first line\n second line\n\n new paragraph\n` → `first line second line\n\nnew paragraph`.
std::string Joined(std::string_view comment) {
  std::string text;
  bool paragraph = false;
  while (!comment.empty()) {
    const size_t end = std::min(comment.find('\n'), comment.size());
    std::string_view line = comment.substr(0, end);
    comment.remove_prefix(std::min(end + 1, comment.size()));
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    if (line.empty()) {
      paragraph = !text.empty();
      continue;
    }
    paragraph = paragraph || line.substr(0, kErrors.size()) == kErrors;
    if (!text.empty()) text += paragraph ? "\n\n" : " ";
    paragraph = false;
    text += line;
  }
  return text;
}

}  // namespace

Comments::Comments(std::string_view file_descriptor_set) {
  google::protobuf::FileDescriptorSet set;
  ZL_CHECK(
      set.ParseFromArray(file_descriptor_set.data(), static_cast<int>(file_descriptor_set.size())),
      "the embedded descriptors are damaged");
  for (const FileDescriptorProto& file : set.file()) {
    const Names names = NamesOf(file);
    for (const auto& location : file.source_code_info().location()) {
      const auto name = names.find({location.path().begin(), location.path().end()});
      if (name == names.end() || location.leading_comments().empty()) continue;
      by_name_[name->second] = Joined(location.leading_comments());
    }
  }
}

std::string_view Comments::Of(const std::string& full_name) const {
  const auto found = by_name_.find(full_name);
  return found == by_name_.end() ? std::string_view() : found->second;
}

}  // namespace zonelink::gateway
