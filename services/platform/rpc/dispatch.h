// SPDX-License-Identifier: Apache-2.0
// What the server knows of one RPC, made once at start.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>

#include <atomic>
#include <string>

#include "platform/rpc/server.h"
#include "zonelink/options.pb.h"

namespace zonelink::rpc {

// Asked for with any value by who wants to know, and answered in the trailing metadata: whose share
// a verified caller uses (TenantOf).
inline constexpr char kTenantKey[] = "zl-tenant";

// Whose share a caller uses: its zone, that of its organisation, the organisation where the token
// does not say its zone, the calling service, or the leading group. Empty: nobody is signed in; all
// of those have one share.
inline std::string TenantOf(const Caller& caller) {
  if (!caller.service.empty()) return "service:" + caller.service;
  if (!caller.zone.empty()) return caller.zone;
  if (!caller.organization_zone.empty()) return caller.organization_zone;
  if (!caller.organization_id.empty()) return caller.organization_id;
  return caller.SignedIn() ? "leading-group" : "";
}

struct Method {
  std::string name;  // service/rpc
  Access access;
  bool keyed = false;                                  // Idempotency-Key is honoured
  bool aside = false;                                  // runs beside the ordinary workers
  const google::protobuf::Message* request = nullptr;  // prototype
  // Running mean of the handler's time, in microseconds.
  mutable std::atomic<int64_t> typical{0};
  // One of the three.
  Server::UnaryHandler unary;
  Server::LaterHandler later;
  Server::StreamHandler stream;
};

inline bool ParseBuffer(const grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  if (!bytes.Valid()) return true;  // an empty message has no bytes
  grpc::ByteBuffer copy(bytes);     // shares the slices; the reader consumes its argument
  grpc::ProtoBufferReader reader(&copy);
  return reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
}

inline grpc::ByteBuffer ToBuffer(const google::protobuf::Message& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return {&slice, 1};
}

}  // namespace zonelink::rpc
