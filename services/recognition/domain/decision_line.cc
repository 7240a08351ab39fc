// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_line.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::recognition {
namespace {

bool Lapsed(const Actor& by, const std::string& principal) {
  return std::find(by.lapsed.begin(), by.lapsed.end(), principal) != by.lapsed.end();
}

// The same person in the names of those whose deputy they are: on this case, or on all.
std::vector<review::Person> Deputising(const Decision& d, const Actor& by, Time now) {
  std::vector<review::Person> voices;
  for (const review::Act& act : d.line->record.acts) {
    if (act.kind != review::Kind::kDelegated || act.other_user_id != by.user_id) continue;
    if (Lapsed(by, act.user_id) || !CheckNotAway(d, act.user_id)) continue;
    review::Person deputy = PersonOf(by, d.zone);
    deputy.on_behalf_of = act.user_id;
    if (review::IsDeputy(*d.line, deputy, now)) voices.push_back(std::move(deputy));
  }
  for (const Lent& lent : by.lent) {
    if (!CheckNotAway(d, lent.user_id)) continue;
    voices.push_back({.user_id = by.user_id,
                      .name = by.name,
                      .party = d.zone,
                      .roles = lent.roles,
                      .on_behalf_of = lent.user_id,
                      .standing_delegation = true});
  }
  return voices;
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

Result<Spoken> Speak(const Decision& d, const Actor& by, const std::string& step,
                     const review::Statement& statement, Time now) {
  review::Line line = *d.line;
  // Whoever accepts looks whether the papers are there.
  line.plan.declaration_needed = d.terms.declaration_needed && step != "accept";
  auto own = review::Give(line, step, statement, PersonOf(by, d.zone), now);
  if (own) return Spoken{*std::move(own), {}};
  if (const auto head = HeadPersonOf(by, d.zone)) {
    auto up = review::Give(line, step, statement, *head, now);
    if (up) return Spoken{*std::move(up), {}};
    // The step was routed up: why the head may not says more than that the unit need not.
    if (own.error().reason == "PARTY_NOT_ASKED") own = std::move(up);
  }
  for (const review::Person& deputy : Deputising(d, by, now)) {
    auto lent = review::Give(line, step, statement, deputy, now);
    if (lent) return Spoken{*std::move(lent), deputy.on_behalf_of};
    // What the deputy can mend says more than that the own name would not do.
    if (lent.error().reason == "DECLARATION_MISSING") own = std::move(lent);
  }
  return InOurWords(own.error(), step);
}

Result<std::string> MaySpeak(const Decision& d, const Actor& by, const std::string& step,
                             Time now) {
  return Speak(d, by, step, {}, now).transform([](const Spoken& spoken) {
    return spoken.on_behalf_of;
  });
}

Result<Spoken> Back(const Decision& d, const Actor& by, std::string_view to_step,
                    const std::string& reason, Time now) {
  const std::string to(to_step);
  auto own = review::ReturnTo(*d.line, to, PersonOf(by, d.zone), reason, now);
  if (own) return Spoken{*std::move(own), {}};
  if (const auto head = HeadPersonOf(by, d.zone)) {
    if (auto up = review::ReturnTo(*d.line, to, *head, reason, now)) {
      return Spoken{*std::move(up), {}};
    }
  }
  const Error& error = own.error();
  if (error.reason == "NOT_AN_EARLIER_STEP" || error.reason == "STEP_UNKNOWN") {
    return InvalidArgument("STEP_NOT_EARLIER", fmt::format("{} is no earlier step", to),
                           {{"step", to}});
  }
  for (const review::Person& deputy : Deputising(d, by, now)) {
    auto lent = review::ReturnTo(*d.line, to, deputy, reason, now);
    if (lent) return Spoken{*std::move(lent), deputy.on_behalf_of};
  }
  return InOurWords(error, to);
}

void KeepPrincipal(Decision& d, const std::string& on_behalf_of, const Actor& by) {
  d.step->on_behalf_of = on_behalf_of;
  for (const Lent& lent : by.lent) {
    if (lent.user_id == on_behalf_of) d.names[lent.user_id] = lent.name;
  }
}

void Keep(Decision& d, Spoken spoken, const Actor& by) {
  KeepPrincipal(d, spoken.on_behalf_of, by);
  d.line = std::move(spoken.line);
}

Status CheckRole(const Decision& d, const Actor& by, std::string_view role, Time now) {
  if (by.HasRole(role) || by.HasRole("zone_admin")) return Done{};
  const auto lends = [&](const std::vector<std::string>& roles) {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  };
  if (std::any_of(by.lent.begin(), by.lent.end(),
                  [&](const Lent& lent) { return lends(lent.roles); })) {
    return Done{};
  }
  if (d.line) {
    for (const review::Act& act : d.line->record.acts) {
      if (act.kind != review::Kind::kDelegated || !lends(act.roles)) continue;
      if (Lapsed(by, act.user_id)) continue;
      const review::Person deputy{
          .user_id = by.user_id, .party = d.zone, .on_behalf_of = act.user_id};
      if (review::IsDeputy(*d.line, deputy, now)) return Done{};
    }
  }
  return PermissionDenied("ROLE_NEEDED", fmt::format("needs the role {}", role),
                          {{"roles", std::string(role)}});
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

bool OpinionsVetoed(const Decision& d) {
  return d.consultation && d.consultation->veto && OpinionsAgainst(d);
}

}  // namespace zonelink::recognition
