// SPDX-License-Identifier: Apache-2.0
// What the database server wrote to its log about one database.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "gateway/cli/json.h"
#include "tests/support/admin_sql.h"

namespace zonelink::bench {

class ServerLog {
 public:
  // Throws std::runtime_error, as all here, when the server does not log JSON.
  ServerLog(test::AdminSql& sql, std::string database);

  // Forgets what was logged so far.
  void Begin();
  // Shows each entry since Begin, in order.
  void Visit(const std::function<void(const client::Json&)>& see);

 private:
  int64_t Size();
  std::string Read();

  test::AdminSql& sql_;
  std::string database_;
  std::string path_;
  int64_t from_ = 0;
};

}  // namespace zonelink::bench
