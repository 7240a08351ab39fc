// SPDX-License-Identifier: Apache-2.0
// A fixed number of threads and a bounded, fair queue in front of them.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/rpc/fair_queue.h"

namespace zonelink::rpc {

class WorkerPool {
 public:
  WorkerPool(unsigned workers, FairQueue::Limits limits);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;

  // One of the job's two functions is called, here or on a worker, unless the pool has stopped or
  // the queue refuses (FairQueue::Push): then the refusal is returned and neither is.
  Status Submit(Job job);
  // A job of the tenant whose `run` returned false, or will, is over.
  void Ended(const std::string& tenant);
  // More to do on a worker for a job of the tenant that runs. It stands in no queue, but takes its
  // tenant's share of the workers.
  void Resume(const std::string& tenant, std::function<void()> work);
  // Finishes what was submitted and what still runs, then ends the threads.
  void Stop();

 private:
  struct Sleeper {
    std::condition_variable wake;
    bool called = false;
  };

  void Run(Sleeper& self);
  // Both with the lock held, which they give up meanwhile. False: there is nothing to do now.
  bool DoResumed(std::unique_lock<std::mutex>& lock);
  bool DoNext(std::unique_lock<std::mutex>& lock);
  void WakeAnother(std::unique_lock<std::mutex>& lock);
  // Whom to wake after unlocking; null: all are at work.
  Sleeper* CallOne();

  std::mutex mutex_;
  FairQueue queue_;
  struct Resumed {
    std::string tenant;
    std::function<void()> work;
  };
  std::deque<Resumed> resumed_;
  // The last to fall asleep is woken first: few threads stay busy, however many there are.
  std::vector<Sleeper*> asleep_;
  bool stopped_ = false;
  std::deque<Sleeper> sleepers_;
  std::vector<std::thread> threads_;
};

}  // namespace zonelink::rpc
