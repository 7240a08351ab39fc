// SPDX-License-Identifier: Apache-2.0
// What waits for whom, decided from what an event says about a case. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/calendar/calendar.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::worklist {

enum class Action { kAccept, kVerify, kDecide, kSupplement };

std::string_view Name(Action action);  // as in the API: accept, verify, decide, supplement
std::optional<Action> ParseAction(std::string_view name);

// What an inbox entry tells about its filing.
struct CaseFacts {
  std::string filing_id;
  std::string receipt_number;
  std::string organization_id;
  std::string applicant_name;
  std::string item_id;
  std::string item_name_zh;
  std::string item_name_en;
};

// The authority's clock as an event left it.
struct ClockNews {
  int budget_days = 0;
  Date due_on;
  bool provisional = false;
  bool running = false;
};

// One zone's decision as an event left it.
struct DecisionNews {
  std::string zone;
  std::string state;  // PENDING, ACCEPTED, …
  std::vector<std::string> verified_by;
  std::optional<ClockNews> clock;
};

// One thing that waits.
struct Work {
  Action action = Action::kAccept;
  std::string party;               // zone:<zone> or org:<organisation>
  std::vector<std::string> roles;  // any of them may act; the first is shown
  std::vector<std::string> excluded_users;
  std::optional<Date> due_on;  // empty where no clock runs
  bool provisional = false;
  int budget_days = 0;
};

// What waits after the event; nothing when the decision waits for nobody. Refused for a state this
// build does not know: Internal.
Result<std::optional<Work>> WhatWaits(const DecisionNews& decision,
                                      const std::string& organization_id);

// Working days left until the end of `due_on`, never more than the budget; negative when it is
// over.
int RemainingDays(const Calendar& calendar, Date due_on, int budget_days, Date today);

struct Sentence {
  std::string zh;
  std::string en;
};
// Why it waits for the reader.
Sentence Why(Action action, const CaseFacts& facts);

}  // namespace zonelink::worklist
