// SPDX-License-Identifier: Apache-2.0
// A follower against a log that is served from memory, honestly and otherwise.
#include "gateway/witness/follower.h"

#include <gtest/gtest.h>

#include <atomic>

#include "gateway/http/http_server.h"
#include "gateway/witness/testing_witness.h"

namespace zonelink::witness {
namespace {

using std::chrono::milliseconds;

// Serves one tree up to a size, on a port that it keeps when it is started again.
class LogServer final : public gateway::HttpApp {
 public:
  LogServer() { Start(); }
  ~LogServer() override { Stop(); }

  void Serve(const ledger::TestTree& tree, uint64_t size) {
    Serve(tree, size, SignedHead(tree, size));
  }
  void Serve(const ledger::TestTree& tree, uint64_t size, std::string checkpoint) {
    const std::lock_guard lock(mutex_);
    tree_ = &tree;
    size_ = size;
    checkpoint_ = std::move(checkpoint);
    tiles_damaged_ = false;
  }
  void DamageTiles() {
    const std::lock_guard lock(mutex_);
    tiles_damaged_ = true;
  }
  void Start() {
    auto server = gateway::HttpServer::Listen({.port = static_cast<uint16_t>(port_)}, *this);
    ZL_CHECK(server.has_value(), "a test's server cannot listen");
    server_ = *std::move(server);
    port_ = server_->port();
    server_->Start();
  }
  void Stop() {
    if (server_) server_->Stop(milliseconds(0));
    server_.reset();
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/v1/ledger", port_); }
  int tiles_read() const { return tiles_read_; }

  gateway::Opened Open(const gateway::RequestHead& head) override {
    const std::lock_guard lock(mutex_);
    constexpr std::string_view kPrefix = "/v1/ledger/";
    gateway::HttpResponse response;
    response.status = 404;
    if (!head.path.starts_with(kPrefix)) return {std::move(response), nullptr};
    const std::string_view path = head.path.substr(kPrefix.size());
    if (path == "checkpoint") {
      response.body = checkpoint_;
      response.status = 200;
    } else if (auto tile = TileAt(path)) {
      ++tiles_read_;
      if (tiles_damaged_) tile->front() = static_cast<char>(tile->front() ^ 1);
      response.body = *std::move(tile);
      response.status = 200;
    }
    return {std::move(response), nullptr};
  }
  gateway::HttpResponse Refuse(const gateway::RequestHead&, const Error&) override {
    gateway::HttpResponse response;
    response.status = 400;
    return response;
  }

 private:
  // Only of the size that is served, as a log that has rolled back.
  std::optional<std::string> TileAt(std::string_view path) {
    constexpr std::string_view kTile = "tile/";
    if (!path.starts_with(kTile)) return std::nullopt;
    path.remove_prefix(kTile.size());
    const size_t slash = path.find('/');
    const auto level = ledger::ParseTileLevel(path.substr(0, slash));
    const auto place = ledger::ParsePlace(path.substr(slash + 1));
    if (!level || !place) return std::nullopt;
    if (place->width > ledger::TileWidthAt(*level, place->index, size_)) return std::nullopt;
    return tree_->Tile(*level, *place);
  }

  std::mutex mutex_;
  const ledger::TestTree* tree_ = nullptr;
  uint64_t size_ = 0;
  std::string checkpoint_;
  bool tiles_damaged_ = false;
  std::atomic<int> tiles_read_{0};
  int port_ = 0;
  std::unique_ptr<gateway::HttpServer> server_;
};

class FollowerTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }
  void Open() {
    follower_.reset();
    witness_.reset();
    auto opened = Witness::Open(SettingsIn(dir_ / "state"), clock_);
    ASSERT_TRUE(opened);
    witness_ = *std::move(opened);
    record_ = witness_->Find(kOrigin);
    follower_ = std::make_unique<Follower>(*record_, log_.url(), milliseconds(10), clock_);
  }
  // What is on standard error after one reading of the log.
  std::string Read() {
    testing::internal::CaptureStderr();
    follower_->ReadOnce();
    return testing::internal::GetCapturedStderr();
  }
  uint64_t Size() { return record_->known().size(); }
  bool Frozen() { return record_->known().frozen; }
  std::string Page() { return witness_->Describe().body; }
  unsigned Push(uint64_t from, uint64_t to) {
    return witness_->AddCheckpoint(Growth(tree_, from, to)).status;
  }
  std::string Evidence() { return ReadFile(StateOf(dir_ / "state", "frozen")); }

