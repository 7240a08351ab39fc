// SPDX-License-Identifier: Apache-2.0
// One run from the first request to the verdict: a deployment under load whose journal is judged.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/chaos/journal.h"
#include "tests/chaos/judge.h"
#include "tests/chaos/submitters.h"
#include "tests/support/deployment.h"
#include "tests/support/world.h"

namespace zonelink::chaos {

struct TrialOptions {
  int submitters = 16;
  uint64_t seed = 1;
  std::string journal;  // path of a file that does not exist yet
};

class Trial {
 public:
  // A deployment with two witnesses, and everybody who will act on it.
  explicit Trial(const TrialOptions& options);

  test::Deployment& deployment() { return deployment_; }
  test::World& world() { return world_; }
  Submitters& submitters() { return submitters_; }
  JournalWriter& writer() { return writer_; }

  // After the load has stopped: asks for everything again, collects receipts, and waits until the
  // services have nothing left to do. False: they did not get there in time.
  bool Finish();
  // Every event is numbered, applied by the worklist, in the ledger, and covered by the newest
  // checkpoint; nothing new comes.
  bool AwaitQuiet(std::chrono::seconds limit);
  // Writes down what each witness has cosigned last.
  void SeeWitnesses();
  Verdict JudgeIt() { return JudgeIt(Journal::Read(writer_.path())); }
  // By another journal than its own.
  Verdict JudgeIt(const Journal& journal);

 private:
  test::Deployment deployment_;
  test::World world_;
  JournalWriter writer_;
  Submitters submitters_;
};

Time Now();  // on the wall
// Names of the witnesses of a trial.
const std::vector<std::string>& Witnesses();
// The note that a witness keeps as its last; nothing when it has cosigned nothing.
std::optional<std::string> CosignedLast(const std::string& witness_dir);
// Reads below the log's prefix of a gateway.
ledger::Fetch FetchFrom(const std::string& base_url);
// Events of all services, and leaves.
int64_t EventCount(test::AdminSql& sql);
int64_t LeafCount(test::AdminSql& sql);
// What a judge calls too late.
inline constexpr std::chrono::milliseconds kMergeDelay{10'000};

}  // namespace zonelink::chaos
