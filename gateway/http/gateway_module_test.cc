// SPDX-License-Identifier: Apache-2.0
// The whole gateway over real sockets, in front of a real rpc::Server with handlers that tell what
// they saw.
#include "gateway/http/gateway_module.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <set>

#include "gateway/http/raw_client.h"
#include "platform/core/testing_clock.h"
#include "platform/log/log.h"
#include "zonelink/api/raw.pb.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::Message;
using recognition::v1::Filing;
using recognition::v1::SubmitFilingRequest;
using worklist::v1::CloudEvent;
using worklist::v1::ListInboxRequest;
using worklist::v1::ListInboxResponse;
using worklist::v1::StreamEventsRequest;

constexpr char kLedger[] = "zonelink.ledger.v1.LedgerService";
constexpr char kWorklist[] = "zonelink.worklist.v1.WorklistService";
constexpr char kRecognition[] = "zonelink.recognition.v1.RecognitionService";
constexpr char kFilingBody[] =
    R"({"itemId":"origin","homeZone":"shanghai","targetZones":["jiangsu"],)"
    R"("applicant":{"uscc":"91310000XY0001015T","name":"上海"},)"
    R"("credential":{"number":"1","issuer":"i","issuedOn":"2026-01-01","validUntil":"2027-01-01"},)"
    R"("attributes":{"a":"b"}})";

std::string EveryByte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

// Worklist, recognition and ledger: answers that tell what came.
class Fake {
 public:
  explicit Fake(rpc::Server& server) {
    rpc::Binder(server, kWorklist, this)
        .Unary("ListInbox", &Fake::ListInbox)
        .Stream("StreamEvents", &Fake::StreamEvents);
    rpc::Binder(server, kLedger, this)
        .Unary("GetTile", &Fake::GetTile)
        .Unary("GetCheckpoint", &Fake::GetCheckpoint)
        .Unary("GetReceipt", &Fake::GetReceipt);
    BindRest(server, kLedger, {"GetTile", "GetCheckpoint", "GetReceipt"});
    BindRest(server, kRecognition, {});
  }

  void BindRest(rpc::Server& server, const std::string& name, const std::set<std::string>& bound) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      if (bound.count(method->name()) > 0) continue;
      server.AddUnary(name + "/" + method->name(),
                      [this, method](const Call& call, const Message& request) {
                        return Other(*method, call, request);
                      });
    }
  }

  Result<ListInboxResponse> ListInbox(const Call& call, const ListInboxRequest& request) {
    if (request.page_token() == "held") held_.wait(true);
    if (request.page_token() == "missing") return NotFound("FILING_NOT_FOUND", "no such filing");
    if (request.page_token() == "broken") return Internal("password of the database");
    ListInboxResponse response;
    auto& item = *response.add_items();
    item.set_why_en(call.caller.user_id + "/" + call.request_id + "/" + call.trace_parent);
    item.set_remaining_days(request.page_size());
    return response;
  }

  // Level 0 lasts, level 1 is empty, level 2 is not what a Raw may be.
  Result<api::Raw> GetTile(const Call&, const ledger::v1::GetTileRequest& request) {
    api::Raw raw;
    raw.set_content_type(request.level() == "2" ? "image/svg+xml" : "application/octet-stream");
    raw.set_immutable(request.level() == "0");
    if (request.level() != "1") raw.set_data(EveryByte() + request.index());
    return raw;
  }

  Result<api::Raw> GetCheckpoint(const Call&, const ledger::v1::GetCheckpointRequest&) {
    api::Raw raw;
    raw.set_content_type("text/plain; charset=utf-8");
    raw.set_data("origin\n1\n");
    return raw;
  }

  Result<ledger::v1::Receipt> GetReceipt(const Call&,
                                         const ledger::v1::GetReceiptRequest& request) {
    if (request.event_id() == "pending") {
      return FailedPrecondition("RECEIPT_PENDING", "soon", {{"retry_after_seconds", "1"}});
    }
    ledger::v1::Receipt receipt;
    receipt.set_salt(std::string("\0\xff", 2));
    return receipt;
  }

  Status StreamEvents(const Call&, const StreamEventsRequest& request,
                      std::shared_ptr<rpc::StreamSink> sink) {
    if (request.last_event_id() == "unknown") {
      return InvalidArgument("LAST_EVENT_UNKNOWN", "no such event");
    }
    CloudEvent event;
    event.set_id(request.last_event_id() + "1");
    event.set_type("zonelink.test");
    sink->Write(event);
    const std::lock_guard lock(mutex_);
    sinks_.push_back(std::move(sink));
    return Done{};
  }

  Result<std::unique_ptr<Message>> Other(const google::protobuf::MethodDescriptor& method,
                                         const Call& call, const Message& request) {
    std::unique_ptr<Message> reply(google::protobuf::MessageFactory::generated_factory()
                                       ->GetPrototype(method.output_type())
                                       ->New());
    if (method.name() == "SubmitFiling") {
      auto& filing = static_cast<Filing&>(*reply);
      filing.set_filing_id(call.idempotency_key);
      filing.set_etag("1");
      *filing.mutable_attributes() = static_cast<const SubmitFilingRequest&>(request).attributes();
    }
    return reply;
  }

  void Hold() { held_ = true; }
  void LetGo() {
    held_ = false;
    held_.notify_all();
  }

  bool StreamGone() {
    const std::lock_guard lock(mutex_);
    return !sinks_.empty() && sinks_.back()->Cancelled();
  }
  std::vector<std::shared_ptr<rpc::StreamSink>> TakeSinks() {
    const std::lock_guard lock(mutex_);
    return std::move(sinks_);
  }

 private:
  std::atomic<bool> held_{false};
  std::mutex mutex_;
  std::vector<std::shared_ptr<rpc::StreamSink>> sinks_;
};

