// SPDX-License-Identifier: Apache-2.0
// The JSON Schema (draft 7) that an item may set for the attributes of its filings.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::recognition {

// What is checked has at most this many characters a text: patterns take time with its length.
inline constexpr size_t kLongestCheckedText = 200;

class AttributesSchema {
 public:
  // Shared by the copies of its item. Refuses `ITEM_SCHEMA_INVALID` with a violation: more than 64
  // KiB or 16 levels, keywords for lists, unknown keywords, a `$ref` to anything but a definition
  // that refers no further, a pattern that could take exponential time.
  static Result<std::shared_ptr<const AttributesSchema>> Compile(std::string_view json);

  AttributesSchema(const AttributesSchema&) = delete;
  ~AttributesSchema();

  // What in the JSON object violates the schema, by path.
  std::vector<Violation> Violations(std::string_view attributes) const;

 private:
  struct Compiled;
  explicit AttributesSchema(std::unique_ptr<Compiled> compiled);
  const std::unique_ptr<Compiled> compiled_;
};

// Can std::regex match the pattern in a time that grows by no more than the third power of the
// text's length? No repetition of a group that repeats or chooses, at most two long repetitions and
// three short ones, no look-around and no back references.
bool BoundedPattern(std::string_view pattern);

}  // namespace zonelink::recognition
