// SPDX-License-Identifier: Apache-2.0
// Text that is markup. What came from outside becomes part of it only by Escape, so that a value
// can never be read as markup.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace zonelink::gateway {

class Html {
 public:
  Html() = default;
  static Html Escape(std::string_view text);
  // Markup that is part of the program.
  static Html Constant(std::string_view markup);

  Html& operator+=(const Html& more);
  const std::string& str() const { return text_; }

 private:
  std::string text_;
};

using HtmlValues = std::map<std::string_view, Html>;

// A template of the program with each {{name}} replaced by its value. Crashes for a name without
// value.
Html FillTemplate(std::string_view text, const HtmlValues& values);

}  // namespace zonelink::gateway
