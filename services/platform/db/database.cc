// SPDX-License-Identifier: Apache-2.0
#include "platform/db/database.h"

#include <fmt/format.h>

#include <atomic>
#include <pqxx/pqxx>

#include "platform/core/check.h"
#include "platform/core/clock.h"
#include "platform/db/pool.h"
#include "platform/db/request_hash.h"
#include "platform/db/rows_held.h"
#include "platform/log/log.h"

namespace zonelink::db {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr int kTries = 3;
constexpr std::chrono::seconds kSystemDeadline{30};
// Many wait for a group: one that hangs on somebody's lock must let go soon.
constexpr std::chrono::seconds kGroupDeadline{2};

// As whom a transaction runs.
struct Names {
  Actor actor;
  const Caller& caller;
  Members members;
};

// Why an attempt ended without an answer.
enum class Trouble { kNone, kConflict, kBroken };

// Sets the whole context and reads what was left over from before, in one round trip. `stale` must
// be empty: a context never outlives its transaction.
constexpr Sql kEnter{"db.enter", R"sql(
  SELECT coalesce(current_setting('zl.parties', true), '') || coalesce(current_setting('zl.user', true), '')
           || coalesce(current_setting('zl.members', true), '') AS stale,
         set_config('role', $1, true), set_config('zl.user', $2, true),
         set_config('zl.organization', $3, true), set_config('zl.zone', $4, true),
         set_config('zl.roles', $5, true), set_config('zl.parties', $6, true),
         set_config('zl.members', $7, true), set_config('zl.member_users', $8, true),
         set_config('statement_timeout', $9, true), set_config('lock_timeout', $10, true)
)sql"};

constexpr Sql kClockOffset{"db.clock_offset", "SELECT offset_us FROM clock.setting"};

constexpr Sql kClaim{"db.idempotency_claim", R"sql(
  INSERT INTO idempotency (principal, rpc, key, request_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
)sql"};

constexpr Sql kStored{"db.idempotency_stored", R"sql(
  SELECT request_hash, reply FROM idempotency WHERE principal = $1 AND rpc = $2 AND key = $3
)sql"};

constexpr Sql kStore{"db.idempotency_store", R"sql(
  UPDATE idempotency SET reply = $4 WHERE principal = $1 AND rpc = $2 AND key = $3
)sql"};

std::string Joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += ',';
    out += text;
  }
  return out;
}

std::string PartiesOf(const Caller& caller) {
  std::vector<std::string> parties;
  if (!caller.organization_id.empty()) parties.push_back("org:" + caller.organization_id);
  if (!caller.zone.empty()) parties.push_back("zone:" + caller.zone);
  if (caller.HasRole("secretariat") || caller.HasRole("chair")) parties.push_back("leading-group");
  return Joined(parties);
}

std::string RoleOf(const Options& options, Actor actor) {
  switch (actor) {
    case Actor::kCaller: return "none";
    case Actor::kAuditor: return options.role + "_auditor";
    case Actor::kPublic: return options.role + "_public";
    case Actor::kSystem: return options.role + "_relay";
    case Actor::kGroup: return options.role + "_writer";
  }
  return "none";
}

std::optional<Error> ConstraintError(const Options& options, std::string_view message) {
  for (const auto& [name, error] : options.constraints) {
    if (message.find("\"" + name + "\"") != std::string_view::npos) return error;
  }
  return std::nullopt;
}

Error FromSqlError(const Options& options, const pqxx::sql_error& fault) {
  const std::string& state = fault.sqlstate();
  if (state == "57014") return DeadlineExceeded("DEADLINE_EXCEEDED", "the database took too long");
  if (state == "55P03") return Aborted("CONFLICT", "the row is held by another command");
  if (state.rfind("53", 0) == 0 || state.rfind("57P", 0) == 0) {
    return Unavailable("DATABASE_UNAVAILABLE", "the database refuses work");
  }
  if (state.rfind("23", 0) == 0) {
    if (auto mapped = ConstraintError(options, fault.what())) return *std::move(mapped);
  }
  log::Error("sql failed", {{"sqlstate", state}, {"error", std::string(fault.what())}});
  return Internal("a statement failed");
}

}  // namespace