  const ScratchDir dir_;
  const FixedClock clock_{};
  const ledger::TestTree tree_ = Branch("a", 300, 900);
  const ledger::TestTree other_ = Branch("b", 300, 900);  // forks after 300 leaves
  LogServer log_;
  std::unique_ptr<Witness> witness_;
  LogRecord* record_ = nullptr;
  std::unique_ptr<Follower> follower_;
};

TEST_F(FollowerTest, CosignsWhatTheLogServes) {
  for (const uint64_t size : {0, 1, 2, 255, 256, 257, 512, 600, 900}) {
    log_.Serve(tree_, size);
    EXPECT_EQ(Count(Read(), "\"level\":\"warn\""), 0U);
    EXPECT_EQ(Size(), size);
    EXPECT_FALSE(Frozen());
    const auto opened = ledger::OpenCheckpoint(
        witness_->Latest(kOrigin).body,
        {.log = ledger::TestSigner::Log().key, .witnesses = {witness_->key()}, .quorum = 1});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->checkpoint.size, size);
  }
  EXPECT_NE(Page().find(": good\n"), std::string::npos);
  Open();
  EXPECT_EQ(Size(), 900U);
}

TEST_F(FollowerTest, LetsTheLogGoOnByItself) {
  log_.Serve(tree_, 400);
  Read();
  const Answer late = witness_->AddCheckpoint(Growth(tree_, 0, 500));
  EXPECT_EQ(late.status, 409U);
  EXPECT_EQ(late.body, "400\n");
  EXPECT_EQ(Push(400, 500), 200U);
  // The log serves what it has had cosigned a moment later.
  EXPECT_EQ(Read(), "");
  EXPECT_NE(Page().find(": good\n"), std::string::npos);
  log_.Serve(tree_, 500);
  EXPECT_EQ(Read(), "");
  EXPECT_EQ(Size(), 500U);
}

TEST_F(FollowerTest, FreezesOnAnotherRootOfTheSameSize) {
  ASSERT_EQ(Push(0, 400), 200U);
  log_.Serve(other_, 400);
  EXPECT_EQ(Count(Read(), "fork seen"), 1U);
  EXPECT_TRUE(Frozen());
  EXPECT_EQ(Read(), "");
  EXPECT_NE(Evidence().find(SignedHead(other_, 400)), std::string::npos);
  EXPECT_EQ(Push(400, 500), 409U);
}

// The evidence must convince who trusts neither the log nor the witness.
void ExpectEvidence(const std::string& evidence, const ledger::Checkpoint& smaller,
                    const ledger::Checkpoint& larger) {
  const size_t start = evidence.find("root of the first ");
  ASSERT_NE(start, std::string::npos);
  std::istringstream lines(evidence.substr(evidence.find("\n\n", start) + 2));
  std::vector<ledger::Hash> hashes;
  for (std::string line; std::getline(lines, line);) {
    hashes.push_back(ledger::Hash::From(crypto::Base64Decode(line).value()).value());
  }
  const std::span<const ledger::Hash> proof = std::span(hashes).subspan(1);
  EXPECT_NE(hashes[0], smaller.root);
  EXPECT_TRUE(ledger::VerifyConsistency(smaller.size, hashes[0], larger.size, larger.root, proof));
}

TEST_F(FollowerTest, FreezesOnALargerTreeThatDoesNotBeginWithOurs) {
  for (const uint64_t size : {400, 512}) {  // 512: a full subtree, which proofs leave out
    ASSERT_EQ(Push(0, size), 200U);
    log_.Serve(other_, 800);
    EXPECT_EQ(Count(Read(), "fork seen"), 1U);
    EXPECT_TRUE(Frozen());
    EXPECT_EQ(Size(), size);
    EXPECT_NE(Evidence().find(SignedHead(tree_, size)), std::string::npos);
    EXPECT_NE(Evidence().find(SignedHead(other_, 800)), std::string::npos);
    ExpectEvidence(Evidence(), tree_.At(kOrigin, size), other_.At(kOrigin, 800));
    Open();
    EXPECT_TRUE(Frozen());
    follower_.reset();
    witness_.reset();
    std::filesystem::remove_all(dir_ / "state");
    Open();
  }
}

TEST_F(FollowerTest, FreezesOnASmallerTreeThatOursDoesNotBeginWith) {
  ASSERT_EQ(Push(0, 800), 200U);
  // The log serves an older head of another branch and still the tiles of ours.
  log_.Serve(tree_, 800, SignedHead(other_, 500));
  EXPECT_EQ(Count(Read(), "fork seen"), 1U);
  EXPECT_TRUE(Frozen());
  ExpectEvidence(Evidence(), other_.At(kOrigin, 500), tree_.At(kOrigin, 800));
}

