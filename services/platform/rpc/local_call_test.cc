// SPDX-License-Identifier: Apache-2.0
// Calls within the process, and answers that come later.
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "platform/core/testing_clock.h"
#include "platform/rpc/server.h"
#include "platform/rpc/token.h"
#include "zonelink/events/v1/events.pb.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace zonelink::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using worklist::v1::ListInboxRequest;
using worklist::v1::ListInboxResponse;

constexpr char kService[] = "zonelink.worklist.v1.WorklistService";
constexpr char kListInbox[] = "/zonelink.worklist.v1.WorklistService/ListInbox";

constexpr char kEvents[] = "zonelink.events.v1.EventsService";
constexpr char kPullEvents[] = "/zonelink.events.v1.EventsService/PullEvents";

// Keeps its answers until they are asked for.
class Patient {
 public:
  explicit Patient(Server& server) {
    Binder(server, kService, this).Later("ListInbox", &Patient::ListInbox);
  }
  void ListInbox(const Call& call, const ListInboxRequest& request,
                 Answer<ListInboxResponse> answer) {
    if (request.page_size() == 13) return answer.Give(NotFound("UNLUCKY", "no such page"));
    if (request.page_size() == 14) return answer.Give(Internal("a secret detail"));
    std::lock_guard lock(mutex_);
    waiting_.push_back({&call, answer});
    changed_.notify_all();
  }
  void Await(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() >= count; });
  }
  size_t waiting() {
    std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  // Answers all with what the call says, from a worker if `resumed`.
  void GiveAll(bool resumed = false) {
    std::lock_guard lock(mutex_);
    for (const Waiting& one : waiting_) {
      const auto give = [one] {
        ListInboxResponse response;
        response.set_next_page_token(one.call->caller.user_id + "/" + one.call->request_id);
        one.answer.Give(std::move(response));
      };
      if (resumed) {
        one.answer.Resume(give);
      } else {
        give();
      }
    }
    waiting_.clear();
  }

 private:
  struct Waiting {
    const Call* call;
    Answer<ListInboxResponse> answer;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
};

// Holds a worker for each consumer until there is news.
class News {
 public:
  explicit News(Server& server) { Binder(server, kEvents, this).Unary("PullEvents", &News::Pull); }
  Result<events::v1::PullEventsResponse> Pull(const Call&, const events::v1::PullEventsRequest&) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return come_; });
    return events::v1::PullEventsResponse();
  }
  void Await(unsigned count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }
  void Come() {
    std::lock_guard lock(mutex_);
    come_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned waiting_ = 0;
  bool come_ = false;
};

struct Told {
  std::string page_token;
  std::string reason;
  std::string message;
  std::string tenant;
};

class LocalCallTest : public testing::Test {
 protected:
  LocalCallTest()
      : key_(crypto::Ed25519Key::FromSeed(std::string(32, 'u'))),
        verifier_(
            ServiceTokens("a deployment's secret of more than 32 bytes").key(),
            [this]() -> Result<std::vector<PublicKey>> {
              return std::vector<PublicKey>{{key_.KeyId(), key_.PublicRaw()}};
            },
            clock_),
        server_({.workers = 1, .in_flight = 5, .running = 3}, verifier_),
        patient_(server_) {}

  std::string Token() const {
    Caller caller;
    caller.user_id = "u-1";
    caller.zone = "fujian";
    caller.roles = {"verifier"};
    return SignToken(key_, caller, clock_.Now(), std::chrono::seconds(600));
  }

  std::future<Told> Ask(std::string token, int page_size = 0,
                        steady_clock::time_point deadline = steady_clock::time_point::max(),
                        const std::string& method = kListInbox) {
    struct Asked {
      ListInboxRequest request;
      std::promise<Told> told;
    };
    const auto asked = std::make_shared<Asked>();
    asked->request.set_page_size(page_size);
    std::future<Told> told = asked->told.get_future();
    const CallHeaders headers{
        .bearer = token, .request_id = "r-1", .asks_tenant = true, .deadline = deadline};
    server_.CallLocal(
        method, headers, asked->request, [asked](const UnaryReply& reply, std::string_view tenant) {
          Told what{.tenant = std::string(tenant)};
          if (reply) {
            what.page_token = static_cast<ListInboxResponse&>(**reply).next_page_token();
          } else {
            what.reason = reply.error().reason;
            what.message = reply.error().message;
          }
          asked->told.set_value(std::move(what));
        });
    token.assign(token.size(), 'x');  // whoever asked may be gone before the answer
    return told;
  }

