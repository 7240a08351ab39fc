// SPDX-License-Identifier: Apache-2.0
// Reads a log that may not bring its checkpoints, and compares what it serves with what was
// cosigned. Whatever it learns goes the way of a proposal.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "gateway/witness/log_record.h"
#include "platform/client/http_client.h"

namespace zonelink::witness {

class Follower {
 public:
  // `url`: what stands before `/checkpoint`. The record outlives the follower.
  Follower(LogRecord& record, std::string url, std::chrono::milliseconds interval,
           const WallClock& clock);
  ~Follower() { Stop(); }
  Follower(const Follower&) = delete;

  // On a thread of its own, again and again.
  void Start();
  void AskToStop();
  // Waits for the exchange under way, a few seconds at most.
  void Stop();
  // Reads the log once; what Start repeats.
  void ReadOnce();
  // From one reading to the next: twice as long after each failure, up to a minute.
  std::chrono::milliseconds NextWait() const;

 private:
  void Run();
  bool Stopped();
  Status Round();
  Status OnNewer(const Known& known, const Head& seen);
  Status OnSameSize(const Known& known, const Head& seen);
  void OnOlder(const Known& known, const Head& seen);
  Result<Prefix> PrefixOf(const ledger::Checkpoint& smaller, const ledger::Checkpoint& larger);
  Result<std::string> Fetch(const std::string& path);
  void NoteTrouble(const Status& round);

  LogRecord& record_;
  const std::string url_;
  const std::chrono::milliseconds interval_;
  const WallClock& clock_;
  client::HttpClient client_;
  unsigned failures_ = 0;        // rounds in a row
  uint64_t known_before_ = 0;    // size when the last round ended
  uint64_t rolled_back_to_ = 0;  // while rolled_back_
  bool rolled_back_ = false;
  // An older checkpoint and the cosigned one that was found to begin with it.
  std::optional<std::pair<ledger::Checkpoint, ledger::Checkpoint>> compared_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace zonelink::witness
