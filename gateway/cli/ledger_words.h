// SPDX-License-Identifier: Apache-2.0
// Why something is not verified, or could not be tried, in plain words, and what to do about it.
#pragma once

#include <string_view>

namespace zonelink::cli {

struct LedgerWord {
  std::string_view reason;
  int exit_code = 0;
  std::string_view zh;
  std::string_view en;
  std::string_view zh_advice;
  std::string_view en_advice;
};

// Null for reasons that are not the ledger's own.
const LedgerWord* FindLedgerWord(std::string_view reason);

}  // namespace zonelink::cli
