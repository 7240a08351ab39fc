// SPDX-License-Identifier: Apache-2.0
// Negative lists 负面清单, and what they and the conditions of agreements find on a case. They keep
// a case out of recognition at once: what is found goes to a person, who decides.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/core/time.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/item.h"

namespace zonelink::recognition {

inline constexpr std::string_view kCommonList = "common";

// A version never changes; a change is the next version. On a day the newest version that has begun
// counts.
struct ListEntry {
  std::string list;  // a zone, or kCommonList
  std::string entry_id;
  int version = 1;
  std::string item_id;
  std::string name_zh;
  std::string name_en;
  std::string predicate;      // SQL/JSON path over attributes; true: a hit
  std::string article;        // that bars it
  std::string source_status;  // as in the proto
  Date effective_from;
  std::optional<Date> effective_until;  // last day; empty: without end
  bool retired = false;
  std::string reason;  // of the retirement
  Time published_at;
};

// May the actor change this list? Zone administrators the own zone's, the secretariat the common
// one. Refuses `FOREIGN_LIST`.
Status CheckList(std::string_view list, const Actor& by, bool secretariat);

// The entry's next version, the first where there is no `current`. Refuses `ENTRY_DATES` (the last
// day before the first), `ENTRY_ITEM` (another item than before: its hits would mix).
Result<ListEntry> PublishEntry(const std::optional<ListEntry>& current, ListEntry next, Time now);

// No longer counts from today on. Refuses `ENTRY_RETIRED`.
Result<ListEntry> RetireEntry(ListEntry current, std::string reason, Time now);

// Something that a person has to look at.
struct Finding {
  enum class Kind { kListEntry, kCondition };
  enum class Outcome {
    kHit,      // of an entry
    kNotMet,   // of a condition
    kUnknown,  // the attributes do not tell
  };
  std::string zone;  // that would recognise
  Kind kind = Kind::kListEntry;
  Outcome outcome = Outcome::kUnknown;
  // Of the entry; empty for a condition.
  std::string list;
  std::string entry_id;
  int entry_version = 0;
  std::string name_zh;
  std::string name_en;
  std::string article;
  std::string source_status;
};

std::string_view Name(Finding::Kind kind);                    // LIST_ENTRY
std::string_view Name(Finding::Outcome outcome);              // NOT_MET
Finding::Kind FindingKindNamed(std::string_view name);        // crashes on any other name
Finding::Outcome FindingOutcomeNamed(std::string_view name);  // crashes on any other name

bool AnyHit(const std::vector<Finding>& findings);
// Those of one zone.
std::vector<Finding> FindingsOf(const std::vector<Finding>& findings, std::string_view zone);

}  // namespace zonelink::recognition
