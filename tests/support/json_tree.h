// SPDX-License-Identifier: Apache-2.0
// A JSON document that a test can change, also into what is no JSON.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/cli/json.h"

namespace zonelink::test {

class JsonTree {
 public:
  static JsonTree Parse(std::string_view json);  // throws std::runtime_error

  // `path`: `applicant.uscc`, `documents.0.title`. Puts the text there as it is, JSON or not; makes
  // the last member where it is missing.
  JsonTree With(std::string_view path, std::string raw) const;
  JsonTree Without(std::string_view path) const;
  // The member of this name occurs twice.
  JsonTree Doubled(std::string_view path) const;
  std::string Text() const;
  bool Has(std::string_view path) const;
  // JSON of the value.
  std::string At(std::string_view path) const;

 private:
  enum class Kind { kRaw, kObject, kArray };

  static JsonTree From(const client::Json& json);
  JsonTree* Find(std::string_view path);
  const JsonTree* Find(std::string_view path) const {
    return const_cast<JsonTree*>(this)->Find(path);
  }

  Kind kind_ = Kind::kRaw;
  std::string raw_;
  std::vector<std::pair<std::string, JsonTree>> members_;  // of an array: names "0", "1", …
};

}  // namespace zonelink::test
