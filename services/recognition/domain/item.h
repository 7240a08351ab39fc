// SPDX-License-Identifier: Apache-2.0
// Catalogue items 事项: what can be recognised, and what a filing for it carries.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/core/time.h"
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
  // Nobody verifies or decides without having declared whether there is a conflict of interest.
  bool declaration_needed = false;
  std::vector<AttributeDefinition> attributes;
  std::vector<std::string> required_documents;
  std::string source;
  std::string source_status;      // as in the proto
  std::string budget_basis;       // as in the proto
  std::string attributes_schema;  // JSON Schema of the attributes together; empty: none
  std::vector<std::string> deferrable_documents;  // 容缺受理: of the required ones
  // Working days.
  int supplement_window_days = 15;  // for the applicant's answer to a notice
  int extension_days = 10;          // once, of the budget (行政许可法 §42)
  int joint_budget_days = 0;        // of several authorities together; 0: not joint
  int joint_extension_days = 0;     // once, of that
  int delivery_days = 10;           // from the grant to the certificate (行政许可法 §44)
  int query_days = 10;              // for the home zone's answer
  // 告知承诺: empty, with version 0, where the item is never granted on a promise.
  std::string promise_text_zh;
  std::string promise_text_en;
  int promise_version = 0;           // of the text
  int promise_check_days = 40;       // after the grant
  int promise_correction_days = 15;  // of an unmet promise
  Time published_at;
  // The schema, ready for use; empty until Compile. Shared by all copies of the item.
  std::shared_ptr<const AttributesSchema> compiled_schema;
};

// With its schema ready for use.
Item Compile(Item kept);

// The attributes that a filing for the item gives. Refuses `ATTRIBUTES_INVALID`; see
// domain/attributes.h.
Status CheckAttributes(const Item& item, const Attributes& given);

// Is the item ever granted on a promise?
bool MayBePromised(const Item& item);

// May the item be published? Refuses `ITEM_EXCLUDED_CLASS`, `ITEM_BUDGET`, `ATTRIBUTE_NAME`,
// `ATTRIBUTE_REPEATED`, `ITEM_DEFERRABLE`, `ITEM_JOINT`, `ITEM_PROMISE`,
// `ITEM_SCHEMA_INVALID`. The promise is the shipped
// one where none is given.
Result<Item> Publish(Item item, Time now);

// The version after `current`. Refuses what Publish refuses, and `ITEM_ID_MISMATCH`. The promise's
// version grows if its text changed.
Result<Item> Revise(const Item& current, Item next, Time now);

}  // namespace zonelink::recognition
