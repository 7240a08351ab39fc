// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/event_log.h"

#include <cctype>

#include "platform/crypto/crypto.h"
#include "platform/log/log.h"

namespace zonelink::outbox {
namespace {

// Another process may commit without this one hearing of it; then the leader looks this often.
constexpr std::chrono::milliseconds kLookAnyway{1000};
constexpr int kBatch = 1000;
constexpr size_t kSaltBytes = 32;

constexpr db::Sql kAppend{"events.append", R"sql(
  INSERT INTO events (event_id, subject, version, type, at, body, parties, salt)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr db::Sql kOfSubject{"events.of_subject", R"sql(
  SELECT event_id, subject, version, type, at, recorded_at, body, parties,
         coalesce(number, 0) AS number
    FROM events WHERE subject = $1 ORDER BY version
)sql"};

constexpr db::Sql kLead{"events.lead", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/event numbers', 0))
)sql"};

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

constexpr db::Sql kDestroySalt{"events.destroy_salt", R"sql(
  UPDATE events SET salt = NULL WHERE event_id = $1
)sql"};

void SetTime(google::protobuf::Timestamp* stamp, Time at) {
  const int64_t micros = at.time_since_epoch().count();
  stamp->set_seconds(micros / 1'000'000);
  stamp->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
}

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
  SetTime(event.mutable_at(), row.At("at"));
  SetTime(event.mutable_recorded_at(), row.At("recorded_at"));
  event.set_body(row.Blob("body"));
  event.set_number(row.Int("number"));
  for (std::string& party : row.Texts("parties")) event.add_parties(std::move(party));
  return event;
}

}  // namespace

std::string Append(db::Tx& tx, const Draft& draft, const google::protobuf::Message& body) {
  const std::string event_id = crypto::NewUuid(tx.now());
  tx.Exec(kAppend, event_id, draft.subject, draft.version, draft.type, tx.now(),
          db::Bytes{body.SerializeAsString()}, draft.parties,
          db::Bytes{crypto::RandomBytes(kSaltBytes)});
  tx.MarkEvents();
  return event_id;
}

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
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void EventLog::Wake() {
  std::lock_guard lock(mutex_);
  committed_ = true;
  changed_.notify_all();
}

void EventLog::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    changed_.wait_for(lock, kLookAnyway, [&] { return stop_ || committed_; });
    if (stop_) return;
    committed_ = false;
    lock.unlock();
    const Status numbered = NumberFresh();
    if (!numbered)
      log::Warn("events not numbered",
                {{"schema", database_.schema()}, {"reason", numbered.error().reason}});
    lock.lock();
  }
}

Status EventLog::NumberFresh() {
  int64_t count = 0;
  do {
    const Status status = database_.System("number events", [&](db::Tx& tx) -> Status {
      tx.Exec(kLead);
      count = tx.Exec(kNumber, kBatch).affected();
      return Done{};
    });
    if (!status) return status;
    if (count > 0) {
      std::lock_guard lock(mutex_);
      ++numbered_;
      changed_.notify_all();
    }
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
      seen = numbered_;
    }
    std::vector<events::v1::Event> events;
    const Status status = database_.System("pull events", [&](db::Tx& tx) -> Status {
      events.clear();
      const db::Rows rows = tx.Exec(kPull, after, limit);
      for (size_t i = 0; i < rows.size(); ++i) {
        events.push_back(FromRow(rows[i]));
        events.back().set_salt(rows[i].Blob("salt"));
      }
      return Done{};
    });
    if (!status) return status.error();
    if (!events.empty()) return events;
    std::unique_lock lock(mutex_);
    // Another process may have numbered: look again after a while even if nothing was heard.
    const auto look = std::min(deadline, std::chrono::steady_clock::now() + kLookAnyway);
    changed_.wait_until(lock, look, [&] { return stop_ || numbered_ != seen; });
    if (stop_ || std::chrono::steady_clock::now() >= deadline) return events;
  }
}

Status EventLog::DestroySalt(const std::string& event_id) {
  const Error unknown = NotFound("EVENT_UNKNOWN", "no such event in this log");
  if (!IsUuid(event_id)) return unknown;
  return database_.System("destroy salt", [&](db::Tx& tx) -> Status {
    if (tx.Exec(kDestroySalt, event_id).affected() == 0) return unknown;
    return Done{};
  });
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
