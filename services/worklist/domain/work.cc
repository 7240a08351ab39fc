// SPDX-License-Identifier: Apache-2.0
#include "worklist/domain/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace zonelink::worklist {
namespace {

constexpr std::string_view kHead = "zone_admin";

constexpr std::array<std::string_view, kActions> kActionNames = {
    "accept",        "verify", "decide",         "supplement", "answer_query",  "give_opinion",
    "hand_in_paper", "resume", "decide_recusal", "deliver",    "check_promise", "confirm_condition",
    "escalated"};

constexpr std::array<std::string_view, kReasons> kReasonNames = {
    "", "returned", "clock_reminded", "reminded", "escalated", "due", "overdue"};

// What a state waits for.
enum class Phase {
  kStep,        // the review's next step
  kSupplement,  // the applicant
  kQuery,       // the home zone
  kExcluded,    // the end of excluded time
  kGrant,       // delivery, or the check of a promise
  kDelivered,   // the check of a promise
  kCondition,   // a condition that was missed
  kEnd,         // nobody
};
struct State {
  std::string_view name;
  Phase phase;
};
constexpr std::array kStates = {
    State{"PENDING", Phase::kStep},
    State{"SUPPLEMENTING", Phase::kSupplement},
    State{"ACCEPTED", Phase::kStep},
    State{"VERIFIED", Phase::kStep},
    State{"QUERY_TO_HOME", Phase::kQuery},
    State{"HEARING", Phase::kExcluded},
    State{"SUSPENDED", Phase::kExcluded},
    State{"RETURNED_TO_STEP", Phase::kStep},
    State{"GRANTED", Phase::kGrant},
    State{"GRANTED_PARTIAL", Phase::kGrant},
    State{"GRANTED_CONDITIONAL", Phase::kGrant},
    State{"TACIT_GRANTED", Phase::kGrant},
    State{"DELIVERED", Phase::kDelivered},
    State{"SUSPENDED_AFTER", Phase::kCondition},
    State{"REVOKED", Phase::kEnd},
    State{"REFUSED", Phase::kEnd},
    State{"NOT_REQUIRED", Phase::kEnd},
    State{"WRONG_AUTHORITY", Phase::kEnd},
    State{"RETURNED", Phase::kEnd},
    State{"WITHDRAWN", Phase::kEnd},
};

const State* Find(std::string_view name) {
  for (const State& state : kStates) {
    if (state.name == name) return &state;
  }
  return nullptr;
}

bool IsOpen(Phase phase) {
  return phase == Phase::kStep || phase == Phase::kSupplement || phase == Phase::kQuery ||
         phase == Phase::kExcluded;
}

Work OfZone(Action action, const std::string& zone, std::vector<std::string> roles) {
  return {.action = action, .party = "zone:" + zone, .roles = std::move(roles)};
}

Work OfApplicant(Action action, const std::string& organization_id) {
  return {
      .action = action, .party = "org:" + organization_id, .roles = {"filer", "enterprise_admin"}};
}

void SetClock(const DecisionNews& decision, Work& work) {
  if (!decision.clock || !decision.clock->running) return;
  work.due_on = decision.clock->due_on;
  work.provisional = decision.clock->provisional;
  work.budget_days = decision.clock->budget_days;
}

// A day of which the event tells without the budget that led to it.
void SetDue(const DecisionNews& decision, std::optional<Date> due_on, Work& work) {
  if (!due_on) return;
  work.due_on = due_on;
  const int64_t days = decision.calendar->Count(decision.told_on, *due_on);
  work.budget_days = static_cast<int>(std::max<int64_t>(days, 1));
}

void Exclude(const std::vector<std::string>& users, Work& work) {
  for (const std::string& user : users) {
    const auto& known = work.excluded_users;
    if (std::find(known.begin(), known.end(), user) == known.end()) {
      work.excluded_users.push_back(user);
    }
  }
}

Result<Work> NextStep(const DecisionNews& decision) {
  std::string_view step = decision.step;
  if (step.empty() && decision.state == "PENDING") step = "accept";
  if (step.empty() && decision.state == "ACCEPTED") step = "verify";
  if (step.empty() && decision.state == "VERIFIED") step = "decide";
  const auto action = ParseAction(step);
  if (!action || *action > Action::kDecide) {
    return Internal(fmt::format("a decision in {} waits for step '{}'", decision.state, step));
  }
  std::string role = *action == Action::kDecide ? "reviewer" : "verifier";
  if (decision.waiting_for == kHead) role = kHead;
  Work work = OfZone(*action, decision.zone, {std::move(role)});
  if (*action != Action::kAccept) Exclude(decision.verified_by, work);
  Exclude(decision.excluded_users, work);
  Exclude(decision.recusal_asked, work);
  if (!decision.assigned_to.empty()) {
    work.only_users = decision.deputies;
    work.only_users.insert(work.only_users.begin(), decision.assigned_to);
  }
  return work;
}

std::optional<Work> AfterGrant(const DecisionNews& decision, Phase phase) {
  std::optional<Work> work;
  if (phase == Phase::kCondition) {
    work = OfZone(Action::kConfirmCondition, decision.zone, {"verifier", "reviewer"});
  } else if (decision.promise == "TO_CHECK" || decision.promise == "TO_CORRECT") {
    work = OfZone(Action::kCheckPromise, decision.zone, {"verifier", "inspector"});
  } else if (phase == Phase::kGrant && decision.mode == "REVIEW") {
    work = OfZone(Action::kDeliver, decision.zone, {"verifier", "reviewer"});
  }
  if (work) SetDue(decision, decision.follow_up_due_on, *work);
  return work;
}

// What the decision itself waits for.
Result<std::optional<Work>> Itself(const DecisionNews& decision, Phase phase,
                                   const std::string& organization_id) {
  if (!IsOpen(phase)) return AfterGrant(decision, phase);
  std::optional<Work> work;
  if (phase == Phase::kStep) {
    auto next = NextStep(decision);
    if (!next) return next.error();
    work = *std::move(next);
  } else if (phase == Phase::kSupplement) {
    work = OfApplicant(Action::kSupplement, organization_id);
  } else if (phase == Phase::kQuery) {
    work = OfZone(Action::kAnswerQuery, decision.query_to, {"verifier", "reviewer"});
    SetDue(decision, decision.query_due_on, *work);
    return work;
  } else if (decision.waiting_for == "filer") {
    work = OfApplicant(Action::kHandInPaper, organization_id);
  } else {
    work = OfZone(Action::kResume, decision.zone, {"verifier", "reviewer"});
  }
  SetClock(decision, *work);
  return work;
}

// What others are asked for while the decision is open.
void AddOthers(const DecisionNews& decision, Reason pressing, std::vector<Work>& all) {
  for (const std::string& zone : decision.opinions_of) {
    Work opinion = OfZone(Action::kGiveOpinion, zone, {"reviewer"});
    opinion.place = "opinion/" + zone;
    SetClock(decision, opinion);
    all.push_back(std::move(opinion));
  }
  if (!decision.recusal_asked.empty()) {
    Work recusal = OfZone(Action::kDecideRecusal, decision.zone, {std::string(kHead)});
    recusal.place = "recusal";
    recusal.excluded_users = decision.recusal_asked;
    SetClock(decision, recusal);
    all.push_back(std::move(recusal));
  }
  const bool with_head = all.front().roles.front() == kHead;
  if (pressing < Reason::kEscalated || with_head) return;
  Work escalated = OfZone(Action::kEscalated, decision.zone, {std::string(kHead)});
  escalated.place = "escalation";
  escalated.reason = pressing;
  SetClock(decision, escalated);
  all.push_back(std::move(escalated));
}

}  // namespace

