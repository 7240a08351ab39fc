// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_review.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "recognition/domain/decision_deadline.h"
#include "recognition/domain/decision_line.h"

namespace zonelink::recognition {
namespace {

using State = DecisionState;

constexpr int kMostVerifiers = 5;

// Interrupts the review: it goes on from where it was.
Result<Decision> Interrupt(Decision d, Verb verb) {
  const State before = d.state;
  if (const Status taken = Take(d, verb); !taken) return taken.error();
  d.resume_to = before;
  return d;
}

bool Asked(const Decision& d) { return d.opinions && !OpinionsSettled(d); }

}  // namespace

Result<Decision> Verify(Decision d, const Actor& by, std::string opinion, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status role = CheckRole(d, by, "verifier", now); !role) return role.error();
  if (d.state == State::kReturnedToStep && WaitingStep(d) == "accept") {
    return FailedPrecondition("DECISION_NOT_ACCEPTED", "waits to be accepted again",
                              {{"state", std::string(Name(d.state))}});
  }
  const State before = d.state;
  if (const Status taken = Take(d, Verb::kVerify); !taken) return taken.error();
  auto spoken = Speak(d, by, "verify", {review::Verdict::kAgree, std::move(opinion)}, now);
  if (!spoken) return spoken.error();
  Keep(d, *std::move(spoken), by);
  if (review::CurrentStep(*d.line).name == "verify") {
    d.state = before == State::kReturnedToStep ? State::kReturnedToStep : State::kAccepted;
  }
  return d;
}

Result<Decision> AddVerifier(Decision d, const Actor& by, std::string reason, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kAddVerifier); !taken) return taken.error();
  const int now_needed = VerifiersNeeded(d);
  if (now_needed >= kMostVerifiers) {
    return FailedPrecondition("VERIFIERS_MOST", fmt::format("{} verify already", now_needed));
  }
  auto line =
      review::SetQuorum(*std::move(d.line), {"verify", now_needed + 1}, by.user_id, reason, now);
  if (!line) return line.error();
  d.line = *std::move(line);
  d.reason = std::move(reason);
  return d;
}

Result<Decision> DropVerifier(Decision d, const Actor& by, std::string reason, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kDropVerifier); !taken) return taken.error();
  const int now_needed = VerifiersNeeded(d);
  if (now_needed <= d.verifiers_needed) {
    return FailedPrecondition("VERIFIERS_LEAST", "the item needs that many");
  }
  auto line =
      review::SetQuorum(*std::move(d.line), {"verify", now_needed - 1}, by.user_id, reason, now);
  if (!line) return line.error();
  d.line = *std::move(line);
  d.reason = std::move(reason);
  return d;
}

Result<Decision> Return(Decision d, const Actor& by, std::string_view to_step, std::string reason,
                        Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kReturn); !taken) return taken.error();
  auto back = Back(d, by, to_step, reason, now);
  if (!back) return back.error();
  Keep(d, *std::move(back), by);
  if (Asked(d)) {
    auto closed = review::Withdraw(*std::move(d.opinions), by.user_id, reason, now);
    if (!closed) return closed.error();
    d.opinions = *std::move(closed);
  }
  d.reason = std::move(reason);
  return d;
}

Result<Decision> TakeBack(Decision d, const Actor& by, std::string reason, const Calendar& calendar,
                          Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status role = CheckRole(d, by, "verifier", now); !role) return role.error();
  if (const Status taken = Take(d, Verb::kTakeBack); !taken) return taken.error();
  auto line = review::TakeBack(*std::move(d.line), PersonOf(by, d.zone), now);
  if (!line) {
    return FailedPrecondition("NOTHING_TO_TAKE_BACK", line.error().message);
  }
  d.line = *std::move(line);
  if (d.state == State::kVerified) d.state = State::kAccepted;
  if (WaitingStep(d) == "accept") {
    if (Used(*d.clock, calendar, now) >= kAcceptanceDays) {
      return FailedPrecondition("NOTHING_TO_TAKE_BACK", "it counts as accepted by now");
    }
    d.state = d.line->record.round > 1 ? State::kReturnedToStep : State::kPending;
    d.corrections.clear();
  }
  d.reason = std::move(reason);
  return d;
}

Result<Decision> QueryHome(Decision d, const Actor& by, std::string question, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  auto asked = Interrupt(std::move(d), Verb::kQueryHome);
  if (!asked) return asked;
  asked->queries.push_back({std::move(question), by.user_id, now, {}, {}, std::nullopt, false});
  StartClock(*asked, fmt::format("query/{}", asked->queries.size()), "QUERY", asked->terms.query,
             now);
  return asked;
}

