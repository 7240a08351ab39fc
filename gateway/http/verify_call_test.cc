// SPDX-License-Identifier: Apache-2.0
// The verification pages over a real socket, in front of a real rpc::Server.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>

#include "gateway/http/gateway_module.h"
#include "gateway/http/raw_client.h"
#include "gateway/http/verify_testing.h"
#include "platform/core/testing_clock.h"
#include "platform/log/log.h"
#include "zonelink/directory/v1/directory_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::gateway {
namespace {

using google::protobuf::Message;

constexpr char kDirectory[] = "zonelink.directory.v1.DirectoryService";
constexpr char kRecognition[] = "zonelink.recognition.v1.RecognitionService";
constexpr char kLedger[] = "zonelink.ledger.v1.LedgerService";

// What the services say; each may be changed by a test between requests.
class Services {
 public:
  explicit Services(rpc::Server& server) {
    rpc::Binder(server, kRecognition, this).Unary("VerifyRecognition", &Services::Verify);
    rpc::Binder(server, kDirectory, this).Unary("ListZones", &Services::ListZones);
    rpc::Binder(server, kLedger, this)
        .Unary("GetReceipt", &Services::GetReceipt)
        .Unary("GetLedger", &Services::GetLedger);
    BindRest(server, kRecognition, {"VerifyRecognition"});
    BindRest(server, kDirectory, {"ListZones"});
    BindRest(server, kLedger, {"GetReceipt", "GetLedger"});
  }

  Result<recognition::v1::Recognition> Verify(
      const Call& call, const recognition::v1::VerifyRecognitionRequest& request) {
    EXPECT_TRUE(call.caller.user_id.empty()) << "asked as a stranger";
    if (trouble) return *trouble;
    if (request.number() != shown.number()) return NotFound("RECOGNITION_NOT_FOUND", "no such");
    return shown;
  }
  Result<directory::v1::ListZonesResponse> ListZones(const Call&,
                                                     const directory::v1::ListZonesRequest&) {
    if (no_zones) return Unavailable("PEER_DOWN", "directory");
    directory::v1::ListZonesResponse zones;
    auto& zone = *zones.add_items();
    zone.set_zone_id("zhejiang");
    zone.set_name_zh("浙江自贸区");
    zone.set_name_en("Zhejiang <FTZ>");
    return zones;
  }
  Result<ledger::v1::Receipt> GetReceipt(const Call&, const ledger::v1::GetReceiptRequest&) {
    if (no_receipt) return *no_receipt;
    return ledger_.receipt;
  }
  Result<ledger::v1::Ledger> GetLedger(const Call&, const ledger::v1::GetLedgerRequest&) {
    return ledger_.about;
  }

  recognition::v1::Recognition shown = ShownRecognition();
  std::optional<Error> trouble;
  std::optional<Error> no_receipt;
  bool no_zones = false;

 private:
  static void BindRest(rpc::Server& server, const std::string& name,
                       const std::set<std::string>& bound) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string method = service->method(i)->name();
      if (bound.count(method) > 0) continue;
      server.AddUnary(name + "/" + method,
                      [](const Call&, const Message&) -> Result<std::unique_ptr<Message>> {
                        return Internal("not asked here");
                      });
    }
  }

  TestLedger ledger_;
};

config::v1::Config ConfigOf(unsigned per_address) {
  config::v1::Config config;
  config.mutable_http()->set_port(0);
  config.mutable_http()->set_admin_port(0);
  config.mutable_limits()->set_requests_per_address(per_address);
  return config;
}

class VerifyCallTest : public testing::Test {
 protected:
  explicit VerifyCallTest(unsigned per_address = 1000)
      : config_(ConfigOf(per_address)),
        service_tokens_(std::make_shared<rpc::ServiceTokens>(secret_)),
        tokens_(
            service_tokens_->key(),
            []() -> Result<std::vector<rpc::PublicKey>> { return std::vector<rpc::PublicKey>(); },
            clock_),
        server_({.workers = 2, .in_flight = 16, .deadline = std::chrono::milliseconds(5000)},
                tokens_),
        services_(server_),
        events_(server_),
        channels_(std::map<std::string, std::string>(), service_tokens_),
        pages_(secret_) {
    log::Setup("error");
    EXPECT_TRUE(server_.Start(""));
    for (const char* service : {"directory", "recognition", "worklist", "ledger", "documents"}) {
      channels_.SetLocal(service, server_);
    }
    const Environment env{config_, clock_,  secret_, server_,  channels_, tokens_,
                          pages_,  events_, clocks_, denials_, {}};
    gateway_ = GatewayModule::Create(env, []() -> Status { return Done{}; }).value();
    gateway_->Start();
  }
  ~VerifyCallTest() override {
    gateway_->Stop();
    server_.Stop(std::chrono::milliseconds(1000));
  }

