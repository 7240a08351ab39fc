// SPDX-License-Identifier: Apache-2.0
// What stands behind Server: the same for calls over channels and calls in this process.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/server.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/rpc/dispatch.h"
#include "platform/rpc/server.h"
#include "platform/rpc/token.h"
#include "platform/rpc/worker_pool.h"

namespace zonelink::rpc {

// What is known of a call before its message.
struct Incoming {
  CallHeaders headers;
  std::shared_ptr<const grpc::AuthContext> channel;  // null: made in this process
};

struct Server::Impl : grpc::CallbackGenericService {
  Impl(ServerOptions given, TokenVerifier& verifier);

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

  // Token, access rule and gate: who calls, and may they. Fills in `call` as far as it comes.
  Status Admit(const Incoming& incoming, const Method& method, Call& call) const;
  // The same without waiting, for threads that must not. Nothing: the token was not seen before,
  // and only a worker has the time to verify it.
  std::optional<Status> AdmitKnown(const Incoming& incoming, const Method& method,
                                   Call& call) const;
  WorkerPool& PoolOf(const Method& method) { return method.aside ? aside : workers; }
  // Once per call, before its answer.
  void Tell(const Method& method, const Call& call, const Error* error,
            std::chrono::steady_clock::time_point began) const;
  void CheckCoverage() const;

  ServerOptions options;
  TokenVerifier& tokens;
  WorkerPool workers;
  WorkerPool aside;
  std::map<std::string, Method, std::less<>> methods;  // by /service/rpc
  std::function<void(const Call&, const Error&)> denied;
  std::function<Status(std::string_view)> gate;
  std::optional<PeerSecurity> peers;
  std::unique_ptr<grpc::Server> server;
  int port = 0;

 private:
  // What every call brings, whoever calls.
  Status Describe(const Incoming& incoming, const Method& method, Call& call) const;
  Status AdmitCaller(const Incoming& incoming, const Method& method, Call& call) const;
};

}  // namespace zonelink::rpc
