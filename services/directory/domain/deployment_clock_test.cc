// SPDX-License-Identifier: Apache-2.0
#include "directory/domain/deployment_clock.h"

#include <gtest/gtest.h>

namespace zonelink::directory {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

const Time kWall{microseconds{1'772'000'000'000'000}};

TEST(DeploymentClock, Advance) {
  struct Case {
    microseconds offset, to;  // to: from the wall's now
    std::optional<microseconds> result;
  };
  const Case cases[] = {
      {hours{-48}, hours{-48}, hours{-48}},
      {hours{-48}, hours{-24}, hours{-24}},
      {hours{-48}, hours{0}, hours{0}},
      {hours{-48}, hours{30}, hours{0}},
      {hours{-48}, microseconds{-1}, microseconds{-1}},
      {hours{-48}, hours{-49}, std::nullopt},
      {hours{0}, hours{5}, hours{5}},
      {hours{0}, microseconds{-1}, std::nullopt},
      {hours{5}, hours{7}, hours{7}},
      {hours{5}, hours{4}, std::nullopt},
  };
  for (const Case& c : cases) {
    const auto advanced = Advance(c.offset, kWall, kWall + c.to);
    EXPECT_EQ(advanced.has_value(), c.result.has_value());
    if (advanced && c.result) {
      EXPECT_EQ(*advanced, *c.result);
    }
    if (!advanced) {
      EXPECT_EQ(advanced.error().reason, "CLOCK_BACKWARDS");
    }
  }
}

}  // namespace
}  // namespace zonelink::directory
