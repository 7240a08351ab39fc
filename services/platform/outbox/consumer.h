// SPDX-License-Identifier: Apache-2.0
// Pulls another service's events and applies them, each batch in one transaction with the cursor:
// an event takes effect exactly once however often it is delivered.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/channels.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::outbox {

struct ConsumerCall;

class Consumer {
 public:
  // `apply` runs inside the batch's transaction, as the relay role; it may run twice. Unknown types
  // are to be ignored. A refusal stops the batch; it is logged and tried again.
  using Apply = std::function<Status(db::Tx&, const events::v1::Event&)>;

  // The same with one call per batch: all that was pulled, in order.
  using ApplyBatch = std::function<Status(db::Tx&, std::span<const events::v1::Event>)>;

  Consumer(std::string source, db::Database& database, rpc::Channels& channels, Apply apply);
  Consumer(std::string source, db::Database& database, rpc::Channels& channels, ApplyBatch apply);
  ~Consumer();
  Consumer(const Consumer&) = delete;

  void Start();
  void Stop();
  // Everything that was in the log when Start was called has been applied. False again once the log
  // ends before what was read of it: then nothing is applied until the newer log is back.
  bool CaughtUp() const { return caught_up_; }
  // Called after each batch that applied something, outside the transaction.
  void OnApplied(std::function<void()> notify) { notify_ = std::move(notify); }

 private:
  void Run();
  Result<int64_t> Cursor();
  Result<std::vector<events::v1::Event>> Pull(int64_t after);
  Status PullAndApply();

  std::string source_;
  db::Database& database_;
  rpc::Channels& channels_;
  ApplyBatch apply_;
  std::function<void()> notify_;
  std::atomic<bool> caught_up_{false};
  std::atomic<bool> stop_{false};
  std::unique_ptr<ConsumerCall> call_;  // cancels a waiting pull on Stop
  std::thread thread_;
};

}  // namespace zonelink::outbox
