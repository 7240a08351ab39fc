// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/event_log.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "platform/crypto/crypto.h"
#include "platform/log/log.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::outbox {
namespace {

// Another process may commit without this one hearing of it; then the leader looks this often.
constexpr std::chrono::milliseconds kLookAnyway{1000};
constexpr int kBatch = 1000;
// Under load the log is looked at less often: a look for many events costs what one for a single
// event does.
constexpr std::chrono::milliseconds kGatherPerEvent{1};
constexpr std::chrono::milliseconds kGatherMost{100};

constexpr db::Sql kOfSubject{"events.of_subject", R"sql(
  SELECT event_id, subject, version, type, at, recorded_at, body, parties,
         coalesce(number, 0) AS number
    FROM events WHERE subject = $1 ORDER BY version
)sql"};

// Without the lock: most commits under load have numbered their events themselves.
constexpr db::Sql kLook{"events.look", R"sql(
  SELECT (SELECT coalesce(max(number), 0) FROM events) AS last,
         EXISTS (SELECT FROM events WHERE number IS NULL) AS fresh
)sql"};

constexpr db::Sql kLead{"events.lead", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/event numbers', 0))
)sql"};  // the same lock as in append.cc

// Positions follow commits per subject: the subject's row is locked while its event is appended.
constexpr db::Sql kNumber{"events.number", R"sql(
  WITH fresh AS (
    SELECT position, row_number() OVER (ORDER BY position) AS rank
      FROM (SELECT position FROM events WHERE number IS NULL ORDER BY position LIMIT $1) AS next),
  last AS (SELECT coalesce(max(number), 0) AS number FROM events)
  UPDATE events SET number = last.number + fresh.rank
    FROM fresh, last WHERE events.position = fresh.position
)sql"};

constexpr db::Sql kPull{"events.pull", R"sql(
  SELECT event_id, subject, version, type, at, recorded_at, body, parties, number,
         coalesce(salt, '') AS salt
    FROM events WHERE number > $1 ORDER BY number LIMIT $2
)sql"};

// Of the events from $1 to $2 those that have lost their salt, and the last.
constexpr db::Sql kStands{"events.stands", R"sql(
  SELECT number, event_id::text, salt IS NULL AS bare
    FROM events WHERE number >= $1 AND number <= $2 AND (number = $2 OR salt IS NULL)
)sql"};

constexpr db::Sql kDestroySalt{"events.destroy_salt", R"sql(
  UPDATE events SET salt = NULL WHERE event_id = $1
)sql"};

bool IsUuid(std::string_view text) {
  constexpr std::string_view kShape = "00000000-0000-0000-0000-000000000000";
  if (text.size() != kShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool fits =
        kShape[i] == '-' ? text[i] == '-' : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    if (!fits) return false;
  }
  return true;
}

// Without the salt: only consumers are given it.
constexpr db::Sql kLast{"events.last", "SELECT coalesce(max(number), 0) AS number FROM events"};

events::v1::Event FromRow(const db::Row& row) {
  events::v1::Event event;
  event.set_event_id(row.Text("event_id"));
  event.set_subject(row.Text("subject"));
  event.set_version(row.Int("version"));
  event.set_type(row.Text("type"));
  *event.mutable_at() = ToTimestamp(row.At("at"));
  *event.mutable_recorded_at() = ToTimestamp(row.At("recorded_at"));
  event.set_body(row.Blob("body"));
  event.set_number(row.Int("number"));
  for (std::string& party : row.Texts("parties")) event.add_parties(std::move(party));
  return event;
}

struct Standing {
  bool stands = false;
  std::set<std::string> bare;  // ids of events without a salt
};

// Asks the log about copies of its events. One event at its number vouches for all before it, since
// logs only grow; where it is not there, an older log was restored.
Standing Ask(db::Tx& tx, const std::vector<EventPtr>& kept) {
  Standing standing;
  const EventPtr& last = kept.back();
  const db::Rows rows = tx.Exec(kStands, kept.front()->number(), last->number());
  for (size_t i = 0; i < rows.size(); ++i) {
    const std::string event_id = rows[i].Text("event_id");
    if (rows[i].Bool("bare")) standing.bare.insert(event_id);
    if (rows[i].Int("number") == last->number()) standing.stands = event_id == last->event_id();
  }
  return standing;
}

std::vector<EventPtr> ReadAfter(db::Tx& tx, int64_t after, int limit) {
  std::vector<EventPtr> events;
  const db::Rows rows = tx.Exec(kPull, after, limit);
  for (size_t i = 0; i < rows.size(); ++i) {
    events::v1::Event event = FromRow(rows[i]);
    event.set_salt(rows[i].Blob("salt"));
    events.push_back(std::make_shared<const events::v1::Event>(std::move(event)));
  }
  return events;
}

}  // namespace

std::vector<events::v1::Event> OfSubject(db::Tx& tx, std::string_view subject) {
  const db::Rows rows = tx.Exec(kOfSubject, subject);
  std::vector<events::v1::Event> events;
  for (size_t i = 0; i < rows.size(); ++i) events.push_back(FromRow(rows[i]));
  return events;
}

