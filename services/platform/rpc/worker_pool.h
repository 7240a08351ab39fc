// SPDX-License-Identifier: Apache-2.0
// A fixed number of threads and a bounded queue in front of them.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace zonelink::rpc {

class WorkerPool {
 public:
  WorkerPool(unsigned workers, size_t longest_queue);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;

  // False when the queue is full or the pool has stopped: refuse the work.
  bool Submit(std::function<void()> work);
  // Finishes what was submitted, then ends the threads.
  void Stop();

 private:
  void Run();

  const size_t longest_queue_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace zonelink::rpc
