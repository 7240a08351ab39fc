// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/worker_pool.h"

#include <algorithm>

namespace zonelink::rpc {
namespace {

void Answer(std::vector<FairQueue::Refused>& refused) {
  for (const FairQueue::Refused& one : refused) one.job.refuse(one.error);
  refused.clear();
}

}  // namespace

WorkerPool::WorkerPool(unsigned workers, FairQueue::Limits limits)
    : queue_(limits), sleepers_(workers) {
  for (Sleeper& sleeper : sleepers_) threads_.emplace_back([this, &sleeper] { Run(sleeper); });
}

WorkerPool::~WorkerPool() { Stop(); }

WorkerPool::Sleeper* WorkerPool::CallOne() {
  if (asleep_.empty()) return nullptr;
  Sleeper* sleeper = asleep_.back();
  asleep_.pop_back();
  sleeper->called = true;
  return sleeper;
}

Status WorkerPool::Submit(Job job) {
  std::vector<FairQueue::Refused> refused;
  Sleeper* called = nullptr;
  const Status taken = [&]() -> Status {
    std::lock_guard lock(mutex_);
    if (stopped_) return Unavailable("SHUTTING_DOWN", "the service is shutting down");
    const Status pushed = queue_.Push(job, Job::Clock::now(), refused);
    if (pushed) called = CallOne();
    return pushed;
  }();
  if (called != nullptr) called->wake.notify_one();
  Answer(refused);
  return taken;
}

void WorkerPool::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    while (Sleeper* called = CallOne()) called->wake.notify_one();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

// Under the lock to the end: the pool may go as soon as nothing runs.
void WorkerPool::Ended(const std::string& tenant) {
  std::lock_guard lock(mutex_);
  queue_.Ended(tenant);
  if (!stopped_ && resumed_.empty() && !queue_.Ready()) return;
  if (Sleeper* called = CallOne()) called->wake.notify_one();
}

void WorkerPool::Resume(const std::string& tenant, std::function<void()> work) {
  std::lock_guard lock(mutex_);
  resumed_.push_back({tenant, std::move(work)});
  if (Sleeper* called = CallOne()) called->wake.notify_one();
}

// What ended may have let other work go on: each who is woken wakes the next.
void WorkerPool::WakeAnother(std::unique_lock<std::mutex>& lock) {
  Sleeper* called = !resumed_.empty() || queue_.Ready() ? CallOne() : nullptr;
  lock.unlock();
  if (called != nullptr) called->wake.notify_one();
}

bool WorkerPool::DoResumed(std::unique_lock<std::mutex>& lock) {
  const auto found = std::find_if(resumed_.begin(), resumed_.end(),
                                  [this](const Resumed& one) { return queue_.Takes(one.tenant); });
  if (found == resumed_.end()) return false;
  Resumed resumed = std::move(*found);
  resumed_.erase(found);
  WakeAnother(lock);
  resumed.work();
  resumed.work = nullptr;
  lock.lock();
  queue_.Left(resumed.tenant);
  return true;
}

bool WorkerPool::DoNext(std::unique_lock<std::mutex>& lock) {
  if (DoResumed(lock)) return true;
  std::vector<FairQueue::Refused> refused;
  std::optional<Job> job = queue_.Pop(Job::Clock::now(), refused);
  if (!job && refused.empty()) return false;
  WakeAnother(lock);
  Answer(refused);
  const bool ended = job && job->run();
  lock.lock();
  if (ended) queue_.Ended(job->tenant);
  if (job) queue_.Left(job->tenant);
  return true;
}

void WorkerPool::Run(Sleeper& self) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (DoNext(lock)) continue;
    if (stopped_ && queue_.Idle()) break;
    asleep_.push_back(&self);
    self.wake.wait(lock, [&] { return self.called; });
    self.called = false;
  }
  // The last to end wakes one; each wakes the next.
  if (Sleeper* called = CallOne()) called->wake.notify_one();
}

}  // namespace zonelink::rpc
