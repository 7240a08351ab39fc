// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_line.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::recognition {
namespace {

// The same person in the names of those whose deputy they are.
std::vector<review::Person> Deputising(const Decision& d, const review::Person& person, Time now) {
  std::vector<review::Person> roles;
  for (const review::Act& act : d.line->record.acts) {
    if (act.kind != review::Kind::kDelegated || act.other_user_id != person.user_id) continue;
    if (!CheckNotAway(d, act.user_id)) continue;
    review::Person deputy = person;
    deputy.on_behalf_of = act.user_id;
    if (review::IsDeputy(*d.line, deputy, now)) roles.push_back(std::move(deputy));
  }
  return roles;
}

}  // namespace

Error InOurWords(const Error& error, const std::string& step) {
  if (error.reason == "SAME_PERSON_TWICE") {
    return FailedPrecondition("VERIFIER_MAY_NOT_DECIDE", "another officer must decide");
  }
  if (error.reason == "ALREADY_GIVEN" && step == "verify") {
    return FailedPrecondition("ALREADY_VERIFIED_BY_YOU", "another officer must verify");
  }
  return error;
}

Status CheckNotAway(const Decision& d, const std::string& user_id) {
  if (!d.line) return Done{};
  bool asked = false;
  for (const review::Act& act : d.line->record.acts) {
    if (act.user_id != user_id) continue;
    if (act.kind == review::Kind::kRecused) {
      return FailedPrecondition("RECUSED", "stays away from the case", {{"user", user_id}});
    }
    if (act.kind == review::Kind::kRecusalAsked) asked = true;
    if (act.kind == review::Kind::kRecusalDeclined) asked = false;
  }
  if (!asked) return Done{};
  return FailedPrecondition("RECUSAL_PENDING", "a superior has yet to decide", {{"user", user_id}});
}

Result<review::Line> Speak(const Decision& d, const Actor& by, const std::string& step,
                           const review::Statement& statement, Time now) {
  const review::Person person = PersonOf(by, d.zone);
  auto own = review::Give(*d.line, step, statement, person, now);
  if (own) return own;
  for (const review::Person& deputy : Deputising(d, person, now)) {
    auto lent = review::Give(*d.line, step, statement, deputy, now);
    if (lent) return lent;
  }
  return InOurWords(own.error(), step);
}

Status MaySpeak(const Decision& d, const Actor& by, const std::string& step, Time now) {
  const auto spoken = Speak(d, by, step, {}, now);
  if (!spoken) return spoken.error();
  return Done{};
}

Result<review::Line> Back(const Decision& d, const Actor& by, std::string_view to_step,
                          const std::string& reason, Time now) {
  const std::string to(to_step);
  const review::Person person = PersonOf(by, d.zone);
  auto own = review::ReturnTo(*d.line, to, person, reason, now);
  if (own) return own;
  const Error& error = own.error();
  if (error.reason == "NOT_AN_EARLIER_STEP" || error.reason == "STEP_UNKNOWN") {
    return InvalidArgument("STEP_NOT_EARLIER", fmt::format("{} is no earlier step", to),
                           {{"step", to}});
  }
  for (const review::Person& deputy : Deputising(d, person, now)) {
    auto lent = review::ReturnTo(*d.line, to, deputy, reason, now);
    if (lent) return lent;
  }
  return InOurWords(error, to);
}

std::string GroundOf(const Decision& d) {
  if (!d.clock || d.clock->suspensions.empty()) return "";
  const Suspension& last = d.clock->suspensions.back();
  return last.until ? "" : last.cause.ground;
}

void AwaitPapers(Decision& d, DecisionState resume_to, Time now) {
  d.state = DecisionState::kSuspended;
  d.resume_to = resume_to;
  const Cause cause{
      std::string(kPapersGround), "a deferred paper has not come in", d.terms.paper_window, {}};
  d.clock = Suspend(*std::move(d.clock), now, cause);
  StartClock(d, PaperWindow(d), "PAPER_WINDOW", d.terms.paper_window, now);
}

bool PaperOverdue(const Decision& d, Time now) {
  return std::any_of(d.papers.begin(), d.papers.end(), [&](const DeferredPaper& paper) {
    return !paper.handed_in_at && EndOfDay(paper.promised_on) <= now;
  });
}

std::string PaperWindow(const Decision& d) {
  const auto& all = d.clock->suspensions;
  const auto times = std::count_if(all.begin(), all.end(), [](const Suspension& suspension) {
    return suspension.cause.ground == kPapersGround;
  });
  return fmt::format("paper-window/{}", times);
}

int VerifiersNeeded(const Decision& d) { return review::SeatsOf(*d.line, "verify").quorum; }

bool OpinionsSettled(const Decision& d) {
  if (!d.opinions || d.opinions->record.closed != review::Closed::kNo) return true;
  return review::Settled(*d.opinions, "opinions") != review::Outcome::kOpen;
}

bool OpinionsAgainst(const Decision& d) {
  return d.opinions && review::Settled(*d.opinions, "opinions") == review::Outcome::kDisagreed;
}

}  // namespace zonelink::recognition
