// SPDX-License-Identifier: Apache-2.0
// Records of lines, in every service's schema (platform/db/migrations/0006_review.sql).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/review/line.h"

namespace zonelink::review_store {

struct Asked {
  db::Rows lines;
  db::Rows opinions;
  db::Rows acts;
};
// Asks for what is stored of cases; `Read` waits for the answer: by case, by line. A line that
// nobody has touched is not in it.
Asked Ask(db::Tx& tx, const std::vector<std::string>& case_ids);
std::unordered_map<std::string, std::map<std::string, review::Record>> Read(const Asked& asked);

// The line of one case by its plan, with what is stored of it.
review::Line Load(db::Tx& tx, const std::string& case_id, review::Plan plan);

// Whose line it is. `owner`: organisation in whose name the case stands; kept from the first save.
struct CaseKey {
  std::string_view case_id;
  std::string_view owner;
};
// Adds what is not stored yet, in one round trip; nothing when nothing is new. Aborted
// `REVIEW_CHANGED` when the stored line is not the one that was read: the command must end by it.
Result<review::Line> Save(db::Tx& tx, const CaseKey& key, review::Line line);

}  // namespace zonelink::review_store
