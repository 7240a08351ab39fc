// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/negative_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace zonelink::recognition {

Status CheckList(std::string_view list, const Actor& by, bool secretariat) {
  const bool own = list == kCommonList ? secretariat : !by.zone.empty() && list == by.zone;
  if (own) return Done{};
  return PermissionDenied("FOREIGN_LIST",
                          "zones change their own list, the secretariat the common one",
                          {{"list", std::string(list)}});
}

Result<ListEntry> PublishEntry(const std::optional<ListEntry>& current, ListEntry next, Time now) {
  if (next.effective_until && *next.effective_until < next.effective_from) {
    return InvalidArgument("ENTRY_DATES", "the last day is before the first");
  }
  if (current && current->item_id != next.item_id) {
    return InvalidArgument("ENTRY_ITEM", fmt::format("the entry is about {}", current->item_id),
                           {{"itemId", current->item_id}});
  }
  next.version = current ? current->version + 1 : 1;
  next.retired = false;
  next.published_at = now;
  return next;
}

Result<ListEntry> RetireEntry(ListEntry current, std::string reason, Time now) {
  if (current.retired) return FailedPrecondition("ENTRY_RETIRED", "the entry counts no longer");
  ++current.version;
  current.retired = true;
  current.reason = std::move(reason);
  current.effective_from = ShanghaiDate(now);
  current.effective_until.reset();
  current.published_at = now;
  return current;
}

std::string_view Name(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::kListEntry: return "LIST_ENTRY";
    case Finding::Kind::kCondition: return "CONDITION";
  }
  return "";
}

std::string_view Name(Finding::Outcome outcome) {
  switch (outcome) {
    case Finding::Outcome::kHit: return "HIT";
    case Finding::Outcome::kNotMet: return "NOT_MET";
    case Finding::Outcome::kUnknown: return "UNKNOWN";
  }
  return "";
}

Finding::Kind FindingKindNamed(std::string_view name) {
  for (const auto kind : {Finding::Kind::kListEntry, Finding::Kind::kCondition}) {
    if (Name(kind) == name) return kind;
  }
  ZL_CHECK(false, "a kind of finding by its name");
}

Finding::Outcome FindingOutcomeNamed(std::string_view name) {
  for (const auto outcome :
       {Finding::Outcome::kHit, Finding::Outcome::kNotMet, Finding::Outcome::kUnknown}) {
    if (Name(outcome) == name) return outcome;
  }
  ZL_CHECK(false, "a finding's outcome by its name");
}

bool AnyHit(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.outcome == Finding::Outcome::kHit;
  });
}

std::vector<Finding> FindingsOf(const std::vector<Finding>& findings, std::string_view zone) {
  std::vector<Finding> own;
  std::copy_if(findings.begin(), findings.end(), std::back_inserter(own),
               [&](const Finding& finding) { return finding.zone == zone; });
  return own;
}

}  // namespace zonelink::recognition
