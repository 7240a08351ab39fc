// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/schedule.h"

#include <random>
#include <utility>

namespace zonelink::chaos {
namespace {

constexpr uint64_t kLeastAcked = 3;
constexpr uint64_t kSpread = 60;

}  // namespace

std::vector<Blow> MakeSchedule(const ScheduleOptions& options) {
  std::mt19937_64 random(options.seed);
  std::vector<Blow> blows;
  for (int i = 0; i < options.server_kills; ++i) blows.push_back({Victim::kServer});
  for (int i = 0; i < options.database_kills; ++i) blows.push_back({Victim::kDatabase});
  // Not std::shuffle: its order is each library's own.
  for (size_t i = blows.size(); i > 1; --i) std::swap(blows[i - 1], blows[random() % i]);
  for (Blow& blow : blows) blow.after_acked = static_cast<int>(kLeastAcked + random() % kSpread);
  return blows;
}

}  // namespace zonelink::chaos
