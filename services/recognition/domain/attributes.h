// SPDX-License-Identifier: Apache-2.0
// What a filing carries, as its item defines it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/core/result.h"
#include "recognition/domain/attributes_schema.h"

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

// None but the defined attributes, each of its type: all of them where there is no schema, else
// what the schema says. Refuses `ATTRIBUTES_INVALID` with a violation for each bad one: `REQUIRED`,
// `UNKNOWN_ATTRIBUTE`, `WRONG_TYPE`, `BAD_DECIMAL`, `BAD_DATE`, `OUT_OF_RANGE`, `SCHEMA_VIOLATED`,
// `TOO_LONG`.
Status CheckAttributes(const std::vector<AttributeDefinition>& defined, const Attributes& given,
                       const AttributesSchema* schema = nullptr);

// Names that are defined and not given, in the order of the definition.
std::vector<std::string> MissingAttributes(const std::vector<AttributeDefinition>& defined,
                                           const Attributes& given);

// The attributes as a JSON object; what no attribute can be, as null.
std::string ToJson(const Attributes& attributes);

}  // namespace zonelink::recognition
