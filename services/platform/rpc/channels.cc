// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/channels.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "platform/core/check.h"
#include "platform/core/clock.h"
#include "platform/rpc/credentials.h"
#include "platform/rpc/server.h"
#include "platform/rpc/token.h"

namespace zonelink::rpc {

Channels::Channels(const std::map<std::string, std::string>& peers,
                   std::shared_ptr<ServiceTokens> tokens, const Credentials* credentials)
    : tokens_(std::move(tokens)) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetMaxReceiveMessageSize(kMostReplyBytes);
  for (const auto& [service, address] : peers) {
    if (credentials == nullptr) {
      channels_[service] =
          grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
      continue;
    }
    grpc::ChannelArguments secured = arguments;
    secured.SetSslTargetNameOverride(PeerName(service));
    channels_[service] = grpc::CreateCustomChannel(address, credentials->ForChannels(), secured);
  }
}

void Channels::SetLocal(std::string_view service, Server& server) {
  channels_.insert_or_assign(std::string(service), server.InProcessChannel());
  local_.insert_or_assign(std::string(service), &server);
}

std::shared_ptr<grpc::Channel> Channels::To(std::string_view service) const {
  const auto found = channels_.find(service);
  ZL_CHECK(found != channels_.end(), "a service that runs here or is named in peers");
  return found->second;
}

Server* Channels::LocalTo(std::string_view service) const {
  const auto found = local_.find(service);
  return found == local_.end() ? nullptr : found->second;
}

bool Channels::Knows(std::string_view service) const {
  return channels_.find(service) != channels_.end();
}

std::string Channels::TokenOf(std::string_view calling_service) const {
  return tokens_->For(calling_service, SystemClock().Now());
}

void Channels::Authenticate(grpc::ClientContext& context, std::string_view calling_service) const {
  context.AddMetadata("authorization", "Bearer " + TokenOf(calling_service));
}

}  // namespace zonelink::rpc
