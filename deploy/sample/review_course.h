// SPDX-License-Identifier: Apache-2.0
// How one zone deals with a filing under review: who does what when, and what is left to the
// clock. Pure.
#pragma once

#include <string>
#include <vector>

#include "deploy/sample/attributes.h"
#include "deploy/sample/deeds.h"
#include "deploy/sample/dice.h"
#include "deploy/sample/sample_data.h"
#include "deploy/sample/timetable.h"

namespace zonelink::sample {

// Where a case stands at the end of the year; nowhere: it takes its course.
enum class Rest {
  kNowhere,
  kPending,
  kSupplementing,
  kAccepted,
  kVerified,
  kQueryToHome,
  kHearing,
  kSuspended,
  kReturnedToStep
};

// What happens between acceptance and decision.
enum class Middle {
  kNothing,
  kQueried,
  kQueryMissed,
  kHeard,
  kExcluded,
  kConsulted,
  kDisagreed,
  kExtended,
  kReminded,
  kTakenBack,
  kReturned,
  kReturnedToStart,
  kDeciderRecused,
  // With items that one officer verifies.
  kVerifierAdded,
  kReassigned,
  kDelegated,
  kRecused,
  kRecusalUpheld,
  kRecusalDeclined
};

class ReviewCourse {
 public:
  // All outlive it; `facts` learns what the zone asks of the applicant.
  ReviewCourse(FilingFacts& facts, const SampleData& data, const Timetable& times,
               const std::string& zone, Dice& dice);

  // The steps after a submission in `submitted`, in order.
  std::vector<Step> Play(int submitted, Rest rest);
  // When the case was over, by a person or by the clock; past the year where it is not.
  int ends_at() const { return ends_at_; }
  // Refused, or returned for want of a paper.
  bool came_to_nothing() const { return came_to_nothing_; }

 private:
  void Later(int workdays);
  void Do(Deed deed, const std::string& username, std::string body);
  void Over(bool to_nothing = false);
  bool Intake(Rest rest);
  bool IntakeEnds(int roll);
  bool MayAskForPaper() const;
  void AskForPaper();
  void AnswerWithPaper();
  bool AwaitDeferredPaper();
  void ChooseMiddle(Rest rest);
  void Declare(bool conflict, const std::string& statement);
  void WhoStaysAway();
  void BeforeVerification();
  bool RestsInReview(Rest rest);
  void AskHome(bool answered);
  void Exclude(bool hearing);
  void Consult(bool against);
  void VerifyAll();
  void SendBack(const char* to_step);
  void AfterVerification();
  void Decide();
  void GrantUnderCondition();
  bool NotFetched();
  void Deliver();
  void GrantInTime();
  void LetSilenceGrant();
  std::vector<std::string> PapersToAskFor() const;
  std::string RefusalJson() const;
  std::string PartialJson() const;

  FilingFacts& facts_;
  const SampleData& data_;
  const Timetable& times_;
  const std::string zone_;
  Dice& dice_;
  std::string verifier_;
  std::string second_verifier_;
  std::string decider_;
  std::string head_;
  int verifiers_ = 1;
  int total_days_ = 1;  // that the case takes
  bool hurried_ = false;
  Middle middle_ = Middle::kNothing;
  int slot_ = 0;
  int ends_at_ = kLastSlot + 1;
  bool came_to_nothing_ = false;
  std::vector<Step> steps_;
};

}  // namespace zonelink::sample
