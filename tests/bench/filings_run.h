// SPDX-License-Identifier: Apache-2.0
// Filings end to end beside the database reference L1, in interleaved pairs: HTTP POST with a
// bearer token to committed and answered, every check on, ledger and witnesses at work. Progress on
// standard error, a table and one JSON line on standard output.
#pragma once

#include <string>

namespace zonelink::bench {

struct FilingsRun {
  std::string name;   // of the report
  std::string goal;   // of the ratio, as the report says it
  bool many = false;  // one process per target, else all in one
};

// Throws std::runtime_error when something other than speed is wrong.
void MeasureFilings(const FilingsRun& run);

}  // namespace zonelink::bench
