// SPDX-License-Identifier: Apache-2.0
// How checkpoints are cosigned, and what the publisher does when witnesses are slow, away or know
// better.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "gateway/http/http_server.h"
#include "ledger/test_ledger.h"

namespace zonelink::ledger {
namespace {

// A witness over HTTP that keeps the rules of C2SP tlog-witness, unless told not to.
class FakeWitness final : public gateway::HttpApp {
 public:
  FakeWitness(const std::string& name, const VerifierKey& log);
  ~FakeWitness() override;

  VerifierKey key() const { return signer_.key; }
  std::string url() const;
  // No longer reachable; then again, on another port.
  void Down();

  // Answers each request with this status, 0: by the rules.
  void AnswerAlways(unsigned status);
  // Keeps requests waiting until it is called with false.
  void Hold(bool hold);
  // Signs with another key than its own.
  void SignFalsely() {
    Locked([&] { false_signature_ = true; });
  }
  // Cosigns no more: answers its own size whatever it is asked.
  void StopCosigning(bool stopped) {
    Locked([&] { stopped_ = stopped; });
  }
  // As if it had cosigned this note.
  void Remember(const std::string& note);

  uint64_t size() const;
  // The bodies of all requests so far.
  std::vector<std::string> requests() const;

  gateway::Opened Open(const gateway::RequestHead& head) override;
  gateway::HttpResponse Refuse(const gateway::RequestHead& head, const Error& error) override;

 private:
  struct Post;
  void OnPost(const std::string& body, std::shared_ptr<gateway::Responder> responder);
  gateway::HttpResponse Answer(const std::string& body);
  gateway::HttpResponse Judge(uint64_t old_size, std::span<const Hash> proof,
                              const std::string& note);
  template <class F>
  void Locked(const F& change) {
    const std::lock_guard lock(mutex_);
    change();
  }

  const TestSigner signer_;
  const VerifierKey log_;
  mutable std::mutex mutex_;
  unsigned status_ = 0;
  bool hold_ = false;
  bool false_signature_ = false;
  bool stopped_ = false;
  std::optional<Checkpoint> latest_;
  std::string latest_note_;
  std::vector<std::string> requests_;
  struct Held {
    std::string body;
    std::shared_ptr<gateway::Responder> responder;
  };
  std::vector<Held> held_;
  std::unique_ptr<gateway::HttpServer> server_;
};

struct FakeWitness::Post final : gateway::Exchange {
  explicit Post(FakeWitness& witness) : witness(witness) {}
  void OnBody(std::string body, std::shared_ptr<gateway::Responder> responder) override {
    witness.OnPost(body, std::move(responder));
  }
  FakeWitness& witness;
};

FakeWitness::FakeWitness(const std::string& name, const VerifierKey& log)
    : signer_(TestSigner::Witness(name)),
      log_(log),
      server_(gateway::HttpServer::Listen({}, *this).value()) {
  server_->Start();
}

FakeWitness::~FakeWitness() { Down(); }

std::string FakeWitness::url() const { return fmt::format("http://127.0.0.1:{}", server_->port()); }

void FakeWitness::Down() {
  Hold(false);
  if (server_) server_->Stop(std::chrono::milliseconds(1000));
}

void FakeWitness::AnswerAlways(unsigned status) {
  Locked([&] { status_ = status; });
}

void FakeWitness::Hold(bool hold) {
  std::vector<Held> held;
  Locked([&] {
    hold_ = hold;
    if (!hold) held.swap(held_);
  });
  for (auto& one : held) one.responder->Respond(Answer(one.body));
}

void FakeWitness::Remember(const std::string& note) {
  Locked([&] {
    latest_note_ = note;
    latest_ = Checkpoint::Parse(Note::Parse(note).value().text).value();
  });
}

uint64_t FakeWitness::size() const {
  const std::lock_guard lock(mutex_);
  return latest_ ? latest_->size : 0;
}

std::vector<std::string> FakeWitness::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

gateway::Opened FakeWitness::Open(const gateway::RequestHead& head) {
  if (head.method == "POST" && head.path == "/add-checkpoint") {
    return {.answer = std::nullopt, .exchange = std::make_shared<Post>(*this)};
  }
  const std::lock_guard lock(mutex_);
  if (head.path == "/latest" && head.query == "origin=zonelink.example%2Fledger" && latest_) {
    return {.answer = gateway::HttpResponse{.body = latest_note_}, .exchange = nullptr};
  }
  return {.answer = gateway::HttpResponse{.status = 404}, .exchange = nullptr};
}

gateway::HttpResponse FakeWitness::Refuse(const gateway::RequestHead&, const Error&) {
  return {.status = 400};
}

void FakeWitness::OnPost(const std::string& body, std::shared_ptr<gateway::Responder> responder) {
  bool hold = false;
  Locked([&] {
    requests_.push_back(body);
    hold = hold_;
    if (hold) held_.push_back({body, responder});
  });
  if (!hold) responder->Respond(Answer(body));
}

gateway::HttpResponse FakeWitness::Answer(const std::string& body) {
  const std::lock_guard lock(mutex_);
  if (status_ != 0) return {.status = status_};
  const size_t empty_line = body.find("\n\n");
  if (!body.starts_with("old ") || empty_line == std::string::npos) return {.status = 400};
  size_t line = body.find('\n');
  const uint64_t old_size = std::stoull(body.substr(4, line - 4));
  std::vector<Hash> proof;
  while (line < empty_line) {
    const size_t next = body.find('\n', line + 1);
    const auto bytes = crypto::Base64Decode(body.substr(line + 1, next - line - 1));
    if (!bytes || bytes->size() != 32) return {.status = 400};
    proof.push_back(*Hash::From(*bytes));
    line = next;
  }
  return Judge(old_size, proof, body.substr(empty_line + 2));
}

gateway::HttpResponse FakeWitness::Judge(uint64_t old_size, std::span<const Hash> proof,
                                         const std::string& note) {
  const auto opened = OpenCheckpoint(note, {.origin = {}, .log = log_, .witnesses = {}});
  if (!opened) return {.status = 403};
  const Checkpoint& checkpoint = opened->checkpoint;
  if (old_size > checkpoint.size) return {.status = 400};
  const uint64_t known = latest_ ? latest_->size : 0;
  if (old_size != known || stopped_) {
    return {.status = 409, .content_type = "text/x.tlog.size", .body = fmt::format("{}\n", known)};
  }
  if (old_size == checkpoint.size && latest_->root != checkpoint.root) return {.status = 409};
  const bool proven = old_size == 0
                          ? proof.empty()
                          : bool(VerifyConsistency(old_size, latest_->root, checkpoint.size,
                                                   checkpoint.root, proof));
  if (!proven) return {.status = 422};
  latest_ = checkpoint;
  latest_note_ = note;
  NoteSignature line = signer_.Sign(opened->note.text);
  if (false_signature_) line.bytes.back() = static_cast<char>(line.bytes.back() ^ 1);
  return {.content_type = "text/plain", .body = FormatSignatureLine(line)};
}

class WitnessTest : public LedgerTest {
 protected:
  WitnessTest() {
    for (const char* name : {"a.example/w", "b.example/w", "c.example/w"}) {
      fakes_.push_back(std::make_unique<FakeWitness>(name, log_.key));
    }
  }
  ~WitnessTest() override { Kill(); }

