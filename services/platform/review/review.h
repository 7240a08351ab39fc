// SPDX-License-Identifier: Apache-2.0
// What people do on a line. Every verb gives the line as it will be, or why not; a verb that is
// refused leaves nothing behind. The time is `now`, passed in.
//
// All refuse `LINE_CLOSED` (with `closed`) on a line that is closed, Give only on a withdrawn one,
// and `STEP_UNKNOWN` for a step that is not of the plan. Those that take a reason refuse
// `REASON_MISSING` without one, but for Withdraw and Reassign.
#pragma once

#include <string>
#include <vector>

#include "platform/review/line.h"

namespace zonelink::review {

struct Statement {
  Verdict verdict = Verdict::kAgree;
  std::string text;
};

// An opinion on a step. When the step is agreed to by it, the line goes to the next step, or is
// closed as agreed; when it is disagreed, the line stays there for ReturnTo, TakeBack or Refuse.
// Of a party asked by name it is recorded as late, without effect, once the step has settled.
//
// `PARTY_NOT_ASKED`, `NOT_YOUR_STEP` (the role is missing), `RECUSED`, `CONFLICT_DECLARED`,
// `SAME_PERSON_TWICE` (four eyes; with `step`, `other_step`, `user`), `ALREADY_GIVEN`,
// `PARTY_HAS_SPOKEN`, `SEATS_TAKEN`, `STEP_NOT_REACHED`, `STEP_SETTLED` (with `outcome`; officers
// of the own unit come too late), `DECLARATION_MISSING`, `REASSIGNED` (with `assignees`),
// `DELEGATION_MISSING`.
Result<Line> Give(Line line, const std::string& step, Statement statement, const Person& by,
                  Time now);
// Would Give let the person speak on the current step, and count it?
Status MayAct(const Line& line, const Person& person, Time now);
// None of `people` may ever act on the step as things stand, whatever they declare and whoever is
// assigned: the service routes the step up.
bool NobodyLeft(const Line& line, const std::string& step, const std::vector<Person>& people,
                Time now);

// 撤回: the person's own last counted opinion. `NOTHING_TO_TAKE_BACK`, `NEXT_HAS_ACTED`.
Result<Line> TakeBack(Line line, const Person& by, Time now);
// 退回: to an earlier step, or to the current one once it has settled, by somebody who may act on
// the current one. Counted opinions of that step and all later ones are cancelled; a new round
// begins. `NOT_AN_EARLIER_STEP`, and Give's for whoever may not act.
Result<Line> ReturnTo(Line line, const std::string& step, const Person& by, std::string reason,
                      Time now);
// The current step is disagreed and it stays at that. `STEP_NOT_DISAGREED`.
Result<Line> Refuse(Line line, const std::string& by_user, std::string reason, Time now);
// Both cancel what was said on the current step, unless it has settled.
Result<Line> Withdraw(Line line, const std::string& by_user, std::string reason, Time now);
Result<Line> CloseTacit(Line line, std::string reason, Time now);

// Gives a step that has not settled to `to`, who may then not be passed over: `ALREADY_ASSIGNED`
// when no seat is left, and Give's for whoever may not act, but for the declaration.
Result<Line> Assign(Line line, const std::string& step, const Person& to,
                    const std::string& by_user, Time now);
struct Handover {
  std::string step;
  std::string from_user;  // an assignee; empty: the only one, or nobody
  Person to;
  std::string by_user;
  std::string reason;  // may be empty
};
// 转办. `NOT_ASSIGNED` when from_user is not, or several are and none is named.
Result<Line> Reassign(Line line, const Handover& handover, Time now);

// 委托: `deputy` may act on behalf of `by` until then, with the party and the roles of `by`.
// `DEPUTY_MAY_NOT_DELEGATE`, also where the deputy has a deputy; `SAME_PERSON`,
// `DEPUTY_OF_OTHER_PARTY`, `DELEGATION_OVER`, `RECUSED`.
Result<Line> Delegate(Line line, const Person& by, const Person& deputy, Time until, Time now);
// Also when the delegator has left. `DELEGATION_MISSING`.
Result<Line> Undelegate(Line line, const std::string& user_id, const std::string& by_user,
                        Time now);
// Does `person`, acting on behalf of somebody, hold a delegation now?
bool IsDeputy(const Line& line, const Person& person, Time now);

// To have no interest, or one (which says which). Whoever has one may no longer act, unless a
// superior declines the recusal. `RECUSED`, `CONFLICT_DECLARED`.
Result<Line> Declare(Line line, const Person& by, std::string interest, Time now);
// 回避: `user_id` acts no more. Assignments fall back, delegations end, what they said on the
// current step is cancelled. `RECUSED` when it is so already.
Result<Line> Recuse(Line line, const Person& by, std::string reason, Time now);
// By the applicant. `RECUSED`, `RECUSAL_PENDING`.
Result<Line> RequestRecusal(Line line, const std::string& user_id, const std::string& by_user,
                            std::string reason, Time now);
struct RecusalDecision {
  std::string user_id;
  bool upheld = true;
  std::string reason;
};
// By a superior, on a request or on a declared interest. `RECUSAL_NOT_ASKED`, `OWN_RECUSAL`.
Result<Line> DecideRecusal(Line line, const RecusalDecision& decision, const std::string& by_user,
                           Time now);

// Whom 加签 and 减签 concern: a party or a person.
struct Signatory {
  std::string step;
  std::string party;    // one of the two is empty
  std::string user_id;  //
};
// 加签, on a step that has not settled: one voice more. With kAll, and with kQuorum in the own
// unit, it is needed; with kAny it is one more that suffices; with kQuorum of named parties
// SetQuorum says how many must agree. `STEP_SETTLED`, `PARTY_ALREADY_ASKED`, `ALREADY_GIVEN` for a
// person who has spoken, `RECUSED`, `SIGNATORY_INVALID`.
Result<Line> AddSign(Line line, const Signatory& who, const std::string& by_user,
                     std::string reason, Time now);
// 减签: who was asked and has not spoken. `STEP_SETTLED`, `PARTY_NOT_ASKED`, `PARTY_HAS_SPOKEN`,
// `DROP_BELOW_QUORUM` (fewer seats than must agree), `DROP_WOULD_SETTLE`.
Result<Line> ReduceSign(Line line, const Signatory& who, const std::string& by_user,
                        std::string reason, Time now);
struct Quorum {
  std::string step;
  int quorum = 1;
};
// Raises the quorum of a step, and lowers it again, never below the plan's: `QUORUM_BELOW_PLAN`,
// `QUORUM_ABOVE_SEATS` (also where the rule has none: kAny, kAll of named parties),
// `DROP_BELOW_QUORUM` (more of the own unit have spoken), `DROP_WOULD_SETTLE`, `STEP_SETTLED`.
Result<Line> SetQuorum(Line line, const Quorum& quorum, const std::string& by_user,
                       std::string reason, Time now);

struct Route {
  std::string step;
  std::string from;  // a party, or the unit
  std::string to;    // its superior
  std::string reason;
};
// The superior is asked in the party's place. `STEP_SETTLED`, `PARTY_NOT_ASKED`,
// `PARTY_ALREADY_ASKED`, `PARTY_HAS_SPOKEN`.
Result<Line> RouteUp(Line line, const Route& route, const std::string& by_user, Time now);

// Counted by Reminders. `STEP_SETTLED`, `STEP_NOT_REACHED`, `PARTY_NOT_ASKED`, `PARTY_HAS_SPOKEN`.
Result<Line> Remind(Line line, const std::string& step, const std::string& party,
                    const std::string& by_user, Time now);

}  // namespace zonelink::review
