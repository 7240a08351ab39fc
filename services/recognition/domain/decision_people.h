// SPDX-License-Identifier: Apache-2.0
// Who acts on a decision: deputies, recusals, assignments, reminders. Any verb of an officer may be
// refused by the review's line: `RECUSED`, `RECUSAL_PENDING`, `REASSIGNED`,
// `VERIFIER_MAY_NOT_DECIDE`, `NOT_YOUR_STEP`, `PARTY_NOT_ASKED`. All here refuse
// `DECISION_NOT_OPEN`.
#pragma once

#include <string>
#include <vector>

#include "recognition/domain/decision.h"

namespace zonelink::recognition {

// An officer as the directory knows them.
struct Officer {
  std::string user_id;
  std::string name;
  std::string zone;
  std::vector<std::string> roles;
};

// 委托. `DELEGATION_CHAIN`, `DELEGATION_PERIOD`, `OFFICER_UNKNOWN` (not of the zone).
Result<Decision> Delegate(Decision decision, const Actor& by, const Officer& deputy, Time until,
                          Time now);
// 回避. `ALREADY_RECUSED`. Where nobody is left in `unit` for the waiting step or a later one,
// that is routed to the head of the zone.
Result<Decision> Recuse(Decision decision, const Actor& by, std::string reason,
                        const std::vector<Officer>& unit, Time now);
// After an officer has acted: where nobody is left in `unit` for the waiting step or a later one,
// that is routed to the head of the zone. Nothing where the unit does not know the actor: then what
// is known of it is behind.
Result<Decision> RouteIfNobodyIsLeft(Decision decision, const Actor& by,
                                     const std::vector<Officer>& unit, Time now);
// 利益冲突申报: that there is none, or which; whoever has one stays away from the case, as with
// Recuse. A declaration may be followed by another. `REASON_MISSING` for a conflict without words.
Result<Decision> DeclareInterest(Decision decision, const Actor& by, Declaration declaration,
                                 const std::vector<Officer>& unit, Time now);
// By the applicant or its agent: the officer does not act until it is decided. `OFFICER_UNKNOWN`,
// `ALREADY_RECUSED`.
Result<Decision> RequestRecusal(Decision decision, const Actor& by, const Officer& officer,
                                std::string reason, Time now);
// `RECUSAL_NOT_ASKED`, `ALREADY_RECUSED`.
struct RecusalAnswer {
  std::string user_id;
  bool upheld = true;
  std::string reason;
};
Result<Decision> DecideRecusal(Decision decision, const Actor& by, RecusalAnswer answer,
                               const std::vector<Officer>& unit, Time now);
// 转办: from now on only `to` completes the waiting step. `OFFICER_UNKNOWN`, `OFFICER_UNFIT` (has
// not the role), `ALREADY_ASSIGNED`.
Result<Decision> Reassign(Decision decision, const Actor& by, const Officer& to, std::string reason,
                          Time now);
// 催办, by a zone that sees the case, the applicant or the agent: counted, at most once a day.
// PermissionDenied `FOREIGN_APPLICANT`; `REMINDED_TODAY`.
Result<Decision> Remind(Decision decision, const Actor& by, std::string note, Time now);

}  // namespace zonelink::recognition
