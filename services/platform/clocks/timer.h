// SPDX-License-Identifier: Apache-2.0
// Fires the rungs of a service's clocks as they fall due, in the order of their instants, each
// exactly once, each in a transaction of its own with what the service does about it. One per
// service and process; of several processes each may fire any rung.
//
// It also tells due dates anew after a calendar was published, and those of clocks that a migration
// began.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "platform/clocks/calendars.h"
#include "platform/clocks/clock_store.h"
#include "platform/core/result.h"
#include "platform/db/database.h"

namespace zonelink::clocks {

// A rung that fires. What it does in law it does as of `at`, however late the timer comes.
struct Due {
  std::string case_id;
  std::string name;  // of the clock
  std::string kind;
  std::string rung;
  Time at{};
};

// A running clock whose due date a publication has moved.
struct Moved {
  std::string case_id;
  std::string name;
  std::string kind;
  std::optional<Time> was;
  std::optional<Time> due_at;
};

// What the service does, in the timer's transaction and as its role. Each may run twice: nothing
// but SQL inside. A refusal rolls back and is tried again; meanwhile the case's rungs wait, others
// do not.
struct Hooks {
  // Locks the case as the service's commands do, before its clock is looked at.
  std::function<Status(db::Tx&, const std::string& case_id)> lock;
  // The rung is marked as fired. The service may save the clock, start others and append events.
  std::function<Status(db::Tx&, const Due&)> fire;
  std::function<Status(db::Tx&, const Moved&)> moved;
};

class Timer {
 public:
  // All outlive the timer. Clocks of kinds that are not among `kinds` are left alone.
  Timer(db::Database& database, Calendars& calendars, std::span<const Kind> kinds, Hooks hooks);
  ~Timer();
  Timer(const Timer&) = delete;

  void Start();
  void Stop();
  // Looks at once: a calendar's publication was applied, or the clock was moved.
  void Wake();
  // Fires all that is due on the deployment's clock, in the caller's thread; how many. Unavailable
  // `RUNGS_NOT_FIRED`: something is still due, by a refusal or for want of time; again goes on.
  Result<int64_t> FireDue(std::chrono::steady_clock::time_point deadline);

 private:
  using Steady = std::chrono::steady_clock::time_point;
  // What falls due next, and the deployment's time then.
  struct Look {
    Time now{};
    std::optional<clock_store::Key> next;
    bool due() const { return next && next->next_at <= now; }
  };
  // A case whose rung or due date was refused.
  struct Held {
    Steady until{};
    std::chrono::milliseconds pause{};
  };
  struct Round {
    int64_t fired = 0;
    Steady look_again{};
  };

  void Run();
  // All that is due now. One round at a time.
  Result<Round> FireRound(Steady deadline, bool retell_all);
  Result<Look> LookNow();
  Look LookIn(db::Tx& tx);
  // Fires the rung or leaves it to whoever was faster; then looks.
  Result<bool> Fire(const clock_store::Key& key, Look& look);
  // What a calendar's publication has left behind; some of it, or all.
  Status Retell(Steady deadline, bool all);
  Status ReadStale();
  Status RetellOne(const clock_store::Key& key);
  // In a transaction that holds `case_id`. A refusal holds the case and is no error; whether the
  // body took effect.
  Result<bool> InCase(std::string_view what, const std::string& case_id,
                      const std::function<Status(db::Tx&)>& body);
  std::vector<std::string> HeldCases() const;
  Steady NextLook(const Look& look) const;

  db::Database& database_;
  Calendars& calendars_;
  const std::span<const Kind> kinds_;
  const Hooks hooks_;
  std::vector<std::string> kind_names_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool busy_ = false;  // a round is on
  std::atomic<bool> stop_{false};
  // Of the round.
  std::map<std::string, Held> held_;  // by case
  std::deque<clock_store::Key> stale_;
  bool all_told_ = false;  // of the clocks that a migration began
  Steady look_for_stale_{};
  std::thread thread_;
};

}  // namespace zonelink::clocks
