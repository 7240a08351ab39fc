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

// What an applicant promises where the item has no text of its own.
constexpr std::string_view kPromiseZh =
    "申请人承诺：已知晓本事项的条件、标准和要求；现已符合告知的条件；所提交的材料和陈述真实、准确、"
    "完整；接受事后核查；承诺不实的，依法承担责任，已取得的认可可被撤销。";
constexpr std::string_view kPromiseEn =
    "The applicant promises: to know the conditions, standards and requirements of this item; to "
    "meet now the conditions told; that all papers and statements are true, exact and complete; to "
    "accept later checks; and to bear what the law provides for an untrue promise, up to the loss "
    "of the recognition.";

Status CheckAttributeNames(const std::vector<AttributeDefinition>& attributes) {
  std::set<std::string_view> names;
  for (const AttributeDefinition& attribute : attributes) {
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
  return Done{};
}

Status CheckPapersAndDays(const Item& item) {
  const auto& required = item.required_documents;
  for (const std::string& kind : item.deferrable_documents) {
    if (std::find(required.begin(), required.end(), kind) != required.end()) continue;
    return InvalidArgument("ITEM_DEFERRABLE", fmt::format("'{}' is not a required paper", kind),
                           {{"kind", kind}});
  }
  if (item.joint_budget_days == 0 && item.joint_extension_days > 0) {
    return InvalidArgument("ITEM_JOINT", "an extension of a joint budget that there is none of");
  }
  return Done{};
}

Result<Item> WithPromise(Item item) {
  if (item.promise_text_zh.empty() != item.promise_text_en.empty()) {
    return InvalidArgument("ITEM_PROMISE", "the promise in both languages, or in neither");
  }
  if (!MayBePromised(item)) {
    if (!item.promise_text_zh.empty()) {
      return InvalidArgument("ITEM_PROMISE", "the item is never granted on a promise");
    }
    item.promise_version = 0;
    return item;
  }
  if (item.promise_text_zh.empty()) {
    item.promise_text_zh = kPromiseZh;
    item.promise_text_en = kPromiseEn;
  }
  item.promise_version = 1;
  return item;
}

}  // namespace

Item Compile(Item kept) {
  if (kept.attributes_schema.empty()) return kept;
  auto compiled = AttributesSchema::Compile(kept.attributes_schema);
  ZL_CHECK(compiled.has_value(), "a published schema is usable");
  kept.compiled_schema = *std::move(compiled);
  return kept;
}

Status CheckAttributes(const Item& item, const Attributes& given) {
  ZL_CHECK(item.attributes_schema.empty() || item.compiled_schema != nullptr,
           "an item compiled before it is used");
  return CheckAttributes(item.attributes, given, item.compiled_schema.get());
}

bool MayBePromised(const Item& item) {
  return !item.excluded_class && item.default_mode != Mode::kNationwide;
}

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

Result<Item> Publish(Item item, Time now) {
  const bool at_once = item.default_mode == Mode::kAutomatic || item.default_mode == Mode::kNotify;
  if (item.excluded_class && (at_once || item.tacit_allowed)) {
    return InvalidArgument("ITEM_EXCLUDED_CLASS",
                           "an excluded class is never automatic, notify or tacit");
  }
  if ((item.default_mode == Mode::kNationwide) != (item.budget_working_days == 0)) {
    return InvalidArgument("ITEM_BUDGET", "0 working days for NATIONWIDE and for nothing else");
  }
  if (const Status ok = CheckAttributeNames(item.attributes); !ok) return ok.error();
  if (const Status ok = CheckPapersAndDays(item); !ok) return ok.error();
  if (!item.attributes_schema.empty()) {
    auto compiled = AttributesSchema::Compile(item.attributes_schema);
    if (!compiled) return compiled.error();
    item.compiled_schema = *std::move(compiled);
  }
  item.version = 1;
  item.published_at = now;
  return WithPromise(std::move(item));
}

Result<Item> Revise(const Item& current, Item next, Time now) {
  if (next.item_id != current.item_id) {
    return InvalidArgument("ITEM_ID_MISMATCH", fmt::format("the path names {}", current.item_id),
                           {{"itemId", current.item_id}});
  }
  return Publish(std::move(next), now).transform([&](Item item) {
    item.version = current.version + 1;
    const bool same = item.promise_text_zh == current.promise_text_zh &&
                      item.promise_text_en == current.promise_text_en;
    if (item.promise_version > 0) {
      item.promise_version = current.promise_version + (same ? 0 : 1);
    }
    return item;
  });
}

}  // namespace zonelink::recognition
