// SPDX-License-Identifier: Apache-2.0
// Filings 申报: one application by one enterprise from one home zone to several target zones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/clocks/calendar_set.h"
#include "platform/core/result.h"
#include "platform/core/time.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/agreement.h"
#include "recognition/domain/attributes.h"
#include "recognition/domain/decision.h"
#include "recognition/domain/item.h"
#include "recognition/domain/negative_list.h"

namespace zonelink::recognition {

enum class FilingState {
  kInReview,   // a zone has not decided
  kClosed,     // no decision is open
  kWithdrawn,  // before any zone decided
};

std::string_view Name(FilingState state);             // IN_REVIEW
FilingState FilingStateNamed(std::string_view name);  // crashes on any other name

struct Applicant {
  std::string organization_id;
  std::string uscc;
  std::string name;
};

// The origin document relied on.
struct Credential {
  std::string number;
  std::string issuer;
  Date issued_on;
  Date valid_until;  // last day
};

// A paper, named by its hash.
struct Document {
  std::string title;
  std::string sha256;
  std::string media_type;
  int64_t size_bytes = 0;
  std::string kind;                 // as in the item's required documents; empty: none of them
  std::optional<Date> valid_until;  // last day; empty: without end
};

// Somebody files in the applicant's name, under a mandate that is in force.
struct Agency {
  std::string agent_organization_id;
  std::string mandate_id;
};

// What an applicant hands in.
struct Submission {
  std::string item_id;
  std::string home_zone;
  std::vector<std::string> target_zones;
  Applicant applicant;
  Credential credential;
  Attributes attributes;
  std::vector<Document> documents;
  bool promise = false;               // 告知承诺
  std::vector<DeferredPaper> papers;  // 容缺受理: promised for later
  Scope scope;                        // what the origin covers, where it is stated
  std::string refile_of;              // own filing whose papers are taken over; empty: none
  bool use_vault = false;             // papers that are missing are taken from the own vault
  std::optional<Agency> agency;       // nothing: the caller's own organisation applies
};

struct Filing {
  FilingId id;
  std::string receipt_number;
  FilingState state = FilingState::kInReview;
  int64_t version = 1;
  Time submitted_at;
  std::string submitted_by;  // user id
  std::string item_id;
  int item_version = 1;
  std::string item_name_zh;
  std::string item_name_en;
  std::string home_zone;
  std::vector<std::string> target_zones;
  Applicant applicant;
  Credential credential;
  Attributes attributes;
  bool promised = false;
  std::vector<Document> documents;
  std::vector<DeferredPaper> papers;
  Scope scope;
  std::string refile_of;
  std::optional<Agency> agency;
  std::vector<std::string> extra_parties;  // besides applicant, home zone, targets, leading group
  std::vector<Decision> decisions;         // by zone
};

// What makes two filings of an applicant the same case: item and credential.
std::string DuplicateKey(std::string_view item_id, const Credential& credential);

// What catalogue, agreements and directory say about an item between a home zone and target zones.
struct Coverage {
  Item item;
  std::vector<Route> routes;  // in force today
  std::vector<std::string> unknown_zones;
  // From memory: conditions or negative lists apply, which only the database can answer.
  bool to_screen = false;
  std::vector<Finding> findings;  // its answer
};

// What a filing meets in one target zone. Pre-check and submission ask the same question.
struct Prospect {
  enum class Outcome {
    kNoCaseNeeded,
    kAutomatic,
    kPromiseNeeded,
    kDecisionNeeded,
    kOnNegativeList,  // a person decides, and is shown the entry
    kNotCovered,
  };
  std::string zone;
  Outcome outcome = Outcome::kNotCovered;
  Mode mode = Mode::kNone;
  AgreementId agreement_id;            // empty where none is needed or found
  std::vector<Finding> findings = {};  // what keeps the case out of recognition at once
};

// One answer per target zone, by zone. Refuses `ZONE_NOT_FOUND`, `TARGET_ZONES`.
Result<std::vector<Prospect>> Foresee(const Coverage& coverage, std::string_view home_zone,
                                      std::vector<std::string> target_zones);

// Kinds of papers that the item asks for and that are not there.
std::vector<std::string> MissingDocuments(const Item& item, const std::vector<Document>& documents);

// Working days that the authority has, or several that decide together.
int BudgetOf(const Item& item);

// When something happens, and by which calendars its days count.
struct Moment {
  Time now;
  const clocks::CalendarSet& calendars;
};

// Random parts of a filing's id and numbers. They are drawn before the transaction, which may run
// twice.
struct Draws {
  FilingId filing_id;
  std::string receipt;                    // ten characters
  std::vector<std::string> recognitions;  // twelve characters for each target zone
};

// All zones or none. Zones in mode AUTOMATIC grant at once, zones in mode NOTIFY on the promise,
// the clocks of the others start now. Findings of the coverage turn any mode into REVIEW. Refuses
// `FOREIGN_APPLICANT`, `ZONE_NOT_FOUND`,
// `TARGET_ZONES`, `ATTRIBUTES_INVALID`, `CREDENTIAL_DATES`, `CREDENTIAL_EXPIRED`, `NO_CASE_NEEDED`,
// `NOT_COVERED`, `PROMISE_MISSING`, `PAPER_NOT_DEFERRABLE` (not of the item's deferrable kinds,
// twice, handed in already, or no zone reviews), `PAPER_PROMISE` (not after today, or after the
// promised finish of the zone that finishes first).
Result<Filing> Submit(const Submission& submission, const Actor& by, const Coverage& coverage,
                      const Draws& draws, const Moment& moment);

// Papers of a filing that is filed again, without those that are handed in anew and those that
// are no longer valid on `today`. Refuses `FOREIGN_APPLICANT`, `REFILE_NOT_CLOSED`.
Result<std::vector<Document>> TakeOver(const Filing& former, const Submission& submission,
                                       Date today);

// Every decision that is still open. Refuses `FOREIGN_APPLICANT`, `FILING_NOT_OPEN`.
Result<Filing> Withdraw(Filing filing, const Actor& by, std::string_view reason, Time now);

// The answer to the notice of `zone`; empty: of the only zone that asked. Papers that were deferred
// count as handed in, for every zone. Refuses `FOREIGN_APPLICANT`, `SUPPLEMENT_NOT_ASKED` where no
// zone asked and no paper handed in was deferred, `SUPPLEMENT_ZONE_NEEDED` (several zones asked).
Result<Filing> Supplement(Filing filing, const Actor& by, std::string_view zone,
                          const std::vector<Document>& papers, Time now);

}  // namespace zonelink::recognition
