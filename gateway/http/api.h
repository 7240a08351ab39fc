// SPDX-License-Identifier: Apache-2.0
// The application behind the public port: pages of its own, and the RPCs of the services.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/admission.h"
#include "gateway/http/http_message.h"
#include "gateway/http/metrics.h"
#include "gateway/http/pages.h"
#include "gateway/http/problem.h"
#include "gateway/http/rate_limit.h"
#include "gateway/http/routes.h"
#include "gateway/http/texts.h"
#include "gateway/http/verify_page.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/unary_client.h"
#include "zonelink/config/v1/config.pb.h"

namespace zonelink::gateway {

// What is known of a request from its head and needed until it is logged.
struct RequestRecord {
  std::chrono::steady_clock::time_point started;
  const Route* route = nullptr;  // null: a page or nothing known
  std::string method;
  std::string path;
  std::string request_id;
  std::string trace_parent;
  Language language = Language::kChinese;
};

class Api final : public HttpApp {
 public:
  // Messages are typed only by their descriptors.
  using Stub = grpc::TemplatedGenericStub<grpc::protobuf::MessageLite, grpc::protobuf::MessageLite>;

  explicit Api(const config::v1::Limits& limits);
  // Before the first request; the services' channels exist by then.
  void Connect(const rpc::Channels& channels);

  Opened Open(const RequestHead& head) override;
  HttpResponse Refuse(const RequestHead& head, const Error& error) override;

  // What the calls it has opened need of it.
  const rpc::UnaryClient& ClientOf(const Route& route) { return *peers_.at(route.service).client; }
  Stub& StubOf(const Route& route) { return *peers_.at(route.service).stub; }
  // Adds the headers that every answer has.
  HttpResponse Decorate(const RequestRecord& record, HttpResponse response) const;
  // One log line and the counters.
  void Log(const RequestRecord& record, unsigned status);
  // Both of the above.
  HttpResponse Finish(const RequestRecord& record, HttpResponse response);
  HttpResponse Problem(const RequestRecord& record, const Error& error);
  // The same for one of many: counted, but in the log only as one of a number once a second.
  HttpResponse TurnAway(const RequestRecord& record, const Error& error);

  // Logs the page and gives it its request id.
  HttpResponse FinishPage(const RequestRecord& record, HttpResponse response);
  // Why there is no page of the recognition, as a page.
  HttpResponse VerifyProblem(const RequestRecord& record, const VerifyRequest& request,
                             const Error& error);

  // A call to the route's service begins and ends (Admission).
  Status Enter(const Route& route, Tenant tenant);
  void Leave(const Route& route, Tenant tenant, bool overloaded);
  void CallBegins();
  void CallEnds();
  // Calls hold connections: before the servers can go, all calls must have ended. Each has a
  // deadline.
  void AwaitCalls();

  CallerLimits& limits() { return limits_; }
  Tenants& tenants() { return tenants_; }
  Metrics& metrics() { return metrics_; }
  const Routes& routes() const { return routes_; }
  // Of /service/rpc. Crashes where the gateway does not offer it.
  const Route& RouteOf(std::string_view rpc) const;
  const VerifyPages& verify_pages() const { return verify_pages_; }
  const Texts& texts() const { return texts_; }
  std::chrono::milliseconds deadline() const { return deadline_; }

 private:
  Result<std::shared_ptr<Exchange>> OpenCall(const RequestHead& head, RequestRecord& record);
  Opened OpenPage(const RequestHead& head, const Page& page, RequestRecord& record);
  Opened OpenVerify(const RequestHead& head, RequestRecord& record);
  // Nothing where the method may ask for a page.
  std::optional<Opened> RefuseMethod(const RequestHead& head, const RequestRecord& record);
  // Too often or too much. Cheap, for there may be many.
  Opened Refused(const RequestHead& head, const RequestRecord& record, const Error& error);
  // One of many: counted, but in the log only as one of a number once a second.
  void CountRefusal(const RequestRecord& record, const Error& error, unsigned status);
  void TellRefusals(uint64_t count);

  Texts texts_;
  Schemas schemas_;
  Routes routes_;
  Pages pages_;
  VerifyPages verify_pages_;
  CallerLimits limits_;
  Tenants tenants_;
  std::map<std::string, Admission, std::less<>> admissions_;  // by service
  RefusalSummary refusals_;
  Metrics metrics_;
  std::chrono::milliseconds deadline_;
  struct Peer {
    std::unique_ptr<rpc::UnaryClient> client;
    std::unique_ptr<Stub> stub;  // for streams
  };
  std::map<std::string, Peer> peers_;  // by service
  std::mutex mutex_;
  std::condition_variable ended_;
  int64_t calls_ = 0;
};

}  // namespace zonelink::gateway
