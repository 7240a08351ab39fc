// SPDX-License-Identifier: Apache-2.0
// The reference for writes: a pgbench script that inserts, in one transaction, the same rows as one
// command of the product, one INSERT a row. It is made from what the product wrote into the real
// schema, so it can neither forget a row nor fall behind a migration.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/admin_sql.h"

namespace zonelink::bench {

class WrittenRows {
 public:
  // From now on. Until Script is called nobody may insert into the schema but the one command.
  WrittenRows(test::AdminSql& sql, std::string schema);

  struct Script {
    std::string text;
    std::map<std::string, int> rows;  // by table
    int row_count() const;
  };
  // `identities`: texts that no other command's rows hold, such as the case's id. Each run of the
  // script puts others of the same length in their place; uuids keep their order in time, all else
  // is scattered. Script variables: `n`, to be set to another multiple of 100,000 for each run.
  // Throws std::runtime_error when a row would violate a unique index the second time.
  Script Make(std::vector<std::string> identities);

 private:
  struct Column;
  struct Table;

  std::vector<std::string> Tables();
  int64_t CountOf(const std::string& table);
  Table Read(const std::string& table);
  void CheckUnique(const Table& table, const std::vector<std::string>& identities);

  test::AdminSql& sql_;
  std::string schema_;
  std::string first_xid_;
  std::map<std::string, int64_t> counts_;
};

}  // namespace zonelink::bench
