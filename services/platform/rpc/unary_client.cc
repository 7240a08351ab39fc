// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/unary_client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/client_callback.h>

#include "platform/rpc/dispatch.h"
#include "platform/rpc/status.h"

namespace zonelink::rpc {
namespace {

using google::protobuf::Message;
using grpc::protobuf::MessageLite;
using std::chrono::steady_clock;
using std::chrono::system_clock;

// Lives from the call to its answer.
struct RemoteCall {
  grpc::ClientContext context;
  std::unique_ptr<Message> reply;
  Server::Answered answered;
};

void Finish(RemoteCall& call, const grpc::Status& status) {
  const auto& trailers = call.context.GetServerTrailingMetadata();
  const auto found = trailers.find(kTenantKey);
  const std::string_view tenant =
      found == trailers.end() ? std::string_view()
                              : std::string_view(found->second.data(), found->second.size());
  if (!status.ok()) return call.answered(FromGrpc(status), tenant);
  call.answered(std::move(call.reply), tenant);
}

}  // namespace

void SetMetadata(grpc::ClientContext& context, const CallHeaders& headers) {
  if (!headers.bearer.empty())
    context.AddMetadata("authorization", std::string("Bearer ").append(headers.bearer));
  if (!headers.idempotency_key.empty())
    context.AddMetadata("idempotency-key", std::string(headers.idempotency_key));
  if (headers.asks_tenant) context.AddMetadata(kTenantKey, "?");
  context.AddMetadata("x-request-id", std::string(headers.request_id));
  context.AddMetadata("traceparent", std::string(headers.trace_parent));
  if (headers.deadline == steady_clock::time_point::max()) return;
  context.set_deadline(system_clock::now() + (headers.deadline - steady_clock::now()));
}

class UnaryClient::Remote {
 public:
  explicit Remote(std::shared_ptr<grpc::Channel> channel) : stub_(std::move(channel)) {}

  std::weak_ptr<grpc::ClientContext> Call(const std::string& method, const CallHeaders& headers,
                                          const Message& request, const Message& prototype,
                                          Server::Answered answered) {
    const auto call = std::make_shared<RemoteCall>();
    SetMetadata(call->context, headers);
    call->reply.reset(prototype.New());
    call->answered = std::move(answered);
    stub_.UnaryCall(&call->context, method, {}, &request, call->reply.get(),
                    [call](const grpc::Status& status) { Finish(*call, status); });
    return std::shared_ptr<grpc::ClientContext>(call, &call->context);
  }

 private:
  grpc::TemplatedGenericStub<MessageLite, MessageLite> stub_;
};

UnaryClient::UnaryClient(const Channels& channels, std::string_view service)
    : local_(channels.LocalTo(service)),
      remote_(local_ == nullptr ? std::make_unique<Remote>(channels.To(service)) : nullptr) {}

UnaryClient::~UnaryClient() = default;

std::weak_ptr<grpc::ClientContext> UnaryClient::Call(const std::string& method,
                                                     const CallHeaders& headers,
                                                     const Message& request,
                                                     const Message& prototype,
                                                     Server::Answered answered) const {
  if (local_ == nullptr)
    return remote_->Call(method, headers, request, prototype, std::move(answered));
  local_->CallLocal(method, headers, request, std::move(answered));
  return {};
}

}  // namespace zonelink::rpc
