// SPDX-License-Identifier: Apache-2.0
#include "platform/db/pool.h"

#include <fmt/format.h>

namespace zonelink::db {
namespace {

// Quotes a value of a libpq connection string.
std::string Quoted(const std::string& value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace

// A statement keeps the plan that it got while its table was small: a look at every row must not be
// it (enable_seqscan). Where there is no index the planner then thinks the look so dear that it
// would compile it (jit).
std::string ConnectionString(const std::string& url, const std::string& role,
                             const std::string& password, const std::string& schema) {
  return fmt::format(
      "{} user={} password={} application_name={} connect_timeout=5 client_encoding=UTF8 "
      "options='-c search_path={} -c timezone=UTC -c datestyle=ISO -c bytea_output=hex "
      "-c enable_seqscan=off -c jit=off'",
      url, Quoted(role), Quoted(password), Quoted("zonelinkd/" + schema), schema);
}

std::unique_ptr<Connection> ConnectionPool::Take(std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    std::unique_ptr<Connection> connection;
    {
      std::unique_lock lock(mutex_);
      const bool got =
          freed_.wait_until(lock, deadline, [&] { return !idle_.empty() || open_ < size_; });
      if (!got) return nullptr;
      if (idle_.empty()) {
        ++open_;
        break;
      }
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    if (connection->Ready()) return connection;
    Discard(std::move(connection));
  }
  try {
    return std::make_unique<Connection>(url_);
  } catch (const LinkLost&) {
    std::lock_guard lock(mutex_);
    --open_;
    freed_.notify_one();
    throw;
  }
}

void ConnectionPool::Return(std::unique_ptr<Connection> connection) {
  {
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
  }
  freed_.notify_one();  // who is woken finds the lock free
}

void ConnectionPool::Discard(std::unique_ptr<Connection> connection) {
  connection.reset();
  std::lock_guard lock(mutex_);
  --open_;
  freed_.notify_one();
}

void ConnectionPool::Flush() {
  std::vector<std::unique_ptr<Connection>> closing;
  std::lock_guard lock(mutex_);
  closing.swap(idle_);
  open_ -= static_cast<unsigned>(closing.size());
  freed_.notify_all();
}

}  // namespace zonelink::db
