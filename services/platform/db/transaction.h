// SPDX-License-Identifier: Apache-2.0
// One transaction. What it begins with (BEGIN, the caller's context, the claim of the idempotency
// key) is written together with its body's first statement; none of the body's answers is used
// before those are found to be good.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "platform/core/call.h"
#include "platform/core/check.h"
#include "platform/core/time.h"
#include "platform/db/connection.h"

namespace zonelink::db {

// The connection came with somebody's context (invariant I-09).
struct StaleContext : std::runtime_error {
  StaleContext() : std::runtime_error("stale context") {}
};

// The idempotency key is already somebody's: the body must not take effect.
struct KeyTaken : std::runtime_error {
  KeyTaken() : std::runtime_error("the idempotency key is taken") {}
};

// What a transaction runs as and with.
struct Terms {
  const Call& call;
  std::string_view role;
  const Members* members = nullptr;  // of a group
  bool writes = true;                // otherwise one snapshot, read only
  bool controllable_clock = false;
  std::string_view request_hash;  // claims the call's idempotency key for it; empty: none
};

class Transaction {
 public:
  // Queues the beginning; nothing is written yet.
  Transaction(Connection& connection, const Terms& terms, std::chrono::milliseconds left);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  std::shared_ptr<Answer> Send(const Sql& sql, std::span<const Param> params) {
    ZL_CHECK(!ended_, "a statement after the last");
    return connection_.Send(sql, params, this);
  }
  // No statement follows: the commit of a transaction that reads travels with those queued.
  void End();
  // Waits for the beginning's answers. This and what follows throws StaleContext, KeyTaken,
  // SqlFault or LinkLost.
  void Open();
  void Await(const Answer& answer);
  // Commits and waits until it is done. Of a transaction that wrote nothing it is sent only: what
  // was read is good whatever becomes of it.
  void Commit();

  const Call& call() const { return terms_.call; }
  Time now();
  void NotBefore(Time last_change) { now_ = std::max(now(), last_change); }
  std::chrono::microseconds clock_offset();
  bool claiming() const { return claimed_ != nullptr && !open_; }
  bool committing() const { return committing_; }

  bool events = false;  // were appended

 private:
  Connection& connection_;
  const Terms& terms_;
  std::shared_ptr<Answer> entered_;
  std::shared_ptr<Answer> offset_;   // nullptr: the clock is the wall's
  std::shared_ptr<Answer> claimed_;  // nullptr: no key
  bool open_ = false;
  bool ended_ = false;  // its commit is queued
  bool committing_ = false;
  Time now_;
  std::chrono::microseconds clock_offset_{0};
};

}  // namespace zonelink::db
