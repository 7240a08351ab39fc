// SPDX-License-Identifier: Apache-2.0
// A decision while it is reviewed: from acceptance until it is decided. Officers' verbs refuse
// `NOT_DECIDING_ZONE`, `OWN_ORGANIZATION` and what the review's line says of who may act, see
// decision_people.h; all refuse `DECISION_NOT_IN_REVIEW` where nothing else is said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "recognition/domain/decision.h"

namespace zonelink::recognition {

// `DECISION_NOT_ACCEPTED`, `ALREADY_VERIFIED_BY_YOU`.
Result<Decision> Verify(Decision decision, const Actor& by, std::string opinion, Time now);
// 加签: one more verifier. `VERIFIERS_MOST`.
Result<Decision> AddVerifier(Decision decision, const Actor& by, std::string reason, Time now);
// 减签: one fewer, never fewer than the item's. `VERIFIERS_LEAST`,
// `DROP_WOULD_SETTLE` where those who have verified would be enough then.
Result<Decision> DropVerifier(Decision decision, const Actor& by, std::string reason, Time now);
// To `accept` or `verify`; opinions stay as history, parallel ones are cancelled, the clock goes
// on. `STEP_NOT_EARLIER`.
Result<Decision> Return(Decision decision, const Actor& by, std::string_view to_step,
                        std::string reason, Time now);
// The officer's own last step, while the next has not acted; the acceptance only as long as silence
// would not have accepted, by the zone's calendar. `NOTHING_TO_TAKE_BACK`.
Result<Decision> TakeBack(Decision decision, const Actor& by, std::string reason,
                          const Calendar& calendar, Time now);

// The clock goes on; the home zone has its own. `QUERY_OPEN`.
Result<Decision> QueryHome(Decision decision, const Actor& by, std::string question, Time now);
// By an officer of the home zone. `NOT_HOME_ZONE`, `QUERY_NOT_OPEN`.
Result<Decision> AnswerQuery(Decision decision, const Actor& by, std::string answer, Time now);

// Asks other zones at the same time. `OPINION_ZONES`, `QUORUM_INVALID`, `OPINIONS_OPEN`.
Result<Decision> RequestOpinions(Decision decision, const Actor& by, Consultation consultation,
                                 Time now);
// By an officer of a zone that was asked. Late ones are recorded and not counted.
// `ZONE_NOT_ASKED`, `OPINION_GIVEN`, `OWN_ORGANIZATION`.
Result<Decision> GiveOpinion(Decision decision, const Actor& by, review::Verdict verdict,
                             std::string text, Time now);

// Excluded time (§45): the ground is told to the applicant with an estimate; the clock stands.
// `GROUND_NOT_OPEN_TO_OFFICERS` for the grounds that the applicant's own papers give.
Result<Decision> Suspend(Decision decision, const Actor& by, Cause cause, Time now);
// A paper that became overdue meanwhile is waited for next. `DECISION_NOT_SUSPENDED`,
// `PAPERS_OUTSTANDING` where a deferred paper is waited for.
Result<Decision> Resume(Decision decision, const Actor& by, Time now);
// Once, by the head of the zone (§42). `ALREADY_EXTENDED`, `EXTENSION_NOT_ALLOWED` by the item,
// `EXTENSION_TOO_LATE` where the longer time is over too.
Result<Decision> Extend(Decision decision, const Actor& by, std::string reason,
                        const Calendar& calendar, Time now);

}  // namespace zonelink::recognition
