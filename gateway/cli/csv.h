// SPDX-License-Identifier: Apache-2.0
// Tables as spreadsheets write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::cli {

struct CsvRecord {
  int line = 0;  // on which it begins, from 1
  std::vector<std::string> cells;
};

// RFC 4180, with LF or CRLF and with or without a byte order mark. Lines without any cell are left
// out. INVALID_ARGUMENT `INPUT_INVALID`: quotes that do not close, or that stand inside a cell.
Result<std::vector<CsvRecord>> ReadCsv(std::string_view text);

}  // namespace zonelink::cli
