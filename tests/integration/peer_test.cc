// SPDX-License-Identifier: Apache-2.0
// Processes know each other by certificates: nobody else gets in, each may make the calls that its
// target needs and no other, and certificates and authorities are replaced under load.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "platform/rpc/channels.h"
#include "platform/rpc/credentials.h"
#include "platform/rpc/status.h"
#include "tests/integration/tls_probe.h"
#include "tests/support/fixture.h"
#include "tests/support/settings.h"
#include "zonelink/clocks/v1/clocks_service.pb.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string> kTargets = {"directory", "recognition", "worklist",
                                           "ledger",    "documents",   "gateway"};
const std::vector<std::string> kServices = {"directory", "recognition", "worklist", "ledger",
                                            "documents"};

class Peers : public IntegrationTest {
 protected:
  static void SetUpTestSuite() {
    Deploy({.clock = StartOfClock(), .grpc = {{"connection_seconds", "1"}}});
  }
  void SetUp() override {
    IntegrationTest::SetUp();
    if (deployment().certificates() == nullptr) GTEST_SKIP() << "all targets run in one process";
  }

  static PeerCertificates& certificates() { return *deployment().certificates(); }
  static rpc::TlsFiles FilesOf(const std::string& target) {
    return {certificates().CertificateFile(target), certificates().KeyFile(target),
            certificates().AuthoritiesFile()};
  }
  static TlsProbe ProbeOf(const std::string& target) {
    return {certificates().CertificateFile(target), certificates().KeyFile(target)};
  }
  static std::shared_ptr<grpc::Channel> ChannelTo(const std::string& service,
                                                  const rpc::Credentials& credentials) {
    const rpc::Channels channels({{service, *deployment().grpc_address(service)}}, nullptr,
                                 &credentials);
    return channels.To(service);
  }
  // The reason, or OK. `token` may be empty.
  static std::string Ask(const std::shared_ptr<grpc::Channel>& channel, const std::string& rpc,
                         const std::string& token = "", const std::string& request = "") {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    const std::string path = "/" + rpc;
    const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
                                           channel);
    const grpc::Slice slice(request);
    const grpc::ByteBuffer bytes(&slice, 1);
    grpc::ByteBuffer reply;
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
            channel.get(), method, &context, bytes, &reply);
    return status.ok() ? "OK" : rpc::FromGrpc(status).reason;
  }
  // An RPC of the service's own that needs no more than a login.
  static std::string OwnRpc(const std::string& service) {
    static const std::map<std::string, std::string> rpcs = {
        {"directory", "zonelink.directory.v1.DirectoryService/ListZones"},
        {"recognition", "zonelink.recognition.v1.RecognitionService/ListItems"},
        {"worklist", "zonelink.worklist.v1.WorklistService/ListInbox"},
        {"ledger", "zonelink.ledger.v1.LedgerService/GetLedger"},
        {"documents", "zonelink.documents.v1.DocumentsService/GetUpload"}};
    return rpcs.at(service);
  }
  static std::string OwnCall(const std::string& service,
                             const std::shared_ptr<grpc::Channel>& channel,
                             const std::string& token) {
    return Ask(channel, OwnRpc(service), token);
  }
  static std::string PullCall(const std::string& service,
                              const std::shared_ptr<grpc::Channel>& channel) {
    events::v1::PullEventsRequest request;
    request.set_source(service);
    return Ask(channel, "zonelink.events.v1.EventsService/PullEvents", "",
               request.SerializeAsString());
  }
  static std::string DestroyCall(const std::string& service,
                                 const std::shared_ptr<grpc::Channel>& channel) {
    events::v1::DestroyEventSaltRequest request;
    request.set_source(service);
    request.set_event_id("0192c6a0-0000-7000-8000-000000000000");
    return Ask(channel, "zonelink.events.v1.EventsService/DestroyEventSalt", "",
               request.SerializeAsString());
  }
  static std::string FireCall(const std::string& service,
                              const std::shared_ptr<grpc::Channel>& channel) {
    clocks::v1::FireDueRequest request;
    request.set_service(service);
    return Ask(channel, "zonelink.clocks.v1.ClocksService/FireDue", "",
               request.SerializeAsString());
  }
  static std::string KeysCall(const std::shared_ptr<grpc::Channel>& channel) {
    return Ask(channel, "zonelink.directory.v1.DirectoryService/ListKeys");
  }
};

