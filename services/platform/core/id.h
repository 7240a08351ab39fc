// SPDX-License-Identifier: Apache-2.0
// Strong ids: a filing's id cannot be passed where a user's is meant.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>

namespace zonelink {

template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend std::strong_ordering operator<=>(const Id& a, const Id& b) {
    return a.text_.compare(b.text_) <=> 0;
  }

 private:
  std::string text_;
};

}  // namespace zonelink
