// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/race_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <barrier>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>

#include "tests/support/child.h"

namespace zonelink::bench {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kPatience = 60s;
constexpr auto kProgress = 5s;

bool SaysAskAgain(const test::Answer& answer) {
  if (answer.status == 429 || answer.status == 503) return true;
  if (answer.status != 409) return false;
  const std::string reason = answer.reason();
  return reason == "CONFLICT" || reason == "IDEMPOTENCY_IN_PROGRESS";
}

bool Overlap(const Reply& a, const Reply& b) { return a.sent < b.received && b.sent < a.received; }

// All lanes of one kind.
class Race {
 public:
  Race(const RaceKind& kind, const std::string& base_url, const RaceLimits& limits)
      : kind_(kind), base_url_(base_url), limits_(limits), began_(steady_clock::now()) {
    counts_.kind = kind.name;
  }

  // One pair after the other; the rival's thread waits at the barrier for each start.
  void RunLane(size_t lane) {
    test::Api left(base_url_, "");
    test::Api right(base_url_, "");
    Pair pair;
    bool over = false;
    Replies right_replies;
    std::barrier start(2);
    std::barrier finish(2);
    std::thread rival([&] {
      for (;;) {
        start.arrive_and_wait();
        if (over) return;
        Guarded([&] { right_replies = pair.right(right); });
        finish.arrive_and_wait();
      }
    });
    while (Claim()) {
      if (!Guarded([&] { pair = kind_.prepare(lane); })) break;
      Replies left_replies;
      right_replies.clear();
      start.arrive_and_wait();
      Guarded([&] { left_replies = pair.left(left); });
      finish.arrive_and_wait();
      Guarded([&] { Count(pair, left_replies, right_replies); });
    }
    over = true;
    start.arrive_and_wait();
    rival.join();
  }

  RaceCounts Take() {
    if (failure_) std::rethrow_exception(failure_);
    counts_.seconds = std::chrono::duration<double>(steady_clock::now() - began_).count();
    return std::move(counts_);
  }

 private:
  // Whether another pair shall be run.
  bool Claim() {
    const std::lock_guard lock(mutex_);
    const auto now = steady_clock::now();
    const bool time_is_over = now - began_ > limits_.time && started_ >= limits_.floor;
    if (failure_ || started_ >= limits_.pairs || time_is_over) return false;
    ++started_;
    if (now - told_ > kProgress) {
      told_ = now;
      std::fprintf(stderr, "  %s: %lld pairs\n", kind_.name.c_str(),
                   static_cast<long long>(counts_.pairs));
    }
    return true;
  }

  // An exception in a lane ends the race.
  template <class Work>
  bool Guarded(Work&& work) {
    try {
      work();
      return true;
    } catch (const std::exception&) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      return false;
    }
  }

  void Count(const Pair& pair, const Replies& left, const Replies& right) {
    if (left.empty() || right.empty()) return;  // a contender threw
    const std::string fault = pair.judge(left, right);
    const int succeeded = left[0].ok() + right[0].ok();
    const std::lock_guard lock(mutex_);
    ++counts_.pairs;
    ++(succeeded == 2 ? counts_.both : succeeded == 1 ? counts_.one : counts_.neither);
    counts_.overlapped += Overlap(left[0], right[0]) ? 1 : 0;
    for (const Replies* side : {&left, &right}) {
      for (const Reply& reply : *side) {
        if (reply.ok()) continue;
        ++counts_.refusals[fmt::format("{} {}", reply.answer.status, reply.answer.reason())];
      }
    }
    if (fault.empty()) return;
    ++counts_.violations;
    if (counts_.example.empty()) counts_.example = fault;
  }

  const RaceKind& kind_;
  const std::string& base_url_;
  const RaceLimits limits_;
  const SteadyTime began_;
  std::mutex mutex_;
  SteadyTime told_ = began_;
  int64_t started_ = 0;
  std::exception_ptr failure_;
  RaceCounts counts_;
};

}  // namespace

Reply Send(test::Api& api, const Request& request, std::atomic<int64_t>& asked_again) {
  Reply reply{.sent = steady_clock::now()};
  test::WaitUntil(kPatience, [&] {
    reply.answer =
        api.Post(request.path, request.json,
                 {{"Authorization", "Bearer " + request.token}, {"Idempotency-Key", request.key}});
    const bool again = SaysAskAgain(reply.answer);
    asked_again += again ? 1 : 0;
    return !again;
  });
  reply.received = steady_clock::now();
  return reply;
}

RaceCounts RunRace(const RaceKind& kind, const std::string& base_url, size_t lanes,
                   const RaceLimits& limits, std::atomic<int64_t>& asked_again) {
  const int64_t asked_before = asked_again;
  Race race(kind, base_url, limits);
  std::vector<std::thread> threads;
  for (size_t lane = 0; lane < lanes; ++lane) {
    threads.emplace_back([&race, lane] { race.RunLane(lane); });
  }
  for (std::thread& thread : threads) thread.join();
  RaceCounts counts = race.Take();
  counts.asked_again = asked_again - asked_before;
  return counts;
}

}  // namespace zonelink::bench