TEST_F(Peers, StrangersDoNotGetIn) {
  const rpc::TestAuthority authority("a stranger");
  rpc::TestCertificates forged(deployment().settings().scratch_dir + "/" +
                               deployment().database().name() + "/forged");
  forged.Replace(authority.Pem(), {{"gateway", authority.Issue({rpc::PeerName("gateway")})}});
  const TlsProbe stranger{forged.Path("gateway.pem"), forged.Path("gateway.key")};
  for (const std::string& target : kTargets) {
    const std::string address = *deployment().grpc_address(target);
    const TlsAnswer known = Connect(address, ProbeOf("ledger"));
    EXPECT_TRUE(known.accepted) << target;
    EXPECT_EQ(known.version, "TLSv1.3");
    EXPECT_EQ(known.serial, certificates().Serial(target));
    EXPECT_FALSE(Connect(address, {}).accepted) << target;
    EXPECT_FALSE(Connect(address, stranger).accepted) << target;
    TlsProbe old = ProbeOf("gateway");
    old.highest_version = TLS1_2_VERSION;
    const TlsAnswer answer = Connect(address, old);
    EXPECT_FALSE(answer.accepted) << target;
    EXPECT_EQ(answer.version, "") << target;
    // Told as everything else is.
    std::istringstream lines(deployment().LogOf(target));
    int told = 0;
    for (std::string line; std::getline(lines, line);) {
      EXPECT_EQ(line.front(), '{') << line;
      if (line.find("Handshake failed") != std::string::npos) ++told;
    }
    EXPECT_GE(told, 2) << target;
  }
}

TEST_F(Peers, EachMakesTheCallsOfItsTarget) {
  const std::map<std::string, std::set<std::string>> pull = {
      {"directory", {"recognition", "worklist", "ledger", "documents"}},
      {"recognition", {"worklist", "ledger", "documents"}},
      {"worklist", {"ledger"}},
      {"ledger", {}},
      {"documents", {"recognition", "ledger"}}};
  const std::string token = world().As("auditadmin").token();
  for (const std::string& peer : kTargets) {
    const rpc::Credentials credentials(FilesOf(peer));
    for (const std::string& service : kServices) {
      if (service == peer) continue;
      const auto channel = ChannelTo(service, credentials);
      SCOPED_TRACE(peer + " calls " + service);
      // A user's good token does not help who may not call.
      if (peer == "gateway") {
        EXPECT_EQ(OwnCall(service, channel, token), service == "documents" ? "ROLE_NEEDED" : "OK");
      } else {
        EXPECT_EQ(OwnCall(service, channel, token), "PEER_NOT_ALLOWED");
      }
      // Who may call still needs a service's token.
      EXPECT_EQ(PullCall(service, channel),
                pull.at(service).count(peer) != 0 ? "LOGIN_NEEDED" : "PEER_NOT_ALLOWED");
      EXPECT_EQ(DestroyCall(service, channel),
                peer == "ledger" ? "LOGIN_NEEDED" : "PEER_NOT_ALLOWED");
      EXPECT_EQ(FireCall(service, channel), peer == "directory" && service == "recognition"
                                                ? "LOGIN_NEEDED"
                                                : "PEER_NOT_ALLOWED");
      if (service == "directory") {
        EXPECT_EQ(KeysCall(channel), "OK");
      }
    }
  }
}

// `grpc.callers` of the configuration stands in for the table.
class ListedPeers : public Peers {
 protected:
  static void SetUpTestSuite() {
    if (!ReadSettings().many) return Peers::SetUpTestSuite();
    Deploy({.clock = StartOfClock(),
            .grpc = {{"callers",
                      "{worklist: \"zonelink.recognition.v1.RecognitionService/ListItems "
                      "zonelink.events.v1.EventsService\"}"}}});
  }
};

TEST_F(ListedPeers, MayCallWhatTheListSays) {
  const std::string token = world().As("auditadmin").token();
  const rpc::Credentials worklist(FilesOf("worklist"));
  EXPECT_EQ(OwnCall("recognition", ChannelTo("recognition", worklist), token), "OK");
  EXPECT_EQ(PullCall("ledger", ChannelTo("ledger", worklist)), "LOGIN_NEEDED");
  EXPECT_EQ(KeysCall(ChannelTo("directory", worklist)), "PEER_NOT_ALLOWED");
  const rpc::Credentials ledger(FilesOf("ledger"));
  EXPECT_EQ(OwnCall("recognition", ChannelTo("recognition", ledger), token), "PEER_NOT_ALLOWED");
}

TEST_F(Peers, RefusedProcessesAreOnRecord) {
  const rpc::Credentials credentials(FilesOf("worklist"));
  AdminSql sql = deployment().database().Admin();
  const auto count = [&](const std::string& service) {
    return std::stoi(
        sql.One(fmt::format("SELECT count(*) FROM {}.denials WHERE reason = "
                            "'PEER_NOT_ALLOWED' AND user_id = '' AND "
                            "caller_service = 'worklist.zonelink.internal'",
                            service)));
  };
  for (const char* service : {"recognition", "ledger"}) {
    const int before = count(service);
    const auto channel = ChannelTo(service, credentials);
    EXPECT_EQ(OwnCall(service, channel, ""), "PEER_NOT_ALLOWED");
    const bool events = std::string(service) == "ledger";
    if (events) {
      EXPECT_EQ(PullCall(service, channel), "PEER_NOT_ALLOWED");
    }
    // Records of the tests before may still be on their way.
    EXPECT_TRUE(WaitUntil(20s, [&] { return count(service) >= before + (events ? 2 : 1); }))
        << service << " holds " << count(service) - before;
  }
}

