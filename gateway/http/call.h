// SPDX-License-Identifier: Apache-2.0
// Requests that became RPCs: one reply, or a stream of messages as server-sent events.
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/http/api.h"

namespace zonelink::gateway {

// What the head of a request gives to its RPC. `head` lives until the request is answered.
struct CallHead {
  const RequestHead& head;
  Match match;
  std::string_view token;
  uint64_t token_key = 0;  // of the caller, for limits
  Tenant tenant = kStranger;
  std::string_view idempotency_key;
};

// An answer that is known before the body has come: it is read all the same, so that the
// connection can be used again.
class RefusedCall final : public Exchange {
 public:
  explicit RefusedCall(HttpResponse response) : response_(std::move(response)) {}

  // Is the body small enough, and on its way?
  static bool Reads(const RequestHead& head);
  void OnBody(std::string, std::shared_ptr<Responder> responder) override {
    responder->Respond(std::move(response_));
  }

 private:
  HttpResponse response_;
};

class UnaryCall final : public Exchange, public std::enable_shared_from_this<UnaryCall> {
 public:
  UnaryCall(Api& api, RequestRecord record, const CallHead& call);
  ~UnaryCall() override;

  size_t body_bytes() const override { return call_.match.route->body_bytes; }
  void OnBody(std::string body, std::shared_ptr<Responder> responder) override;
  bool OnPartSent() override;
  void OnLate() override;

 private:
  void Ask();
  void OnReply(const rpc::UnaryReply& reply, std::string_view tenant);
  void OnPart(const rpc::UnaryReply& reply);
  // The bytes that follow those of the reply are to be asked for when these are on their way.
  bool Continues(const rpc::UnaryReply& reply);
  void Leave(bool overloaded);
  // The answer or that there is none in time, whichever comes first.
  bool First() { return !answered_.exchange(true); }

  Api& api_;
  RequestRecord record_;
  CallHead call_;
  bool entered_ = false;  // counts among the calls in flight
  google::protobuf::Arena arena_;
  google::protobuf::Message* request_ = nullptr;
  std::shared_ptr<Responder> responder_;
  std::atomic<bool> answered_{false};
  bool in_parts_ = false;  // part of the answer has been given
};

class EventStream final
    : public Exchange,
      public grpc::ClientBidiReactor<grpc::protobuf::MessageLite, grpc::protobuf::MessageLite>,
      public std::enable_shared_from_this<EventStream> {
 public:
  EventStream(Api& api, RequestRecord record, const CallHead& call);
  ~EventStream() override;

  void OnBody(std::string body, std::shared_ptr<Responder> responder) override;
  void OnGone() override;

 private:
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  Api& api_;
  RequestRecord record_;
  CallHead call_;
  grpc::ClientContext context_;
  std::unique_ptr<google::protobuf::Message> request_;
  std::unique_ptr<google::protobuf::Message> event_;
  std::shared_ptr<Responder> responder_;
  std::shared_ptr<EventStream> self_;  // gRPC holds a plain pointer from StartCall to OnDone
  bool counted_ = false;               // among the caller's streams
  std::atomic<bool> gone_{false};      // the reader left
};

}  // namespace zonelink::gateway
