// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

namespace zonelink::rpc {
namespace {

constexpr char kDomain[] = "zonelink";
constexpr char kSeparator[] = ": ";

}  // namespace

Error Outward(const Error& error) {
  if (error.code != Code::kInternal && error.code != Code::kUnknown) return error;
  return {error.code, "INTERNAL", "internal error", {}, error.violations};
}

grpc::Status ToGrpc(const Error& inside) {
  const Error error = Outward(inside);
  google::rpc::ErrorInfo info;
  info.set_reason(error.reason);
  info.set_domain(kDomain);
  for (const auto& [key, value] : error.metadata) (*info.mutable_metadata())[key] = value;
  google::rpc::Status status;
  status.set_code(static_cast<int>(error.code));
  status.set_message(error.message);
  status.add_details()->PackFrom(info);
  if (!error.violations.empty()) {
    google::rpc::BadRequest bad;
    for (const Violation& violation : error.violations) {
      auto* field = bad.add_field_violations();
      field->set_field(violation.field);
      field->set_description(violation.reason + kSeparator + violation.message);
    }
    status.add_details()->PackFrom(bad);
  }
  return {static_cast<grpc::StatusCode>(error.code), error.message, status.SerializeAsString()};
}

Error FromGrpc(const grpc::Status& status) {
  Error error;
  error.code = static_cast<Code>(status.error_code());
  error.reason = Name(error.code);
  error.message = status.error_message();
  google::rpc::Status details;
  if (status.error_details().empty() || !details.ParseFromString(status.error_details())) {
    return error;
  }
  for (const auto& any : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    if (any.UnpackTo(&info)) {
      error.reason = info.reason();
      error.metadata.assign(info.metadata().begin(), info.metadata().end());
    } else if (any.UnpackTo(&bad)) {
      for (const auto& field : bad.field_violations()) {
        const std::string& text = field.description();
        const size_t split = text.find(kSeparator);
        if (split == std::string::npos) continue;
        error.violations.push_back({field.field(), text.substr(0, split), text.substr(split + 2)});
      }
    }
  }
  return error;
}

}  // namespace zonelink::rpc
