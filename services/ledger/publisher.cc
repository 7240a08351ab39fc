// SPDX-License-Identifier: Apache-2.0
#include "ledger/publisher.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/public_call.h"
#include "ledger/tree_store.h"
#include "platform/log/log.h"

namespace zonelink::ledger {
namespace {

// Another process may append or sign without this one hearing of it.
constexpr std::chrono::milliseconds kLookAnyway{1000};
// Under load a checkpoint covers what came in this time: signatures, files and witnesses cost more
// than leaves.
constexpr std::chrono::milliseconds kLeastInterval{200};
// Cosignatures of older checkpoints are stored, but change nothing that is served.
constexpr size_t kSizesKept = 8;

}  // namespace

Publisher::Publisher(Settings settings, db::Database& database, TreeReader& tree)
    : settings_(std::move(settings)),
      database_(database),
      tree_(tree),
      state_(settings_.state_file) {}

Result<std::unique_ptr<Publisher>> Publisher::Open(Settings settings, db::Database& database,
                                                   TreeReader& tree) {
  std::unique_ptr<Publisher> made(new Publisher(std::move(settings), database, tree));
  auto head = made->state_.ReadHead(made->settings_.key);
  if (!head) return std::move(head).error();
  auto frozen = made->state_.ReadFrozen();
  if (!frozen) return std::move(frozen).error();
  made->head_ = *std::move(head);
  made->frozen_ = *std::move(frozen);
  return made;
}

Publisher::~Publisher() { Stop(); }

void Publisher::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Publisher::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  for (const auto& client : clients_) client->Halt();
  for (const auto& client : clients_) client->Stop();
}

void Publisher::Wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

bool Publisher::Loaded() const {
  const std::lock_guard lock(mutex_);
  return loaded_;
}

std::shared_ptr<const Published> Publisher::published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

Publisher::View Publisher::view() const {
  const std::lock_guard lock(mutex_);
  View view{
      .published = published_, .anchored_size = anchored_size_, .frozen = frozen_, .witnesses = {}};
  for (const auto& client : clients_) {
    auto standing = client->standing();
    view.witnesses.push_back({.key = client->witness().key,
                              .size = standing.size,
                              .trouble = std::move(standing.trouble)});
  }
  return view;
}

bool Publisher::IsFrozen() const {
  const std::lock_guard lock(mutex_);
  return frozen_.has_value();
}

void Publisher::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    changed_.wait_until(lock, not_before_, [&] { return stop_; });
    changed_.wait_for(lock, kLookAnyway, [&] { return stop_ || woken_; });
    if (stop_) return;
    woken_ = false;
    lock.unlock();
    const Status step = Step();
    const std::string trouble = step ? std::string() : step.error().message;
    if (trouble != last_trouble_ && !trouble.empty()) {
      log::Warn("no checkpoint published",
                {{"reason", step.error().reason}, {"error", step.error().message}});
    }
    last_trouble_ = trouble;
    lock.lock();
  }
}

Status Publisher::Step() {
  if (!Loaded()) {
    if (const Status loaded = Load(); !loaded) return loaded;
  }
  if (IsFrozen()) return Done{};
  const auto look = LookAtDatabase();
  if (!look) return look.error();
  if (const Status checked = Check(*look); !checked || IsFrozen()) return checked;
  if (const Status adopted = Adopt(*look); !adopted) return adopted;
  const uint64_t stored = look->newest ? look->newest->size : 0;
  if (look->size > stored) {
    const auto signed_at = Sign(look->size);
    if (!signed_at) return signed_at.error();
    if (*signed_at) {
      AwaitWitnesses(look->size);
      if (!IsFrozen()) Serve(*head_, **signed_at);
    } else if (const Status other = ServeOther(); !other) {
      return other;
    }
  }
  // A row of the same size that this log has not signed may stand in its place.
  const auto served = published();
  const bool unserved = head_ && (!served || served->checkpoint.size < head_->checkpoint.size);
  if (unserved && !IsFrozen()) Serve(*head_, Time{});
  return Done{};
}

