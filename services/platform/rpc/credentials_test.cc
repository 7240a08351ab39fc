// SPDX-License-Identifier: Apache-2.0
// Two processes' worth of credentials over loopback: whom a server believes, whom a client, and
// what happens while certificates are replaced.
#include "platform/rpc/credentials.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "platform/core/clock.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/rpc/test_authority.h"
#include "platform/rpc/token.h"
#include "zonelink/directory/v1/directory_service.pb.h"

namespace zonelink::rpc {
namespace {

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    std::string name = "/tmp/zl-tls-XXXXXX";
    folder_ = mkdtemp(name.data());
    certificates_.emplace(folder_);
  }
  ~TlsTest() override { std::filesystem::remove_all(folder_); }

  TlsFiles Files(const std::string& who) const {
    return {certificates_->Path(who + ".pem"), certificates_->Path(who + ".key"),
            certificates_->Path("ca.pem")};
  }

  std::string folder_;
  std::optional<TestCertificates> certificates_;
  const TestAuthority authority_{"one"};
  const TestAuthority stranger_{"two"};
};

TEST_F(TlsTest, FilesThatOthersWouldBelieveAreGood) {
  certificates_->Replace(stranger_.Pem() + authority_.Pem(),
                         {{"x", authority_.Issue({PeerName("ledger"), PeerName("worklist")})}});
  const auto facts = CheckTlsFiles(Files("x"));
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->dns_names,
            (std::vector<std::string>{"ledger.zonelink.internal", "worklist.zonelink.internal"}));
  const auto left = facts->expires - SystemClock().Now();
  EXPECT_GT(left, std::chrono::minutes(59));
  EXPECT_LE(left, std::chrono::minutes(60));
}

TEST_F(TlsTest, FilesThatNobodyWouldBelieveAreRefused) {
  const auto good = authority_.Issue({PeerName("ledger")});
  auto mixed = good;
  mixed.key = authority_.Issue({PeerName("ledger")}).key;
  certificates_->Replace(
      authority_.Pem(),
      {{"good", good},
       {"mixed", mixed},
       {"foreign", stranger_.Issue({PeerName("ledger")})},
       {"expired", authority_.Issue({PeerName("ledger")}, std::chrono::seconds(-60))},
       {"empty", {"", good.key, ""}},
       {"keyless", {good.certificate, "no key", ""}}});
  for (const char* who : {"mixed", "foreign", "expired", "empty", "keyless"}) {
    const auto facts = CheckTlsFiles(Files(who));
    ASSERT_FALSE(facts) << who;
    EXPECT_EQ(facts.error().reason, "CERTIFICATE_INVALID") << facts.error().message;
  }
  EXPECT_TRUE(CheckTlsFiles(Files("good")));
  chmod(Files("good").key.c_str(), 0640);
  EXPECT_EQ(CheckTlsFiles(Files("good")).error().reason, "SECRET_UNREADABLE");
  EXPECT_EQ(CheckTlsFiles(Files("absent")).error().reason, "CERTIFICATE_INVALID");
}

// What `./dev certs` runs, from the folder of the sources.
TEST_F(TlsTest, TheScriptsGenerationsBelieveTheirNeighbours) {
  const std::string current = folder_ + "/made/current/";
  const auto make = [&](const std::string& keep) {
    const std::string command = "bash deploy/local/certificates.sh " + folder_ + "/made && cp -r " +
                                current + " " + folder_ + "/" + keep;
    ASSERT_EQ(std::system(command.c_str()), 0);
  };
  make("1");
  make("2");
  make("3");
  const auto believed = [&](const std::string& whose, const std::string& by) {
    const std::string own = folder_ + "/" + whose;
    return CheckTlsFiles(
        {own + "/ledger.pem", own + "/ledger.key", folder_ + "/" + by + "/authorities.pem"});
  };
  const auto facts = believed("1", "1");
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->dns_names, std::vector<std::string>{PeerName("ledger")});
  EXPECT_GT(facts->expires - SystemClock().Now(), std::chrono::hours(89 * 24));
  for (const auto& [whose, by] : {std::pair("1", "2"), {"2", "1"}, {"2", "3"}, {"3", "2"}})
    EXPECT_TRUE(believed(whose, by)) << whose << " by " << by;
  EXPECT_FALSE(believed("1", "3"));
  EXPECT_FALSE(believed("3", "1"));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/made/1"));
}

// A directory's server, and whoever calls ListZones on it.
class PeerTest : public TlsTest {
 protected:
  static constexpr char kDirectory[] = "zonelink.directory.v1.DirectoryService";

