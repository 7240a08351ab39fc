// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/api.h"

#include <fmt/format.h>

#include "gateway/http/call.h"
#include "gateway/http/request_checks.h"
#include "gateway/http/verify_call.h"
#include "gateway_reasons.h"
#include "platform/core/check.h"
#include "platform/crypto/crypto.h"
#include "platform/log/log.h"

namespace zonelink::gateway {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kApiHeaders =
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n";

constexpr size_t kLongestMethod = 16;  // in the log

unsigned Or(unsigned given, unsigned otherwise) { return given == 0 ? otherwise : given; }

std::vector<std::string> RouteLabels(const Routes& routes) {
  std::vector<std::string> labels;
  labels.reserve(routes.all().size());
  for (const auto& route : routes.all()) labels.push_back(route->verb + " " + route->path);
  return labels;
}

void LogFailure(const RequestRecord& record, const Error& error) {
  log::Error(
      "request failed",
      {{"reason", error.reason}, {"error", error.message}, {"request_id", record.request_id}});
}

RequestRecord RecordOf(const RequestHead& head) {
  RequestRecord record;
  record.started = steady_clock::now();
  record.method = head.method.substr(0, kLongestMethod);
  record.path = head.path;
  const std::string random = crypto::HexEncode(crypto::RandomBytes(24));
  const std::string_view hex = random;
  record.request_id = RequestId(head, std::string(hex.substr(0, 32)));
  record.trace_parent = TraceParent(head, hex.substr(0, 32), hex.substr(32));
  record.language = Negotiate(head.Find("Accept-Language"));
  return record;
}

}  // namespace

Api::Api(const config::v1::Limits& limits)
    : texts_(reasons::kFiles[0].contents),
      routes_(ApiServices(), schemas_),
      pages_(routes_),
      limits_(Or(limits.requests_per_caller(), 200), Or(limits.requests_per_address(), 20),
              Or(limits.streams_per_caller(), 4)),
      metrics_(RouteLabels(routes_)),
      deadline_(Or(limits.deadline_ms(), 10000)) {
  for (const auto& route : routes_.all())
    admissions_.try_emplace(route->service, Or(limits.in_flight(), 512));
}

void Api::Connect(const rpc::Channels& channels) {
  for (const auto& route : routes_.all()) {
    Peer& peer = peers_[route->service];
    if (peer.client) continue;
    peer.client = std::make_unique<rpc::UnaryClient>(channels, route->service);
    peer.stub = std::make_unique<Stub>(channels.To(route->service));
  }
}

Opened Api::Open(const RequestHead& head) {
  RequestRecord record = RecordOf(head);
  if (const Page* page = pages_.Find(head.path)) return OpenPage(head, *page, record);
  if (IsVerifyPath(head.path)) return OpenVerify(head, record);
  auto call = OpenCall(head, record);
  if (call) return {std::nullopt, *std::move(call)};
  if (call.error().code == Code::kResourceExhausted) return Refused(head, record, call.error());
  return {Problem(record, call.error()), nullptr};
}

Opened Api::Refused(const RequestHead& head, const RequestRecord& record, const Error& error) {
  HttpResponse response = TurnAway(record, error);
  if (!head.has_body || !RefusedCall::Reads(head)) return {std::move(response), nullptr};
  return {std::nullopt, std::make_shared<RefusedCall>(std::move(response))};
}

std::optional<Opened> Api::RefuseMethod(const RequestHead& head, const RequestRecord& record) {
  if (head.method == "GET" || head.method == "HEAD") return std::nullopt;
  return Opened{Problem(record, InvalidArgument("METHOD_NOT_ALLOWED", "a page can only be read",
                                                {{"allow", "GET, HEAD"}})),
                nullptr};
}

Opened Api::OpenPage(const RequestHead& head, const Page& page, RequestRecord& record) {
  if (auto refused = RefuseMethod(head, record)) return *std::move(refused);
  return {FinishPage(record, Pages::Answer(page, head)), nullptr};
}

// As a public call without token, whatever token comes along.
Opened Api::OpenVerify(const RequestHead& head, RequestRecord& record) {
  if (auto refused = RefuseMethod(head, record)) return *std::move(refused);
  VerifyRequest request = ReadVerifyRequest(head);
  record.language = request.language;
  const Status admitted = limits_.Admit(0, head.client, false, record.started.time_since_epoch());
  if (!admitted) {
    metrics_.rate_limited().Increment();
    HttpResponse refused = verify_pages_.Fail(request, admitted.error(), record.request_id);
    CountRefusal(record, admitted.error(), refused.status);
    AppendHeader(refused, "X-Request-Id", record.request_id);
    return {std::move(refused), nullptr};
  }
  if (request.to) return {FinishPage(record, verify_pages_.Lead(request)), nullptr};
  if (request.form) return {FinishPage(record, verify_pages_.Form(request)), nullptr};
  if (request.number.empty()) {
    return {VerifyProblem(record, request, NotFound("RECOGNITION_NOT_FOUND", "no such number")),
            nullptr};
  }
  return {std::nullopt, std::make_shared<VerifyCall>(*this, std::move(record), std::move(request))};
}

const Route& Api::RouteOf(std::string_view rpc) const {
  for (const auto& route : routes_.all()) {
    if (route->rpc == rpc) return *route;
  }
  ZL_CHECK(false, "the gateway does not offer an RPC that it needs itself");
}

