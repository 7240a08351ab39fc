// SPDX-License-Identifier: Apache-2.0
// The calendars as this process knows them: those shipped with what its schema's copy adds.
#pragma once

#include <memory>
#include <mutex>

#include "platform/clocks/calendar_set.h"
#include "platform/db/database.h"

namespace zonelink::clocks {

// Thread-safe.
class Calendars {
 public:
  explicit Calendars(db::Database& database) : database_(database) {}

  // What a command works with, for as long as it holds it; no older than the last Refresh. The
  // first call of a process that has not read the copy yet reads it.
  std::shared_ptr<const CalendarSet> Now();
  // Reads the copy anew when there is something new in it. The timer does so every second; whoever
  // applied a publication does so after its commit.
  Status Refresh();

 private:
  std::shared_ptr<const CalendarSet> Known() const;

  db::Database& database_;
  mutable std::mutex mutex_;
  std::shared_ptr<const CalendarSet> known_;  // null until read; shared with commands that run
};

}  // namespace zonelink::clocks
