// SPDX-License-Identifier: Apache-2.0
#include "platform/config/yaml_to_proto.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>
#include <vector>

#include "platform/core/check.h"
#include "platform/core/text.h"

namespace zonelink::config {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Fault = std::optional<YamlFault>;

YamlFault At(const YAML::Node& node, std::string what) {
  return {node.Mark().line + 1, std::move(what)};
}

// Levenshtein's distance.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string UnknownKey(const std::string& key, const Descriptor& type) {
  std::string text = fmt::format("unknown key '{}'", key.substr(0, 100));
  if (key.size() > 100) return text;
  size_t nearest = std::max<size_t>(2, key.size() / 3) + 1;
  std::string guess;
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string& name = type.field(i)->name();
    const size_t distance = Distance(key, name);
    if (distance >= nearest || distance >= name.size()) continue;
    nearest = distance;
    guess = name;
  }
  return guess.empty() ? text : fmt::format("{}; did you mean '{}'?", text, guess);
}

// yaml-cpp tags a quoted scalar "!", a plain one "?".
bool IsQuoted(const YAML::Node& node) { return node.Tag() == "!"; }

template <class Number>
std::optional<Number> ToNumber(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (IsQuoted(node) || text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<bool> ToBool(const YAML::Node& node) {
  if (IsQuoted(node)) return std::nullopt;
  if (node.Scalar() == "true") return true;
  if (node.Scalar() == "false") return false;
  return std::nullopt;
}

// A plain scalar that YAML takes for something else than text needs quotes.
Fault TextScalarFault(const YAML::Node& node, const std::string& key) {
  const bool other = !IsQuoted(node) && (ToBool(node) || ToNumber<double>(node));
  if (other) return At(node, fmt::format("'{}' wants text; put {} in quotes", key, node.Scalar()));
  if (const auto fault = TextFault(node.Scalar(), /*multiline=*/false)) {
    return At(node, fmt::format("'{}' holds text that is not clean: {}", key, *fault));
  }
  return std::nullopt;
}

Fault Wants(const YAML::Node& node, const FieldDescriptor& field, std::string_view what) {
  return At(node, fmt::format("'{}' wants {}", field.name(), what));
}

template <class Number, class Setter>
Fault FillNumber(const YAML::Node& node, const FieldDescriptor& field, std::string_view what,
                 Setter set) {
  const auto number = ToNumber<Number>(node);
  if (!number) return Wants(node, field, what);
  set(*number);
  return std::nullopt;
}

constexpr std::string_view kUnsigned32 = "a whole number from 0 to 4294967295";
constexpr std::string_view kSigned32 = "a whole number from -2147483648 to 2147483647";
constexpr std::string_view kUnsigned64 = "a whole number from 0 to 18446744073709551615";
constexpr std::string_view kSigned64 =
    "a whole number from -9223372036854775808 to 9223372036854775807";

Fault FillScalar(const YAML::Node& node, Message& to, const FieldDescriptor& field) {
  const auto* reflection = to.GetReflection();
  if (!node.IsScalar()) return Wants(node, field, "one value");
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      ZL_CHECK(field.type() == FieldDescriptor::TYPE_STRING, "bytes in the configuration");
      if (auto fault = TextScalarFault(node, field.name())) return fault;
      reflection->SetString(&to, &field, node.Scalar());
      return std::nullopt;
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      const auto yes = ToBool(node);
      if (!yes) return Wants(node, field, "true or false");
      reflection->SetBool(&to, &field, *yes);
      return std::nullopt;
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      return FillNumber<uint32_t>(node, field, kUnsigned32,
                                  [&](uint32_t n) { reflection->SetUInt32(&to, &field, n); });
    case FieldDescriptor::CPPTYPE_INT32:
      return FillNumber<int32_t>(node, field, kSigned32,
                                 [&](int32_t n) { reflection->SetInt32(&to, &field, n); });
    case FieldDescriptor::CPPTYPE_UINT64:
      return FillNumber<uint64_t>(node, field, kUnsigned64,
                                  [&](uint64_t n) { reflection->SetUInt64(&to, &field, n); });
    case FieldDescriptor::CPPTYPE_INT64:
      return FillNumber<int64_t>(node, field, kSigned64,
                                 [&](int64_t n) { reflection->SetInt64(&to, &field, n); });
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_ENUM:
    case FieldDescriptor::CPPTYPE_MESSAGE: break;
  }
  ZL_CHECK(false, "a type the configuration does not use");
  return std::nullopt;
}

Fault KeyFault(const YAML::Node& key, std::set<std::string>& seen) {
  if (!key.IsScalar()) return At(key, "a key must be text");
  const std::string& name = key.Scalar();
  if (!seen.insert(name).second) return At(key, fmt::format("key '{}' stands twice", name));
  return std::nullopt;
}

Fault FillMap(const YAML::Node& node, Message& to, const FieldDescriptor& field) {
  if (node.IsNull()) return std::nullopt;
  if (!node.IsMap()) return Wants(node, field, "a mapping");
  const auto& key_field = *field.message_type()->map_key();
  const auto& value_field = *field.message_type()->map_value();
  std::set<std::string> seen;
  for (const auto& pair : node) {
    const YAML::Node& key = pair.first;
    const YAML::Node& value = pair.second;
    if (auto fault = KeyFault(key, seen)) return fault;
    Message* entry = to.GetReflection()->AddMessage(&to, &field);
    if (auto fault = FillScalar(key, *entry, key_field)) return fault;
    if (!value.IsScalar()) return At(key, fmt::format("'{}' wants one value", key.Scalar()));
    if (auto fault = FillScalar(value, *entry, value_field)) return fault;
  }
  return std::nullopt;
}

Fault FillField(const YAML::Node& node, Message& to, const FieldDescriptor& field) {
  if (field.is_map()) return FillMap(node, to, field);
  ZL_CHECK(!field.is_repeated(), "a list in the configuration");
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return FillScalar(node, to, field);
  // A section whose lines are all commented out.
  if (node.IsNull()) return std::nullopt;
  if (!node.IsMap()) return Wants(node, field, "a section");
  return FillMessage(node, *to.GetReflection()->MutableMessage(&to, &field));
}

}  // namespace

std::optional<YamlFault> FillMessage(const YAML::Node& node, Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  std::set<std::string> seen;
  for (const auto& pair : node) {
    const YAML::Node& key = pair.first;
    const YAML::Node& value = pair.second;
    if (auto fault = KeyFault(key, seen)) return fault;
    const FieldDescriptor* field = type.FindFieldByName(key.Scalar());
    if (field == nullptr) return At(key, UnknownKey(key.Scalar(), type));
    if (auto fault = FillField(value, message, *field)) return fault;
  }
  return std::nullopt;
}

}  // namespace zonelink::config
