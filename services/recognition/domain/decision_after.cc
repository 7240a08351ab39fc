// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_after.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::recognition {

Result<Decision> Deliver(Decision d, const Actor& by, std::string method, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kDeliver); !taken) return taken.error();
  d.delivered_at = now;
  d.delivery_method = std::move(method);
  StopClock(d, "delivery");
  return d;
}

Result<Decision> CheckPromise(Decision d, const Actor& by, bool met, std::string findings,
                              Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kCheckPromise); !taken) return taken.error();
  const bool open = d.promise == PromiseState::kToCheck || d.promise == PromiseState::kToCorrect;
  if (!open) return FailedPrecondition("PROMISE_NOT_OPEN", "no promise waits for a check");
  d.promise_findings = findings;
  d.reason = std::move(findings);
  if (met) {
    StopClock(d, d.promise == PromiseState::kToCheck ? "promise" : "correction");
    d.promise = PromiseState::kMet;
    return d;
  }
  if (d.promise == PromiseState::kToCheck) {
    StopClock(d, "promise");
    d.promise = PromiseState::kToCorrect;
    d.correcting_since = now;
    StartClock(d, "correction", "CORRECTION", d.terms.promise_correction, now);
  }
  return d;
}

Result<Decision> ConfirmCondition(Decision d, const Actor& by, int place, std::string evidence,
                                  Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status taken = Take(d, Verb::kConfirmCondition); !taken) return taken.error();
  if (place < 1 || place > static_cast<int>(d.conditions.size())) {
    return InvalidArgument("CONDITION_UNKNOWN", fmt::format("there is no condition {}", place));
  }
  Condition& condition = d.conditions[static_cast<size_t>(place) - 1];
  if (condition.met_at) return FailedPrecondition("CONDITION_MET", "it was found met before");
  condition.met_at = now;
  condition.evidence = evidence;
  d.reason = std::move(evidence);
  StopClock(d, fmt::format("condition/{}", place));
  const bool overdue = std::any_of(d.conditions.begin(), d.conditions.end(),
                                   [](const Condition& c) { return c.missed && !c.met_at; });
  if (d.state == DecisionState::kSuspendedAfter && !overdue) {
    d.state = *d.resume_to;
    d.resume_to.reset();
  }
  return d;
}

}  // namespace zonelink::recognition
