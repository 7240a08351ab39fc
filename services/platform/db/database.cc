// SPDX-License-Identifier: Apache-2.0
#include "platform/db/database.h"

#include <atomic>
#include <thread>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"
#include "platform/db/pool.h"
#include "platform/db/request_hash.h"
#include "platform/db/transaction.h"
#include "platform/log/log.h"

namespace zonelink::db {
namespace {

constexpr int kTries = 3;
constexpr std::chrono::microseconds kFirstPause{20'000};
constexpr std::chrono::seconds kSystemDeadline{30};
// Half of it is the longest wait for a case that somebody holds: others' rungs wait meanwhile.
constexpr std::chrono::seconds kTimerDeadline{10};
// Many wait for a group: one that hangs on somebody's lock must let go soon.
constexpr std::chrono::seconds kGroupDeadline{2};

using Body = std::function<Status(Tx&)>;

std::chrono::seconds DeadlineOf(Actor actor) {
  if (actor == Actor::kGroup) return kGroupDeadline;
  return actor == Actor::kTimer ? kTimerDeadline : kSystemDeadline;
}

// How a transaction, tried as often as it may be, ended.
struct Outcome {
  Status status = Internal("not run");
  bool again = false;      // the attempt may be repeated
  bool key_taken = false;  // by an earlier command: nothing was done
  bool events = false;     // were appended
};

constexpr Sql kStored{"db.idempotency_stored", R"sql(
  SELECT request_hash, reply FROM idempotency WHERE principal = $1 AND rpc = $2 AND key = $3
)sql"};

constexpr Sql kStore{"db.idempotency_store", R"sql(
  UPDATE idempotency SET reply = $4 WHERE principal = $1 AND rpc = $2 AND key = $3
)sql"};

std::array<std::string, 6> RolesOf(const std::string& role) {
  return {"none",          role + "_auditor", role + "_public",
          role + "_relay", role + "_writer",  role + "_timer"};
}

std::optional<Error> ConstraintError(const Options& options, std::string_view message) {
  for (const auto& [name, error] : options.constraints) {
    if (message.find("\"" + name + "\"") != std::string_view::npos) return error;
  }
  return std::nullopt;
}

Error FromSqlFault(const Options& options, const SqlFault& fault) {
  const std::string& state = fault.sqlstate;
  if (state == "40001" || state == "40P01") {
    return Aborted("CONFLICT", "kept colliding with other commands");
  }
  if (state == "57014") return DeadlineExceeded("DEADLINE_EXCEEDED", "the database took too long");
  if (state == "55P03") return Aborted("CONFLICT", "the row is held by another command");
  if (state.rfind("53", 0) == 0) {
    return Unavailable("DATABASE_UNAVAILABLE", "the database refuses work");
  }
  if (state.rfind("23", 0) == 0) {
    if (auto mapped = ConstraintError(options, fault.what())) return *std::move(mapped);
  }
  log::Error(
      "sql failed",
      {{"statement", fault.statement}, {"sqlstate", state}, {"error", std::string(fault.what())}});
  return Internal("a statement failed");
}

// Whoever collided lets the other finish first. Half of it is chance: two that pause equally long
// collide again.
std::chrono::microseconds PauseAfter(int attempt) {
  constexpr int kParts = 256;
  const auto chance = static_cast<unsigned char>(crypto::RandomBytes(1)[0]);
  return kFirstPause * (attempt + 1) * (kParts + chance) / (2 * kParts);
}

Error Unreachable() {
  return Unavailable("DATABASE_UNAVAILABLE", "the database cannot be reached");
}

}  // namespace

Rows Tx::ExecParams(const Sql& sql, std::span<const Param> params) {
  return Rows(work_->Send(sql, params));
}
void Tx::End() { work_->End(); }
Time Tx::now() const { return work_->now(); }
void Tx::NotBefore(Time last_change) { work_->NotBefore(last_change); }
const Call& Tx::call() const { return work_->call(); }
void Tx::MarkEvents() { work_->events = true; }
std::chrono::microseconds Tx::clock_offset() const { return work_->clock_offset(); }

struct Database::Pool {
  explicit Pool(const Options& options)
      : options(options),
        roles(RolesOf(options.role)),
        connections(ConnectionString(options.url, options.role, options.password, options.schema),
                    options.pool_size) {}

  Terms TermsOf(const Call& call, Actor actor, bool writes) const {
    return {.call = call,
            .role = roles[static_cast<size_t>(actor)],
            .writes = writes,
            .controllable_clock = options.controllable_clock};
  }

  // One attempt: the transaction, its body, the commit. The connection is left clean or lost.
  Outcome Attempt(Connection& connection, const Terms& terms, const Body& body) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        terms.call.deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return {DeadlineExceeded("DEADLINE_EXCEEDED", "no time left")};
    std::optional<Transaction> work;
    try {
      work.emplace(connection, terms, left);
      Outcome outcome = RunBody(connection, *work, body);
      if (!outcome.status && !connection.lost()) connection.RollBack();
      return outcome;
    } catch (const LinkLost&) {
      if (!work || !work->committing()) return {Unreachable(), true};
      return {Unavailable("IN_DOUBT", "the commit's fate is unknown; ask again with the same key")};
    }
  }

