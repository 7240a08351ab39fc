// SPDX-License-Identifier: Apache-2.0
#include "platform/review/line.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "platform/review/history.h"

namespace zonelink::review {
namespace {

template <class Word, size_t count>
Word Named(const Word (&words)[count], std::string_view name) {
  for (const Word word : words) {
    if (Name(word) == name) return word;
  }
  ZL_CHECK(false, "a word of the review kernel by its name");
}

// What is wrong with a step that stands behind `earlier`; empty: nothing.
std::string FaultOf(const Step& step, const std::set<std::string>& earlier) {
  if (step.name.empty()) return "has no name";
  if (earlier.count(step.name) != 0) return "its name stands twice";
  if (step.role.empty()) return "names no role";
  if (step.quorum < 1) return "the quorum is less than one";
  const std::set<std::string> parties(step.parties.begin(), step.parties.end());
  if (parties.size() != step.parties.size() || parties.count("") != 0) {
    return "its parties are not distinct";
  }
  if (step.rule == Rule::kQuorum && !parties.empty() &&
      step.quorum > static_cast<int>(parties.size())) {
    return "the quorum is larger than its parties";
  }
  if (std::any_of(step.apart_from.begin(), step.apart_from.end(),
                  [&](const std::string& name) { return earlier.count(name) == 0; })) {
    return "stands apart from what is no earlier step";
  }
  if (step.due_days < 0) return "its days are negative";
  if (step.due_days == 0 && step.deadline_action != DeadlineAction::kNone) {
    return "acts on a deadline it does not have";
  }
  return "";
}

Error PlanInvalid(const std::string& step, const std::string& fault) {
  return InvalidArgument("REVIEW_PLAN_INVALID", fmt::format("step {}: {}", step, fault),
                         {{"step", step}, {"fault", fault}});
}

}  // namespace

Status CheckPlan(const Plan& plan) {
  if (plan.steps.empty()) return PlanInvalid("", "there is none");
  std::set<std::string> earlier;
  for (const Step& step : plan.steps) {
    const std::string fault = FaultOf(step, earlier);
    if (!fault.empty()) return PlanInvalid(step.name, fault);
    if (step.parties.empty() && plan.unit.empty()) {
      return PlanInvalid(step.name, "asks the line's own unit, which is not named");
    }
    earlier.insert(step.name);
  }
  return Done{};
}

std::string_view Name(Rule rule) {
  switch (rule) {
    case Rule::kAll: return "all";
    case Rule::kAny: return "any";
    case Rule::kQuorum: return "quorum";
  }
  return "";
}

std::string_view Name(DeadlineAction action) {
  switch (action) {
    case DeadlineAction::kNone: return "none";
    case DeadlineAction::kRemind: return "remind";
    case DeadlineAction::kEscalate: return "escalate";
    case DeadlineAction::kPassToDeputy: return "pass_to_deputy";
    case DeadlineAction::kCloseTacit: return "close_tacit";
  }
  return "";
}

std::string_view Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAgree: return "agree";
    case Verdict::kDisagree: return "disagree";
    case Verdict::kAbstain: return "abstain";
  }
  return "";
}

std::string_view Name(Standing standing) {
  switch (standing) {
    case Standing::kCounted: return "counted";
    case Standing::kLate: return "late";
    case Standing::kCancelled: return "cancelled";
    case Standing::kTakenBack: return "taken_back";
  }
  return "";
}

std::string_view Name(Kind kind) {
  switch (kind) {
    case Kind::kAssigned: return "assigned";
    case Kind::kDelegated: return "delegated";
    case Kind::kUndelegated: return "undelegated";
    case Kind::kDeclared: return "declared";
    case Kind::kInterest: return "interest";
    case Kind::kRecusalAsked: return "recusal_asked";
    case Kind::kRecused: return "recused";
    case Kind::kRecusalDeclined: return "recusal_declined";
    case Kind::kAdded: return "added";
    case Kind::kDropped: return "dropped";
    case Kind::kQuorum: return "quorum";
    case Kind::kRouted: return "routed";
    case Kind::kReminded: return "reminded";
    case Kind::kReturned: return "returned";
    case Kind::kTakenBack: return "taken_back";
    case Kind::kClosed: return "closed";
  }
  return "";
}

std::string_view Name(Closed closed) {
  switch (closed) {
    case Closed::kNo: return "no";
    case Closed::kAgreed: return "agreed";
    case Closed::kDisagreed: return "disagreed";
    case Closed::kTacit: return "tacit";
    case Closed::kWithdrawn: return "withdrawn";
  }
  return "";
}

std::string_view Name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOpen: return "open";
    case Outcome::kAgreed: return "agreed";
    case Outcome::kDisagreed: return "disagreed";
  }
  return "";
}

Verdict VerdictNamed(std::string_view name) {
  return Named({Verdict::kAgree, Verdict::kDisagree, Verdict::kAbstain}, name);
}

Standing StandingNamed(std::string_view name) {
  return Named({Standing::kCounted, Standing::kLate, Standing::kCancelled, Standing::kTakenBack},
               name);
}

Kind KindNamed(std::string_view name) {
  return Named({Kind::kAssigned, Kind::kDelegated, Kind::kUndelegated, Kind::kDeclared,
                Kind::kInterest, Kind::kRecusalAsked, Kind::kRecused, Kind::kRecusalDeclined,
                Kind::kAdded, Kind::kDropped, Kind::kQuorum, Kind::kRouted, Kind::kReminded,
                Kind::kReturned, Kind::kTakenBack, Kind::kClosed},
               name);
}

Closed ClosedNamed(std::string_view name) {
  return Named(
      {Closed::kNo, Closed::kAgreed, Closed::kDisagreed, Closed::kTacit, Closed::kWithdrawn}, name);
}

}  // namespace zonelink::review
