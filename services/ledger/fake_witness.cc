// SPDX-License-Identifier: Apache-2.0
#include "ledger/fake_witness.h"

#include <fmt/format.h>

namespace zonelink::ledger {

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
  if (old_size != known) {
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

}  // namespace zonelink::ledger
