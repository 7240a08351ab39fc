// SPDX-License-Identifier: Apache-2.0
// The witness as a zone runs it: configuration, HTTP, restart.
#include "gateway/witness/witness_server.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "gateway/witness/testing_witness.h"
#include "platform/client/http_client.h"

namespace zonelink::witness {
namespace {

// A fresh private key, readable by its owner only.
void WriteKey(const std::string& path) {
  EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  FILE* const file = std::fopen(path.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  EVP_PKEY_free(key);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
}

class WitnessServerTest : public testing::Test {
 protected:
  WitnessServerTest() {
    WriteKey(dir_ / "key.pem");
    config_.set_name(kWitness);
    config_.set_signing_key_file(dir_ / "key.pem");
    config_.set_state_dir(dir_ / "state");
    config_.set_port(0);
    (*config_.mutable_logs())[kOrigin] = ledger::TestSigner::Log().key.Format();
  }
  void Serve() {
    server_.reset();
    auto opened = WitnessServer::Open(config_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    server_ = *std::move(opened);
    server_->Start();
    client_.emplace(fmt::format("http://127.0.0.1:{}", server_->port()));
  }
  client::HttpReply Ask(const client::HttpRequest& request) {
    const auto reply = client_->Send(request);
    EXPECT_TRUE(reply) << reply.error().message;
    return reply ? *reply : client::HttpReply{};
  }
  client::HttpReply Get(const std::string& path) { return Ask({.path = path}); }
  client::HttpReply Post(const std::string& body) {
    return Ask({.method = "POST", .path = "/add-checkpoint", .body = body});
  }
  std::string ReasonToOpen() {
    server_.reset();
    const auto opened = WitnessServer::Open(config_, clock_);
    return opened ? "" : opened.error().reason;
  }

  const ScratchDir dir_;
  const SystemClock clock_{};
  const ledger::TestTree tree_ = Branch("a", 10, 40);
  config::v1::Witness config_;
  std::unique_ptr<WitnessServer> server_;
  std::optional<client::HttpClient> client_;
};

TEST_F(WitnessServerTest, CosignsOverHttp) {
  Serve();
  const std::string latest = "/latest?origin=" + client::UrlEncode(kOrigin);
  EXPECT_EQ(Get(latest).status, 404);
  const auto first = Post(Growth(tree_, 0, 12));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.Header("content-type").substr(0, 10), "text/plain");
  EXPECT_EQ(first.body.substr(0, 4), "\xe2\x80\x94 ");
  EXPECT_EQ(first.body.back(), '\n');
  const auto conflict = Post(Growth(tree_, 0, 20));
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.Header("content-type"), "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "12\n");
  EXPECT_EQ(Post(BodyOf(12, {}, SignedHead(tree_, 20))).status, 422);
  EXPECT_EQ(Post(BodyOf(30, {}, SignedHead(tree_, 20))).status, 400);
  EXPECT_EQ(Post("").status, 400);
  const auto kept = Get(latest);
  EXPECT_EQ(kept.status, 200);
  EXPECT_EQ(kept.body, SignedHead(tree_, 12) + first.body);
  // Unescaped, as people type it.
  EXPECT_EQ(Get(std::string("/latest?origin=") + kOrigin).body, kept.body);

  Serve();
  EXPECT_EQ(Get(latest).body, kept.body);
  EXPECT_EQ(Post(Growth(tree_, 12, 20)).status, 200);
}

TEST_F(WitnessServerTest, AnswersNothingElse) {
  Serve();
  EXPECT_EQ(Get("/healthz").body, "ok\n");
  const auto page = Get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find(kWitness), std::string::npos);
  EXPECT_EQ(Ask({.method = "HEAD", .path = "/"}).status, 200);
  for (const char* path : {"/add-checkpoint/", "/latest/", "//", "/checkpoint", "/frozen"}) {
    EXPECT_EQ(Get(path).status, 404) << path;
  }
  const auto get = Get("/add-checkpoint");
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.Header("allow"), "POST");
  EXPECT_EQ(Ask({.method = "POST", .path = "/latest"}).status, 405);
  EXPECT_EQ(Ask({.method = "DELETE", .path = "/"}).Header("allow"), "GET, HEAD");
  for (const char* query : {"", "?", "?origin", "?x=y", "?origin=%2", "?origin=%zz", "?origin=%-1",
                            "?origin=a&origin=b"}) {
    EXPECT_EQ(Get(std::string("/latest") + query).status, 400) << query;
  }
  EXPECT_EQ(Get("/latest?origin=").status, 404);
  EXPECT_EQ(Post(std::string(kProposalBytes, 'x')).status, 400);
  EXPECT_EQ(Post(std::string(kProposalBytes + 1, 'x')).status, 413);
}

TEST_F(WitnessServerTest, RefusesAConfigurationThatCannotWork) {
  const config::v1::Witness good = config_;
  EXPECT_EQ(ReasonToOpen(), "");
  const auto reason = [&](const std::function<void(config::v1::Witness&)>& change) {
    config_ = good;
    change(config_);
    return ReasonToOpen();
  };
  using C = config::v1::Witness;
  EXPECT_EQ(reason([](C& c) { c.clear_name(); }), "CONFIG_INVALID");
  EXPECT_EQ(reason([](C& c) { c.set_name("a b"); }), "CONFIG_INVALID");
  EXPECT_EQ(reason([](C& c) { c.set_name("a+b"); }), "CONFIG_INVALID");
  EXPECT_EQ(reason([](C& c) { c.clear_state_dir(); }), "CONFIG_INVALID");
  EXPECT_EQ(reason([](C& c) { c.clear_logs(); }), "CONFIG_INVALID");
  EXPECT_EQ(reason([](C& c) { c.set_tls_key_file("x"); }), "CONFIG_INVALID");
  EXPECT_EQ(reason([](C& c) { (*c.mutable_follow())["x"] = "http://x"; }), "CONFIG_INVALID");
  EXPECT_EQ(reason([](C& c) { (*c.mutable_follow())[kOrigin] = "ftp://x"; }), "CONFIG_INVALID");
  EXPECT_EQ(reason([](C& c) { (*c.mutable_logs())["x"] = "x"; }), "VERIFIER_KEY_INVALID");
  const std::string witness_key = ledger::TestSigner::Witness("w").key.Format();
  EXPECT_EQ(reason([&](C& c) { (*c.mutable_logs())["x"] = witness_key; }), "CONFIG_INVALID");
  EXPECT_EQ(reason([](C& c) { c.set_signing_key_file("/nowhere"); }), "SECRET_UNREADABLE");
  EXPECT_EQ(reason([](C& c) { c.set_state_dir("/proc/nowhere"); }), "STATE_UNWRITABLE");
  EXPECT_EQ(reason([](C& c) { c.set_address("0.0.0.0"); }), "TLS_NEEDED");
  config_ = good;
  EXPECT_EQ(ReasonToOpen(), "");
}

}  // namespace
}  // namespace zonelink::witness
