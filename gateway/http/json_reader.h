// SPDX-License-Identifier: Apache-2.0
// Strict JSON → message. Whatever is not exactly what the schema says is refused with its path.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string_view>

#include "gateway/http/schema.h"
#include "platform/core/result.h"

namespace zonelink::gateway {

inline constexpr size_t kMaxJsonDepth = 32;

// Fills `message` from one JSON object. Fields whose bit is set in `refused` are unknown to the
// body, because the path gives them. `message` is in an unknown state when refused. InvalidArgument
// `JSON_INVALID`, `JSON_TOO_DEEP`, `JSON_DUPLICATE_KEY`, `FIELD_UNKNOWN`, `FIELD_WRONG_TYPE`,
// `NUMBER_OUT_OF_RANGE`, `ENUM_UNKNOWN`, `TIME_INVALID`, `BASE64_INVALID`; all but the first two
// have a violation with the field's path.
Status ReadJson(std::string_view json, const MessageSchema& schema,
                google::protobuf::Message& message, uint64_t refused = 0);

// Sets a field that is neither repeated nor a message from the text of a path or query parameter;
// `shown` is its name in errors. Reasons as above.
Status SetFromText(std::string_view text, const FieldSchema& field, std::string_view shown,
                   google::protobuf::Message& message);

// The error of one field.
Error FieldError(std::string_view reason, std::string_view field, std::string_view message);

}  // namespace zonelink::gateway