// Calls without a pause, by one thread each; what failed is kept.
class Load {
 public:
  explicit Load(std::vector<std::function<std::string()>> calls) : answered_(calls.size()) {
    for (size_t i = 0; i < calls.size(); ++i) {
      threads_.emplace_back([this, i, call = std::move(calls[i])] {
        while (!stop_) {
          const std::string answer = call();
          ++answered_[i];
          if (answer == "OK") continue;
          std::lock_guard lock(mutex_);
          failed_.push_back(answer);
        }
      });
    }
  }
  ~Load() { Stop(); }
  void Stop() {
    stop_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  // Every caller hears `more` answers from now.
  bool Goes(int more) {
    std::vector<int> goal;
    for (const auto& answered : answered_) goal.push_back(answered + more);
    return WaitUntil(60s, [&] {
      for (size_t i = 0; i < goal.size(); ++i) {
        if (answered_[i] < goal[i]) return false;
      }
      return true;
    });
  }
  std::vector<std::string> Failed() {
    std::lock_guard lock(mutex_);
    return failed_;
  }

 private:
  std::atomic<bool> stop_{false};
  std::vector<std::atomic<int>> answered_;
  std::mutex mutex_;
  std::vector<std::string> failed_;
  std::vector<std::thread> threads_;
};

TEST_F(Peers, CertificatesAndAuthoritiesAreReplacedWithoutAFailedCall) {
  const std::string old =
      deployment().settings().scratch_dir + "/" + deployment().database().name() + "/old";
  std::filesystem::copy(std::filesystem::path(certificates().AuthoritiesFile()).parent_path(), old);
  const TlsProbe old_gateway{old + "/gateway.pem", old + "/gateway.key"};
  ASSERT_TRUE(Connect(*deployment().grpc_address("ledger"), old_gateway).accepted);

  const Person filer = world().Member(world().NewOrganization("shanghai"), {"filer"});
  std::vector<std::function<std::string()>> calls;
  for (const char* path : {"/v1/me", "/v1/filings", "/v1/inbox", "/v1/ledger"}) {
    // Shared with the call, which is copied into its thread.
    const auto api = std::make_shared<Api>(world().Fresh(filer));
    calls.push_back([api, path]() -> std::string {
      const Answer answer = api->Get(path);
      return answer.status == 200 ? "OK"
                                  : fmt::format("{} {} {}", path, answer.status, answer.body);
    });
  }
  // A process that comes up in the midst of it.
  calls.push_back([] {
    const rpc::Credentials credentials(FilesOf("gateway"));
    return KeysCall(ChannelTo("directory", credentials));
  });
  Load load(std::move(calls));
  const auto all_show_the_new = [&] {
    return WaitUntil(30s, [&] {
      for (const std::string& target : kTargets) {
        const TlsAnswer answer = Connect(*deployment().grpc_address(target), ProbeOf("gateway"));
        if (answer.serial != certificates().Serial(target)) return false;
      }
      return true;
    });
  };
  for (const bool authority : {false, true, false, true}) {
    EXPECT_TRUE(load.Goes(20));
    authority ? certificates().Rotate() : certificates().Reissue();
    EXPECT_TRUE(all_show_the_new());
    EXPECT_TRUE(load.Goes(20));
  }
  load.Stop();
  EXPECT_THAT(load.Failed(), testing::IsEmpty());
  // Its authority is two rotations old.
  for (const std::string& target : kTargets)
    EXPECT_FALSE(Connect(*deployment().grpc_address(target), old_gateway).accepted) << target;
}

TEST_F(Peers, AnUnfitReplacementIsTold) {
  std::filesystem::copy_file(certificates().KeyFile("ledger"), certificates().KeyFile("worklist"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(WaitUntil(30s, [] {
    return deployment().LogOf("worklist").find("is not the certificate's key") != std::string::npos;
  }));
  EXPECT_EQ(deployment().LogOf("ledger").find("CERTIFICATE_INVALID"), std::string::npos);
  certificates().Reissue();
}

// What `zonelinkd check-config` says of a configuration's part, for one process with `target`.
class PeerConfig : public testing::Test {
 protected:
  PeerConfig() : folder_(settings_.scratch_dir + "/peer-config-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
    files_ = MakeDeploymentFiles(folder_);
    certificates_.emplace(folder_ + "/certificates", kTargets);
  }
  ~PeerConfig() override { std::filesystem::remove_all(folder_); }

  std::string Tls(const std::string& target) const {
    return fmt::format(
        "grpc:\n  tls_certificate_file: {}\n  tls_key_file: {}\n  tls_authorities_file: {}\n",
        certificates_->CertificateFile(target), certificates_->KeyFile(target),
        certificates_->AuthoritiesFile());
  }
  // "good", or the words and the reason.
  std::string Check(const std::string& part, const std::string& target = "recognition") const {
    const std::string config = folder_ + "/config.yaml";
    const std::string log = folder_ + "/log";
    WritePrivateFile(
        config, fmt::format("{}auth:\n  secret_file: {}\n{}", most_, files_.secret_file, part));
    std::filesystem::remove(log);
    const int code = RunToEnd(
        {settings_.Zonelinkd(), "check-config", "--config", config, "--target=" + target}, log);
    return code == 0 ? "good" : Tail(log);
  }

  const Settings settings_ = ReadSettings();
  const std::string folder_;
  std::string most_ = "database:\n  url: none\n";  // what most targets need
  DeploymentFiles files_;
  std::optional<PeerCertificates> certificates_;
};

TEST_F(PeerConfig, WithoutCertificatesNothingLeavesLoopback) {
  using testing::HasSubstr;
  EXPECT_EQ(Check(""), "good");
  EXPECT_EQ(Check("peers:\n  a: 127.0.0.1:9101\n  b: localhost:9101\n  c: '[::1]:9101'\n"), "good");
  for (const char* part :
       {"grpc: {address: 0.0.0.0}\n", "grpc: {address: '::'}\n", "grpc: {address: 10.0.0.1}\n"})
    EXPECT_THAT(Check(part), HasSubstr("grpc.address is not loopback")) << part;
  for (const char* part : {"peers: {directory: '10.0.0.1:9101'}\n", "peers: {directory: far:1}\n",
                           "peers: {directory: 'localhost.far:1'}\n"})
    EXPECT_THAT(Check(part), HasSubstr("peers.directory is not on loopback")) << part;
  EXPECT_THAT(Check("grpc: {callers: {gateway: ''}}\n"), HasSubstr("(CONFIG_INVALID)"));
}

TEST_F(PeerConfig, CertificatesAreLookedAt) {
  using testing::HasSubstr;
  EXPECT_EQ(Check(Tls("recognition") + "  address: 0.0.0.0\npeers: {directory: far:9101}\n"),
            "good");
  EXPECT_THAT(Check(Tls("ledger")), HasSubstr("its DNS names lack recognition.zonelink.internal"));
  EXPECT_THAT(Check(Tls("recognition"), "recognition,worklist"),
              HasSubstr("its DNS names lack worklist.zonelink.internal"));
  EXPECT_THAT(Check(Tls("nobody")), HasSubstr("(CERTIFICATE_INVALID)"));
  EXPECT_THAT(Check("grpc: {tls_certificate_file: a, tls_key_file: b}\n"),
              HasSubstr("go together"));
}

// A process that is taken over gives away what it was given.
TEST_F(PeerConfig, AProcessIsGivenOnlyWhatItNeeds) {
  using testing::HasSubstr;
  const std::string signing = fmt::format("  signing_key_file: {}\n", files_.signing_key_file);
  EXPECT_EQ(Check("", "worklist"), "good");
  EXPECT_THAT(Check("", "directory"), HasSubstr("auth.signing_key_file is missing"));
  EXPECT_EQ(Check(signing, "directory"), "good");
  EXPECT_THAT(Check("", "documents"), HasSubstr("documents.key_file is missing"));
  EXPECT_EQ(Check("documents: {key_file: " + files_.documents_key_file + "}\n", "documents"),
            "good");
  most_.clear();
  EXPECT_EQ(Check("", "gateway"), "good");
  EXPECT_THAT(Check("", "gateway,worklist"), HasSubstr("database.url is missing"));
}

TEST_F(PeerConfig, CallersAndTheirRpcsExist) {
  using testing::HasSubstr;
  const std::string tls = Tls("recognition");
  EXPECT_EQ(Check(tls + "  callers:\n    worklist: ''\n    metrics.example.org: "
                        "zonelink.recognition.v1.RecognitionService/ListItems "
                        "zonelink.events.v1.EventsService\n"),
            "good");
  EXPECT_THAT(Check(tls + "  callers: {worklst: ''}\n"),
              HasSubstr("worklst is neither a target nor a DNS name"));
  for (const char* rpc : {"zonelink.events.v1.EventService", "EventsService",
                          "zonelink.events.v1.EventsService/Pull"}) {
    EXPECT_THAT(Check(tls + fmt::format("  callers: {{gateway: {}}}\n", rpc)),
                HasSubstr(fmt::format("there is no service or RPC {}", rpc)));
  }
}

}  // namespace
}  // namespace zonelink::test
