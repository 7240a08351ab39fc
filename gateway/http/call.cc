// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/call.h"

#include <charconv>
#include <optional>
#include <utility>

#include "gateway/http/row_problems.h"
#include "gateway/http/transcoder.h"
#include "platform/log/log.h"
#include "platform/rpc/status.h"
#include "zonelink/api/raw.pb.h"

namespace zonelink::gateway {
namespace {

rpc::CallHeaders HeadersOf(const RequestRecord& record, const CallHead& call) {
  return {.bearer = call.token,
          .idempotency_key = call.idempotency_key,
          .request_id = record.request_id,
          .trace_parent = record.trace_parent,
          .asks_tenant = call.tenant == kStranger && call.token_key != 0};
}

// Did a service take the token? What is public is so with any, and other failures say nothing of
// it.
void JudgeToken(Api& api, const CallHead& call, const Error* error) {
  if (call.match.route->access.scope() == SCOPE_PUBLIC) return;
  if (error != nullptr && error->code == Code::kUnauthenticated) {
    api.limits().Judge(call.token_key, false);
  } else if (error == nullptr) {
    api.limits().Judge(call.token_key, true);
  }
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
  responder_.reset();  // before the servers may go
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
  const Status built = BuildRequest(call_.match, call_.head, std::move(body), *request_);
  if (!built) return responder->Respond(api_.Problem(record_, built.error()));
  responder_ = std::move(responder);
  Ask();
}

void UnaryCall::Ask() {
  const Route& route = *call_.match.route;
  rpc::CallHeaders headers = HeadersOf(record_, call_);
  headers.deadline = std::chrono::steady_clock::now() + api_.deadline();
  api_.ClientOf(route).Call(
      route.rpc, headers, *request_, *route.output->prototype,
      [self = shared_from_this()](const rpc::UnaryReply& reply, std::string_view tenant) {
        self->in_parts_ ? self->OnPart(reply) : self->OnReply(reply, tenant);
      });
}

void UnaryCall::OnLate() {
  if (!First()) return;
  const Error late = DeadlineExceeded("DEADLINE_EXCEEDED", "there is no answer in time");
  // The connection must not outlive the call through us.
  std::exchange(responder_, nullptr)->Respond(api_.Problem(record_, late));
}

void UnaryCall::OnReply(const rpc::UnaryReply& reply, std::string_view tenant) {
  JudgeToken(api_, call_, reply ? nullptr : &reply.error());
  if (!tenant.empty()) api_.limits().Belongs(call_.token_key, api_.tenants().Of(tenant));
  Leave(!reply && reply.error().reason == "OVERLOADED");
  if (!First()) return;
  if (reply && record_.route->tells_rows) TellRows(api_.texts(), *record_.route->output, **reply);
  auto answer = reply ? MakeAnswer(*record_.route, **reply) : reply.error();
  const bool answered = answer.has_value();
  HttpResponse response =
      answered ? api_.Finish(record_, *std::move(answer)) : api_.Problem(record_, answer.error());
  // The connection must not outlive the call through us.
  const auto responder = std::exchange(responder_, nullptr);
  if (answered && Continues(reply)) responder_ = responder;
  responder->Respond(std::move(response));
}

bool UnaryCall::Continues(const rpc::UnaryReply& reply) {
  const Route& route = *record_.route;
  if (route.next_part == nullptr) return false;
  const auto& raw = static_cast<const api::Raw&>(**reply);
  if (raw.next_page_token().empty()) return false;
  in_parts_ = true;
  request_->GetReflection()->SetString(request_, route.next_part->field, raw.next_page_token());
  return true;
}

bool UnaryCall::OnPartSent() {
  if (!responder_) return false;
  Ask();
  return true;
}

void UnaryCall::OnPart(const rpc::UnaryReply& reply) {
  // While the part is made the connection waits for nothing else.
  const auto responder = std::exchange(responder_, nullptr);
  if (!reply) {
    log::Warn("an answer was broken off", {{"route", record_.route->path},
                                           {"reason", reply.error().reason},
                                           {"request_id", record_.request_id}});
    return responder->Abandon();
  }
  if (Continues(reply)) responder_ = responder;
  responder->SendPart(static_cast<const api::Raw&>(**reply).data());
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
  const Status built = BuildRequest(call_.match, call_.head, std::move(body), *request_);
  if (!built) return responder->Respond(api_.Problem(record_, built.error()));
  event_.reset(route.output->prototype->New());
  rpc::SetMetadata(context_, HeadersOf(record_, call_));
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
  JudgeToken(api_, call_, nullptr);
  responder_->Send(MakeServerSentEvent(*record_.route, *event_));
  event_->Clear();
  StartRead(event_.get());
}

void EventStream::OnDone(const grpc::Status& status) {
  const std::optional<Error> error =
      status.ok() ? std::nullopt : std::optional<Error>(rpc::FromGrpc(status));
  JudgeToken(api_, call_, error ? &*error : nullptr);
  // A reader who leaves is no failure.
  if (!error || gone_) {
    api_.Log(record_, 200);
    responder_->EndStream();
  } else {
    // A problem document where nothing was sent yet; otherwise the stream just ends.
    responder_->Respond(api_.Problem(record_, *error));
  }
  responder_.reset();
  const auto last = std::move(self_);
}

}  // namespace zonelink::gateway
