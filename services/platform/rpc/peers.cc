// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/peers.h"

#include <fmt/format.h>
#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

namespace zonelink::rpc {

void PeerRules::Allow(const std::string& peer, const std::string& rpcs) {
  allowed_[peer].insert(rpcs);
}

bool PeerRules::Allows(std::string_view peer, std::string_view method) const {
  const auto found = allowed_.find(peer);
  if (found == allowed_.end()) return false;
  const Rpcs& rpcs = found->second;
  return rpcs.count(method.substr(0, method.find('/'))) != 0 || rpcs.count(method) != 0;
}

Status CheckPeer(const PeerRules& rules, const grpc::AuthContext& connection, Call& call) {
  // Only the in-process transport names no security.
  if (connection.FindPropertyValues(GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME).empty())
    return Done{};
  const auto names = connection.FindPropertyValues(GRPC_PEER_DNS_PROPERTY_NAME);
  for (const grpc::string_ref& name : names) {
    if (rules.Allows({name.data(), name.size()}, call.rpc)) return Done{};
  }
  for (const grpc::string_ref& name : names) {
    if (!call.peer.empty()) call.peer += ' ';
    call.peer.append(name.data(), name.size());
  }
  if (names.empty()) call.peer = "unnamed";
  return PermissionDenied("PEER_NOT_ALLOWED",
                          fmt::format("the process '{}' may not call {}", call.peer, call.rpc));
}

}  // namespace zonelink::rpc
