// SPDX-License-Identifier: Apache-2.0
// The server through real channels, in process and over TCP, with the worklist's RPCs as examples.
#include "platform/rpc/server.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "platform/core/testing_clock.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/status.h"
#include "platform/rpc/token.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace zonelink::rpc {
namespace {

using worklist::v1::CloudEvent;
using worklist::v1::ListInboxRequest;
using worklist::v1::ListInboxResponse;
using worklist::v1::StreamEventsRequest;

constexpr char kService[] = "zonelink.worklist.v1.WorklistService";
constexpr char kListInbox[] = "/zonelink.worklist.v1.WorklistService/ListInbox";

// Answers with what it saw of the call; can be held at a gate.
class Fake {
 public:
  explicit Fake(Server& server) {
    Binder(server, kService, this)
        .Unary("ListInbox", &Fake::ListInbox)
        .Stream("StreamEvents", &Fake::StreamEvents);
  }
  Result<ListInboxResponse> ListInbox(const Call& call, const ListInboxRequest& request) {
    std::unique_lock lock(mutex_);
    ++entered_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
    if (request.page_size() == 13) return NotFound("UNLUCKY", "no such page", {{"size", "13"}});
    if (request.page_size() == 14) return Internal("a secret detail");
    ListInboxResponse response;
    response.set_next_page_token(call.caller.user_id + "/" + call.request_id);
    return response;
  }
  Status StreamEvents(const Call&, const StreamEventsRequest&, std::shared_ptr<StreamSink> sink) {
    for (int i = 0; i < 3; ++i) {
      CloudEvent event;
      event.set_id(std::to_string(i));
      sink->Write(event);
    }
    sink->Finish(Done{});
    return Done{};
  }
  void Close() {
    std::lock_guard lock(mutex_);
    open_ = false;
  }
  void Open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  int entered() {
    std::lock_guard lock(mutex_);
    return entered_;
  }
  void WaitEntered(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return entered_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  int entered_ = 0;
};

class ServerTest : public testing::TestWithParam<bool> {
 protected:
  ServerTest()
      : user_key_(crypto::Ed25519Key::FromSeed(std::string(32, 'u'))),
        service_tokens_("a deployment's secret of more than 32 bytes"),
        verifier_(
            service_tokens_.key(),
            [this]() -> Result<std::vector<PublicKey>> {
              return std::vector<PublicKey>{{user_key_.KeyId(), user_key_.PublicRaw()}};
            },
            clock_),
        server_({.workers = 2, .in_flight = 4, .deadline = std::chrono::milliseconds(5000)},
                verifier_),
        fake_(server_) {
    const bool tcp = GetParam();
    EXPECT_TRUE(server_.Start(tcp ? "127.0.0.1:0" : ""));
    channel_ = tcp ? grpc::CreateChannel("127.0.0.1:" + std::to_string(server_.port()),
                                         grpc::InsecureChannelCredentials())
                   : server_.InProcessChannel();
  }

  std::string UserToken(const std::string& zone = "") const {
    Caller caller;
    caller.user_id = "u-1";
    caller.session_id = "s-1";
    caller.organization_zone = zone;
    caller.roles = {"filer"};
    return SignToken(user_key_, caller, clock_.now, std::chrono::seconds(600));
  }

  Result<ListInboxResponse> List(
      const std::string& token, int page_size = 0,
      std::chrono::milliseconds within = std::chrono::milliseconds(4000)) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + within);
    context.AddMetadata("x-request-id", "r-1");
    if (asks_tenant_) context.AddMetadata("zl-tenant", "?");
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    ListInboxRequest request;
    request.set_page_size(page_size);
    ListInboxResponse response;
    const grpc::internal::RpcMethod method(kListInbox, grpc::internal::RpcMethod::NORMAL_RPC,
                                           channel_);
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall<ListInboxRequest, ListInboxResponse,
                                          google::protobuf::MessageLite,
                                          google::protobuf::MessageLite>(
            channel_.get(), method, &context, request, &response);
    if (asks_tenant_) {
      const auto& trailers = context.GetServerTrailingMetadata();
      const auto found = trailers.find("zl-tenant");
      tenant_ = found == trailers.end() ? "none"
                                        : std::string(found->second.data(), found->second.size());
    }
    if (!status.ok()) return FromGrpc(status);
    return response;
  }

