// SPDX-License-Identifier: Apache-2.0
// Attributes as protobuf's JSON values, and as the database keeps them.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string>
#include <string_view>

#include "recognition/domain/attributes.h"

namespace zonelink::recognition {

Attributes ToAttributes(const google::protobuf::Struct& attributes);
google::protobuf::Struct ToStruct(const Attributes& checked);

// Reads what ToJson wrote and jsonb kept.
Attributes FromJson(std::string_view kept);

// Any JSON object, with everything in it, and back.
std::string StructJson(const google::protobuf::Struct& object);
google::protobuf::Struct StructOf(std::string_view kept);

}  // namespace zonelink::recognition
