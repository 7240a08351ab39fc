// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/server.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <map>
#include <optional>
#include <set>

#include "platform/core/check.h"
#include "platform/core/clock.h"
#include "platform/log/log.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/rules.h"
#include "platform/rpc/status.h"
#include "platform/rpc/stream.h"
#include "platform/rpc/token.h"
#include "platform/rpc/unary_call.h"

namespace zonelink::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// For RPCs that wait for news, or that ordinary workers wait for. Every consumer of every service's
// events holds a worker of these, and a place, all the time, whatever else is in flight.
constexpr unsigned kAsideWorkers = 48;
constexpr size_t kMostAside = 512;
// How long one tenant's work waits before more of it is refused.
constexpr milliseconds kLongestWait{200};
// Left over for the way back: a caller must hear an answer before its own deadline.
constexpr milliseconds kShave{20};

// zonelink.x.v1.Service/Rpc → its descriptor.
const MethodDescriptor* FindMethod(const std::string& name) {
  const size_t slash = name.find('/');
  ZL_CHECK(slash != std::string::npos, "a method is named service/rpc");
  const auto* service = DescriptorPool::generated_pool()->FindServiceByName(name.substr(0, slash));
  return service == nullptr ? nullptr : service->FindMethodByName(name.substr(slash + 1));
}

// Lives as long as the call.
std::string_view MetadataOf(const grpc::ServerContextBase& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  if (found == metadata.end()) return {};
  return {found->second.data(), found->second.size()};
}

std::string_view BearerOf(const grpc::ServerContextBase& context) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view authorization = MetadataOf(context, "authorization");
  if (authorization.substr(0, kBearer.size()) != kBearer) return {};
  return authorization.substr(kBearer.size());
}

steady_clock::time_point DeadlineOf(const grpc::ServerContextBase& context, milliseconds longest) {
  const auto left = std::chrono::duration_cast<milliseconds>(context.deadline() -
                                                             std::chrono::system_clock::now());
  return steady_clock::now() + std::min(left - kShave, longest);
}

// Of the calls in flight.
unsigned RunningOf(const ServerOptions& options) {
  if (options.running != 0) return options.running;
  return std::max(options.workers, options.in_flight / 4);
}

}  // namespace

Server::Impl::Impl(ServerOptions given, TokenVerifier& verifier)
    : options(given),
      tokens(verifier),
      workers(given.workers, {.most = given.in_flight,
                              .running = RunningOf(given),
                              .workers = given.workers,
                              .longest_wait = kLongestWait}),
      aside(kAsideWorkers, {.most = kMostAside, .longest_wait = given.deadline}) {}