  Outcome RunBody(Connection& connection, Transaction& work, const Body& body) {
    try {
      Tx tx(&work);
      Status status = body(tx);
      // A repeat is answered as the first was, whatever its body says now.
      if (!status && work.claiming()) work.Open();
      if (status) work.Commit();
      return {std::move(status), false, false, work.events};
    } catch (const KeyTaken& taken) {
      return {Internal(taken.what()), false, true};
    } catch (const StaleContext&) {
      ++leaked;
      log::Error("a connection came with somebody's context", {{"schema", options.schema}});
      connection.GiveUp();
      return {Internal("stale context")};
    } catch (const SqlFault& fault) {
      Error error = FromSqlFault(options, fault);
      const bool again = fault.sqlstate == "40001" || fault.sqlstate == "40P01";
      if (work.claiming() && error.reason == "CONFLICT") {
        error = Aborted("IDEMPOTENCY_IN_PROGRESS", "the first request is still running");
      }
      return {std::move(error), again};
    }
  }

  Outcome Run(const Terms& terms, const Body& body) {
    Outcome outcome;
    for (int attempt = 0; attempt < kTries; ++attempt) {
      std::unique_ptr<Connection> connection;
      try {
        connection = connections.Take(terms.call.deadline);
      } catch (const LinkLost& fault) {
        log::Warn("cannot connect",
                  {{"schema", options.schema}, {"error", std::string(fault.what())}});
        return {Unreachable()};
      }
      if (!connection) return {ResourceExhausted("OVERLOADED", "no database connection came free")};
      const int64_t before = connection->round_trips();
      outcome = Attempt(*connection, terms, body);
      round_trips += connection->round_trips() - before;
      if (connection->lost()) {
        connections.Discard(std::move(connection));
        connections.Flush();
      } else {
        connections.Return(std::move(connection));
      }
      if (!outcome.again || attempt + 1 == kTries) return outcome;
      const auto next = std::chrono::steady_clock::now() + PauseAfter(attempt);
      if (next >= terms.call.deadline) return outcome;
      std::this_thread::sleep_until(next);
    }
    return outcome;
  }

  const Options& options;
  const std::array<std::string, 6> roles;  // by Actor
  ConnectionPool connections;
  std::atomic<int64_t> leaked{0};
  std::atomic<int64_t> round_trips{0};
};

Database::Database(Options options)
    : options_(std::move(options)), pool_(std::make_unique<Pool>(options_)) {}
Database::~Database() = default;

Status Database::RunCommand(const Call& call, const google::protobuf::Message& request,
                            google::protobuf::Message* reply, const Body& body) {
  Terms terms = pool_->TermsOf(call, Actor::kCaller, true);
  const std::string hash = call.idempotency_key.empty() ? "" : RequestHash(request);
  terms.request_hash = hash;
  Outcome outcome = pool_->Run(terms, [&](Tx& tx) -> Status {
    Status status = body(tx);
    if (status && !hash.empty()) {
      tx.Exec(kStore, call.caller.user_id, call.rpc, call.idempotency_key,
              Bytes{reply->SerializeAsString()});
    }
    return status;
  });
  if (outcome.key_taken) return StoredReply(call, hash, reply);
  if (outcome.events && notify_) notify_();
  return std::move(outcome.status);
}

// In a transaction of its own: it sees what the claim waited for.
Status Database::StoredReply(const Call& call, const std::string& hash,
                             google::protobuf::Message* reply) {
  const auto body = [&](Tx& tx) -> Status {
    const Rows stored = tx.Exec(kStored, call.caller.user_id, call.rpc, call.idempotency_key);
    if (stored.empty())
      return Aborted("IDEMPOTENCY_IN_PROGRESS", "the first request is still running");
    if (stored[0].Blob("request_hash") != hash) {
      return InvalidArgument("IDEMPOTENCY_KEY_REUSED", "the key belongs to another request");
    }
    ZL_CHECK(reply->ParseFromString(stored[0].Blob("reply")), "a stored reply");
    return Done{};
  };
  return pool_->Run(pool_->TermsOf(call, Actor::kCaller, false), body).status;
}

Status Database::RunQuery(const Call& call, const Body& body) {
  const Actor actor = call.caller.HasRole("auditor") ? Actor::kAuditor
                      : call.caller.SignedIn()       ? Actor::kCaller
                                                     : Actor::kPublic;
  return pool_->Run(pool_->TermsOf(call, actor, false), body).status;
}

Status Database::RunOwn(std::string_view what, Actor actor, const Members* members,
                        const Body& body) {
  Call call;
  call.rpc = std::string(what);
  call.deadline = std::chrono::steady_clock::now() + DeadlineOf(actor);
  Terms terms = pool_->TermsOf(call, actor, true);
  terms.members = members;
  Outcome outcome = pool_->Run(terms, body);
  if (outcome.events && notify_) notify_();
  return std::move(outcome.status);
}

Status Database::System(std::string_view what, const Body& body) {
  return RunOwn(what, Actor::kSystem, nullptr, body);
}

Status Database::Timer(std::string_view what, const Body& body) {
  return RunOwn(what, Actor::kTimer, nullptr, body);
}

Status Database::Group(std::string_view what, const Members& members, const Body& body) {
  // The settings hold lists: a name with a comma would be two names.
  const auto divided = [](const std::string& name) { return name.find(',') != name.npos; };
  if (std::any_of(members.users.begin(), members.users.end(), divided) ||
      std::any_of(members.places.begin(), members.places.end(), divided)) {
    return Internal("a member's name with a comma");
  }
  return RunOwn(what, Actor::kGroup, &members, body);
}

void Database::OnEvents(std::function<void()> notify) { notify_ = std::move(notify); }

Status Database::Ping() {
  constexpr static Sql kPing{"db.ping", "SELECT 1 AS one"};
  return System("ping", [](Tx& tx) -> Status {
    tx.Exec(kPing);
    return Done{};
  });
}

int64_t Database::leaked_contexts() const { return pool_->leaked; }

int64_t Database::round_trips() const { return pool_->round_trips; }

}  // namespace zonelink::db
