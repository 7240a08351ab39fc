// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/condition.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::recognition {
namespace {

constexpr std::string_view kStrict = "strict ";

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The text in quotes that begins at `at`, which is moved behind it. Escapes stay as they are: no
// attribute's name has one.
std::string_view Quoted(std::string_view text, size_t& at) {
  const size_t begin = ++at;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  const size_t end = std::min(at, text.size());
  at = std::min(end + 1, text.size());
  return text.substr(begin, end - begin);
}

Status CheckWord(std::string_view word) {
  for (const std::string_view barred : {"like_regex", "datetime"}) {
    if (word == barred) {
      return ConditionInvalid("NOT_ALLOWED", fmt::format("{} is not allowed", barred));
    }
  }
  return Done{};
}

// What stands behind a `$`: `."name"` of a defined attribute.
Status CheckRoot(std::string_view text, size_t& at,
                 const std::vector<AttributeDefinition>& defined) {
  if (text.substr(at, 2) != ".\"") {
    return ConditionInvalid("UNKNOWN_ATTRIBUTE", "only $.<attribute> can be asked");
  }
  const std::string_view name = Quoted(text, ++at);
  const bool known =
      std::any_of(defined.begin(), defined.end(),
                  [&](const AttributeDefinition& attribute) { return attribute.name == name; });
  if (known) return Done{};
  return ConditionInvalid("UNKNOWN_ATTRIBUTE", fmt::format("the item has no {}", name));
}

std::string_view SampleOf(AttributeType type) {
  switch (type) {
    case AttributeType::kString:
    case AttributeType::kDecimal: return "\"1\"";
    case AttributeType::kInteger: return "1";
    case AttributeType::kBoolean: return "true";
    case AttributeType::kDate: return "\"2026-01-01\"";
  }
  return "null";
}

}  // namespace

Error ConditionInvalid(std::string_view why, std::string message) {
  return InvalidArgument("CONDITION_INVALID", std::move(message), {{"why", std::string(why)}});
}

Status CheckCondition(std::string_view canonical, const std::vector<AttributeDefinition>& defined) {
  if (canonical.substr(0, kStrict.size()) != kStrict) {
    return ConditionInvalid("NOT_STRICT", "the predicate must begin with `strict`");
  }
  for (size_t at = kStrict.size(); at < canonical.size();) {
    if (canonical[at] == '"') {
      Quoted(canonical, at);
    } else if (canonical[at] == '$') {
      if (const Status ok = CheckRoot(canonical, ++at, defined); !ok) return ok.error();
    } else if (IsWord(canonical[at])) {
      const size_t begin = at;
      while (at < canonical.size() && IsWord(canonical[at])) ++at;
      if (const Status ok = CheckWord(canonical.substr(begin, at - begin)); !ok) return ok.error();
    } else {
      ++at;
    }
  }
  return Done{};
}

std::string SampleAttributes(const std::vector<AttributeDefinition>& defined) {
  std::string sample = "{";
  for (const AttributeDefinition& attribute : defined) {
    sample += fmt::format("{}\"{}\":{}", sample.size() > 1 ? "," : "", attribute.name,
                          SampleOf(attribute.type));
  }
  return sample + "}";
}

}  // namespace zonelink::recognition
