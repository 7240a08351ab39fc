// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/statement_log.h"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

#include "gateway/cli/json.h"
#include "tests/support/api.h"
#include "tests/support/child.h"

namespace zonelink::bench {
namespace {

constexpr std::chrono::seconds kLogLimit{20};
constexpr std::string_view kExecute = "execute ";
constexpr std::string_view kParameters = "parameters: ";

// A literal of which pgbench takes nothing for a variable.
std::string Literal(std::string_view text) {
  std::string out = "E'";
  for (const char c : text) {
    if (c == '\'') {
      out += "''";
    } else if (c == '\\') {
      out += "\\\\";
    } else if (c == ':') {
      out += "\\x3a";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// "$1 = 'a', $2 = NULL" as literals.
std::vector<std::string> LiteralsOf(std::string_view detail) {
  std::vector<std::string> literals;
  if (detail.substr(0, kParameters.size()) != kParameters) return literals;
  for (size_t at = detail.find("$"); at < detail.size(); at = detail.find("$", at)) {
    at = detail.find(" = ", at) + 3;
    if (detail[at] != '\'') {
      literals.emplace_back("NULL");
      continue;
    }
    std::string text;
    for (++at; at < detail.size(); ++at) {
      if (detail[at] == '\'' && (at + 1 >= detail.size() || detail[at + 1] != '\'')) break;
      if (detail[at] == '\'') ++at;
      text += detail[at];
    }
    ++at;
    literals.push_back(Literal(text));
  }
  return literals;
}

std::string WithLiterals(std::string_view sql, const std::vector<std::string>& literals) {
  std::string out;
  for (size_t at = 0; at < sql.size(); ++at) {
    size_t number = 0;
    size_t end = at + 1;
    for (; sql[at] == '$' && end < sql.size() && sql[end] >= '0' && sql[end] <= '9'; ++end) {
      number = number * 10 + static_cast<size_t>(sql[end] - '0');
    }
    if (number == 0) {
      out += sql[at];
      continue;
    }
    out += literals.at(number - 1);
    at = end - 1;
  }
  return out;
}

}  // namespace

StatementLog::StatementLog(const test::TestDatabase& database)
    : sql_(database.Admin()),
      database_(database.name()),
      path_(sql_.One("SELECT coalesce(pg_current_logfile('jsonlog'), '')")) {
  if (path_.empty()) {
    throw std::runtime_error(
        "this server needs logging_collector = on and log_destination = 'jsonlog', as ./dev bench "
        "sets them");
  }
  sql_.Run(fmt::format("ALTER DATABASE {} SET log_statement = 'all'", database_));
}

void StatementLog::Begin() { from_ = Size(); }

void StatementLog::End() {
  sql_.Run(fmt::format("ALTER DATABASE {} RESET log_statement", database_));
}

int64_t StatementLog::Size() {
  return std::stoll(sql_.One("SELECT size FROM pg_stat_file($1)", {path_}));
}

// Lines reach the file in the order in which they were logged: with the last of them all are there.
std::string StatementLog::Read() {
  const std::string mark = "end of statements " + test::FreshKey();
  sql_.Run(fmt::format("DO $$ BEGIN RAISE LOG '{}'; END $$", mark));
  std::string log;
  const bool complete = test::WaitUntil(kLogLimit, [&] {
    log = sql_.One("SELECT pg_read_file($1, $2, $3)",
                   {path_, std::to_string(from_), std::to_string(Size() - from_)});
    return log.find(mark) != std::string::npos;
  });
  if (!complete) throw std::runtime_error("the server does not write its log");
  return log;
}

std::vector<LoggedTransaction> StatementLog::Take(const std::string& role) {
  const std::string log = Read();
  std::vector<LoggedTransaction> done;
  struct Open {
    LoggedTransaction transaction;
    bool callers = false;
  };
  std::map<int64_t, Open> open;  // by process
  for (size_t at = 0; at < log.size();) {
    const size_t end = std::min(log.find('\n', at), log.size());
    const auto line = client::JsonDocument::Parse(std::string_view(log).substr(at, end - at));
    at = end + 1;
    if (!line || line->root()["dbname"].text() != database_) continue;
    if (line->root()["user"].text() != role) continue;
    const std::string message = line->root()["message"].text();
    const size_t colon = message.find(": ");
    if (message.rfind(kExecute, 0) != 0 || colon == std::string::npos) continue;
    const std::string name = message.substr(kExecute.size(), colon - kExecute.size());
    const std::string statement =
        WithLiterals(message.substr(colon + 2), LiteralsOf(line->root()["detail"].text()));
    Open& one = open[line->root()["pid"].number()];
    one.transaction.all.push_back(statement);
    if (name.rfind("db.", 0) != 0) one.transaction.body.push_back(statement);
    if (name == "db.enter") one.callers = statement.find("'role', E'none'") != std::string::npos;
    if (name != "db.commit") continue;
    if (one.callers) done.push_back(std::move(one.transaction));
    one = {};
  }
  return done;
}

}  // namespace zonelink::bench
