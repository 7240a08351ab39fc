// SPDX-License-Identifier: Apache-2.0
// How a decision ends: grants and refusal. All refuse `NOT_DECIDING_ZONE`, `OWN_ORGANIZATION`,
// `VERIFIER_MAY_NOT_DECIDE`, `DECISION_NOT_VERIFIED`, and `OPINIONS_OPEN` while other zones are
// still asked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "recognition/domain/decision.h"

namespace zonelink::recognition {

// `CREDENTIAL_EXPIRED`, `PAPERS_OUTSTANDING`, `OPINIONS_AGAINST` (a zone that was asked has used
// its veto; without one, opinions are advice).
Result<Decision> Grant(Decision decision, const Actor& by, std::string reason,
                       std::string_view draw, Time now);
// Less than the origin; widening later is a new decision. As Grant, and `SCOPE_INVALID`,
// `SCOPE_NOT_NARROWER`.
Result<Decision> GrantPartial(Decision decision, const Actor& by, Scope scope, std::string reason,
                              std::string_view draw, Time now);
// Conditions with due days after today, LastClockDay() at the latest. As Grant, and
// `CONDITION_DUE`.
Result<Decision> GrantConditional(Decision decision, const Actor& by,
                                  std::vector<Condition> conditions, std::string reason,
                                  std::string_view draw, Time now);

struct Refusal {
  std::string article;
  std::string facts;
  std::string reason;
  std::string code{};  // of decision_refusal.h; empty: OTHER
};
// §38: with article, facts and reason. `REFUSAL_UNFOUNDED`, `REFUSAL_CODE_UNKNOWN`.
Result<Decision> Refuse(Decision decision, const Actor& by, Refusal refusal, Time now);

// Where a scope gives less than the origin.
struct ScopeDifference {
  std::string part;  // activities, addresses, quantity, period
  std::string origin;
  std::string recognised;
};
std::vector<ScopeDifference> DifferencesOf(const Scope& origin, const Scope& recognised,
                                           Date credential_valid_until);

// Where an applicant may turn (§38).
struct Remedy {
  std::string_view kind;
  int within_days = 0;
  std::string_view basis;
  bool unverified = false;  // no text of it was read
};
std::vector<Remedy> RemediesOf(const Decision& decision);

}  // namespace zonelink::recognition
