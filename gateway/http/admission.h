// SPDX-License-Identifier: Apache-2.0
// How much of each tenant's work the gateway passes on. What is too much is refused before it costs
// anything: no JSON, no RPC.
//
// How it adapts. Only the services know what they can do; they refuse (`OVERLOADED`) when a
// tenant's work waits too long there. The gateway believes them: each tenant has a limit of calls
// in flight, per service. A refusal by the service takes a tenth off it, at most once in 100 ms;
// while the limit is in use, as many answers as it allows calls add one to it. So the calls in
// flight of a tenant that asks too much stay near what the service can do in time, few refusals
// reach the service, and tenants that ask for less than that never meet a limit. When the limits
// together allow more than the whole gateway may have in flight, a tenant may have its even share
// of that whatever the others have, and more only while there is room.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::gateway {

// Whose share a request uses, as services have said of its token. 0: not known, so everybody
// whose token no service has accepted shares it: an invented token takes from no one else.
using Tenant = uint32_t;
inline constexpr Tenant kStranger = 0;

// Numbers for the names that services give. Thread-safe.
class Tenants {
 public:
  // kStranger for the empty name, and when there are too many: names come from verified tokens.
  Tenant Of(std::string_view name);

 private:
  std::mutex mutex_;
  std::map<std::string, Tenant, std::less<>> by_name_;
};

// Calls to one service. Thread-safe; time is passed in.
class Admission {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `most`: calls in flight of all tenants.
  explicit Admission(unsigned most) : most_(most) {}

  // What Enter would say: for requests whose body has not come, which hold no place meanwhile.
  Status Look(Tenant tenant);
  // ResourceExhausted `OVERLOADED`. Each success is left once.
  Status Enter(Tenant tenant);
  // `overloaded`: the service said so.
  void Leave(Tenant tenant, bool overloaded, Time now);

  // What Enter allows the tenant by itself.
  unsigned LimitOf(Tenant tenant);

 private:
  struct Share {
    unsigned in_flight = 0;
    unsigned limit = 0;
    unsigned answers = 0;  // since the limit rose last
    Time cut{};            // when the limit fell last
  };

  Share& ShareOf(Tenant tenant);
  bool Fits(const Share& share) const;
  Status Judge(const Share& share);
  void Cut(Share& share, Time now) const;
  void Raise(Share& share) const;

  const unsigned most_;
  std::mutex mutex_;
  std::vector<Share> shares_;
  unsigned in_flight_ = 0;
  unsigned active_ = 0;  // tenants with calls in flight
  unsigned refused_ = 0;
};

// What was refused without a line of its own in the log, told once a second. Thread-safe.
class RefusalSummary {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // How many to tell of now; 0: nothing yet.
  uint64_t Add(Time now) { return Told(1, now); }
  // The same without a further one.
  uint64_t Due(Time now) { return Told(0, now); }

 private:
  uint64_t Told(uint64_t more, Time now);

  std::mutex mutex_;
  uint64_t untold_ = 0;
  Time told_{};
};

}  // namespace zonelink::gateway
