// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace zonelink::rpc {
namespace {

Job Of(const std::string& tenant, std::function<void()> run) {
  return {.tenant = tenant, .run = std::move(run), .refuse = [](const Error&) {}};
}

TEST(WorkerPoolTest, DoesAllThatWasSubmitted) {
  std::atomic<int> done{0};
  WorkerPool pool(4, {.most = 10000});
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(pool.Submit(Of("", [&] { ++done; })));
  pool.Stop();
  EXPECT_EQ(done, 1000);
}

// Each tenant runs one at a time: what others leave behind must find a worker all the same.
TEST(WorkerPoolTest, DoesAllOfManyTenants) {
  std::atomic<int> done{0};
  WorkerPool pool(4, {.most = 10000, .workers = 4});
  for (int i = 0; i < 3000; ++i) {
    EXPECT_TRUE(pool.Submit(Of(std::to_string(i % 3), [&] { ++done; })));
  }
  pool.Stop();
  EXPECT_EQ(done, 3000);
}

TEST(WorkerPoolTest, AFullQueueRefuses) {
  std::latch entered(1);
  std::latch leave(1);
  WorkerPool pool(1, {.most = 3});
  EXPECT_TRUE(pool.Submit(Of("", [&] {
    entered.count_down();
    leave.wait();
  })));
  entered.wait();
  EXPECT_TRUE(pool.Submit(Of("", [] {})));
  EXPECT_TRUE(pool.Submit(Of("", [] {})));
  const Status refused = pool.Submit(Of("", [] {}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "OVERLOADED");
  leave.count_down();
}

TEST(WorkerPoolTest, WhoGivesWayIsTold) {
  std::latch entered(1);
  std::latch leave(1);
  WorkerPool pool(1, {.most = 4});
  EXPECT_TRUE(pool.Submit(Of("a", [&] {
    entered.count_down();
    leave.wait();
  })));
  entered.wait();
  std::string told;
  for (int i = 0; i < 3; ++i) {
    Job job = Of("a", [] {});
    job.refuse = [&, i](const Error& error) { told += std::to_string(i) + error.reason; };
    EXPECT_TRUE(pool.Submit(std::move(job)));
  }
  EXPECT_TRUE(pool.Submit(Of("b", [] {})));
  EXPECT_EQ(told, "2OVERLOADED");
  leave.count_down();
}

TEST(WorkerPoolTest, AStoppedPoolRefuses) {
  WorkerPool pool(1, {.most = 2});
  pool.Stop();
  const Status refused = pool.Submit(Of("", [] {}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "SHUTTING_DOWN");
}

}  // namespace
}  // namespace zonelink::rpc
