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
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::outbox {

// An event to append. `parties` says who may see it: `org:<id>`, `zone:<id>`, `leading-group`.
struct Draft {
  std::string subject;  // filings/<id>
  int64_t version = 0;  // of the subject, after the change; (subject, version) is unique
  std::string type;     // zonelink.recognition.filing.submitted
  std::vector<std::string> parties;
};

// Appends in the transaction of the state change; returns the event's id.
std::string Append(db::Tx& tx, const Draft& draft, const google::protobuf::Message& body);

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
  Status NumberFresh();

  db::Database& database_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool committed_ = true;  // something may be unnumbered
  bool stop_ = false;
  uint64_t numbered_ = 0;  // batches numbered, wakes Pull
  std::thread thread_;
};

}  // namespace zonelink::outbox
