// SPDX-License-Identifier: Apache-2.0
// Decisions and files together: what is answered, what is kept, what survives.
#include "gateway/witness/witness.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "gateway/witness/testing_witness.h"

namespace zonelink::witness {
namespace {

class WitnessTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }
  void Open() {
    witness_.reset();  // gives the folder free
    auto opened = Witness::Open(SettingsIn(state_), clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    witness_ = *std::move(opened);
  }
  std::string ReasonToOpen() {
    witness_.reset();
    const auto opened = Witness::Open(SettingsIn(state_), clock_);
    return opened ? "" : opened.error().reason;
  }
  unsigned Status(const std::string& body) { return witness_->AddCheckpoint(body).status; }
  uint64_t KnownSize() { return witness_->Find(kOrigin)->known().size(); }
  std::string File(const std::string& name) { return StateOf(state_, name); }

  const ScratchDir dir_;
  const std::string state_ = dir_ / "state";
  const FixedClock clock_{};
  const ledger::TestTree tree_ = Branch("a", 10, 40);
  const ledger::TestTree other_ = Branch("b", 10, 40);  // forks after ten leaves
  std::unique_ptr<Witness> witness_;
};

TEST_F(WitnessTest, CosignsWhatOthersCanVerify) {
  const Answer answer = witness_->AddCheckpoint(Growth(tree_, 0, 12));
  ASSERT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.content_type.substr(0, 10), "text/plain");
  const auto opened = ledger::OpenCheckpoint(
      SignedHead(tree_, 12) + answer.body,
      {.log = ledger::TestSigner::Log().key, .witnesses = {witness_->key()}, .quorum = 1});
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->checkpoint.size, 12U);
  const auto lines = ledger::ParseSignatureLines(answer.body);
  ASSERT_TRUE(lines);
  EXPECT_EQ(ledger::CosignedAt(lines->front()).value(), clock_.Now());
}

TEST_F(WitnessTest, AnswersAsTheProtocolSays) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  const std::string grown = Growth(tree_, 12, 20);
  std::string foreign = grown;
  for (size_t at; (at = foreign.find(kOrigin)) != std::string::npos;) {
    foreign.replace(at, std::string(kOrigin).size(), "elsewhere.example");
  }
  std::string broken = grown;
  broken[broken.size() - 20] = broken[broken.size() - 20] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Status("old 12\n"), 400U);
  EXPECT_EQ(Status(BodyOf(21, {}, SignedHead(tree_, 20))), 400U);
  EXPECT_EQ(Status(foreign), 404U);
  EXPECT_EQ(Status(broken), 403U);
  EXPECT_EQ(Status(BodyOf(12, {}, SignedHead(tree_, 20))), 422U);
  const Answer conflict = witness_->AddCheckpoint(Growth(tree_, 5, 20));
  EXPECT_EQ(conflict.status, 409U);
  EXPECT_EQ(conflict.content_type, "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "12\n");
  EXPECT_EQ(KnownSize(), 12U);
  EXPECT_EQ(Status(grown), 200U);
  EXPECT_EQ(Status(Growth(tree_, 20, 20)), 200U);
  EXPECT_EQ(KnownSize(), 20U);
}

TEST_F(WitnessTest, GivesOutTheLatestCosignedNote) {
  EXPECT_EQ(witness_->Latest(kOrigin).status, 404U);
  EXPECT_EQ(witness_->Latest("elsewhere.example").status, 404U);
  const Answer answer = witness_->AddCheckpoint(Growth(tree_, 0, 12));
  const Answer latest = witness_->Latest(kOrigin);
  EXPECT_EQ(latest.status, 200U);
  EXPECT_EQ(latest.body, SignedHead(tree_, 12) + answer.body);
  EXPECT_EQ(ReadFile(File("latest")), latest.body);
}

// Cosignatures that a log brings along are not ours to keep.
TEST_F(WitnessTest, KeepsTheLogsSignatureAndItsOwn) {
  const auto witness = ledger::TestSigner::Witness("zhejiang.example/witness");
  const auto log = ledger::TestSigner::Log();
  const std::string note = ledger::SignedBy({&witness, &log}, tree_.At(kOrigin, 12).Format());
  const Answer answer = witness_->AddCheckpoint(BodyOf(0, {}, note));
  ASSERT_EQ(answer.status, 200U);
  EXPECT_EQ(witness_->Latest(kOrigin).body, SignedHead(tree_, 12) + answer.body);
}

