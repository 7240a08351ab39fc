// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/salt_client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>

#include "platform/rpc/status.h"
#include "zonelink/events/v1/events.grpc.pb.h"

namespace zonelink::outbox {

Status DestroyEventSalt(rpc::Channels& channels, const Call& call, const SaltToDestroy& salt) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::duration_cast<std::chrono::system_clock::duration>(
                           call.deadline - std::chrono::steady_clock::now()));
  channels.Authenticate(context, salt.caller);
  events::v1::DestroyEventSaltRequest request;
  request.set_source(salt.source);
  request.set_event_id(salt.event_id);
  events::v1::DestroyEventSaltResponse response;
  const grpc::Status status = events::v1::EventsService::NewStub(channels.To(salt.source))
                                  ->DestroyEventSalt(&context, request, &response);
  if (!status.ok()) return rpc::FromGrpc(status);
  return Done{};
}

}  // namespace zonelink::outbox