  HandClock clock_;
  crypto::Ed25519Key key_;
  TokenVerifier verifier_;
  Server server_;
  Patient patient_;
};

TEST_F(LocalCallTest, HandlersSeeTheVerifiedCaller) {
  auto told = Ask(Token());
  patient_.Await(1);
  patient_.GiveAll();
  const Told what = told.get();
  EXPECT_EQ(what.page_token, "u-1/r-1");
  EXPECT_EQ(what.tenant, "fujian");
}

TEST_F(LocalCallTest, ChecksAreThoseOfChannels) {
  const std::string other(Token().size(), 'A');
  EXPECT_EQ(Ask("").get().reason, "LOGIN_NEEDED");
  EXPECT_EQ(Ask(other).get().reason, "TOKEN_INVALID");
  EXPECT_EQ(Ask(other).get().tenant, "");
  EXPECT_EQ(Ask(Token(), 500).get().reason, "REQUEST_INVALID");
  EXPECT_EQ(Ask(Token(), 13).get().reason, "UNLUCKY");
  EXPECT_EQ(Ask(Token(), 0, steady_clock::now()).get().reason, "DEADLINE_EXCEEDED");
  EXPECT_EQ(Ask(Token(), 0, steady_clock::time_point::max(), "/no.such/Method").get().reason,
            "UNIMPLEMENTED");
}

TEST_F(LocalCallTest, InternalDetailsStayInside) {
  const Told what = Ask(Token(), 14).get();
  EXPECT_EQ(what.reason, "INTERNAL");
  EXPECT_EQ(what.message.find("secret"), std::string::npos);
}

// One worker, three that may run: all three wait for their answers at once, a fourth does not
// begin.
TEST_F(LocalCallTest, WhoWaitsForItsAnswerHoldsNoWorker) {
  ASSERT_TRUE(verifier_.Verify(Token()));  // whose share it is, is known at once
  std::vector<std::future<Told>> told;
  for (int i = 0; i < 4; ++i) told.push_back(Ask(Token()));
  patient_.Await(3);
  EXPECT_EQ(patient_.waiting(), 3u);
  patient_.GiveAll(true);
  patient_.Await(1);
  patient_.GiveAll();
  for (auto& one : told) EXPECT_EQ(one.get().page_token, "u-1/r-1");
}

TEST_F(LocalCallTest, TooMuchInFlightIsRefusedAtOnce) {
  ASSERT_TRUE(verifier_.Verify(Token()));
  std::vector<std::future<Told>> told;
  for (int i = 0; i < 5; ++i) told.push_back(Ask(Token()));
  EXPECT_EQ(Ask(Token()).get().reason, "OVERLOADED");
  patient_.Await(3);
  patient_.GiveAll();
  patient_.Await(2);
  patient_.GiveAll();
  for (auto& one : told) EXPECT_EQ(one.get().reason, "");
}

// Processes that wait for each other's news neither take the places of those who ask, nor are they
// refused for want of one.
TEST_F(LocalCallTest, WhoWaitsForNewsTakesNoPlace) {
  constexpr unsigned kConsumers = 20;  // of one worker's server with five places
  News news(server_);
  const std::string token =
      ServiceTokens("a deployment's secret of more than 32 bytes").For("ledger", clock_.Now());
  events::v1::PullEventsRequest request;
  request.set_source("recognition");
  std::vector<std::promise<std::string>> reasons(kConsumers);
  for (std::promise<std::string>& reason : reasons) {
    server_.CallLocal(kPullEvents, {.bearer = token}, request,
                      [&reason](const UnaryReply& reply, std::string_view) {
                        reason.set_value(reply ? "" : reply.error().reason);
                      });
  }
  news.Await(kConsumers);
  auto told = Ask(Token());
  patient_.Await(1);
  patient_.GiveAll();
  EXPECT_EQ(told.get().page_token, "u-1/r-1");
  news.Come();
  for (std::promise<std::string>& reason : reasons) EXPECT_EQ(reason.get_future().get(), "");
}

TEST_F(LocalCallTest, StopWaitsForAnswers) {
  auto told = Ask(Token());
  patient_.Await(1);
  std::thread stopper([this] { server_.Stop(milliseconds(1000)); });
  while (Ask(Token(), 13).get().reason != "SHUTTING_DOWN") std::this_thread::yield();
  EXPECT_EQ(told.wait_for(milliseconds(0)), std::future_status::timeout);
  patient_.GiveAll(true);
  EXPECT_EQ(told.get().reason, "");
  stopper.join();
}

}  // namespace
}  // namespace zonelink::rpc