Status Publisher::Load() {
  const auto look = LookAtDatabase();
  if (!look) return look.error();
  struct Cosigned {
    std::map<std::string, uint64_t> sizes;
    uint64_t anchored = 0;
  };
  auto cosigned = database_.Query(PublicCall(), [&](db::Tx& tx) -> Result<Cosigned> {
    return Cosigned{.sizes = CosignedSizes(tx),
                    .anchored = AnchoredSize(tx, settings_.WitnessNames(), settings_.quorum)};
  });
  if (!cosigned) return std::move(cosigned).error();
  MakeClients(cosigned->sizes);
  {
    const std::lock_guard lock(mutex_);
    anchored_size_ = cosigned->anchored;
    loaded_ = true;
  }
  if (look->newest) ServeStored(*look->newest);
  return Done{};
}

void Publisher::MakeClients(const std::map<std::string, uint64_t>& cosigned) {
  const WitnessHooks hooks{
      .prove =
          [this](uint64_t old_size, uint64_t size) {
            return ConsistencyProof(old_size, size,
                                    [&](NodeId node) { return tree_.Node(node, size); });
          },
      .newest_signed = [this] { return NewestSigned(); },
      .store = [this](const Cosignature& line) { return StoreCosignature(line); },
      .contradict =
          [this](const Frozen& frozen) {
            const bool proven = Proves(frozen);
            if (proven) Freeze(frozen);
            return proven;
          },
      .settled =
          [this] {
            const std::lock_guard lock(mutex_);
            changed_.notify_all();
          },
  };
  const std::lock_guard lock(mutex_);
  for (const WitnessSetting& witness : settings_.witnesses) {
    const auto known = cosigned.find(witness.key.name);
    clients_.push_back(std::make_unique<WitnessClient>(
        witness, settings_.origin, known == cosigned.end() ? 0 : known->second, hooks));
    clients_.back()->Start();
  }
}

Result<uint64_t> Publisher::NewestSigned() {
  const auto look = LookAtDatabase();
  if (!look) return look.error();
  const std::lock_guard lock(mutex_);
  return std::max(look->newest ? look->newest->size : 0, head_ ? head_->checkpoint.size : 0);
}

bool Publisher::Proves(const Frozen& frozen) {
  const auto shown = OpenCheckpoint(
      frozen.before, {.origin = settings_.origin, .log = settings_.key, .witnesses = {}});
  if (!shown) return false;
  const auto newest = NewestSigned();
  if (!newest) return false;
  const uint64_t size = shown->checkpoint.size;
  if (size > *newest) return true;
  const auto root = RootAt(size, [&](NodeId node) { return tree_.Node(node, size); });
  return root && *root != shown->checkpoint.root;
}

Result<Publisher::Look> Publisher::LookAtDatabase() {
  auto look = database_.Query(PublicCall(), [&](db::Tx& tx) -> Result<Look> {
    return Look{.size = TreeSize(tx), .newest = NewestCheckpoint(tx)};
  });
  if (!look || !look->newest) return look;
  const auto opened =
      OpenCheckpoint(look->newest->note, {.origin = {}, .log = settings_.key, .witnesses = {}});
  if (opened && opened->checkpoint == HeadOf(*look->newest).checkpoint) return look;
  log::Error("the newest stored checkpoint is not what this log's key has signed",
             {{"size", static_cast<int64_t>(look->newest->size)}});
  look->newest.reset();
  return look;
}

SignedCheckpoint Publisher::HeadOf(const StoredCheckpoint& stored) const {
  return {.checkpoint = {.origin = settings_.origin, .size = stored.size, .root = stored.root},
          .note = stored.note};
}

