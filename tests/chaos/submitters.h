// SPDX-License-Identifier: Apache-2.0
// The load: enterprises that file without pause, officers who decide, a bystander who reads the
// ledger. Everything they ask and are told stands in the journal.
#pragma once

#include <atomic>
#include <condition_variable>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/chaos/journal.h"
#include "tests/support/world.h"

namespace zonelink::chaos {

// Somebody with a session.
struct Player {
  CallerLine line;
  std::string token;
  test::Organization organization;  // of submitters
  uint64_t seed = 0;                // of what they choose
};

class Submitters {
 public:
  // Makes organisations of three home zones, an item that one target zone grants at once (fujian)
  // and one reviews (zhejiang), `count` filers and the two officers of zhejiang. The world must
  // answer.
  Submitters(test::World& world, JournalWriter& journal, int count, uint64_t seed);
  ~Submitters();
  Submitters(const Submitters&) = delete;

  void Start();
  // Returns when every request in flight has been answered or has failed.
  void Stop();
  int acknowledged() const { return acknowledged_; }
  // Waits until that many filings are acknowledged in all. False: nothing was acknowledged for
  // `limit`, or trouble.
  bool AwaitAcknowledged(int count, std::chrono::seconds limit);
  // Nobody files anew while that many filings or more are acknowledged.
  void HoldAt(int count);
  // An answer that no kill explains; nothing: none.
  std::optional<std::string> trouble() const;

  // Asks for every command of the journal again with its key: twice what was in doubt, once what
  // was answered. The answers are added to the journal.
  void AskAgain(const Journal& journal);
  // Reads receipts of all events of some filings of each submitter, as that submitter.
  void CollectReceipts();
  // Reads the ledger's newest checkpoint once.
  void SeeCheckpoint(const std::string& seen_by);

 private:
  struct Pause;

  void AddOfficer(test::World& world, const std::string& zone, const std::string& role);
  void Submit(Player& player);
  void Officiate(Player& player);
  void Watch();
  std::string FilingOf(const Player& player, const std::string& credential) const;
  void LookAround(Player& player, test::Api& api, std::vector<std::string>& own);
  void Receipts(const Player& player, test::Api& api, const std::string& filing_id);
  void Act(Player& player, test::Api& api, const client::Json& item);
  // One POST with its key, asked until the server is reached; what it answered.
  test::Answer Ask(test::Api& api, const SentLine& sent, bool again);
  test::Answer Read(const Player& player, test::Api& api, const std::string& path);
  void Acknowledged(const std::string& filing_id);
  void AwaitTurn();
  void Trouble(const std::string& what);

  JournalWriter& journal_;
  const std::string base_url_;
  std::string item_id_;
  std::vector<Player> filers_;
  std::vector<Player> officers_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stop_{false};
  std::atomic<int> acknowledged_{0};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int hold_at_ = std::numeric_limits<int>::max();
  std::vector<std::string> filings_;  // of everybody, for those who ask for what is not theirs
  std::optional<std::string> trouble_;
};

}  // namespace zonelink::chaos
