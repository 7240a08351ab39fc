// SPDX-License-Identifier: Apache-2.0
// Checks what the protos declare: access rules of RPCs and rules of fields
// (zonelink/options.proto).
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "zonelink/options.pb.h"

namespace zonelink::rpc {

// May `caller` call a method with this rule at all? Unauthenticated `LOGIN_NEEDED`,
// PermissionDenied `ROLE_NEEDED`, `SERVICE_ONLY`. Same answer whatever the request names.
Status CheckAccess(const Access& access, const Caller& caller);

// Entries that a list may have, by its rule or the default.
int MostItems(const google::protobuf::FieldDescriptor& field);

// All violations of field rules, as InvalidArgument `REQUEST_INVALID`. Field reasons: `REQUIRED`,
// `TOO_LONG`, `TOO_MANY`, `OUT_OF_RANGE`, `BAD_DATE`, `BAD_USCC`, `BAD_FORMAT`, `NOT_ALLOWED`,
// `REPEATED` and those of TextFault. Entries of a field with `each_alone` are left to the handler,
// which asks for each of them here.
Status CheckFields(const google::protobuf::Message& message);

}  // namespace zonelink::rpc
