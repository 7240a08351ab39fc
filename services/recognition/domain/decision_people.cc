// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_people.h"

#include <fmt/format.h>

#include <algorithm>

#include "recognition/domain/decision_line.h"

namespace zonelink::recognition {
namespace {

constexpr std::chrono::days kLongestDelegation{90};

review::Person PersonOf(const Officer& officer) {
  return {officer.user_id, officer.name, officer.zone, officer.roles, {}};
}

Actor ActorOf(const Officer& officer) {
  return {.user_id = officer.user_id,
          .name = officer.name,
          .zone = officer.zone,
          .roles = officer.roles};
}

// As they would speak themselves.
review::Person SpeakerOf(const Officer& officer) {
  return recognition::PersonOf(ActorOf(officer), officer.zone);
}

bool Applies(const Decision& d, const Actor& by) {
  return !by.organization_id.empty() &&
         (by.organization_id == d.applicant || by.organization_id == d.agent);
}

Status CheckKnown(const Decision& d, const Officer& officer) {
  if (officer.zone == d.zone) return Done{};
  return InvalidArgument("OFFICER_UNKNOWN", fmt::format("no officer of {} of this id", d.zone));
}

// Where no officer of the unit may act on the waiting step, or on one after it, the head of the
// zone does.
Result<review::Line> RoutedIfNobodyIsLeft(review::Line line, const Decision& d, const Actor& by,
                                          const std::vector<Officer>& unit, Time now) {
  std::vector<review::Person> people;
  people.reserve(unit.size());
  for (const Officer& officer : unit) people.push_back(SpeakerOf(officer));
  bool ahead = false;
  for (const review::Step& step : ReviewPlan(d.zone, d.verifiers_needed).steps) {
    ahead = ahead || step.name == review::CurrentStep(line).name;
    if (!ahead || review::SeatsOf(line, step.name).unit != d.zone) continue;
    if (!review::NobodyLeft(line, step.name, people, now)) continue;
    auto routed = review::RouteUp(std::move(line),
                                  {step.name, d.zone, HeadOf(d.zone), "nobody of the unit is left"},
                                  by.user_id, now);
    if (!routed) return routed;
    line = *std::move(routed);
  }
  return line;
}

// Whoever is to have a step must be able to do it.
Error AboutAssignee(const Error& error, const std::string& step) {
  if (error.reason != "NOT_YOUR_STEP" && error.reason != "PARTY_NOT_ASKED") {
    return InOurWords(error, step);
  }
  return InvalidArgument("OFFICER_UNFIT", fmt::format("does not act on step {}", step),
                         {{"step", step}});
}

// The officer whom it concerns stays away already.
Error AboutAway(const Error& error) {
  if (error.reason != "RECUSED") return error;
  return FailedPrecondition("ALREADY_RECUSED", "the officer stays away already");
}

}  // namespace

Result<Decision> Delegate(Decision d, const Actor& by, const Officer& deputy, Time until,
                          Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kDelegate); !taken) return taken.error();
  if (const Status known = CheckKnown(d, deputy); !known) return known.error();
  if (!by.lent.empty()) {
    return FailedPrecondition("DELEGATION_CHAIN", "a deputy may not delegate on");
  }
  if (until <= now || until > now + kLongestDelegation) {
    return InvalidArgument("DELEGATION_PERIOD", "ends after now and within 90 days");
  }
  auto line = review::Delegate(*std::move(d.line), recognition::PersonOf(by, d.zone),
                               PersonOf(deputy), until, now);
  if (!line) {
    if (line.error().reason != "DEPUTY_MAY_NOT_DELEGATE") return line.error();
    return FailedPrecondition("DELEGATION_CHAIN", "a deputy may not delegate on");
  }
  d.line = *std::move(line);
  d.names[deputy.user_id] = deputy.name;
  return d;
}

Result<Decision> RouteIfNobodyIsLeft(Decision d, const Actor& by, const std::vector<Officer>& unit,
                                     Time now) {
  const bool known = std::any_of(unit.begin(), unit.end(), [&](const Officer& officer) {
    return officer.user_id == by.user_id;
  });
  if (!known || !d.line || !IsOpen(d.state)) return d;
  auto line = RoutedIfNobodyIsLeft(*std::move(d.line), d, by, unit, now);
  if (!line) return line.error();
  d.line = *std::move(line);
  return d;
}

