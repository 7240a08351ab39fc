// SPDX-License-Identifier: Apache-2.0
// What a filing carries, as its item defines it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::recognition {

enum class AttributeType { kString, kDecimal, kInteger, kBoolean, kDate };

std::string_view Name(AttributeType type);                // DECIMAL
AttributeType AttributeTypeNamed(std::string_view name);  // crashes on any other name

struct AttributeDefinition {
  std::string name;
  AttributeType type = AttributeType::kString;
};

// A value as it came in JSON; monostate stands for null, lists and objects, which no attribute is.
using AttributeValue = std::variant<std::monostate, bool, double, std::string>;
using Attributes = std::map<std::string, AttributeValue>;

// Exactly the defined attributes, each of its type. Refuses `ATTRIBUTES_INVALID` with a violation
// for each bad one: `REQUIRED`, `UNKNOWN_ATTRIBUTE`, `WRONG_TYPE`, `BAD_DECIMAL`, `BAD_DATE`,
// `OUT_OF_RANGE`.
Status CheckAttributes(const std::vector<AttributeDefinition>& defined, const Attributes& given);

// Names that are defined and not given, in the order of the definition.
std::vector<std::string> MissingAttributes(const std::vector<AttributeDefinition>& defined,
                                           const Attributes& given);

// The checked attributes as a JSON object.
std::string ToJson(const Attributes& checked);

}  // namespace zonelink::recognition
