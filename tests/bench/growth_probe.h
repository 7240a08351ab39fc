// SPDX-License-Identifier: Apache-2.0
// What the product's own statements do in the database: the blocks they touch, and their plans, as
// the server saw them under the product's roles, contexts and prepared statements.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/bench/server_log.h"
#include "tests/support/test_database.h"

namespace zonelink::bench {

struct StatementUse {
  int64_t calls = 0;
  double blocks = 0;  // of shared buffers, found there or read
  double ms = 0;      // of execution
};

class StatementProbe {
 public:
  // Sessions that begin from now on are counted. Throws std::runtime_error when the server has not
  // loaded pg_stat_statements and does not log JSON.
  explicit StatementProbe(const test::TestDatabase& database);
  ~StatementProbe();  // logs no more plans
  StatementProbe(const StatementProbe&) = delete;

  // Forgets what was counted.
  void Reset();
  // By `role: query`, of the product's roles since Reset.
  std::map<std::string, StatementUse> Used();

  // The server logs the plan of every statement until EndPlans.
  void BeginPlans();
  struct Finding {
    std::string what;   // "Seq Scan on recognition.filings"
    std::string query;  // its beginning
    auto operator<=>(const Finding&) const = default;
  };
  // Sequential scans of one of `tables`, and scans that threw away a thousand rows or more.
  std::set<Finding> EndPlans(const std::set<std::string>& tables);
  int64_t plans_seen() const { return plans_seen_; }

 private:
  test::AdminSql sql_;
  std::string database_;
  ServerLog log_;
  int64_t plans_seen_ = 0;
};

}  // namespace zonelink::bench
