// SPDX-License-Identifier: Apache-2.0
// The whole service behind its server, fed by other services' logs: from an event to its receipt
// and to the end of its salt.
#include "ledger/module.h"

#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "ledger/domain/receipt.h"
#include "ledger/domain/testing_log.h"
#include "ledger/settings.h"
#include "platform/core/clock.h"
#include "platform/db/scratch_database.h"
#include "platform/outbox/append.h"
#include "platform/outbox/denial_log.h"
#include "platform/outbox/event_log.h"
#include "platform/rpc/status.h"
#include "zonelink/events/v1/directory_events.pb.h"
#include "zonelink/events/v1/ledger_events.pb.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"

namespace zonelink::ledger {
namespace {

const db::Schema kSource{.name = "recognition", .migrations = {}};
const std::string kSecret = "a deployment's secret of more than thirty-two bytes";

// A PKCS#8 file with the key of TestSigner::Log().
std::string WriteKey(const std::filesystem::path& folder) {
  const std::string der =
      FromHex("302e020100300506032b657004220420") + crypto::Sha256(TestSigner::Log().key.name);
  const auto path = folder / "key.pem";
  std::ofstream(path) << "-----BEGIN PRIVATE KEY-----\n"
                      << crypto::Base64Encode(der) << "\n-----END PRIVATE KEY-----\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  return path;
}

config::v1::Ledger LedgerConfig(const std::filesystem::path& folder) {
  config::v1::Ledger ledger;
  ledger.set_origin(TestSigner::Log().key.name);
  ledger.set_signing_key_file(WriteKey(folder));
  ledger.set_state_file(folder / "head");
  return ledger;
}

struct Folder {
  const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                     ("zl-ledger-" + crypto::HexEncode(crypto::RandomBytes(8)));
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

class ModuleTest : public testing::Test {
 protected:
  ModuleTest()
      : ledger_scratch_(Schema()),
        source_scratch_(kSource),
        idle_scratch_(kSource),
        source_(source_scratch_.OptionsFor(kSource)),
        idle_(idle_scratch_.OptionsFor(kSource)),
        source_log_(source_),
        idle_log_(idle_),
        verifier_(
            service_tokens_->key(),
            [this]() -> Result<std::vector<rpc::PublicKey>> {
              return std::vector<rpc::PublicKey>{{user_key_.KeyId(), user_key_.PublicRaw()}};
            },
            clock_),
        server_({}, verifier_),
        events_(server_),
        denials_(clock_),
        pages_(kSecret),
        channels_({}, service_tokens_) {
    config_.mutable_database()->set_url(ledger_scratch_.OptionsFor(Schema()).url);
    config_.mutable_database()->set_password_dir(ledger_scratch_.password_dir());
    *config_.mutable_ledger() = LedgerConfig(folder_.path);
    events_.Add("recognition", source_log_);
    events_.Add("directory", idle_log_);
    events_.Add("worklist", idle_log_);
    events_.Add("documents", idle_log_);
    auto made = MakeModule(environment_);
    EXPECT_TRUE(made) << made.error().message;
    module_ = *std::move(made);
    EXPECT_TRUE(server_.Start(""));
    for (const char* service : {"directory", "recognition", "worklist", "ledger", "documents"}) {
      channels_.SetLocal(service, server_);
    }
    source_log_.Start();
    idle_log_.Start();
    module_->Start();
    channel_ = server_.InProcessChannel();
  }
  ~ModuleTest() override {
    module_->Stop();
    source_log_.Stop();
    idle_log_.Stop();
    server_.Stop(std::chrono::milliseconds(1000));
  }

  // Commits an event of the source and returns its id.
  std::string Happen(const std::string& zone) {
    Call call;
    call.caller.user_id = "writer";
    call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    google::protobuf::StringValue request;
    std::string id;
    EXPECT_TRUE(source_.Command<google::protobuf::StringValue>(
        call, request, [&](db::Tx& tx) -> Result<google::protobuf::StringValue> {
          events::v1::ZoneOpened body;
          body.set_zone(zone);
          id = outbox::Append(tx, {"zones/" + zone, 1, "zonelink.test.happened", {"zone:" + zone}},
                              body);
          return request;
        }));
    return id;
  }

