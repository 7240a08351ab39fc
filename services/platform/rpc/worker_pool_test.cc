// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

namespace zonelink::rpc {
namespace {

Job Of(const std::string& tenant, std::function<void()> run) {
  return {.tenant = tenant,
          .run =
              [run = std::move(run)] {
                run();
                return true;
              },
          .refuse = [](const Error&) {}};
}

// Runs on without a worker when `begin` is done.
Job GoesOn(const std::string& tenant, std::function<void()> begin) {
  Job job = Of(tenant, [] {});
  job.run = [begin = std::move(begin)] {
    begin();
    return false;
  };
  return job;
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
  WorkerPool pool(4, {.most = 10000, .running = 4});
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

// One worker, two at a time: what runs on without a worker counts until it has ended.
TEST(WorkerPoolTest, WhatGoesOnElsewhereHoldsNoWorker) {
  std::latch begun(2);
  std::latch third(1);
  WorkerPool pool(1, {.most = 10, .running = 2});
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(pool.Submit(GoesOn("", [&] { begun.count_down(); })));
  }
  begun.wait();
  EXPECT_TRUE(pool.Submit(Of("", [&] { third.count_down(); })));
  std::latch resumed(1);
  pool.Resume("", [&] { resumed.count_down(); });
  resumed.wait();  // the one worker is free
  EXPECT_FALSE(third.try_wait());
  pool.Ended("");
  third.wait();
  pool.Ended("");
}

// Three workers, so one for each of several tenants: a's resumed work waits for a's worker, not for
// all of them.
TEST(WorkerPoolTest, ResumedWorkTakesItsTenantsShare) {
  std::latch begun(2);
  std::latch leave(1);
  WorkerPool pool(3, {.most = 10, .running = 10, .workers = 3});
  const auto hold = [&] {
    begun.count_down();
    leave.wait();
  };
  EXPECT_TRUE(pool.Submit(Of("b", hold)));
  EXPECT_TRUE(pool.Submit(GoesOn("a", hold)));
  begun.wait();
  std::atomic<bool> resumed{false};
  pool.Resume("a", [&] {
    resumed = true;
    pool.Ended("a");
  });
  std::latch other(1);
  EXPECT_TRUE(pool.Submit(Of("c", [&] { other.count_down(); })));
  other.wait();  // the third worker had the choice
  EXPECT_FALSE(resumed);
  leave.count_down();
  pool.Stop();
  EXPECT_TRUE(resumed);
}

TEST(WorkerPoolTest, StopsWhenWhatRunsHasEnded) {
  std::latch begun(1);
  std::latch stopping(1);
  WorkerPool pool(2, {.most = 10, .running = 2});
  EXPECT_TRUE(pool.Submit(GoesOn("", [&] { begun.count_down(); })));
  begun.wait();
  std::atomic<bool> finished{false};
  std::thread elsewhere([&] {
    stopping.wait();
    while (pool.Submit(Of("", [] {}))) std::this_thread::yield();  // it has begun to stop
    pool.Resume("", [&] {
      finished = true;
      pool.Ended("");
    });
  });
  stopping.count_down();
  pool.Stop();
  EXPECT_TRUE(finished);
  elsewhere.join();
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
