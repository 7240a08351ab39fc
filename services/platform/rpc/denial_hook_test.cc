// SPDX-License-Identifier: Apache-2.0
// Who is told of refused calls, and who may stop commands; with the RPCs of ledger and worklist as
// examples.
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "platform/core/clock.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/rpc/token.h"
#include "zonelink/ledger/v1/ledger_service.pb.h"
#include "zonelink/worklist/v1/worklist_service.pb.h"

namespace zonelink::rpc {
namespace {

using google::protobuf::Message;
using google::protobuf::MessageLite;

constexpr char kLedger[] = "zonelink.ledger.v1.LedgerService";
constexpr char kWorklist[] = "zonelink.worklist.v1.WorklistService";
constexpr char kDestroySalt[] = "zonelink.ledger.v1.LedgerService/DestroySalt";
constexpr char kGetReceipt[] = "zonelink.ledger.v1.LedgerService/GetReceipt";
constexpr char kListInbox[] = "zonelink.worklist.v1.WorklistService/ListInbox";

struct Told {
  Call call;
  Error error;
};

class DenialHookTest : public testing::Test {
 protected:
  DenialHookTest()
      : user_key_(crypto::Ed25519Key::FromSeed(std::string(32, 'u'))),
        service_tokens_("a deployment's secret of more than 32 bytes"),
        verifier_(
            service_tokens_.key(),
            [this]() -> Result<std::vector<PublicKey>> {
              return std::vector<PublicKey>{{user_key_.KeyId(), user_key_.PublicRaw()}};
            },
            clock_),
        server_({.workers = 2, .in_flight = 4, .deadline = std::chrono::milliseconds(5000)},
                verifier_) {
    for (const char* rpc : {"GetCheckpoint", "GetTile", "GetEntries", "GetReceipt",
                            "GetConsistencyProof", "GetLedger", "DestroySalt"}) {
      server_.AddUnary(std::string(kLedger) + "/" + rpc,
                       [this](const Call&, const Message&) { return Handle(); });
    }
    server_.AddUnary(std::string(kWorklist) + "/ListInbox",
                     [this](const Call&, const Message&) { return Handle(); });
    server_.AddStream(std::string(kWorklist) + "/StreamEvents",
                      [this](const Call&, const Message&, std::shared_ptr<StreamSink>) -> Status {
                        ++handled_;
                        return *refusal_;
                      });
    server_.OnDenied([this](const Call& call, const Error& error) {
      std::lock_guard lock(mutex_);
      told_.push_back({call, error});
    });
    server_.GateCommands([this](std::string_view service) -> Status {
      std::lock_guard lock(mutex_);
      asked_.emplace_back(service);
      if (open_) return Done{};
      return Unavailable("AUDIT_UNAVAILABLE", "shut");
    });
    EXPECT_TRUE(server_.Start(""));
    channel_ = server_.InProcessChannel();
  }

  Result<std::unique_ptr<Message>> Handle() {
    ++handled_;
    if (refusal_) return *refusal_;
    return std::unique_ptr<Message>(std::make_unique<ledger::v1::DestroySaltResponse>());
  }

  std::string UserToken(const std::string& role) const {
    Caller caller;
    caller.user_id = "u-1";
    caller.session_id = "s-1";
    caller.zone = "zhejiang";
    caller.organization_id = "o-1";
    caller.roles = {role};
    return SignToken(user_key_, caller, clock_.Now(), std::chrono::seconds(600));
  }

  // The answer's reason; empty for success.
  std::string Ask(const std::string& rpc, const std::string& token) {
    ledger::v1::DestroySaltRequest request;
    request.set_event_id("e-1");
    request.set_reason("because");
    if (rpc == kListInbox) request.Clear();  // has other fields
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(4));
    context.AddMetadata("x-request-id", "r-1");
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    ledger::v1::DestroySaltResponse response;
    const std::string path = "/" + rpc;
    const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
                                           channel_);
    const grpc::Status status = grpc::internal::BlockingUnaryCall<
        ledger::v1::DestroySaltRequest, ledger::v1::DestroySaltResponse, MessageLite, MessageLite>(
        channel_.get(), method, &context, request, &response);
    return status.ok() ? "" : FromGrpc(status).reason;
  }

  std::vector<Told> TakeTold() {
    std::lock_guard lock(mutex_);
    return std::exchange(told_, {});
  }

  SystemClock clock_;
  crypto::Ed25519Key user_key_;
  ServiceTokens service_tokens_;
  TokenVerifier verifier_;
  std::mutex mutex_;
  std::vector<Told> told_;
  std::vector<std::string> asked_;
  bool open_ = true;
  std::atomic<int> handled_{0};
  std::optional<Error> refusal_;  // what handlers answer
  Server server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(DenialHookTest, NobodyIsToldAsNobody) {
  EXPECT_EQ(Ask(kDestroySalt, ""), "LOGIN_NEEDED");
  const auto told = TakeTold();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].call.rpc, kDestroySalt);
  EXPECT_EQ(told[0].call.request_id, "r-1");
  EXPECT_EQ(told[0].call.caller.user_id, "");
  EXPECT_EQ(told[0].error.code, Code::kUnauthenticated);
  EXPECT_EQ(told[0].error.reason, "LOGIN_NEEDED");
}

