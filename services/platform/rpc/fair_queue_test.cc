// SPDX-License-Identifier: Apache-2.0
#include "platform/rpc/fair_queue.h"

#include <gtest/gtest.h>

namespace zonelink::rpc {
namespace {

using std::chrono::milliseconds;

class FairQueueTest : public testing::Test {
 protected:
  explicit FairQueueTest(FairQueue::Limits limits = {.most = 6,
                                                     .running = 4,
                                                     .longest_wait = milliseconds(100)})
      : queue_(limits) {}

  // Empty when it was taken, else the reason.
  std::string Push(const std::string& tenant, milliseconds time_left = milliseconds(10000),
                   milliseconds typical = milliseconds(0)) {
    Job job{.tenant = tenant, .deadline = now_ + time_left, .typical = typical};
    const Status taken = queue_.Push(job, now_, refused_);
    return taken ? "" : taken.error().reason;
  }
  // The tenant whose turn it is; empty: nobody's.
  std::string Pop() {
    const std::optional<Job> job = queue_.Pop(now_, refused_);
    return job ? job->tenant : "";
  }
  void End(const std::string& tenant) {
    queue_.Ended(tenant);
    queue_.Left(tenant);
  }
  std::string PopAndEnd() {
    const std::string tenant = Pop();
    if (!tenant.empty()) End(tenant);
    return tenant;
  }
  // tenant:reason of what was refused after it had been taken.
  std::vector<std::string> TakeRefused() {
    std::vector<std::string> out;
    for (const auto& one : refused_) out.push_back(one.job.tenant + ":" + one.error.reason);
    refused_.clear();
    return out;
  }

  FairQueue queue_;
  FairQueue::Time now_{milliseconds(1'000'000)};
  std::vector<FairQueue::Refused> refused_;
};

using Texts = std::vector<std::string>;

TEST_F(FairQueueTest, TenantsTakeTurns) {
  for (const char* tenant : {"a", "a", "a", "b", "c", "b"}) EXPECT_EQ(Push(tenant), "");
  Texts order;
  for (int i = 0; i < 6; ++i) order.push_back(PopAndEnd());
  EXPECT_EQ(order, (Texts{"a", "b", "c", "a", "b", "a"}));
  EXPECT_EQ(Pop(), "");
}

TEST_F(FairQueueTest, ATenantHoldsItsPartOfTheWorkersWhileOthersAreThere) {
  for (const char* tenant : {"a", "a", "a", "b"}) EXPECT_EQ(Push(tenant), "");
  EXPECT_EQ(Pop(), "a");
  EXPECT_EQ(Pop(), "b");
  EXPECT_FALSE(queue_.Ready());
  EXPECT_EQ(Pop(), "") << "the second of a, while b runs";
  End("b");
  EXPECT_TRUE(queue_.Ready());
  EXPECT_EQ(Pop(), "a") << "nobody else is there";
}

class SharesTest : public FairQueueTest {
 protected:
  SharesTest() : FairQueueTest({.most = 1000, .running = 32}) {}

