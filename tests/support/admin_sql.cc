// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_sql.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <stdexcept>

namespace zonelink::test {
namespace {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

}  // namespace

void AdminSql::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

AdminSql::AdminSql(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    throw std::runtime_error(fmt::format("test cluster: {}", PQerrorMessage(connection_.get())));
  }
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
}

AdminSql::~AdminSql() = default;
AdminSql::AdminSql(AdminSql&&) noexcept = default;

std::vector<AdminSql::Row> AdminSql::Query(const std::string& sql,
                                           const std::vector<std::string>& params) {
  std::vector<const char*> values;
  for (const auto& param : params) values.push_back(param.c_str());
  const ResultPtr result(PQexecParams(connection_.get(), sql.c_str(),
                                      static_cast<int>(values.size()), nullptr, values.data(),
                                      nullptr, nullptr, 0));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    throw std::runtime_error(fmt::format("{}: {}", sql, PQerrorMessage(connection_.get())));
  }
  std::vector<Row> rows(static_cast<size_t>(PQntuples(result.get())));
  for (size_t r = 0; r < rows.size(); ++r) {
    for (int c = 0; c < PQnfields(result.get()); ++c) {
      const int row = static_cast<int>(r);
      const bool null = PQgetisnull(result.get(), row, c) == 1;
      rows[r].push_back(null ? std::nullopt : std::optional(PQgetvalue(result.get(), row, c)));
    }
  }
  return rows;
}

std::string AdminSql::One(const std::string& sql, const std::vector<std::string>& params) {
  const auto rows = Query(sql, params);
  if (rows.size() != 1 || rows[0].empty() || !rows[0][0]) {
    throw std::runtime_error(fmt::format("{}: not one value but {} rows", sql, rows.size()));
  }
  return *rows[0][0];
}

void AdminSql::Run(const std::string& sql) {
  const ResultPtr result(PQexec(connection_.get(), sql.c_str()));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    throw std::runtime_error(fmt::format("{}: {}", sql, PQerrorMessage(connection_.get())));
  }
}

Contents ContentsOf(AdminSql& sql, const std::vector<std::string>& except) {
  const auto tables = sql.Query(
      "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = "
      "c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', "
      "'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%' ORDER BY 1");
  Contents contents;
  std::string all;
  for (const auto& row : tables) {
    const std::string& table = *row[0];
    if (std::find(except.begin(), except.end(), table) != except.end()) continue;
    // One statement for all tables, so that all are seen at the same instant.
    if (!all.empty()) all += " UNION ALL ";
    all += fmt::format(
        "SELECT '{0}', count(*)::text || ' rows, digest ' || coalesce(md5(string_agg(md5(t::text), "
        "'' "
        "ORDER BY md5(t::text))), '-') FROM {0} t",
        table);
  }
  for (const auto& row : sql.Query(all)) contents[*row[0]] = *row[1];
  return contents;
}

std::vector<std::string> Changed(const Contents& before, const Contents& after) {
  std::vector<std::string> changed;
  for (const auto& [table, digest] : after) {
    const auto was = before.find(table);
    if (was == before.end() || was->second != digest) {
      changed.push_back(
          fmt::format("{}: {} -> {}", table, was == before.end() ? "absent" : was->second, digest));
    }
  }
  return changed;
}

}  // namespace zonelink::test
