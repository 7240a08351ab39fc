// SPDX-License-Identifier: Apache-2.0
// The statements that the product runs for its callers, with their parameters, as the server's log
// tells them: scripts for pgbench are made of what was really sent.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/server_log.h"
#include "tests/support/test_database.h"

namespace zonelink::bench {

// One transaction of a caller. Parameters stand in the text as literals.
struct LoggedTransaction {
  std::vector<std::string> all;   // from BEGIN to COMMIT
  std::vector<std::string> body;  // without what platform/db adds
};

class StatementLog {
 public:
  // Sessions that begin from now on, until End, are logged. Throws std::runtime_error when the
  // server does not log JSON.
  explicit StatementLog(const test::TestDatabase& database);
  StatementLog(const StatementLog&) = delete;

  // Forgets what was logged so far.
  void Begin() { log_.Begin(); }
  // The transactions of `role`'s callers that have ended since Begin, in the order of their ends.
  std::vector<LoggedTransaction> Take(const std::string& role);
  // Sessions that begin from now on are not logged.
  void End();

 private:
  test::AdminSql sql_;
  std::string database_;
  ServerLog log_;
};

}  // namespace zonelink::bench
