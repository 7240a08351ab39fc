// SPDX-License-Identifier: Apache-2.0
// Shows the newest checkpoint to one witness (https://c2sp.org/tlog-witness) and takes its
// cosignature. Has its own thread: a slow witness delays nobody else.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ledger/checkpoint_store.h"
#include "ledger/settings.h"
#include "ledger/state_file.h"
#include "platform/client/http_client.h"

namespace zonelink::ledger {

// What a witness client needs of the log.
struct WitnessHooks {
  std::function<Result<std::vector<Hash>>(uint64_t old_size, uint64_t size)> prove;
  // Size of the newest checkpoint that any process of this log has signed.
  std::function<Result<uint64_t>()> newest_signed;
  std::function<Status(const Cosignature&)> store;
  // The witness says that it has cosigned something else than this log now says. False: what it
  // shows does not prove that, for a witness alone must not stop a log.
  std::function<bool(const Frozen&)> contradict;
  // An attempt is over, well or not.
  std::function<void()> settled;
};

class WitnessClient {
 public:
  // `known`: size that the witness has cosigned by what is stored. It is asked again all the same:
  // it may remember more than the database does.
  WitnessClient(WitnessSetting witness, std::string origin, uint64_t known, WitnessHooks hooks);
  ~WitnessClient();
  WitnessClient(const WitnessClient&) = delete;

  void Start();
  // Begins nothing more.
  void Halt();
  // Halts and waits for a request in flight, a few seconds at most.
  void Stop();
  // Replaces what was to be shown before.
  void Show(const SignedCheckpoint& checkpoint);

  struct Standing {
    uint64_t size = 0;    // of the newest checkpoint that it cosigned
    std::string trouble;  // of the last attempt
    bool busy = false;    // with the checkpoint shown last, and may answer any moment
  };
  Standing standing() const;
  const WitnessSetting& witness() const { return witness_; }

 private:
  void Run();
  // Gets the checkpoint cosigned; a refusal's message is the trouble.
  Status Attempt(const SignedCheckpoint& checkpoint);
  Result<client::HttpReply> Ask(uint64_t old_size, const SignedCheckpoint& checkpoint);
  Status Accept(const SignedCheckpoint& checkpoint, const std::string& body);
  // The witness says 409 to its own size.
  Status Refused(const SignedCheckpoint& checkpoint);
  // The witness says that it has cosigned a larger tree.
  Status Ahead(uint64_t size, const SignedCheckpoint& checkpoint);
  Status Contradict(const std::string& reason, const SignedCheckpoint& checkpoint);
  // The witness's newest note; empty where it does not tell.
  std::string Head();

  const WitnessSetting witness_;
  const std::string origin_;
  const WitnessHooks hooks_;
  client::HttpClient http_;
  uint64_t old_size_;  // what the witness is asked with first

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<SignedCheckpoint> shown_;
  bool stop_ = false;
  bool contradicted_ = false;
  uint64_t cosigned_;
  uint64_t done_ = 0;  // size of the checkpoint that it cosigned last for this object
  std::string trouble_;
  std::chrono::milliseconds pause_{0};  // before the next attempt, after trouble
  std::thread thread_;
};

}  // namespace zonelink::ledger
