// SPDX-License-Identifier: Apache-2.0
#include "ledger/witness_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "platform/crypto/crypto.h"
#include "platform/log/log.h"

namespace zonelink::ledger {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{200};
constexpr milliseconds kLongestPause{5'000};
constexpr size_t kMostProofLines = 63;
// Its size as stored, its own word for it, and one change by somebody else.
constexpr int kMostQuestions = 4;

constexpr int kOk = 200;
constexpr int kConflict = 409;
constexpr int kUnprocessable = 422;

client::HttpOptions Patience() {
  client::HttpOptions options;
  options.connect_timeout = milliseconds(1'000);
  options.timeout = milliseconds(3'000);
  options.most_bytes = 64 << 10;
  return options;
}

Error Trouble(std::string what) { return Unavailable("WITNESS_TROUBLE", std::move(what)); }

// `<decimal>\n`.
std::optional<uint64_t> ParseSizeLine(std::string_view body) {
  uint64_t size = 0;
  const auto [end, failed] = std::from_chars(body.data(), body.data() + body.size(), size);
  if (failed != std::errc{} || std::string_view(end, body.data() + body.size() - end) != "\n") {
    return std::nullopt;
  }
  return size;
}

// Two notes about one checkpoint, whoever has signed them.
bool SameText(const std::string& note, const std::string& other) {
  const auto a = Note::Parse(note);
  const auto b = Note::Parse(other);
  return a && b && a->text == b->text;
}

}  // namespace

WitnessClient::WitnessClient(WitnessSetting witness, std::string origin, uint64_t known,
                             WitnessHooks hooks)
    : witness_(std::move(witness)),
      origin_(std::move(origin)),
      hooks_(std::move(hooks)),
      http_(witness_.url, Patience()),
      old_size_(known),
      cosigned_(known) {}

WitnessClient::~WitnessClient() { Stop(); }

void WitnessClient::Start() {
  thread_ = std::thread([this] { Run(); });
}

void WitnessClient::Halt() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  changed_.notify_all();
}

void WitnessClient::Stop() {
  Halt();
  if (thread_.joinable()) thread_.join();
}

void WitnessClient::Show(const SignedCheckpoint& checkpoint) {
  const std::lock_guard lock(mutex_);
  shown_ = checkpoint;
  changed_.notify_all();
}

WitnessClient::Standing WitnessClient::standing() const {
  const std::lock_guard lock(mutex_);
  const bool waits = shown_ && shown_->checkpoint.size > done_;
  return {.size = cosigned_, .trouble = trouble_, .busy = waits && trouble_.empty() && !stop_};
}

void WitnessClient::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (pause_.count() > 0) changed_.wait_for(lock, pause_, [&] { return stop_; });
    changed_.wait(lock, [&] {
      return stop_ || (shown_ && shown_->checkpoint.size > done_ && !contradicted_);
    });
    if (stop_) return;
    const SignedCheckpoint checkpoint = *shown_;
    lock.unlock();
    const Status attempt = Attempt(checkpoint);
    lock.lock();
    if (attempt) {
      cosigned_ = done_ = checkpoint.checkpoint.size;
      trouble_.clear();
      pause_ = milliseconds(0);
    } else {
      if (trouble_.empty()) {
        log::Warn("a witness did not cosign", {{"witness", witness_.key.name},
                                               {"reason", attempt.error().reason},
                                               {"error", attempt.error().message}});
      }
      trouble_ = attempt.error().message;
      pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    }
    lock.unlock();
    hooks_.settled();
    lock.lock();
  }
}