Result<Decision> AnswerQuery(Decision d, const Actor& by, std::string answer, Time now) {
  if (by.zone != d.home_zone) {
    return PermissionDenied("NOT_HOME_ZONE", fmt::format("only {} answers", d.home_zone),
                            {{"zone", d.home_zone}});
  }
  if (const Status own = CheckNotOwn(d, by); !own) return own.error();
  if (const Status taken = Take(d, Verb::kAnswerQuery); !taken) return taken.error();
  Query& query = d.queries.back();
  query.answer = std::move(answer);
  query.answered_by = by.user_id;
  query.closed_at = now;
  StopClock(d, fmt::format("query/{}", d.queries.size()));
  return d;
}

Result<Decision> RequestOpinions(Decision d, const Actor& by, Consultation consultation, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kRequestOpinions); !taken) return taken.error();
  if (Asked(d)) return FailedPrecondition("OPINIONS_OPEN", "zones are still asked");
  const std::set<std::string> zones(consultation.zones.begin(), consultation.zones.end());
  if (zones.empty() || zones.size() != consultation.zones.size() || zones.count(d.zone) > 0) {
    return InvalidArgument("OPINION_ZONES", "each other zone once");
  }
  const int asked = static_cast<int>(zones.size());
  const bool counts = consultation.rule == review::Rule::kQuorum;
  if (counts && (consultation.quorum < 1 || consultation.quorum > asked)) {
    return InvalidArgument("QUORUM_INVALID", fmt::format("1 to {} agree", asked));
  }
  if (!counts) consultation.quorum = 1;
  consultation.number = d.consultation ? d.consultation->number + 1 : 1;
  d.opinions = review::Line{OpinionsPlan(d.zone, consultation), {}};
  d.opinions->record.step_since = now;
  d.consultation = std::move(consultation);
  return d;
}

Result<Decision> GiveOpinion(Decision d, const Actor& by, review::Verdict verdict, std::string text,
                             Time now) {
  const auto not_asked = PermissionDenied("ZONE_NOT_ASKED", "the zone was not asked");
  if (!d.opinions || !d.consultation) return not_asked;
  const auto& zones = d.consultation->zones;
  if (std::find(zones.begin(), zones.end(), by.zone) == zones.end()) return not_asked;
  if (const Status own = CheckNotOwn(d, by); !own) return own.error();
  if (const Status taken = Take(d, Verb::kGiveOpinion); !taken) return taken.error();
  const review::Person person{by.user_id, by.name, by.zone, by.roles, {}};
  auto line =
      review::Give(*std::move(d.opinions), "opinions", {verdict, std::move(text)}, person, now);
  if (!line) {
    const Error& error = line.error();
    if (error.reason == "LINE_CLOSED") return not_asked;  // cancelled by a return
    if (error.reason != "PARTY_HAS_SPOKEN" && error.reason != "ALREADY_GIVEN") return error;
    return FailedPrecondition("OPINION_GIVEN", "the zone has given its opinion");
  }
  d.opinions = *std::move(line);
  return d;
}

Result<Decision> Suspend(Decision d, const Actor& by, Cause cause, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (cause.ground == "SUPPLEMENT" || cause.ground == kPapersGround) {
    return InvalidArgument("GROUND_NOT_OPEN_TO_OFFICERS", "only the applicant's papers give it");
  }
  const bool hearing = cause.ground == "HEARING";
  auto stands = Interrupt(std::move(d), hearing ? Verb::kHoldHearing : Verb::kSuspend);
  if (!stands) return stands;
  cause.opened_by = by.user_id;
  stands->reason = cause.reason;
  stands->clock = zonelink::Suspend(*std::move(stands->clock), now, std::move(cause));
  return stands;
}

Result<Decision> Resume(Decision d, const Actor& by, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  const bool waits = GroundOf(d) == kPapersGround;
  if (const Status taken = Take(d, Verb::kResume); !taken) return taken.error();
  if (waits) return FailedPrecondition("PAPERS_OUTSTANDING", "a deferred paper is waited for");
  d.clock = zonelink::Resume(*std::move(d.clock), now);
  if (PaperOverdue(d, now)) AwaitPapers(d, d.state, now);
  return d;
}

Result<Decision> Extend(Decision d, const Actor& by, std::string reason, const Calendar& calendar,
                        Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kExtend); !taken) return taken.error();
  if (d.terms.extension < 1) {
    return FailedPrecondition("EXTENSION_NOT_ALLOWED", "the item lets nobody extend");
  }
  if (d.extended_days > 0) return FailedPrecondition("ALREADY_EXTENDED", "once only");
  d.extended_days = d.terms.extension;
  d.extension_reason = reason;
  d.clock = zonelink::Extend(*std::move(d.clock), d.extended_days);
  const auto due = UsedUpAt(*d.clock, d.clock->budget, calendar);
  if (due && *due <= now) {
    return FailedPrecondition("EXTENSION_TOO_LATE", "the longer time is over as well");
  }
  d.reason = std::move(reason);
  d.legal_basis = "行政许可法 §42";
  return d;
}

}  // namespace zonelink::recognition
