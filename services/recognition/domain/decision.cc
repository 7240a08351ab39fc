// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/calendar/calendar.h"
#include "platform/core/check.h"
#include "recognition/domain/decision_line.h"

namespace zonelink::recognition {

using State = DecisionState;

std::string_view Name(PromiseState state) {
  switch (state) {
    case PromiseState::kNone: return "";
    case PromiseState::kToCheck: return "TO_CHECK";
    case PromiseState::kMet: return "MET";
    case PromiseState::kToCorrect: return "TO_CORRECT";
    case PromiseState::kBroken: return "BROKEN";
  }
  return "";
}

PromiseState PromiseStateNamed(std::string_view name) {
  for (const PromiseState state : {PromiseState::kNone, PromiseState::kToCheck, PromiseState::kMet,
                                   PromiseState::kToCorrect, PromiseState::kBroken}) {
    if (Name(state) == name) return state;
  }
  ZL_CHECK(false, "a promise's state by its name");
}

Terms TermsOf(const Item& item) {
  const bool joint = item.joint_budget_days > 0;
  return {.supplement_window = item.supplement_window_days,
          .extension = joint ? item.joint_extension_days : item.extension_days,
          .delivery = item.delivery_days,
          .query = item.query_days,
          .promise_check = item.promise_check_days,
          .promise_correction = item.promise_correction_days,
          .promise_version = item.promise_version,
          .tacit_allowed = item.tacit_allowed && !item.excluded_class,
          .declaration_needed = item.declaration_needed};
}

review::Plan ReviewPlan(const std::string& zone, int verifiers) {
  return {.line = zone,
          .unit = zone,
          .steps = {{.name = "accept", .role = "verifier"},
                    {.name = "verify",
                     .role = "verifier",
                     .rule = review::Rule::kQuorum,
                     .quorum = verifiers},
                    {.name = "decide", .role = "reviewer", .apart_from = {"verify"}}}};
}

review::Plan OpinionsPlan(const std::string& zone, const Consultation& asked) {
  return {.line = fmt::format("{}/opinions/{}", zone, asked.number),
          .unit = zone,
          .steps = {{.name = "opinions",
                     .role = "reviewer",
                     .rule = asked.rule,
                     .quorum = asked.quorum,
                     .veto = asked.veto,
                     .parties = asked.zones}}};
}

std::string_view WaitingStep(const Decision& decision) {
  switch (decision.state) {
    case State::kPending:
    case State::kAccepted:
    case State::kReturnedToStep:
    case State::kVerified: return review::CurrentStep(*decision.line).name;
    default: return "";
  }
}

std::string_view WaitingFor(const Decision& decision) {
  switch (decision.state) {
    case State::kSupplementing: return "filer";
    case State::kQueryToHome: return "verifier";  // of the home zone
    case State::kHearing: return "verifier";
    case State::kSuspended: return GroundOf(decision) == kPapersGround ? "filer" : "verifier";
    default: break;
  }
  const std::string step(WaitingStep(decision));
  if (step.empty()) return "";
  if (review::SeatsOf(*decision.line, step).unit == HeadOf(decision.zone)) return "zone_admin";
  return step == "decide" ? "reviewer" : "verifier";
}

std::string HeadOf(const std::string& zone) { return zone + "/head"; }

bool PapersOutstanding(const Decision& decision) {
  return std::any_of(decision.papers.begin(), decision.papers.end(),
                     [](const DeferredPaper& paper) { return !paper.handed_in_at; });
}

std::vector<Verification> VerificationsOf(const Decision& decision) {
  std::vector<Verification> verifications;
  if (!decision.line) return verifications;
  for (const review::Opinion& opinion : decision.line->record.opinions) {
    if (opinion.step != "verify" || opinion.standing != review::Standing::kCounted) continue;
    verifications.push_back(
        {opinion.user_id, opinion.name, opinion.at, opinion.text, opinion.on_behalf_of});
  }
  return verifications;
}

std::string DecidedOnBehalfOf(const Decision& decision) {
  if (!decision.line) return "";
  for (const review::Opinion& opinion : decision.line->record.opinions) {
    const bool counts = opinion.standing == review::Standing::kCounted;
    if (counts && opinion.step == "decide") return opinion.on_behalf_of;
  }
  return "";
}

std::vector<std::string> OfficersById(const Decision& decision) {
  std::vector<std::string> ids;
  if (!decision.line) return ids;
  for (const review::Act& act : decision.line->record.acts) {
    if (act.kind == review::Kind::kDelegated) ids.push_back(act.other_user_id);
    const bool speaks = act.kind == review::Kind::kDelegated ||
                        act.kind == review::Kind::kDeclared || act.kind == review::Kind::kInterest;
    if (speaks) ids.push_back(act.user_id);
  }
  for (const review::Opinion& opinion : decision.line->record.opinions) {
    if (!opinion.on_behalf_of.empty()) ids.push_back(opinion.on_behalf_of);
  }
  return ids;
}

std::vector<Declaration> DeclarationsOf(const Decision& decision) {
  std::vector<Declaration> declarations;
  if (!decision.line) return declarations;
  for (const review::Act& act : decision.line->record.acts) {
    const bool conflict = act.kind == review::Kind::kInterest;
    if (!conflict && act.kind != review::Kind::kDeclared) continue;
    declarations.push_back({act.user_id, conflict, act.reason, act.at});
  }
  return declarations;
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
                      .running = Running(*decision.clock)};
}