Status WitnessClient::Attempt(const SignedCheckpoint& checkpoint) {
  const uint64_t size = checkpoint.checkpoint.size;
  bool its_word = false;  // old_size_ is what the witness has just said
  for (int question = 0; question < kMostQuestions; ++question) {
    const auto reply = Ask(old_size_, checkpoint);
    if (!reply) return reply.error();
    if (reply->status == kOk) return Accept(checkpoint, reply->body);
    if (reply->status == kConflict) {
      const auto its_size = ParseSizeLine(reply->body);
      if (its_word && its_size.value_or(old_size_) == old_size_) return Refused(checkpoint);
      if (!its_size) return Trouble("answers 409 without a size");
      if (*its_size > size) return Ahead(*its_size, checkpoint);
      old_size_ = *its_size;
      its_word = true;
      continue;
    }
    if (reply->status != kUnprocessable) {
      return Trouble(fmt::format("answers {}", reply->status));
    }
    if (its_word) return Contradict("FORK", checkpoint);
    if (old_size_ == 0) return Trouble("refuses an empty proof");
    old_size_ = 0;  // makes it say its own size
  }
  return Trouble("says another size each time");
}

Status WitnessClient::Refused(const SignedCheckpoint& checkpoint) {
  // Of the same size, the root must be another, unless the witness has stopped cosigning this log.
  const bool same_size = old_size_ == checkpoint.checkpoint.size;
  if (!same_size || SameText(Head(), checkpoint.note)) {
    return Trouble("does not go on from its own size");
  }
  return Contradict("FORK", checkpoint);
}

Result<client::HttpReply> WitnessClient::Ask(uint64_t old_size,
                                             const SignedCheckpoint& checkpoint) {
  std::string body = fmt::format("old {}\n", old_size);
  if (old_size > 0 && old_size < checkpoint.checkpoint.size) {
    const auto proof = hooks_.prove(old_size, checkpoint.checkpoint.size);
    if (!proof) return proof.error();
    if (proof->size() > kMostProofLines) return Trouble("the proof is too long for a witness");
    for (const Hash& hash : *proof) body += crypto::Base64Encode(hash.view()) + "\n";
  }
  body += "\n" + checkpoint.note;
  return http_.Send({.method = "POST",
                     .path = "/add-checkpoint",
                     .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
                     .body = std::move(body)});
}

Status WitnessClient::Accept(const SignedCheckpoint& checkpoint, const std::string& body) {
  auto signatures = ParseSignatureLines(body);
  if (!signatures) return Trouble("answers 200 without signature lines");
  const Note note{.text = checkpoint.checkpoint.Format(), .signatures = *std::move(signatures)};
  const auto verified = VerifySignatures(note, {&witness_.key, 1});
  if (!verified || verified->empty()) return Trouble("its cosignature does not verify");
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name != witness_.key.name || signature.id != witness_.key.id) continue;
    const auto at = CosignedAt(signature);
    if (!at) return Trouble("its cosignature has no time");
    const Status stored = hooks_.store({.size = checkpoint.checkpoint.size,
                                        .witness = witness_.key.name,
                                        .line = FormatSignatureLine(signature),
                                        .cosigned_at = *at});
    if (!stored) return stored;
    old_size_ = checkpoint.checkpoint.size;
    return Done{};
  }
  return Trouble("its cosignature does not verify");
}

Status WitnessClient::Ahead(uint64_t size, const SignedCheckpoint& checkpoint) {
  const auto newest = hooks_.newest_signed();
  if (!newest) return newest.error();
  if (size > *newest) return Contradict("ROLLBACK", checkpoint);
  return Trouble("has cosigned a newer checkpoint already");
}

Status WitnessClient::Contradict(const std::string& reason, const SignedCheckpoint& checkpoint) {
  const bool proven = hooks_.contradict(
      {.reason = reason, .before = Head(), .now = checkpoint.checkpoint.Format()});
  if (!proven) return Trouble("contradicts, but shows no head of this log that proves it");
  const std::lock_guard lock(mutex_);
  contradicted_ = true;
  return Trouble(reason == "FORK" ? "has cosigned another tree" : "has cosigned a larger tree");
}

std::string WitnessClient::Head() {
  const auto reply = http_.Send({.path = "/latest?origin=" + client::UrlEncode(origin_)});
  if (!reply || reply->status != kOk || !Note::Parse(reply->body)) return {};
  return reply->body;
}

}  // namespace zonelink::ledger
