// SPDX-License-Identifier: Apache-2.0
// The access matrix. Who is not named lacks the role: 403 ROLE_NEEDED, or 401 without a login.
#include "tests/integration/call_rows.h"

namespace zonelink::test {

const std::vector<CallRow>& CallRows() {
  static const std::vector<CallRow> rows = [] {
    std::vector<CallRow> all;
    for (const auto& part :
         {DirectoryRows(), DirectoryMoreRows(), RecognitionRows(), LedgerRows(), DocumentsRows(),
          CatalogueServiceRows(), WorklistRows(), DecisionRows()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return rows;
}

}  // namespace zonelink::test