HttpResponse Api::FinishPage(const RequestRecord& record, HttpResponse response) {
  AppendHeader(response, "X-Request-Id", record.request_id);
  Log(record, response.status);
  return response;
}

HttpResponse Api::VerifyProblem(const RequestRecord& record, const VerifyRequest& request,
                                const Error& error) {
  HttpResponse response = verify_pages_.Fail(request, error, record.request_id);
  if (response.status == 500) LogFailure(record, error);
  return FinishPage(record, std::move(response));
}

Result<std::shared_ptr<Exchange>> Api::OpenCall(const RequestHead& head, RequestRecord& record) {
  const Match match = routes_.Find(head.method, head.path);
  record.route = match.route;
  const auto token = BearerToken(head);
  const uint64_t token_key = token ? CallerLimits::KeyOf(*token) : 0;
  const bool judged = match.route != nullptr && match.route->access.scope() != SCOPE_PUBLIC;
  const Status admitted =
      limits_.Admit(token_key, head.client, judged, record.started.time_since_epoch());
  if (!admitted) {
    metrics_.rate_limited().Increment();
    return admitted.error();
  }
  if (match.allow.empty()) return NotFound("PATH_UNKNOWN", "no such path");
  if (match.route == nullptr) {
    return InvalidArgument("METHOD_NOT_ALLOWED", "the path has other methods",
                           {{"allow", std::string(match.allow)}});
  }
  if (match.route->streaming && head.method == "HEAD") {
    return InvalidArgument("METHOD_NOT_ALLOWED", "a stream has no head alone", {{"allow", "GET"}});
  }
  if (!token) return token.error();
  const Tenant tenant = limits_.TenantOf(token_key);
  if (!match.route->streaming) {
    const Status room = admissions_.at(match.route->service).Look(tenant);
    if (!room) return room.error();
  }
  const Status checked = CheckHead(*match.route, head);
  if (!checked) return checked.error();
  const auto idempotency_key = IdempotencyKey(head);
  if (!idempotency_key) return idempotency_key.error();
  const CallHead call{head, match, *token, token_key, tenant, *idempotency_key};
  if (match.route->streaming) {
    return std::shared_ptr<Exchange>(std::make_shared<EventStream>(*this, std::move(record), call));
  }
  return std::shared_ptr<Exchange>(std::make_shared<UnaryCall>(*this, std::move(record), call));
}

HttpResponse Api::Refuse(const RequestHead& head, const Error& error) {
  return Problem(RecordOf(head), error);
}

HttpResponse Api::Decorate(const RequestRecord& record, HttpResponse response) const {
  response.headers += kApiHeaders;
  AppendHeader(response, "X-Request-Id", record.request_id);
  return response;
}

HttpResponse Api::Finish(const RequestRecord& record, HttpResponse response) {
  Log(record, response.status);
  return Decorate(record, std::move(response));
}

HttpResponse Api::Problem(const RequestRecord& record, const Error& error) {
  HttpResponse response =
      MakeProblem(texts_, error, record.language, record.path, record.request_id);
  if (response.status == 500) LogFailure(record, error);
  return Finish(record, std::move(response));
}

HttpResponse Api::TurnAway(const RequestRecord& record, const Error& error) {
  HttpResponse response =
      MakeProblem(texts_, error, record.language, record.path, record.request_id);
  CountRefusal(record, error, response.status);
  return Decorate(record, std::move(response));
}

void Api::CountRefusal(const RequestRecord& record, const Error& error, unsigned status) {
  const auto now = steady_clock::now();
  const std::chrono::duration<double> took = now - record.started;
  metrics_.Count(record.route == nullptr ? metrics_.other() : record.route->index, status,
                 took.count());
  if (error.reason == "OVERLOADED") metrics_.overloaded().Increment();
  TellRefusals(refusals_.Add(now));
}

void Api::TellRefusals(uint64_t count) {
  if (count > 0) log::Warn("requests refused", {{"count", static_cast<int64_t>(count)}});
}

Status Api::Enter(const Route& route, Tenant tenant) {
  return admissions_.at(route.service).Enter(tenant);
}

void Api::Leave(const Route& route, Tenant tenant, bool overloaded) {
  const auto now = steady_clock::now();
  admissions_.at(route.service).Leave(tenant, overloaded, now);
  TellRefusals(refusals_.Due(now));
}

void Api::Log(const RequestRecord& record, unsigned status) {
  const std::chrono::duration<double> took = steady_clock::now() - record.started;
  metrics_.Count(record.route == nullptr ? metrics_.other() : record.route->index, status,
                 took.count());
  log::Info("request", {{"method", record.method},
                        {"route", record.route == nullptr ? "other" : record.route->path},
                        {"status", int64_t{status}},
                        {"ms", took.count() * 1000},
                        {"request_id", record.request_id},
                        {"trace_id", record.trace_parent.substr(3, 32)}});
}

void Api::CallBegins() {
  metrics_.in_flight().Increment();
  const std::lock_guard lock(mutex_);
  ++calls_;
}

void Api::CallEnds() {
  metrics_.in_flight().Decrement();
  const std::lock_guard lock(mutex_);
  if (--calls_ == 0) ended_.notify_all();
}

void Api::AwaitCalls() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return calls_ == 0; });
}

}  // namespace zonelink::gateway
