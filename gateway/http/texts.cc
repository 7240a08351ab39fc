// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/texts.h"

#include <algorithm>
#include <charconv>

#include "gateway/http/http_message.h"
#include "platform/core/check.h"

namespace zonelink::gateway {
namespace {

// One cell of RFC 4180; `rest` begins after its comma or line break. `ends_row`: it was the last.
std::string TakeCell(std::string_view& rest, bool& ends_row) {
  std::string cell;
  const bool quoted = !rest.empty() && rest.front() == '"';
  size_t at = quoted ? 1 : 0;
  bool inside = quoted;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (inside && c == '"') {
      const bool doubled = at + 1 < rest.size() && rest[at + 1] == '"';
      if (doubled) cell += rest[++at];
      inside = doubled;
    } else if (!inside && (c == ',' || c == '\n')) {
      break;
    } else if (c != '\r' || inside) {
      cell += c;
    }
  }
  ends_row = at >= rest.size() || rest[at] == '\n';
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return cell;
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Thousandths; a weight that is none counts as 0.
int Weight(std::string_view parameter) {
  parameter = Trim(parameter);
  if (parameter.size() < 3 || (parameter.substr(0, 2) != "q=" && parameter.substr(0, 2) != "Q=")) {
    return parameter.empty() ? 1000 : 0;
  }
  double weight = 0;
  const auto end = parameter.data() + parameter.size();
  if (std::from_chars(parameter.data() + 2, end, weight).ec != std::errc()) return 0;
  return weight >= 0 && weight <= 1 ? static_cast<int>(weight * 1000) : 0;
}

std::optional<Language> LanguageOf(std::string_view tag) {
  const std::string_view primary = tag.substr(0, tag.find('-'));
  if (EqualsIgnoringCase(primary, "zh") || tag == "*") return Language::kChinese;
  if (EqualsIgnoringCase(primary, "en")) return Language::kEnglish;
  return std::nullopt;
}

}  // namespace

Language Negotiate(std::optional<std::string_view> accept_language) {
  Language best = Language::kChinese;
  int best_weight = 0;
  std::string_view rest = accept_language.value_or(std::string_view());
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view range = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const size_t semicolon = std::min(range.find(';'), range.size());
    const auto language = LanguageOf(Trim(range.substr(0, semicolon)));
    const int weight = semicolon < range.size() ? Weight(range.substr(semicolon + 1)) : Weight({});
    if (!language || weight <= best_weight) continue;
    best = *language;
    best_weight = weight;
  }
  return best;
}

std::string_view Tag(Language language) {
  switch (language) {
    case Language::kChinese: return "zh-CN";
    case Language::kEnglish: return "en";
  }
  return "zh-CN";
}

Texts::Texts(std::string_view csv) {
  bool heading = true;
  while (!csv.empty()) {
    std::vector<std::string> row;
    for (bool ends_row = false; !ends_row;) row.push_back(TakeCell(csv, ends_row));
    if (row.size() == 1 && row[0].empty()) continue;
    ZL_CHECK(row.size() == 3, "a row of reasons.csv has not three columns");
    if (!heading) {
      const bool fresh = entries_.insert_or_assign(row[0], Entry{row[1], row[2]}).second;
      ZL_CHECK(fresh, "a reason occurs twice in reasons.csv");
    }
    heading = false;
  }
}

bool Texts::Knows(std::string_view reason) const { return entries_.count(reason) > 0; }

std::string Texts::Fill(std::string_view reason, Language language,
                        const Metadata& metadata) const {
  const auto entry = entries_.find(reason);
  if (entry == entries_.end()) return {};
  std::string_view text = language == Language::kChinese ? entry->second.zh : entry->second.en;
  std::string filled;
  while (!text.empty()) {
    const size_t open = text.find('{');
    const size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    filled += text.substr(0, open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto value = std::find_if(metadata.begin(), metadata.end(),
                                    [&](const auto& known) { return known.first == name; });
    filled += value == metadata.end() ? "–" : value->second;
    text.remove_prefix(close + 1);
  }
  filled += text;
  return filled;
}

std::vector<std::string> Texts::Reasons() const {
  std::vector<std::string> reasons;
  reasons.reserve(entries_.size());
  for (const auto& entry : entries_) reasons.push_back(entry.first);
  return reasons;
}

}  // namespace zonelink::gateway
