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

// The answer has this status; the message shows its body.
inline testing::AssertionResult HasStatus(const Answer& answer, int status) {
  if (answer.status == status) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "wanted " << status << ", got " << answer;
}

// The answer is this refusal.
inline testing::AssertionResult Refused(const Answer& answer, int status, std::string_view reason) {
  if (answer.status == status && answer.reason() == reason) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "wanted " << status << " " << reason << ", got " << answer;
}

}  // namespace zonelink::test
