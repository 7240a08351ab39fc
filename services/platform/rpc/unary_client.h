// SPDX-License-Identifier: Apache-2.0
// Calls of unary methods whose messages are known by their descriptors only, to wherever the
// service runs.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>

#include "platform/rpc/channels.h"
#include "platform/rpc/server.h"

namespace grpc {
class ClientContext;
}

namespace zonelink::rpc {

// The headers as metadata of a call over a channel, and its deadline.
void SetMetadata(grpc::ClientContext& context, const CallHeaders& headers);

class UnaryClient {
 public:
  // Both outlive the client. Crashes for a service that is neither local nor a peer.
  UnaryClient(const Channels& channels, std::string_view service);
  ~UnaryClient();

  // As Server::CallLocal. Over a channel the call ends with its deadline, and `prototype` is what
  // the reply is made from. Returns what cancels it there, while it lasts.
  std::weak_ptr<grpc::ClientContext> Call(const std::string& method, const CallHeaders& headers,
                                          const google::protobuf::Message& request,
                                          const google::protobuf::Message& prototype,
                                          Server::Answered answered) const;

 private:
  class Remote;

  Server* const local_;
  const std::unique_ptr<Remote> remote_;  // null where the service is local
};

}  // namespace zonelink::rpc
