// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_intake.h"

#include <fmt/format.h>

#include <algorithm>

#include "recognition/domain/decision_line.h"

namespace zonelink::recognition {
namespace {

// Whoever may not speak on the acceptance does not end the case there either.
// In whose place the actor does it.
Result<std::string> CheckIntake(const Decision& d, const Actor& by, Verb verb, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status role = CheckRole(d, by, "verifier", now); !role) return role.error();
  if (const Result<Move> next = Next(d.state, verb); !next) return next.error();
  return MaySpeak(d, by, "accept", now);
}

Status AcceptBy(Decision& d, const Actor& by, Time now) {
  auto spoken = Speak(d, by, "accept", {}, now);
  if (!spoken) return spoken.error();
  Keep(d, *std::move(spoken), by);
  return Done{};
}

}  // namespace

Result<Decision> Accept(Decision d, const Actor& by, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status role = CheckRole(d, by, "verifier", now); !role) return role.error();
  if (d.state == DecisionState::kReturnedToStep && WaitingStep(d) != "accept") {
    return FailedPrecondition("DECISION_NOT_PENDING", "waits for verification",
                              {{"state", std::string(Name(d.state))}});
  }
  if (const Status taken = Take(d, Verb::kAccept); !taken) return taken.error();
  if (const Status accepted = AcceptBy(d, by, now); !accepted) return accepted.error();
  return d;
}

Result<Decision> Correct(Decision d, const Actor& by, std::vector<Correction> corrections,
                         std::string reason, Time now) {
  if (const Status officer = CheckOfficer(d, by); !officer) return officer.error();
  if (const Status role = CheckRole(d, by, "verifier", now); !role) return role.error();
  if (const Status taken = Take(d, Verb::kCorrect); !taken) return taken.error();
  if (const Status accepted = AcceptBy(d, by, now); !accepted) return accepted.error();
  d.corrections = std::move(corrections);
  d.reason = std::move(reason);
  return d;
}

Result<Decision> DeclareNotRequired(Decision d, const Actor& by, std::string reason, Time now) {
  const auto intake = CheckIntake(d, by, Verb::kDeclareNotRequired, now);
  if (!intake) return intake.error();
  if (const Status taken = Take(d, Verb::kDeclareNotRequired); !taken) return taken.error();
  KeepPrincipal(d, *intake, by);
  Close(d, now);
  d.decided_by = by.user_id;
  d.reason = std::move(reason);
  d.legal_basis = "行政许可法 §32 (1)";
  return d;
}

Result<Decision> DeclareWrongAuthority(Decision d, const Actor& by, std::string authority,
                                       std::string reason, Time now) {
  const auto intake = CheckIntake(d, by, Verb::kDeclareWrongAuthority, now);
  if (!intake) return intake.error();
  if (const Status taken = Take(d, Verb::kDeclareWrongAuthority); !taken) return taken.error();
  KeepPrincipal(d, *intake, by);
  Close(d, now);
  d.decided_by = by.user_id;
  d.competent_authority = std::move(authority);
  d.reason = std::move(reason);
  d.legal_basis = "行政许可法 §32 (2)";
  return d;
}

Result<Decision> RequestSupplement(Decision d, const Actor& by, SupplementNotice notice,
                                   const std::vector<HeldPaper>& held, bool with_override,
                                   Time now) {
  // The head of the zone speaks with an override, not on the review's line.
  const bool head = with_override && by.HasRole("zone_admin");
  std::string on_behalf_of;
  if (head) {
    if (const Status may = CheckOfficer(d, by); !may) return may.error();
  } else {
    auto may = CheckIntake(d, by, Verb::kRequestSupplement, now);
    if (!may) return may.error();
    on_behalf_of = *std::move(may);
  }
  if (const Status taken = Take(d, Verb::kRequestSupplement); !taken) return taken.error();
  KeepPrincipal(d, on_behalf_of, by);
  if (d.supplement) {
    return FailedPrecondition("SUPPLEMENT_ALREADY_ASKED", "what is missing is asked for once");
  }
  for (const HeldPaper& paper : held) {
    const bool valid = !paper.valid_until || *paper.valid_until >= ShanghaiDate(now);
    const auto& missing = notice.missing;
    const bool asked = std::find(missing.begin(), missing.end(), paper.kind) != missing.end();
    if (paper.kind.empty() || !valid || !asked) continue;
    if (head) continue;
    return FailedPrecondition(
        "DOCUMENT_IN_FILE", fmt::format("the file holds a valid {}: {}", paper.kind, paper.title),
        {{"kind", paper.kind}, {"title", paper.title}, {"sha256", paper.sha256}});
  }
  const Cause cause{"SUPPLEMENT", notice.reason, d.terms.supplement_window, by.user_id};
  d.clock = Suspend(*std::move(d.clock), now, cause);
  notice.asked_at = now;
  d.supplement = std::move(notice);
  StartClock(d, "supplement", "SUPPLEMENT", d.terms.supplement_window, now);
  return d;
}

Result<Decision> Supplement(Decision d, Time now) {
  const bool with_papers = d.step && d.step->verb == Verb::kHandInPaper;
  if (const Status taken = Take(d, Verb::kSupplement); !taken) return taken.error();
  if (with_papers) --d.version;  // one answer, one step
  d.clock = Resume(*std::move(d.clock), now);
  d.supplement->answered_at = now;
  StopClock(d, "supplement");
  if (PaperOverdue(d, now)) AwaitPapers(d, d.state, now);
  return d;
}

Result<Decision> HandIn(Decision d, const std::vector<std::string>& kinds, Time now) {
  if (const Status taken = Take(d, Verb::kHandInPaper); !taken) return taken.error();
  bool any = false;
  for (DeferredPaper& paper : d.papers) {
    if (paper.handed_in_at) continue;
    if (std::find(kinds.begin(), kinds.end(), paper.kind) == kinds.end()) continue;
    paper.handed_in_at = now;
    StopClock(d, "paper/" + paper.kind);
    any = true;
  }
  if (!any) return FailedPrecondition("PAPER_NOT_DEFERRED", "none of these papers is waited for");
  if (GroundOf(d) != kPapersGround || PaperOverdue(d, now)) return d;
  StopClock(d, PaperWindow(d));
  d.state = *d.resume_to;
  d.resume_to.reset();
  d.clock = Resume(*std::move(d.clock), now);
  return d;
}

Result<Decision> Withdraw(Decision d, std::string reason, Time now) {
  if (const Status taken = Take(d, Verb::kWithdraw); !taken) return taken.error();
  Close(d, now);
  d.reason = std::move(reason);
  return d;
}

}  // namespace zonelink::recognition