  // How many of a's jobs run while each of the others has `each`.
  unsigned RunningOfA(const std::vector<std::string>& others, int each, int own = 40) {
    for (int i = 0; i < each; ++i) {
      for (const std::string& other : others) EXPECT_EQ(Push(other), "");
    }
    for (int i = 0; i < own; ++i) EXPECT_EQ(Push("a"), "");
    unsigned running = 0;
    while (true) {
      const std::string tenant = Pop();
      if (tenant.empty()) return running;
      if (tenant == "a") ++running;
    }
  }
};

TEST_F(SharesTest, OneAloneHasAll) { EXPECT_EQ(RunningOfA({}, 0), 32u); }
TEST_F(SharesTest, OneWithinItsEvenShareIsNotHeldBack) { EXPECT_EQ(RunningOfA({"b"}, 1, 16), 16u); }
TEST_F(SharesTest, OneThatAsksTooMuchHasWhatOthersLeaveOfAFifth) {
  EXPECT_EQ(RunningOfA({"b"}, 1), 5u);
}
TEST_F(SharesTest, ItHasLessWhereTheyLeaveLess) { EXPECT_EQ(RunningOfA({"b", "c"}, 2), 2u); }
TEST_F(SharesTest, OneThatAsksTooMuchAlwaysHasSome) { EXPECT_EQ(RunningOfA({"b", "c"}, 9), 3u); }
TEST_F(SharesTest, TwoThatAskTooMuchShareIt) { EXPECT_EQ(RunningOfA({"b"}, 40), 3u); }
TEST_F(SharesTest, WhereAllAskTooMuchAllWorkersAreUsed) {
  EXPECT_EQ(RunningOfA({"b", "c", "d", "e", "f", "g", "h"}, 40), 4u) << "an eighth";
}

class WorkersTest : public FairQueueTest {
 protected:
  WorkersTest() : FairQueueTest({.most = 1000, .running = 400, .workers = 12}) {}
};

// Each keeps its worker, as reads do.
TEST_F(WorkersTest, OneTenantHoldsNoMoreThanAThirdBesideOthers) {
  EXPECT_EQ(Push("b"), "");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Push("a"), "");
  Texts order;
  for (std::string tenant = Pop(); !tenant.empty(); tenant = Pop()) order.push_back(tenant);
  EXPECT_EQ(order, (Texts{"b", "a", "a", "a", "a"}));
  queue_.Left("a");  // it runs on without
  EXPECT_EQ(Pop(), "a");
  EXPECT_FALSE(queue_.Takes("a"));
  EXPECT_TRUE(queue_.Takes("b"));
  queue_.Left("b");
  End("b");
  EXPECT_TRUE(queue_.Takes("a")) << "nobody else is there";
  int more = 0;
  while (Pop() == "a") ++more;
  EXPECT_EQ(more, 15);
}

TEST_F(FairQueueTest, AFullQueueRefusesWhoFillsIt) {
  for (int i = 0; i < 6; ++i) EXPECT_EQ(Push("a"), "");
  EXPECT_EQ(Push("a"), "OVERLOADED");
  EXPECT_TRUE(TakeRefused().empty());
}

TEST_F(FairQueueTest, WhoFillsTheQueueGivesWayToOthers) {
  for (int i = 0; i < 6; ++i) EXPECT_EQ(Push("a"), "");
  EXPECT_EQ(Push("b"), "");
  EXPECT_EQ(Push("b"), "");
  EXPECT_EQ(TakeRefused(), (Texts{"a:OVERLOADED", "a:OVERLOADED"}));
  EXPECT_EQ(Push("b"), "");
  EXPECT_EQ(TakeRefused(), (Texts{"a:OVERLOADED"}));
  EXPECT_EQ(Push("b"), "OVERLOADED") << "as many as a";
  EXPECT_EQ(queue_.waiting(), 6u);
}

TEST_F(FairQueueTest, WhatRunsCountsAsInFlight) {
  for (int i = 0; i < 6; ++i) EXPECT_EQ(Push("a"), "");
  EXPECT_EQ(Pop(), "a");
  EXPECT_EQ(Push("a"), "OVERLOADED");
  End("a");
  EXPECT_EQ(Push("a"), "");
}

TEST_F(FairQueueTest, WhoWaitsTooLongIsBroughtNoMore) {
  EXPECT_EQ(Push("a"), "");
  now_ += milliseconds(99);
  EXPECT_EQ(Push("a"), "");
  now_ += milliseconds(1);
  EXPECT_EQ(Push("a"), "OVERLOADED");
  EXPECT_EQ(Push("b"), "") << "another's wait is not b's";
  EXPECT_EQ(PopAndEnd(), "a");
  EXPECT_EQ(Push("a"), "") << "the oldest came a millisecond ago";
}

TEST_F(FairQueueTest, TimeLeftMustSufficeForTheWaitAndTheWork) {
  EXPECT_EQ(Push("a", milliseconds(50), milliseconds(51)), "OVERLOADED");
  EXPECT_EQ(Push("a", milliseconds(50), milliseconds(50)), "");
  EXPECT_EQ(Push("a"), "");
  now_ += milliseconds(40);
  EXPECT_EQ(Push("a", milliseconds(39)), "OVERLOADED") << "the oldest has waited 40 ms";
  EXPECT_EQ(PopAndEnd(), "a");
}

TEST_F(FairQueueTest, TheWaitOfTheLastSaysHowLongTheNextWillWait) {
  EXPECT_EQ(Push("a"), "");
  now_ += milliseconds(60);
  EXPECT_EQ(Push("a"), "");
  EXPECT_EQ(PopAndEnd(), "a");
  EXPECT_EQ(Push("a", milliseconds(59)), "OVERLOADED");
  EXPECT_EQ(Push("a", milliseconds(60)), "");
  EXPECT_EQ(Push("b", milliseconds(1)), "") << "b has not waited";
}

TEST_F(FairQueueTest, WhoseTimeIsOverIsNotBegun) {
  EXPECT_EQ(Push("a", milliseconds(80), milliseconds(30)), "");
  EXPECT_EQ(Push("a", milliseconds(300), milliseconds(30)), "");
  now_ += milliseconds(51);
  EXPECT_EQ(PopAndEnd(), "a");
  EXPECT_EQ(TakeRefused(), (Texts{"a:DEADLINE_EXCEEDED"}));
  EXPECT_EQ(queue_.waiting(), 0u);
}

TEST_F(FairQueueTest, ForgetsWhoIsNotThere) {
  EXPECT_EQ(Push("a", milliseconds(10)), "");
  EXPECT_EQ(Push("b"), "");
  now_ += milliseconds(20);
  EXPECT_EQ(Pop(), "b");
  EXPECT_EQ(TakeRefused(), (Texts{"a:DEADLINE_EXCEEDED"}));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Push("b"), "");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Pop(), "b") << "alone, b may use all there is";
}

}  // namespace
}  // namespace zonelink::rpc
