// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/unary_call.h"

#include "platform/rpc/rules.h"
#include "platform/rpc/status.h"

namespace zonelink::rpc {
namespace {

using google::protobuf::Message;
using std::chrono::microseconds;
using std::chrono::steady_clock;

// A mean beyond this says nothing of the next call.
constexpr microseconds kLongestTypical{1'000'000};
constexpr int64_t kMeanOf = 16;

microseconds TypicalOf(const Method& method) {
  return std::min(microseconds(method.typical.load(std::memory_order_relaxed)), kLongestTypical);
}

// Calls that overwrite each other's share of the mean do no harm.
void Learn(const Method& method, microseconds took) {
  const int64_t mean = method.typical.load(std::memory_order_relaxed);
  method.typical.store(mean + (took.count() - mean) / kMeanOf, std::memory_order_relaxed);
}

}  // namespace

void UnaryCall::Begin() {
  const std::optional<Status> admitted = server_.AdmitKnown(Headers(), method_, call_);
  if (admitted && !*admitted) return Give(admitted->error());
  admitted_ = admitted.has_value();
  tenant_ = TenantOf(call_.caller);
  const Status taken =
      server_.PoolOf(method_).Submit({.tenant = tenant_,
                                      .deadline = call_.deadline,
                                      .typical = TypicalOf(method_),
                                      .run = [this] { return Work(); },
                                      .refuse = [this](const Error& error) { GiveWay(error); }});
  if (!taken) GiveWay(taken.error());
}

void UnaryCall::GiveWay(const Error& error) {
  // Were the mean never to fall while it keeps all calls out, it would for ever.
  Learn(method_, microseconds{0});
  Give(error);
}

bool UnaryCall::Work() {
  const bool later = method_.later != nullptr;
  owes_end_ = later;
  if (!admitted_) {
    if (const Status admitted = server_.Admit(Headers(), method_, call_); !admitted) {
      Give(admitted.error());
      return !later;
    }
  }
  worked_ = steady_clock::now();
  const auto request = Request();
  const Status clean = request ? CheckFields(**request) : Status(request.error());
  if (!clean) {
    Give(clean.error());
  } else if (later) {
    method_.later(call_, **request, *this);
  } else {
    Give(method_.unary(call_, **request));
  }
  return !later;
}

void UnaryCall::Give(UnaryReply reply) {
  if (worked_ != steady_clock::time_point{}) {
    Learn(method_, std::chrono::duration_cast<microseconds>(steady_clock::now() - worked_));
  }
  server_.Tell(method_, call_, reply ? nullptr : &reply.error(), began_);
  const bool asked = Headers().headers.asks_tenant;
  WorkerPool& pool = server_.PoolOf(method_);
  const bool owes_end = owes_end_;
  const std::string queued = std::move(tenant_);
  Send(std::move(reply), asked ? TenantOf(call_.caller) : std::string());
  if (owes_end) pool.Ended(queued);
}

void UnaryCall::Resume(std::function<void()> work) {
  server_.PoolOf(method_).Resume(tenant_, std::move(work));
}

namespace {

std::string Join(const CallHeaders& headers) {
  std::string texts;
  texts.reserve(headers.bearer.size() + headers.idempotency_key.size() + headers.request_id.size() +
                headers.trace_parent.size());
  return texts.append(headers.bearer)
      .append(headers.idempotency_key)
      .append(headers.request_id)
      .append(headers.trace_parent);
}

// The same headers over the joined texts.
CallHeaders Over(std::string_view texts, const CallHeaders& headers) {
  CallHeaders over = headers;
  for (std::string_view* text :
       {&over.bearer, &over.idempotency_key, &over.request_id, &over.trace_parent}) {
    *text = texts.substr(0, text->size());
    texts.remove_prefix(text->size());
  }
  return over;
}

}  // namespace

LocalCall::LocalCall(Server::Impl& server, const Method& method, const CallHeaders& headers,
                     const Message& request, Server::Answered answered)
    : UnaryCall(server, method),
      texts_(Join(headers)),
      incoming_{Over(texts_, headers), nullptr},
      request_(request),
      answered_(std::move(answered)) {}

void LocalCall::Send(UnaryReply reply, const std::string& tenant) {
  const std::unique_ptr<LocalCall> self(this);
  if (!reply) return answered_(Outward(reply.error()), tenant);
  answered_(std::move(reply), tenant);
}

}  // namespace zonelink::rpc