  void Authenticate(grpc::ClientContext& context, const Caller& caller) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (!caller.SignedIn()) return;
    context.AddMetadata("authorization", "Bearer " + rpc::SignToken(user_key_, caller, clock_.Now(),
                                                                    std::chrono::seconds(600)));
  }
  template <class Request, class Reply>
  Status Ask(const char* rpc, grpc::ClientContext& context, const Request& request, Reply& reply) {
    const std::string name = std::string("/zonelink.ledger.v1.LedgerService/") + rpc;
    const grpc::internal::RpcMethod method(name.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
                                           channel_);
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall<Request, Reply, google::protobuf::MessageLite,
                                          google::protobuf::MessageLite>(channel_.get(), method,
                                                                         &context, request, &reply);
    if (!status.ok()) return rpc::FromGrpc(status);
    return Done{};
  }
  // Asks until a checkpoint covers the event.
  v1::Receipt ReceiptOf(const std::string& event_id, const Caller& caller = {}) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    v1::GetReceiptRequest request;
    request.set_event_id(event_id);
    while (true) {
      grpc::ClientContext context;
      Authenticate(context, caller);
      v1::Receipt receipt;
      const Status status = Ask("GetReceipt", context, request, receipt);
      if (status) return receipt;
      EXPECT_EQ(ReasonOf(status), "RECEIPT_PENDING");
      if (std::chrono::steady_clock::now() > deadline) return receipt;
    }
  }
  // The reason of a refusal.
  std::string DestroySalt(const std::string& event_id, const Caller& caller,
                          const std::string& key = {}) {
    grpc::ClientContext context;
    Authenticate(context, caller);
    if (!key.empty()) context.AddMetadata("idempotency-key", key);
    v1::DestroySaltRequest request;
    request.set_event_id(event_id);
    request.set_reason("the person asked for it");
    v1::DestroySaltResponse response;
    const Status status = Ask("DestroySalt", context, request, response);
    if (!status) return ReasonOf(status);
    EXPECT_EQ(response.event_id(), event_id);
    return "";
  }
  std::string LedgerText(const std::string& sql) { return ledger_scratch_.AdminText(sql); }