TEST_F(FollowerTest, TellsARollbackOncePerSize) {
  log_.Serve(tree_, 800);
  Read();
  for (const uint64_t size : {500, 0, 700}) {
    log_.Serve(tree_, size);
    EXPECT_EQ(Count(Read(), "rollback seen"), 1U);
    EXPECT_EQ(Read(), "");
    EXPECT_NE(Page().find(fmt::format("ROLLBACK, serves size {}\n", size)), std::string::npos);
  }
  EXPECT_FALSE(Frozen());
  EXPECT_EQ(Size(), 800U);
  log_.Serve(tree_, 900);
  EXPECT_EQ(Count(Read(), "rollback"), 0U);
  EXPECT_EQ(Page().find("ROLLBACK"), std::string::npos);
  EXPECT_EQ(Size(), 900U);
}

TEST_F(FollowerTest, ComparesAnOlderHeadOnce) {
  log_.Serve(tree_, 800);
  Read();
  log_.Serve(tree_, 800, SignedHead(tree_, 500));
  Read();
  const int read = log_.tiles_read();
  EXPECT_GT(read, 0);
  Read();
  EXPECT_EQ(log_.tiles_read(), read);
}

// Anybody on the way can damage tiles: no evidence against the log.
TEST_F(FollowerTest, TakesDamagedTilesForNoEvidence) {
  ASSERT_EQ(Push(0, 400), 200U);
  log_.Serve(tree_, 800);
  log_.DamageTiles();
  EXPECT_EQ(Count(Read(), "log cannot be followed"), 1U);
  EXPECT_FALSE(Frozen());
  EXPECT_EQ(Size(), 400U);
  log_.Serve(tree_, 800);
  EXPECT_EQ(Count(Read(), "log followed again"), 1U);
  EXPECT_EQ(Size(), 800U);
}

TEST_F(FollowerTest, TakesNothingThatTheLogHasNotSigned) {
  ASSERT_EQ(Push(0, 400), 200U);
  const auto stranger = ledger::TestSigner::Of("stranger.example", ledger::SignatureType::kEd25519);
  const auto log = ledger::TestSigner::Log();
  for (const std::string& checkpoint :
       {std::string("not a checkpoint"),
        ledger::SignedBy({&stranger}, other_.At(kOrigin, 400).Format()),
        ledger::SignedBy({&log}, other_.At("elsewhere.example", 400).Format()),
        std::string(70'000, 'x')}) {
    log_.Serve(tree_, 800, checkpoint);
    Read();
    EXPECT_FALSE(Frozen());
    EXPECT_EQ(Size(), 400U);
    EXPECT_NE(Page().find(": fails since 2026-03-02T08:00:00Z: "), std::string::npos);
  }
}

TEST_F(FollowerTest, SaysOnceThatALogIsUnreachableAndOnceThatItIsBack) {
  log_.Serve(tree_, 400);
  Read();
  log_.Stop();
  EXPECT_EQ(follower_->NextWait(), milliseconds(10));
  EXPECT_EQ(Count(Read(), "log cannot be followed"), 1U);
  EXPECT_EQ(follower_->NextWait(), milliseconds(20));
  EXPECT_EQ(Read(), "");
  EXPECT_EQ(follower_->NextWait(), milliseconds(40));
  for (int i = 0; i < 20; ++i) Read();
  EXPECT_EQ(follower_->NextWait(), milliseconds(10'240));
  EXPECT_NE(Page().find(": fails since"), std::string::npos);
  log_.Serve(tree_, 500);
  log_.Start();
  EXPECT_EQ(Count(Read(), "log followed again"), 1U);
  EXPECT_EQ(follower_->NextWait(), milliseconds(10));
  EXPECT_EQ(Size(), 500U);
}

TEST_F(FollowerTest, ReadsAgainAndAgainUntilItIsStopped) {
  log_.Serve(tree_, 400);
  follower_->Start();
  for (const uint64_t size : {400, 500, 600}) {
    log_.Serve(tree_, size);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (Size() != size && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    ASSERT_EQ(Size(), size);
  }
  follower_->Stop();
}

TEST_F(FollowerTest, IsStoppedWhileItWaits) {
  follower_ = std::make_unique<Follower>(*record_, log_.url(), std::chrono::hours(1), clock_);
  log_.Serve(tree_, 400);
  follower_->Start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (Size() != 400 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  follower_->Stop();
  EXPECT_LT(std::chrono::steady_clock::now(), deadline);
}

}  // namespace
}  // namespace zonelink::witness
