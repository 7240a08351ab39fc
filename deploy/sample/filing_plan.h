// SPDX-License-Identifier: Apache-2.0
// Which filings the sample year has, and what happens to each of them when. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deploy/sample/agreement_plan.h"
#include "deploy/sample/sample_data.h"
#include "platform/calendar/calendar.h"
#include "platform/core/time.h"

namespace zonelink::sample {

inline constexpr int kFilings = 300;
inline constexpr int kDaysInYear = 365;

enum class Deed {
  kSubmit,
  kAccept,
  kRequestSupplement,
  kSupplement,
  kVerify,
  kGrant,
  kRefuse,
  kWithdraw
};

// Every day has two moments at which something happens: slot 2·day in the morning, 2·day + 1 in the
// afternoon.
struct Step {
  int slot = 0;
  Deed deed = Deed::kSubmit;
  std::string zone;  // that decides; empty where the deed is the filing's
  std::string username;
  std::string body;  // JSON
};

struct Target {
  std::string zone;
  std::string mode;
};

struct FilingPlan {
  size_t number = 0;
  std::string item_id;
  std::string username;
  std::vector<Target> targets;
  std::vector<Step> steps;  // in order of time; the first submits
};

// The same for the same seed and first day. Officers act on working days only; nothing happens
// after the last day of the year.
std::vector<FilingPlan> PlanFilings(const SampleData& data,
                                    const std::vector<AgreementPlan>& agreements, uint64_t seed,
                                    Date first_day, const Calendar& calendar);

// When a slot is: an hour and minute that differ from day to day.
Time TimeOfSlot(int slot, Date first_day, uint64_t seed);

}  // namespace zonelink::sample
