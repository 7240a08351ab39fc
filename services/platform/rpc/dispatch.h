// SPDX-License-Identifier: Apache-2.0
// What the server knows of one RPC, made once at start.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>

#include <string>

#include "platform/rpc/server.h"
#include "zonelink/options.pb.h"

namespace zonelink::rpc {

struct Method {
  std::string name;  // service/rpc
  Access access;
  bool keyed = false;                                  // Idempotency-Key is honoured
  bool aside = false;                                  // runs beside the ordinary workers
  const google::protobuf::Message* request = nullptr;  // prototype
  Server::UnaryHandler unary;
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
