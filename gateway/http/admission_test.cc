// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/admission.h"

#include <gtest/gtest.h>

#include "gateway/http/rate_limit.h"

namespace zonelink::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class AdmissionTest : public testing::Test {
 protected:
  static constexpr Tenant kA = 1;
  static constexpr Tenant kB = 2;
  static constexpr Tenant kC = 3;

  // How many of `wanted` may enter.
  unsigned Enter(Tenant tenant, unsigned wanted) {
    unsigned entered = 0;
    while (entered < wanted && admission_.Enter(tenant)) ++entered;
    return entered;
  }
  void Leave(Tenant tenant, unsigned count, bool overloaded = false) {
    for (unsigned i = 0; i < count; ++i) admission_.Leave(tenant, overloaded, now_);
  }

  Admission admission_{100};
  Admission::Time now_{seconds(1000)};
};

TEST_F(AdmissionTest, OneAloneMayHaveAll) {
  EXPECT_EQ(Enter(kA, 200), 100u);
  const Status refused = admission_.Enter(kA);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kResourceExhausted);
  EXPECT_EQ(refused.error().reason, "OVERLOADED");
  ASSERT_EQ(refused.error().metadata.size(), 1u);
  EXPECT_EQ(refused.error().metadata[0].first, "retry_after_seconds");
  Leave(kA, 1);
  EXPECT_EQ(Enter(kA, 2), 1u);
}

TEST_F(AdmissionTest, LookTakesNoPlace) {
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(admission_.Look(kA));
  EXPECT_EQ(Enter(kA, 100), 100u);
  EXPECT_FALSE(admission_.Look(kA));
  EXPECT_TRUE(admission_.Look(kB));
}

TEST_F(AdmissionTest, AFullGatewayStillHasEachTenantsEvenShare) {
  EXPECT_EQ(Enter(kA, 200), 100u);
  EXPECT_EQ(Enter(kB, 200), 50u) << "one of two";
  EXPECT_EQ(Enter(kC, 200), 33u) << "one of three";
  EXPECT_EQ(Enter(kA, 1), 0u);
  // Room comes from the one that has more than its share.
  Leave(kA, 50);
  EXPECT_EQ(Enter(kA, 1), 0u);
  EXPECT_TRUE(admission_.Look(kC).error().reason == "OVERLOADED") << "has its share";
  Leave(kA, 20);
  EXPECT_EQ(Enter(kA, 10), 3u) << "up to a third";
}

TEST_F(AdmissionTest, StrangersShareOnePlace) {
  EXPECT_EQ(Enter(kStranger, 200), 100u);
  EXPECT_EQ(Enter(kA, 200), 50u);
  EXPECT_EQ(Enter(kStranger, 1), 0u);
}

TEST_F(AdmissionTest, AServiceThatRefusesIsBroughtLessOfThatTenant) {
  EXPECT_EQ(Enter(kA, 80), 80u);
  Leave(kA, 1, true);
  EXPECT_EQ(admission_.LimitOf(kA), 72u) << "nine tenths of what was in flight";
  EXPECT_EQ(admission_.LimitOf(kB), 100u);
  EXPECT_EQ(Enter(kA, 1), 0u);
  EXPECT_EQ(Enter(kB, 1), 1u);
}

TEST_F(AdmissionTest, RefusalsAtOnceCountAsOne) {
  EXPECT_EQ(Enter(kA, 100), 100u);
  Leave(kA, 10, true);
  EXPECT_EQ(admission_.LimitOf(kA), 90u);
  now_ += milliseconds(99);
  Leave(kA, 1, true);
  EXPECT_EQ(admission_.LimitOf(kA), 90u);
  now_ += milliseconds(1);
  Leave(kA, 1, true);
  EXPECT_EQ(admission_.LimitOf(kA), 80u) << "89 were in flight";
}

TEST_F(AdmissionTest, ALimitInUseRisesByOneForEachRound) {
  EXPECT_EQ(Enter(kA, 50), 50u);
  Leave(kA, 1, true);
  EXPECT_EQ(admission_.LimitOf(kA), 45u);
  Leave(kA, 4);
  for (int round = 0; round < 45; ++round) {
    EXPECT_EQ(admission_.LimitOf(kA), 45u) << round;
    Leave(kA, 1);
    EXPECT_EQ(Enter(kA, 1), 1u);
    if (admission_.LimitOf(kA) == 46) return;
  }
  FAIL() << "did not rise";
}

TEST_F(AdmissionTest, ALimitThatIsNotInUseStays) {
  EXPECT_EQ(Enter(kA, 50), 50u);
  Leave(kA, 1, true);
  Leave(kA, 29);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(Enter(kA, 1), 1u);
    Leave(kA, 1);
  }
  EXPECT_EQ(admission_.LimitOf(kA), 45u);
}

TEST_F(AdmissionTest, NeverFallsSoFarThatNothingCouldRise) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_GE(Enter(kA, 1), 1u);
    Leave(kA, 1, true);
    now_ += seconds(1);
  }
  EXPECT_EQ(admission_.LimitOf(kA), 8u);
}

TEST_F(AdmissionTest, ForgivesWhoHasBeenQuiet) {
  EXPECT_EQ(Enter(kA, 50), 50u);
  Leave(kA, 50, true);
  EXPECT_EQ(admission_.LimitOf(kA), 45u);
  now_ += seconds(10);
  EXPECT_EQ(Enter(kA, 1), 1u);
  Leave(kA, 1);
  EXPECT_EQ(admission_.LimitOf(kA), 100u);
}

TEST(TenantsTest, NumbersNames) {
  Tenants tenants;
  EXPECT_EQ(tenants.Of(""), kStranger);
  const Tenant shanghai = tenants.Of("shanghai");
  EXPECT_NE(shanghai, kStranger);
  EXPECT_NE(tenants.Of("fujian"), shanghai);
  EXPECT_EQ(tenants.Of("shanghai"), shanghai);
  for (int i = 0; i < 5000; ++i) tenants.Of("o-" + std::to_string(i));
  EXPECT_EQ(tenants.Of("one too many"), kStranger);
  EXPECT_EQ(tenants.Of("shanghai"), shanghai);
}

// Only what a service has said of a token makes it somebody's.
TEST(TenantsTest, ATokenBelongsToWhomAServiceSaid) {
  CallerLimits limits(200, 20, 4);
  const uint64_t token = CallerLimits::KeyOf("a token");
  EXPECT_EQ(limits.TenantOf(token), kStranger);
  EXPECT_EQ(limits.TenantOf(0), kStranger);
  limits.Belongs(token, 7);
  EXPECT_EQ(limits.TenantOf(token), 7u);
  EXPECT_EQ(limits.TenantOf(CallerLimits::KeyOf("another")), kStranger);
  limits.Judge(token, true);
  EXPECT_EQ(limits.TenantOf(token), 7u);
  limits.Judge(token, false);
  EXPECT_EQ(limits.TenantOf(token), kStranger) << "refused since";
}

TEST(RefusalSummaryTest, TellsOnceASecond) {
  RefusalSummary summary;
  RefusalSummary::Time now{seconds(1000)};
  EXPECT_EQ(summary.Due(now), 0u);
  EXPECT_EQ(summary.Add(now), 1u);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(summary.Add(now + milliseconds(999)), 0u);
  EXPECT_EQ(summary.Due(now + seconds(1)), 10u);
  EXPECT_EQ(summary.Due(now + seconds(5)), 0u);
}

}  // namespace
}  // namespace zonelink::gateway