  void StartServer(PeerRules rules) {
    using directory::v1::ListZonesRequest;
    using directory::v1::ListZonesResponse;
    server_.emplace(ServerOptions{.workers = 2}, verifier_);
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(kDirectory);
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* reply = google::protobuf::MessageFactory::generated_factory()->GetPrototype(
          service->method(i)->output_type());
      server_->AddUnary(std::string(kDirectory) + "/" + service->method(i)->name(),
                        [reply](const Call&, const google::protobuf::Message&)
                            -> Result<std::unique_ptr<google::protobuf::Message>> {
                          return std::unique_ptr<google::protobuf::Message>(reply->New());
                        });
    }
    server_->OnDenied([this](const Call& call, const Error& error) {
      denied_.push_back(call.peer + " " + error.reason + " " + call.rpc);
    });
    server_->SecurePeers({.credentials = std::make_shared<const Credentials>(Files("directory")),
                          .rules = std::move(rules)});
    ASSERT_TRUE(server_->Start("127.0.0.1:0"));
  }

  std::string Address() const { return "127.0.0.1:" + std::to_string(server_->port()); }

  // The reason, or OK.
  static std::string Ask(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& token = "") {
    grpc::ClientContext context;
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(4));
    const std::string path = std::string("/") + kDirectory + "/ListZones";
    const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
                                           channel);
    directory::v1::ListZonesRequest request;
    directory::v1::ListZonesResponse response;
    const grpc::Status status = grpc::internal::BlockingUnaryCall<
        directory::v1::ListZonesRequest, directory::v1::ListZonesResponse,
        google::protobuf::MessageLite, google::protobuf::MessageLite>(channel.get(), method,
                                                                      &context, request, &response);
    return status.ok() ? "OK" : FromGrpc(status).reason;
  }

  std::string AskAs(const std::string& who, const std::string& of = "directory",
                    const std::string& token = "") {
    const Credentials credentials(Files(who));
    Channels channels({{of, Address()}}, tokens_, &credentials);
    return Ask(channels.To(of), token);
  }

  static PeerRules RecognitionListsZones() {
    PeerRules rules;
    rules.Allow(PeerName("recognition"), std::string(kDirectory) + "/ListZones");
    rules.Allow(PeerName("gateway"), kDirectory);
    return rules;
  }

  const SystemClock clock_{};
  std::shared_ptr<ServiceTokens> tokens_ =
      std::make_shared<ServiceTokens>("a deployment's secret of more than 32 bytes");
  TokenVerifier verifier_{
      tokens_->key(), []() -> Result<std::vector<PublicKey>> { return std::vector<PublicKey>{}; },
      clock_};
  std::vector<std::string> denied_;
  std::optional<Server> server_;
};

TEST_F(PeerTest, OnlyWhoIsAllowedIsAnswered) {
  certificates_->Replace(
      authority_.Pem(),
      {{"directory", authority_.Issue({PeerName("directory")})},
       {"recognition", authority_.Issue({PeerName("recognition")})},
       {"both", authority_.Issue({PeerName("worklist"), PeerName("recognition")})},
       {"worklist", authority_.Issue({PeerName("worklist")})},
       {"nameless", authority_.Issue({})}});
  StartServer(RecognitionListsZones());
  EXPECT_EQ(AskAs("recognition"), "OK");
  EXPECT_EQ(AskAs("both"), "OK");
  EXPECT_TRUE(denied_.empty());
  EXPECT_EQ(AskAs("worklist"), "PEER_NOT_ALLOWED");
  EXPECT_EQ(AskAs("nameless"), "PEER_NOT_ALLOWED");
  EXPECT_EQ(denied_,
            (std::vector<std::string>{
                "worklist.zonelink.internal PEER_NOT_ALLOWED "
                "zonelink.directory.v1.DirectoryService/ListZones",
                "unnamed PEER_NOT_ALLOWED zonelink.directory.v1.DirectoryService/ListZones"}));
  EXPECT_EQ(Ask(server_->InProcessChannel()), "OK");
}

TEST_F(PeerTest, AServicesTokenComesFromItsProcess) {
  certificates_->Replace(
      authority_.Pem(),
      {{"directory", authority_.Issue({PeerName("directory")})},
       {"recognition", authority_.Issue({PeerName("recognition")})},
       {"both", authority_.Issue({PeerName("ledger"), PeerName("recognition")})}});
  StartServer(RecognitionListsZones());
  const std::string recognition = tokens_->For("recognition", clock_.Now());
  const std::string ledger = tokens_->For("ledger", clock_.Now());
  EXPECT_EQ(AskAs("recognition", "directory", recognition), "OK");
  EXPECT_EQ(AskAs("both", "directory", ledger), "OK");
  EXPECT_TRUE(denied_.empty());
  EXPECT_EQ(AskAs("recognition", "directory", ledger), "PEER_NOT_ALLOWED");
  EXPECT_EQ(denied_, std::vector<std::string>{"recognition.zonelink.internal PEER_NOT_ALLOWED "
                                              "zonelink.directory.v1.DirectoryService/ListZones"});
  EXPECT_EQ(Ask(server_->InProcessChannel(), ledger), "OK");
}

TEST_F(PeerTest, RulesTellServicesFromRpcs) {
  const PeerRules rules = RecognitionListsZones();
  const std::string service = kDirectory;
  EXPECT_TRUE(rules.Allows("recognition.zonelink.internal", service + "/ListZones"));
  EXPECT_FALSE(rules.Allows("recognition.zonelink.internal", service + "/ListUsers"));
  EXPECT_TRUE(rules.Allows("gateway.zonelink.internal", service + "/ListUsers"));
  EXPECT_FALSE(rules.Allows("gateway.zonelink.internal", "zonelink.events.v1.EventsService/Pull"));
  EXPECT_FALSE(rules.Allows("gateway", service + "/ListUsers"));
}

TEST_F(PeerTest, StrangersDoNotGetThrough) {
  certificates_->Replace(
      authority_.Pem(),
      {{"directory", authority_.Issue({PeerName("directory")})},
       {"foreign", stranger_.Issue({PeerName("recognition")})},
       {"expired", authority_.Issue({PeerName("recognition")}, std::chrono::seconds(-60))},
       {"recognition", authority_.Issue({PeerName("recognition")})}});
  StartServer(RecognitionListsZones());
  EXPECT_EQ(AskAs("foreign"), "UNAVAILABLE");
  EXPECT_EQ(AskAs("expired"), "UNAVAILABLE");
  EXPECT_EQ(Ask(grpc::CreateChannel(Address(), grpc::InsecureChannelCredentials())), "UNAVAILABLE");
  // The server stands for the directory alone.
  EXPECT_EQ(AskAs("recognition", "ledger"), "UNAVAILABLE");
  EXPECT_EQ(AskAs("recognition"), "OK");
  EXPECT_TRUE(denied_.empty());
}

}  // namespace
}  // namespace zonelink::rpc