Rows Tx::ExecParams(const Sql& sql, const std::vector<Param>& params) {
  auto& connection = *static_cast<Connection*>(connection_);
  auto& work = *static_cast<pqxx::transaction_base*>(work_);
  if (connection.prepared.insert(sql.name).second) connection.link.prepare(sql.name, sql.text);
  std::vector<const char*> values;
  values.reserve(params.size());
  for (const Param& param : params) values.push_back(param ? param->c_str() : nullptr);
  auto held = std::make_unique<Rows::Held>();
  held->result = work.exec_prepared(sql.name, pqxx::prepare::make_dynamic_params(values));
  return Rows(std::move(held));
}

struct Database::Pool {
  explicit Pool(const Options& options)
      : options(options),
        connections(ConnectionString(options.url, options.role, options.password, options.schema),
                    options.pool_size) {}

  // Sets the caller's row-level context and the deployment's time. The only place that does.
  Status Enter(Tx& tx, const Names& names, SteadyTime deadline) {
    const Caller& caller = names.caller;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return DeadlineExceeded("DEADLINE_EXCEEDED", "no time left");
    const Rows entered =
        tx.Exec(kEnter, RoleOf(options, names.actor), caller.user_id, caller.organization_id,
                caller.zone, Joined(caller.roles), PartiesOf(caller), Joined(names.members.places),
                Joined(names.members.users), std::to_string(left.count()),
                std::to_string(left.count() / 2 + 1));
    if (!entered[0].Text("stale").empty()) {
      ++leaked;
      log::Error("a connection came with somebody's context", {{"schema", options.schema}});
      return Internal("stale context");
    }
    tx.now_ = SystemClock().Now();
    if (options.controllable_clock) {
      tx.clock_offset_ = std::chrono::microseconds(tx.Exec(kClockOffset)[0].Int("offset_us"));
      tx.now_ += tx.clock_offset_;
    }
    return Done{};
  }

  // One attempt: transaction, context, body, commit. Sets `trouble` when it may be tried again.
  template <class Work>
  Status Attempt(Connection& connection, const Names& names, const Call& call,
                 const std::function<Status(Tx&)>& body, Trouble& trouble, bool& events) {
    try {
      Work work(connection.link);
      Tx tx(static_cast<pqxx::transaction_base*>(&work), &connection, &call);
      Status status = Enter(tx, names, call.deadline);
      if (status) status = body(tx);
      if (!status) return status;  // ~Work rolls back
      work.commit();
      events = tx.events_;
      return status;
    } catch (const pqxx::in_doubt_error&) {
      trouble = Trouble::kNone;
      return Unavailable("IN_DOUBT", "the commit's fate is unknown; ask again with the same key");
    } catch (const pqxx::serialization_failure&) {
      trouble = Trouble::kConflict;
      return Aborted("CONFLICT", "kept colliding with other commands");
    } catch (const pqxx::deadlock_detected&) {
      trouble = Trouble::kConflict;
      return Aborted("CONFLICT", "kept colliding with other commands");
    } catch (const pqxx::broken_connection&) {
      trouble = Trouble::kBroken;
      return Unavailable("DATABASE_UNAVAILABLE", "the database cannot be reached");
    } catch (const pqxx::sql_error& fault) {
      return FromSqlError(options, fault);
    } catch (const pqxx::failure& fault) {
      log::Error("database client failed", {{"error", std::string(fault.what())}});
      trouble = Trouble::kBroken;
      return Unavailable("DATABASE_UNAVAILABLE", "the database cannot be reached");
    }
  }

  template <class Work>
  Status Run(const Names& names, const Call& call, const std::function<Status(Tx&)>& body,
             bool& events) {
    Status status = Internal("not run");
    for (int attempt = 0; attempt < kTries; ++attempt) {
      std::unique_ptr<Connection> connection;
      try {
        connection = connections.Take(call.deadline);
      } catch (const pqxx::failure& fault) {
        log::Warn("cannot connect",
                  {{"schema", options.schema}, {"error", std::string(fault.what())}});
        return Unavailable("DATABASE_UNAVAILABLE", "the database cannot be reached");
      }
      if (!connection) return ResourceExhausted("OVERLOADED", "no database connection came free");
      Trouble trouble = Trouble::kNone;
      status = Attempt<Work>(*connection, names, call, body, trouble, events);
      const bool usable = connection->link.is_open() && trouble != Trouble::kBroken &&
                          (status || status.error().reason != "IN_DOUBT");
      if (usable) {
        connections.Return(std::move(connection));
      } else {
        connections.Discard(std::move(connection));
        connections.Flush();
      }
      if (status || trouble == Trouble::kNone) return status;
    }
    return status;
  }