EventLog::EventLog(db::Database& database) : database_(database) {
  database_.OnEvents([this] { Wake(); });
}

EventLog::~EventLog() { Stop(); }

void EventLog::Start() {
  thread_ = std::thread([this] { Run(); });
}

void EventLog::Stop() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
    committed_or_stopped_.notify_all();
    grown_or_stopped_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void EventLog::Wake() {
  std::lock_guard lock(mutex_);
  if (std::exchange(committed_, true)) return;
  committed_or_stopped_.notify_all();
}

void EventLog::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const bool stirred =
        committed_or_stopped_.wait_for(lock, kLookAnyway, [&] { return stop_ || committed_; });
    if (stop_) return;
    // Nobody is about to ask for them; a destroyed salt shall not stay in memory.
    if (!stirred) recent_.Clear();
    committed_ = false;
    const int64_t before = last_;
    lock.unlock();
    const Status numbered = NumberFresh();
    if (!numbered)
      log::Warn("events not numbered",
                {{"schema", database_.schema()}, {"reason", numbered.error().reason}});
    lock.lock();
    committed_or_stopped_.wait_for(
        lock, std::min<std::chrono::milliseconds>(kGatherMost, kGatherPerEvent * (last_ - before)),
        [&] { return stop_; });
  }
}

Status EventLog::NumberFresh() {
  int64_t count = 0;
  do {
    int64_t last = 0;
    const Status status = database_.System("number events", [&](db::Tx& tx) -> Status {
      const db::Rows look = tx.Exec(kLook);
      last = look[0].Int("last");
      count = 0;
      if (!look[0].Bool("fresh")) return Done{};
      tx.Exec(kLead);
      count = tx.Exec(kNumber, kBatch).affected();
      last = tx.Exec(kLast)[0].Int("number");
      return Done{};
    });
    if (!status) return status;
    std::lock_guard lock(mutex_);
    if (last == last_) continue;
    last_ = last;
    ++grown_;
    grown_or_stopped_.notify_all();
  } while (count == kBatch);
  return Done{};
}

Result<std::vector<events::v1::Event>> EventLog::Pull(int64_t after, int limit,
                                                      std::chrono::milliseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  for (;;) {
    uint64_t seen = 0;
    {
      std::lock_guard lock(mutex_);
      seen = grown_;
    }
    auto events = Read(after, limit);
    if (!events || !events->empty()) return events;
    std::unique_lock lock(mutex_);
    // Another process may have numbered: look again after a while even if nothing was heard.
    const auto look = std::min(deadline, std::chrono::steady_clock::now() + kLookAnyway);
    grown_or_stopped_.wait_until(lock, look, [&] { return stop_ || grown_ != seen; });
    if (stop_ || std::chrono::steady_clock::now() >= deadline) return events;
  }
}

Result<std::vector<events::v1::Event>> EventLog::Read(int64_t after, int limit) {
  std::vector<EventPtr> kept;
  std::vector<EventPtr> read;
  Standing standing;
  const Status status = database_.System("pull events", [&](db::Tx& tx) -> Status {
    kept = recent_.From(after, limit);
    standing = kept.empty() ? Standing() : Ask(tx, kept);
    if (!kept.empty() && !standing.stands) {
      recent_.Clear();
      kept.clear();
    }
    const int64_t from = kept.empty() ? after : kept.back()->number();
    const auto room = static_cast<int>(after + limit - from);
    read = room > 0 ? ReadAfter(tx, from, room) : std::vector<EventPtr>();
    return Done{};
  });
  if (!status) return status.error();
  recent_.Follow(kept.empty() ? nullptr : kept.back(), read);
  std::vector<events::v1::Event> events;
  events.reserve(kept.size() + read.size());
  for (const EventPtr& event : kept) {
    if (event->number() == after) continue;
    events.push_back(*event);
    if (standing.bare.count(event->event_id()) > 0) events.back().clear_salt();
  }
  for (const EventPtr& event : read) events.push_back(*event);
  for (const std::string& event_id : standing.bare) recent_.LoseSalt(event_id);
  return events;
}

Status EventLog::DestroySalt(const std::string& event_id) {
  const Error unknown = NotFound("EVENT_UNKNOWN", "no such event in this log");
  if (!IsUuid(event_id)) return unknown;
  const Status destroyed = database_.System("destroy salt", [&](db::Tx& tx) -> Status {
    if (tx.Exec(kDestroySalt, event_id).affected() == 0) return unknown;
    return Done{};
  });
  recent_.LoseSalt(event_id);
  return destroyed;
}

Result<int64_t> EventLog::LastNumber() {
  int64_t last = 0;
  const Status status = database_.System("last event", [&](db::Tx& tx) -> Status {
    last = tx.Exec(kLast)[0].Int("number");
    return Done{};
  });
  if (!status) return status.error();
  return last;
}

}  // namespace zonelink::outbox