constexpr const char* kServices[] = {"directory", "recognition", "worklist", "ledger", "documents"};

config::v1::Config TestConfig() {
  config::v1::Config config;
  config.mutable_http()->set_port(0);
  config.mutable_http()->set_admin_port(0);
  config.mutable_limits()->set_body_bytes(10'000);
  config.mutable_limits()->set_streams_per_caller(1);
  config.mutable_limits()->set_requests_per_address(1000);
  return config;
}

class GatewayTest : public testing::Test {
 protected:
  // `remote`: the services are reached as if in another process.
  explicit GatewayTest(config::v1::Config config = TestConfig(), bool remote = false)
      : config_(std::move(config)),
        key_(crypto::Ed25519Key::FromSeed(std::string(32, 'u'))),
        service_tokens_(std::make_shared<rpc::ServiceTokens>(secret_)),
        tokens_(
            service_tokens_->key(),
            [this]() -> Result<std::vector<rpc::PublicKey>> {
              return std::vector<rpc::PublicKey>{{key_.KeyId(), key_.PublicRaw()}};
            },
            clock_),
        server_({.workers = 2, .in_flight = 16, .deadline = std::chrono::milliseconds(5000)},
                tokens_),
        fake_(server_),
        events_(server_),
        channels_(StartServer(remote), service_tokens_),
        pages_(secret_) {
    log::Setup("error");
    for (const char* service : kServices) {
      if (!remote) channels_.SetLocal(service, server_);
    }
    const Environment env{config_, clock_,  secret_, server_,  channels_, tokens_,
                          pages_,  events_, clocks_, denials_, {}};
    auto made = GatewayModule::Create(env, [this]() -> Status {
      if (ready_) return Done{};
      return Unavailable("NOT_CAUGHT_UP", "worklist");
    });
    EXPECT_TRUE(made);
    gateway_ = *std::move(made);
    EXPECT_FALSE(gateway_->Ready());
    gateway_->Start();
    EXPECT_TRUE(gateway_->Ready());
  }
  ~GatewayTest() override {
    gateway_->Stop();
    for (const auto& sink : fake_.TakeSinks()) sink->Finish(Done{});
    server_.Stop(std::chrono::milliseconds(1000));
  }

  // What the services' channels are to know.
  std::map<std::string, std::string> StartServer(bool remote) {
    EXPECT_TRUE(server_.Start(remote ? "127.0.0.1:0" : ""));
    std::map<std::string, std::string> peers;
    for (const char* service : kServices) {
      if (remote) peers[service] = "127.0.0.1:" + std::to_string(server_.port());
    }
    return peers;
  }

  std::string Bearer(const std::string& role = "filer") const {
    Caller caller;
    caller.user_id = "u-1";
    caller.session_id = "s-1";
    caller.organization_id = "o-1";
    caller.roles = {role};
    return "Authorization: Bearer " +
           rpc::SignToken(key_, caller, clock_.Now(), std::chrono::seconds(600)) + "\r\n";
  }
  std::string Ask(int port, const std::string& line, const std::string& headers = "",
                  const std::string& body = "") {
    RawClient client(port);
    std::string request = line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers;
    if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    client.Send(request + "\r\n" + body);
    return client.Read();
  }
  std::string Get(const std::string& target, const std::string& headers = "") {
    return Ask(gateway_->http_port(), "GET " + target, headers);
  }
  std::string Post(const std::string& target, const std::string& body,
                   const std::string& headers = "") {
    return Ask(gateway_->http_port(), "POST " + target,
               "Content-Type: application/json\r\n" + headers, body);
  }
  std::string Admin(const std::string& target) {
    return Ask(gateway_->admin_port(), "GET " + target);
  }

  const std::string secret_ = "a deployment's secret of more than 32 bytes";
  const config::v1::Config config_;
  HandClock clock_;
  bool ready_ = false;
  crypto::Ed25519Key key_;
  std::shared_ptr<rpc::ServiceTokens> service_tokens_;
  rpc::TokenVerifier tokens_;
  rpc::Server server_;
  Fake fake_;
  outbox::EventsService events_;
  clocks::ClocksService clocks_{server_};
  outbox::DenialLog denials_{clock_};
  rpc::Channels channels_;
  rpc::Pages pages_;
  std::unique_ptr<GatewayModule> gateway_;
};

std::string ReasonOf(const std::string& answer) {
  const size_t body = answer.find("\r\n\r\n");
  if (body == std::string::npos) return "no answer";
  simdjson::dom::parser parser;
  std::string_view reason;
  if (parser.parse(answer.substr(body + 4))["reason"].get(reason)) return "no reason";
  return std::string(reason);
}

TEST_F(GatewayTest, ForwardsAReadWithCallerAndIds) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const std::string answer =
      Get("/v1/inbox?pageSize=3", Bearer() + "X-Request-Id: r-7\r\ntraceparent: " + trace + "\r\n");
  EXPECT_EQ(StatusOf(answer), "200");
  EXPECT_TRUE(Has(answer, R"({"items":[{"whyEn":"u-1/r-7/)" + trace +
                              R"(","provisional":false,)"
                              R"("remainingDays":3}]})"))
      << answer;
  EXPECT_TRUE(Has(answer, "X-Request-Id: r-7\r\n"));
  EXPECT_TRUE(Has(answer, "Cache-Control: no-store\r\n"));
  EXPECT_TRUE(Has(answer, "X-Content-Type-Options: nosniff\r\n"));
}

