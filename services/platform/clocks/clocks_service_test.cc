// SPDX-License-Identifier: Apache-2.0
// FireDue as the directory calls it, in process and over TCP.
#include "platform/clocks/clocks_service.h"

#include <gmock/gmock.h>

#include "platform/clocks/clocks_client.h"
#include "platform/clocks/timed_test.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/server.h"
#include "platform/rpc/token.h"

namespace zonelink::clocks {
namespace {

using testing::HasSubstr;

constexpr const char* kStart = "2026-03-02T09:00:00";

class ClocksServiceTest : public TimedTest {
 protected:
  ClocksServiceTest()
      : verifier_(
            tokens_->key(),
            []() -> Result<std::vector<rpc::PublicKey>> { return std::vector<rpc::PublicKey>{}; },
            clock_),
        server_({}, verifier_),
        service_(server_),
        timer_(database_, calendars_, kTimedKinds, MakeHooks()) {
    service_.Add("timed", timer_);
    EXPECT_TRUE(server_.Start("127.0.0.1:0"));
    here_.SetLocal("timed", server_);
    here_.SetLocal("timeless", server_);
    SetNow(kStart);
    StartClock("c-1", "decide", "review", 10, kStart);
  }
  ~ClocksServiceTest() override { server_.Stop(std::chrono::milliseconds(1000)); }

  rpc::Channels Remote(int port) {
    return rpc::Channels({{"timed", "127.0.0.1:" + std::to_string(port)}}, tokens_);
  }

  static Status Fire(const rpc::Channels& channels, std::string_view caller,
                     std::string_view service = "timed") {
    return clocks::FireDue(channels, caller, {&service, 1}, Soon());
  }

  const SystemClock clock_;
  std::shared_ptr<rpc::ServiceTokens> tokens_ =
      std::make_shared<rpc::ServiceTokens>("a deployment's secret of more than 32 bytes");
  rpc::TokenVerifier verifier_;
  rpc::Server server_;
  ClocksService service_;
  Timer timer_;
  rpc::Channels here_{{}, tokens_};
};

TEST_F(ClocksServiceTest, AnswersWhenAllThatIsDueIsCommitted) {
  SetNow("2026-03-13T12:00:00");
  EXPECT_TRUE(Fire(here_, "directory"));
  EXPECT_EQ(Told().size(), 2U);
  SetNow("2026-03-30T12:00:00");
  const rpc::Channels remote = Remote(server_.port());
  EXPECT_TRUE(Fire(remote, "directory"));
  EXPECT_EQ(Told().size(), 4U);
}

TEST_F(ClocksServiceTest, WhoIsNotTheDirectoryFiresNothing) {
  SetNow("2026-03-13T12:00:00");
  const Status refused = Fire(here_, "worklist");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "RUNGS_NOT_FIRED");
  EXPECT_TRUE(Told().empty());
}

TEST_F(ClocksServiceTest, WhatCannotBeReachedIsNamed) {
  const rpc::Channels nowhere = Remote(1);
  const Status refused = Fire(nowhere, "directory");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "RUNGS_NOT_FIRED");
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("timed"));
}

TEST_F(ClocksServiceTest, ACaseThatRefusesIsTold) {
  SetNow("2026-03-13T12:00:00");
  bool refuses = true;
  on_fire_ = [&](db::Tx&, const Due&) -> Status {
    return refuses ? Status(FailedPrecondition("NOT_NOW", "not now")) : Status(Done{});
  };
  EXPECT_FALSE(Fire(here_, "directory"));
  refuses = false;
  EXPECT_TRUE(Fire(here_, "directory"));
  EXPECT_EQ(Told().size(), 2U);
}

TEST_F(ClocksServiceTest, AServiceWithoutClocksHasNothingDue) {
  EXPECT_TRUE(Fire(here_, "directory", "timeless"));
}

}  // namespace
}  // namespace zonelink::clocks