std::string_view Name(Action action) { return kActionNames[static_cast<size_t>(action)]; }

std::optional<Action> ParseAction(std::string_view name) {
  const auto found = std::find(kActionNames.begin(), kActionNames.end(), name);
  if (found == kActionNames.end()) return std::nullopt;
  return static_cast<Action>(found - kActionNames.begin());
}

std::string_view Name(Reason reason) { return kReasonNames[static_cast<size_t>(reason)]; }

std::optional<Reason> ParseReason(std::string_view name) {
  const auto found = std::find(kReasonNames.begin(), kReasonNames.end(), name);
  if (found == kReasonNames.end()) return std::nullopt;
  return static_cast<Reason>(found - kReasonNames.begin());
}

bool IsOpen(std::string_view state) {
  const State* known = Find(state);
  return known != nullptr && IsOpen(known->phase);
}

Result<std::vector<Work>> WhatWaits(const DecisionNews& decision,
                                    const std::string& organization_id, Reason pressing) {
  const State* state = Find(decision.state);
  if (state == nullptr) {
    return Internal(fmt::format("unknown state of a decision: {}", decision.state));
  }
  auto itself = Itself(decision, state->phase, organization_id);
  if (!itself) return itself.error();
  std::vector<Work> all;
  if (!*itself) return all;
  const bool returned = decision.state == "RETURNED_TO_STEP" && pressing == Reason::kNone;
  (*itself)->reason = returned ? Reason::kReturned : pressing;
  all.push_back(**std::move(itself));
  if (IsOpen(state->phase)) AddOthers(decision, pressing, all);
  return all;
}

Reason PressingAfter(Reason before, std::string_view verb, std::string_view rung) {
  if (before == Reason::kReturned) before = Reason::kNone;  // the state tells that
  if (verb == "extended") return Reason::kNone;
  Reason now = Reason::kNone;
  if (verb == "reminded") now = Reason::kReminded;
  if (rung == "REMINDER") now = Reason::kClockReminded;
  if (rung == "ESCALATION") now = Reason::kEscalated;
  if (rung == "DUE" || rung.ends_with("_OVERDUE")) now = Reason::kDue;
  if (rung == "OVERDUE") now = Reason::kOverdue;
  return std::max(before, now);
}

Reason PressingOn(Reason before, Action was, Action is) {
  if (was == is) return before;
  const bool decided =
      is == Action::kDeliver || is == Action::kCheckPromise || is == Action::kConfirmCondition;
  return before >= Reason::kEscalated && !decided ? before : Reason::kNone;
}

Reason ShownReason(Action action, Reason reason) {
  const bool of_applicant = action == Action::kSupplement || action == Action::kHandInPaper;
  return of_applicant && reason > Reason::kReminded ? Reason::kNone : reason;
}

int RemainingDays(const Calendar& calendar, Date due_on, int budget_days, Date today) {
  // A late case stays late over a weekend, on which no working day is counted.
  if (due_on < today) return std::min<int>(-1, -static_cast<int>(calendar.Count(due_on, today)));
  const auto left = calendar.Count(today - std::chrono::days(1), due_on);
  return static_cast<int>(std::min<int64_t>(budget_days, left));
}

}  // namespace zonelink::worklist
