// SPDX-License-Identifier: Apache-2.0
// One target zone's decision on a filing, and what all that act on it share. The zones decide
// independently of each other. By subject: decision_state.h (states, verbs, the table),
// decision_intake.h (until it is accepted), decision_review.h (until it is decided),
// decision_people.h (who acts), decision_outcome.h (the decision), decision_after.h (what follows a
// grant), decision_deadline.h (what the clock does).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clocks/working_clock.h"
#include "platform/core/id.h"
#include "platform/core/result.h"
#include "platform/core/time.h"
#include "platform/review/review.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/agreement.h"
#include "recognition/domain/decision_state.h"
#include "recognition/domain/item.h"
#include "recognition/domain/negative_list.h"

namespace zonelink::recognition {

using FilingId = Id<struct FilingTag>;

// A verb that was applied, and the state before it.
struct Step {
  Verb verb = Verb::kAccept;
  DecisionState from = DecisionState::kPending;
  std::string on_behalf_of;  // officer in whose place a deputy took it
};

// Notice of what is missing, given once and complete (行政许可法 §32).
struct SupplementNotice {
  std::vector<std::string> missing;
  std::string reason;
  Time asked_at;
  std::optional<Time> answered_at;  // empty while open
};

// A question to the home zone. The authority's clock goes on.
struct Query {
  std::string question;
  std::string asked_by;
  Time asked_at;
  std::string answer;
  std::string answered_by;
  std::optional<Time> closed_at;
  bool missed = false;
};

// Opinions of other zones, asked for at the same time. The opinions themselves: Decision::opinions.
struct Consultation {
  std::vector<std::string> zones;
  review::Rule rule = review::Rule::kAll;
  int quorum = 0;
  bool veto = false;
  std::string question;
  int number = 1;  // of the decision's requests
};

// A verifier's finding.
struct Verification {
  std::string user_id;
  std::string name;
  Time at;
  std::string opinion;
  std::string on_behalf_of;  // officer whose deputy the verifier was; empty: in the own name
};

// What an officer says of an own interest in the case.
struct Declaration {
  std::string user_id;
  bool conflict = false;
  std::string statement;
  Time at;
};

// What a recognition covers; what is empty covers all that the origin does.
struct Scope {
  std::vector<std::string> activities;
  std::vector<std::string> addresses;
  std::string quantity;  // a decimal as text
  std::optional<Date> valid_from;
  std::optional<Date> valid_until;
};

struct Condition {
  std::string text;
  Date due_on;  // last day
  std::optional<Time> met_at;
  std::string evidence;
  bool missed = false;
};

struct Correction {
  std::string field;
  std::string value;
};

enum class PromiseState { kNone, kToCheck, kMet, kToCorrect, kBroken };
std::string_view Name(PromiseState state);              // TO_CHECK; empty for none
PromiseState PromiseStateNamed(std::string_view name);  // crashes on any other name

// A paper that may come later (容缺受理).
struct DeferredPaper {
  std::string kind;
  Date promised_on;
  std::optional<Time> handed_in_at;
};

// Periods of the pinned version of the item, in working days.
struct Terms {
  int supplement_window = 15;
  int extension = 10;
  int delivery = 10;
  int query = 10;
  int paper_window = 15;
  int promise_check = 60;
  int promise_correction = 15;
  int promise_version = 0;  // of the text that is signed
  bool tacit_allowed = false;
  bool declaration_needed = false;  // nobody verifies or decides without a declaration of interest
};

Terms TermsOf(const Item& item);

// A clock beside the authority's that a rule starts or stops; the store keeps it.
struct ClockAct {
  std::string name;       // within the decision: supplement, query/2, condition/1; `*`: all
  std::string_view kind;  // of Deadlines(); empty: stops the clock
  WorkingClock clock;     // as it starts; only its unit, budget and start count
};

struct Decision {
  FilingId filing_id;
  std::string zone;
  std::string home_zone;
  std::string applicant;        // organisation in whose name it was filed
  std::string agent;            // organisation that filed in its name; empty: none
  Date credential_valid_until;  // last day of the credential that the decision relies on
  AgreementId agreement_id;     // in force at submission; gave the mode
  Mode mode = Mode::kReview;
  DecisionState state = DecisionState::kPending;
  std::optional<DecisionState> resume_to;  // while interrupted
  std::optional<Step> step;                // just taken, not yet saved
  int64_t version = 1;
  int verifiers_needed = 1;  // by the item
  Terms terms;
  std::optional<WorkingClock> clock;  // the authority's, with excluded time; only in mode REVIEW
  int extended_days = 0;
  std::string extension_reason;
  std::optional<review::Line> line;      // accept, verify, decide; only in mode REVIEW
  std::optional<review::Line> opinions;  // of other zones, to the last request
  std::optional<Consultation> consultation;
  std::optional<SupplementNotice> supplement;
  std::vector<Query> queries;
  std::vector<Correction> corrections;
  std::vector<DeferredPaper> papers;  // of the filing, each promised for later
  Scope origin_scope;                 // as the filing states it
  Scope scope;                        // of a partial grant
  std::vector<Condition> conditions;
  PromiseState promise = PromiseState::kNone;
  std::string promise_findings;
  std::optional<Time> correcting_since;  // an unmet promise
  std::string competent_authority;
  int reminders = 0;
  std::optional<Date> reminded_on;
  std::string recognition_number;  // once granted
  std::string decided_by;          // user id; empty where the agreement or the clock decided
  bool by_clock = false;           // the clock decided
  std::optional<Time> closed_at;   // when it was decided, ended or withdrawn: the clock stops
  std::optional<Time> delivered_at;
  std::string delivery_method;
  std::string reason;
  std::string legal_basis;
  std::string article;               // of a refusal
  std::string facts;                 // of a refusal
  std::string refusal_code;          // of a refusal, see decision_refusal.h; empty on earlier ones
  std::vector<Finding> screening;    // at submission
  bool touched = false;              // since its submission
  std::vector<ClockAct> clock_acts;  // of the step just taken, not yet saved
  // Names of officers whom the record knows by id alone, as far as they are known.
  std::map<std::string, std::string> names;
};

// The review's line of a case whose item needs so many verifiers, and that of a consultation.
review::Plan ReviewPlan(const std::string& zone, int verifiers);
review::Plan OpinionsPlan(const std::string& zone, const Consultation& asked);

// Name of the step that waits: accept, verify, decide; empty when none does.
std::string_view WaitingStep(const Decision& decision);
// Role that acts next; empty when nobody has to.
std::string_view WaitingFor(const Decision& decision);
// A deferred paper is still missing.
bool PapersOutstanding(const Decision& decision);
// Those that count.
std::vector<Verification> VerificationsOf(const Decision& decision);
// Officer in whose place a deputy decided; empty: none.
std::string DecidedOnBehalfOf(const Decision& decision);
// Users whom the record of the line knows by id alone.
std::vector<std::string> OfficersById(const Decision& decision);
// In the order in which they were made.
std::vector<Declaration> DeclarationsOf(const Decision& decision);

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

// For the rules.

// Takes the verb's step by the table: its own reason where it leads nowhere.
Status Take(Decision& decision, Verb verb);
// Only officers of the deciding zone who belong neither to the applicant nor to its agent and have
// not been asked to stay away may act: `NOT_DECIDING_ZONE`, `OWN_ORGANIZATION`, `RECUSED`,
// `RECUSAL_PENDING`.
Status CheckOfficer(const Decision& decision, const Actor& by);
Status CheckOfZone(const Decision& decision, const Actor& by);  // of these the first two
Status CheckNotOwn(const Decision& decision, const Actor& by);
// The party that stands in for a zone's officers where none is left.
std::string HeadOf(const std::string& zone);
// The actor on a line of the zone: an officer in the own roles, who is none and heads the zone as
// its head.
review::Person PersonOf(const Actor& by, const std::string& zone);
// As the head, who acts where a step was routed up; nothing of whoever heads another zone or none.
std::optional<review::Person> HeadPersonOf(const Actor& by, const std::string& zone);
// Last day of what the origin covers, of a credential that ends then.
Date LastDay(const Scope& origin, Date credential_valid_until);
// The latest day on which a clock may end: what calendars know of.
Date LastClockDay();
// Clocks beside the authority's: of working days, or until the end of a day, LastClockDay() at
// most.
void StartClock(Decision& decision, std::string name, std::string_view kind, int days, Time now);
void StartClockUntil(Decision& decision, std::string name, std::string_view kind, Date last_day,
                     Time now);
void StopClock(Decision& decision, std::string name);
// Ends whatever is open; the clock stops for good.
void Close(Decision& decision, Time now);

}  // namespace zonelink::recognition
