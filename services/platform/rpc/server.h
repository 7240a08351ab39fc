// SPDX-License-Identifier: Apache-2.0
// The one server behind all RPCs of a process. What is the same for every RPC happens here, once:
// deadline, caller, access rule, field rules, request id, in-flight limit, one log line, status
// mapping. Handlers see a verified Call and a clean request and return a Result.
//
// It is a gRPC generic callback service (docs/adr/0003): gRPC 1.51's server interceptors cannot
// refuse a call before its handler runs.
#pragma once

#include <google/protobuf/message.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/rpc/answer.h"
#include "platform/rpc/credentials.h"
#include "platform/rpc/peers.h"

namespace grpc {
class Channel;
}

namespace zonelink::rpc {

class TokenVerifier;

struct ServerOptions {
  // Few more than a service has connections: who waits for one costs the others its wake-up.
  unsigned workers = 12;
  // Calls that wait or run.
  unsigned in_flight = 512;
  // Those whose handler has begun and whose answer is not given, with those that wait for their
  // group's commit and hold no worker. 0: a quarter of what may be in flight, and no fewer than
  // there are workers: only what waits can give way to others.
  unsigned running = 0;
  std::chrono::milliseconds deadline{10000};
};

// How processes know each other over TCP.
struct PeerSecurity {
  std::shared_ptr<const Credentials> credentials;  // the channels to other processes use them too
  PeerRules rules;
  // Connections are made anew after this time, without a failed call, so that certificates that
  // were replaced come into use.
  std::chrono::milliseconds connection_life{600'000};
};

// What a call brings besides its message.
struct CallHeaders {
  std::string_view bearer;  // token; empty: nobody is signed in
  std::string_view idempotency_key;
  std::string_view request_id;
  std::string_view trace_parent;
  bool asks_tenant = false;  // whose share the verified caller uses (TenantOf)
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

// The sending side of a server stream. Thread-safe. Write returns false when the client is gone.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual bool Write(const google::protobuf::Message& message) = 0;
  virtual void Finish(const Status& status) = 0;
  virtual bool Cancelled() const = 0;
};

class Server {
 public:
  Server(ServerOptions options, TokenVerifier& tokens);
  ~Server();
  Server(const Server&) = delete;

  using UnaryHandler = std::function<UnaryReply(const Call&, const google::protobuf::Message&)>;
  using LaterHandler =
      std::function<void(const Call&, const google::protobuf::Message&, PendingAnswer&)>;
  // Owns the sink; keeps it for as long as the stream lives. Returns at once.
  using StreamHandler = std::function<Status(const Call&, const google::protobuf::Message&,
                                             std::shared_ptr<StreamSink>)>;

  // `method` is service and RPC, for example
  // zonelink.recognition.v1.RecognitionService/SubmitFiling. Crashes when the RPC is unknown or
  // declares no access rule.
  void AddUnary(const std::string& method, UnaryHandler handler);
  void AddLater(const std::string& method, LaterHandler handler);
  void AddStream(const std::string& method, StreamHandler handler);

  // Before Start. Called with every call that is refused as UNAUTHENTICATED, PERMISSION_DENIED or
  // NOT_FOUND (the forbidden looks like the unknown), before its answer; the call holds what is
  // known of the caller. Not for Zonelink's services, nor for what is public and not there.
  void OnDenied(std::function<void(const Call&, const Error&)> denied);
  // Before Start. Asked before each command's handler runs, with the service's name, for example
  // `recognition`; a refusal is the command's answer.
  void GateCommands(std::function<Status(std::string_view service)> gate);

  // Before Start. Over TCP only TLS, and of its peers only what the rules allow. Calls in process
  // are not concerned.
  void SecurePeers(PeerSecurity security);

  // `address` empty: in process only; else host:port with port 0 for a free one. Every RPC of each
  // service that has a handler must have one. Unavailable `ADDRESS_IN_USE`.
  Status Start(const std::string& address);
  int port() const;
  std::shared_ptr<grpc::Channel> InProcessChannel();
  // What has become of a call: the reply or, with what may leave the process, the error; and the
  // caller's tenant if that was asked for and the token was verified.
  using Answered = std::function<void(UnaryReply, std::string_view tenant)>;
  // A call of a unary method, /service/rpc, from this process: checked and handled as over a
  // channel, without gRPC and bytes between (docs/adr/0013). `request` lives until `answered` is
  // called: once, on any thread, also before this returns. Nobody watches the deadline after a
  // worker has begun. Unimplemented: no such method here.
  void CallLocal(const std::string& method, CallHeaders headers,
                 const google::protobuf::Message& request, Answered answered);
  // Refuses new calls, waits for those in flight.
  void Stop(std::chrono::milliseconds grace);
  // Health per module (grpc.health.v1).
  void SetServing(const std::string& service, bool serving);

  struct Impl;  // in server_impl.h

 private:
  std::unique_ptr<Impl> impl_;
};

// Binds the methods of one service object:
//   Binder(server, "zonelink.recognition.v1.RecognitionService", this).Unary("SubmitFiling",
//   &RecognitionService::SubmitFiling)
template <class Service>
class Binder {
 public:
  Binder(Server& server, std::string service, Service* self)
      : server_(server), service_(std::move(service)), self_(self) {}

  template <class Reply, class Request>
  Binder& Unary(std::string_view rpc,
                Result<Reply> (Service::*handler)(const Call&, const Request&)) {
    server_.AddUnary(service_ + "/" + std::string(rpc),
                     [self = self_, handler](
                         const Call& call, const google::protobuf::Message& request) -> UnaryReply {
                       return (self->*handler)(call, static_cast<const Request&>(request))
                           .transform([](Reply&& reply) {
                             return std::unique_ptr<google::protobuf::Message>(
                                 std::make_unique<Reply>(std::move(reply)));
                           });
                     });
    return *this;
  }
  // The handler answers when it can; it does not wait for what others do.
  template <class Reply, class Request>
  Binder& Later(std::string_view rpc,
                void (Service::*handler)(const Call&, const Request&, Answer<Reply>)) {
    server_.AddLater(
        service_ + "/" + std::string(rpc),
        [self = self_, handler](const Call& call, const google::protobuf::Message& request,
                                PendingAnswer& pending) {
          (self->*handler)(call, static_cast<const Request&>(request), Answer<Reply>(pending));
        });
    return *this;
  }
  template <class Request>
  Binder& Stream(std::string_view rpc, Status (Service::*handler)(const Call&, const Request&,
                                                                  std::shared_ptr<StreamSink>)) {
    server_.AddStream(
        service_ + "/" + std::string(rpc),
        [self = self_, handler](const Call& call, const google::protobuf::Message& request,
                                std::shared_ptr<StreamSink> sink) {
          return (self->*handler)(call, static_cast<const Request&>(request), std::move(sink));
        });
    return *this;
  }

 private:
  Server& server_;
  std::string service_;
  Service* self_;
};

}  // namespace zonelink::rpc
