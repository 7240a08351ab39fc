// SPDX-License-Identifier: Apache-2.0
// What waits for whom, decided from what an event says about a case. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/calendar/calendar.h"
#include "platform/core/result.h"
#include "platform/core/time.h"

namespace zonelink::worklist {

enum class Action {
  kAccept,
  kVerify,
  kDecide,
  kSupplement,
  kAnswerQuery,       // of the deciding zone, by the home zone
  kGiveOpinion,       // by another zone
  kHandInPaper,       // a deferred one
  kResume,            // after a hearing or other excluded time
  kDecideRecusal,     // by the head of the zone
  kDeliver,           // a grant
  kCheckPromise,      // 告知承诺
  kConfirmCondition,  // one that was missed
  kEscalated,         // the head of the zone sees to it that somebody acts
};
inline constexpr int kActions = 13;

std::string_view Name(Action action);  // as in the API: accept, verify, decide, …
std::optional<Action> ParseAction(std::string_view name);

// Why it presses; the later the more.
enum class Reason {
  kNone,
  kReturned,       // back from a later step
  kClockReminded,  // the clock's own reminder
  kReminded,       // 催办
  kEscalated,      // 80 % of the time are over
  kDue,            // all of it
  kOverdue,        // 120 %
};
inline constexpr int kReasons = 7;

std::string_view Name(Reason reason);  // as in the API: returned, reminded, …; empty for none
std::optional<Reason> ParseReason(std::string_view name);

// What an inbox entry tells about its filing.
struct CaseFacts {
  std::string filing_id;
  std::string receipt_number;
  std::string organization_id;
  std::string applicant_name;
  std::string item_id;
  std::string item_name_zh;
  std::string item_name_en;
};

// The authority's clock as an event left it.
struct ClockNews {
  int budget_days = 0;
  Date due_on;
  bool provisional = false;
  bool running = false;
};

// One zone's decision as an event left it.
struct DecisionNews {
  std::string zone;
  std::string mode;   // REVIEW, …
  std::string state;  // PENDING, ACCEPTED, …
  std::string step;   // that waits: accept, verify, decide; empty: by the state
  std::string waiting_for;
  std::vector<std::string> verified_by;
  std::vector<std::string> excluded_users;
  std::string assigned_to;
  std::vector<std::string> deputies;  // of the assignee
  std::vector<std::string> opinions_of;
  std::vector<std::string> recusal_asked;
  std::string query_to;
  std::optional<Date> query_due_on;
  std::string promise;  // TO_CHECK, …
  std::optional<Date> follow_up_due_on;
  std::optional<ClockNews> clock;
  Date told_on;                                    // the event
  const Calendar* calendar = &NationalCalendar();  // of its zone
};

// One thing that waits.
struct Work {
  Action action = Action::kAccept;
  // Which of the decision's entries: empty for what the decision itself waits for, else
  // opinion/<zone>, recusal, escalation.
  std::string place;
  std::string party;               // zone:<zone> or org:<organisation>
  std::vector<std::string> roles;  // any of them may act; the first is shown
  std::vector<std::string> excluded_users;
  std::vector<std::string> only_users;  // empty: whoever has a role
  std::optional<Date> due_on;           // empty where no clock runs
  bool provisional = false;
  int budget_days = 0;
  Reason reason = Reason::kNone;

  friend bool operator==(const Work&, const Work&) = default;
};

// Somebody still has to act before the decision. False for a state this build does not know.
bool IsOpen(std::string_view state);

// What waits after the event: first what the decision itself waits for, then what others are asked
// for beside it. Nothing when the decision waits for nobody. `pressing`: as PressingAfter says.
// Refused for a state this build does not know: Internal.
Result<std::vector<Work>> WhatWaits(const DecisionNews& decision,
                                    const std::string& organization_id, Reason pressing);

// Why the decision presses after an event. `verb` is the end of its type, `rung` the clock's.
Reason PressingAfter(Reason before, std::string_view verb, std::string_view rung);
// What of it still holds where the decision now waits for something else.
Reason PressingOn(Reason before, Action was, Action is);
// Why it presses for those who are to act: an applicant is not told how the authority's clock
// stands.
Reason ShownReason(Action action, Reason reason);

// Working days left until the end of `due_on`, never more than the budget; negative when it is
// over.
int RemainingDays(const Calendar& calendar, Date due_on, int budget_days, Date today);

}  // namespace zonelink::worklist
