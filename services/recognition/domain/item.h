// SPDX-License-Identifier: Apache-2.0
// Catalogue items 事项: what can be recognised, and what a filing for it carries.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "recognition/domain/attributes.h"

namespace zonelink::recognition {

// How a target zone recognises.
enum class Mode {
  kNationwide,  // valid everywhere by law: no case (行政许可法 §41)
  kAutomatic,   // granted at once
  kNotify,      // 告知承诺: granted at once on a promise
  kReview,      // the competent authority decides
  kNone,        // not recognised
};

std::string_view Name(Mode mode);       // REVIEW
Mode ModeNamed(std::string_view name);  // crashes on any other name

// A version never changes: filings pin it.
struct Item {
  std::string item_id;
  int version = 1;
  std::string name_zh;
  std::string name_en;
  std::string item_class;  // as in the proto, for example ORIGIN_CERTIFICATE
  Mode default_mode = Mode::kReview;
  int verifiers_needed = 1;     // 1 or 2
  int budget_working_days = 0;  // the authority's; 0 for NATIONWIDE
  bool tacit_allowed = false;
  bool excluded_class = false;  // public safety, ecology, health or property
  std::vector<AttributeDefinition> attributes;
  std::vector<std::string> required_documents;
  std::string source;
  std::string source_status;  // as in the proto
  std::string budget_basis;   // as in the proto
};

// May the item be published? Refuses `ITEM_EXCLUDED_CLASS`, `ITEM_BUDGET`, `ATTRIBUTE_NAME`,
// `ATTRIBUTE_REPEATED`.
Result<Item> Publish(Item item);

}  // namespace zonelink::recognition
