// SPDX-License-Identifier: Apache-2.0
// Every state × verb pair, twice: as the table says, and as the verbs themselves do it.
#include "recognition/domain/decision_state.h"

#include <fstream>
#include <map>
#include <sstream>

#include "recognition/domain/decision_testing.h"

namespace zonelink::recognition {
namespace {

// `A>B`: leads from A to B. `A=`: stays. `A<`: back to where it was interrupted. Everywhere else
// the verb is refused.
struct Row {
  Verb verb;
  const char* name;
  const char* refusal;
  std::string moves;
};

const std::string kInReview = "ACCEPTED= VERIFIED= RETURNED_TO_STEP= ";
const std::string kWhileOpen =
    kInReview + "PENDING= SUPPLEMENTING= QUERY_TO_HOME= HEARING= SUSPENDED= ";
const std::string kGrants = "GRANTED= GRANTED_PARTIAL= GRANTED_CONDITIONAL= TACIT_GRANTED= ";
const std::string kEnds =
    "SUSPENDED_AFTER= REVOKED= REFUSED= NOT_REQUIRED= WRONG_AUTHORITY= "
    "RETURNED= WITHDRAWN= ";
const std::string kEverywhere = kWhileOpen + kGrants + "DELIVERED= " + kEnds;

// The same states, each leading to `to`.
std::string To(std::string states, const std::string& to) {
  for (size_t at = states.find('='); at != std::string::npos; at = states.find('=', at)) {
    states.replace(at, 1, ">" + to);
  }
  return states;
}

std::vector<Row> Expected() {
  const std::string running = kInReview + "PENDING= QUERY_TO_HOME= ";
  const std::string in_force = kGrants + "DELIVERED= ";
  return {
      {Verb::kAccept, "accepted", "DECISION_NOT_PENDING",
       "PENDING>ACCEPTED RETURNED_TO_STEP>ACCEPTED"},
      {Verb::kCorrect, "corrected", "DECISION_NOT_PENDING", "PENDING>ACCEPTED"},
      {Verb::kDeemAccepted, "deemed_accepted", "DECISION_NOT_PENDING", "PENDING>ACCEPTED"},
      {Verb::kDeclareNotRequired, "not_required", "DECISION_NOT_PENDING", "PENDING>NOT_REQUIRED"},
      {Verb::kDeclareWrongAuthority, "wrong_authority", "DECISION_NOT_PENDING",
       "PENDING>WRONG_AUTHORITY"},
      {Verb::kRequestSupplement, "supplement_requested", "DECISION_NOT_PENDING",
       "PENDING>SUPPLEMENTING"},
      {Verb::kSupplement, "supplemented", "SUPPLEMENT_NOT_ASKED", "SUPPLEMENTING>PENDING"},
      {Verb::kMissSupplement, "supplement_missed", "SUPPLEMENT_NOT_ASKED",
       "SUPPLEMENTING>RETURNED"},
      {Verb::kVerify, "verified", "DECISION_NOT_ACCEPTED",
       "ACCEPTED>VERIFIED RETURNED_TO_STEP>VERIFIED"},
      {Verb::kAddVerifier, "verifier_added", "DECISION_NOT_IN_REVIEW",
       "ACCEPTED= RETURNED_TO_STEP="},
      {Verb::kDropVerifier, "verifier_dropped", "DECISION_NOT_IN_REVIEW",
       "ACCEPTED= RETURNED_TO_STEP="},
      {Verb::kReturn, "returned_to_step", "DECISION_NOT_IN_REVIEW",
       To(kInReview, "RETURNED_TO_STEP")},
      {Verb::kTakeBack, "taken_back", "NOTHING_TO_TAKE_BACK", kInReview},
      {Verb::kQueryHome, "queried", "DECISION_NOT_IN_REVIEW", To(kInReview, "QUERY_TO_HOME")},
      {Verb::kAnswerQuery, "query_answered", "QUERY_NOT_OPEN", "QUERY_TO_HOME<"},
      {Verb::kMissQuery, "query_missed", "QUERY_NOT_OPEN", "QUERY_TO_HOME<"},
      {Verb::kRequestOpinions, "opinions_requested", "DECISION_NOT_IN_REVIEW", kInReview},
      {Verb::kGiveOpinion, "opinion_given", "", kEverywhere},
      {Verb::kHoldHearing, "hearing_opened", "DECISION_NOT_IN_REVIEW", To(kInReview, "HEARING")},
      {Verb::kSuspend, "suspended", "DECISION_NOT_IN_REVIEW", To(kInReview, "SUSPENDED")},
      {Verb::kMissPaper, "paper_missed", "DECISION_NOT_RUNNING", To(running, "SUSPENDED")},
      {Verb::kHandInPaper, "paper_handed_in", "DECISION_NOT_OPEN", kWhileOpen},
      {Verb::kResume, "resumed", "DECISION_NOT_SUSPENDED", "HEARING< SUSPENDED<"},
      {Verb::kMissPaperWindow, "paper_window_missed", "DECISION_NOT_SUSPENDED",
       "SUSPENDED>RETURNED"},
      {Verb::kExtend, "extended", "DECISION_NOT_IN_REVIEW", kInReview + "QUERY_TO_HOME="},
      {Verb::kDelegate, "delegated", "DECISION_NOT_OPEN", kWhileOpen},
      {Verb::kRecuse, "recused", "DECISION_NOT_OPEN", kWhileOpen},
      {Verb::kRequestRecusal, "recusal_requested", "DECISION_NOT_OPEN", kWhileOpen},
      {Verb::kDecideRecusal, "recusal_decided", "DECISION_NOT_OPEN", kWhileOpen},
      {Verb::kDeclareInterest, "interest_declared", "DECISION_NOT_OPEN", kWhileOpen},
      {Verb::kReassign, "reassigned", "DECISION_NOT_OPEN", kWhileOpen},
      {Verb::kRemind, "reminded", "DECISION_NOT_OPEN", kWhileOpen},
      {Verb::kGrant, "granted", "DECISION_NOT_VERIFIED", "VERIFIED>GRANTED"},
      {Verb::kGrantPartial, "granted_partial", "DECISION_NOT_VERIFIED", "VERIFIED>GRANTED_PARTIAL"},
      {Verb::kGrantConditional, "granted_conditional", "DECISION_NOT_VERIFIED",
       "VERIFIED>GRANTED_CONDITIONAL"},
      {Verb::kGrantTacitly, "granted_tacitly", "DECISION_NOT_RUNNING",
       To(running, "TACIT_GRANTED")},
      {Verb::kRefuse, "refused", "DECISION_NOT_VERIFIED", "VERIFIED>REFUSED"},
      {Verb::kWithdraw, "withdrawn", "FILING_NOT_OPEN", To(kWhileOpen, "WITHDRAWN")},
      {Verb::kDeliver, "delivered", "DECISION_NOT_GRANTED", To(kGrants, "DELIVERED")},
      {Verb::kCheckPromise, "promise_checked", "PROMISE_NOT_OPEN", in_force},
      {Verb::kBreakPromise, "promise_broken", "PROMISE_NOT_OPEN", To(in_force, "REVOKED")},
      {Verb::kConfirmCondition, "condition_met", "CONDITION_UNKNOWN",
       in_force + "SUSPENDED_AFTER="},
      {Verb::kMissCondition, "condition_missed", "CONDITION_UNKNOWN",
       To(in_force + "SUSPENDED_AFTER=", "SUSPENDED_AFTER")},
      {Verb::kPassRung, "rung_passed", "", kEverywhere},
  };
}

// By the state's name: "" where it stays, "<" back, else the name of the next.
std::map<std::string, std::string> MovesOf(const Row& row) {
  std::map<std::string, std::string> moves;
  std::istringstream words(row.moves);
  for (std::string word; words >> word;) {
    const size_t sign = word.find_first_of(">=<");
    moves[word.substr(0, sign)] = word[sign] == '<' ? "<" : word.substr(sign + 1);
  }
  return moves;
}

// Whoever asks a second time is told so in its own word.
std::string RefusalOf(const Row& row, State state) {
  if (row.verb == Verb::kRequestSupplement && state == State::kSupplementing) {
    return "SUPPLEMENT_ALREADY_ASKED";
  }
  if (row.verb == Verb::kQueryHome && state == State::kQueryToHome) return "QUERY_OPEN";
  return row.refusal;
}

TEST(DecisionState, TheTableIsAsExpected) {
  const auto rows = Expected();
  ASSERT_EQ(rows.size(), static_cast<size_t>(kVerbs));
  for (int i = 0; i < kVerbs; ++i) {
    const Row& row = rows[static_cast<size_t>(i)];
    ASSERT_EQ(static_cast<int>(row.verb), i);
    const auto moves = MovesOf(row);
    for (const State state : AllStates()) {
      SCOPED_TRACE(std::string(row.name) + " in " + std::string(Name(state)));
      const auto next = Next(state, row.verb);
      const auto move = moves.find(std::string(Name(state)));
      ASSERT_EQ(next.has_value(), move != moves.end());
      if (!next) {
        EXPECT_EQ(ReasonOf(next), RefusalOf(row, state));
        EXPECT_EQ(next.error().code, Code::kFailedPrecondition);
        continue;
      }
      EXPECT_EQ(next->back, move->second == "<");
      const bool leads = !move->second.empty() && move->second != "<";
      ASSERT_EQ(next->to.has_value(), leads);
      EXPECT_EQ(leads ? std::string(Name(*next->to)) : "<", leads ? move->second : "<");
    }
  }
}

TEST(DecisionState, NamesAreReadBackAndDiffer) {
  std::set<std::string_view> names;
  for (const State state : AllStates()) {
    EXPECT_EQ(DecisionStateNamed(Name(state)), state);
    EXPECT_TRUE(names.insert(Name(state)).second);
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(kDecisionStates));
  EXPECT_EQ(Name(static_cast<State>(kDecisionStates)), "");
  EXPECT_EQ(Name(static_cast<Verb>(kVerbs)), "");
  names.clear();
  for (const Row& row : Expected()) {
    EXPECT_EQ(Name(row.verb), row.name);
    EXPECT_TRUE(names.insert(Name(row.verb)).second);
  }
  std::set<std::string_view> promises;
  for (const PromiseState state : {PromiseState::kNone, PromiseState::kToCheck, PromiseState::kMet,
                                   PromiseState::kToCorrect, PromiseState::kBroken}) {
    EXPECT_EQ(PromiseStateNamed(Name(state)), state);
    EXPECT_TRUE(promises.insert(Name(state)).second);
  }
}

TEST(DecisionState, OpenInForceAndOverAreApart) {
  for (const State state : AllStates()) {
    const std::string name = std::string(Name(state)) + "=";
    EXPECT_EQ(IsOpen(state), (" " + kWhileOpen).find(" " + name) != std::string::npos) << name;
    EXPECT_EQ(IsInForce(state),
              (" " + kGrants + "DELIVERED= ").find(" " + name) != std::string::npos)
        << name;
    EXPECT_EQ(In(state).state, state);
    EXPECT_EQ(In(state).closed_at.has_value(), !IsOpen(state)) << name;
  }
}

// What the verb needs beside the state, so that nothing but the state can refuse it.
Decision Ready(State state, Verb verb) {
  Decision d = In(state);
  d.clock_acts.clear();
  if (verb == Verb::kMissPaper) d.papers = {Deferred("invoice", "2026-03-03")};
  if (verb == Verb::kHandInPaper) d.papers = {Deferred("invoice", "2026-03-20")};
  if (verb == Verb::kMissPaperWindow && state == State::kSuspended) {
    d = AcceptedOne();
    d.papers = {Deferred("invoice", "2026-03-03")};
    d = *PassRung(d, "paper/invoice", "PAPER_MISSED", "", kLater);
  }
  if (verb == Verb::kGiveOpinion) {
    d.consultation = Asking(review::Rule::kAll);
    d.opinions = review::Line{OpinionsPlan(d.zone, *d.consultation), {}};
  }
  if (verb == Verb::kDecideRecusal && IsOpen(state)) {
    d = *RequestRecusal(d, kFiler, Known(kVerifier2), "a friend", kLater);
  }
  if (verb == Verb::kDropVerifier &&
      MovesOf(Expected()[static_cast<size_t>(verb)]).count(std::string(Name(state))) > 0) {
    d = *AddVerifier(d, kReviewer, "hard", kLater);
  }
  if (verb == Verb::kGrantTacitly) d.terms.tacit_allowed = true;
  if (verb == Verb::kCheckPromise) d.promise = PromiseState::kToCheck;
  if (verb == Verb::kBreakPromise) d.promise = PromiseState::kToCorrect;
  const bool condition = verb == Verb::kConfirmCondition || verb == Verb::kMissCondition;
  if (condition && d.conditions.empty()) d.conditions = TwoConditions();
  return d;
}

using Outcome = Result<Decision>;

// A clock's verb that changes nothing is nothing, or only tells.
Outcome Rung(const Decision& d, Verb verb, const char* clock, const char* rung) {
  auto passed = PassRung(d, clock, rung, "ABCDEFGHJKMN", kLater);
  if (!passed || passed->step->verb != verb) return Next(d.state, verb).error();
  return *std::move(passed);
}

Outcome DoByClock(Verb verb, const Decision& d) {
  switch (verb) {
    case Verb::kDeemAccepted: return Rung(d, verb, "decision", "DEEMED_ACCEPTED");
    case Verb::kMissSupplement: return Rung(d, verb, "supplement", "SUPPLEMENT_MISSED");
    case Verb::kMissQuery: return Rung(d, verb, "query/1", "QUERY_MISSED");
    case Verb::kMissPaper: return Rung(d, verb, "paper/invoice", "PAPER_MISSED");
    case Verb::kMissPaperWindow: return Rung(d, verb, "paper-window/1", "PAPER_WINDOW_MISSED");
    case Verb::kGrantTacitly: return Rung(d, verb, "decision", "DUE");
    case Verb::kBreakPromise: return Rung(d, verb, "correction", "PROMISE_BROKEN");
    case Verb::kMissCondition: return Rung(d, verb, "condition/2", "CONDITION_MISSED");
    default: return Rung(d, verb, "decision", "REMINDER");
  }
}

Outcome DoInReview(Verb verb, const Decision& d) {
  const bool deciding = d.state == State::kVerified;
  switch (verb) {
    case Verb::kVerify: return Verify(d, kVerifier, "ok", kLater);
    case Verb::kAddVerifier: return AddVerifier(d, kReviewer, "hard", kLater);
    case Verb::kDropVerifier: return DropVerifier(d, kReviewer, "easy", kLater);
    case Verb::kReturn: return Return(d, deciding ? kReviewer : kVerifier, "accept", "?", kLater);
    case Verb::kTakeBack: return TakeBack(d, kVerifier, "wrong", NationalCalendar(), kLater);
    case Verb::kQueryHome: return QueryHome(d, kVerifier, "true?", kLater);
    case Verb::kAnswerQuery: return AnswerQuery(d, kHome, "yes", kLater);
    case Verb::kRequestOpinions:
      return RequestOpinions(d, kVerifier, Asking(review::Rule::kAll), kLater);
    case Verb::kGiveOpinion:
      return GiveOpinion(d, Of("fujian", "reviewer", "f"), review::Verdict::kAgree, "ok", kLater);
    case Verb::kHoldHearing: return Suspend(d, kVerifier, Ground("HEARING"), kLater);
    case Verb::kSuspend: return Suspend(d, kVerifier, Ground("EXPERT"), kLater);
    case Verb::kHandInPaper: return HandIn(d, {"invoice"}, kLater);
    case Verb::kResume: return Resume(d, kVerifier, kLater);
    case Verb::kExtend: return Extend(d, kHead, "hard", NationalCalendar(), kLater);
    default: return DoByClock(verb, d);
  }
}

Outcome Do(Verb verb, const Decision& d) {
  const bool deciding = d.state == State::kVerified;
  const Time until = kLater + std::chrono::hours(24);
  switch (verb) {
    case Verb::kAccept: return Accept(d, kVerifier, kLater);
    case Verb::kCorrect: return Correct(d, kVerifier, {{"hsCode", "8542"}}, "typo", kLater);
    case Verb::kDeclareNotRequired: return DeclareNotRequired(d, kVerifier, "free", kLater);
    case Verb::kDeclareWrongAuthority:
      return DeclareWrongAuthority(d, kVerifier, "customs", "not ours", kLater);
    case Verb::kRequestSupplement:
      return RequestSupplement(d, kVerifier, Notice(), {}, false, kLater);
    case Verb::kSupplement: return Supplement(d, kLater);
    case Verb::kDelegate: return Delegate(d, kVerifier, Known(kVerifier2), until, kLater);
    case Verb::kRecuse: return Recuse(d, kVerifier, "a cousin", Unit(), kLater);
    case Verb::kRequestRecusal:
      return RequestRecusal(d, kFiler, Known(kVerifier), "a friend", kLater);
    case Verb::kDecideRecusal:
      return DecideRecusal(d, kHead, {"u-verifier2", true, "true"}, Unit(), kLater);
    case Verb::kDeclareInterest:
      return DeclareInterest(d, kVerifier, {.conflict = true, .statement = "a cousin", .at = {}},
                             Unit(), kLater);
    case Verb::kReassign:
      return Reassign(d, kHead, Known(deciding ? kReviewer2 : kVerifier2), "busy", kLater);
    case Verb::kRemind: return Remind(d, kFiler, "please", kLater);
    case Verb::kGrant: return Granted(d);
    case Verb::kGrantPartial:
      return GrantPartial(d, kReviewer, {.activities = {"retail"}}, "part", "R", kLater);
    case Verb::kGrantConditional:
      return GrantConditional(d, kReviewer, TwoConditions(), "if", "R", kLater);
    case Verb::kRefuse: return Refuse(d, kReviewer, {"§20", "forged", "not genuine"}, kLater);
    case Verb::kWithdraw: return Withdraw(d, "sold", kLater);
    case Verb::kDeliver: return Deliver(d, kVerifier, "post", kLater);
    case Verb::kCheckPromise: return CheckPromise(d, kVerifier, false, "not yet", kLater);
    case Verb::kConfirmCondition: return ConfirmCondition(d, kVerifier, 2, "seen", kLater);
    default: return DoInReview(verb, d);
  }
}

// Where the rule ends otherwise than the table alone.
std::string ByRule(Verb verb, State state) {
  static const std::map<std::pair<Verb, State>, std::string> rules = {
      {{Verb::kAccept, State::kReturnedToStep}, "!DECISION_NOT_PENDING"},  // waits for verification
      {{Verb::kTakeBack, State::kAccepted}, "PENDING"},
      {{Verb::kTakeBack, State::kVerified}, "ACCEPTED"},
      {{Verb::kTakeBack, State::kReturnedToStep}, "!NOTHING_TO_TAKE_BACK"},
  };
  const auto rule = rules.find({verb, state});
  return rule == rules.end() ? "" : rule->second;
}

std::string ExpectedState(const Row& row, const Decision& before) {
  const std::string rule = ByRule(row.verb, before.state);
  if (!rule.empty()) return rule;
  const auto moves = MovesOf(row);
  const auto move = moves.find(std::string(Name(before.state)));
  if (move == moves.end()) return "!" + RefusalOf(row, before.state);
  if (move->second.empty()) return std::string(Name(before.state));
  return move->second == "<" ? std::string(Name(*before.resume_to)) : move->second;
}

TEST(DecisionState, EveryVerbDoesWhatItsRowSays) {
  for (const Row& row : Expected()) {
    for (const State state : AllStates()) {
      SCOPED_TRACE(std::string(row.name) + " in " + std::string(Name(state)));
      const Decision before = Ready(state, row.verb);
      const auto after = Do(row.verb, before);
      const std::string got = after ? std::string(Name(after->state)) : "!" + after.error().reason;
      EXPECT_EQ(got, ExpectedState(row, before));
      if (!after) continue;
      EXPECT_EQ(after->version, before.version + 1);
      ASSERT_TRUE(after->step);
      EXPECT_EQ(after->step->verb, row.verb);
      EXPECT_EQ(after->step->from, state);
      EXPECT_EQ(after->closed_at.has_value(), !IsOpen(after->state));
    }
  }
}

TEST(DecisionState, TheDiagramHoldsEveryMove) {
  const std::string diagram = StateDiagram();
  const auto arrow = [&](const std::string& from, const std::string& to, const char* verb) {
    const size_t at = diagram.find("\n    " + from + " --> " + to + ": ");
    if (at == std::string::npos) return false;
    const std::string line = diagram.substr(at + 1, diagram.find('\n', at + 1) - at - 1) + ",";
    return line.find(" " + std::string(verb) + ",") != std::string::npos;
  };
  for (const Row& row : Expected()) {
    for (const auto& [from, to] : MovesOf(row)) {
      if (to.empty()) continue;
      for (const std::string& end :
           to == "<" ? std::vector<std::string>{"ACCEPTED", "VERIFIED", "RETURNED_TO_STEP"}
                     : std::vector<std::string>{to}) {
        EXPECT_TRUE(arrow(from, end, row.name)) << from << " " << end << " " << row.name;
      }
    }
  }
  EXPECT_TRUE(arrow("ACCEPTED", "PENDING", "taken_back"));
  EXPECT_TRUE(arrow("ACCEPTED", "RETURNED_TO_STEP", "taken_back"));
  EXPECT_TRUE(arrow("VERIFIED", "ACCEPTED", "taken_back"));
  EXPECT_TRUE(arrow("ACCEPTED", "ACCEPTED", "verified"));
  EXPECT_TRUE(arrow("SUSPENDED", "PENDING", "paper_handed_in"));
  EXPECT_TRUE(arrow("SUPPLEMENTING", "SUSPENDED", "supplemented"));
  EXPECT_TRUE(arrow("SUSPENDED_AFTER", "DELIVERED", "condition_met"));
  EXPECT_FALSE(arrow("HEARING", "PENDING", "resumed"));
}

// The picture in the service's README is this table.
TEST(DecisionState, TheReadmeShowsTheTable) {
  std::ifstream file("services/recognition/README.md");
  ASSERT_TRUE(file) << "run from the project's root";
  std::stringstream readme;
  readme << file.rdbuf();
  EXPECT_NE(readme.str().find("```mermaid\n" + StateDiagram() + "```\n"), std::string::npos)
      << "put this into the README:\n"
      << StateDiagram();
}

}  // namespace
}  // namespace zonelink::recognition
