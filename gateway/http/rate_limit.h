// SPDX-License-Identifier: Apache-2.0
// How often a caller or an address may ask. Memory is bounded whatever comes: tables of fixed size
// in which the longest idle entries give way.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/http/admission.h"
#include "platform/core/result.h"

namespace zonelink::gateway {

using Nanoseconds = std::chrono::nanoseconds;

// Token buckets that fill with `per_second` and hold one second's worth. Not thread-safe.
class Buckets {
 public:
  enum class Standing : uint8_t { kNew, kKnown, kRefused };
  struct Bucket {
    uint64_t key = 0;
    int64_t empty_until = 0;  // when the bucket is full again; 0: free slot
    Standing standing = Standing::kNew;
    uint8_t unproven = 0;  // requests while kNew
    Tenant tenant = kStranger;
  };

  Buckets(unsigned per_second, size_t slots);

  // The key's bucket, taken from the one longest full where there was none.
  Bucket& Of(uint64_t key, bool& fresh);
  // Null where the key has none.
  const Bucket* Find(uint64_t key) const;
  // How long to wait; nothing: one token was taken. `now` counts from any epoch.
  std::optional<Nanoseconds> Take(Bucket& bucket, Nanoseconds now) const;

 private:
  int64_t interval_;
  std::vector<Bucket> slots_;
};

// A bearer token has its own bucket, so that one caller cannot take another's share. Without a
// token the address has one; it also pays for each token never seen before and for tokens that a
// service refused, so that invented tokens give nobody more than an address has. What is public is
// answered whatever the token: there it counts for nothing until it is known from elsewhere.
class CallerLimits {
 public:
  CallerLimits(unsigned per_caller, unsigned per_address, unsigned streams_per_caller);

  // 0 stands for no token.
  static uint64_t KeyOf(std::string_view text);

  // `judged`: a service will look at the token. ResourceExhausted `RATE_LIMITED` with
  // `retry_after_seconds` in seconds.
  Status Admit(uint64_t token, std::string_view address, bool judged, Nanoseconds now);
  // What a service said to the token.
  void Judge(uint64_t token, bool accepted);
  // A service that verified the token has said whose share its caller uses.
  void Belongs(uint64_t token, Tenant tenant);
  // kStranger until a service has said, and for what a service has refused.
  Tenant TenantOf(uint64_t token);

  // ResourceExhausted `STREAMS_EXHAUSTED`. Each success is closed once.
  Status OpenStream(uint64_t token);
  void CloseStream(uint64_t token);

 private:
  const unsigned streams_per_caller_;
  std::mutex mutex_;
  Buckets callers_;
  Buckets addresses_;
  std::unordered_map<uint64_t, unsigned> streams_;
};

}  // namespace zonelink::gateway