namespace {

// One line per RPC, whatever became of it.
void LogCall(const Call& call, const Method& method, const Error* error,
             steady_clock::time_point began) {
  const double ms = std::chrono::duration<double, std::milli>(steady_clock::now() - began).count();
  log::Fields fields{
      {"rpc", method.name},
      {"status", error == nullptr ? std::string("OK") : std::string(Name(error->code))},
      {"ms", ms},
      {"request_id", call.request_id},
      {"caller",
       call.caller.service.empty() ? call.caller.user_id : "service:" + call.caller.service}};
  if (!call.peer.empty()) fields.emplace_back("peer", call.peer);
  if (!call.trace_parent.empty()) fields.emplace_back("trace", call.trace_parent);
  if (error != nullptr) fields.emplace_back("reason", error->reason);
  if (error != nullptr && error->code == Code::kInternal) {
    fields.emplace_back("error", error->message);
    return log::Error("rpc", fields);
  }
  log::Info("rpc", fields);
}

// zonelink.<service>.v1.Service/Rpc.
std::string_view ServiceOf(const Method& method) {
  const std::string_view name = method.name;
  const size_t from = name.find('.') + 1;
  return name.substr(from, name.find('.', from) - from);
}

bool IsDenial(const Method& method, const Call& call, const Error& error) {
  if (!call.caller.service.empty()) return false;
  if (error.code == Code::kNotFound) return method.access.scope() != SCOPE_PUBLIC;
  return error.code == Code::kUnauthenticated || error.code == Code::kPermissionDenied;
}

Incoming IncomingOf(const Server::Impl& server, const grpc::ServerContextBase& context) {
  return {{.bearer = BearerOf(context),
           .idempotency_key = MetadataOf(context, "idempotency-key"),
           .request_id = MetadataOf(context, "x-request-id"),
           .trace_parent = MetadataOf(context, "traceparent"),
           .asks_tenant = !MetadataOf(context, kTenantKey).empty(),
           .deadline = DeadlineOf(context, server.options.deadline)},
          server.peers ? context.auth_context() : nullptr};
}

// A call over a channel.
class UnaryReactor final : public grpc::ServerGenericBidiReactor, public UnaryCall {
 public:
  UnaryReactor(Server::Impl& server, const Method& method,
               grpc::GenericCallbackServerContext& context)
      : UnaryCall(server, method),
        method_(method),
        context_(context),
        incoming_(IncomingOf(server, context)) {
    StartRead(&bytes_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish({grpc::StatusCode::INVALID_ARGUMENT, "no request"});
    Begin();
  }
  void OnDone() override { delete this; }

 private:
  const Incoming& Headers() const override { return incoming_; }

  Result<const Message*> Request() override {
    request_.reset(method_.request->New());
    if (ParseBuffer(bytes_, *request_)) return request_.get();
    return InvalidArgument("MESSAGE_INVALID", "the message cannot be parsed");
  }

  void Send(UnaryReply reply, const std::string& tenant) override {
    if (!tenant.empty()) context_.AddTrailingMetadata(kTenantKey, tenant);
    if (!reply) return Finish(ToGrpc(reply.error()));
    reply_ = ToBuffer(**reply);
    StartWriteAndFinish(&reply_, {}, grpc::Status::OK);
  }

  const Method& method_;
  grpc::GenericCallbackServerContext& context_;
  const Incoming incoming_;
  grpc::ByteBuffer bytes_;
  std::unique_ptr<Message> request_;
  grpc::ByteBuffer reply_;
};

// Reads the one request, hands the sending side to the handler.
class StreamReactor : public grpc::ServerGenericBidiReactor {
 public:
  StreamReactor(Server::Impl& server, const Method& method,
                grpc::GenericCallbackServerContext& context)
      : server_(server),
        method_(method),
        context_(context),
        queue_(std::make_shared<StreamQueue>(*this)) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Refuse(InvalidArgument("MESSAGE_INVALID", "there is no request"));
    const auto known = server_.tokens.Known(BearerOf(context_));
    const Status taken =
        server_.workers.Submit({.tenant = known ? TenantOf(known->caller) : "",
                                .run =
                                    [this] {
                                      Work();
                                      return true;
                                    },
                                .refuse = [this](const Error& error) { Refuse(error); }});
    if (!taken) Refuse(taken.error());
  }
  void OnWriteDone(bool ok) override { queue_->Written(ok); }
  void OnCancel() override { queue_->Cancel(); }
  void OnDone() override {
    queue_->Detach();
    delete this;
  }

 private:
  void Refuse(const Error& error) {
    const std::shared_ptr<StreamQueue> queue = queue_;
    queue->Finish(error);
    queue->Release();
  }

  void Work() {
    const auto began = steady_clock::now();
    Call call;
    const std::shared_ptr<StreamQueue> queue = queue_;  // the reactor is gone after Release
    const Status status = [&]() -> Status {
      const Incoming incoming = IncomingOf(server_, context_);
      if (const Status admitted = server_.Admit(incoming, method_, call); !admitted)
        return admitted;
      const std::unique_ptr<Message> request(method_.request->New());
      if (!ParseBuffer(request_, *request))
        return InvalidArgument("MESSAGE_INVALID", "the message cannot be parsed");
      if (const Status rules = CheckFields(*request); !rules) return rules;
      return method_.stream(call, *request, queue);
    }();
    server_.Tell(method_, call, status ? nullptr : &status.error(), began);
    if (!status) queue->Finish(status);
    queue->Release();
  }

