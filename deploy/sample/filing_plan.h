// SPDX-License-Identifier: Apache-2.0
// Which filings the sample year has, and what happens to each of them when. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "deploy/sample/agreement_plan.h"
#include "deploy/sample/deeds.h"
#include "deploy/sample/sample_data.h"
#include "deploy/sample/timetable.h"
#include "platform/calendar/calendar.h"
#include "platform/core/time.h"

namespace zonelink::sample {

inline constexpr int kFilings = 2000;

// What a year follows from besides its agreements.
struct YearTerms {
  uint64_t seed = 0;
  Date first_day;
  int filings = kFilings;
};

struct Target {
  std::string zone;
  std::string mode;  // in which the zone deals with it: a listed matter is reviewed
};

struct FilingPlan {
  size_t number = 0;
  std::string item_id;
  std::string applicant;  // the enterprise's own filer
  std::string username;   // who files: the same, or an agent's
  std::vector<Target> targets;
  std::vector<Step> steps;  // in order of time; the first submits
};

// The same for the same terms. Officers act on working days only; nothing happens after the last
// day of the year, and what is then on its way stays there.
std::vector<FilingPlan> PlanFilings(const SampleData& data,
                                    const std::vector<AgreementPlan>& agreements,
                                    const YearTerms& terms, const Calendar& calendar);

}  // namespace zonelink::sample
