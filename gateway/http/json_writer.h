// SPDX-License-Identifier: Apache-2.0
// Message → JSON. Numbers, truth values and lists always appear; unset messages, unset `optional`
// fields, empty texts and enums without a value are left out.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "gateway/http/schema.h"

namespace zonelink::gateway {

void WriteJson(const google::protobuf::Message& message, const MessageSchema& schema,
               std::string& out);

}  // namespace zonelink::gateway
