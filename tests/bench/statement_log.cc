// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/statement_log.h"

#include <fmt/format.h>

#include <map>

namespace zonelink::bench {
namespace {

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
    : sql_(database.Admin()), database_(database.name()), log_(sql_, database_) {
  sql_.Run(fmt::format("ALTER DATABASE {} SET log_statement = 'all'", database_));
}

void StatementLog::End() {
  sql_.Run(fmt::format("ALTER DATABASE {} RESET log_statement", database_));
}

std::vector<LoggedTransaction> StatementLog::Take(const std::string& role) {
  std::vector<LoggedTransaction> done;
  struct Open {
    LoggedTransaction transaction;
    bool callers = false;
  };
  std::map<int64_t, Open> open;  // by process
  log_.Visit([&](const client::Json& entry) {
    if (entry["user"].text() != role) return;
    const std::string message = entry["message"].text();
    const size_t colon = message.find(": ");
    if (message.rfind(kExecute, 0) != 0 || colon == std::string::npos) return;
    const std::string name = message.substr(kExecute.size(), colon - kExecute.size());
    const std::string statement =
        WithLiterals(message.substr(colon + 2), LiteralsOf(entry["detail"].text()));
    Open& one = open[entry["pid"].number()];
    one.transaction.all.push_back(statement);
    if (name.rfind("db.", 0) != 0) one.transaction.body.push_back(statement);
    if (name == "db.enter") one.callers = statement.find("'role', E'none'") != std::string::npos;
    if (name != "db.commit") return;
    if (one.callers) done.push_back(std::move(one.transaction));
    one = {};
  });
  return done;
}

}  // namespace zonelink::bench
