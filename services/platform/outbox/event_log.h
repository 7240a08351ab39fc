// SPDX-License-Identifier: Apache-2.0
// A service's event log: events commit with the state change, one leader numbers them afterwards,
// so that numbers follow commits per subject. Numbers are what consumers pull by.
#pragma once

#include <google/protobuf/message.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/outbox/recent_events.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::outbox {

// The events of one subject that the caller may see, oldest first, without their salts. Number is 0
// until the leader has numbered an event.
std::vector<events::v1::Event> OfSubject(db::Tx& tx, std::string_view subject);

// Numbers committed events and serves them to consumers. One per service and process; of several
// processes one numbers at a time (advisory lock).
class EventLog {
 public:
  explicit EventLog(db::Database& database);
  ~EventLog();
  EventLog(const EventLog&) = delete;

  void Start();
  void Stop();
  // Events were committed, by whatever connection, numbered or not. Called after each commit of the
  // database that appended events.
  void Wake();
  // Events with their salts after `after`, at most `limit`; waits up to `wait` for news when there
  // is none.
  Result<std::vector<events::v1::Event>> Pull(int64_t after, int limit,
                                              std::chrono::milliseconds wait);
  // Of the newest event that has a number; 0 for none.
  Result<int64_t> LastNumber();
  // The event's leaf in the ledger can no longer be linked to it. Again: the same answer. NotFound
  // `EVENT_UNKNOWN`.
  Status DestroySalt(const std::string& event_id);

 private:
  void Run();
  // Gives numbers to events that have none, and tells pullers when the log has grown since, whoever
  // numbered.
  Status NumberFresh();
  // What there is now.
  Result<std::vector<events::v1::Event>> Read(int64_t after, int limit);

  db::Database& database_;
  RecentEvents recent_;
  std::mutex mutex_;
  std::condition_variable committed_or_stopped_;
  std::condition_variable grown_or_stopped_;
  bool committed_ = true;  // since the last look at the log
  bool stop_ = false;
  int64_t last_ = 0;    // number in the log, as seen last
  uint64_t grown_ = 0;  // times last_ changed
  std::thread thread_;
};

}  // namespace zonelink::outbox
