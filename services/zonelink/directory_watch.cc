// SPDX-License-Identifier: Apache-2.0
#include "zonelink/directory_watch.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include "platform/crypto/crypto.h"
#include "platform/log/log.h"
#include "platform/rpc/status.h"
#include "zonelink/directory/v1/directory_service.grpc.pb.h"

namespace zonelink {
namespace {

using directory::v1::DirectoryService;

constexpr std::chrono::milliseconds kInterval{1000};
constexpr std::chrono::milliseconds kDeadline{2000};

}  // namespace

void DirectoryWatch::Start(rpc::TokenVerifier& verifier) {
  thread_ = std::thread([this, &verifier] { Run(verifier); });
}

void DirectoryWatch::Stop() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

Status DirectoryWatch::Ready() const {
  if (heard_) return Done{};
  return Unavailable("DIRECTORY_UNAVAILABLE", "the directory has not answered yet");
}

void DirectoryWatch::Run(rpc::TokenVerifier& verifier) {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    Result<std::vector<std::string>> revoked = FetchRevoked();
    if (revoked) {
      verifier.SetRevoked(*std::move(revoked));
      heard_ = true;
    } else {
      log::Warn("ended sessions not heard", {{"reason", revoked.error().reason}});
    }
    lock.lock();
    wake_.wait_for(lock, kInterval, [&] { return stop_; });
  }
}

Result<std::vector<std::string>> DirectoryWatch::FetchRevoked() {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  channels_.Authenticate(context, self_);
  directory::v1::ListRevocationsResponse response;
  const grpc::Status status = DirectoryService::NewStub(channels_.To("directory"))
                                  ->ListRevocations(&context, {}, &response);
  if (!status.ok()) return rpc::FromGrpc(status);
  return std::vector<std::string>(response.session_ids().begin(), response.session_ids().end());
}

Result<std::vector<rpc::PublicKey>> DirectoryWatch::FetchKeys() {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  directory::v1::ListKeysResponse response;
  const grpc::Status status =
      DirectoryService::NewStub(channels_.To("directory"))->ListKeys(&context, {}, &response);
  if (!status.ok()) return rpc::FromGrpc(status);
  std::vector<rpc::PublicKey> keys;
  for (const auto& key : response.keys()) {
    const auto raw = crypto::Base64UrlDecode(key.x());
    if (raw) keys.push_back({key.kid(), *raw});
  }
  return keys;
}

}  // namespace zonelink
