// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/fair_queue.h"

#include <algorithm>

namespace zonelink::rpc {
namespace {

using std::chrono::microseconds;

// Parts of what may run.
constexpr size_t kUnfelt = 5;
constexpr size_t kOfOne = 32;
// Of the workers.
constexpr size_t kWorkersOfOne = 3;

Error Overloaded(const char* why) { return ResourceExhausted("OVERLOADED", why); }

}  // namespace

microseconds FairQueue::WaitOf(const Lane& lane, Time now) {
  if (lane.jobs.empty()) return microseconds{0};
  const auto oldest = std::chrono::duration_cast<microseconds>(now - lane.jobs.front().since);
  return std::max(oldest, lane.last_wait);
}

Status FairQueue::Push(Job& job, Time now, std::vector<Refused>& refused) {
  Lane& lane = lanes_[job.tenant];
  const auto entry = lanes_.find(job.tenant);
  const Status taken = [&]() -> Status {
    if (!lane.jobs.empty() && now - lane.jobs.front().since >= limits_.longest_wait)
      return Overloaded("work waits too long; try again shortly");
    if (job.deadline - now < WaitOf(lane, now) + job.typical)
      return Overloaded("the time left does not suffice");
    if (waiting_ + running_ >= limits_.most && !MakeRoom(lane, refused))
      return Overloaded("too much work in flight; try again shortly");
    return Done{};
  }();
  if (!taken) {
    Forget(entry);
    return taken;
  }
  job.since = now;
  if (lane.jobs.empty()) turns_.push_back(&*entry);
  lane.jobs.push_back(std::move(job));
  ++waiting_;
  return Done{};
}

FairQueue::Lane* FairQueue::Longest() {
  const auto longest = std::max_element(turns_.begin(), turns_.end(), [](auto* a, auto* b) {
    return a->second.jobs.size() < b->second.jobs.size();
  });
  return longest == turns_.end() ? nullptr : &(*longest)->second;
}

bool FairQueue::MakeRoom(const Lane& lane, std::vector<Refused>& refused) {
  Lane* longest = Longest();
  // Not the other's last one: who waits alone keeps its place.
  if (longest == nullptr || longest->jobs.size() <= lane.jobs.size() + 1) return false;
  refused.push_back(
      {std::move(longest->jobs.back()), Overloaded("too much work in flight; try again shortly")});
  longest->jobs.pop_back();
  --waiting_;
  return true;
}

bool FairQueue::MayWork(const Lane& lane) const {
  if (limits_.workers == 0 || lanes_.size() == 1) return true;
  return lane.working < std::max<size_t>(1, limits_.workers / kWorkersOfOne);
}

bool FairQueue::MayRun(const Lane& lane, size_t queues) const {
  if (!MayWork(lane)) return false;
  if (limits_.running == 0) return true;
  if (running_ >= limits_.running) return false;
  if (lanes_.size() == 1) return true;
  const size_t even = std::max<size_t>(1, limits_.running / lanes_.size());
  if (lane.running >= even) return false;
  if (lane.running + lane.jobs.size() <= even) return true;
  // All running, the lane's own too.
  if (running_ < limits_.running / kUnfelt) return true;
  return lane.running < std::max<size_t>(1, limits_.running / kOfOne) * queues;
}

bool FairQueue::Ready() const {
  return std::any_of(turns_.begin(), turns_.end(),
                     [this](const auto* turn) { return MayRun(turn->second, turns_.size()); });
}

std::optional<Job> FairQueue::Pop(Time now, std::vector<Refused>& refused) {
  const size_t queues = turns_.size();
  for (size_t left = queues; left > 0; --left) {
    const Lanes::pointer turn = turns_.front();
    turns_.pop_front();
    Lane& lane = turn->second;
    std::optional<Job> next;
    while (MayRun(lane, queues) && !lane.jobs.empty() && !next) {
      Job job = std::move(lane.jobs.front());
      lane.jobs.pop_front();
      --waiting_;
      lane.last_wait = std::chrono::duration_cast<microseconds>(now - job.since);
      if (job.deadline - now >= job.typical) {
        next = std::move(job);
      } else {
        refused.push_back({std::move(job), DeadlineExceeded("DEADLINE_EXCEEDED", "no time left")});
      }
    }
    if (next) {
      ++lane.running;
      ++lane.working;
      ++running_;
    }
    if (!lane.jobs.empty()) turns_.push_back(turn);
    if (next) return next;
    Forget(lanes_.find(turn->first));
  }
  return std::nullopt;
}

bool FairQueue::Takes(const std::string& tenant) {
  Lane& lane = lanes_.at(tenant);
  if (!MayWork(lane)) return false;
  ++lane.working;
  return true;
}

void FairQueue::Left(const std::string& tenant) {
  const auto entry = lanes_.find(tenant);
  --entry->second.working;
  Forget(entry);
}

void FairQueue::Ended(const std::string& tenant) {
  const auto entry = lanes_.find(tenant);
  --entry->second.running;
  --running_;
  Forget(entry);
}

void FairQueue::Forget(Lanes::iterator lane) {
  const Lane& left = lane->second;
  if (left.jobs.empty() && left.running == 0 && left.working == 0) lanes_.erase(lane);
}

}  // namespace zonelink::rpc
