// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/admission.h"

#include <algorithm>

namespace zonelink::gateway {
namespace {

constexpr size_t kMostTenants = 4096;
constexpr unsigned kLeast = 8;  // a limit never falls below it, so that it can rise again
constexpr std::chrono::milliseconds kBetweenCuts{100};
// After so long without a refusal a tenant that has nothing in flight begins anew.
constexpr std::chrono::seconds kForgiven{10};
constexpr std::chrono::seconds kBetweenSummaries{1};
// Those who are refused together do not come back together.
constexpr unsigned kRetrySpread = 3;

}  // namespace

Tenant Tenants::Of(std::string_view name) {
  if (name.empty()) return kStranger;
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return found->second;
  if (by_name_.size() >= kMostTenants) return kStranger;
  const auto number = static_cast<Tenant>(by_name_.size() + 1);
  by_name_.emplace(name, number);
  return number;
}

Admission::Share& Admission::ShareOf(Tenant tenant) {
  while (shares_.size() <= tenant) shares_.push_back({.limit = most_});
  return shares_[tenant];
}

bool Admission::Fits(const Share& share) const {
  if (share.in_flight >= share.limit) return false;
  if (in_flight_ < most_) return true;
  const unsigned sharing = active_ + (share.in_flight == 0 ? 1 : 0);
  return share.in_flight < std::max(1U, most_ / sharing);
}

Status Admission::Judge(const Share& share) {
  if (Fits(share)) return Done{};
  return ResourceExhausted(
      "OVERLOADED", "too much work in flight; try again shortly",
      {{"retry_after_seconds", std::to_string(1 + refused_++ % kRetrySpread)}});
}

Status Admission::Look(Tenant tenant) {
  const std::lock_guard lock(mutex_);
  return Judge(ShareOf(tenant));
}

Status Admission::Enter(Tenant tenant) {
  const std::lock_guard lock(mutex_);
  Share& share = ShareOf(tenant);
  if (Status judged = Judge(share); !judged) return judged;
  if (share.in_flight++ == 0) ++active_;
  ++in_flight_;
  return Done{};
}

void Admission::Leave(Tenant tenant, bool overloaded, Time now) {
  const std::lock_guard lock(mutex_);
  Share& share = ShareOf(tenant);
  if (overloaded) {
    Cut(share, now);
  } else {
    Raise(share);
  }
  --in_flight_;
  if (--share.in_flight > 0) return;
  --active_;
  if (now - share.cut >= kForgiven) share.limit = most_;
}

void Admission::Cut(Share& share, Time now) const {
  share.answers = 0;
  if (now - share.cut < kBetweenCuts) return;
  share.cut = now;
  // A limit far above what is in flight would have to fall for long before it mattered.
  share.limit = std::max(std::min(kLeast, most_), std::min(share.limit, share.in_flight) * 9 / 10);
}

void Admission::Raise(Share& share) const {
  if (share.limit >= most_ || share.in_flight * 10 < share.limit * 9) return;
  if (++share.answers < share.limit) return;
  share.answers = 0;
  ++share.limit;
}

unsigned Admission::LimitOf(Tenant tenant) {
  const std::lock_guard lock(mutex_);
  return ShareOf(tenant).limit;
}

uint64_t RefusalSummary::Told(uint64_t more, Time now) {
  const std::lock_guard lock(mutex_);
  untold_ += more;
  if (untold_ == 0 || now - told_ < kBetweenSummaries) return 0;
  told_ = now;
  return std::exchange(untold_, 0);
}

}  // namespace zonelink::gateway