  const Options& options;
  ConnectionPool connections;
  std::atomic<int64_t> leaked{0};
};

Database::Database(Options options)
    : options_(std::move(options)), pool_(std::make_unique<Pool>(options_)) {}
Database::~Database() = default;

// Claims the call's key; returns the stored reply's bytes if the same request was answered before.
static Result<std::optional<std::string>> Claim(Tx& tx, const Call& call, const std::string& hash) {
  const Rows claimed =
      tx.Exec(kClaim, call.caller.user_id, call.rpc, call.idempotency_key, Bytes{hash});
  if (claimed.affected() == 1) return std::optional<std::string>();
  const Rows stored = tx.Exec(kStored, call.caller.user_id, call.rpc, call.idempotency_key);
  if (stored.empty())
    return Aborted("IDEMPOTENCY_IN_PROGRESS", "the first request is still running");
  if (stored[0].Blob("request_hash") != hash) {
    return InvalidArgument("IDEMPOTENCY_KEY_REUSED", "the key belongs to another request");
  }
  return std::optional<std::string>(stored[0].Blob("reply"));
}

Status Database::RunCommand(const Call& call, const google::protobuf::Message& request,
                            google::protobuf::Message* reply,
                            const std::function<Status(Tx&)>& body) {
  const bool keyed = !call.idempotency_key.empty();
  const std::string hash = keyed ? RequestHash(request) : std::string();
  bool events = false;
  bool claiming = false;
  Status status = pool_->Run<pqxx::work>(
      {Actor::kCaller, call.caller, {}}, call,
      [&](Tx& tx) -> Status {
        if (!keyed) return body(tx);
        claiming = true;
        Result<std::optional<std::string>> stored = Claim(tx, call, hash);
        claiming = false;
        if (!stored) return stored.error();
        if (stored->has_value()) {
          ZL_CHECK(reply->ParseFromString(**stored), "a stored reply");
          return Done{};
        }
        const Status status = body(tx);
        if (!status) return status;
        tx.Exec(kStore, call.caller.user_id, call.rpc, call.idempotency_key,
                Bytes{reply->SerializeAsString()});
        return Done{};
      },
      events);
  if (events && notify_) notify_();
  if (!status && claiming && status.error().reason == "CONFLICT") {
    return Aborted("IDEMPOTENCY_IN_PROGRESS", "the first request with this key is still running");
  }
  return status;
}

Status Database::RunQuery(const Call& call, const std::function<Status(Tx&)>& body) {
  using ReadWork = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;
  const Actor actor = call.caller.HasRole("auditor") ? Actor::kAuditor
                      : call.caller.SignedIn()       ? Actor::kCaller
                                                     : Actor::kPublic;
  bool events = false;
  return pool_->Run<ReadWork>({actor, call.caller, {}}, call, body, events);
}

Status Database::RunOwn(std::string_view what, Actor actor, const Members& members,
                        const std::function<Status(Tx&)>& body) {
  Call call;
  call.rpc = std::string(what);
  call.deadline = std::chrono::steady_clock::now() +
                  (actor == Actor::kGroup ? kGroupDeadline : kSystemDeadline);
  bool events = false;
  const Status status = pool_->Run<pqxx::work>({actor, call.caller, members}, call, body, events);
  if (events && notify_) notify_();
  return status;
}

Status Database::System(std::string_view what, const std::function<Status(Tx&)>& body) {
  return RunOwn(what, Actor::kSystem, {}, body);
}

Status Database::Group(std::string_view what, const Members& members,
                       const std::function<Status(Tx&)>& body) {
  // The settings hold lists: a name with a comma would be two names.
  const auto divided = [](const std::string& name) { return name.find(',') != name.npos; };
  if (std::any_of(members.users.begin(), members.users.end(), divided) ||
      std::any_of(members.places.begin(), members.places.end(), divided)) {
    return Internal("a member's name with a comma");
  }
  return RunOwn(what, Actor::kGroup, members, body);
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

}  // namespace zonelink::db
