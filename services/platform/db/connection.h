// SPDX-License-Identifier: Apache-2.0
// One connection in libpq's pipeline mode: statements are queued and written together when somebody
// waits for an answer. Answers come in the order of their statements; when one is refused, those
// behind it are not run up to the next end of the pipeline.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "platform/db/database.h"

namespace zonelink::db {

// PostgreSQL refused a statement.
struct SqlFault : std::runtime_error {
  SqlFault(std::string statement, std::string sqlstate, const std::string& message)
      : std::runtime_error(message),
        statement(std::move(statement)),
        sqlstate(std::move(sqlstate)) {}
  std::string statement;  // its Sql::name
  std::string sqlstate;
};

// The connection is gone, or cannot be opened. What was written may or may not have been done.
struct LinkLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Transaction;

// What a statement answered, once it has.
struct Answer {
  explicit Answer(Transaction* asker) : asker(asker) {}
  ~Answer() { PQclear(result); }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  Transaction* asker;  // waits for it
  PGresult* result = nullptr;
  struct Column {
    const char* name;
    Oid type;
  };
  std::vector<Column> columns;  // of the result, once a row of it has been read
  size_t next_column = 0;       // columns are mostly read in their order
};

class Connection {
 public:
  // Throws LinkLost.
  explicit Connection(const std::string& url);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Queues a statement, prepared on this connection when it is new to it.
  std::shared_ptr<Answer> Send(const Sql& sql, std::span<const Param> params, Transaction* asker);
  // Ends the pipeline and writes what is queued, without waiting.
  void End();
  // As End, where somebody will wait for the answers.
  void EndAndAnswer();
  // Waits for one answer, or for all. Throws SqlFault of the first refused statement it reads.
  void Await(const Answer& answer);
  void AwaitAll();
  // Waits for all answers of a pipeline that was ended, then throws as above.
  void Settle();
  // Leaves no transaction and nothing unanswered behind. Throws LinkLost.
  void RollBack();

  // Nothing unanswered and no transaction, once what a finished one left has been read.
  bool Ready();
  // Not to be used again: lost, or found in somebody's context.
  bool lost() const { return lost_; }
  void GiveUp() { lost_ = true; }
  // Times somebody waited for what had to be written first.
  int64_t round_trips() const { return round_trips_; }

 private:
  enum class Kind { kPrepare, kStatement, kEnd };
  struct Pending {
    Kind kind;
    const char* name;  // Sql::name; nullptr for kEnd
    std::shared_ptr<Answer> answer;
  };
  void Queue(int queued, Pending pending);
  void Write();
  void Forget();
  std::optional<SqlFault> ReadNext();
  [[noreturn]] void Lose(const PGresult* result);

  PGconn* link_;
  std::deque<Pending> pending_;
  std::set<std::string, std::less<>> prepared_;  // by Sql::name; looked up without a copy
  bool ended_ = true;                            // the pipeline, after all that is queued
  bool written_ = true;                          // all that is queued
  bool lost_ = false;
  int64_t round_trips_ = 0;
  // One statement's parameters as libpq takes them; kept for their memory.
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

}  // namespace zonelink::db
