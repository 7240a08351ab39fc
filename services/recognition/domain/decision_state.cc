// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/decision_state.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <map>

namespace zonelink::recognition {
namespace {

using S = DecisionState;
using V = Verb;

constexpr uint32_t Bit(S state) { return 1u << static_cast<unsigned>(state); }
template <class... States>
constexpr uint32_t In(States... states) {
  return (Bit(states) | ...);
}

constexpr uint32_t kReviewing = In(S::kAccepted, S::kVerified, S::kReturnedToStep);
constexpr uint32_t kRunning = kReviewing | In(S::kPending, S::kQueryToHome);
constexpr uint32_t kStanding = In(S::kSupplementing, S::kHearing, S::kSuspended);
constexpr uint32_t kOpen = kRunning | kStanding;
constexpr uint32_t kGrants =
    In(S::kGranted, S::kGrantedPartial, S::kGrantedConditional, S::kTacitGranted);
constexpr uint32_t kInForce = kGrants | In(S::kDelivered);
constexpr uint32_t kAny = (1u << kDecisionStates) - 1;

// One row: from which states the verb moves, where to, and why not from the others.
struct Row {
  V verb;
  uint32_t from;
  Move move;
  std::string_view refusal;
};
constexpr Move To(S state) { return {state, false}; }
constexpr Move kStay{};
constexpr Move kBack{std::nullopt, true};

// In the order of Verb.
constexpr std::array<Row, kVerbs> kTable = {{
    {V::kAccept, In(S::kPending, S::kReturnedToStep), To(S::kAccepted), "DECISION_NOT_PENDING"},
    {V::kCorrect, In(S::kPending), To(S::kAccepted), "DECISION_NOT_PENDING"},
    {V::kDeemAccepted, In(S::kPending), To(S::kAccepted), "DECISION_NOT_PENDING"},
    {V::kDeclareNotRequired, In(S::kPending), To(S::kNotRequired), "DECISION_NOT_PENDING"},
    {V::kDeclareWrongAuthority, In(S::kPending), To(S::kWrongAuthority), "DECISION_NOT_PENDING"},
    {V::kRequestSupplement, In(S::kPending), To(S::kSupplementing), "DECISION_NOT_PENDING"},
    {V::kSupplement, In(S::kSupplementing), To(S::kPending), "SUPPLEMENT_NOT_ASKED"},
    {V::kMissSupplement, In(S::kSupplementing), To(S::kReturned), "SUPPLEMENT_NOT_ASKED"},
    {V::kVerify, In(S::kAccepted, S::kReturnedToStep), To(S::kVerified), "DECISION_NOT_ACCEPTED"},
    {V::kAddVerifier, In(S::kAccepted, S::kReturnedToStep), kStay, "DECISION_NOT_IN_REVIEW"},
    {V::kDropVerifier, In(S::kAccepted, S::kReturnedToStep), kStay, "DECISION_NOT_IN_REVIEW"},
    {V::kReturn, kReviewing, To(S::kReturnedToStep), "DECISION_NOT_IN_REVIEW"},
    {V::kTakeBack, kReviewing, kStay, "NOTHING_TO_TAKE_BACK"},
    {V::kQueryHome, kReviewing, To(S::kQueryToHome), "DECISION_NOT_IN_REVIEW"},
    {V::kAnswerQuery, In(S::kQueryToHome), kBack, "QUERY_NOT_OPEN"},
    {V::kMissQuery, In(S::kQueryToHome), kBack, "QUERY_NOT_OPEN"},
    {V::kRequestOpinions, kReviewing, kStay, "DECISION_NOT_IN_REVIEW"},
    {V::kGiveOpinion, kAny, kStay, ""},
    {V::kHoldHearing, kReviewing, To(S::kHearing), "DECISION_NOT_IN_REVIEW"},
    {V::kSuspend, kReviewing, To(S::kSuspended), "DECISION_NOT_IN_REVIEW"},
    {V::kMissPaper, kRunning, To(S::kSuspended), "DECISION_NOT_RUNNING"},
    {V::kHandInPaper, kOpen, kStay, "DECISION_NOT_OPEN"},
    {V::kResume, In(S::kHearing, S::kSuspended), kBack, "DECISION_NOT_SUSPENDED"},
    {V::kMissPaperWindow, In(S::kSuspended), To(S::kReturned), "DECISION_NOT_SUSPENDED"},
    {V::kExtend, kReviewing | In(S::kQueryToHome), kStay, "DECISION_NOT_IN_REVIEW"},
    {V::kDelegate, kOpen, kStay, "DECISION_NOT_OPEN"},
    {V::kRecuse, kOpen, kStay, "DECISION_NOT_OPEN"},
    {V::kRequestRecusal, kOpen, kStay, "DECISION_NOT_OPEN"},
    {V::kDecideRecusal, kOpen, kStay, "DECISION_NOT_OPEN"},
    {V::kDeclareInterest, kOpen, kStay, "DECISION_NOT_OPEN"},
    {V::kReassign, kOpen, kStay, "DECISION_NOT_OPEN"},
    {V::kRemind, kOpen, kStay, "DECISION_NOT_OPEN"},
    {V::kGrant, In(S::kVerified), To(S::kGranted), "DECISION_NOT_VERIFIED"},
    {V::kGrantPartial, In(S::kVerified), To(S::kGrantedPartial), "DECISION_NOT_VERIFIED"},
    {V::kGrantConditional, In(S::kVerified), To(S::kGrantedConditional), "DECISION_NOT_VERIFIED"},
    {V::kGrantTacitly, kRunning, To(S::kTacitGranted), "DECISION_NOT_RUNNING"},
    {V::kRefuse, In(S::kVerified), To(S::kRefused), "DECISION_NOT_VERIFIED"},
    {V::kWithdraw, kOpen, To(S::kWithdrawn), "FILING_NOT_OPEN"},
    {V::kDeliver, kGrants, To(S::kDelivered), "DECISION_NOT_GRANTED"},
    {V::kCheckPromise, kInForce, kStay, "PROMISE_NOT_OPEN"},
    {V::kBreakPromise, kInForce, To(S::kRevoked), "PROMISE_NOT_OPEN"},
    {V::kConfirmCondition, kInForce | In(S::kSuspendedAfter), kStay, "CONDITION_UNKNOWN"},
    {V::kMissCondition, kInForce | In(S::kSuspendedAfter), To(S::kSuspendedAfter),
     "CONDITION_UNKNOWN"},
    {V::kPassRung, kAny, kStay, ""},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<size_t>(kTable[i].verb) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "a row stands in the place of its verb");

// Where a verb may lead besides: the rules say when.
struct Elsewhere {
  V verb;
  uint32_t from;
  uint32_t to;
};
constexpr uint32_t kResumed = kReviewing | In(S::kPending);
constexpr std::array<Elsewhere, 8> kElsewhere = {{
    // More verifiers are needed.
    {V::kVerify, In(S::kAccepted), In(S::kAccepted)},
    {V::kVerify, In(S::kReturnedToStep), In(S::kReturnedToStep)},
    // An overdue paper is waited for once the clock would go on.
    {V::kSupplement, In(S::kSupplementing), In(S::kSuspended)},
    {V::kResume, In(S::kHearing, S::kSuspended), In(S::kSuspended)},
    {V::kHandInPaper, In(S::kSuspended), kResumed},
    {V::kTakeBack, In(S::kAccepted), In(S::kPending, S::kReturnedToStep)},
    {V::kTakeBack, In(S::kVerified), In(S::kAccepted)},
    {V::kConfirmCondition, In(S::kSuspendedAfter), kInForce},
}};

const Row& RowOf(V verb) { return kTable[static_cast<size_t>(verb)]; }

}  // namespace

std::string_view Name(DecisionState state) {
  switch (state) {
    case S::kPending: return "PENDING";
    case S::kSupplementing: return "SUPPLEMENTING";
    case S::kAccepted: return "ACCEPTED";
    case S::kVerified: return "VERIFIED";
    case S::kQueryToHome: return "QUERY_TO_HOME";
    case S::kHearing: return "HEARING";
    case S::kSuspended: return "SUSPENDED";
    case S::kReturnedToStep: return "RETURNED_TO_STEP";
    case S::kGranted: return "GRANTED";
    case S::kGrantedPartial: return "GRANTED_PARTIAL";
    case S::kGrantedConditional: return "GRANTED_CONDITIONAL";
    case S::kTacitGranted: return "TACIT_GRANTED";
    case S::kDelivered: return "DELIVERED";
    case S::kSuspendedAfter: return "SUSPENDED_AFTER";
    case S::kRevoked: return "REVOKED";
    case S::kRefused: return "REFUSED";
    case S::kNotRequired: return "NOT_REQUIRED";
    case S::kWrongAuthority: return "WRONG_AUTHORITY";
    case S::kReturned: return "RETURNED";
    case S::kWithdrawn: return "WITHDRAWN";
  }
  return "";
}

DecisionState DecisionStateNamed(std::string_view name) {
  for (int i = 0; i < kDecisionStates; ++i) {
    if (Name(static_cast<S>(i)) == name) return static_cast<S>(i);
  }
  ZL_CHECK(false, "a decision's state by its name");
}

bool IsOpen(DecisionState state) { return (kOpen & Bit(state)) != 0; }
bool IsInForce(DecisionState state) { return (kInForce & Bit(state)) != 0; }

std::string_view Name(Verb verb) {
  switch (verb) {
    case V::kAccept: return "accepted";
    case V::kCorrect: return "corrected";
    case V::kDeemAccepted: return "deemed_accepted";
    case V::kDeclareNotRequired: return "not_required";
    case V::kDeclareWrongAuthority: return "wrong_authority";
    case V::kRequestSupplement: return "supplement_requested";
    case V::kSupplement: return "supplemented";
    case V::kMissSupplement: return "supplement_missed";
    case V::kVerify: return "verified";
    case V::kAddVerifier: return "verifier_added";
    case V::kDropVerifier: return "verifier_dropped";
    case V::kReturn: return "returned_to_step";
    case V::kTakeBack: return "taken_back";
    case V::kQueryHome: return "queried";
    case V::kAnswerQuery: return "query_answered";
    case V::kMissQuery: return "query_missed";
    case V::kRequestOpinions: return "opinions_requested";
    case V::kGiveOpinion: return "opinion_given";
    case V::kHoldHearing: return "hearing_opened";
    case V::kSuspend: return "suspended";
    case V::kMissPaper: return "paper_missed";
    case V::kHandInPaper: return "paper_handed_in";
    case V::kResume: return "resumed";
    case V::kMissPaperWindow: return "paper_window_missed";
    case V::kExtend: return "extended";
    case V::kDelegate: return "delegated";
    case V::kRecuse: return "recused";
    case V::kRequestRecusal: return "recusal_requested";
    case V::kDecideRecusal: return "recusal_decided";
    case V::kDeclareInterest: return "interest_declared";
    case V::kReassign: return "reassigned";
    case V::kRemind: return "reminded";
    case V::kGrant: return "granted";
    case V::kGrantPartial: return "granted_partial";
    case V::kGrantConditional: return "granted_conditional";
    case V::kGrantTacitly: return "granted_tacitly";
    case V::kRefuse: return "refused";
    case V::kWithdraw: return "withdrawn";
    case V::kDeliver: return "delivered";
    case V::kCheckPromise: return "promise_checked";
    case V::kBreakPromise: return "promise_broken";
    case V::kConfirmCondition: return "condition_met";
    case V::kMissCondition: return "condition_missed";
    case V::kPassRung: return "rung_passed";
  }
  return "";
}

Result<Move> Next(DecisionState state, Verb verb) {
  const Row& row = RowOf(verb);
  if ((row.from & Bit(state)) != 0) return row.move;
  // Whoever asks twice is told so.
  std::string_view refusal = row.refusal;
  if (verb == V::kRequestSupplement && state == S::kSupplementing) {
    refusal = "SUPPLEMENT_ALREADY_ASKED";
  }
  if (verb == V::kQueryHome && state == S::kQueryToHome) refusal = "QUERY_OPEN";
  return FailedPrecondition(std::string(refusal), fmt::format("is {}", Name(state)),
                            {{"state", std::string(Name(state))}});
}

std::string StateDiagram() {
  std::map<std::pair<int, int>, std::string> arrows;
  const auto add = [&](int from, int to, V verb) {
    std::string& label = arrows[{from, to}];
    if (!label.empty()) label += ", ";
    label += Name(verb);
  };
  for (const Row& row : kTable) {
    for (int from = 0; from < kDecisionStates; ++from) {
      if ((row.from & Bit(static_cast<S>(from))) == 0) continue;
      if (row.move.to) add(from, static_cast<int>(*row.move.to), row.verb);
      if (!row.move.back) continue;
      for (const S to : {S::kAccepted, S::kVerified, S::kReturnedToStep}) {
        add(from, static_cast<int>(to), row.verb);
      }
    }
  }
  for (const Elsewhere& row : kElsewhere) {
    for (int from = 0; from < kDecisionStates; ++from) {
      if ((row.from & Bit(static_cast<S>(from))) == 0) continue;
      for (int to = 0; to < kDecisionStates; ++to) {
        if ((row.to & Bit(static_cast<S>(to))) != 0) add(from, to, row.verb);
      }
    }
  }
  std::string text =
      "stateDiagram-v2\n    [*] --> PENDING: submit, mode REVIEW\n"
      "    [*] --> GRANTED: submit, mode AUTOMATIC or NOTIFY\n";
  for (const auto& [ends, label] : arrows) {
    text += fmt::format("    {} --> {}: {}\n", Name(static_cast<S>(ends.first)),
                        Name(static_cast<S>(ends.second)), label);
  }
  return text;
}

}  // namespace zonelink::recognition
