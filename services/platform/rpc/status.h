// SPDX-License-Identifier: Apache-2.0
// Errors across gRPC: google.rpc.Status with ErrorInfo {reason, metadata} and BadRequest in
// grpc-status-details-bin. A detail of INTERNAL never leaves the process.
#pragma once

#include <grpcpp/support/status.h>

#include "platform/core/error.h"

namespace zonelink::rpc {

// What of it may leave the process: of what went wrong inside, no more than that it did.
Error Outward(const Error& error);
grpc::Status ToGrpc(const Error& error);
Error FromGrpc(const grpc::Status& status);

}  // namespace zonelink::rpc
