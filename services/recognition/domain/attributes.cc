// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "platform/core/time.h"

namespace zonelink::recognition {
namespace {

constexpr size_t kMostDecimalDigits = 38;
constexpr double kLargestExactInteger = 9007199254740992.0;  // 2^53

// -?digits[.digits] with at most 38 digits in all.
bool IsDecimal(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (whole.empty() || (point < text.size() && fraction.empty())) return false;
  return whole.size() + fraction.size() <= kMostDecimalDigits &&
         std::all_of(whole.begin(), whole.end(), digit) &&
         std::all_of(fraction.begin(), fraction.end(), digit);
}

// Why the value is not of the type; empty: it is.
std::string_view Fault(AttributeType type, const AttributeValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  switch (type) {
    case AttributeType::kString:
      if (text == nullptr) return "WRONG_TYPE";
      return text->empty() ? "REQUIRED" : "";
    case AttributeType::kDecimal:
      if (text == nullptr) return "WRONG_TYPE";
      return IsDecimal(*text) ? "" : "BAD_DECIMAL";
    case AttributeType::kDate:
      if (text == nullptr) return "WRONG_TYPE";
      return ParseDate(*text) ? "" : "BAD_DATE";
    case AttributeType::kBoolean: return std::holds_alternative<bool>(value) ? "" : "WRONG_TYPE";
    case AttributeType::kInteger: {
      const auto* number = std::get_if<double>(&value);
      if (number == nullptr || std::trunc(*number) != *number) return "WRONG_TYPE";
      return std::abs(*number) <= kLargestExactInteger ? "" : "OUT_OF_RANGE";
    }
  }
  return "WRONG_TYPE";
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", c);
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void AppendValue(std::string& out, const AttributeValue& value) {
  if (const auto* truth = std::get_if<bool>(&value)) {
    out += *truth ? "true" : "false";
  } else if (const auto* number = std::get_if<double>(&value)) {
    const bool whole = std::trunc(*number) == *number && std::abs(*number) <= kLargestExactInteger;
    if (whole) {
      out += fmt::format("{}", static_cast<int64_t>(*number));
    } else {
      out += std::isfinite(*number) ? fmt::format("{}", *number) : "null";
    }
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    AppendQuoted(out, *text);
  } else {
    out += "null";
  }
}

bool Defines(const std::vector<AttributeDefinition>& defined, const std::string& name) {
  return std::any_of(defined.begin(), defined.end(),
                     [&](const AttributeDefinition& attribute) { return attribute.name == name; });
}

Violation At(const std::string& name, std::string_view reason, std::string message) {
  return {fmt::format("attributes.{}", name), std::string(reason), std::move(message)};
}

}  // namespace

std::string_view Name(AttributeType type) {
  switch (type) {
    case AttributeType::kString: return "STRING";
    case AttributeType::kDecimal: return "DECIMAL";
    case AttributeType::kInteger: return "INTEGER";
    case AttributeType::kBoolean: return "BOOLEAN";
    case AttributeType::kDate: return "DATE";
  }
  return "";
}

AttributeType AttributeTypeNamed(std::string_view name) {
  for (const AttributeType type :
       {AttributeType::kString, AttributeType::kDecimal, AttributeType::kInteger,
        AttributeType::kBoolean, AttributeType::kDate}) {
    if (Name(type) == name) return type;
  }
  ZL_CHECK(false, "an attribute's type by its name");
}

Status CheckAttributes(const std::vector<AttributeDefinition>& defined, const Attributes& given,
                       const AttributesSchema* schema) {
  Error error = InvalidArgument("ATTRIBUTES_INVALID", "the attributes are not those of the item");
  for (const AttributeDefinition& attribute : defined) {
    const auto found = given.find(attribute.name);
    if (found == given.end()) {
      if (schema == nullptr) {
        error.violations.push_back(At(attribute.name, "REQUIRED", "is missing"));
      }
      continue;
    }
    const std::string_view fault = Fault(attribute.type, found->second);
    if (!fault.empty()) {
      error.violations.push_back(
          At(attribute.name, fault, fmt::format("must be a {}", Name(attribute.type))));
    }
  }
  for (const auto& [name, value] : given) {
    if (!Defines(defined, name)) {
      error.violations.push_back(At(name, "UNKNOWN_ATTRIBUTE", "the item does not define it"));
    }
  }
  if (error.violations.empty() && schema != nullptr) {
    error.violations = schema->Violations(ToJson(given));
  }
  if (!error.violations.empty()) return error;
  return Done{};
}

std::vector<std::string> MissingAttributes(const std::vector<AttributeDefinition>& defined,
                                           const Attributes& given) {
  std::vector<std::string> missing;
  for (const AttributeDefinition& attribute : defined) {
    if (given.count(attribute.name) == 0) missing.push_back(attribute.name);
  }
  return missing;
}

std::string ToJson(const Attributes& attributes) {
  std::string out = "{";
  for (const auto& [name, value] : attributes) {
    if (out.size() > 1) out += ',';
    AppendQuoted(out, name);
    out += ':';
    AppendValue(out, value);
  }
  return out + "}";
}

}  // namespace zonelink::recognition