  void Use(size_t count, unsigned quorum) {
    witnesses_.clear();
    for (size_t i = 0; i < count; ++i) {
      witnesses_.push_back({.key = fakes_[i]->key(), .url = fakes_[i]->url()});
    }
    quorum_ = quorum;
  }
  // Of the checkpoint that is served, the names of those that cosigned it.
  std::string Cosigners() {
    TrustPolicy policy{.origin = {}, .log = log_.key, .witnesses = {}, .quorum = 0};
    for (const auto& fake : fakes_) policy.witnesses.push_back(fake->key());
    std::string names;
    for (const auto& key : Must(OpenCheckpoint(Checkpoint(), policy)).cosigners) {
      names += key.name.substr(0, 1);
    }
    return names;
  }
  std::string TroubleOf(size_t witness) {
    return Ledger().witnesses(static_cast<int>(witness)).trouble();
  }
  void AwaitCosigners(const std::string& names) {
    Until([&] { return Cosigners() == names; }, "cosigned by " + names);
  }
  // The log's own note of a tree that this log does not have.
  std::string OtherNote(uint64_t size) const {
    return SignedBy({&log_}, SyntheticTree(size).At(log_.key.name, size).Format());
  }

  std::vector<std::unique_ptr<FakeWitness>> fakes_;
};

TEST_F(WitnessTest, ACheckpointIsServedWithItsQuorum) {
  Use(3, 3);
  Restart();
  for (const size_t more : {1, 300, 7}) {
    Publish(more);
    EXPECT_EQ(Cosigners(), "abc");
    EXPECT_EQ(Ledger().anchored_size(), Ledger().size());
  }
  const auto ledger = Ledger();
  ASSERT_EQ(ledger.witnesses_size(), 3);
  EXPECT_EQ(ledger.quorum(), 3);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ledger.witnesses(static_cast<int>(i)).size(), 308);
    EXPECT_EQ(ledger.witnesses(static_cast<int>(i)).key(), fakes_[i]->key().Format());
    EXPECT_EQ(TroubleOf(i), "");
    // One request each: the size is remembered, the proof fits.
    EXPECT_EQ(fakes_[i]->requests().size(), 3u);
  }
  v1::GetReceiptRequest request;
  request.set_event_id(Publish(1)[0].event_id());
  EXPECT_TRUE(Must(process().service.GetReceipt(Nobody(), request)).anchored());
  EXPECT_EQ(scratch_.AdminText("SELECT count(*) FROM ledger.cosignatures"), "12");
}

