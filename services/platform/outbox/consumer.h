// SPDX-License-Identifier: Apache-2.0
// Pulls another service's events and applies them, each batch in one transaction with the cursor:
// an event takes effect exactly once however often it is delivered.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/channels.h"
#include "platform/rpc/unary_client.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::outbox {

// An event's parties joined by commas: one element of an array of texts that a statement takes
// apart again.
std::string PartiesText(const events::v1::Event& event);

struct ConsumerCall;

class Consumer {
 public:
  // `apply` runs inside the batch's transaction, as the relay role; it may run twice. Unknown types
  // are to be ignored. A refusal stops the batch; it is logged and tried again.
  using Apply = std::function<Status(db::Tx&, const events::v1::Event&)>;

  // The same with one call per batch: all that was pulled, in order.
  using ApplyBatch = std::function<Status(db::Tx&, std::span<const events::v1::Event>)>;

  // `cursor`: the name under which it is kept how far it has come; empty: the source's. A service
  // that learns to listen for more of what was told before begins anew under another name.
  Consumer(std::string source, db::Database& database, rpc::Channels& channels, Apply apply,
           std::string cursor = {});
  Consumer(std::string source, db::Database& database, rpc::Channels& channels, ApplyBatch apply,
           std::string cursor = {});
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
  // Makes sure that cursor_ is known.
  Status ReadCursor();
  Result<std::vector<events::v1::Event>> Pull();
  Status PullAndApply();
  // False when somebody else has moved the cursor.
  Result<bool> ApplyPulled(const std::vector<events::v1::Event>& events);
  // Until then, or the end. False at the end.
  bool WaitUntil(std::chrono::steady_clock::time_point until);
  const std::string& Token();

  std::string source_;
  std::string cursor_name_;
  db::Database& database_;
  rpc::Channels& channels_;
  ApplyBatch apply_;
  std::function<void()> notify_;
  std::atomic<bool> caught_up_{false};
  const std::shared_ptr<ConsumerCall> call_;  // a pull given up by Stop may be answered later
  std::optional<rpc::UnaryClient> client_;    // from Start on
  // Of the consuming thread.
  std::optional<int64_t> cursor_;  // nothing while what the database says is not known
  std::string token_;
  std::chrono::steady_clock::time_point token_until_{};
  std::chrono::steady_clock::time_point not_before_{};  // the next pull
  std::thread thread_;
};

}  // namespace zonelink::outbox
