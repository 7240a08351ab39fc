// SPDX-License-Identifier: Apache-2.0
// The states of a decision, what can be done with it, and where that leads: one table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace zonelink::recognition {

enum class DecisionState {
  kPending,             // received; waits for a verifier to accept it (行政许可法 §32)
  kSupplementing,       // the applicant was asked for papers; the clock stands
  kAccepted,            // waits for verification
  kVerified,            // waits for a decider who did not verify
  kQueryToHome,         // the home zone was asked; the clock goes on
  kHearing,             // the clock stands (行政许可法 §45)
  kSuspended,           // other time that does not count (行政许可法 §45)
  kReturnedToStep,      // back at an earlier step
  kGranted,             // recognised
  kGrantedPartial,      // for less than the origin covers
  kGrantedConditional,  // under conditions with due days
  kTacitGranted,        // by silence at the end of the last working day
  kDelivered,           // granted, and the applicant has it
  kSuspendedAfter,      // granted, then a condition was missed
  kRevoked,             // granted, then a promise was broken
  kRefused,             // not recognised (行政许可法 §38)
  kNotRequired,         // the matter needs no recognition (行政许可法 §32 (1))
  kWrongAuthority,      // another authority is competent (行政许可法 §32 (2))
  kReturned,            // the applicant's window was missed
  kWithdrawn,           // by the applicant
};
inline constexpr int kDecisionStates = 20;

std::string_view Name(DecisionState state);               // PENDING
DecisionState DecisionStateNamed(std::string_view name);  // crashes on any other name
bool IsOpen(DecisionState state);                         // somebody still has to act
// Recognised, by whatever kind of grant, and neither suspended nor revoked since.
bool IsInForce(DecisionState state);

enum class Verb {
  // Intake.
  kAccept,
  kCorrect,
  kDeemAccepted,  // by the clock
  kDeclareNotRequired,
  kDeclareWrongAuthority,
  kRequestSupplement,
  kSupplement,
  kMissSupplement,  // by the clock
  // Review.
  kVerify,
  kAddVerifier,
  kDropVerifier,
  kReturn,
  kTakeBack,
  kQueryHome,
  kAnswerQuery,
  kMissQuery,  // by the clock
  kRequestOpinions,
  kGiveOpinion,
  kHoldHearing,
  kSuspend,
  kMissPaper,  // by the clock: a deferred paper
  kHandInPaper,
  kResume,
  kMissPaperWindow,  // by the clock
  kExtend,
  // Who acts.
  kDelegate,
  kRecuse,
  kRequestRecusal,
  kDecideRecusal,
  kDeclareInterest,
  kReassign,
  kRemind,
  // The end.
  kGrant,
  kGrantPartial,
  kGrantConditional,
  kGrantTacitly,  // by the clock
  kRefuse,
  kWithdraw,
  // After a grant.
  kDeliver,
  kCheckPromise,
  kBreakPromise,  // by the clock
  kConfirmCondition,
  kMissCondition,  // by the clock
  // A rung that only tells.
  kPassRung,
};
inline constexpr int kVerbs = 44;

std::string_view Name(Verb verb);  // as in the events: request_supplement

// Where a verb leads from a state. `back`: to the state in which the decision was before it was
// interrupted. The rules may lead elsewhere: where one of several verifiers has spoken, on taking
// back, where a deferred paper is waited for or has come in, on the last overdue condition.
struct Move {
  std::optional<DecisionState> to;  // nothing: stays, or `back`
  bool back = false;
};
// FailedPrecondition with the verb's own reason where it leads nowhere.
Result<Move> Next(DecisionState state, Verb verb);

// The table as the README's state diagram (Mermaid): what Next says, and where the rules lead.
std::string StateDiagram();

}  // namespace zonelink::recognition
