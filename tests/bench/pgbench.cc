// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/pgbench.h"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "tests/support/api.h"
#include "tests/support/child.h"

namespace zonelink::bench {
namespace {

constexpr int kThreads = 2;
// How far the script's `n` may count in one run.
constexpr int kCountsPerRun = 100'000;

// The number behind `label`.
double Figure(const std::string& output, const std::string& label) {
  const size_t at = output.find(label);
  if (at == std::string::npos) throw std::runtime_error("pgbench:\n" + output);
  return std::stod(output.substr(at + label.size()));
}

}  // namespace

Pgbench::Pgbench(const test::Settings& settings, const std::string& script)
    : database_(test::TestDatabase::Cloned(settings)), url_(database_->admin_url()) {
  WriteScript(settings, script);
}

Pgbench::Pgbench(const test::Settings& settings, const std::string& url, const std::string& script)
    : url_(url) {
  WriteScript(settings, script);
}

void Pgbench::WriteScript(const test::Settings& settings, const std::string& script) {
  test::AdminSql sql(settings.cluster.admin_url);
  program_ = sql.One("SELECT setting FROM pg_config WHERE name = 'BINDIR'") + "/pgbench";
  script_path_ = fmt::format("{}/{}.pgbench", settings.scratch_dir, test::FreshKey());
  test::WritePrivateFile(script_path_, script);
}

PgbenchResult Pgbench::Run(int clients, std::chrono::seconds time) {
  const std::string log = fmt::format("{}.{}", script_path_, ++runs_);
  const int code = test::RunToEnd(
      {program_, "--no-vacuum", "--protocol=prepared", fmt::format("--client={}", clients),
       fmt::format("--jobs={}", kThreads), fmt::format("--time={}", time.count()),
       fmt::format("--define=n={}", runs_ * kCountsPerRun), "--file=" + script_path_, url_},
      log);
  const std::string output = test::Tail(log);
  if (code != 0 || Figure(output, "number of failed transactions: ") > 0) {
    throw std::runtime_error("pgbench:\n" + output);
  }
  return {.per_second = Figure(output, "tps = "), .mean_ms = Figure(output, "latency average = ")};
}

}  // namespace zonelink::bench