TEST_F(WitnessTest, RemembersAfterARestart) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  const std::string latest = witness_->Latest(kOrigin).body;
  Open();
  EXPECT_EQ(witness_->Latest(kOrigin).body, latest);
  EXPECT_EQ(Status(Growth(tree_, 0, 20)), 409U);
  EXPECT_EQ(Status(Growth(tree_, 12, 20)), 200U);
}

TEST_F(WitnessTest, PassesOverAWriteThatWasCutShort) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  WriteFile(File("latest.new"), SignedHead(tree_, 20).substr(0, 30));
  Open();
  EXPECT_EQ(KnownSize(), 12U);
  EXPECT_EQ(Status(Growth(tree_, 12, 20)), 200U);
  Open();
  EXPECT_EQ(KnownSize(), 20U);
}

TEST_F(WitnessTest, DoesNotStartOverOnADamagedMemory) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  const std::string good = ReadFile(File("latest"));
  std::string broken = good;
  broken[broken.size() - 20] = broken[broken.size() - 20] == 'A' ? 'B' : 'A';
  const std::string other_origin = ledger::SignedBy({}, tree_.At("elsewhere.example", 12).Format());
  for (const std::string& damaged :
       {std::string(), good.substr(0, good.size() / 2), broken, std::string(300'000, 'x'),
        other_origin + ledger::FormatSignatureLine(ledger::TestSigner::Log().Sign("x"))}) {
    WriteFile(File("latest"), damaged);
    EXPECT_EQ(ReasonToOpen(), "STATE_UNREADABLE") << damaged.substr(0, 100);
  }
  std::filesystem::remove(File("latest"));
  std::filesystem::create_directory(File("latest"));
  EXPECT_EQ(ReasonToOpen(), "STATE_UNREADABLE");
  std::filesystem::remove(File("latest"));
  WriteFile(File("latest"), good);
  EXPECT_EQ(ReasonToOpen(), "");
}

TEST_F(WitnessTest, GoesOnWithANewKey) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  witness_.reset();
  Witness::Settings settings = SettingsIn(state_);
  settings.secret = crypto::Ed25519Key::FromSeed(crypto::Sha256("another"));
  auto opened = Witness::Open(std::move(settings), clock_);
  ASSERT_TRUE(opened);
  EXPECT_EQ((*opened)->AddCheckpoint(Growth(tree_, 12, 20)).status, 200U);
}

TEST_F(WitnessTest, OneProcessKeepsAFolder) {
  const auto second = Witness::Open(SettingsIn(state_), clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "STATE_IN_USE");
}

TEST_F(WitnessTest, GivesNothingOutThatItCannotKeep) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  const std::string latest = witness_->Latest(kOrigin).body;
  // A folder in the way: root is not stopped by file modes.
  std::filesystem::create_directory(File("latest.new"));
  const Answer answer = witness_->AddCheckpoint(Growth(tree_, 12, 20));
  EXPECT_EQ(answer.status, 500U);
  EXPECT_EQ(answer.body.find("\xe2\x80\x94"), std::string::npos);
  EXPECT_EQ(witness_->Latest(kOrigin).body, latest);
  std::filesystem::remove(File("latest.new"));
  EXPECT_EQ(Status(Growth(tree_, 12, 20)), 200U);
}

TEST_F(WitnessTest, FreezesOnASignedContradiction) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  const std::string cosigned = witness_->Latest(kOrigin).body;
  testing::internal::CaptureStderr();
  const Answer fork = witness_->AddCheckpoint(BodyOf(12, {}, SignedHead(other_, 12)));
  EXPECT_EQ(fork.status, 409U);
  EXPECT_EQ(fork.body, "12\n");
  EXPECT_EQ(Status(BodyOf(12, {}, SignedHead(other_, 12))), 409U);
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_EQ(Count(logged, "fork seen"), 1U);
  EXPECT_EQ(Count(logged, "\"level\":\"error\""), 1U);

  const std::string evidence = ReadFile(File("frozen"));
  EXPECT_NE(evidence.find(cosigned), std::string::npos);
  EXPECT_NE(evidence.find(SignedHead(other_, 12)), std::string::npos);
  EXPECT_NE(witness_->Describe().body.find("FROZEN fork seen"), std::string::npos);

  for (int restart = 0; restart < 2; ++restart) {
    const Answer refused = witness_->AddCheckpoint(Growth(tree_, 12, 20));
    EXPECT_EQ(refused.status, 409U);
    EXPECT_EQ(refused.body, "12\n");
    EXPECT_EQ(Status(Growth(tree_, 12, 12)), 409U);
    EXPECT_EQ(witness_->Latest(kOrigin).body, cosigned);
    EXPECT_EQ(ReadFile(File("frozen")), evidence);
    Open();
  }
  std::filesystem::remove(File("frozen"));
  EXPECT_EQ(Status(Growth(tree_, 12, 20)), 200U);
  EXPECT_EQ(witness_->Describe().body.find("FROZEN"), std::string::npos);
}