TEST_F(WitnessTest, TheQuorumNeedNotWaitForTheLast) {
  Use(3, 2);
  fakes_[1]->Hold(true);
  Restart();
  Publish(5);
  EXPECT_EQ(Cosigners(), "ac");
  EXPECT_EQ(Ledger().anchored_size(), 5);
  fakes_[1]->Hold(false);
  AwaitCosigners("abc");
}

TEST_F(WitnessTest, ASlowWitnessIsWaitedForOnlySoLong) {
  Use(2, 2);
  witness_timeout_ = std::chrono::milliseconds(50);
  fakes_[1]->Hold(true);
  Restart();
  const auto events = Publish(5);
  AwaitCosigners("a");
  EXPECT_EQ(Ledger().anchored_size(), 0);
  v1::GetReceiptRequest request;
  request.set_event_id(events[0].event_id());
  EXPECT_FALSE(Must(process().service.GetReceipt(Nobody(), request)).anchored());
  Publish(5);
  AwaitCosigners("a");
  fakes_[1]->Hold(false);
  AwaitCosigners("ab");
  EXPECT_TRUE(Must(process().service.GetReceipt(Nobody(), request)).anchored());
  EXPECT_EQ(Ledger().anchored_size(), 10);
}

TEST_F(WitnessTest, AnAbsentWitnessDelaysNobodyAndIsCaughtUp) {
  Use(2, 2);
  fakes_[1]->AnswerAlways(500);
  Restart();
  Publish(5);  // would wait ten seconds for an answer that may come
  EXPECT_EQ(Cosigners(), "a");
  EXPECT_EQ(TroubleOf(1), "answers 500");
  for (int i = 0; i < 4; ++i) Publish(100);
  EXPECT_EQ(Ledger().anchored_size(), 0);
  fakes_[1]->AnswerAlways(0);
  AwaitCosigners("ab");
  EXPECT_EQ(Ledger().anchored_size(), 405);
  Until([&] { return TroubleOf(1).empty(); }, "no trouble any more");
  // Not what lay between.
  EXPECT_EQ(scratch_.AdminText("SELECT string_agg(size::text, ',') FROM ledger.cosignatures WHERE "
                               "witness = 'b.example/w'"),
            "405");
}

TEST_F(WitnessTest, AnUnreachableWitnessIsTroubleOnly) {
  Use(2, 1);
  fakes_[1]->Down();
  Restart();
  Publish(5);
  EXPECT_EQ(Cosigners(), "a");
  Until([&] { return !TroubleOf(1).empty(); }, "trouble");
  EXPECT_EQ(Ledger().frozen(), "");
}

TEST_F(WitnessTest, ARestartRemembersCosignatures) {
  Use(2, 2);
  Restart();
  Publish(300);
  Restart();
  AwaitPublished(300);
  EXPECT_EQ(Cosigners(), "ab");
  EXPECT_EQ(Ledger().anchored_size(), 300);
  EXPECT_EQ(Ledger().witnesses(0).size(), 300);
  Publish(10);
  EXPECT_EQ(Cosigners(), "ab");
}

TEST_F(WitnessTest, AWitnessSaysWhereItStands) {
  Use(1, 1);
  Restart();
  Publish(10);
  const std::string ten = Must(Note::Parse(Checkpoint())).text;
  Publish(290);
  Kill();
  Tamper("DELETE FROM cosignatures");  // this side has forgotten
  fakes_[0]->Remember(SignedBy({&log_}, ten));
  Restart();
  AwaitPublished(300);
  AwaitCosigners("a");
  EXPECT_EQ(fakes_[0]->size(), 300u);
  EXPECT_EQ(Ledger().frozen(), "");
}

TEST_F(WitnessTest, AFalseCosignatureIsNotTaken) {
  Use(2, 2);
  fakes_[0]->SignFalsely();
  Restart();
  Publish(5);
  EXPECT_EQ(Cosigners(), "b");
  EXPECT_EQ(TroubleOf(0), "its cosignature does not verify");
  EXPECT_EQ(scratch_.AdminText("SELECT string_agg(witness, ',') FROM ledger.cosignatures"),
            "b.example/w");
}

