// SPDX-License-Identifier: Apache-2.0
#include "platform/db/connection.h"

#include "platform/core/check.h"
#include "platform/log/log.h"

namespace zonelink::db {
namespace {

constexpr int kBinary = 1;
constexpr Sql kRollback{"db.rollback", "ROLLBACK"};

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultHolder = std::unique_ptr<PGresult, Clear>;

std::string FieldOf(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? "" : text;
}

void LogNotice(void*, const PGresult* notice) {
  if (FieldOf(notice, PG_DIAG_SEVERITY_NONLOCALIZED) != "WARNING") return;
  log::Warn("the database warns", {{"sqlstate", FieldOf(notice, PG_DIAG_SQLSTATE)},
                                   {"warning", FieldOf(notice, PG_DIAG_MESSAGE_PRIMARY)}});
}

// The server ends the connection with it: shutdown, termination, time-out of an idle session.
bool EndsConnection(std::string_view sqlstate) {
  return sqlstate.empty() || sqlstate.substr(0, 2) == "08" || (sqlstate.substr(0, 3) == "57P") ||
         sqlstate == "25P03";
}

}  // namespace

Connection::Connection(const std::string& url) : link_(PQconnectdb(url.c_str())) {
  if (PQstatus(link_) == CONNECTION_OK && PQenterPipelineMode(link_) == 1) {
    PQsetNoticeReceiver(link_, LogNotice, nullptr);
    return;
  }
  const std::string message = PQerrorMessage(link_);
  PQfinish(link_);
  throw LinkLost(message);
}

Connection::~Connection() { PQfinish(link_); }

std::shared_ptr<Answer> Connection::Send(const Sql& sql, std::span<const Param> params,
                                         Transaction* asker) {
  if (prepared_.find(std::string_view(sql.name)) == prepared_.end()) {
    prepared_.emplace(sql.name);
    Queue(PQsendPrepare(link_, sql.name, sql.text, 0, nullptr),
          {Kind::kPrepare, sql.name, nullptr});
  }
  values_.clear();
  lengths_.clear();
  formats_.clear();
  for (const Param& param : params) {
    values_.push_back(param.data());
    lengths_.push_back(static_cast<int>(param.size()));
    formats_.push_back(param.binary() ? kBinary : 0);
  }
  auto answer = std::make_shared<Answer>(asker);
  Queue(PQsendQueryPrepared(link_, sql.name, static_cast<int>(params.size()), values_.data(),
                            lengths_.data(), formats_.data(), kBinary),
        {Kind::kStatement, sql.name, answer});
  return answer;
}

void Connection::End() {
  Queue(PQpipelineSync(link_), {Kind::kEnd, nullptr, nullptr});  // writes by itself
  written_ = true;
  ended_ = true;
}

void Connection::EndAndAnswer() {
  End();
  ++round_trips_;
}

void Connection::Await(const Answer& answer) {
  while (answer.result == nullptr) {
    Write();
    if (auto fault = ReadNext()) throw *std::move(fault);
  }
}

void Connection::AwaitAll() {
  while (!pending_.empty()) {
    Write();
    if (auto fault = ReadNext()) throw *std::move(fault);
  }
}

void Connection::Settle() {
  if (pending_.empty()) return;
  ++round_trips_;
  std::optional<SqlFault> first;
  while (!pending_.empty()) {
    auto fault = ReadNext();
    if (fault && !first) first = std::move(fault);
  }
  if (first) throw *std::move(first);
}

void Connection::RollBack() {
  if (ended_) Forget();  // a commit may be among it
  // libpq knows at the pipeline's end only whether a transaction is open, and a statement refused
  // before it in the pipeline leaves the first ROLLBACK unread by the server.
  while (!ended_ || PQtransactionStatus(link_) != PQTRANS_IDLE) {
    Send(kRollback, {}, nullptr);
    End();
    Forget();
  }
}

// Reads the answers of a transaction that is thrown away.
void Connection::Forget() {
  try {
    Settle();
  } catch (const SqlFault&) {
    // Of no interest any more.
  }
}

bool Connection::Ready() {
  try {
    while (!pending_.empty()) {
      if (ReadNext()) return false;
    }
  } catch (const LinkLost&) {
    return false;
  }
  return PQtransactionStatus(link_) == PQTRANS_IDLE;
}

void Connection::Queue(int queued, Pending pending) {
  if (queued != 1) Lose(nullptr);
  pending_.push_back(std::move(pending));
  written_ = false;
  ended_ = false;
}

// Asks the server to answer what it has so far, without ending the pipeline.
void Connection::Write() {
  if (written_) return;
  if (PQsendFlushRequest(link_) != 1 || PQflush(link_) != 0) Lose(nullptr);
  written_ = true;
  ++round_trips_;
}

// Reads the next answer; returns its fault if it has one.
std::optional<SqlFault> Connection::ReadNext() {
  ZL_CHECK(!pending_.empty(), "an answer that was asked for");
  const Pending next = std::move(pending_.front());
  pending_.pop_front();
  ResultHolder result(PQgetResult(link_));
  if (!result) Lose(nullptr);
  const ExecStatusType status = PQresultStatus(result.get());
  if (next.kind == Kind::kEnd) {
    if (status != PGRES_PIPELINE_SYNC) Lose(result.get());
    return std::nullopt;
  }
  const bool failed = status == PGRES_FATAL_ERROR;
  const std::string sqlstate = failed ? FieldOf(result.get(), PG_DIAG_SQLSTATE) : "";
  if (failed && EndsConnection(sqlstate)) Lose(result.get());
  // Each statement's answers end with none; there is one before.
  if (ResultHolder(PQgetResult(link_))) Lose(nullptr);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
    if (next.answer) next.answer->result = result.release();
    return std::nullopt;
  }
  if (next.kind == Kind::kPrepare) prepared_.erase(next.name);
  if (next.answer) next.answer->asker = nullptr;
  if (status == PGRES_PIPELINE_ABORTED) return std::nullopt;
  if (!failed) Lose(result.get());
  return SqlFault(next.name, sqlstate, PQresultErrorMessage(result.get()));
}

void Connection::Lose(const PGresult* result) {
  lost_ = true;
  for (const Pending& pending : pending_) {
    if (pending.answer) pending.answer->asker = nullptr;
  }
  pending_.clear();
  const std::string message = result == nullptr ? "" : PQresultErrorMessage(result);
  throw LinkLost(message.empty() ? PQerrorMessage(link_) : message);
}

}  // namespace zonelink::db
