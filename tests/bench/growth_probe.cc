// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/growth_probe.h"

#include <fmt/format.h>

#include <cctype>
#include <stdexcept>

#include "gateway/cli/json.h"

namespace zonelink::bench {
namespace {

using client::Json;

constexpr int64_t kManyRows = 1000;
constexpr size_t kQueryBytes = 90;
constexpr const char* kPlanMark = "plan:\n";

// Settings of auto_explain while plans are wanted.
constexpr std::pair<const char*, const char*> kPlanSettings[] = {
    {"log_analyze", "on"},     {"log_buffers", "on"},           {"log_timing", "off"},
    {"log_verbose", "on"},     {"log_nested_statements", "on"}, {"log_format", "json"},
    {"log_min_duration", "0"},
};

// The beginning of a query, on one line.
std::string Short(const std::string& query) {
  std::string out;
  for (const char c : query) {
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : c;
    if (out.size() >= kQueryBytes) break;
  }
  return out;
}

void Walk(const Json& node, const std::string& query, const std::set<std::string>& tables,
          std::set<StatementProbe::Finding>& found) {
  const std::string type = node["Node Type"].text();
  const std::string table = node["Schema"].text() + "." + node["Relation Name"].text();
  if (tables.count(table) > 0) {
    const int64_t removed =
        node["Rows Removed by Filter"].number() + node["Rows Removed by Index Recheck"].number();
    const int64_t loops = node["Actual Loops"].number();
    if (type == "Seq Scan") found.insert({"Seq Scan on " + table, query});
    if (removed * loops >= kManyRows) {
      found.insert({fmt::format("{} on {} throws thousands of rows away", type, table), query});
    }
  }
  for (const Json child : node["Plans"].items()) Walk(child, query, tables, found);
}

}  // namespace

StatementProbe::StatementProbe(const test::TestDatabase& database)
    : sql_(database.Admin()), database_(database.name()), log_(sql_, database_) {
  if (sql_.One("SELECT count(*) FROM pg_settings WHERE name = 'pg_stat_statements.track'") != "1") {
    throw std::runtime_error(
        "this server needs shared_preload_libraries = 'pg_stat_statements', as ./dev bench sets "
        "it");
  }
  sql_.Run("CREATE EXTENSION pg_stat_statements SCHEMA public");
  sql_.Run(
      fmt::format("ALTER DATABASE {0} SET pg_stat_statements.track = 'top'; "
                  "ALTER DATABASE {0} SET session_preload_libraries = 'auto_explain'",
                  database_));
}

StatementProbe::~StatementProbe() {
  try {
    for (const auto& [name, value] : kPlanSettings) {
      sql_.Run(fmt::format("ALTER SYSTEM RESET auto_explain.{}", name));
    }
    sql_.Query("SELECT pg_reload_conf()");
  } catch (const std::runtime_error& error) {
    std::fprintf(stderr, "auto_explain stays on: %s\n", error.what());
  }
}

void StatementProbe::Reset() {
  sql_.Query(
      "SELECT public.pg_stat_statements_reset(0, oid, 0) FROM pg_database "
      "WHERE datname = current_database()");
}

std::map<std::string, StatementUse> StatementProbe::Used() {
  std::map<std::string, StatementUse> used;
  for (const auto& row : sql_.Query(
           "SELECT userid::regrole::text, query, calls, shared_blks_hit + shared_blks_read, "
           "total_exec_time FROM public.pg_stat_statements WHERE starts_with(userid::regrole::text,"
           " 'zl_') AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
    StatementUse& use = used[*row[0] + ": " + Short(*row[1])];
    use.calls += std::stoll(*row[2]);
    use.blocks += std::stod(*row[3]);
    use.ms += std::stod(*row[4]);
  }
  return used;
}

void StatementProbe::BeginPlans() {
  log_.Begin();
  sql_.Run("LOAD 'auto_explain'; SET auto_explain.log_min_duration = -1");
  for (const auto& [name, value] : kPlanSettings) {
    sql_.Run(fmt::format("ALTER SYSTEM SET auto_explain.{} = '{}'", name, value));
  }
  sql_.Query("SELECT pg_reload_conf()");
}

std::set<StatementProbe::Finding> StatementProbe::EndPlans(const std::set<std::string>& tables) {
  sql_.Run("ALTER SYSTEM SET auto_explain.log_min_duration = '-1'");
  sql_.Query("SELECT pg_reload_conf()");
  std::set<Finding> found;
  log_.Visit([&](const Json& entry) {
    if (entry["user"].text().substr(0, 3) != "zl_") return;
    const std::string message = entry["message"].text();
    const size_t mark = message.find(kPlanMark);
    if (mark == std::string::npos) return;
    const auto plan = client::JsonDocument::Parse(
        message.substr(mark + std::char_traits<char>::length(kPlanMark)));
    if (!plan) throw std::runtime_error("cannot read the plan " + message);
    ++plans_seen_;
    Walk(plan->root()["Plan"], Short(plan->root()["Query Text"].text()), tables, found);
  });
  return found;
}

}  // namespace zonelink::bench
