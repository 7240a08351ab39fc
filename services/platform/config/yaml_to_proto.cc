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

std::string UnknownKey(const std::string& key, const Descriptor& type, std::string_view section) {
  constexpr size_t kLongKey = 100;
  if (key.size() > kLongKey) return fmt::format("unknown key of {} bytes", key.size());
  std::string text = fmt::format("unknown key '{}'", key);
  if (!section.empty()) text += fmt::format(" in '{}'", section);
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

// Faults are told by the key: an empty value's mark is on the next line.
Fault Wants(const YAML::Node& key, std::string_view what) {
  return At(key, fmt::format("'{}' wants {}", key.Scalar(), what));
}

// A plain scalar that YAML takes for something else than text needs quotes.
Fault TextScalarFault(const YAML::Node& key, const YAML::Node& value) {
  const std::string& text = value.Scalar();
  const bool other = !IsQuoted(value) && (ToBool(value) || ToNumber<double>(value));
  if (other) return Wants(key, fmt::format("text; put {} in quotes", text));
  if (const auto fault = TextFault(text, /*multiline=*/false)) {
    return At(key, fmt::format("'{}' holds text that is not clean: {}", key.Scalar(), *fault));
  }
  return std::nullopt;
}

template <class Number, class Setter>
Fault FillNumber(const YAML::Node& key, const YAML::Node& value, std::string_view what,
                 Setter set) {
  const auto number = ToNumber<Number>(value);
  if (!number) return Wants(key, what);
  set(*number);
  return std::nullopt;
}

constexpr std::string_view kUnsigned32 = "a whole number from 0 to 4294967295";
constexpr std::string_view kSigned32 = "a whole number from -2147483648 to 2147483647";
constexpr std::string_view kUnsigned64 = "a whole number from 0 to 18446744073709551615";
constexpr std::string_view kSigned64 =
    "a whole number from -9223372036854775808 to 9223372036854775807";

Fault FillScalar(const YAML::Node& key, const YAML::Node& value, Message& to,
                 const FieldDescriptor& field) {
  const auto* reflection = to.GetReflection();
  if (!value.IsScalar()) return Wants(key, "one value");
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      ZL_CHECK(field.type() == FieldDescriptor::TYPE_STRING, "bytes in the configuration");
      if (auto fault = TextScalarFault(key, value)) return fault;
      reflection->SetString(&to, &field, value.Scalar());
      return std::nullopt;
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      const auto yes = ToBool(value);
      if (!yes) return Wants(key, "true or false");
      reflection->SetBool(&to, &field, *yes);
      return std::nullopt;
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      return FillNumber<uint32_t>(key, value, kUnsigned32,
                                  [&](uint32_t n) { reflection->SetUInt32(&to, &field, n); });
    case FieldDescriptor::CPPTYPE_INT32:
      return FillNumber<int32_t>(key, value, kSigned32,
                                 [&](int32_t n) { reflection->SetInt32(&to, &field, n); });
    case FieldDescriptor::CPPTYPE_UINT64:
      return FillNumber<uint64_t>(key, value, kUnsigned64,
                                  [&](uint64_t n) { reflection->SetUInt64(&to, &field, n); });
    case FieldDescriptor::CPPTYPE_INT64:
      return FillNumber<int64_t>(key, value, kSigned64,
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
  if (!key.IsScalar() || TextFault(key.Scalar(), /*multiline=*/false)) {
    return At(key, "a key must be clean text");
  }
  const std::string& name = key.Scalar();
  if (!seen.insert(name).second) return At(key, fmt::format("key '{}' stands twice", name));
  return std::nullopt;
}

Fault FillMap(const YAML::Node& node, Message& to, const FieldDescriptor& field) {
  const auto& key_field = *field.message_type()->map_key();
  const auto& value_field = *field.message_type()->map_value();
  std::set<std::string> seen;
  for (const auto& pair : node) {
    if (auto fault = KeyFault(pair.first, seen)) return fault;
    Message* entry = to.GetReflection()->AddMessage(&to, &field);
    if (auto fault = FillScalar(pair.first, pair.first, *entry, key_field)) return fault;
    if (auto fault = FillScalar(pair.first, pair.second, *entry, value_field)) return fault;
  }
  return std::nullopt;
}

Fault FillSection(const YAML::Node& node, Message& to, std::string_view section);

Fault FillField(const YAML::Node& key, const YAML::Node& value, Message& to,
                const FieldDescriptor& field) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    ZL_CHECK(!field.is_repeated(), "a list in the configuration");
    return FillScalar(key, value, to, field);
  }
  // A section whose lines are all commented out.
  if (value.IsNull()) return std::nullopt;
  if (!value.IsMap()) return Wants(key, "a section");
  if (field.is_map()) return FillMap(value, to, field);
  ZL_CHECK(!field.is_repeated(), "a list in the configuration");
  return FillSection(value, *to.GetReflection()->MutableMessage(&to, &field), field.name());
}

Fault FillSection(const YAML::Node& node, Message& to, std::string_view section) {
  const Descriptor& type = *to.GetDescriptor();
  std::set<std::string> seen;
  for (const auto& pair : node) {
    const YAML::Node& key = pair.first;
    if (auto fault = KeyFault(key, seen)) return fault;
    const FieldDescriptor* field = type.FindFieldByName(key.Scalar());
    if (field == nullptr) return At(key, UnknownKey(key.Scalar(), type, section));
    if (auto fault = FillField(key, pair.second, to, *field)) return fault;
  }
  return std::nullopt;
}

}  // namespace

std::optional<YamlFault> FillMessage(const YAML::Node& node, Message& message) {
  return FillSection(node, message, "");
}

}  // namespace zonelink::config
