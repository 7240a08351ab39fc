// SPDX-License-Identifier: Apache-2.0
// Errors as values. Refusing is an approval system's daily business, so it stands in signatures.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zonelink {

// Numbers are gRPC's.
enum class Code {
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

// Values that fill the placeholders of a reason's text, for example {"state", "GRANTED"}.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// One bad field of a request. `field` is its JSON path, for example `applicant.uscc`.
struct Violation {
  std::string field;
  std::string reason;   // UPPER_SNAKE, stable
  std::string message;  // English, for developers; people read the gateway's texts
};

// Why something was refused. `reason` is UPPER_SNAKE, stable and tested; every reason has a text in
// both languages in gateway/http/reasons.csv.
struct Error {
  Code code = Code::kUnknown;
  std::string reason;
  std::string message;  // English, for developers
  Metadata metadata;
  std::vector<Violation> violations;
};

Error InvalidArgument(std::string reason, std::string message, Metadata metadata = {});
Error NotFound(std::string reason, std::string message, Metadata metadata = {});
Error AlreadyExists(std::string reason, std::string message, Metadata metadata = {});
Error PermissionDenied(std::string reason, std::string message, Metadata metadata = {});
Error FailedPrecondition(std::string reason, std::string message, Metadata metadata = {});
Error Aborted(std::string reason, std::string message, Metadata metadata = {});
Error Unauthenticated(std::string reason, std::string message, Metadata metadata = {});
Error ResourceExhausted(std::string reason, std::string message, Metadata metadata = {});
Error Unavailable(std::string reason, std::string message, Metadata metadata = {});
Error DeadlineExceeded(std::string reason, std::string message, Metadata metadata = {});
Error Internal(std::string message);

// Name of a code as in google.rpc.Code, for example "NOT_FOUND".
std::string_view Name(Code code);

}  // namespace zonelink
