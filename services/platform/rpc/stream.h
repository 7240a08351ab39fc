// SPDX-License-Identifier: Apache-2.0
// The sending side of one server stream: a bounded queue in front of a gRPC reactor, which writes
// one message at a time and may be gone before the handler's copy of the sink is.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/support/byte_buffer.h>

#include <deque>
#include <mutex>
#include <optional>

#include "platform/rpc/dispatch.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"

namespace zonelink::rpc {

class StreamQueue final : public StreamSink {
 public:
  explicit StreamQueue(grpc::ServerGenericBidiReactor& reactor) : reactor_(&reactor) {}

  bool Write(const google::protobuf::Message& message) override {
    grpc::ByteBuffer bytes = ToBuffer(message);
    std::lock_guard lock(mutex_);
    if (cancelled_ || last_ || reactor_ == nullptr) return false;
    if (waiting_.size() >= kMostWaiting) {
      // A reader this slow comes back with Last-Event-ID.
      last_ = ToGrpc(ResourceExhausted("STREAM_TOO_SLOW", "the reader does not keep up"));
      waiting_.clear();
      if (!writing_) FinishLocked();
      return false;
    }
    waiting_.push_back(std::move(bytes));
    if (!writing_) NextLocked();
    return true;
  }

  void Finish(const Status& status) override {
    std::lock_guard lock(mutex_);
    if (last_ || reactor_ == nullptr) return;
    last_ = status ? grpc::Status::OK : ToGrpc(status.error());
    if (!writing_ && waiting_.empty()) FinishLocked();
  }

  bool Cancelled() const override {
    std::lock_guard lock(mutex_);
    return cancelled_ || reactor_ == nullptr;
  }

  // From the reactor: the message handed out last is on its way.
  void Written(bool ok) {
    std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) {
      cancelled_ = true;
      waiting_.clear();
    }
    if (!waiting_.empty()) return NextLocked();
    if (last_ || cancelled_) FinishLocked();
  }

  void Cancel() {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    waiting_.clear();
    if (!writing_) FinishLocked();
  }

  // From the reactor: nothing of it is used any more but through this queue. Until then it is not
  // finished, for a finished reactor deletes itself.
  void Release() {
    std::lock_guard lock(mutex_);
    released_ = true;
    if (!writing_ && waiting_.empty() && (last_ || cancelled_)) FinishLocked();
  }

  void Detach() {
    std::lock_guard lock(mutex_);
    reactor_ = nullptr;
  }

 private:
  static constexpr size_t kMostWaiting = 1000;

  void NextLocked() {
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
    writing_ = true;
    reactor_->StartWrite(&current_);
  }
  void FinishLocked() {
    if (!released_ || finished_ || reactor_ == nullptr) return;
    finished_ = true;
    reactor_->Finish(last_ ? *last_ : grpc::Status::CANCELLED);
  }

  mutable std::mutex mutex_;
  grpc::ServerGenericBidiReactor* reactor_;
  std::deque<grpc::ByteBuffer> waiting_;
  grpc::ByteBuffer current_;
  bool writing_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
  bool released_ = false;
  std::optional<grpc::Status> last_;
};

}  // namespace zonelink::rpc
