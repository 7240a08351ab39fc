// SPDX-License-Identifier: Apache-2.0
// Work that waits for a worker. Each tenant has its own queue and they take turns, so that who
// asks much waits behind itself. Work is refused when it comes rather than when its time is over:
// nobody's time is spent on an answer that nobody waits for.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::rpc {

struct Job {
  using Clock = std::chrono::steady_clock;

  std::string tenant;
  Clock::time_point deadline = Clock::time_point::max();  // of whoever waits for the answer
  std::chrono::microseconds typical{0};                   // how long such work takes
  // One of the two is called, once. True: what was to be done is done; false: it still runs,
  // without a worker, and WorkerPool::Ended will be called.
  std::function<bool()> run;
  std::function<void(const Error&)> refuse;
  Clock::time_point since{};  // when it came; set by the queue
};

// Not thread-safe; time is passed in.
class FairQueue {
 public:
  using Time = Job::Clock::time_point;

  struct Limits {
    size_t most = 512;  // jobs that wait or run
    // Jobs that run; 0: no bound. While others are there, one tenant's are no more than its even
    // share of that. Of one that has brought more, they are no more than what the others leave of
    // a fifth: for what runs competes for processors and the database too, where nobody takes
    // turns, and up to there it is not felt. A thirty-second for each tenant with jobs that wait it
    // has in any case, so where many ask too much, all is used.
    unsigned running = 0;
    // Workers; 0: no bound. While others are there, one tenant's jobs hold no more than a third.
    unsigned workers = 0;
    std::chrono::milliseconds longest_wait{100};
  };
  struct Refused {
    Job job;
    Error error;
  };

  explicit FairQueue(Limits limits) : limits_(limits) {}

  // ResourceExhausted `OVERLOADED`, and the job is not taken: the oldest of its tenant has waited
  // `longest_wait`, or the time left is less than what its tenant's jobs wait now, or there are too
  // many. Where there are too many and another tenant has more of them waiting, the last of that
  // one gives way instead and is put into `refused`.
  Status Push(Job& job, Time now, std::vector<Refused>& refused);
  // The next job, running from now on; nothing: none may run. Those whose time no longer suffices
  // are put into `refused`.
  std::optional<Job> Pop(Time now, std::vector<Refused>& refused);
  // A job of `tenant` that was popped has left its worker, and is over. In either order.
  void Left(const std::string& tenant);
  void Ended(const std::string& tenant);
  // A job that runs without a worker takes one again, if its tenant may have one more; then it
  // leaves it again.
  bool Takes(const std::string& tenant);

  bool Ready() const;
  bool Idle() const { return waiting_ == 0 && running_ == 0; }
  size_t waiting() const { return waiting_; }

 private:
  struct Lane {
    std::deque<Job> jobs;
    unsigned running = 0;
    unsigned working = 0;                    // hold a worker
    std::chrono::microseconds last_wait{0};  // of the job popped last
  };
  using Lanes = std::unordered_map<std::string, Lane>;

  static std::chrono::microseconds WaitOf(const Lane& lane, Time now);
  bool MayWork(const Lane& lane) const;
  // `queues`: how many tenants have jobs that wait.
  bool MayRun(const Lane& lane, size_t queues) const;
  Lane* Longest();
  bool MakeRoom(const Lane& lane, std::vector<Refused>& refused);
  void Forget(Lanes::iterator lane);

  const Limits limits_;
  Lanes lanes_;                       // those with jobs
  std::deque<Lanes::pointer> turns_;  // lanes with waiting jobs, the next one first
  size_t waiting_ = 0;
  size_t running_ = 0;
};

}  // namespace zonelink::rpc