Result<Decision> DeclareInterest(Decision d, const Actor& by, Declaration declaration,
                                 const std::vector<Officer>& unit, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kDeclareInterest); !taken) return taken.error();
  const std::string& statement = declaration.statement;
  if (declaration.conflict && statement.empty()) {
    return InvalidArgument("REASON_MISSING", "say which interest");
  }
  const review::Person person = recognition::PersonOf(by, d.zone);
  // Nothing stated is no interest: a note on its absence belongs to the event.
  auto line = review::Declare(*std::move(d.line), person,
                              declaration.conflict ? statement : std::string(), now);
  if (line && declaration.conflict) {
    line = review::Recuse(*std::move(line), person, statement, now)
               .and_then([&](review::Line recused) {
                 return RoutedIfNobodyIsLeft(std::move(recused), d, by, unit, now);
               });
  }
  if (!line) return line.error();
  d.line = *std::move(line);
  d.names[by.user_id] = by.name;
  d.reason = std::move(declaration.statement);
  return d;
}

Result<Decision> Recuse(Decision d, const Actor& by, std::string reason,
                        const std::vector<Officer>& unit, Time now) {
  if (const Status officer = CheckOfZone(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kRecuse); !taken) return taken.error();
  auto line = review::Recuse(*std::move(d.line), recognition::PersonOf(by, d.zone), reason, now)
                  .and_then([&](review::Line line) {
                    return RoutedIfNobodyIsLeft(std::move(line), d, by, unit, now);
                  });
  if (!line) return AboutAway(line.error());
  d.line = *std::move(line);
  d.reason = std::move(reason);
  return d;
}

Result<Decision> RequestRecusal(Decision d, const Actor& by, const Officer& officer,
                                std::string reason, Time now) {
  if (!Applies(d, by)) {
    return PermissionDenied("FOREIGN_APPLICANT", "only the applicant asks for this");
  }
  if (const Status taken = Take(d, Verb::kRequestRecusal); !taken) return taken.error();
  if (const Status known = CheckKnown(d, officer); !known) return known.error();
  auto line = review::RequestRecusal(*std::move(d.line), officer.user_id, by.user_id, reason, now);
  if (!line) return AboutAway(line.error());
  d.line = *std::move(line);
  d.reason = std::move(reason);
  return d;
}

Result<Decision> DecideRecusal(Decision d, const Actor& by, RecusalAnswer answer,
                               const std::vector<Officer>& unit, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kDecideRecusal); !taken) return taken.error();
  auto line = review::DecideRecusal(*std::move(d.line),
                                    {answer.user_id, answer.upheld, answer.reason}, by.user_id, now)
                  .and_then([&](review::Line line) {
                    return RoutedIfNobodyIsLeft(std::move(line), d, by, unit, now);
                  });
  if (!line) return AboutAway(line.error());
  d.line = *std::move(line);
  d.reason = std::move(answer.reason);
  return d;
}

Result<Decision> Reassign(Decision d, const Actor& by, const Officer& to, std::string reason,
                          Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kReassign); !taken) return taken.error();
  if (const Status known = CheckKnown(d, to); !known) return known.error();
  const std::string step = review::CurrentStep(*d.line).name;
  const bool assigned = !review::Assignees(*d.line, step).empty();
  const auto hand_to = [&](const review::Person& person) {
    return assigned ? review::Reassign(*d.line, {step, {}, person, by.user_id, reason}, now)
                    : review::Assign(*d.line, step, person, by.user_id, now);
  };
  auto line = hand_to(SpeakerOf(to));
  if (const auto head = HeadPersonOf(ActorOf(to), d.zone); !line && head) {
    if (auto routed = hand_to(*head)) line = std::move(routed);
  }
  if (!line) return AboutAssignee(line.error(), step);
  d.line = *std::move(line);
  d.reason = std::move(reason);
  return d;
}

Result<Decision> Remind(Decision d, const Actor& by, std::string note, Time now) {
  if (by.zone.empty() && !Applies(d, by)) {
    return PermissionDenied("FOREIGN_APPLICANT", "another organisation applied");
  }
  if (const Status taken = Take(d, Verb::kRemind); !taken) return taken.error();
  const Date today = ShanghaiDate(now);
  if (d.reminded_on == today) {
    return FailedPrecondition("REMINDED_TODAY", "once a day is enough");
  }
  d.reminded_on = today;
  ++d.reminders;
  d.reason = std::move(note);
  return d;
}

}  // namespace zonelink::recognition
