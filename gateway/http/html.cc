// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/html.h"

#include "platform/core/check.h"

namespace zonelink::gateway {

Html Html::Escape(std::string_view text) {
  Html html;
  html.text_.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': html.text_ += "&amp;"; break;
      case '<': html.text_ += "&lt;"; break;
      case '>': html.text_ += "&gt;"; break;
      case '"': html.text_ += "&quot;"; break;
      case '\'': html.text_ += "&#39;"; break;
      default: html.text_ += c;
    }
  }
  return html;
}

Html Html::Constant(std::string_view markup) {
  Html html;
  html.text_ = markup;
  return html;
}

Html& Html::operator+=(const Html& more) {
  text_ += more.text_;
  return *this;
}

Html FillTemplate(std::string_view text, const HtmlValues& values) {
  Html filled;
  for (size_t open = text.find("{{"); open != std::string_view::npos; open = text.find("{{")) {
    const size_t close = text.find("}}", open);
    ZL_CHECK(close != std::string_view::npos, "a template's name has no end");
    filled += Html::Constant(text.substr(0, open));
    const auto value = values.find(text.substr(open + 2, close - open - 2));
    ZL_CHECK(value != values.end(), "a template's name has no value");
    filled += value->second;
    text.remove_prefix(close + 2);
  }
  filled += Html::Constant(text);
  return filled;
}

}  // namespace zonelink::gateway
