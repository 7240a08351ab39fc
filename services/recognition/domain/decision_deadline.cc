// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "recognition/domain/decision_line.h"

namespace zonelink::recognition {
namespace {

using State = DecisionState;
using clocks::Kind;
using clocks::Rung;

constexpr std::array kDecision = {Rung{"DEEMED_ACCEPTED", 0, kAcceptanceDays}, Rung{"REMINDER", 50},
                                  Rung{"ESCALATION", 80}, Rung{"DUE", 100}, Rung{"OVERDUE", 120}};
constexpr std::array kSupplement = {Rung{"REMINDER", 80}, Rung{"SUPPLEMENT_MISSED", 100}};
constexpr std::array kQuery = {Rung{"REMINDER", 80}, Rung{"QUERY_MISSED", 100}};
constexpr std::array kDelivery = {Rung{"REMINDER", 80}, Rung{"DELIVERY_OVERDUE", 100}};
constexpr std::array kPromise = {Rung{"REMINDER", 80}, Rung{"CHECK_OVERDUE", 100}};
constexpr std::array kCorrection = {Rung{"REMINDER", 80}, Rung{"PROMISE_BROKEN", 100}};
constexpr std::array kCondition = {Rung{"REMINDER", 80}, Rung{"CONDITION_MISSED", 100}};
constexpr std::array kPaper = {Rung{"PAPER_MISSED", 100}};
constexpr std::array kPaperWindow = {Rung{"REMINDER", 80}, Rung{"PAPER_WINDOW_MISSED", 100}};

constexpr std::array kKinds = {
    Kind{"DECISION", Unit::kWorkingDay, kDecision},
    Kind{"SUPPLEMENT", Unit::kWorkingDay, kSupplement},
    Kind{"QUERY", Unit::kWorkingDay, kQuery},
    Kind{"DELIVERY", Unit::kWorkingDay, kDelivery},
    Kind{"PROMISE", Unit::kWorkingDay, kPromise},
    Kind{"CORRECTION", Unit::kWorkingDay, kCorrection},
    Kind{"CONDITION", Unit::kCalendarMinute, kCondition},
    Kind{"PAPER", Unit::kCalendarMinute, kPaper},
    Kind{"PAPER_WINDOW", Unit::kWorkingDay, kPaperWindow},
};

// §32: without a notice in five working days the filing counts as accepted from its receipt.
std::optional<Decision> DeemAccepted(Decision d, Time at) {
  if (!Take(d, Verb::kDeemAccepted)) return std::nullopt;
  const std::string unit = review::SeatsOf(*d.line, "accept").unit;
  const review::Person clock{"clock", "clock", unit, {"verifier"}, {}};
  if (!review::Assignees(*d.line, "accept").empty()) {
    d.line = *review::Reassign(*std::move(d.line), {"accept", {}, clock, "", ""}, at);
  }
  d.line = *review::Give(*std::move(d.line), "accept", {}, clock, at);
  d.legal_basis = "行政许可法 §32 (4)";
  return d;
}

std::optional<Decision> GrantTacitly(Decision d, std::string_view draw, Time at) {
  if (!d.terms.tacit_allowed || PapersOutstanding(d) || OpinionsAgainst(d)) return std::nullopt;
  if (ShanghaiDate(at - std::chrono::microseconds{1}) >
      LastDay(d.origin_scope, d.credential_valid_until))
    return std::nullopt;
  if (!Take(d, Verb::kGrantTacitly)) return std::nullopt;
  d.line = *review::CloseTacit(*std::move(d.line), "the last working day is over", at);
  Close(d, at);
  d.by_clock = true;
  d.recognition_number = RecognitionNumber(at, draw);
  d.legal_basis = "item: silence grants (practice-unverified)";
  StartClock(d, "delivery", "DELIVERY", d.terms.delivery, at);
  return d;
}

std::optional<Decision> MissSupplement(Decision d, Verb verb, Time at) {
  if (!Take(d, verb)) return std::nullopt;
  Close(d, at);
  d.by_clock = true;
  return d;
}

std::optional<Decision> MissPaperWindow(Decision d, std::string_view clock_name, Time at) {
  if (GroundOf(d) != kPapersGround || PaperWindow(d) != clock_name) return std::nullopt;
  return MissSupplement(std::move(d), Verb::kMissPaperWindow, at);
}

std::optional<Decision> MissQuery(Decision d, std::string_view clock_name, Time at) {
  if (clock_name != fmt::format("query/{}", d.queries.size())) return std::nullopt;
  if (!Take(d, Verb::kMissQuery)) return std::nullopt;
  d.queries.back().closed_at = at;
  d.queries.back().missed = true;
  return d;
}

// A query ends with it: the case waits for the applicant now. While the clock stands already,
// whatever lets it go on looks at the papers.
std::optional<Decision> MissPaper(Decision d, Time at) {
  if (!PaperOverdue(d, at)) return std::nullopt;
  const State before = d.state;
  if (!Take(d, Verb::kMissPaper)) return std::nullopt;
  if (before == State::kQueryToHome) {
    d.queries.back().closed_at = at;
    StopClock(d, fmt::format("query/{}", d.queries.size()));
  }
  AwaitPapers(d, before == State::kQueryToHome ? *d.resume_to : before, at);
  return d;
}

std::optional<Decision> BreakPromise(Decision d, Time at) {
  if (d.promise != PromiseState::kToCorrect || !Take(d, Verb::kBreakPromise)) return std::nullopt;
  d.promise = PromiseState::kBroken;
  d.by_clock = true;
  Close(d, d.closed_at.value_or(at));
  return d;
}

std::optional<Decision> MissCondition(Decision d, std::string_view clock_name) {
  for (size_t i = 0; i < d.conditions.size(); ++i) {
    if (clock_name != fmt::format("condition/{}", i + 1)) continue;
    Condition& condition = d.conditions[i];
    const State before = d.state;
    if (condition.met_at || !Take(d, Verb::kMissCondition)) return std::nullopt;
    condition.missed = true;
    if (before != State::kSuspendedAfter) d.resume_to = before;
    return d;
  }
  return std::nullopt;
}

// A rung is told late where the clock stood and went on meanwhile: nothing happens before that.
Time NotBeforeItsLastEvent(const Decision& d, Time at) {
  if (!d.clock || d.clock->stopped_at || d.clock->suspensions.empty()) return at;
  const Suspension& last = d.clock->suspensions.back();
  return std::max(at, last.until.value_or(last.from));
}

std::optional<Decision> Tell(Decision d) {
  if (!Take(d, Verb::kPassRung)) return std::nullopt;
  return d;
}

}  // namespace

std::span<const Kind> Deadlines() { return kKinds; }

std::optional<Decision> PassRung(Decision d, std::string_view clock_name, std::string_view rung,
                                 std::string_view draw, Time stands_for) {
  const Time at = NotBeforeItsLastEvent(d, stands_for);
  if (rung == "DEEMED_ACCEPTED") return DeemAccepted(std::move(d), at);
  if (rung == "SUPPLEMENT_MISSED") return MissSupplement(std::move(d), Verb::kMissSupplement, at);
  if (rung == "QUERY_MISSED") return MissQuery(std::move(d), clock_name, at);
  if (rung == "PAPER_MISSED") return MissPaper(std::move(d), at);
  if (rung == "PAPER_WINDOW_MISSED") return MissPaperWindow(std::move(d), clock_name, at);
  if (rung == "PROMISE_BROKEN") return BreakPromise(std::move(d), at);
  if (rung == "CONDITION_MISSED") return MissCondition(std::move(d), clock_name);
  if (rung == "DUE") {
    auto granted = GrantTacitly(d, draw, at);
    return granted ? std::move(granted) : Tell(std::move(d));
  }
  return Tell(std::move(d));
}

}  // namespace zonelink::recognition
