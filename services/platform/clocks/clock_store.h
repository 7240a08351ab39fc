// SPDX-License-Identifier: Apache-2.0
// Clocks of cases with their suspensions and rungs. Who changes a clock holds its case.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/clocks/calendar_set.h"
#include "platform/clocks/rungs.h"
#include "platform/clocks/working_clock.h"
#include "platform/core/result.h"
#include "platform/db/database.h"

namespace zonelink::clocks {

// A clock to be started. Its texts are the caller's.
struct Started {
  std::string_view case_id;
  std::string_view name;   // unique within the case
  std::string_view owner;  // organisation in whose name the case stands; empty: nobody's
  std::string_view kind;
  std::string_view calendar;  // zone, or `national`
  int budget = 0;             // in the kind's units
  Time started_at{};
};

// A clock as stored.
struct Clock {
  std::string case_id;
  std::string name;
  std::string owner;
  std::string kind;
  std::string calendar;
  WorkingClock clock;
  std::vector<std::string> fired;  // rungs, in their order
  std::optional<Time> next_at;     // nothing while nothing is to fire
  std::optional<Time> due_at;      // nothing while it stands or has stopped
  int stored_suspensions = 0;      // of clock.suspensions
  bool told = true;                // next_at and due_at were told; else a migration began the clock
};

}  // namespace zonelink::clocks

namespace zonelink::clocks::clock_store {

// By what next rungs and due dates are told.
struct Rules {
  std::span<const Kind> kinds;  // all of the service
  const CalendarSet& calendars;
};

// Null for a kind that this binary does not know.
const Kind* FindKind(std::span<const Kind> kinds, std::string_view name);

// In one statement; fit for groups of writes.
void Insert(db::Tx& tx, std::span<const Started> started, const Rules& rules);

// Asks for the clocks of cases; `Read` waits for the answer: by case, in the order of their names.
db::Rows Ask(db::Tx& tx, const std::vector<std::string>& case_ids);
std::unordered_map<std::string, std::vector<Clock>> Read(const db::Rows& rows);
// Of one case.
std::vector<Clock> Of(db::Tx& tx, const std::string& case_id);

// Stores budget, stop, suspensions and what is left of what fired, and tells the next rung and the
// due date anew. Internal: the caller may not change the clock.
Result<Clock> Save(db::Tx& tx, Clock clock, const Rules& rules);

// For the timer.

// One clock, held until the end of the transaction.
std::optional<Clock> Lock(db::Tx& tx, const std::string& case_id, const std::string& name);
// Stores what fired, and tells the next rung and the due date anew.
Clock SaveFired(db::Tx& tx, Clock clock, const Rules& rules);

struct Key {
  std::string case_id;
  std::string name;
  Time next_at{};
};
// The rung that fires next of all `kinds`' clocks but those of the cases `but`.
db::Rows AskNext(db::Tx& tx, const std::vector<std::string>& kinds,
                 const std::vector<std::string>& but);
std::optional<Key> ReadNext(const db::Rows& rows);

// Running clocks that a calendar (`national`: all) was published for and that were told by an
// earlier revision, by key.
struct Stale {
  int64_t revision = 0;
  std::string calendar;
};
std::vector<Key> AllStale(db::Tx& tx, const Stale& stale, const std::vector<std::string>& kinds);
// Clocks that a migration began, which knows no calendar, and that have not been told since.
std::vector<Key> AllUntold(db::Tx& tx, const std::vector<std::string>& kinds);

}  // namespace zonelink::clocks::clock_store
