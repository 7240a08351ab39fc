// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::recognition {
namespace {

using State = DecisionState;

// A cell of the table: where the verb leads, or why nowhere.
struct Cell {
  std::optional<State> next;
  std::string_view refusal;
};
constexpr Cell To(State next) { return {next, {}}; }
constexpr Cell No(std::string_view refusal) { return {std::nullopt, refusal}; }

constexpr Cell kPending = To(State::kPending);
constexpr Cell kAsking = To(State::kSupplementing);
constexpr Cell kAccepted = To(State::kAccepted);
constexpr Cell kVerified = To(State::kVerified);
constexpr Cell kGranted = To(State::kGranted);
constexpr Cell kRefused = To(State::kRefused);
constexpr Cell kDropped = To(State::kWithdrawn);
constexpr Cell kNotPend = No("DECISION_NOT_PENDING");
constexpr Cell kNotTwice = No("SUPPLEMENT_ALREADY_ASKED");
constexpr Cell kNotAsked = No("SUPPLEMENT_NOT_ASKED");
constexpr Cell kNotAcc = No("DECISION_NOT_ACCEPTED");
constexpr Cell kNotVer = No("DECISION_NOT_VERIFIED");
constexpr Cell kNotOpen = No("FILING_NOT_OPEN");

// clang-format off
constexpr Cell kTable[7][7] = {
//                     PENDING    SUPPLEMENT ACCEPTED   VERIFIED   GRANTED    REFUSED    WITHDRAWN
/* accept     */      {kAccepted, kNotPend,  kNotPend,  kNotPend,  kNotPend,  kNotPend,  kNotPend},
/* request s. */      {kAsking,   kNotTwice, kNotPend,  kNotPend,  kNotPend,  kNotPend,  kNotPend},
/* supplement */      {kNotAsked, kPending,  kNotAsked, kNotAsked, kNotAsked, kNotAsked, kNotAsked},
/* verify     */      {kNotAcc,   kNotAcc,   kVerified, kNotAcc,   kNotAcc,   kNotAcc,   kNotAcc},
/* grant      */      {kNotVer,   kNotVer,   kNotVer,   kGranted,  kNotVer,   kNotVer,   kNotVer},
/* refuse     */      {kNotVer,   kNotVer,   kNotVer,   kRefused,  kNotVer,   kNotVer,   kNotVer},
/* withdraw   */      {kDropped,  kDropped,  kDropped,  kDropped,  kNotOpen,  kNotOpen,  kNotOpen},
};
// clang-format on

Status Move(Decision& decision, Verb verb) {
  const Result<State> next = Next(decision.state, verb);
  if (!next) return next.error();
  decision.step = Step{verb, decision.state};
  decision.state = *next;
  ++decision.version;
  return Done{};
}

bool HasVerified(const Decision& decision, const Actor& who) {
  const auto& all = decision.verifications;
  return std::any_of(all.begin(), all.end(),
                     [&](const Verification& one) { return one.user_id == who.user_id; });
}

// Only officers of the deciding zone who do not belong to the applicant may act.
Status CheckOfficer(const Decision& decision, const Actor& by) {
  if (by.zone != decision.zone) {
    return PermissionDenied("NOT_DECIDING_ZONE", fmt::format("only {} decides here", decision.zone),
                            {{"zone", decision.zone}});
  }
  if (!by.organization_id.empty() && by.organization_id == decision.applicant) {
    return PermissionDenied("OWN_ORGANIZATION", "nobody decides for the own organisation");
  }
  return Done{};
}

// Four eyes: whoever verified does not decide.
Status CheckDecider(const Decision& decision, const Actor& by) {
  if (const Status officer = CheckOfficer(decision, by); !officer) return officer;
  if (HasVerified(decision, by)) {
    return FailedPrecondition("VERIFIER_MAY_NOT_DECIDE", "another officer must decide");
  }
  return Done{};
}

}  // namespace

std::string_view Name(DecisionState state) {
  switch (state) {
    case State::kPending: return "PENDING";
    case State::kSupplementing: return "SUPPLEMENTING";
    case State::kAccepted: return "ACCEPTED";
    case State::kVerified: return "VERIFIED";
    case State::kGranted: return "GRANTED";
    case State::kRefused: return "REFUSED";
    case State::kWithdrawn: return "WITHDRAWN";
  }
  return "";
}

DecisionState DecisionStateNamed(std::string_view name) {
  for (const State state :
       {State::kPending, State::kSupplementing, State::kAccepted, State::kVerified, State::kGranted,
        State::kRefused, State::kWithdrawn}) {
    if (Name(state) == name) return state;
  }
  ZL_CHECK(false, "a decision's state by its name");
}

