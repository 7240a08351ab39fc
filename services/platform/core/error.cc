// SPDX-License-Identifier: Apache-2.0
#include "platform/core/error.h"

namespace zonelink {
namespace {

Error Make(Code code, std::string reason, std::string message, Metadata metadata) {
  return Error{code, std::move(reason), std::move(message), std::move(metadata), {}};
}

}  // namespace

Error InvalidArgument(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kInvalidArgument, std::move(reason), std::move(message), std::move(metadata));
}
Error NotFound(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kNotFound, std::move(reason), std::move(message), std::move(metadata));
}
Error AlreadyExists(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kAlreadyExists, std::move(reason), std::move(message), std::move(metadata));
}
Error PermissionDenied(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kPermissionDenied, std::move(reason), std::move(message), std::move(metadata));
}
Error FailedPrecondition(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kFailedPrecondition, std::move(reason), std::move(message),
              std::move(metadata));
}
Error Aborted(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kAborted, std::move(reason), std::move(message), std::move(metadata));
}
Error Unauthenticated(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kUnauthenticated, std::move(reason), std::move(message), std::move(metadata));
}
Error ResourceExhausted(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kResourceExhausted, std::move(reason), std::move(message), std::move(metadata));
}
Error Unavailable(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kUnavailable, std::move(reason), std::move(message), std::move(metadata));
}
Error DeadlineExceeded(std::string reason, std::string message, Metadata metadata) {
  return Make(Code::kDeadlineExceeded, std::move(reason), std::move(message), std::move(metadata));
}
Error Internal(std::string message) {
  return Make(Code::kInternal, "INTERNAL", std::move(message), {});
}

std::string_view Name(Code code) {
  switch (code) {
    case Code::kCancelled: return "CANCELLED";
    case Code::kUnknown: return "UNKNOWN";
    case Code::kInvalidArgument: return "INVALID_ARGUMENT";
    case Code::kDeadlineExceeded: return "DEADLINE_EXCEEDED";
    case Code::kNotFound: return "NOT_FOUND";
    case Code::kAlreadyExists: return "ALREADY_EXISTS";
    case Code::kPermissionDenied: return "PERMISSION_DENIED";
    case Code::kResourceExhausted: return "RESOURCE_EXHAUSTED";
    case Code::kFailedPrecondition: return "FAILED_PRECONDITION";
    case Code::kAborted: return "ABORTED";
    case Code::kOutOfRange: return "OUT_OF_RANGE";
    case Code::kUnimplemented: return "UNIMPLEMENTED";
    case Code::kInternal: return "INTERNAL";
    case Code::kUnavailable: return "UNAVAILABLE";
    case Code::kDataLoss: return "DATA_LOSS";
    case Code::kUnauthenticated: return "UNAUTHENTICATED";
  }
  return "UNKNOWN";
}

}  // namespace zonelink