  Server::Impl& server_;
  const Method& method_;
  grpc::GenericCallbackServerContext& context_;
  grpc::ByteBuffer request_;
  std::shared_ptr<StreamQueue> queue_;
};

class RefusedReactor : public grpc::ServerGenericBidiReactor {
 public:
  explicit RefusedReactor(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerGenericBidiReactor* Server::Impl::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  const auto found = methods.find(context->method());
  if (found == methods.end())
    return new RefusedReactor({grpc::StatusCode::UNIMPLEMENTED, "no such method"});
  if (found->second.stream) return new StreamReactor(*this, found->second, *context);
  return new UnaryReactor(*this, found->second, *context);
}

Status Server::Impl::Describe(const Incoming& incoming, const Method& method, Call& call) const {
  call.rpc = method.name;
  call.request_id = incoming.headers.request_id;
  call.trace_parent = incoming.headers.trace_parent;
  call.deadline = incoming.headers.deadline;
  if (call.deadline <= steady_clock::now())
    return DeadlineExceeded("DEADLINE_EXCEEDED", "no time left");
  if (!peers || !incoming.channel) return Done{};
  return CheckPeer(peers->rules, *incoming.channel, call);
}

Status Server::Impl::Admit(const Incoming& incoming, const Method& method, Call& call) const {
  if (const Status described = Describe(incoming, method, call); !described) return described;
  if (const std::string_view bearer = incoming.headers.bearer; !bearer.empty()) {
    const auto verified = tokens.Verify(bearer);
    // What is public stays so for those who come with a stale token.
    if (!verified && method.access.scope() != SCOPE_PUBLIC) return verified.error();
    if (verified) {
      call.caller = (*verified)->caller;
      call.token_expires = (*verified)->expires;
    }
  }
  return AdmitCaller(incoming, method, call);
}

std::optional<Status> Server::Impl::AdmitKnown(const Incoming& incoming, const Method& method,
                                               Call& call) const {
  if (const Status described = Describe(incoming, method, call); !described) return described;
  if (const std::string_view bearer = incoming.headers.bearer; !bearer.empty()) {
    const auto known = tokens.Known(bearer);
    if (!known) return std::nullopt;
    call.caller = known->caller;
    call.token_expires = known->expires;
  }
  return AdmitCaller(incoming, method, call);
}

Status Server::Impl::AdmitCaller(const Incoming& incoming, const Method& method, Call& call) const {
  if (method.keyed && call.caller.SignedIn())
    call.idempotency_key = incoming.headers.idempotency_key;
  if (peers && incoming.channel) {
    if (const Status own = CheckService(*incoming.channel, call); !own) return own;
  }
  if (const Status allowed = CheckAccess(method.access, call.caller); !allowed) return allowed;
  if (method.keyed && gate) return gate(ServiceOf(method));
  return Done{};
}

void Server::Impl::Tell(const Method& method, const Call& call, const Error* error,
                        steady_clock::time_point began) const {
  LogCall(call, method, error, began);
  if (error != nullptr && denied && IsDenial(method, call, *error)) denied(call, *error);
}

// A service that is half there would answer UNIMPLEMENTED to somebody.
void Server::Impl::CheckCoverage() const {
  std::set<std::string> services;
  for (const auto& [path, method] : methods)
    services.insert(method.name.substr(0, method.name.find('/')));
  for (const std::string& name : services) {
    const auto* service = DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string path = fmt::format("/{}/{}", name, service->method(i)->name());
      if (methods.count(path) != 0) continue;
      std::fprintf(stderr, "no handler for %s\n", path.c_str());
      ZL_CHECK(false, "every RPC of a service has a handler");
    }
  }
}

Server::Server(ServerOptions options, TokenVerifier& tokens)
    : impl_(std::make_unique<Impl>(options, tokens)) {}

Server::~Server() { Stop(milliseconds{0}); }

static Method& Add(std::map<std::string, Method, std::less<>>& methods, const std::string& name) {
  const MethodDescriptor* descriptor = FindMethod(name);
  if (descriptor == nullptr) std::fprintf(stderr, "unknown RPC %s\n", name.c_str());
  ZL_CHECK(descriptor != nullptr, "a handler is bound to an RPC of the protos");
  ZL_CHECK(descriptor->options().HasExtension(zonelink::access),
           "every RPC declares its access rule");
  Method& method = methods["/" + name];
  method.name = name;
  method.access = descriptor->options().GetExtension(zonelink::access);
  method.keyed = descriptor->options().GetExtension(zonelink::idempotency) == IDEMPOTENCY_COMMAND;
  method.aside = descriptor->options().GetExtension(zonelink::aside);
  method.request = MessageFactory::generated_factory()->GetPrototype(descriptor->input_type());
  ZL_CHECK(method.request != nullptr, "generated code for the request");
  return method;
}

void Server::AddUnary(const std::string& method, UnaryHandler handler) {
  Add(impl_->methods, method).unary = std::move(handler);
}

void Server::AddLater(const std::string& method, LaterHandler handler) {
  Add(impl_->methods, method).later = std::move(handler);
}

void Server::AddStream(const std::string& method, StreamHandler handler) {
  Add(impl_->methods, method).stream = std::move(handler);
}

void Server::OnDenied(std::function<void(const Call&, const Error&)> denied) {
  impl_->denied = std::move(denied);
}

void Server::GateCommands(std::function<Status(std::string_view service)> gate) {
  impl_->gate = std::move(gate);
}

void Server::SecurePeers(PeerSecurity security) { impl_->peers = std::move(security); }

Status Server::Start(const std::string& address) {
  impl_->CheckCoverage();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  int bound = 0;
  if (!address.empty()) {
    builder.AddListeningPort(
        address,
        impl_->peers ? impl_->peers->credentials->ForServer() : grpc::InsecureServerCredentials(),
        &bound);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    if (impl_->peers) {
      const milliseconds life = impl_->peers->connection_life;
      builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, static_cast<int>(life.count()));
    }
  }
  builder.SetMaxReceiveMessageSize(8 << 20);
  builder.RegisterCallbackGenericService(impl_.get());
  impl_->server = builder.BuildAndStart();
  if (impl_->server == nullptr || (!address.empty() && bound == 0)) {
    return Unavailable("ADDRESS_IN_USE", fmt::format("cannot listen on {}", address));
  }
  impl_->port = bound;
  return Done{};
}

int Server::port() const { return impl_->port; }

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  ZL_CHECK(impl_->server != nullptr, "the server is started before it is called");
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMostReplyBytes);
  return impl_->server->InProcessChannel(arguments);
}

void Server::CallLocal(const std::string& method, CallHeaders headers, const Message& request,
                       Answered answered) {
  const auto found = impl_->methods.find(method);
  if (found == impl_->methods.end() || found->second.stream)
    return answered(Error{Code::kUnimplemented, "UNIMPLEMENTED", "no such method", {}, {}}, {});
  headers.deadline = std::min(headers.deadline, steady_clock::now() + impl_->options.deadline);
  (new LocalCall(*impl_, found->second, headers, request, std::move(answered)))->Begin();
}

void Server::Stop(milliseconds grace) {
  if (impl_->server != nullptr) impl_->server->Shutdown(std::chrono::system_clock::now() + grace);
  impl_->workers.Stop();
  impl_->aside.Stop();
}

void Server::SetServing(const std::string& service, bool serving) {
  if (auto* health = impl_->server->GetHealthCheckService())
    health->SetServingStatus(service, serving);
}

}  // namespace zonelink::rpc
