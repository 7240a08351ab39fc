// SPDX-License-Identifier: Apache-2.0
// The test's own superuser connection: it sees what no service may see.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct pg_conn;

namespace zonelink::test {

class AdminSql {
 public:
  using Row = std::vector<std::optional<std::string>>;

  explicit AdminSql(const std::string& url);  // throws std::runtime_error, as all here
  ~AdminSql();
  AdminSql(AdminSql&&) noexcept;

  std::vector<Row> Query(const std::string& sql, const std::vector<std::string>& params = {});
  // The first column of the only row.
  std::string One(const std::string& sql, const std::vector<std::string>& params = {});
  // Statements without parameters.
  void Run(const std::string& sql);

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  std::unique_ptr<pg_conn, Close> connection_;
};

// A digest of every row of every table of the services, by table. Two equal contents mean that
// nothing was written. `except`: tables that may change by themselves.
using Contents = std::map<std::string, std::string>;
Contents ContentsOf(AdminSql& sql, const std::vector<std::string>& except = {});
// The tables that differ, for messages.
std::vector<std::string> Changed(const Contents& before, const Contents& after);

}  // namespace zonelink::test