Status Publisher::Check(const Look& look) {
  if (head_) {
    if (const Status head = CheckHead(*head_); !head || IsFrozen()) return head;
  }
  if (!look.newest) return Done{};
  if (head_ && head_->checkpoint.size == look.newest->size &&
      head_->checkpoint.root == look.newest->root) {
    return Done{};
  }
  return CheckHead(HeadOf(*look.newest));
}

Status Publisher::CheckHead(const SignedCheckpoint& head) {
  // Of the tree as it was signed, or all that there is, at one moment.
  const auto edge = database_.Query(PublicCall(), [&](db::Tx& tx) -> Result<Edge> {
    return ReadEdge(tx, std::min(head.checkpoint.size, TreeSize(tx)));
  });
  if (!edge) return edge.error();
  Checkpoint now{.origin = settings_.origin, .size = edge->size, .root = {}};
  if (edge->Whole()) now.root = edge->Root();
  if (edge->Whole() && now == head.checkpoint) return Done{};
  Freeze({.reason = now.size < head.checkpoint.size ? "ROLLBACK" : "FORK",
          .before = head.note,
          .now = edge->Whole() ? now.Format() : std::string()});
  return Done{};
}

Status Publisher::ServeOther() {
  const auto look = LookAtDatabase();
  if (!look) return look.error();
  return Adopt(*look);
}

Status Publisher::Adopt(const Look& look) {
  if (!look.newest) return Done{};
  const auto served = published();
  const bool unserved = !served || served->checkpoint.size < look.newest->size;
  if (head_ && head_->checkpoint.size >= look.newest->size) {
    if (unserved) ServeStored(*look.newest);
    return Done{};
  }
  if (!head_) {
    log::Warn("the ledger's state file is missing; made from the newest stored checkpoint",
              {{"path", settings_.state_file}, {"size", static_cast<int64_t>(look.newest->size)}});
  }
  {
    const std::lock_guard signing(signing_);
    const SignedCheckpoint newest = HeadOf(*look.newest);
    if (const Status written = state_.WriteHead(newest); !written) return written;
    const std::lock_guard lock(mutex_);
    head_ = newest;
  }
  if (unserved) ServeStored(*look.newest);
  return Done{};
}

Result<SignedCheckpoint> Publisher::MakeHead(uint64_t size) {
  const auto edge =
      database_.Query(PublicCall(), [&](db::Tx& tx) -> Result<Edge> { return ReadEdge(tx, size); });
  if (!edge) return edge.error();
  if (!edge->Whole()) return Internal("the tree lacks rows at its right edge");
  tree_.Keep(*edge);
  Checkpoint checkpoint{.origin = settings_.origin, .size = size, .root = edge->Root()};
  const std::string text = checkpoint.Format();
  const Note note{.text = text, .signatures = {SignNote(text, settings_.key, settings_.secret)}};
  return SignedCheckpoint{.checkpoint = std::move(checkpoint), .note = note.Format()};
}

Result<std::optional<Time>> Publisher::Sign(uint64_t size) {
  not_before_ = std::chrono::steady_clock::now() + kLeastInterval;
  const auto head = MakeHead(size);
  if (!head) return head.error();
  const std::lock_guard signing(signing_);
  if (IsFrozen()) return std::optional<Time>();
  // After a crash the file may be ahead of the database: the same head again, by Check.
  if (!head_ || head_->checkpoint.size < size) {
    if (const Status written = state_.WriteHead(*head); !written) return written.error();
    const std::lock_guard lock(mutex_);
    head_ = *head;
  }
  std::optional<Time> signed_at;
  const Status stored = database_.System("store checkpoint", [&](db::Tx& tx) -> Status {
    signed_at = AddCheckpoint(tx, *head_);
    return Done{};
  });
  if (!stored) return stored.error();
  return signed_at;
}

