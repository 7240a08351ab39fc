// SPDX-License-Identifier: Apache-2.0
// Which of Zonelink's processes may call which RPCs of this one, by the certificate they show.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "platform/core/call.h"
#include "platform/core/result.h"

namespace grpc {
class AuthContext;
}

namespace zonelink::rpc {

class PeerRules {
 public:
  // `peer`: a DNS name of its certificate. `rpcs`: a service with its package, or service/rpc.
  void Allow(const std::string& peer, const std::string& rpcs);
  // `method`: service/rpc.
  bool Allows(std::string_view peer, std::string_view method) const;

 private:
  using Rpcs = std::set<std::string, std::less<>>;
  std::map<std::string, Rpcs, std::less<>> allowed_;
};

// Of a call that came over TLS: PermissionDenied `PEER_NOT_ALLOWED` unless one of the names in the
// peer's certificate may make it; then `call.peer` tells them. Calls in process pass.
Status CheckPeer(const PeerRules& rules, const grpc::AuthContext& connection, Call& call);

// Of a call that came over TLS with a service's token: the same unless the peer's certificate
// stands for that service; then the call is nobody's. Every process can sign every service's token.
Status CheckService(const grpc::AuthContext& connection, Call& call);

}  // namespace zonelink::rpc
