// SPDX-License-Identifier: Apache-2.0
// Credit records: what came of promises that were broken.
#pragma once

#include <string>
#include <vector>

#include "platform/core/time.h"
#include "platform/db/database.h"
#include "recognition/domain/decision.h"
#include "recognition/domain/filing.h"

namespace zonelink::recognition {

struct CreditRecord {
  std::string id;
  Applicant holder;
  FilingId filing_id;
  std::string zone;  // that revoked
  std::string item_id;
  int item_version = 0;
  std::string item_name_zh;
  std::string item_name_en;
  std::string item_source;
  std::string item_source_status;
  std::string cause;  // PROMISE_BROKEN
  int promise_version = 0;
  std::string promise_text_zh;
  std::string promise_text_en;
  std::string findings;
  Time found_at;
  Time recorded_at;
  std::string legal_basis;
};

namespace credit_store {

// Of the decision's applicant, whose promise is broken now. The clock's to call: nobody else may
// write one.
void RecordBrokenPromise(db::Tx& tx, const Decision& decision);

struct Filter {
  std::string organization_id;  // empty: any, so for the others
  std::string uscc;
  std::string recorded_at;  // keys of the last of the page before
  std::string id;
  int limit = 0;
};
// Those that the caller may see, newest first.
std::vector<CreditRecord> List(db::Tx& tx, const Filter& filter);

}  // namespace credit_store
}  // namespace zonelink::recognition
