// SPDX-License-Identifier: Apache-2.0
// A call with one reply, from its headers to its answer, whatever brought it: who calls is decided
// where it arrives, the handler runs on a worker, the answer may come later.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "platform/rpc/answer.h"
#include "platform/rpc/server_impl.h"

namespace zonelink::rpc {

class UnaryCall : public PendingAnswer {
 public:
  UnaryCall(Server::Impl& server, const Method& method)
      : server_(server), method_(method), began_(std::chrono::steady_clock::now()) {}
  virtual ~UnaryCall() = default;
  UnaryCall(const UnaryCall&) = delete;

  // Admits and brings to a worker, or answers at once.
  void Begin();

  void Give(UnaryReply reply) final;
  void Resume(std::function<void()> work) final;

 protected:
  virtual const Incoming& Headers() const = 0;
  // Until the answer. InvalidArgument `MESSAGE_INVALID`.
  virtual Result<const google::protobuf::Message*> Request() = 0;
  // The end of the call; it is not used afterwards. `tenant` (TenantOf) where it was asked for.
  virtual void Send(UnaryReply reply, const std::string& tenant) = 0;

 private:
  // Is it over? Otherwise it is when the answer is given.
  bool Work();
  void GiveWay(const Error& error);

  Server::Impl& server_;
  const Method& method_;
  const std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point worked_{};  // since; zero: it did not come to that
  Call call_;
  std::string tenant_;  // in the queue
  bool admitted_ = false;
  bool owes_end_ = false;  // the pool is to be told when it is over
};

// Calls from this process, whose messages need not become bytes.
class LocalCall final : public UnaryCall {
 public:
  LocalCall(Server::Impl& server, const Method& method, const CallHeaders& headers,
            const google::protobuf::Message& request, Server::Answered answered);

 private:
  const Incoming& Headers() const override { return incoming_; }
  Result<const google::protobuf::Message*> Request() override { return &request_; }
  void Send(UnaryReply reply, const std::string& tenant) override;

  const std::string texts_;  // those of the headers: the caller may give up waiting
  const Incoming incoming_;
  const google::protobuf::Message& request_;
  const Server::Answered answered_;
};

}  // namespace zonelink::rpc