void Publisher::AwaitWitnesses(uint64_t size) {
  std::unique_lock lock(mutex_);
  for (const auto& client : clients_) client->Show(*head_);
  changed_.wait_for(lock, settings_.witness_timeout, [&] {
    if (stop_ || frozen_ || lines_[size].size() >= settings_.quorum) return true;
    return std::none_of(clients_.begin(), clients_.end(),
                        [](const auto& client) { return client->standing().busy; });
  });
}

void Publisher::Serve(const SignedCheckpoint& head, Time signed_at) {
  const std::lock_guard lock(mutex_);
  served_ = head;
  served_at_ = signed_at;
  Compose();
  if (frozen_) return;
  for (const auto& client : clients_) client->Show(head);
}

void Publisher::ServeStored(const StoredCheckpoint& stored) {
  const Lines lines = Verified(stored);
  {
    const std::lock_guard lock(mutex_);
    lines_[stored.size].insert(lines.begin(), lines.end());
  }
  Serve(HeadOf(stored), stored.signed_at);
}

Publisher::Lines Publisher::Verified(const StoredCheckpoint& stored) const {
  Lines verified;
  const std::string text = HeadOf(stored).checkpoint.Format();
  for (const WitnessSetting& witness : settings_.witnesses) {
    const auto line = stored.cosignatures.find(witness.key.name);
    if (line == stored.cosignatures.end()) continue;
    auto signatures = ParseSignatureLines(line->second);
    if (!signatures) continue;
    const auto by =
        VerifySignatures({.text = text, .signatures = *std::move(signatures)}, {&witness.key, 1});
    if (by && !by->empty()) verified.insert(*line);
  }
  return verified;
}

void Publisher::Compose() {
  const Lines& lines = lines_[served_->checkpoint.size];
  auto published = std::make_shared<Published>(Published{.checkpoint = served_->checkpoint,
                                                         .note = served_->note,
                                                         .signed_at = served_at_,
                                                         .anchored = false});
  unsigned cosigned = 0;
  for (const WitnessSetting& witness : settings_.witnesses) {
    const auto line = lines.find(witness.key.name);
    if (line == lines.end()) continue;
    published->note += line->second;
    ++cosigned;
  }
  published->anchored = settings_.quorum > 0 && cosigned >= settings_.quorum;
  if (published->anchored) {
    anchored_size_ = std::max(anchored_size_, served_->checkpoint.size);
  }
  published_ = std::move(published);
  // Also where no witness ever answers.
  while (lines_.size() > kSizesKept) lines_.erase(lines_.begin());
}

Status Publisher::StoreCosignature(const Cosignature& cosignature) {
  const Status stored = database_.System("store cosignature", [&](db::Tx& tx) -> Status {
    AddCosignature(tx, cosignature);
    return Done{};
  });
  if (!stored) return stored;
  const std::lock_guard lock(mutex_);
  Lines& lines = lines_[cosignature.size];
  lines.emplace(cosignature.witness, cosignature.line);
  if (settings_.quorum > 0 && lines.size() >= settings_.quorum) {
    anchored_size_ = std::max(anchored_size_, cosignature.size);
  }
  if (served_ && served_->checkpoint.size == cosignature.size) Compose();
  while (lines_.size() > kSizesKept) lines_.erase(lines_.begin());
  return Done{};
}

void Publisher::Freeze(const Frozen& frozen) {
  const std::lock_guard signing(signing_);
  {
    const std::lock_guard lock(mutex_);
    if (frozen_) return;
    frozen_ = frozen;
    changed_.notify_all();
  }
  log::Error("the ledger contradicts what was signed; publishing is frozen",
             {{"reason", frozen.reason},
              {"before", frozen.before},
              {"now", frozen.now},
              {"file", settings_.state_file + ".frozen"}});
  if (const Status written = state_.WriteFrozen(frozen); !written) {
    log::Error("why publishing is frozen was not written",
               {{"reason", written.error().reason}, {"error", written.error().message}});
  }
}

}  // namespace zonelink::ledger