std::string RecognitionNumber(Time granted_at, std::string_view draw) {
  const std::chrono::year_month_day day(ShanghaiDate(granted_at));
  return fmt::format("R{}-{}", static_cast<int>(day.year()), draw);
}

Status Take(Decision& decision, Verb verb) {
  const Result<Move> next = Next(decision.state, verb);
  if (!next) return next.error();
  decision.step = Step{verb, decision.state, {}};
  if (next->to) {
    decision.state = *next->to;
  } else if (next->back) {
    ZL_CHECK(decision.resume_to.has_value(), "an interrupted decision knows where it was");
    decision.state = *decision.resume_to;
    decision.resume_to.reset();
  }
  ++decision.version;
  return Done{};
}

Status CheckOfficer(const Decision& decision, const Actor& by) {
  if (const Status zone = CheckOfZone(decision, by); !zone) return zone;
  return CheckNotAway(decision, by.user_id);
}

Status CheckOfZone(const Decision& decision, const Actor& by) {
  if (by.zone != decision.zone) {
    return PermissionDenied("NOT_DECIDING_ZONE", fmt::format("only {} decides here", decision.zone),
                            {{"zone", decision.zone}});
  }
  return CheckNotOwn(decision, by);
}

Status CheckNotOwn(const Decision& decision, const Actor& by) {
  if (by.organization_id.empty()) return Done{};
  if (by.organization_id != decision.applicant && by.organization_id != decision.agent) {
    return Done{};
  }
  return PermissionDenied("OWN_ORGANIZATION", "nobody decides for the own organisation");
}

review::Person PersonOf(const Actor& by, const std::string& zone) {
  const bool of_unit = by.HasRole("verifier") || by.HasRole("reviewer");
  if (!of_unit) {
    if (auto head = HeadPersonOf(by, zone)) return *std::move(head);
  }
  return {by.user_id, by.name, by.zone, by.roles, {}};
}

std::optional<review::Person> HeadPersonOf(const Actor& by, const std::string& zone) {
  if (by.zone != zone || !by.HasRole("zone_admin")) return std::nullopt;
  review::Person head{by.user_id, by.name, HeadOf(zone), by.roles, {}};
  head.roles.insert(head.roles.end(), {"verifier", "reviewer"});
  return head;
}

Date LastDay(const Scope& origin, Date credential_valid_until) {
  return std::min(origin.valid_until.value_or(credential_valid_until), credential_valid_until);
}

Date LastClockDay() { return NationalCalendar().last_day(); }

void StartClock(Decision& decision, std::string name, std::string_view kind, int days, Time now) {
  decision.clock_acts.push_back(
      {std::move(name), kind, WorkingClock{.budget = days, .started_at = now}});
}

void StartClockUntil(Decision& decision, std::string name, std::string_view kind, Date last_day,
                     Time now) {
  ZL_CHECK(last_day <= LastClockDay(), "no clock ends where the calendars do not reach");
  // Whole minutes that end with the day; the first may have begun.
  const auto left = std::chrono::ceil<std::chrono::minutes>(EndOfDay(last_day) - now);
  decision.clock_acts.push_back({std::move(name), kind,
                                 WorkingClock{.budget = static_cast<int>(left.count()),
                                              .unit = Unit::kCalendarMinute,
                                              .started_at = EndOfDay(last_day) - left}});
}

void StopClock(Decision& decision, std::string name) {
  decision.clock_acts.push_back({std::move(name), {}, {}});
}

void Close(Decision& decision, Time now) {
  decision.closed_at = now;
  decision.resume_to.reset();
  if (decision.clock) decision.clock = Stop(*std::move(decision.clock), now);
  for (Query& query : decision.queries) {
    if (!query.closed_at) query.closed_at = now;
  }
  if (decision.opinions && !OpinionsSettled(decision)) {  // what comes now is late
    decision.opinions =
        *review::CloseTacit(*std::move(decision.opinions), "the decision is over", now);
  }
  StopClock(decision, "*");
}

}  // namespace zonelink::recognition
