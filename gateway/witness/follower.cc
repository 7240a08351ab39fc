// SPDX-License-Identifier: Apache-2.0
#include "gateway/witness/follower.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/log/log.h"

namespace zonelink::witness {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestWait{60'000};
constexpr unsigned kMostDoublings = 10;
// Short: a stop waits for it. A tile has 8 KiB, a note at most 64.
client::HttpOptions Http() {
  return {.connect_timeout = milliseconds(2'000),
          .timeout = milliseconds(4'000),
          .most_bytes = size_t{64} * 1024};
}

int64_t Signed(uint64_t size) { return static_cast<int64_t>(size); }

}  // namespace

Follower::Follower(LogRecord& record, std::string url, milliseconds interval,
                   const WallClock& clock)
    : record_(record),
      url_(std::move(url)),
      interval_(interval),
      clock_(clock),
      client_(url_, Http()),
      known_before_(record.known().size()) {}

void Follower::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Follower::AskToStop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
}

void Follower::Stop() {
  AskToStop();
  if (thread_.joinable()) thread_.join();
}

bool Follower::Stopped() {
  const std::lock_guard lock(mutex_);
  return stop_;
}

void Follower::Run() {
  while (!Stopped()) {
    ReadOnce();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, NextWait(), [this] { return stop_; });
  }
}

void Follower::ReadOnce() {
  const Status round = Round();
  if (Stopped()) return;
  if (round) known_before_ = record_.known().size();
  NoteTrouble(round);
}

milliseconds Follower::NextWait() const {
  const milliseconds longest = std::max(interval_, kLongestWait);
  return std::min(interval_ * (1 << std::min(failures_, kMostDoublings)), longest);
}

// Said when it begins and when it ends, not in between.
void Follower::NoteTrouble(const Status& round) {
  if (!round) {
    if (failures_++ > 0) return;
    const std::string& why = round.error().message;
    log::Warn("log cannot be followed",
              {{"origin", record_.origin()}, {"url", url_}, {"error", why}});
    record_.SetRemark(
        fmt::format("{}: fails since {}: {}", url_,
                    FormatTime(std::chrono::floor<std::chrono::seconds>(clock_.Now())), why));
    return;
  }
  if (failures_ > 0) log::Info("log followed again", {{"origin", record_.origin()}});
  failures_ = 0;
  record_.SetRemark(rolled_back_
                        ? fmt::format("{}: ROLLBACK, serves size {}", url_, rolled_back_to_)
                        : fmt::format("{}: good", url_));
}

Status Follower::Round() {
  const Result<std::string> note = Fetch("checkpoint");
  if (!note) return note.error();
  const Result<Head> seen =
      ParseHead(*note).and_then([this](Head head) { return record_.Verify(std::move(head)); });
  if (!seen) return seen.error();
  // What a freeze needs was seen already.
  const Known known = record_.known();
  if (known.frozen) return Done{};
  if (seen->checkpoint.size < known.size()) {
    OnOlder(known, *seen);
    return Done{};
  }
  rolled_back_ = false;
  if (seen->checkpoint.size > known.size()) return OnNewer(known, *seen);
  return OnSameSize(known, *seen);
}

Status Follower::OnSameSize(const Known& known, const Head& seen) {
  if (known.latest && known.root() == seen.checkpoint.root) return Done{};
  if (known.latest) {
    record_.Freeze({*known.latest, seen, std::nullopt});
    return Done{};
  }
  // The empty tree, seen for the first time.
  const Result<Outcome> outcome = record_.Propose({.old_size = 0, .proof = {}, .head = seen});
  if (!outcome) return outcome.error();
  if (outcome->verdict == Verdict::kCosign || seen.checkpoint.root == known.root()) return Done{};
  return InvalidArgument("ROOT_MISMATCH", "an empty tree does not have the checkpoint's root");
}

Status Follower::OnNewer(const Known& known, const Head& seen) {
  Proposal proposal{.old_size = known.size(), .proof = {}, .head = seen};
  if (known.size() > 0) {
    Result<Prefix> prefix = PrefixOf(known.latest->checkpoint, seen.checkpoint);
    if (!prefix) return std::move(prefix).error();
    if (prefix->root != known.root()) {
      record_.Freeze({*known.latest, seen, *std::move(prefix)});
      return Done{};
    }
    proposal.proof = std::move(prefix->proof);
  }
  const Result<Outcome> outcome = record_.Propose(proposal);
  if (!outcome) return outcome.error();
  // Otherwise the log has brought a checkpoint meanwhile.
  if (outcome->verdict == Verdict::kCosign) {
    log::Info("followed", {{"origin", record_.origin()}, {"size", Signed(seen.checkpoint.size)}});
  }
  return Done{};
}

void Follower::OnOlder(const Known& known, const Head& seen) {
  const ledger::Checkpoint& latest = known.latest->checkpoint;
  const auto pair = std::make_pair(seen.checkpoint, latest);
  if (compared_ != pair) {
    Result<Prefix> prefix = PrefixOf(seen.checkpoint, latest);
    if (prefix && prefix->root != seen.checkpoint.root) {
      record_.Freeze({*known.latest, seen, *std::move(prefix)});
      return;
    }
    // Without the tiles of the cosigned tree nobody can compare; asked for again next time.
    if (prefix) compared_ = pair;
  }
  // A log has a checkpoint cosigned before it serves it: only what was cosigned a round ago is
  // missed.
  if (seen.checkpoint.size >= known_before_) return;
  if (rolled_back_ && rolled_back_to_ == seen.checkpoint.size) return;
  rolled_back_ = true;
  rolled_back_to_ = seen.checkpoint.size;
  log::Warn("rollback seen", {{"origin", record_.origin()},
                              {"cosigned_size", Signed(latest.size)},
                              {"size", Signed(seen.checkpoint.size)}});
}

// Refused when the tiles are missing or do not make the larger root: no evidence of anything.
Result<Prefix> Follower::PrefixOf(const ledger::Checkpoint& smaller,
                                  const ledger::Checkpoint& larger) {
  if (smaller.size == 0) return Prefix{ledger::EmptyRoot(), {}};
  ledger::TileReader tiles(larger, [this](const std::string& path) { return Fetch(path); });
  const auto read = [&](ledger::NodeId node) { return tiles.Read(node); };
  const Result<ledger::Hash> root = ledger::RootAt(smaller.size, read);
  if (!root) return root.error();
  auto proof = ledger::ConsistencyProof(smaller.size, larger.size, read);
  if (!proof) return std::move(proof).error();
  return Prefix{*root, *std::move(proof)};
}

Result<std::string> Follower::Fetch(const std::string& path) {
  if (Stopped()) return Aborted("STOPPED", "the witness stops");
  Result<client::HttpReply> reply = client_.Send({.path = "/" + path});
  if (!reply) return std::move(reply).error();
  if (reply->status == 200) return std::move(reply->body);
  std::string why = fmt::format("{} answers {}", path, reply->status);
  if (reply->status == 404) return NotFound("RESOURCE_MISSING", std::move(why));
  return Unavailable("LOG_UNREACHABLE", std::move(why));
}

}  // namespace zonelink::witness