TEST_F(DenialHookTest, AForgedTokenIsToldAsNobody) {
  EXPECT_EQ(Ask(kListInbox, "no.token.atall"), "TOKEN_INVALID");
  const auto told = TakeTold();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].call.rpc, kListInbox);
  EXPECT_EQ(told[0].call.request_id, "r-1");
  EXPECT_EQ(told[0].call.caller.user_id, "");
  EXPECT_EQ(told[0].error.reason, "TOKEN_INVALID");
}

TEST_F(DenialHookTest, WhoLacksTheRoleIsNamed) {
  EXPECT_EQ(Ask(kDestroySalt, UserToken("filer")), "ROLE_NEEDED");
  const auto told = TakeTold();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].call.caller.user_id, "u-1");
  EXPECT_EQ(told[0].call.caller.session_id, "s-1");
  EXPECT_EQ(told[0].call.caller.organization_id, "o-1");
  EXPECT_EQ(told[0].call.caller.zone, "zhejiang");
  EXPECT_EQ(told[0].error.code, Code::kPermissionDenied);
  EXPECT_TRUE(asked_.empty()) << "who may not is refused before the gate is asked";
}

TEST_F(DenialHookTest, WhatAHandlerHidesOrForbidsIsTold) {
  const std::string token = UserToken("security_admin");
  refusal_ = NotFound("EVENT_UNKNOWN", "no such event");
  EXPECT_EQ(Ask(kDestroySalt, token), "EVENT_UNKNOWN");
  refusal_ = PermissionDenied("NOT_YOURS", "no");
  EXPECT_EQ(Ask(kListInbox, token), "NOT_YOURS");
  const auto told = TakeTold();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].error.reason, "EVENT_UNKNOWN");
  EXPECT_EQ(told[0].call.caller.user_id, "u-1");
  EXPECT_EQ(told[1].error.reason, "NOT_YOURS");
}

TEST_F(DenialHookTest, OtherRefusalsAreNot) {
  const std::string token = UserToken("security_admin");
  for (const Error& refusal :
       {InvalidArgument("A", ""), FailedPrecondition("B", ""), Aborted("C", ""),
        AlreadyExists("D", ""), Unavailable("E", ""), Internal("F"), DeadlineExceeded("G", ""),
        ResourceExhausted("H", "")}) {
    refusal_ = refusal;
    Ask(kDestroySalt, token);
  }
  refusal_.reset();
  EXPECT_EQ(Ask(kDestroySalt, token), "");
  EXPECT_EQ(handled_, 9);
  EXPECT_TRUE(TakeTold().empty());
}

TEST_F(DenialHookTest, WhatIsPublicAndNotThereIsNotTold) {
  refusal_ = NotFound("EVENT_UNKNOWN", "no such event");
  EXPECT_EQ(Ask(kGetReceipt, ""), "EVENT_UNKNOWN");
  EXPECT_TRUE(TakeTold().empty());
  refusal_ = Unauthenticated("LOGIN_FAILED", "no");
  EXPECT_EQ(Ask(kGetReceipt, ""), "LOGIN_FAILED");
  EXPECT_EQ(TakeTold().size(), 1u);
}

TEST_F(DenialHookTest, ServicesAreNotTold) {
  EXPECT_EQ(Ask(kListInbox, service_tokens_.For("recognition", clock_.Now())), "LOGIN_NEEDED");
  EXPECT_TRUE(TakeTold().empty());
}

TEST_F(DenialHookTest, RefusedStreamsAreTold) {
  grpc::TemplatedGenericStub<worklist::v1::StreamEventsRequest, worklist::v1::CloudEvent> stub(
      channel_);
  grpc::CompletionQueue queue;
  const auto listen = [&](const std::string& token) {
    grpc::ClientContext context;
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    auto call = stub.PrepareCall(&context, "/" + std::string(kWorklist) + "/StreamEvents", &queue);
    void* tag = nullptr;
    bool ok = false;
    call->StartCall(&tag);
    queue.Next(&tag, &ok);
    call->WriteLast({}, {}, &tag);
    queue.Next(&tag, &ok);
    grpc::Status status;
    call->Finish(&status, &tag);
    queue.Next(&tag, &ok);
    return FromGrpc(status).reason;
  };
  EXPECT_EQ(listen(""), "LOGIN_NEEDED");
  refusal_ = NotFound("EVENT_UNKNOWN", "no such event");
  EXPECT_EQ(listen(UserToken("filer")), "EVENT_UNKNOWN");
  const auto told = TakeTold();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].error.reason, "LOGIN_NEEDED");
  EXPECT_EQ(told[1].call.caller.user_id, "u-1");
  EXPECT_TRUE(asked_.empty());
  queue.Shutdown();
}

TEST_F(DenialHookTest, TheGateStopsCommandsAlone) {
  open_ = false;
  const std::string token = UserToken("security_admin");
  EXPECT_EQ(Ask(kDestroySalt, token), "AUDIT_UNAVAILABLE");
  EXPECT_EQ(handled_, 0);
  EXPECT_EQ(asked_, std::vector<std::string>{"ledger"});
  EXPECT_EQ(Ask(kListInbox, token), "");
  EXPECT_EQ(Ask(kGetReceipt, ""), "");
  EXPECT_EQ(handled_, 2);
  EXPECT_EQ(asked_.size(), 1u);
  open_ = true;
  EXPECT_EQ(Ask(kDestroySalt, token), "");
  EXPECT_TRUE(TakeTold().empty());
}

}  // namespace
}  // namespace zonelink::rpc
