// SPDX-License-Identifier: Apache-2.0
// Makes a database as large as years of filings would: copies, by SQL, everything that real filings
// left behind in the schemas of recognition, worklist and documents. A copy has ids, numbers and
// times of its own; whose it is, and what it says, stays.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/admin_sql.h"

namespace zonelink::bench {

// A filing that the product wrote, by what its rows are known by.
struct Original {
  std::string filing_id;
  std::string receipt_number;
  std::string recognition_number;  // empty: none
  std::string credential_number;
  std::string idempotency_key;
};

// Files `body`, with fresh digits, as the token's holder. Throws std::runtime_error, as all here.
Original FileOriginal(const std::string& base_url, const std::string& token,
                      const std::string& body);

// Numbering, worklist and ledger have nothing left to do.
void AwaitConsumers(test::AdminSql& sql);

class Copies {
 public:
  // All of what `originals` caused must have been applied.
  Copies(test::AdminSql& sql, const std::vector<Original>& originals);

  // Adds `count` filings, older than the originals, and analyses the tables. Consumers take their
  // events as applied: the ledger gets no leaves of them. Nobody may write meanwhile.
  void Add(int64_t count);

  // `schema.table`, of all that get rows.
  const std::vector<std::string>& tables() const { return tables_; }

 private:
  struct Column {
    std::string name;
    std::string type;
  };

  void MakeFunctions();
  void FindRows(const std::string& schema);
  std::vector<Column> ColumnsOf(const std::string& table);
  std::string Expression(const std::string& table, const std::string& rows, const Column& column);
  void AddChunk(int64_t count);

  test::AdminSql& sql_;
  int64_t made_ = 0;
  std::vector<std::string> tables_;
  std::vector<std::string> inserts_;
};

}  // namespace zonelink::bench
