// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace zonelink::rpc {
namespace {

TEST(WorkerPoolTest, DoesAllThatWasSubmitted) {
  std::atomic<int> done{0};
  WorkerPool pool(4, 10000);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(pool.Submit([&] { ++done; }));
  pool.Stop();
  EXPECT_EQ(done, 1000);
}

TEST(WorkerPoolTest, AFullQueueRefuses) {
  std::latch entered(1);
  std::latch leave(1);
  WorkerPool pool(1, 2);
  EXPECT_TRUE(pool.Submit([&] {
    entered.count_down();
    leave.wait();
  }));
  entered.wait();
  EXPECT_TRUE(pool.Submit([] {}));
  EXPECT_TRUE(pool.Submit([] {}));
  EXPECT_FALSE(pool.Submit([] {}));
  leave.count_down();
}

TEST(WorkerPoolTest, AStoppedPoolRefuses) {
  WorkerPool pool(1, 2);
  pool.Stop();
  EXPECT_FALSE(pool.Submit([] {}));
}

}  // namespace
}  // namespace zonelink::rpc
