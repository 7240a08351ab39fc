// SPDX-License-Identifier: Apache-2.0
#include "recognition/credit_store.h"

#include <string_view>

#include "platform/core/check.h"
#include "platform/crypto/crypto.h"

namespace zonelink::recognition::credit_store {
namespace {

// No article that was read says that such a record is kept; the item's own source stands beside it.
constexpr std::string_view kBasis = "item: a broken promise goes on record (practice-unverified)";

CreditRecord Read(const db::Row& row) {
  return {.id = row.Text("credit_record_id"),
          .holder = {row.Text("organization_id"), row.Text("uscc"), row.Text("name")},
          .filing_id = FilingId(row.Text("filing_id")),
          .zone = row.Text("zone"),
          .item_id = row.Text("item_id"),
          .item_version = static_cast<int>(row.Int("item_version")),
          .item_name_zh = row.Text("name_zh"),
          .item_name_en = row.Text("name_en"),
          .item_source = row.Text("source"),
          .item_source_status = row.Text("source_status"),
          .cause = row.Text("cause"),
          .promise_version = static_cast<int>(row.Int("promise_version")),
          .promise_text_zh = row.Text("promise_text_zh"),
          .promise_text_en = row.Text("promise_text_en"),
          .findings = row.Text("findings"),
          .found_at = row.At("found_at"),
          .recorded_at = row.At("recorded_at"),
          .legal_basis = row.Text("legal_basis")};
}

}  // namespace

// A second one of the same decision breaks the constraint, and with it the transaction.
constexpr db::Sql kRecord{"credit.record", R"sql(
  INSERT INTO credit_records (credit_record_id, organization_id, uscc, name, filing_id, zone, item_id,
                              item_version, cause, findings, found_at, recorded_at, legal_basis)
  SELECT $1, organization_id, applicant_uscc, applicant_name, filing_id, $3, item_id, item_version,
         'PROMISE_BROKEN', $4, $5, $6, $7
    FROM filings WHERE filing_id = $2
)sql"};

void RecordBrokenPromise(db::Tx& tx, const Decision& decision) {
  ZL_CHECK(decision.correcting_since, "a promise is broken after it was to be corrected");
  tx.Exec(kRecord, crypto::NewUuid(tx.now()), decision.filing_id.str(), decision.zone,
          decision.promise_findings, *decision.correcting_since, tx.now(), kBasis);
}

constexpr db::Sql kList{"credit.list", R"sql(
  SELECT c.credit_record_id, c.organization_id, c.uscc, c.name, c.filing_id, c.zone, c.item_id,
         c.item_version, i.name_zh, i.name_en, i.source, i.source_status, c.cause, i.promise_version,
         i.promise_text_zh, i.promise_text_en, c.findings, c.found_at, c.recorded_at, c.legal_basis
    FROM credit_records c JOIN items i ON i.item_id = c.item_id AND i.version = c.item_version
   WHERE ($1 = '' OR c.organization_id = $1) AND ($2 = '' OR c.uscc = $2)
     AND (c.recorded_at, c.credit_record_id) < ($3::timestamptz, $4)
   ORDER BY c.recorded_at DESC, c.credit_record_id DESC LIMIT $5
)sql"};

std::vector<CreditRecord> List(db::Tx& tx, const Filter& filter) {
  const std::string from = filter.recorded_at.empty() ? "infinity" : filter.recorded_at;
  const db::Rows rows =
      tx.Exec(kList, filter.organization_id, filter.uscc, from, filter.id, filter.limit);
  std::vector<CreditRecord> records;
  for (size_t i = 0; i < rows.size(); ++i) records.push_back(Read(rows[i]));
  return records;
}

}  // namespace zonelink::recognition::credit_store
