// SPDX-License-Identifier: Apache-2.0
// A test suite with one deployment of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "tests/support/deployment.h"
#include "tests/support/event_stream.h"
#include "tests/support/world.h"

namespace zonelink::test {

class IntegrationTest : public testing::Test {
 protected:
  // Monday, 2026-03-02 at 09:00 in Shanghai, long before any wall time: the clock can be advanced
  // for months before it would hand over.
  static Time StartOfClock() { return *ParseTime("2026-03-02T01:00:00Z"); }

  static void SetUpTestSuite() { Deploy({.clock = StartOfClock()}); }
  static void TearDownTestSuite() {
    world_.reset();
    deployment_.reset();
  }
  static void Deploy(DeploymentOptions options) {
    deployment_ = std::make_unique<Deployment>(std::move(options));
    world_ = std::make_unique<World>(*deployment_);
  }
  void SetUp() override { ASSERT_TRUE(world_) << "the deployment did not start"; }

  static Deployment& deployment() { return *deployment_; }
  static World& world() { return *world_; }

 private:
  static inline std::unique_ptr<Deployment> deployment_;
  static inline std::unique_ptr<World> world_;
};

}  // namespace zonelink::test

// The answer has this status; its body says why not.
#define EXPECT_STATUS(answer, expected) \
  EXPECT_EQ((answer).status, expected) << ::zonelink::test::Answer(answer)
#define ASSERT_STATUS(answer, expected) \
  ASSERT_EQ((answer).status, expected) << ::zonelink::test::Answer(answer)
// The answer is this refusal.
#define EXPECT_REFUSED(answer, expected_status, expected_reason) \
  do {                                                           \
    const ::zonelink::test::Answer refused = (answer);           \
    EXPECT_EQ(refused.status, expected_status) << refused;       \
    EXPECT_EQ(refused.reason(), expected_reason) << refused;     \
  } while (false)