  std::string Ask(const std::string& line, const std::string& headers = "") {
    RawClient client(gateway_->http_port());
    client.Send(line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
    return client.Read();
  }
  std::string Page(const std::string& number = "R2026-ABCDEFGHJKMN?lang=en") {
    return Ask("GET /verify/" + number);
  }

  const std::string secret_ = "a deployment's secret of more than 32 bytes";
  const config::v1::Config config_;
  HandClock clock_;
  std::shared_ptr<rpc::ServiceTokens> service_tokens_;
  rpc::TokenVerifier tokens_;
  rpc::Server server_;
  Services services_;
  outbox::EventsService events_;
  clocks::ClocksService clocks_{server_};
  outbox::DenialLog denials_{clock_};
  rpc::Channels channels_;
  rpc::Pages pages_;
  std::unique_ptr<GatewayModule> gateway_;
};

TEST_F(VerifyCallTest, ShowsStatusZonesAndProof) {
  const std::string page = Page();
  EXPECT_EQ(StatusOf(page), "200");
  for (const char* part : {"<strong>Valid</strong>", "Zhejiang &lt;FTZ&gt;", "<bdi>shanghai</bdi>",
                           "tree of 3 entries", "Content-Type: text/html; charset=utf-8\r\n",
                           "Cache-Control: no-store\r\n", "X-Request-Id: ", "default-src 'none'"}) {
    EXPECT_TRUE(Has(page, part)) << part << page;
  }
  EXPECT_FALSE(Has(page, "Set-Cookie"));
  services_.shown.set_state(recognition::v1::RECOGNITION_STATE_REVOKED);
  EXPECT_TRUE(Has(Page(), "<strong>Revoked</strong>")) << "asked anew each time";
}

TEST_F(VerifyCallTest, TokensAreNotLookedAt) {
  EXPECT_EQ(StatusOf(Ask("GET /verify/R2026-ABCDEFGHJKMN", "Authorization: Bearer x\r\n")), "200");
  EXPECT_EQ(StatusOf(Ask("POST /verify")), "405");
  const std::string head = Ask("HEAD /verify/R2026-ABCDEFGHJKMN");
  EXPECT_EQ(StatusOf(head), "200");
  EXPECT_FALSE(Has(head, "<html"));
}

TEST_F(VerifyCallTest, FormLeadsToThePageOfTheNumber) {
  const std::string form = Ask("GET /verify", "Accept-Language: en\r\n");
  EXPECT_EQ(StatusOf(form), "200");
  EXPECT_TRUE(Has(form, "action=\"/verify\""));
  const std::string sent = Ask("GET /verify?number=r2026-abcdefghjkmn&lang=en");
  EXPECT_EQ(StatusOf(sent), "302");
  EXPECT_TRUE(Has(sent, "Location: /verify/R2026-ABCDEFGHJKMN?lang=en\r\n")) << sent;
  const std::string style = Ask("GET /verify.css");
  EXPECT_EQ(StatusOf(style), "200");
  EXPECT_TRUE(Has(style, "Content-Type: text/css; charset=utf-8\r\n"));
}

TEST_F(VerifyCallTest, WhatIsNotThereHasOnePage) {
  const auto body = [](const std::string& answer) {
    return answer.substr(answer.find("<!doctype"));
  };
  const std::string unknown = Page("R2026-UNKNOWN?lang=en");
  EXPECT_EQ(StatusOf(unknown), "404");
  for (const char* number : {"%3Cscript%3E?lang=en", "a/b?lang=en", "%ff?lang=en"}) {
    const std::string other = Page(number);
    EXPECT_EQ(StatusOf(other), "404") << number;
    EXPECT_EQ(body(other), body(unknown)) << number;
  }
}

TEST_F(VerifyCallTest, SaysThatTheServiceIsDown) {
  services_.trouble = Unavailable("PEER_DOWN", "password of the database");
  const std::string page = Page();
  EXPECT_EQ(StatusOf(page), "503");
  EXPECT_TRUE(Has(page, "Retry-After: 1\r\n"));
  EXPECT_TRUE(Has(page, "Cannot verify just now"));
  EXPECT_FALSE(Has(page, "password"));
  services_.trouble = Internal("password of the database");
  EXPECT_EQ(StatusOf(Page()), "500");
}

TEST_F(VerifyCallTest, StatusStandsWithoutLedgerAndDirectory) {
  services_.no_zones = true;
  services_.no_receipt = FailedPrecondition("RECEIPT_PENDING", "soon");
  const std::string pending = Page();
  EXPECT_TRUE(Has(pending, "<strong>Valid</strong>"));
  EXPECT_TRUE(Has(pending, "<bdi>zhejiang</bdi>"));
  EXPECT_TRUE(Has(pending, "Not yet included"));
  services_.no_receipt = Unavailable("PEER_DOWN", "ledger");
  EXPECT_TRUE(Has(Page(), "the proof was not checked"));
  services_.shown.clear_proof();
  EXPECT_TRUE(Has(Page(), "No event of the ledger is recorded"));
}

class SlowVerifyTest : public VerifyCallTest {
 protected:
  SlowVerifyTest() : VerifyCallTest(2) {}
};

TEST_F(SlowVerifyTest, AddressesMayAskAsOftenAsForAnyPublicCall) {
  std::string last;
  for (int i = 0; i < 5; ++i) last = Page();
  EXPECT_EQ(StatusOf(last), "429");
  EXPECT_TRUE(Has(last, "Too many requests"));
  EXPECT_TRUE(Has(last, "Retry-After: "));
  EXPECT_TRUE(Has(last, "default-src 'none'"));
}

}  // namespace
}  // namespace zonelink::gateway
