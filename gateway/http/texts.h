// SPDX-License-Identifier: Apache-2.0
// What people read when something is refused: reasons.csv, in Chinese and English.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/error.h"

namespace zonelink::gateway {

enum class Language { kChinese, kEnglish };

// By Accept-Language (RFC 9110 §12.5.4); Chinese where nothing fits.
Language Negotiate(std::optional<std::string_view> accept_language);
// For Content-Language.
std::string_view Tag(Language language);

class Texts {
 public:
  // `csv` has the columns reason,zh,en after a heading. Crashes when it has not: it is part of the
  // program.
  explicit Texts(std::string_view csv);

  bool Knows(std::string_view reason) const;
  // The reason's text with {name} replaced from `metadata`; a name without value becomes `–`.
  // Empty: no such reason.
  std::string Fill(std::string_view reason, Language language, const Metadata& metadata) const;
  std::vector<std::string> Reasons() const;

 private:
  struct Entry {
    std::string zh;
    std::string en;
  };
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace zonelink::gateway