bool IsOpen(DecisionState state) { return !WaitingFor(state).empty(); }

std::string_view WaitingFor(DecisionState state) {
  switch (state) {
    case State::kPending: return "verifier";
    case State::kSupplementing: return "filer";
    case State::kAccepted: return "verifier";
    case State::kVerified: return "reviewer";
    case State::kGranted:
    case State::kRefused:
    case State::kWithdrawn: return "";
  }
  return "";
}

Result<DecisionState> Next(DecisionState state, Verb verb) {
  const Cell& cell = kTable[static_cast<size_t>(verb)][static_cast<size_t>(state)];
  if (cell.next) return *cell.next;
  return FailedPrecondition(std::string(cell.refusal), fmt::format("is {}", Name(state)),
                            {{"state", std::string(Name(state))}});
}

std::optional<ClockReading> ReadClock(const Decision& decision, const Calendar& calendar,
                                      Time now) {
  if (!decision.clock) return std::nullopt;
  const Time at = decision.closed_at.value_or(now);
  const Date due_on = DueOn(*decision.clock, calendar, at);
  return ClockReading{.budget_days = decision.clock->budget,
                      .used_days = Used(*decision.clock, calendar, at),
                      .due_on = due_on,
                      .provisional = calendar.Provisional(due_on),
                      .running = !decision.closed_at && Running(*decision.clock)};
}

std::string RecognitionNumber(Time granted_at, std::string_view draw) {
  const std::chrono::year_month_day day(ShanghaiDate(granted_at));
  return fmt::format("R{}-{}", static_cast<int>(day.year()), draw);
}

Result<Decision> Accept(Decision d, const Actor& by) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status moved = Move(d, Verb::kAccept); !moved) return moved.error();
  return d;
}

Result<Decision> RequestSupplement(Decision d, const Actor& by, SupplementNotice notice, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status moved = Move(d, Verb::kRequestSupplement); !moved) return moved.error();
  if (d.supplement) {
    return FailedPrecondition("SUPPLEMENT_ALREADY_ASKED", "what is missing is asked for once");
  }
  d.clock = Suspend(*std::move(d.clock), now);
  notice.asked_at = now;
  d.supplement = std::move(notice);
  return d;
}

Result<Decision> Verify(Decision d, const Actor& by, std::string opinion, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status moved = Move(d, Verb::kVerify); !moved) return moved.error();
  if (HasVerified(d, by)) {
    return FailedPrecondition("ALREADY_VERIFIED_BY_YOU", "another officer must verify");
  }
  d.verifications.push_back({by.user_id, by.name, now, std::move(opinion)});
  const bool enough = static_cast<int>(d.verifications.size()) >= d.verifiers_needed;
  if (!enough) d.state = State::kAccepted;
  return d;
}

Result<Decision> Grant(Decision d, const Actor& by, std::string reason, std::string_view draw,
                       Time now) {
  if (const Status decider = CheckDecider(d, by); !decider) return decider.error();
  if (const Status moved = Move(d, Verb::kGrant); !moved) return moved.error();
  if (ShanghaiDate(now) > d.credential_valid_until) {
    return FailedPrecondition("CREDENTIAL_EXPIRED", "the credential is no longer valid",
                              {{"validUntil", FormatDate(d.credential_valid_until)}});
  }
  d.recognition_number = RecognitionNumber(now, draw);
  d.decided_by = by.user_id;
  d.closed_at = now;
  d.reason = std::move(reason);
  return d;
}

Result<Decision> Refuse(Decision d, const Actor& by, Refusal refusal, Time now) {
  if (const Status decider = CheckDecider(d, by); !decider) return decider.error();
  if (const Status moved = Move(d, Verb::kRefuse); !moved) return moved.error();
  if (refusal.article.empty() || refusal.facts.empty()) {
    return InvalidArgument("REFUSAL_UNFOUNDED", "a refusal cites the article and states the facts");
  }
  d.decided_by = by.user_id;
  d.closed_at = now;
  d.reason = std::move(refusal.reason);
  d.article = std::move(refusal.article);
  d.facts = std::move(refusal.facts);
  return d;
}

Result<Decision> Supplement(Decision d, Time now) {
  if (const Status moved = Move(d, Verb::kSupplement); !moved) return moved.error();
  d.clock = Resume(*std::move(d.clock), now);
  d.supplement->answered_at = now;
  return d;
}

Result<Decision> Withdraw(Decision d, std::string reason, Time now) {
  if (const Status moved = Move(d, Verb::kWithdraw); !moved) return moved.error();
  d.closed_at = now;
  d.reason = std::move(reason);
  return d;
}

}  // namespace zonelink::recognition
