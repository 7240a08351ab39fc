// SPDX-License-Identifier: Apache-2.0
// Runs a script with pgbench as the superuser, who no row-level security touches, or as whom the
// caller says.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tests/support/test_database.h"

namespace zonelink::bench {

struct PgbenchResult {
  double per_second = 0;
  double mean_ms = 0;
};

class Pgbench {
 public:
  // On a database of its own, as fresh as the product's was.
  Pgbench(const test::Settings& settings, const std::string& script);
  // On the product's database, as whom `url` says.
  Pgbench(const test::Settings& settings, const std::string& url, const std::string& script);

  // Prepared statements, one connection per client. Throws std::runtime_error with pgbench's words
  // when a transaction failed.
  PgbenchResult Run(int clients, std::chrono::seconds time);

 private:
  void WriteScript(const test::Settings& settings, const std::string& script);

  std::optional<test::TestDatabase> database_;  // of its own
  std::string url_;
  std::string program_;
  std::string script_path_;
  int runs_ = 0;
};

}  // namespace zonelink::bench
