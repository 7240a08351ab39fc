// SPDX-License-Identifier: Apache-2.0
// Many filings from one file, and what became of them. Pure, but for papers, which are hashed.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/cli/filing_input.h"
#include "gateway/cli/json.h"
#include "gateway/cli/show.h"
#include "platform/core/result.h"

namespace zonelink::cli {

// A filing of the file.
struct BatchRow {
  int line = 0;      // on which it begins, from 1
  std::string body;  // as the API takes it
};

enum class BatchForm { kJsonLines, kCsv };
// By the file's ending; JSON lines where it says nothing.
BatchForm BatchFormOf(std::string_view path);

// What the catalogue says of an item's attributes.
using TypesOfItem = std::function<Result<AttributeTypes>(const std::string& item)>;

// JSON lines: on each line a filing as the API takes it. CSV (RFC 4180): a heading of `item`,
// `home`, `to` (zones divided by spaces or semicolons), `applicant_uscc`, `applicant_name`,
// `credential_number`, `credential_issuer`, `credential_issued_on`, `credential_valid_until`,
// `promise`, `attribute:NAME` and `document:KIND` (a file), in any order; then a filing on each
// row. `own` stands in for an applicant left out. INVALID_ARGUMENT `INPUT_INVALID`,
// `INPUT_UNREADABLE`, `DOCUMENT_SIZE`, each with the line.
Result<std::vector<BatchRow>> ReadBatch(std::string_view text, BatchForm form,
                                        const OwnOrganization& own, const TypesOfItem& types);

// Requests of at most 500 rows and 4 MB; of the same rows always the same requests.
struct BatchPart {
  size_t first = 0;  // place of its first row
  size_t rows = 0;
  std::string body;
};
// INVALID_ARGUMENT `INPUT_INVALID`: no rows, or more than one request takes with `all_or_nothing`.
Result<std::vector<BatchPart>> PartsOf(const std::vector<BatchRow>& rows, bool all_or_nothing);

// The answer's rows with the lines on which they stand, refusals in the person's language.
std::string ShowBatch(const client::Json& answer, const std::vector<BatchRow>& rows, size_t first,
                      const View& view);

}  // namespace zonelink::cli
