// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/rate_limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "platform/crypto/crypto.h"

namespace zonelink::gateway {
namespace {

constexpr size_t kWays = 4;  // slots in which a key may stand
constexpr size_t kSlots = 1 << 16;
constexpr uint8_t kCredit = 32;  // requests that a page sends at once after login
constexpr int64_t kSecond = 1'000'000'000;

Status Limited(Nanoseconds wait) {
  const int64_t seconds = std::max<int64_t>(1, (wait.count() + kSecond - 1) / kSecond);
  return ResourceExhausted("RATE_LIMITED", "too many requests",
                           {{"retry_after_seconds", fmt::format("{}", seconds)}});
}

bool AddressPays(Buckets::Bucket& caller) {
  switch (caller.standing) {
    case Buckets::Standing::kKnown: return false;
    case Buckets::Standing::kRefused: return true;
    case Buckets::Standing::kNew:
      if (caller.unproven >= kCredit) return true;
      ++caller.unproven;
      return false;
  }
  return true;
}

}  // namespace

Buckets::Buckets(unsigned per_second, size_t slots)
    : interval_(kSecond / std::max(1U, per_second)), slots_(slots) {}

Buckets::Bucket& Buckets::Of(uint64_t key, bool& fresh) {
  const size_t begin = (key % (slots_.size() / kWays)) * kWays;
  Bucket* oldest = &slots_[begin];
  for (size_t i = begin; i < begin + kWays; ++i) {
    if (slots_[i].key == key) {
      fresh = false;
      return slots_[i];
    }
    if (slots_[i].empty_until < oldest->empty_until) oldest = &slots_[i];
  }
  fresh = true;
  *oldest = Bucket{.key = key};
  return *oldest;
}

const Buckets::Bucket* Buckets::Find(uint64_t key) const {
  const size_t begin = (key % (slots_.size() / kWays)) * kWays;
  for (size_t i = begin; i < begin + kWays; ++i) {
    if (slots_[i].key == key) return &slots_[i];
  }
  return nullptr;
}

std::optional<Nanoseconds> Buckets::Take(Bucket& bucket, Nanoseconds now) const {
  const int64_t next = std::max(bucket.empty_until, now.count()) + interval_;
  const int64_t over = next - now.count() - std::max(kSecond, interval_);
  if (over > 0) return Nanoseconds(over);
  bucket.empty_until = next;
  return std::nullopt;
}

CallerLimits::CallerLimits(unsigned per_caller, unsigned per_address, unsigned streams_per_caller)
    : streams_per_caller_(streams_per_caller),
      callers_(per_caller, kSlots),
      addresses_(per_address, kSlots) {}

uint64_t CallerLimits::KeyOf(std::string_view text) {
  if (text.empty()) return 0;
  const std::string hash = crypto::Sha256(text);
  uint64_t key = 0;
  std::memcpy(&key, hash.data(), sizeof(key));
  return std::max<uint64_t>(1, key);
}

Status CallerLimits::Admit(uint64_t token, std::string_view address, bool judged, Nanoseconds now) {
  const std::lock_guard lock(mutex_);
  const Buckets::Bucket* seen = callers_.Find(token);
  const bool known = seen != nullptr && seen->standing == Buckets::Standing::kKnown;
  if (!judged && !known) token = 0;
  bool fresh = false;
  Buckets::Bucket* caller = token == 0 ? nullptr : &callers_.Of(token, fresh);
  if (caller == nullptr || fresh || AddressPays(*caller)) {
    bool ignored = false;
    const auto wait = addresses_.Take(addresses_.Of(KeyOf(address), ignored), now);
    if (wait) {
      // Not seen yet: the next attempt pays again.
      if (fresh) *caller = Buckets::Bucket();
      return Limited(*wait);
    }
  }
  if (caller == nullptr) return Done{};
  const auto wait = callers_.Take(*caller, now);
  if (wait) return Limited(*wait);
  return Done{};
}

void CallerLimits::Judge(uint64_t token, bool accepted) {
  if (token == 0) return;
  const std::lock_guard lock(mutex_);
  bool fresh = false;
  Buckets::Bucket& caller = callers_.Of(token, fresh);
  caller.standing = accepted ? Buckets::Standing::kKnown : Buckets::Standing::kRefused;
  if (!accepted) caller.tenant = kStranger;
}

void CallerLimits::Belongs(uint64_t token, Tenant tenant) {
  if (token == 0) return;
  const std::lock_guard lock(mutex_);
  bool fresh = false;
  callers_.Of(token, fresh).tenant = tenant;
}

Tenant CallerLimits::TenantOf(uint64_t token) {
  if (token == 0) return kStranger;
  const std::lock_guard lock(mutex_);
  const Buckets::Bucket* caller = callers_.Find(token);
  return caller == nullptr ? kStranger : caller->tenant;
}

Status CallerLimits::OpenStream(uint64_t token) {
  const std::lock_guard lock(mutex_);
  unsigned& open = streams_[token];
  if (open >= streams_per_caller_) {
    return ResourceExhausted("STREAMS_EXHAUSTED", "too many open streams",
                             {{"limit", std::to_string(streams_per_caller_)}});
  }
  ++open;
  return Done{};
}

void CallerLimits::CloseStream(uint64_t token) {
  const std::lock_guard lock(mutex_);
  const auto open = streams_.find(token);
  if (open != streams_.end() && --open->second == 0) streams_.erase(open);
}

}  // namespace zonelink::gateway
