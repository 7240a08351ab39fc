// SPDX-License-Identifier: Apache-2.0
// Refused calls, written beside the answers: a refusal never waits for its record. Each service has
// its own log in its own schema, chained record by record; events carry the chain into the ledger.
// While a service's refusals cannot be written, its commands are refused: nothing happens unseen.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "platform/core/call.h"
#include "platform/core/clock.h"
#include "platform/core/error.h"
#include "platform/core/result.h"
#include "platform/db/database.h"

namespace zonelink::outbox {

struct DenialLimits {
  size_t waiting = 10'000;                      // records of one service not yet written
  std::chrono::milliseconds unwritten{60'000};  // how long a record may wait before commands stop
};

class DenialLog {
 public:
  explicit DenialLog(const WallClock& clock, DenialLimits limits = {});
  ~DenialLog();
  DenialLog(const DenialLog&) = delete;

  // Before Start. `service` is the second part of its RPCs' package; its database lives until Stop.
  void Add(const std::string& service, db::Database& database);
  void Start();
  // Writes what waits, unless the database refuses it; what is lost is logged.
  void Stop();

  // Never blocks. RPCs of services that were not added are passed over, unless a process was
  // refused for what it is: that is kept with one of the services. Passed over is also what comes
  // while the queue is full: the loss is logged, and commands are refused meanwhile.
  void Record(const Call& call, const Error& error);
  // Unavailable `AUDIT_UNAVAILABLE`: records wait too long, or too many.
  Status CommandsAllowed(std::string_view service) const;

 private:
  struct Lane;
  static void Run(Lane& lane);
  Lane* LaneOf(std::string_view service) const;

  const WallClock& clock_;
  const DenialLimits limits_;
  // A lane per service, each with its own thread: one database that hangs holds up no other.
  std::map<std::string, std::unique_ptr<Lane>, std::less<>> lanes_;
};

}  // namespace zonelink::outbox
