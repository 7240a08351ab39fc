// SPDX-License-Identifier: Apache-2.0
// What the sample year does besides agreements and filings: mandates, deputies, items revised.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deploy/sample/sample_data.h"
#include "deploy/sample/timetable.h"

namespace zonelink::sample {

// An enterprise that lets another file for it (行政许可法 §29, practice-unverified).
struct Mandate {
  size_t principal = 0;  // index of the enterprise
  size_t agent = 0;
};
const std::vector<Mandate>& Mandates();
// The agent of an enterprise.
std::optional<size_t> AgentOf(size_t enterprise);

// Paper of the item that may be handed in later (容缺受理) from kDeferrableFrom on; empty: none. A
// choice of the sample: no text behind it.
std::string DeferrableOf(const std::string& item_id);
inline constexpr int kDeferrableFrom = 30;  // day of the year

// A call that stands for itself.
struct Chore {
  int slot = 0;
  std::string username;
  std::string path;
  std::string body;  // JSON, with marks as in a Step
  std::string name;  // of its idempotency key
};

// In order of time.
std::vector<Chore> PlanChores(const SampleData& data, const Timetable& times);

}  // namespace zonelink::sample
