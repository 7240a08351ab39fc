// SPDX-License-Identifier: Apache-2.0
// For tests: officers of a zone that decides, and decisions brought to a state by the verbs
// themselves.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "platform/calendar/calendar.h"
#include "recognition/domain/decision_after.h"
#include "recognition/domain/decision_deadline.h"
#include "recognition/domain/decision_intake.h"
#include "recognition/domain/decision_line.h"
#include "recognition/domain/decision_outcome.h"
#include "recognition/domain/decision_people.h"
#include "recognition/domain/decision_review.h"

namespace zonelink::recognition {

using State = DecisionState;

inline Time At(const char* text) { return *ParseTime(text); }
inline Date On(const char* text) { return *ParseDate(text); }

inline const Time kSubmitted = At("2026-03-02T09:00:00+08:00");  // a Monday
inline const Time kLater = At("2026-03-04T09:00:00+08:00");

inline Actor OfficerActor(const char* user, std::vector<std::string> roles) {
  return {.user_id = user, .name = user, .zone = "zhejiang", .roles = std::move(roles)};
}
inline const Actor kVerifier = OfficerActor("u-verifier", {"verifier"});
inline const Actor kVerifier2 = OfficerActor("u-verifier2", {"verifier"});
inline const Actor kReviewer = OfficerActor("u-reviewer", {"reviewer"});
inline const Actor kReviewer2 = OfficerActor("u-reviewer2", {"reviewer"});
inline const Actor kBoth = OfficerActor("u-both", {"verifier", "reviewer"});
inline const Actor kHead = OfficerActor("u-head", {"zone_admin"});
inline const Actor kHead2 = OfficerActor("u-head2", {"zone_admin"});
inline const Actor kStranger{
    .user_id = "u-stranger", .name = "Stranger", .zone = "jiangsu", .roles = {"verifier"}};
inline const Actor kOwn{.user_id = "u-own",
                        .name = "Own",
                        .zone = "zhejiang",
                        .organization_id = "org-1",
                        .roles = {"verifier", "reviewer", "zone_admin"}};
inline const Actor kFiler{
    .user_id = "u-filer", .name = "Filer", .organization_id = "org-1", .roles = {"filer"}};

inline Actor Of(const char* zone, const char* role, const char* user) {
  return {.user_id = user, .name = user, .zone = zone, .roles = {role}};
}
inline const Actor kHome = Of("shanghai", "verifier", "u-home");

inline Officer Known(const Actor& actor) {
  return {actor.user_id, actor.name, actor.zone, actor.roles};
}
// Everybody who works for the zone.
inline std::vector<Officer> Unit() {
  return {Known(kVerifier), Known(kVerifier2), Known(kReviewer), Known(kReviewer2), Known(kHead)};
}

inline Decision Received(int verifiers = 1) {
  return {.filing_id = FilingId("f-1"),
          .zone = "zhejiang",
          .home_zone = "shanghai",
          .applicant = "org-1",
          .credential_valid_until = On("2027-03-01"),
          .agreement_id = AgreementId("a-1"),
          .verifiers_needed = verifiers,
          .clock = WorkingClock{.budget = 20, .started_at = kSubmitted},
          .line = review::Line{ReviewPlan("zhejiang", verifiers), {}}};
}

inline Decision GrantedOnPromise() {
  Decision d{.filing_id = FilingId("f-1"),
             .zone = "zhejiang",
             .home_zone = "shanghai",
             .applicant = "org-1",
             .credential_valid_until = On("2027-03-01"),
             .mode = Mode::kNotify,
             .state = State::kGranted,
             .promise = PromiseState::kToCheck,
             .recognition_number = "R2026-PROMISEDXXXX",
             .closed_at = kSubmitted};
  StartClock(d, "promise", "PROMISE", d.terms.promise_check, kSubmitted);
  return d;
}

inline SupplementNotice Notice() { return {.missing = {"invoice"}, .reason = "unreadable"}; }
inline Cause Ground(const char* ground) { return {ground, "needs time", 10, {}}; }
inline Consultation Asking(review::Rule rule, int quorum = 0, bool veto = false) {
  return {.zones = {"fujian", "jiangsu", "hubei"},
          .rule = rule,
          .quorum = quorum,
          .veto = veto,
          .question = "the same?"};
}
inline std::vector<Condition> TwoConditions() {
  return {{.text = "a seal", .due_on = On("2026-04-10")},
          {.text = "a sign", .due_on = On("2026-05-10")}};
}
inline DeferredPaper Deferred(const char* kind, const char* day) {
  return {.kind = kind, .promised_on = On(day)};
}

// Verbs as most tests use them.
inline Result<Decision> Accepted(Decision d) { return Accept(std::move(d), kVerifier, kSubmitted); }
inline Result<Decision> Verified(Decision d) {
  return Verify(std::move(d), kVerifier, "ok", kSubmitted);
}
inline Result<Decision> Granted(Decision d, const Actor& by = kReviewer, Time now = kLater) {
  return Grant(std::move(d), by, "as agreed", "ABCDEFGHJKMN", now);
}

inline Decision AcceptedOne(int verifiers = 1) { return *Accepted(Received(verifiers)); }
inline Decision VerifiedOne() { return *Verified(AcceptedOne()); }
inline Decision ConditionallyGranted() {
  return *GrantConditional(VerifiedOne(), kReviewer, TwoConditions(), "if", "ABCDEFGHJKMN", kLater);
}

// Brought to the state by the verbs, from a case that is received.
inline Decision In(State state) {
  switch (state) {
    case State::kPending: return Received();
    case State::kSupplementing:
      return *RequestSupplement(Received(), kVerifier, Notice(), {}, false, kSubmitted);
    case State::kAccepted: return AcceptedOne();
    case State::kVerified: return VerifiedOne();
    case State::kQueryToHome: return *QueryHome(AcceptedOne(), kVerifier, "true?", kSubmitted);
    case State::kHearing: return *Suspend(AcceptedOne(), kVerifier, Ground("HEARING"), kSubmitted);
    case State::kSuspended: return *Suspend(AcceptedOne(), kVerifier, Ground("EXPERT"), kSubmitted);
    case State::kReturnedToStep:
      return *Return(VerifiedOne(), kReviewer, "verify", "?", kSubmitted);
    case State::kGranted: return *Granted(VerifiedOne());
    case State::kGrantedPartial:
      return *GrantPartial(VerifiedOne(), kReviewer, {.activities = {"retail"}}, "part",
                           "ABCDEFGHJKMN", kLater);
    case State::kGrantedConditional: return ConditionallyGranted();
    case State::kTacitGranted: {
      Decision d = AcceptedOne();
      d.terms.tacit_allowed = true;
      return *PassRung(d, "decision", "DUE", "ABCDEFGHJKMN", kLater);
    }
    case State::kDelivered: return *Deliver(*Granted(VerifiedOne()), kVerifier, "post", kLater);
    case State::kSuspendedAfter:
      return *PassRung(ConditionallyGranted(), "condition/1", "CONDITION_MISSED", "", kLater);
    case State::kRevoked:
      return *PassRung(*CheckPromise(GrantedOnPromise(), kVerifier, false, "not kept", kLater),
                       "correction", "PROMISE_BROKEN", "", kLater);
    case State::kRefused:
      return *Refuse(VerifiedOne(), kReviewer, {"条例 §20", "forged", "not genuine"}, kLater);
    case State::kNotRequired: return *DeclareNotRequired(Received(), kVerifier, "free", kLater);
    case State::kWrongAuthority:
      return *DeclareWrongAuthority(Received(), kVerifier, "customs", "not ours", kLater);
    case State::kReturned:
      return *PassRung(In(State::kSupplementing), "supplement", "SUPPLEMENT_MISSED", "", kLater);
    case State::kWithdrawn: return *Withdraw(Received(), "sold", kLater);
  }
  return Received();
}

inline std::vector<State> AllStates() {
  std::vector<State> all;
  for (int i = 0; i < kDecisionStates; ++i) all.push_back(static_cast<State>(i));
  return all;
}

template <class T>
std::string ReasonOf(const Result<T>& result) {
  return result ? "" : result.error().reason;
}

// Clocks that the last verbs started or stopped: `+supplement`, `-*`.
inline std::vector<std::string> Acts(const Decision& d) {
  std::vector<std::string> acts;
  for (const ClockAct& act : d.clock_acts)
    acts.push_back((act.kind.empty() ? "-" : "+") + act.name);
  return acts;
}
inline bool Starts(const Decision& d, const std::string& name) {
  const auto acts = Acts(d);
  return std::find(acts.begin(), acts.end(), "+" + name) != acts.end();
}
inline bool Stops(const Decision& d, const std::string& name) {
  const auto acts = Acts(d);
  return std::find(acts.begin(), acts.end(), "-" + name) != acts.end();
}

}  // namespace zonelink::recognition
