// SPDX-License-Identifier: Apache-2.0
// The answer to a call whose handler may return before it is known: no worker waits for it.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <memory>

#include "platform/core/result.h"

namespace zonelink::rpc {

// What a handler without types gives.
using UnaryReply = Result<std::unique_ptr<google::protobuf::Message>>;

// The call and its request live until the answer is given; it is given once, on any thread.
class PendingAnswer {
 public:
  virtual void Give(UnaryReply reply) = 0;
  // Has a worker do it: for what waits, where the thread at hand must not. Part of the call, so it
  // stands in no queue.
  virtual void Resume(std::function<void()> work) = 0;

 protected:
  ~PendingAnswer() = default;
};

template <class Reply>
class Answer {
 public:
  explicit Answer(PendingAnswer& pending) : pending_(&pending) {}

  void Give(Result<Reply> reply) const {
    pending_->Give(std::move(reply).transform([](Reply&& given) {
      return std::unique_ptr<google::protobuf::Message>(std::make_unique<Reply>(std::move(given)));
    }));
  }
  void Resume(std::function<void()> work) const { pending_->Resume(std::move(work)); }

 private:
  PendingAnswer* pending_;
};

}  // namespace zonelink::rpc
