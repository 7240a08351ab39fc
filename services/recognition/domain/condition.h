// SPDX-License-Identifier: Apache-2.0
// The language of conditions and negative lists: SQL/JSON path predicates over a filing's
// attributes, in strict mode, where a missing attribute is unknown and not "no".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "recognition/domain/attributes.h"

namespace zonelink::recognition {

// InvalidArgument `CONDITION_INVALID`; `why` is SYNTAX, NOT_STRICT, NOT_ALLOWED, UNKNOWN_ATTRIBUTE
// or NO_ANSWER.
Error ConditionInvalid(std::string_view why, std::string message);

// Is the predicate, in PostgreSQL's own writing of it, strict and about the defined attributes
// alone? `like_regex` (its time has no bound) and `datetime` (dates compare as text; the method
// breaks off the statement where time zones mix) are not allowed.
Status CheckCondition(std::string_view canonical, const std::vector<AttributeDefinition>& defined);

// One value of its type for each attribute, as a JSON object.
std::string SampleAttributes(const std::vector<AttributeDefinition>& defined);

}  // namespace zonelink::recognition
