// SPDX-License-Identifier: Apache-2.0
// When what is killed: a function of the seed alone.
#pragma once

#include <cstdint>
#include <vector>

namespace zonelink::chaos {

enum class Victim { kServer, kDatabase };

// Counted in acknowledged requests since the one before was over, not in time: a slow machine is
// killed at the same places.
struct Blow {
  Victim victim = Victim::kServer;
  int after_acked = 0;
};

struct ScheduleOptions {
  uint64_t seed = 1;
  int server_kills = 20;
  int database_kills = 5;
};

std::vector<Blow> MakeSchedule(const ScheduleOptions& options);

}  // namespace zonelink::chaos