TEST_F(GatewayTest, ForwardsACommand) {
  const std::string answer =
      Post("/v1/filings", kFilingBody, Bearer() + "Idempotency-Key: key-1\r\n");
  EXPECT_EQ(StatusOf(answer), "201");
  EXPECT_TRUE(Has(answer, R"("filingId":"key-1")")) << answer;
  EXPECT_TRUE(Has(answer, R"("attributes":{"a":"b"})"));
  EXPECT_TRUE(Has(answer, "ETag: \"1\"\r\n"));
}

class RemoteGatewayTest : public GatewayTest {
 protected:
  RemoteGatewayTest() : GatewayTest(TestConfig(), true) {}
};

TEST_F(RemoteGatewayTest, ForwardsToAnotherProcess) {
  const std::string read = Get("/v1/inbox?pageSize=3", Bearer() + "X-Request-Id: r-7\r\n");
  EXPECT_EQ(StatusOf(read), "200");
  EXPECT_TRUE(Has(read, R"("whyEn":"u-1/r-7/)")) << read;
  const std::string written =
      Post("/v1/filings", kFilingBody, Bearer() + "Idempotency-Key: key-1\r\n");
  EXPECT_EQ(StatusOf(written), "201");
  EXPECT_TRUE(Has(written, R"("filingId":"key-1")")) << written;
  EXPECT_EQ(ReasonOf(Get("/v1/inbox?pageToken=missing", Bearer())), "FILING_NOT_FOUND");
  EXPECT_FALSE(Has(Get("/v1/inbox?pageToken=broken", Bearer()), "password"));
  EXPECT_EQ(ReasonOf(Get("/v1/inbox", "Authorization: Bearer x\r\n")), "TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(Post("/v1/filings", "{}", Bearer("verifier"))), "ROLE_NEEDED");
}

config::v1::Config ImpatientConfig() {
  config::v1::Config config = TestConfig();
  config.mutable_limits()->set_deadline_ms(100);
  return config;
}

class ImpatientGatewayTest : public GatewayTest, public testing::WithParamInterface<bool> {
 protected:
  ImpatientGatewayTest() : GatewayTest(ImpatientConfig(), GetParam()) {}
};

// As if the database hung: the service is to answer within its time, and does not.
TEST_P(ImpatientGatewayTest, AnswersForAServiceThatDoesNot) {
  fake_.Hold();
  const std::string late = Get("/v1/inbox?pageToken=held", Bearer());
  EXPECT_EQ(StatusOf(late), "504");
  EXPECT_EQ(ReasonOf(late), "DEADLINE_EXCEEDED");
  fake_.LetGo();
  EXPECT_EQ(StatusOf(Get("/v1/inbox", Bearer())), "200");
}

INSTANTIATE_TEST_SUITE_P(Places, ImpatientGatewayTest, testing::Bool(), [](const auto& info) {
  return info.param ? "OtherProcess" : "SameProcess";
});

TEST_F(GatewayTest, RefusesByName) {
  EXPECT_EQ(ReasonOf(Get("/v1/inbox")), "LOGIN_NEEDED");
  EXPECT_EQ(ReasonOf(Get("/v1/inbox", "Authorization: Basic x\r\n")), "TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(Get("/v1/inbox", "Authorization: Bearer x\r\n")), "TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(Get("/v1/inbox?pageSize=999", Bearer())), "REQUEST_INVALID");
  EXPECT_EQ(ReasonOf(Get("/v1/inbox?pageSize=x", Bearer())), "FIELD_WRONG_TYPE");
  EXPECT_EQ(ReasonOf(Get("/v1/nothing", Bearer())), "PATH_UNKNOWN");
  EXPECT_EQ(ReasonOf(Post("/v1/filings", "{", Bearer())), "JSON_INVALID");
  EXPECT_EQ(ReasonOf(Post("/v1/filings", "{}", Bearer("verifier"))), "ROLE_NEEDED");
  EXPECT_EQ(ReasonOf(Post("/v1/filings", "{}", Bearer() + "Idempotency-Key: a b\r\n")),
            "IDEMPOTENCY_KEY_INVALID");
  EXPECT_EQ(ReasonOf(Post("/v1/filings", std::string(20'000, ' '), Bearer())), "BODY_TOO_LARGE");
  EXPECT_EQ(ReasonOf(Ask(gateway_->http_port(), "POST /v1/filings",
                         Bearer() + "Content-Type: text/plain\r\n", "{}")),
            "MEDIA_TYPE_UNSUPPORTED");
  const std::string wrong = Ask(gateway_->http_port(), "PUT /v1/filings", Bearer());
  EXPECT_EQ(StatusOf(wrong), "405");
  EXPECT_TRUE(Has(wrong, "Allow: POST, GET, HEAD\r\n"));
  const std::string anonymous = Get("/v1/inbox", "Accept-Language: en\r\n");
  EXPECT_TRUE(Has(anonymous, "WWW-Authenticate: Bearer\r\n"));
  EXPECT_TRUE(Has(anonymous, "Log in first."));
}

TEST_F(GatewayTest, PassesRefusalsOfServices) {
  const std::string missing = Get("/v1/inbox?pageToken=missing", Bearer());
  EXPECT_EQ(StatusOf(missing), "404");
  EXPECT_EQ(ReasonOf(missing), "FILING_NOT_FOUND");
  EXPECT_TRUE(Has(missing, "没有这份申报"));
  const std::string broken = Get("/v1/inbox?pageToken=broken", Bearer());
  EXPECT_EQ(StatusOf(broken), "500");
  EXPECT_FALSE(Has(broken, "password"));
}

std::string BodyOf(const std::string& answer) {
  const size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "no answer" : answer.substr(end + 4);
}

TEST_F(GatewayTest, AnswersWithBytesAsTheyAre) {
  const std::string tile = Get("/v1/ledger/tile/0/x001/067.p/9", "Accept: text/plain\r\n");
  EXPECT_EQ(StatusOf(tile), "200");
  EXPECT_EQ(BodyOf(tile), EveryByte() + "x001/067.p/9");
  EXPECT_TRUE(Has(tile, "Content-Type: application/octet-stream\r\n"));
  EXPECT_TRUE(Has(tile, "Content-Length: 268\r\n"));
  EXPECT_TRUE(Has(tile, "Cache-Control: public, max-age=31536000, immutable\r\n"));
  EXPECT_FALSE(Has(tile, "no-store"));
  EXPECT_TRUE(Has(tile, "X-Content-Type-Options: nosniff\r\n"));
  EXPECT_TRUE(Has(tile, "X-Request-Id: "));
  const std::string head = Ask(gateway_->http_port(), "HEAD /v1/ledger/tile/0/x001/067.p/9");
  EXPECT_EQ(StatusOf(head), "200");
  EXPECT_EQ(BodyOf(head), "");
  EXPECT_TRUE(Has(head, "Content-Length: 268\r\n"));
  EXPECT_TRUE(Has(head, "Cache-Control: public, max-age=31536000, immutable\r\n"));
  const std::string empty = Get("/v1/ledger/tile/1/000");
  EXPECT_EQ(BodyOf(empty), "");
  EXPECT_TRUE(Has(empty, "Content-Length: 0\r\n"));
  EXPECT_TRUE(Has(empty, "Cache-Control: no-cache\r\n"));
  const std::string checkpoint = Get("/v1/ledger/checkpoint", "Accept: */*\r\n");
  EXPECT_EQ(BodyOf(checkpoint), "origin\n1\n");
  EXPECT_TRUE(Has(checkpoint, "Content-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_TRUE(Has(checkpoint, "Cache-Control: no-cache\r\n"));
}

TEST_F(GatewayTest, RefusesBytesOfOtherKinds) {
  const std::string answer = Get("/v1/ledger/tile/2/000");
  EXPECT_EQ(StatusOf(answer), "500");
  EXPECT_EQ(ReasonOf(answer), "INTERNAL");
  EXPECT_TRUE(Has(answer, "Cache-Control: no-store\r\n"));
  EXPECT_FALSE(Has(answer, "svg"));
  EXPECT_EQ(ReasonOf(Get("/v1/ledger/tile/0/x001%2f067")), "PATH_INVALID");
  EXPECT_EQ(ReasonOf(Get("/v1/ledger/tile/0/x001//067")), "PATH_UNKNOWN");
}

TEST_F(GatewayTest, AnswersWithBytesInsideJson) {
  EXPECT_TRUE(Has(Get("/v1/ledger/receipts/e"), R"("salt":"AP8=")"));
  const std::string pending = Get("/v1/ledger/receipts/pending");
  EXPECT_EQ(StatusOf(pending), "409");
  EXPECT_EQ(ReasonOf(pending), "RECEIPT_PENDING");
  EXPECT_TRUE(Has(pending, "Retry-After: 1\r\n"));
}

config::v1::Config TwoASecond() {
  config::v1::Config config = TestConfig();
  config.mutable_limits()->set_requests_per_address(2);
  config.mutable_limits()->set_body_bytes(100'000);
  return config;
}

class SlowGatewayTest : public GatewayTest {
 protected:
  SlowGatewayTest() : GatewayTest(TwoASecond()) {}
};

// The next request finds the connection where the refused one's body ended.
TEST_F(SlowGatewayTest, ARefusalReadsTheBodyAndKeepsTheConnection) {
  const std::string request =
      "POST /v1/filings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
      std::to_string(sizeof(kFilingBody) - 1) + "\r\n" + Bearer() + "\r\n" + kFilingBody;
  RawClient client(gateway_->http_port());
  std::string answer;
  for (int i = 0; i < 1000 && StatusOf(answer) != "429"; ++i) {
    client.Send(request);
    answer = client.Read("}");
  }
  EXPECT_EQ(StatusOf(answer), "429");
  EXPECT_FALSE(Has(answer, "Connection: close")) << answer;
  client.Send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(Has(client.Read("\r\n\r\n"), "HTTP/1.1 4")) << "on the same connection";
}

TEST_F(SlowGatewayTest, ARefusalReadsNoBodyThatIsLargeOrInvited) {
  for (const char* header : {"Content-Length: 65537\r\n", "Transfer-Encoding: chunked\r\n",
                             "Content-Length: 5\r\nExpect: 100-continue\r\n"}) {
    std::string answer;
    for (int i = 0; i < 1000 && StatusOf(answer) != "429"; ++i) {
      answer = Ask(gateway_->http_port(), "GET /v1/ledger/checkpoint");
    }
    RawClient client(gateway_->http_port());
    client.Send(std::string("POST /v1/filings HTTP/1.1\r\nHost: x\r\n") + header + "\r\n");
    answer = client.Read("\r\n\r\n");
    EXPECT_EQ(StatusOf(answer), "429") << header;
    EXPECT_TRUE(Has(answer, "Connection: close")) << header;
  }
}

TEST_F(SlowGatewayTest, SaysWhenToAskAgain) {
  std::string answer = Get("/v1/ledger/checkpoint");
  EXPECT_EQ(StatusOf(answer), "200");
  // Two a second fit into no machine's pause between requests; the bound is for a test that fails.
  for (int i = 0; i < 1000 && StatusOf(answer) == "200"; ++i) answer = Get("/v1/ledger/checkpoint");
  EXPECT_EQ(StatusOf(answer), "429");
  EXPECT_EQ(ReasonOf(answer), "RATE_LIMITED");
  EXPECT_TRUE(Has(answer, "Retry-After: 1\r\n"));
}

// Nobody looks at the token of a public read: it must not count for more than none.
TEST_F(SlowGatewayTest, GivesInventedTokensNoMoreThanAnAddress) {
  int limited = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string answer = Get("/v1/ledger/checkpoint", "Authorization: Bearer invented\r\n");
    limited += StatusOf(answer) == "429" ? 1 : 0;
  }
  EXPECT_GT(limited, 0);
}

TEST_F(GatewayTest, StreamsEvents) {
  RawClient client(gateway_->http_port());
  client.Send("GET /v1/events:stream HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 4\r\n" + Bearer() +
              "\r\n");
  const std::string begun = client.Read("\n\n");
  EXPECT_TRUE(Has(begun, "Content-Type: text/event-stream\r\n"));
  EXPECT_TRUE(Has(begun, "id: 41\nevent: zonelink.test\ndata: {\"id\":\"41\",")) << begun;
  EXPECT_EQ(ReasonOf(Get("/v1/events:stream", Bearer())), "STREAMS_EXHAUSTED");
}

TEST_F(GatewayTest, RefusesStreamsBeforeTheyBegin) {
  EXPECT_EQ(ReasonOf(Get("/v1/events:stream")), "LOGIN_NEEDED");
  EXPECT_EQ(ReasonOf(Get("/v1/events:stream", Bearer() + "Last-Event-ID: unknown\r\n")),
            "LAST_EVENT_UNKNOWN");
  EXPECT_EQ(StatusOf(Ask(gateway_->http_port(), "HEAD /v1/events:stream", Bearer())), "405");
}

TEST_F(GatewayTest, CancelsStreamsOfReadersThatLeave) {
  {
    RawClient client(gateway_->http_port());
    client.Send("GET /v1/events:stream HTTP/1.1\r\nHost: x\r\n" + Bearer() + "\r\n");
    EXPECT_TRUE(Has(client.Read("zonelink.test"), "zonelink.test"));
  }
  // Cancellation crosses three threads; the deadline is only for a test that fails.
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!fake_.StreamGone() && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  EXPECT_TRUE(fake_.StreamGone());
}

TEST_F(GatewayTest, ShowsItsPages) {
  EXPECT_TRUE(Has(Get("/"), "Location: /docs\r\n"));
  EXPECT_TRUE(Has(Get("/docs"), "Content-Security-Policy: default-src 'self'"));
  EXPECT_TRUE(Has(Get("/openapi.json"), R"("openapi":"3.1.0")"));
  EXPECT_EQ(StatusOf(Post("/docs", "{}")), "405");
}

TEST_F(GatewayTest, TellsHowItIs) {
  EXPECT_EQ(StatusOf(Admin("/healthz")), "200");
  const std::string waiting = Admin("/readyz");
  EXPECT_EQ(StatusOf(waiting), "503");
  EXPECT_EQ(ReasonOf(waiting), "NOT_CAUGHT_UP");
  ready_ = true;
  EXPECT_EQ(StatusOf(Admin("/readyz")), "200");
  Get("/v1/inbox", Bearer());
  const std::string metrics = Admin("/metrics");
  EXPECT_TRUE(Has(metrics, R"(zonelink_http_requests_total{route="GET /v1/inbox",status="200"} 1)"))
      << metrics;
  // The gauge falls after the answer has left; the deadline is only for a test that fails.
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  bool idle = false;
  while (!idle && std::chrono::steady_clock::now() < limit) {
    idle = Has(Admin("/metrics"), "zonelink_http_in_flight 0");
  }
  EXPECT_TRUE(idle);
  EXPECT_EQ(StatusOf(Admin("/nothing")), "404");
}

}  // namespace
}  // namespace zonelink::gateway
