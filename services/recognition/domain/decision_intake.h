// SPDX-License-Identifier: Apache-2.0
// A decision until it is accepted (行政许可法 §32). Officers' verbs refuse `NOT_DECIDING_ZONE`,
// `OWN_ORGANIZATION` and what the review's line says of who may act, see decision_people.h.
#pragma once

#include <string>
#include <vector>

#include "recognition/domain/decision.h"

namespace zonelink::recognition {

// `DECISION_NOT_PENDING`.
Result<Decision> Accept(Decision decision, const Actor& by, Time now);
// With mistakes put right on the spot (§32 (3)). `DECISION_NOT_PENDING`.
Result<Decision> Correct(Decision decision, const Actor& by, std::vector<Correction> corrections,
                         std::string reason, Time now);
// The matter needs no recognition (§32 (1)). `DECISION_NOT_PENDING`.
Result<Decision> DeclareNotRequired(Decision decision, const Actor& by, std::string reason,
                                    Time now);
// Another authority is competent, and which (§32 (2)). `DECISION_NOT_PENDING`.
Result<Decision> DeclareWrongAuthority(Decision decision, const Actor& by, std::string authority,
                                       std::string reason, Time now);

// A paper of the filing.
struct HeldPaper {
  std::string kind;
  std::string title;
  std::string sha256;
  std::optional<Date> valid_until;  // last day
};
// What is missing and why; the clock stands from `now`, the applicant's window runs. What the file
// holds and is still valid is not asked for again, unless a zone_admin says why:
// `DOCUMENT_IN_FILE`. `DECISION_NOT_PENDING`, `SUPPLEMENT_ALREADY_ASKED`.
Result<Decision> RequestSupplement(Decision decision, const Actor& by, SupplementNotice notice,
                                   const std::vector<HeldPaper>& held, bool with_override,
                                   Time now);
// The applicant's answer; the clock goes on from `now`. One step with the deferred papers that the
// same answer has handed in before. `SUPPLEMENT_NOT_ASKED`.
Result<Decision> Supplement(Decision decision, Time now);
// A deferred paper comes in. `DECISION_NOT_OPEN`; `PAPER_NOT_DEFERRED` where none of the kinds is
// still outstanding.
Result<Decision> HandIn(Decision decision, const std::vector<std::string>& kinds, Time now);
// By the applicant. `FILING_NOT_OPEN`.
Result<Decision> Withdraw(Decision decision, std::string reason, Time now);

}  // namespace zonelink::recognition
