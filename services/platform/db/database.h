// SPDX-License-Identifier: Apache-2.0
// The one way to PostgreSQL. Command writes, Query reads, System is for relay and consumers, Timer
// for what falls due, Group for what db::GroupCommit writes in the names of several callers.
//
// Each runs its body in one transaction whose first statement sets the caller's row-level context
// (set_config(…, true)), so that the database itself keeps callers to their rows. A Command's,
// System's or Timer's body may run twice (serialization failure, deadlock): nothing but SQL inside.
#pragma once

#include <google/protobuf/message.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::db {

// A statement with a name for metrics and logs; prepared once per connection.
struct Sql {
  const char* name;
  const char* text;
};

// Raw bytes for a bytea parameter or result.
struct Bytes {
  std::string data;
};

// Elements of a uuid[] parameter, as PostgreSQL prints them. The database refuses the statement
// where one is no UUID.
struct Uuids {
  std::vector<std::string_view> texts;
};

// One parameter: PostgreSQL's text form, its binary form, or raw bytes of a bytea. What is not
// `Owned` refers to the argument it was made of.
class Param {
 public:
  Param(std::nullopt_t) : null_(true) {}  // NOLINT: implicit on purpose, as std::optional
  Param(std::string text) : owned_(std::move(text)) {}  // NOLINT: implicit on purpose
  static Param Text(const char* text) { return Param(text, 0, false); }
  static Param Raw(std::string_view bytes) { return Param(bytes.data(), bytes.size(), true); }
  static Param Binary(std::string bytes) {  // PostgreSQL's binary form of a type
    Param param(std::move(bytes));
    param.size_ = param.owned_.size();
    param.binary_ = true;
    return param;
  }

  const char* data() const {
    if (null_) return nullptr;
    return borrowed_ != nullptr ? borrowed_ : owned_.c_str();
  }
  size_t size() const { return size_; }  // of what is binary
  bool binary() const { return binary_; }

 private:
  Param(const char* borrowed, size_t size, bool binary)
      : borrowed_(borrowed), size_(size), binary_(binary) {}
  bool null_ = false;
  const char* borrowed_ = nullptr;
  std::string owned_;
  size_t size_ = 0;
  bool binary_ = false;
};
Param ToParam(std::string_view text);
Param ToParam(int64_t number);
Param ToParam(int number);
Param ToParam(bool truth);
Param ToParam(Time at);
Param ToParam(Date day);
// Arrays are of exactly these types: a statement that needs others casts them.
Param ToParam(const std::vector<std::string>& texts);       // text[]
Param ToParam(const std::vector<std::string_view>& texts);  // text[]
Param ToParam(const Uuids& uuids);                          // uuid[]
Param ToParam(const std::vector<int64_t>& numbers);         // bigint[]
Param ToParam(const std::vector<Bytes>& values);            // bytea[]
Param ToParam(const std::vector<Time>& times);              // timestamptz[]
inline Param ToParam(const std::string& text) { return Param::Text(text.c_str()); }
inline Param ToParam(const char* text) { return Param::Text(text); }
inline Param ToParam(const Bytes& bytes) { return Param::Raw(bytes.data); }
inline Param ToParam(const Param& param) { return param; }
template <class T>
Param ToParam(const std::optional<T>& value) {
  if (!value) return std::nullopt;
  return ToParam(*value);
}

// A text[] as text, to stand inside another array.
std::string ArrayText(const std::vector<std::string>& texts);

struct Answer;
class Transaction;

// One row. Reading a column that does not exist, or NULL where a value is promised, is a
// programmer's error and crashes.
class Row {
 public:
  std::string Text(const char* column) const;  // text, uuid
  std::optional<std::string> MaybeText(const char* column) const;
  int64_t Int(const char* column) const;  // bigint, integer, smallint
  std::optional<int64_t> MaybeInt(const char* column) const;
  bool Bool(const char* column) const;
  Time At(const char* column) const;  // timestamptz
  std::optional<Time> MaybeAt(const char* column) const;
  Date Day(const char* column) const;  // date
  std::optional<Date> MaybeDay(const char* column) const;
  std::string Blob(const char* column) const;                // bytea
  std::vector<std::string> Texts(const char* column) const;  // text[] without NULLs

 private:
  friend class Rows;
  Row(Answer* answer, int index) : answer_(answer), index_(index) {}
  Answer* answer_;
  int index_;
};

// What a statement answers. It is waited for when somebody first looks.
class Rows {
 public:
  size_t size() const;
  bool empty() const { return size() == 0; }
  Row operator[](size_t index) const;
  int64_t affected() const;  // rows written

 private:
  friend class Tx;
  friend class Transaction;
  explicit Rows(std::shared_ptr<Answer> answer) : answer_(std::move(answer)) {}
  Answer& Came() const;
  std::shared_ptr<Answer> answer_;
};

class Database;