TEST_F(WitnessTest, StaysFrozenUntilTheEvidenceIsKept) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  std::filesystem::create_directory(File("frozen.new"));
  EXPECT_EQ(Status(BodyOf(12, {}, SignedHead(other_, 12))), 409U);
  EXPECT_FALSE(std::filesystem::exists(File("frozen")));
  EXPECT_EQ(Status(Growth(tree_, 12, 20)), 409U);
  std::filesystem::remove(File("frozen.new"));
  EXPECT_EQ(Status(Growth(tree_, 12, 20)), 409U);
  EXPECT_TRUE(std::filesystem::exists(File("frozen")));
}

// Anybody may send such things; none of them may stop a witness.
TEST_F(WitnessTest, DoesNotFreezeForWhatALogHasNotSigned) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  EXPECT_EQ(Status(BodyOf(12, ProofOf(other_, 12, 20), SignedHead(tree_, 20))), 422U);
  EXPECT_EQ(Status(BodyOf(12, std::vector<ledger::Hash>(63), SignedHead(tree_, 20))), 422U);
  const auto stranger = ledger::TestSigner::Of("stranger.example", ledger::SignatureType::kEd25519);
  EXPECT_EQ(Status(BodyOf(12, {}, ledger::SignedBy({&stranger}, other_.At(kOrigin, 12).Format()))),
            403U);
  EXPECT_FALSE(std::filesystem::exists(File("frozen")));
  EXPECT_EQ(Status(Growth(tree_, 12, 20)), 200U);
}

TEST_F(WitnessTest, LogsAnInvalidProofOncePerHead) {
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Status(BodyOf(12, {}, SignedHead(tree_, 20))), 422U);
  EXPECT_EQ(Status(BodyOf(12, {}, SignedHead(tree_, 21))), 422U);
  EXPECT_EQ(Count(testing::internal::GetCapturedStderr(), "proof refused"), 2U);
}

TEST_F(WitnessTest, SaysHowEveryLogStands) {
  const std::string before = witness_->Describe().body;
  EXPECT_NE(before.find(witness_->key().Format()), std::string::npos);
  EXPECT_NE(before.find("log    zonelink.example/ledger\nsize   0\nsince  never cosigned\n"),
            std::string::npos);
  ASSERT_EQ(Status(Growth(tree_, 0, 12)), 200U);
  const std::string after = witness_->Describe().body;
  EXPECT_NE(after.find("size   12\n"), std::string::npos);
  EXPECT_NE(after.find("since  2026-03-02T08:00:00Z\n"), std::string::npos);
}

// The race that the protocol warns of: what is checked and what is kept must be one step.
TEST_F(WitnessTest, NeverGoesBackWhenManyPropose) {
  const auto tree = Branch("a", 0, 400);
  ASSERT_EQ(Status(Growth(tree, 0, 1)), 200U);
  std::atomic<bool> went_back{false};
  std::vector<std::thread> threads;
  for (uint64_t step = 1; step <= 8; ++step) {
    threads.emplace_back([&, step] {
      uint64_t size = 1;
      while (size < 400) {
        const uint64_t next = std::min<uint64_t>(size + step, 400);
        const Answer answer = witness_->AddCheckpoint(Growth(tree, size, next));
        const uint64_t now = answer.status == 409   ? std::stoull(answer.body)
                             : answer.status == 200 ? next
                                                    : 0;
        if (now < size || (answer.status == 200 && KnownSize() < next)) went_back = true;
        if (now < size) return;
        size = now;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(went_back);
  EXPECT_EQ(KnownSize(), 400U);
  Open();
  EXPECT_EQ(KnownSize(), 400U);
}

}  // namespace
}  // namespace zonelink::witness
