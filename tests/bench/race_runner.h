// SPDX-License-Identifier: Apache-2.0
// Runs pairs of contenders that start at the same moment, in several lanes side by side, and counts
// how they ended.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/api.h"

namespace zonelink::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

// A POST under an idempotency key of its own.
struct Request {
  std::string token;
  std::string path;
  std::string json;
  std::string key = test::FreshKey();
};

// An answer, and whether its request began only after the rival's answer had come.
struct Reply {
  test::Answer answer;
  bool late = false;
  SteadyTime sent;
  SteadyTime received;

  bool ok() const { return answer.ok(); }
};

// Sends and times. Where the answer says "ask again" (CONFLICT, IDEMPOTENCY_IN_PROGRESS, 429, 503)
// it does, with the same key, for up to a minute; `asked_again` counts that.
Reply Send(test::Api& api, const Request& request, std::atomic<int64_t>& asked_again);

// One side of a pair. The first reply is the race's.
using Contender = std::function<std::vector<Reply>(test::Api& api)>;
using Replies = std::vector<Reply>;

struct Pair {
  Contender left;
  Contender right;
  // What is wrong with how it ended; empty: nothing.
  std::function<std::string(const Replies& left, const Replies& right)> judge;
};

struct RaceKind {
  std::string name;
  std::string must;  // what has to hold, for the table
  std::function<Pair(size_t lane)> prepare;
};

struct RaceCounts {
  std::string kind;
  int64_t pairs = 0;
  int64_t one = 0;         // one side succeeded, the other was refused
  int64_t both = 0;        // both succeeded
  int64_t neither = 0;     // both were refused
  int64_t overlapped = 0;  // each side's request was sent before the other's answer had come
  int64_t violations = 0;
  int64_t asked_again = 0;
  std::map<std::string, int64_t> refusals;  // "409 FILING_NOT_OPEN"
  std::string example;                      // of a violation
  double seconds = 0;
};

struct RaceLimits {
  int64_t pairs = 0;  // at most
  int64_t floor = 0;  // at least, whatever the time
  std::chrono::milliseconds time{};
};

// `lanes` pairs are under way at a time. Throws std::runtime_error when a pair cannot be prepared.
RaceCounts RunRace(const RaceKind& kind, const std::string& base_url, size_t lanes,
                   const RaceLimits& limits, std::atomic<int64_t>& asked_again);

}  // namespace zonelink::bench
