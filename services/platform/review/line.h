// SPDX-License-Identifier: Apache-2.0
// A line: the steps through which several people come to one opinion on a case, and the history of
// what they said and did. Pure; README.md tells the rules.
//
// The plan comes from the case's own settings and is never stored here; the record is what is
// stored. A line that nobody has touched has an empty record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::review {

// When a step that asks several is agreed to. A step has seats: one per party or person asked, and
// where it names no parties `quorum` seats for officers of the line's own unit (one for kAny).
enum class Rule {
  kAll,     // 会签: every seat has spoken, some agree and nobody disagrees
  kAny,     // 或签: one agrees
  kQuorum,  // `quorum` agree; in the own unit, all seats
};

// What the service does when a step's days are over.
enum class DeadlineAction { kNone, kRemind, kEscalate, kPassToDeputy, kCloseTacit };

struct Step {
  std::string name;  // unique in the plan
  std::string role;  // whoever speaks must hold it
  Rule rule = Rule::kAny;
  int quorum = 1;     // see Rule; ignored by kAll and kAny of named parties
  bool veto = false;  // one who disagrees settles the step, until then open, as disagreed
  std::vector<std::string> parties;     // asked in parallel, one voice each; empty: the own unit
  std::vector<std::string> apart_from;  // earlier steps: whoever acted there may not act here
  int due_days = 0;                     // working days; 0: none
  DeadlineAction deadline_action = DeadlineAction::kNone;
};

struct Plan {
  std::string line;  // unique in the case, for example the deciding zone
  std::string unit;  // the line's own unit, a party
  std::vector<Step> steps;
  bool declaration_needed = false;  // nobody speaks before having declared to have no interest
};

// InvalidArgument `REVIEW_PLAN_INVALID`, with `step` and `fault`.
Status CheckPlan(const Plan& plan);

// Who acts. `on_behalf_of`: the user id of a person who delegated to this one; party and roles are
// then the delegator's, as delegated. By which delegation: one of the line, or, where the service
// knows of one that stands for all its cases, that one. Then party and roles are those it lends.
struct Person {
  std::string user_id;
  std::string name;
  std::string party;
  std::vector<std::string> roles;
  std::string on_behalf_of;          // empty: in the own name
  bool standing_delegation = false;  // the service answers for it being in force
};

enum class Verdict { kAgree, kDisagree, kAbstain };

// Only what is kCounted settles a step. The others are history.
enum class Standing {
  kCounted,
  kLate,       // given after the step had settled
  kCancelled,  // by a return, a recusal or the end of the line
  kTakenBack,  // 撤回
};

struct Opinion {
  int64_t seq = 0;  // its place in the history
  int round = 1;    // of the line, when it was given
  std::string step;
  std::string party;
  std::string user_id;
  std::string name;
  std::string on_behalf_of;  // empty: in the own name
  Time at;
  Verdict verdict = Verdict::kAgree;
  std::string text;
  Standing standing = Standing::kCounted;

  friend bool operator==(const Opinion&, const Opinion&) = default;
};

// What happened on a line besides opinions.
enum class Kind {
  kAssigned,         // the step to user_id, in place of other_user_id where there is one 转办
  kDelegated,        // by user_id to other_user_id until until_at; party and roles are lent 委托
  kUndelegated,      // the same taken back
  kDeclared,         // user_id has no interest in the case
  kInterest,         // user_id has one
  kRecusalAsked,     // of user_id, by other_user_id
  kRecused,          // user_id, by other_user_id or by themselves 回避
  kRecusalDeclined,  // of user_id, by other_user_id
  kAdded,            // party, or user_id 加签
  kDropped,          // party, or user_id 减签
  kQuorum,           // is now `amount`
  kRouted,           // from `other_party` up to `party`
  kReminded,         // party
  kReturned,         // to `step` 退回
  kTakenBack,        // the opinion whose seq is `amount` 撤回
  kClosed,           // as `amount`, a Closed
};

struct Act {
  int64_t seq = 0;
  Kind kind = Kind::kAssigned;
  std::string step;
  std::string user_id;
  std::string other_user_id;
  std::string party;
  std::string other_party;
  std::vector<std::string> roles;
  std::optional<Time> until_at;
  int64_t amount = 0;
  std::string reason;
  Time at;
  std::string by_user;

  friend bool operator==(const Act&, const Act&) = default;
};

enum class Closed {
  kNo,
  kAgreed,     // the last step was
  kDisagreed,  // a step was, and the service left it at that
  kTacit,      // by deadline
  kWithdrawn,
};

// What is stored of a line. Opinions and acts are numbered together, from 1; nothing is removed.
struct Record {
  std::string step;  // the current one; empty: the first
  int round = 1;     // one more after each return
  Closed closed = Closed::kNo;
  int64_t version = 0;             // length of the history
  std::optional<Time> step_since;  // when the current step was reached; empty: with the line
  std::vector<Opinion> opinions;
  std::vector<Act> acts;

  int64_t saved_version = 0;      // what the database holds; by review_store
  std::vector<int64_t> restated;  // opinions it holds whose standing has changed since
};

struct Line {
  Plan plan;
  Record record;
};

std::string_view Name(Rule rule);  // all, any, quorum
std::string_view Name(DeadlineAction action);
std::string_view Name(Verdict verdict);    // agree
std::string_view Name(Standing standing);  // taken_back
std::string_view Name(Kind kind);          // recusal_asked
std::string_view Name(Closed closed);      // no, agreed
// Each crashes on any other name.
Verdict VerdictNamed(std::string_view name);
Standing StandingNamed(std::string_view name);
Kind KindNamed(std::string_view name);
Closed ClosedNamed(std::string_view name);

// How far a step is.
enum class Outcome { kOpen, kAgreed, kDisagreed };
std::string_view Name(Outcome outcome);

const Step& CurrentStep(const Line& line);
// Of a step of the plan, from its counted opinions alone.
Outcome Settled(const Line& line, const std::string& step);

// Whom a step asks now, after what was added, dropped and routed up.
struct Seats {
  std::string unit;                  // whose officers take `unit_seats`
  int unit_seats = 0;                // 0: only those named below
  std::vector<std::string> parties;  // one voice each
  std::vector<std::string> persons;  // user ids, added by name; their role and party do not matter
  int quorum = 1;                    // how many must agree
};
Seats SeatsOf(const Line& line, const std::string& step);

// Those of a step's parties and persons who have not spoken; the unit while a seat of its is free.
std::vector<std::string> SilentParties(const Line& line, const std::string& step);
// To whom the step is assigned and who have not spoken yet.
std::vector<std::string> Assignees(const Line& line, const std::string& step);
// Who may not act in the step, whatever their role: recused, with an interest, acted apart.
std::vector<std::string> ExcludedUsers(const Line& line, const std::string& step);
int Reminders(const Line& line, const std::string& step);  // in this round

// The history again from its beginning, as if each entry came in now: the same record.
Line Replay(Plan plan, const Record& record);

}  // namespace zonelink::review
