// SPDX-License-Identifier: Apache-2.0
// Which agreements the sample year has, and what becomes of them. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deploy/sample/sample_data.h"

namespace zonelink::sample {

inline constexpr int kAgreements = 60;
inline constexpr int kNever = 1'000'000;

enum class Fate { kInForce, kDrafted, kSuspended, kTerminated };

struct AgreementPlan {
  std::string item_id;
  std::vector<std::string> homes;
  std::vector<std::string> targets;
  std::string mode;     // NATIONWIDE, AUTOMATIC, NOTIFY, REVIEW or NONE
  int drafted_on = 0;   // day of the year, 0 is the first; signed on the same day
  int valid_years = 5;  // from the day it was drafted
  Fate fate = Fate::kInForce;
  int ends_on = kNever;  // day on which it is suspended or terminated
  std::string ended_by;  // zone whose administrator does that
  std::string reason;
  size_t signatures = 0;  // how many parties sign, in the order homes, targets

  std::vector<std::string> Parties() const;
  bool UsableOn(int day) const;
};

// The same for the same seed. No two that could be in force together cover one pair of zones for
// one item.
std::vector<AgreementPlan> PlanAgreements(const SampleData& data, uint64_t seed);

}  // namespace zonelink::sample
