// SPDX-License-Identifier: Apache-2.0
// What tells whether two commands under one idempotency key are the same request.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace zonelink::db {

// SHA-256 of the request's bytes, the same for the same content.
std::string RequestHash(const google::protobuf::Message& request);

}  // namespace zonelink::db
