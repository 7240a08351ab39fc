// SPDX-License-Identifier: Apache-2.0
// Signs a checkpoint for what was appended, gets it cosigned and hands it to readers.
//
// The head goes into the state file before the database and before anybody sees it; a tree that
// does not begin with what that file says is never signed: publishing freezes until a person has
// looked (README). Leaves go on being appended.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ledger/checkpoint_store.h"
#include "ledger/settings.h"
#include "ledger/state_file.h"
#include "ledger/tree_reader.h"
#include "ledger/witness_client.h"
#include "platform/db/database.h"

namespace zonelink::ledger {

// What readers get.
struct Published {
  Checkpoint checkpoint;
  std::string note;  // with the log's signature first, then those of witnesses
  Time signed_at;
  bool anchored = false;  // enough witnesses have cosigned it
};

class Publisher {
 public:
  // Reads the state file: FailedPrecondition `LEDGER_STATE_INVALID`.
  static Result<std::unique_ptr<Publisher>> Open(Settings settings, db::Database& database,
                                                 TreeReader& tree);
  ~Publisher();
  Publisher(const Publisher&) = delete;

  void Start();
  void Stop();
  // There may be new leaves.
  void Wake();
  // The database has been read: published() is what it was before this process.
  bool Loaded() const;

  const Settings& settings() const { return settings_; }
  // Nothing before the first checkpoint.
  std::shared_ptr<const Published> published() const;

  struct WitnessView {
    VerifierKey key;
    uint64_t size = 0;
    std::string trouble;
  };
  struct View {
    std::shared_ptr<const Published> published;
    uint64_t anchored_size = 0;
    std::optional<Frozen> frozen;
    std::vector<WitnessView> witnesses;
  };
  View view() const;

 private:
  using Lines = std::map<std::string, std::string>;  // witness → its signature line
  // What the database says at one moment. A stored checkpoint that this log's key has not signed is
  // passed over.
  struct Look {
    uint64_t size = 0;
    std::optional<StoredCheckpoint> newest;
  };

  Publisher(Settings settings, db::Database& database, TreeReader& tree);
  void Run();
  Status Step();
  Status Load();
  void MakeClients(const std::map<std::string, uint64_t>& cosigned);
  Result<Look> LookAtDatabase();
  // Compares the tree with what was signed; freezes where it contradicts.
  Status Check(const Look& look);
  Status CheckHead(const SignedCheckpoint& head);
  // Makes the newest stored checkpoint the head, and serves it, where it is newer.
  Status Adopt(const Look& look);
  // Another process has signed the same tree first.
  Status ServeOther();
  // Signs the tree of `size` leaves: state file, database. Nothing when somebody else was faster.
  Result<std::optional<Time>> Sign(uint64_t size);
  Result<SignedCheckpoint> MakeHead(uint64_t size);
  void AwaitWitnesses(uint64_t size);
  // Hands the checkpoint to readers and shows it to the witnesses.
  void Serve(const SignedCheckpoint& head, Time signed_at);
  void ServeStored(const StoredCheckpoint& stored);
  SignedCheckpoint HeadOf(const StoredCheckpoint& stored) const;
  // Of the stored cosignatures those that verify.
  Lines Verified(const StoredCheckpoint& stored) const;
  // From what is served and the lines known; the lock is held.
  void Compose();
  Status StoreCosignature(const Cosignature& cosignature);
  void Freeze(const Frozen& frozen);
  // Size of the newest checkpoint that any process of this log has signed.
  Result<uint64_t> NewestSigned();
  // The head that a witness shows is one that this log has signed and that does not fit its tree.
  bool Proves(const Frozen& frozen);
  bool IsFrozen() const;

  const Settings settings_;
  db::Database& database_;
  TreeReader& tree_;
  const StateFile state_;

  // Of the publishing thread; `head_` changes under both locks, `signing_` first.
  std::mutex signing_;
  std::optional<SignedCheckpoint> head_;  // as the state file has it
  std::string last_trouble_;
  std::chrono::steady_clock::time_point not_before_{};  // the next step

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool woken_ = true;
  bool loaded_ = false;
  std::optional<Frozen> frozen_;
  std::optional<SignedCheckpoint> served_;
  Time served_at_{};
  std::map<uint64_t, Lines> lines_;  // of the newest checkpoints, by size
  uint64_t anchored_size_ = 0;
  std::shared_ptr<const Published> published_;
  std::vector<std::unique_ptr<WitnessClient>> clients_;
  std::thread thread_;
};

}  // namespace zonelink::ledger
