// SPDX-License-Identifier: Apache-2.0
// Pairs of requests of which at most one may win, a few of each kind; `./dev bench races` runs
// thousands.
#include "tests/bench/races.h"

#include <gtest/gtest.h>

#include "tests/bench/silence_race.h"
#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

constexpr size_t kLanes = 6;
constexpr int64_t kPairs = 200;

class RacesTest : public IntegrationTest {};

TEST_F(RacesTest, NobodyWinsTwice) {
  bench::Races races(world(), kLanes);
  for (const bench::RaceKind& kind : races.kinds()) {
    const bench::RaceCounts counts = races.Run(kind, {.pairs = kPairs, .floor = kPairs});
    EXPECT_EQ(counts.pairs, kPairs) << counts.kind;
    EXPECT_EQ(counts.violations, 0) << counts.kind << ", for example: " << counts.example;
    EXPECT_GT(counts.overlapped, kPairs / 2) << counts.kind << " did not race";
  }
  EXPECT_EQ(races.Contradictions(), std::vector<std::string>());
}

// On the clock of a time when no notice is missing.
TEST_F(RacesTest, SilenceOrAnOfficerGrants) {
  Deploy({.clock = *ParseTime("2020-03-02T01:00:00Z")});
  const bench::SilenceCounts counts = bench::RaceSilence(world(), kPairs);
  EXPECT_EQ(counts.violations, 0) << "for example: " << counts.example;
  EXPECT_GT(counts.by_officer, 0);
  EXPECT_GT(counts.by_silence, 0);
}

}  // namespace
}  // namespace zonelink::test
