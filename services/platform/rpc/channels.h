// SPDX-License-Identifier: Apache-2.0
// gRPC channels to the services: in process where a service runs here, over TCP where it does not.
// Callers cannot tell the difference.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace grpc {
class Channel;
class ClientContext;
}  // namespace grpc

namespace zonelink::rpc {

class Credentials;
class Server;
class ServiceTokens;

// Of one answer over any channel: a full batch of the longest events takes a third of it.
inline constexpr int kMostReplyBytes = 32 << 20;

class Channels {
 public:
  // `peers`: service name → host:port of services in other processes. `self`: names this process
  // when it calls others. With `credentials`, over TLS only to who stands for the service.
  Channels(const std::map<std::string, std::string>& peers, std::shared_ptr<ServiceTokens> tokens,
           const Credentials* credentials = nullptr);

  // A service of this process, whose server has started; set before the first To().
  void SetLocal(std::string_view service, Server& server);
  // The channel to a service, for example `recognition`. Crashes for a service that is neither
  // local nor a peer: check-config refuses such a configuration first.
  std::shared_ptr<grpc::Channel> To(std::string_view service) const;
  // Its server where it is local, else null.
  Server* LocalTo(std::string_view service) const;
  bool Knows(std::string_view service) const;
  // For calls of a service on its own behalf.
  std::string TokenOf(std::string_view calling_service) const;
  // Adds the calling service's token to a call.
  void Authenticate(grpc::ClientContext& context, std::string_view calling_service) const;

 private:
  std::map<std::string, std::shared_ptr<grpc::Channel>, std::less<>> channels_;
  std::map<std::string, Server*, std::less<>> local_;
  std::shared_ptr<ServiceTokens> tokens_;
};

}  // namespace zonelink::rpc
