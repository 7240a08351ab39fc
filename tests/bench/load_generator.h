// SPDX-License-Identifier: Apache-2.0
// Load over HTTP/1.1, closed loop (as many requests as connections, each follows an answer) or open
// loop (requests come when they come). Each connection is kept alive and has one request in flight.
// It shares the processors with the server that it measures, so it does as little as it can: one
// thread, requests made beforehand, of an answer only its status and its length are read.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zonelink::bench {

// A POST whose bytes are ready but for what is fresh each time it is sent: the Idempotency-Key, and
// the digits that take the place of kFreshDigits in the body, where it stands; or a GET.
class PreparedPost {
 public:
  PreparedPost(std::string_view path, std::string_view token, std::string_view json);
  static PreparedPost Get(std::string_view path, std::string_view token);

  static constexpr std::string_view kFreshDigits = "{sixteen digits}";
  static constexpr size_t kKeyLength = 32;
  const std::string& bytes() const { return bytes_; }
  bool keyed() const { return key_at_ != 0; }
  size_t key_at() const { return key_at_; }
  size_t fresh_at() const { return fresh_at_; }  // 0: nowhere

 private:
  PreparedPost() = default;
  std::string bytes_;
  size_t key_at_ = 0;
  size_t fresh_at_ = 0;
};

// A body with fresh digits in the place of PreparedPost::kFreshDigits.
std::string WithFreshDigits(std::string json);

// Of a deployment's base URL.
uint16_t PortOf(const std::string& base_url);

struct LoadOptions {
  uint16_t port = 0;  // on loopback
  int connections = 64;
  std::chrono::milliseconds time{6'000};
};

struct LoadResult {
  int64_t succeeded = 0;                // answered with 2xx; nothing else counts
  std::map<int, int64_t> failed;        // by status; 0: the connection broke
  std::map<int, std::string> examples;  // one answer of each failed status
  std::vector<double> ms;               // of those that succeeded
  double seconds = 0;                   // from the first request to the last answer
  int64_t unsent = 0;                   // open loop: no connection came free for them
};

// Sends `posts` in turn over all connections for the time given, then takes the answers still under
// way. Throws std::runtime_error when the server cannot be reached.
LoadResult RunLoad(const std::vector<PreparedPost>& posts, const LoadOptions& options);

// Requests that arrive at a fixed rate, whatever becomes of those before.
struct Arrivals {
  std::vector<const PreparedPost*> posts;  // in turn
  double per_second = 0;
};

// Each group has up to `options.connections` connections of its own and opens them as it needs
// them. Times count from when a request was due, so one that waits for a connection is slow; those
// that still wait at the end are unsent.
std::vector<LoadResult> RunOpenLoad(const std::vector<Arrivals>& groups,
                                    const LoadOptions& options);

}  // namespace zonelink::bench
