// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/item.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace zonelink::recognition {
namespace {

bool LowerCamelCase(std::string_view name) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto allowed = [&](char c) {
    return lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && lower(name[0]) && std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

std::string_view Name(Mode mode) {
  switch (mode) {
    case Mode::kNationwide: return "NATIONWIDE";
    case Mode::kAutomatic: return "AUTOMATIC";
    case Mode::kNotify: return "NOTIFY";
    case Mode::kReview: return "REVIEW";
    case Mode::kNone: return "NONE";
  }
  return "";
}

Mode ModeNamed(std::string_view name) {
  for (const Mode mode :
       {Mode::kNationwide, Mode::kAutomatic, Mode::kNotify, Mode::kReview, Mode::kNone}) {
    if (Name(mode) == name) return mode;
  }
  ZL_CHECK(false, "a mode by its name");
}

Result<Item> Publish(Item item) {
  const bool at_once = item.default_mode == Mode::kAutomatic || item.default_mode == Mode::kNotify;
  if (item.excluded_class && (at_once || item.tacit_allowed)) {
    return InvalidArgument("ITEM_EXCLUDED_CLASS",
                           "an excluded class is never automatic, notify or tacit");
  }
  if ((item.default_mode == Mode::kNationwide) != (item.budget_working_days == 0)) {
    return InvalidArgument("ITEM_BUDGET", "0 working days for NATIONWIDE and for nothing else");
  }
  std::set<std::string_view> names;
  for (const AttributeDefinition& attribute : item.attributes) {
    if (!LowerCamelCase(attribute.name)) {
      return InvalidArgument("ATTRIBUTE_NAME",
                             fmt::format("'{}' is not lowerCamelCase", attribute.name),
                             {{"name", attribute.name}});
    }
    if (!names.insert(attribute.name).second) {
      return InvalidArgument("ATTRIBUTE_REPEATED", fmt::format("'{}' stands twice", attribute.name),
                             {{"name", attribute.name}});
    }
  }
  item.version = 1;
  return item;
}

}  // namespace zonelink::recognition