class Tx {
 public:
  // Queues the statement. It is written together with those before and after it when the answer of
  // one of them is looked at, at the latest by the commit; they run in their order. A statement the
  // database refuses ends the body there, by an exception that only Database catches.
  template <class... Args>
  Rows Exec(const Sql& sql, const Args&... args) {
    return ExecParams(sql, std::array<Param, sizeof...(Args)>{ToParam(args)...});
  }
  Rows ExecParams(const Sql& sql, std::span<const Param> params);

  // Promises that no statement follows. A Query's commit then travels with what is queued instead
  // of by itself; nothing changes for what writes.
  void End();

  // The deployment's time when the transaction began: wall time plus the controllable clock's
  // offset.
  Time now() const;
  // Raises now() to the last change of a row that this transaction had to wait for: the history of
  // one thing never runs backwards.
  void NotBefore(Time last_change);
  const Call& call() const;
  // Tells the event log's numbering leader after commit that there is work.
  void MarkEvents();
  // What the controllable clock adds to wall time in this transaction.
  std::chrono::microseconds clock_offset() const;

 private:
  friend class Database;
  explicit Tx(Transaction* work) : work_(work) {}
  Transaction* work_;
};

// Under which database role a transaction runs. Each has its own policies.
enum class Actor {
  kCaller,   // <role>: the caller's rows
  kAuditor,  // <role>_auditor: reads all rows, writes none
  kPublic,   // <role>_public: what is readable without login
  kSystem,   // <role>_relay: event log, consumers' tables
  kGroup,    // <role>_writer: inserts rows of the members, reads what they are checked against
  kTimer,    // <role>_timer: clocks, and what their rungs change
};

// In whose names a group of writes runs: the database refuses rows of anybody else.
struct Members {
  std::vector<std::string> users;   // user ids
  std::vector<std::string> places;  // <organisation>@<zone>
};

struct Options {
  std::string url;       // libpq connection string without user and password
  std::string role;      // login role, for example zl_recognition
  std::string password;  // read from a file by the caller
  std::string schema;    // search_path
  unsigned pool_size = 8;
  bool controllable_clock = false;
  // Name of a constraint → the refusal it stands for.
  std::map<std::string, Error> constraints;
};

class Database {
 public:
  explicit Database(Options options);
  ~Database();
  Database(const Database&) = delete;

  // Runs `body`, stores its successful reply under the call's idempotency key, commits, answers.
  // Same key and same request again: the stored reply. Same key, other request:
  // InvalidArgument `IDEMPOTENCY_KEY_REUSED`; still running elsewhere: Aborted
  // `IDEMPOTENCY_IN_PROGRESS`. Unavailable `IN_DOUBT`: the commit's fate is unknown; ask again with
  // the same key.
  template <class Reply, class Body>
  Result<Reply> Command(const Call& call, const google::protobuf::Message& request, Body&& body) {
    Reply reply;
    const Status status = RunCommand(call, request, &reply, [&](Tx& tx) -> Status {
      Result<Reply> made = body(tx);
      if (!made) return std::move(made).error();
      reply = std::move(made).value();
      return Done{};
    });
    if (!status) return status.error();
    return reply;
  }

  // Reads in one REPEATABLE READ, READ ONLY transaction: as auditor where the caller holds that
  // role, as the public where nobody is signed in. `body` returns a Result.
  template <class Body>
  auto Query(const Call& call, Body&& body) -> std::invoke_result_t<Body, Tx&> {
    std::optional<std::invoke_result_t<Body, Tx&>> answer;
    const Status status = RunQuery(call, [&](Tx& tx) -> Status {
      answer.emplace(body(tx));
      return Done{};
    });
    if (!status) return status.error();
    return *std::move(answer);
  }

  // Writes as the relay role, outside any caller's context. `body` returns a Status.
  Status System(std::string_view what, const std::function<Status(Tx&)>& body);

  // Writes as the timer role, outside any caller's context, what falls due.
  Status Timer(std::string_view what, const std::function<Status(Tx&)>& body);

  // Writes rows of several callers as the writer role. READ COMMITTED: each statement sees what was
  // committed before it. Stores use GroupCommit instead.
  Status Group(std::string_view what, const Members& members,
               const std::function<Status(Tx&)>& body);

  // Called after each commit that appended events.
  void OnEvents(std::function<void()> notify);
  // SELECT 1 on a pooled connection.
  Status Ping();
  const std::string& schema() const { return options_.schema; }
  // Times a connection was found with somebody's context; must stay 0 (invariant I-09).
  int64_t leaked_contexts() const;
  // Times a transaction has waited for the database.
  int64_t round_trips() const;

 private:
  struct Pool;
  Status RunCommand(const Call& call, const google::protobuf::Message& request,
                    google::protobuf::Message* reply, const std::function<Status(Tx&)>& body);
  Status StoredReply(const Call& call, const std::string& hash, google::protobuf::Message* reply);
  Status RunQuery(const Call& call, const std::function<Status(Tx&)>& body);
  // On the service's own behalf.
  Status RunOwn(std::string_view what, Actor actor, const Members* members,
                const std::function<Status(Tx&)>& body);

  Options options_;
  std::unique_ptr<Pool> pool_;
  std::function<void()> notify_;
};

}  // namespace zonelink::db
