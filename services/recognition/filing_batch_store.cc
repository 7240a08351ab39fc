// SPDX-License-Identifier: Apache-2.0
#include "recognition/filing_batch_store.h"

#include <string_view>

namespace zonelink::recognition::filing_batch_store {

std::vector<CaseKey> OpenKeys(const Filing& filing) {
  std::vector<CaseKey> keys;
  for (const Decision& decision : filing.decisions) {
    if (!IsOpen(decision.state)) continue;
    keys.emplace_back(filing.applicant.organization_id,
                      DuplicateKey(filing.item_id, filing.credential), decision.zone);
  }
  return keys;
}

constexpr db::Sql kOpenCases{"filing_batch.open_cases", R"sql(
  SELECT d.organization_id, d.duplicate_key, d.zone, f.receipt_number
    FROM (SELECT unnest($1::text[]) AS organization_id, unnest($2::text[]) AS duplicate_key,
                 unnest($3::text[]) AS zone) AS asked
    JOIN decisions d ON d.organization_id = asked.organization_id
                    AND d.duplicate_key = asked.duplicate_key AND d.zone = asked.zone AND d.open
    JOIN filings f ON f.filing_id = d.filing_id
)sql"};

std::map<CaseKey, std::string> OpenCases(db::Tx& tx, const std::vector<const Filing*>& filings) {
  std::vector<std::string> organizations, cases, zones;
  for (const Filing* filing : filings) {
    for (auto& [organization, duplicate_key, zone] : OpenKeys(*filing)) {
      organizations.push_back(std::move(organization));
      cases.push_back(std::move(duplicate_key));
      zones.push_back(std::move(zone));
    }
  }
  if (cases.empty()) return {};
  const db::Rows rows = tx.Exec(kOpenCases, organizations, cases, zones);
  std::map<CaseKey, std::string> open;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    open.emplace(CaseKey(row.Text("organization_id"), row.Text("duplicate_key"), row.Text("zone")),
                 row.Text("receipt_number"));
  }
  return open;
}

constexpr db::Sql kSettle{"filing_batch.settle", "SELECT 1 AS one"};

void Settle(db::Tx& tx) {
  const db::Rows rows = tx.Exec(kSettle);
  ZL_CHECK(rows[0].Int("one") == 1, "an answer");
}

}  // namespace zonelink::recognition::filing_batch_store
