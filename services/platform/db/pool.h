// SPDX-License-Identifier: Apache-2.0
// A fixed number of connections, opened when first needed, replaced when broken.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/db/connection.h"

namespace zonelink::db {

class ConnectionPool {
 public:
  ConnectionPool(std::string url, unsigned size) : url_(std::move(url)), size_(size) {}

  // Waits for a free connection until `deadline`; nullptr: none came free. Nothing of an earlier
  // transaction is on it. Throws LinkLost when a new one cannot be opened.
  std::unique_ptr<Connection> Take(std::chrono::steady_clock::time_point deadline);
  void Return(std::unique_ptr<Connection> connection);
  // Instead of Return, for a connection that is broken or in an unknown state.
  void Discard(std::unique_ptr<Connection> connection);
  // Closes the idle ones: after one was found broken its neighbours are likely to be too.
  void Flush();

 private:
  std::string url_;
  unsigned size_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  unsigned open_ = 0;  // idle and lent
};

// libpq connection string for a role: url, user, password, search path, UTC, ISO dates.
std::string ConnectionString(const std::string& url, const std::string& role,
                             const std::string& password, const std::string& schema);

}  // namespace zonelink::db
