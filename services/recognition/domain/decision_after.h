// SPDX-License-Identifier: Apache-2.0
// What follows a grant: delivery, the check of a promise, conditions. Officers' verbs refuse
// `NOT_DECIDING_ZONE`, `OWN_ORGANIZATION`.
#pragma once

#include <string>

#include "recognition/domain/decision.h"

namespace zonelink::recognition {

// §44: within the item's working days. `DECISION_NOT_GRANTED`.
Result<Decision> Deliver(Decision decision, const Actor& by, std::string method, Time now);
// 告知承诺: kept, or to be corrected in the item's working days. `PROMISE_NOT_OPEN`.
Result<Decision> CheckPromise(Decision decision, const Actor& by, bool met, std::string findings,
                              Time now);
// `place` from 1. After the last overdue one the recognition is in force again.
// `CONDITION_UNKNOWN`, `CONDITION_MET`.
Result<Decision> ConfirmCondition(Decision decision, const Actor& by, int place,
                                  std::string evidence, Time now);

}  // namespace zonelink::recognition
