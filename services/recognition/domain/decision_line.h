// SPDX-License-Identifier: Apache-2.0
// How a decision's rules use the review's lines, with the reasons of this service.
#pragma once

#include <string>
#include <string_view>

#include "recognition/domain/decision.h"

namespace zonelink::recognition {

// What was said on a line, and in whose place.
struct Spoken {
  review::Line line;
  std::string on_behalf_of;  // empty: in the own name
};
// An opinion on the step, in the own name or, where that may not be, as somebody's deputy on this
// case or on all. `VERIFIER_MAY_NOT_DECIDE`, `ALREADY_VERIFIED_BY_YOU`, and the line's own:
// `RECUSED`, `RECUSAL_PENDING`, `REASSIGNED`, `NOT_YOUR_STEP`, `PARTY_NOT_ASKED`,
// `DECLARATION_MISSING` where the item asks for one before verifying and deciding.
Result<Spoken> Speak(const Decision& decision, const Actor& by, const std::string& step,
                     const review::Statement& statement, Time now);
// Whether Speak would let the actor: in whose place.
Result<std::string> MaySpeak(const Decision& decision, const Actor& by, const std::string& step,
                             Time now);
// To an earlier step, by somebody who may act on the current one. `STEP_NOT_EARLIER`.
Result<Spoken> Back(const Decision& decision, const Actor& by, std::string_view to_step,
                    const std::string& reason, Time now);
// What was said belongs to the step that the decision has just taken.
void Keep(Decision& decision, Spoken spoken, const Actor& by);
// Notes in whose place a deputy took the step.
void KeepPrincipal(Decision& decision, const std::string& on_behalf_of, const Actor& by);
// The role that the step needs, of the actor's own, as head of the zone, or lent: `ROLE_NEEDED`, as
// the server says where nobody's deputy may call. Comes before all that tells of the case's state.
Status CheckRole(const Decision& decision, const Actor& by, std::string_view role, Time now);
// What the line says, in this service's words where clients know it by another.
Error InOurWords(const Error& error, const std::string& step);
// `RECUSED`; `RECUSAL_PENDING` where the applicant asked for it and nobody has decided.
Status CheckNotAway(const Decision& decision, const std::string& user_id);

// Why the clock stands; empty while it runs.
std::string GroundOf(const Decision& decision);
inline constexpr std::string_view kPapersGround = "DEFERRED_PAPERS";
// Waits for overdue papers from `now` on, then goes on in `resume_to`. The clock runs before.
void AwaitPapers(Decision& decision, DecisionState resume_to, Time now);
bool PaperOverdue(const Decision& decision, Time now);
// Name of the applicant's window for overdue papers, while it runs; each has its own.
std::string PaperWindow(const Decision& decision);
// How many officers verify, with those added.
int VerifiersNeeded(const Decision& decision);
// The other zones have settled it, or nobody asked them.
bool OpinionsSettled(const Decision& decision);
bool OpinionsAgainst(const Decision& decision);
// One of them that had a veto stands in the way of a grant. Without one they are advice.
bool OpinionsVetoed(const Decision& decision);

}  // namespace zonelink::recognition
