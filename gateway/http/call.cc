// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/call.h"

#include <charconv>
#include <utility>

#include "gateway/http/transcoder.h"
#include "platform/rpc/dispatch.h"
#include "platform/rpc/status.h"

namespace zonelink::gateway {
namespace {

void SetMetadata(grpc::ClientContext& context, const RequestRecord& record, const CallHead& call) {
  if (!call.token.empty()) {
    context.AddMetadata("authorization", std::string("Bearer ").append(call.token));
  }
  if (!call.idempotency_key.empty()) {
    context.AddMetadata("idempotency-key", std::string(call.idempotency_key));
  }
  if (call.tenant == kStranger && call.token_key != 0) context.AddMetadata(rpc::kTenantKey, "?");
  context.AddMetadata("x-request-id", record.request_id);
  context.AddMetadata("traceparent", record.trace_parent);
}

// Did a service take the token? What is public is so with any, and other failures say nothing of
// it.
void JudgeToken(Api& api, const CallHead& call, const grpc::Status& status) {
  if (call.match.route->access.scope() == SCOPE_PUBLIC) return;
  if (status.error_code() == grpc::StatusCode::UNAUTHENTICATED) {
    api.limits().Judge(call.token_key, false);
  } else if (status.ok()) {
    api.limits().Judge(call.token_key, true);
  }
}

void LearnTenant(Api& api, const CallHead& call, const grpc::ClientContext& context) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(rpc::kTenantKey);
  if (found == trailers.end()) return;
  api.limits().Belongs(call.token_key,
                       api.tenants().Of({found->second.data(), found->second.size()}));
}

constexpr uint64_t kReadWhenRefused = 64 * 1024;

}  // namespace

bool RefusedCall::Reads(const RequestHead& head) {
  if (head.Find("Expect")) return false;
  const auto length = head.Find("Content-Length");
  uint64_t bytes = 0;
  if (!length) return false;
  const auto parsed = std::from_chars(length->data(), length->data() + length->size(), bytes);
  return parsed.ec == std::errc() && bytes <= kReadWhenRefused;
}

UnaryCall::UnaryCall(Api& api, RequestRecord record, const CallHead& call)
    : api_(api), record_(std::move(record)), call_(call) {
  api_.CallBegins();
}

UnaryCall::~UnaryCall() {
  Leave(false);
  api_.CallEnds();
}

void UnaryCall::Leave(bool overloaded) {
  if (std::exchange(entered_, false)) api_.Leave(*call_.match.route, call_.tenant, overloaded);
}

void UnaryCall::OnBody(std::string body, std::shared_ptr<Responder> responder) {
  const Route& route = *call_.match.route;
  if (const Status entered = api_.Enter(route, call_.tenant); !entered)
    return responder->Respond(api_.TurnAway(record_, entered.error()));
  entered_ = true;
  request_ = route.input->prototype->New(&arena_);
  const Status built = BuildRequest(call_.match, call_.head, body, *request_);
  if (!built) return responder->Respond(api_.Problem(record_, built.error()));
  SetMetadata(context_, record_, call_);
  context_.set_deadline(std::chrono::system_clock::now() + api_.deadline());
  responder_ = std::move(responder);
  reply_ = route.output->prototype->New(&arena_);
  api_.StubOf(route).UnaryCall(
      &context_, route.rpc, {}, request_, reply_,
      [self = shared_from_this()](const grpc::Status& status) { self->OnReply(status); });
}

void UnaryCall::OnReply(const grpc::Status& status) {
  JudgeToken(api_, call_, status);
  if (call_.tenant == kStranger) LearnTenant(api_, call_, context_);
  auto answer = status.ok() ? MakeAnswer(*record_.route, *reply_) : rpc::FromGrpc(status);
  Leave(!answer && answer.error().reason == "OVERLOADED");
  HttpResponse response =
      answer ? api_.Finish(record_, *std::move(answer)) : api_.Problem(record_, answer.error());
  // The connection must not outlive the call through us.
  std::exchange(responder_, nullptr)->Respond(std::move(response));
}

EventStream::EventStream(Api& api, RequestRecord record, const CallHead& call)
    : api_(api), record_(std::move(record)), call_(call) {
  api_.CallBegins();
}

EventStream::~EventStream() {
  if (counted_) {
    api_.limits().CloseStream(call_.token_key);
    api_.metrics().streams().Decrement();
  }
  api_.CallEnds();
}

void EventStream::OnBody(std::string body, std::shared_ptr<Responder> responder) {
  const Route& route = *call_.match.route;
  const Status open = api_.limits().OpenStream(call_.token_key);
  if (!open) return responder->Respond(api_.Problem(record_, open.error()));
  counted_ = true;
  api_.metrics().streams().Increment();
  request_.reset(route.input->prototype->New());
  const Status built = BuildRequest(call_.match, call_.head, body, *request_);
  if (!built) return responder->Respond(api_.Problem(record_, built.error()));
  event_.reset(route.output->prototype->New());
  SetMetadata(context_, record_, call_);
  self_ = shared_from_this();
  responder_ = responder;
  HttpResponse head = api_.Decorate(record_, HttpResponse{});
  head.content_type = "text/event-stream";
  responder->BeginStream(std::move(head), ":\n\n");
  api_.StubOf(route).PrepareBidiStreamingCall(&context_, route.rpc, {}, this);
  StartWriteLast(request_.get(), grpc::WriteOptions());
  StartRead(event_.get());
  StartCall();
}

void EventStream::OnGone() {
  gone_ = true;
  context_.TryCancel();
}

void EventStream::OnReadDone(bool ok) {
  if (!ok) return;
  JudgeToken(api_, call_, grpc::Status::OK);
  responder_->Send(MakeServerSentEvent(*record_.route, *event_));
  event_->Clear();
  StartRead(event_.get());
}

void EventStream::OnDone(const grpc::Status& status) {
  JudgeToken(api_, call_, status);
  // A reader who leaves is no failure.
  if (status.ok() || gone_) {
    api_.Log(record_, 200);
    responder_->EndStream();
  } else {
    // A problem document where nothing was sent yet; otherwise the stream just ends.
    responder_->Respond(api_.Problem(record_, rpc::FromGrpc(status)));
  }
  responder_.reset();
  const auto last = std::move(self_);
}

}  // namespace zonelink::gateway