  SystemClock clock_;
  Folder folder_;
  config::v1::Config config_;
  db::ScratchDatabase ledger_scratch_;
  db::ScratchDatabase source_scratch_;
  db::ScratchDatabase idle_scratch_;
  db::Database source_;
  db::Database idle_;
  outbox::EventLog source_log_;
  outbox::EventLog idle_log_;
  const crypto::Ed25519Key user_key_ = crypto::Ed25519Key::FromSeed(crypto::Sha256("directory"));
  std::shared_ptr<rpc::ServiceTokens> service_tokens_ =
      std::make_shared<rpc::ServiceTokens>(kSecret);
  rpc::TokenVerifier verifier_;
  rpc::Server server_;
  outbox::EventsService events_;
  clocks::ClocksService clocks_{server_};
  outbox::DenialLog denials_;
  rpc::Pages pages_;
  rpc::Channels channels_;
  Environment environment_{.config = config_,
                           .clock = clock_,
                           .secret = kSecret,
                           .server = server_,
                           .channels = channels_,
                           .tokens = verifier_,
                           .pages = pages_,
                           .events = events_,
                           .clocks = clocks_,
                           .denials = denials_,
                           .ready = [] { return Status(Done{}); }};
  std::unique_ptr<Module> module_;
  std::shared_ptr<grpc::Channel> channel_;
  const Caller officer_{.user_id = "o", .session_id = "s", .zone = "hunan", .roles = {"verifier"}};
  const Caller security_{.user_id = "x", .session_id = "s", .roles = {"security_admin"}};
};

TEST_F(ModuleTest, AnEventLeadsToAReceiptForItsParties) {
  const std::string id = Happen("hunan");
  Happen("jiangsu");
  const v1::Receipt receipt = ReceiptOf(id, officer_);
  EXPECT_EQ(receipt.source(), "recognition");
  EXPECT_EQ(receipt.subject(), "zones/hunan");
  EXPECT_EQ(receipt.salt().size(), kSaltBytes);
  events::v1::ZoneOpened body;
  ASSERT_TRUE(body.ParseFromString(receipt.event()));
  EXPECT_EQ(body.zone(), "hunan");
  EXPECT_EQ(ReceiptOf(id).event(), "");
  while (!module_->Ready()) std::this_thread::yield();
}

TEST_F(ModuleTest, ADestroyedSaltLeavesTheProofAndNothingElse) {
  const std::string id = Happen("hunan");
  const std::string other = Happen("jiangsu");
  const v1::Receipt before = ReceiptOf(id, officer_);
  ASSERT_FALSE(before.salt().empty());
  EXPECT_EQ(DestroySalt(id, officer_), "ROLE_NEEDED");
  ASSERT_EQ(DestroySalt(id, security_, "key-1"), "");
  EXPECT_EQ(DestroySalt(id, security_, "key-1"), "");
  EXPECT_EQ(DestroySalt(id, security_, "key-2"), "");
  const v1::Receipt after = ReceiptOf(id, officer_);
  EXPECT_EQ(after.entry(), before.entry());
  EXPECT_EQ(after.salt() + after.event() + after.subject() + after.source(), "");
  Receipt receipt{.event_id = id,
                  .index = static_cast<uint64_t>(after.index()),
                  .entry = after.entry(),
                  .proof = {},
                  .checkpoint = after.checkpoint(),
                  .salt = std::nullopt,
                  .event = std::nullopt};
  for (const auto& hash : after.proof()) receipt.proof.push_back(Hash::From(hash).value());
  EXPECT_TRUE(VerifyReceipt(
      receipt, {.origin = {}, .log = TestSigner::Log().key, .witnesses = {}, .quorum = 0}));
  // Nowhere is there a copy.
  const std::string salt = "'\\x" + crypto::HexEncode(before.salt()) + "'";
  EXPECT_EQ(LedgerText("SELECT count(*) FROM ledger.contents WHERE salt = " + salt), "0");
  EXPECT_EQ(
      source_scratch_.AdminText(
          "SELECT count(*) FROM recognition.events WHERE salt IS NULL AND event_id = '" + id + "'"),
      "1");
  EXPECT_FALSE(
      ReceiptOf(other,
                {.user_id = "p", .session_id = "s", .zone = "jiangsu", .roles = {"verifier"}})
          .salt()
          .empty());
}

TEST_F(ModuleTest, TheDestructionIsAnEventOfItsOwn) {
  const std::string id = Happen("hunan");
  ReceiptOf(id);
  ASSERT_EQ(DestroySalt(id, security_), "");
  ASSERT_EQ(DestroySalt(id, security_), "");
  EXPECT_EQ(LedgerText("SELECT string_agg(subject || ' ' || version || ' ' || type, ',') FROM "
                       "ledger.events"),
            "salts/" + id + " 1 zonelink.ledger.salt.destroyed");
  const std::string told = LedgerText("SELECT event_id FROM ledger.events");
  const v1::Receipt receipt =
      ReceiptOf(told, {.user_id = "u", .session_id = "s", .roles = {"auditor"}});
  events::v1::SaltDestroyed body;
  ASSERT_TRUE(body.ParseFromString(receipt.event()));
  EXPECT_EQ(body.event_id(), id);
  EXPECT_EQ(body.source(), "recognition");
  EXPECT_EQ(body.actor().user_id(), "x");
  EXPECT_EQ(body.reason(), "the person asked for it");
}

// The process may end between the event and the ledger's own copy.
TEST_F(ModuleTest, TheSequencerErasesWhatTheEventNames) {
  const std::string id = Happen("hunan");
  ReceiptOf(id);
  db::Database ledger(ledger_scratch_.OptionsFor(Schema()));
  Call call;
  call.caller = security_;
  call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::string told;
  ASSERT_TRUE(ledger.Command<google::protobuf::StringValue>(
      call, google::protobuf::StringValue(),
      [&](db::Tx& tx) -> Result<google::protobuf::StringValue> {
        events::v1::SaltDestroyed body;
        body.set_event_id(id);
        body.set_source("recognition");
        told = outbox::Append(tx, {"salts/" + id, 1, "zonelink.ledger.salt.destroyed", {}}, body);
        return google::protobuf::StringValue();
      }));
  ReceiptOf(told);
  EXPECT_EQ(ReceiptOf(id, officer_).salt(), "");
}

TEST_F(ModuleTest, WhatHasNoLeafHasNoSalt) {
  EXPECT_EQ(DestroySalt("019b0000-0000-7000-8000-000000000000", security_), "EVENT_UNKNOWN");
  EXPECT_EQ(DestroySalt("F-7", security_), "EVENT_UNKNOWN");
}

TEST(SettingsTest, RefusesWhatDoesNotFitTogether) {
  const Folder folder;
  const auto good = LedgerConfig(folder.path);
  const auto with = [&](const auto& change) {
    config::v1::Ledger config = good;
    change(config);
    return ReasonOf(ReadSettings(config));
  };
  const std::string witness = TestSigner::Witness("w.example/1").key.Format();
  EXPECT_EQ(with([](auto&) {}), "");
  EXPECT_EQ(with([](auto& c) { c.clear_origin(); }), "LEDGER_CONFIG_INVALID");
  EXPECT_EQ(with([](auto& c) { c.set_origin("a b"); }), "LEDGER_CONFIG_INVALID");
  EXPECT_EQ(with([](auto& c) { c.clear_state_file(); }), "LEDGER_CONFIG_INVALID");
  EXPECT_EQ(with([](auto& c) { c.clear_signing_key_file(); }), "LEDGER_CONFIG_INVALID");
  EXPECT_EQ(with([](auto& c) { c.set_signing_key_file("/nowhere"); }), "SECRET_UNREADABLE");
  EXPECT_EQ(with([](auto& c) { c.set_quorum(1); }), "LEDGER_CONFIG_INVALID");
  EXPECT_EQ(with([&](auto& c) { (*c.mutable_witnesses())[witness] = "example"; }),
            "LEDGER_CONFIG_INVALID");
  EXPECT_EQ(with([](auto& c) { (*c.mutable_witnesses())["w"] = "http://w"; }),
            "LEDGER_KEY_INVALID");
  EXPECT_EQ(
      with([](auto& c) { (*c.mutable_witnesses())[TestSigner::Log().key.Format()] = "http://w"; }),
      "LEDGER_KEY_INVALID");
  config::v1::Ledger two = good;
  (*two.mutable_witnesses())[witness] = "http://w";
  (*two.mutable_witnesses())[TestSigner::Witness("w.example/2").key.Format()] = "https://w";
  const auto settings = ReadSettings(two);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->quorum, 2u);
  EXPECT_EQ(settings->key, TestSigner::Log().key);
  EXPECT_EQ(settings->witness_timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(settings->WitnessNames(), (std::vector<std::string>{"w.example/1", "w.example/2"}));
}

}  // namespace
}  // namespace zonelink::ledger
