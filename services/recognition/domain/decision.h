// SPDX-License-Identifier: Apache-2.0
// One target zone's decision on a filing: what officers and applicant may do with it, and when.
// The zones decide independently of each other.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clocks/working_clock.h"
#include "platform/core/id.h"
#include "platform/core/result.h"
#include "platform/core/time.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/agreement.h"
#include "recognition/domain/item.h"
#include "recognition/domain/negative_list.h"

namespace zonelink::recognition {

using FilingId = Id<struct FilingTag>;

enum class DecisionState {
  kPending,        // received; waits for a verifier to accept it (行政许可法 §32)
  kSupplementing,  // the applicant was asked for papers; the clock stands
  kAccepted,       // waits for verification
  kVerified,       // waits for a decider who did not verify
  kGranted,        // recognised
  kRefused,        // not recognised (行政许可法 §38)
  kWithdrawn,      // by the applicant
};

std::string_view Name(DecisionState state);               // PENDING
DecisionState DecisionStateNamed(std::string_view name);  // crashes on any other name
bool IsOpen(DecisionState state);
// Role that acts next; empty when nobody has to.
std::string_view WaitingFor(DecisionState state);

enum class Verb { kAccept, kRequestSupplement, kSupplement, kVerify, kGrant, kRefuse, kWithdraw };

// Where a verb leads from a state, or the reason why it leads nowhere. Verify leads to VERIFIED
// when the last verifier needed has verified.
Result<DecisionState> Next(DecisionState state, Verb verb);

// A verb that was applied, and the state before it.
struct Step {
  Verb verb = Verb::kAccept;
  DecisionState from = DecisionState::kPending;
};

struct Verification {
  std::string user_id;
  std::string name;
  Time at;
  std::string opinion;
};

// Notice of what is missing, given once and complete (行政许可法 §32).
struct SupplementNotice {
  std::vector<std::string> missing;
  std::string reason;
  Time asked_at;
  std::optional<Time> answered_at;  // empty while open
};

struct Decision {
  FilingId filing_id;
  std::string zone;
  std::string applicant;        // organisation that filed
  Date credential_valid_until;  // last day of the credential that the decision relies on
  AgreementId agreement_id;     // in force at submission; gave the mode
  Mode mode = Mode::kReview;
  DecisionState state = DecisionState::kPending;
  std::optional<Step> step;  // just taken, not yet saved
  int64_t version = 1;
  int verifiers_needed = 1;
  std::optional<WorkingClock> clock;  // the authority's; only in mode REVIEW
  std::vector<Verification> verifications;
  std::optional<SupplementNotice> supplement;
  std::string recognition_number;  // once granted
  std::string decided_by;          // user id; empty where the agreement decided
  std::optional<Time> closed_at;   // when it was decided or withdrawn: the clock stops for good
  std::string reason;
  std::string article;             // of a refusal
  std::string facts;               // of a refusal
  std::vector<Finding> screening;  // at submission
};

// State of the clock at `now`; of a closed decision, as it was then.
struct ClockReading {
  int budget_days = 0;
  int used_days = 0;
  Date due_on;
  bool provisional = false;
  bool running = false;
};
std::optional<ClockReading> ReadClock(const Decision& decision, const Calendar& calendar, Time now);

// `R<yyyy>-` and twelve random characters: whoever has not been told a number cannot guess one.
std::string RecognitionNumber(Time granted_at, std::string_view draw);

// What officers of the deciding zone do. Each refuses `NOT_DECIDING_ZONE` to officers of other
// zones, `OWN_ORGANIZATION` to those who belong to the applicant, and its own reason in the wrong
// state.

// `DECISION_NOT_PENDING`.
Result<Decision> Accept(Decision decision, const Actor& by);
// What is missing and why; the clock stands from `now`. `DECISION_NOT_PENDING`,
// `SUPPLEMENT_ALREADY_ASKED`.
Result<Decision> RequestSupplement(Decision decision, const Actor& by, SupplementNotice notice,
                                   Time now);
// `DECISION_NOT_ACCEPTED`, `ALREADY_VERIFIED_BY_YOU`.
Result<Decision> Verify(Decision decision, const Actor& by, std::string opinion, Time now);
// `VERIFIER_MAY_NOT_DECIDE`, `DECISION_NOT_VERIFIED`, `CREDENTIAL_EXPIRED`.
Result<Decision> Grant(Decision decision, const Actor& by, std::string reason,
                       std::string_view draw, Time now);

struct Refusal {
  std::string article;
  std::string facts;
  std::string reason;
};
// `VERIFIER_MAY_NOT_DECIDE`, `DECISION_NOT_VERIFIED`, `REFUSAL_UNFOUNDED`.
Result<Decision> Refuse(Decision decision, const Actor& by, Refusal refusal, Time now);

// What the applicant does; who that is, the filing's rules check.

// The clock goes on from `now`. `SUPPLEMENT_NOT_ASKED`.
Result<Decision> Supplement(Decision decision, Time now);
// `FILING_NOT_OPEN`.
Result<Decision> Withdraw(Decision decision, std::string reason, Time now);

}  // namespace zonelink::recognition