  HandClock clock_;
  crypto::Ed25519Key user_key_;
  ServiceTokens service_tokens_;
  TokenVerifier verifier_;
  Server server_;
  Fake fake_;
  std::shared_ptr<grpc::Channel> channel_;
  bool asks_tenant_ = false;
  std::string tenant_;  // as it was told last
};

TEST_P(ServerTest, HandlersSeeTheVerifiedCaller) {
  const auto reply = List(UserToken());
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->next_page_token(), "u-1/r-1");
}

TEST_P(ServerTest, NobodyEntersWithoutAToken) {
  const auto reply = List("");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::kUnauthenticated);
  EXPECT_EQ(reply.error().reason, "LOGIN_NEEDED");
}

TEST_P(ServerTest, ForgedTokensAreRefused) {
  std::string token = UserToken();
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  const auto reply = List(token);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, "TOKEN_INVALID");
}

TEST_P(ServerTest, ExpiredTokensAreRefusedEvenFromTheCache) {
  const std::string token = UserToken();
  ASSERT_TRUE(List(token));
  clock_.now += std::chrono::seconds(600);
  const auto reply = List(token);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, "TOKEN_EXPIRED");
}

TEST_P(ServerTest, EndedSessionsAreRefusedEvenFromTheCache) {
  const std::string token = UserToken();
  ASSERT_TRUE(List(token));
  verifier_.SetRevoked({"s-1"});
  const auto reply = List(token);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, "SESSION_REVOKED");
}

TEST_P(ServerTest, AServiceIsNoUser) {
  const auto reply = List(service_tokens_.For("recognition", clock_.now));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, "LOGIN_NEEDED");
}

TEST_P(ServerTest, FieldRulesAreKeptBeforeTheHandler) {
  const auto reply = List(UserToken(), 500);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, "REQUEST_INVALID");
  ASSERT_EQ(reply.error().violations.size(), 1u);
  EXPECT_EQ(reply.error().violations[0].field, "pageSize");
  EXPECT_EQ(reply.error().violations[0].reason, "OUT_OF_RANGE");
}

TEST_P(ServerTest, RefusalsKeepReasonAndMetadata) {
  const auto reply = List(UserToken(), 13);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::kNotFound);
  EXPECT_EQ(reply.error().reason, "UNLUCKY");
  EXPECT_EQ(reply.error().metadata, (Metadata{{"size", "13"}}));
}

TEST_P(ServerTest, InternalDetailsStayInside) {
  const auto reply = List(UserToken(), 14);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, "INTERNAL");
  EXPECT_EQ(reply.error().message.find("secret"), std::string::npos);
}

TEST_P(ServerTest, TooMuchInFlightIsRefusedAtOnce) {
  fake_.Close();
  const std::string token = UserToken();
  std::vector<std::thread> held;
  std::atomic<int> refused{0};
  std::atomic<int> answered{0};
  for (int i = 0; i < 12; ++i) {
    held.emplace_back([&] {
      const auto reply = List(token);
      if (reply) ++answered;
      if (!reply && reply.error().reason == "OVERLOADED") ++refused;
      // The last refusal lets the held ones go.
      if (refused == 8) fake_.Open();
    });
  }
  for (std::thread& thread : held) thread.join();
  EXPECT_EQ(answered, 4);
  EXPECT_EQ(refused, 8);
}

// Two workers, four in flight: one zone has two running and two waiting.
TEST_P(ServerTest, AZoneThatFloodsGivesWayToAnother) {
  const std::string flooding = UserToken("shanghai");
  const std::string other = UserToken("fujian");
  ASSERT_TRUE(List(flooding));  // known from now on
  ASSERT_TRUE(List(other));
  fake_.Close();
  std::atomic<int> refused{0};
  std::vector<std::thread> held;
  const auto flood = [&] {
    const auto reply = List(flooding);
    if (!reply && reply.error().reason == "OVERLOADED") ++refused;
  };
  for (int i = 0; i < 2; ++i) held.emplace_back(flood);
  fake_.WaitEntered(4);
  for (int i = 0; i < 3; ++i) held.emplace_back(flood);
  while (refused < 1) std::this_thread::yield();  // the fifth; two wait
  std::atomic<bool> served{false};
  held.emplace_back([&] { served = List(other).has_value(); });
  while (refused < 2) std::this_thread::yield();  // one of them gave way
  fake_.Open();
  for (std::thread& thread : held) thread.join();
  EXPECT_TRUE(served);
  EXPECT_EQ(refused, 2);
}

