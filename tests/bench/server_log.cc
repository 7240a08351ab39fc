// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/server_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string_view>

#include "tests/support/api.h"
#include "tests/support/child.h"

namespace zonelink::bench {
namespace {

constexpr std::chrono::seconds kLimit{20};

}  // namespace

ServerLog::ServerLog(test::AdminSql& sql, std::string database)
    : sql_(sql),
      database_(std::move(database)),
      path_(sql_.One("SELECT coalesce(pg_current_logfile('jsonlog'), '')")) {
  if (path_.empty()) {
    throw std::runtime_error(
        "this server needs logging_collector = on and log_destination = 'jsonlog', as ./dev bench "
        "sets them");
  }
}

void ServerLog::Begin() { from_ = Size(); }

int64_t ServerLog::Size() {
  return std::stoll(sql_.One("SELECT size FROM pg_stat_file($1)", {path_}));
}

// Lines reach the file in the order in which they were logged: with the last of them all are there.
std::string ServerLog::Read() {
  const std::string mark = "end of log " + test::FreshKey();
  sql_.Run(fmt::format("DO $$ BEGIN RAISE LOG '{}'; END $$", mark));
  std::string log;
  const bool complete = test::WaitUntil(kLimit, [&] {
    log = sql_.One("SELECT pg_read_file($1, $2, $3)",
                   {path_, std::to_string(from_), std::to_string(Size() - from_)});
    return log.find(mark) != std::string::npos;
  });
  if (!complete) throw std::runtime_error("the server does not write its log");
  return log;
}

void ServerLog::Visit(const std::function<void(const client::Json&)>& see) {
  const std::string log = Read();
  for (size_t at = 0; at < log.size();) {
    const size_t end = std::min(log.find('\n', at), log.size());
    const auto line = client::JsonDocument::Parse(std::string_view(log).substr(at, end - at));
    at = end + 1;
    if (line && line->root()["dbname"].text() == database_) see(line->root());
  }
}

}  // namespace zonelink::bench
