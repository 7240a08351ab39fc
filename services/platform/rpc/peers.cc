// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/peers.h"

#include <fmt/format.h>
#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include <algorithm>
#include <utility>

#include "platform/rpc/credentials.h"

namespace zonelink::rpc {
namespace {

// Only the in-process transport names no security.
bool InProcess(const grpc::AuthContext& connection) {
  return connection.FindPropertyValues(GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME).empty();
}

std::vector<grpc::string_ref> NamesOf(const grpc::AuthContext& connection) {
  return connection.FindPropertyValues(GRPC_PEER_DNS_PROPERTY_NAME);
}

std::string Joined(const std::vector<grpc::string_ref>& names) {
  std::string joined;
  for (const grpc::string_ref& name : names) {
    if (!joined.empty()) joined += ' ';
    joined.append(name.data(), name.size());
  }
  return names.empty() ? "unnamed" : joined;
}

}  // namespace

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
  if (InProcess(connection)) return Done{};
  const auto names = NamesOf(connection);
  for (const grpc::string_ref& name : names) {
    if (rules.Allows({name.data(), name.size()}, call.rpc)) return Done{};
  }
  call.peer = Joined(names);
  return PermissionDenied("PEER_NOT_ALLOWED",
                          fmt::format("the process '{}' may not call {}", call.peer, call.rpc));
}

Status CheckService(const grpc::AuthContext& connection, Call& call) {
  if (call.caller.service.empty() || InProcess(connection)) return Done{};
  const auto names = NamesOf(connection);
  const std::string own = PeerName(call.caller.service);
  if (std::find(names.begin(), names.end(), own) != names.end()) return Done{};
  call.peer = Joined(names);
  const std::string service = std::exchange(call.caller, {}).service;
  return PermissionDenied("PEER_NOT_ALLOWED", fmt::format("the process '{}' is not the service {}",
                                                          call.peer, service));
}

}  // namespace zonelink::rpc