TEST_P(ServerTest, SaysWhoseShareAVerifiedCallerUses) {
  asks_tenant_ = true;
  ASSERT_TRUE(List(UserToken("fujian")));
  EXPECT_EQ(tenant_, "fujian");
  EXPECT_FALSE(List(UserToken("fujian"), 13));
  EXPECT_EQ(tenant_, "fujian") << "a refusal after the token was verified";
  std::string forged = UserToken("fujian");
  forged.back() = forged.back() == 'A' ? 'Q' : 'A';
  EXPECT_FALSE(List(forged));
  EXPECT_EQ(tenant_, "none");
  EXPECT_FALSE(List(""));
  EXPECT_EQ(tenant_, "none");
}

// Two that run, and what waits behind them.
TEST_P(ServerTest, WhoseTimeWillNotSufficeIsRefusedBeforeTheWork) {
  const std::string token = UserToken("shanghai");
  ASSERT_TRUE(List(token));
  fake_.Close();
  std::vector<std::thread> held;
  for (int i = 0; i < 2; ++i) {
    held.emplace_back([&] { EXPECT_TRUE(List(token)); });
  }
  fake_.WaitEntered(3);
  const auto reply = List(token, 0, std::chrono::milliseconds(60));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::kDeadlineExceeded);
  fake_.Open();
  for (std::thread& thread : held) thread.join();
  server_.Stop(std::chrono::milliseconds(1000));
  EXPECT_EQ(fake_.entered(), 3) << "never begun";
}

TEST_P(ServerTest, StreamsArriveInOrderAndEnd) {
  grpc::TemplatedGenericStub<StreamEventsRequest, CloudEvent> stub(channel_);
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + UserToken());
  grpc::CompletionQueue queue;
  auto call =
      stub.PrepareCall(&context, "/zonelink.worklist.v1.WorklistService/StreamEvents", &queue);
  void* tag = nullptr;
  bool ok = false;
  call->StartCall(&tag);
  queue.Next(&tag, &ok);
  call->WriteLast({}, {}, &tag);
  queue.Next(&tag, &ok);
  std::vector<std::string> ids;
  CloudEvent event;
  for (call->Read(&event, &tag); queue.Next(&tag, &ok) && ok; call->Read(&event, &tag))
    ids.push_back(event.id());
  grpc::Status status;
  call->Finish(&status, &tag);
  queue.Next(&tag, &ok);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(ids, (std::vector<std::string>{"0", "1", "2"}));
  queue.Shutdown();
}

// The address sanitizer sees a reactor that went before its turn came.
TEST_P(ServerTest, AStreamCancelledBeforeItsTurnHarmsNothing) {
  fake_.Close();
  const std::string token = UserToken();
  std::vector<std::thread> held;  // both workers
  for (int i = 0; i < 2; ++i) {
    held.emplace_back([&] { EXPECT_TRUE(List(token)); });
  }
  fake_.WaitEntered(2);
  grpc::TemplatedGenericStub<StreamEventsRequest, CloudEvent> stub(channel_);
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + token);
  grpc::CompletionQueue queue;
  auto call =
      stub.PrepareCall(&context, "/zonelink.worklist.v1.WorklistService/StreamEvents", &queue);
  void* tag = nullptr;
  bool ok = false;
  call->StartCall(&tag);
  queue.Next(&tag, &ok);
  call->WriteLast({}, {}, &tag);
  queue.Next(&tag, &ok);
  context.TryCancel();
  grpc::Status status;
  call->Finish(&status, &tag);
  queue.Next(&tag, &ok);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  fake_.Open();
  for (std::thread& thread : held) thread.join();
  EXPECT_TRUE(List(token));
  server_.Stop(std::chrono::milliseconds(1000));
  queue.Shutdown();
}

INSTANTIATE_TEST_SUITE_P(Channels, ServerTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Tcp" : "InProcess"; });

}  // namespace
}  // namespace zonelink::rpc