TEST_F(WitnessTest, ALargerTreeAtAWitnessIsARollback) {
  Use(2, 1);
  const std::string larger = OtherNote(700);
  fakes_[1]->Remember(larger);
  Restart();
  Grow(5);
  process().publisher->Wake();
  AwaitFrozen("ROLLBACK");
  EXPECT_EQ(Ledger().head_before(), larger);
  EXPECT_EQ(Checkpoint::Parse(Ledger().head_now())->size, 5u);
  // No further checkpoint, after a restart neither.
  Grow(5);
  process().publisher->Wake();
  Restart();
  Until([&] { return process().publisher->Loaded(); }, "loaded");
  EXPECT_EQ(Ledger().frozen(), "ROLLBACK");
  EXPECT_EQ(scratch_.AdminText("SELECT max(size) FROM ledger.checkpoints"), "5");
}

TEST_F(WitnessTest, ARollbackIsSeenWithoutStateFileAndNewLeaves) {
  Use(1, 1);
  Restart();
  Publish(20);
  Publish(20);
  Kill();
  Tamper(
      "DELETE FROM leaves WHERE index >= 20; DELETE FROM checkpoints WHERE size > 20; "
      "DELETE FROM cosignatures WHERE size > 20; UPDATE tree SET size = 20");
  std::filesystem::remove(folder_ / "head");
  Restart();
  AwaitFrozen("ROLLBACK");
  EXPECT_EQ(Checkpoint::Parse(Note::Parse(Ledger().head_before())->text)->size, 40u);
}

TEST_F(WitnessTest, AnotherTreeOfTheSameSizeIsAFork) {
  Use(2, 2);
  fakes_[1]->Remember(OtherNote(5));
  Restart();
  Grow(5);
  process().publisher->Wake();
  AwaitFrozen("FORK");
  EXPECT_EQ(Ledger().head_before(), OtherNote(5));
}

TEST_F(WitnessTest, ATreeThatDoesNotGoOnFromTheWitnesssIsAFork) {
  Use(2, 2);
  fakes_[1]->Remember(OtherNote(3));
  Restart();
  Grow(5);
  process().publisher->Wake();
  AwaitFrozen("FORK");
  EXPECT_EQ(Ledger().head_before(), OtherNote(3));
  EXPECT_EQ(Checkpoint::Parse(Ledger().head_now())->size, 5u);
  EXPECT_EQ(ReasonOf(process().service.GetCheckpoint(Nobody(), {})), "CHECKPOINT_UNKNOWN");
}

TEST_F(WitnessTest, AWitnessThatProvesNothingStopsNoLog) {
  Use(2, 1);
  // Heads that another key has signed: the witness made them up.
  const TestSigner stranger = TestSigner::Of("zonelink.other/ledger", SignatureType::kEd25519);
  fakes_[0]->Remember(SignedBy({&stranger}, SyntheticTree(700).At(log_.key.name, 700).Format()));
  Restart();
  Publish(5);
  const auto accused = [&] {
    return TroubleOf(0) == "contradicts, but shows no head of this log that proves it";
  };
  Until(accused, "trouble");
  Publish(5);
  EXPECT_EQ(Cosigners(), "b");
  EXPECT_EQ(Ledger().frozen(), "");
}

TEST_F(WitnessTest, AWitnessThatHasStoppedIsNoFork) {
  Use(1, 1);
  Restart();
  Publish(5);
  fakes_[0]->StopCosigning(true);
  Restart();  // asks for the same checkpoint again
  AwaitPublished(5);
  const auto stopped = [&] { return TroubleOf(0) == "does not go on from its own size"; };
  Until(stopped, "trouble");
  Publish(5);
  EXPECT_TRUE(stopped());
  EXPECT_EQ(Ledger().frozen(), "");
  fakes_[0]->StopCosigning(false);
  AwaitCosigners("a");
}

TEST_F(WitnessTest, ARefusedProofAloneIsNoFork) {
  Use(1, 1);
  Restart();
  Publish(5);
  fakes_[0]->AnswerAlways(422);  // whatever it is asked: not its word about its own tree
  Publish(5);
  EXPECT_EQ(TroubleOf(0), "refuses an empty proof");
  EXPECT_EQ(Ledger().frozen(), "");
  fakes_[0]->AnswerAlways(0);
  AwaitCosigners("a");
}

TEST_F(WitnessTest, NoQuorumIsAskedForIsNotAnchored) {
  Use(1, 0);
  Restart();
  Publish(5);
  AwaitCosigners("a");
  EXPECT_EQ(Ledger().anchored_size(), 0);
}

}  // namespace
}  // namespace zonelink::ledger
