// SPDX-License-Identifier: Apache-2.0
// What the plans come to: every step is allowed by the product's own table of verbs in the state in
// which the steps and the clocks before it left the case, and at the end of the year every state is
// held by some cases.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "deploy/sample/agreement_plan.h"
#include "deploy/sample/filing_plan.h"
#include "gateway/cli/json.h"
#include "recognition/domain/decision_state.h"

namespace zonelink::sample {
namespace {

using recognition::DecisionState;
using recognition::Name;
using V = recognition::Verb;
using S = DecisionState;

const Date kFirstDay = *ParseDate("2025-11-21");

V VerbOf(Deed deed) {
  switch (deed) {
    case Deed::kSupplement: return V::kSupplement;
    case Deed::kWithdraw: return V::kWithdraw;
    case Deed::kAccept: return V::kAccept;
    case Deed::kCorrect: return V::kCorrect;
    case Deed::kDeclareNotRequired: return V::kDeclareNotRequired;
    case Deed::kDeclareWrongAuthority: return V::kDeclareWrongAuthority;
    case Deed::kRequestSupplement: return V::kRequestSupplement;
    case Deed::kVerify: return V::kVerify;
    case Deed::kAddVerifier: return V::kAddVerifier;
    case Deed::kReturn: return V::kReturn;
    case Deed::kTakeBack: return V::kTakeBack;
    case Deed::kQueryHome: return V::kQueryHome;
    case Deed::kAnswerQuery: return V::kAnswerQuery;
    case Deed::kRequestOpinions: return V::kRequestOpinions;
    case Deed::kGiveOpinion: return V::kGiveOpinion;
    case Deed::kSuspend: return V::kSuspend;
    case Deed::kResume: return V::kResume;
    case Deed::kExtend: return V::kExtend;
    case Deed::kDelegate: return V::kDelegate;
    case Deed::kDeclareInterest: return V::kDeclareInterest;
    case Deed::kRecuse: return V::kRecuse;
    case Deed::kRequestRecusal: return V::kRequestRecusal;
    case Deed::kDecideRecusal: return V::kDecideRecusal;
    case Deed::kReassign: return V::kReassign;
    case Deed::kRemind: return V::kRemind;
    case Deed::kGrant: return V::kGrant;
    case Deed::kGrantPartial: return V::kGrantPartial;
    case Deed::kGrantConditional: return V::kGrantConditional;
    case Deed::kRefuse: return V::kRefuse;
    case Deed::kDeliver: return V::kDeliver;
    case Deed::kCheckPromise: return V::kCheckPromise;
    case Deed::kConfirmCondition: return V::kConfirmCondition;
    case Deed::kSubmit:
    case Deed::kRead: break;
  }
  ADD_FAILURE() << "no verb of a decision";
  return V::kPassRung;
}

// One decision, played without a server: what the table says, and when the clocks speak.
class Case {
 public:
  Case(const FilingPlan& filing, const Target& target, const Item& item, const Timetable& times)
      : filing_(filing), zone_(target.zone), times_(times) {
    body_ = client::JsonDocument::Parse(filing.steps[0].body).value();
    const int submitted = filing.steps[0].slot;
    if (target.mode != "REVIEW") {
      state_ = S::kGranted;
      return;
    }
    needed_ = item.verifiers_needed;
    At(times_.AfterEnd(submitted, 5), V::kDeemAccepted);
    if (item.tacit_allowed) {
      At(times_.AfterEnd(submitted, item.budget_working_days), V::kGrantTacitly);
    }
    const auto deferred = body_.root()["deferredDocuments"].items();
    if (deferred.empty()) return;
    paper_due_ = times_.AfterDay(*ParseDate(deferred[0]["promisedOn"].text()));
    At(paper_due_, V::kMissPaper);
  }

  // The state just before `slot`.
  S Play(int slot = kLastSlot + 2) {
    for (size_t i = 1; i < filing_.steps.size() && filing_.steps[i].slot < slot; ++i) {
      const Step& step = filing_.steps[i];
      const bool whole = AboutWholeFiling(step.deed);
      if ((!whole && step.zone != zone_) || step.deed == Deed::kRead) continue;
      PassClocks(step.slot);
      // Of a filing that closed in this zone before.
      if (whole && !recognition::IsOpen(state_)) continue;
      if (step.deed == Deed::kSupplement && !Supplemented(step)) continue;
      Do(step);
    }
    PassClocks(slot - 1);
    return state_;
  }

 private:
  void At(int slot, V verb) { clocks_.insert({slot, verb}); }
  void Drop(V verb) {
    for (auto it = clocks_.begin(); it != clocks_.end();) {
      it = it->second == verb ? clocks_.erase(it) : std::next(it);
    }
  }
  std::string Words(const Step& step) const {
    return std::string(Verb(step.deed)) + " by " + step.username + " on filing " +
           std::to_string(filing_.number) + " in " + std::string(Name(state_));
  }

  void Move(V verb, const std::string& words) {
    const auto next = recognition::Next(state_, verb);
    ASSERT_TRUE(next) << words;
    if (next->to &&
        (*next->to == S::kQueryToHome || *next->to == S::kHearing || *next->to == S::kSuspended)) {
      resume_to_ = state_;
    }
    if (next->to) state_ = *next->to;
    if (next->back) state_ = resume_to_;
  }

  // What clocks do before `slot`.
  void PassClocks(int slot) {
    while (!clocks_.empty() && clocks_.begin()->first <= slot) {
      const auto [at, verb] = *clocks_.begin();
      clocks_.erase(clocks_.begin());
      const S before = state_;
      if (!recognition::Next(state_, verb)) continue;
      Move(verb, "a clock");
      if (verb == V::kMissCondition) resume_to_ = before;
      if (verb == V::kMissPaper) At(times_.AfterEnd(at, 15), V::kMissPaperWindow);
    }
  }

  // A deferred paper comes in with the same call as one that was asked for.
  bool Supplemented(const Step& step) {
    if (paper_due_ == 0) return step.body.find("\"" + zone_ + "\"") != std::string::npos;
    Drop(V::kMissPaper);
    Drop(V::kMissPaperWindow);
    if (state_ == S::kSuspended) state_ = resume_to_;
    return false;
  }

  void Do(const Step& step) {
    const auto body = client::JsonDocument::Parse(step.body);
    ASSERT_TRUE(body) << step.body;
    const bool hearing = body->root()["ground"].text() == "HEARING";
    Move(hearing ? V::kHoldHearing : VerbOf(step.deed), Words(step));
    switch (step.deed) {
      case Deed::kRequestSupplement:
        Drop(V::kDeemAccepted);
        At(times_.AfterEnd(step.slot, 15), V::kMissSupplement);
        return;
      case Deed::kSupplement:
        Drop(V::kMissSupplement);
        At(times_.AfterEnd(step.slot, 3), V::kDeemAccepted);
        return;
      case Deed::kAccept: verifiers_.clear(); return;
      case Deed::kAddVerifier: ++needed_; return;
      case Deed::kVerify: return Verified(step);
      case Deed::kReturn: verifiers_.clear(); return;
      case Deed::kTakeBack:
        EXPECT_EQ(verifiers_.erase(step.username), 1u) << Words(step);
        state_ = S::kAccepted;
        return;
      case Deed::kQueryHome: At(times_.AfterEnd(step.slot, 10), V::kMissQuery); return;
      case Deed::kAnswerQuery: Drop(V::kMissQuery); return;
      case Deed::kRecuse: away_.insert(step.username); return;
      case Deed::kDeclareInterest:
        if (body->root()["conflict"].truth()) away_.insert(step.username);
        return;
      case Deed::kGrant:
      case Deed::kGrantPartial:
      case Deed::kRefuse:
      case Deed::kGrantConditional: return Decided(step, body->root());
      case Deed::kCheckPromise:
        Drop(V::kBreakPromise);
        if (!body->root()["met"].truth()) At(times_.AfterEnd(step.slot, 15), V::kBreakPromise);
        return;
      case Deed::kConfirmCondition:
        Drop(V::kMissCondition);
        if (state_ == S::kSuspendedAfter) state_ = resume_to_;
        return;
      default: return;
    }
  }

  void Verified(const Step& step) {
    EXPECT_TRUE(verifiers_.insert(step.username).second) << Words(step);
    EXPECT_EQ(away_.count(step.username), 0u) << Words(step);
    const bool enough = static_cast<int>(verifiers_.size()) == needed_;
    if (!enough) state_ = S::kAccepted;
  }

  void Decided(const Step& step, const client::Json& body) {
    EXPECT_EQ(verifiers_.count(step.username) + away_.count(step.username), 0u) << Words(step);
    EXPECT_FALSE(Waits(V::kMissPaper)) << Words(step);
    if (step.deed != Deed::kGrantConditional) return;
    const std::string due_on = body["conditions"].items().at(0)["dueOn"].text();
    EXPECT_GT(*ParseDate(due_on), times_.DayOf(step.slot));
    At(times_.AfterDay(*ParseDate(due_on)), V::kMissCondition);
  }
  bool Waits(V verb) const {
    for (const auto& [slot, waiting] : clocks_) {
      if (waiting == verb) return true;
    }
    return false;
  }

  const FilingPlan& filing_;
  const std::string zone_;
  const Timetable& times_;
  client::JsonDocument body_;
  S state_ = S::kPending;
  S resume_to_ = S::kAccepted;
  int needed_ = 1;
  int paper_due_ = 0;
  std::set<std::string> verifiers_;
  std::set<std::string> away_;
  std::multimap<int, V> clocks_;
};

std::map<S, int> StatesOf(uint64_t seed, Date first_day, int filings) {
  static const SampleData data = EmbeddedSampleData().value();
  std::map<std::string, const Item*> items;
  for (const Item& item : data.items) items[item.item_id] = &item;
  const Timetable times(first_day, NationalCalendar());
  const auto plans =
      PlanFilings(data, PlanAgreements(data, seed), {seed, first_day, filings}, NationalCalendar());
  EXPECT_EQ(plans.size(), static_cast<size_t>(filings));
  std::map<S, int> states;
  for (const FilingPlan& filing : plans) {
    for (const Target& target : filing.targets) {
      ++states[Case(filing, target, *items.at(filing.item_id), times).Play()];
    }
  }
  return states;
}

void ExpectEveryState(const std::map<S, int>& states, int at_least, const std::string& when) {
  for (int i = 0; i < recognition::kDecisionStates; ++i) {
    const auto found = states.find(static_cast<S>(i));
    EXPECT_GE(found == states.end() ? 0 : found->second, at_least)
        << Name(static_cast<S>(i)) << ", " << when;
  }
}

TEST(FilingStates, EveryStepIsAllowedAndEveryStateIsHeldByAHandful) {
  ExpectEveryState(StatesOf(7, kFirstDay, kFilings), 6, "the year that dev up loads");
}

TEST(FilingStates, OnWhateverDayItIsLoaded) {
  for (int later = 20; later <= 200; later += 20) {
    const Date first_day = kFirstDay + std::chrono::days{later};
    ExpectEveryState(StatesOf(7, first_day, kFilings), 5, FormatDate(first_day));
  }
}

// Any seed and any first day make a year that can be played.
TEST(FilingStates, OtherSeedsAndDaysWorkToo) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const Date first_day = kFirstDay + std::chrono::days{static_cast<int>(seed) * 47 - 320};
    const std::string when = "seed " + std::to_string(seed) + " from " + FormatDate(first_day);
    ExpectEveryState(StatesOf(seed, first_day, kFilings), 3, when);
  }
}

TEST(FilingStates, AThinnerYearCanBePlayed) {
  for (uint64_t seed = 1; seed <= 8; ++seed) StatesOf(seed, kFirstDay, 300);
}

TEST(FilingStates, OnlyWhatIsOverIsFiledAgain) {
  const SampleData data = EmbeddedSampleData().value();
  const Timetable times(kFirstDay, NationalCalendar());
  std::map<std::string, const Item*> items;
  for (const Item& item : data.items) items[item.item_id] = &item;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const auto plans =
        PlanFilings(data, PlanAgreements(data, seed), {seed, kFirstDay}, NationalCalendar());
    for (const FilingPlan& filing : plans) {
      const auto body = client::JsonDocument::Parse(filing.steps[0].body);
      const std::string mark = body->root()["refileOf"].text();
      if (mark.empty()) continue;
      const FilingPlan& former = plans.at(std::stoul(mark.substr(std::string("<filing:").size())));
      for (const Target& target : former.targets) {
        Case played(former, target, *items.at(former.item_id), times);
        const S state = played.Play(filing.steps[0].slot);
        EXPECT_TRUE(state == S::kRefused || state == S::kReturned) << Name(state);
      }
    }
  }
}

TEST(FilingStates, SomethingWaitsForTheUsersPeopleLogInAs) {
  const SampleData data = EmbeddedSampleData().value();
  const Timetable times(kFirstDay, NationalCalendar());
  const auto plans = PlanFilings(data, PlanAgreements(data, 7), {7, kFirstDay}, NationalCalendar());
  std::set<S> waiting;
  for (const FilingPlan& filing : plans) {
    if (filing.username != "ent-shanghai") continue;
    for (const Target& target : filing.targets) {
      if (target.zone != "zhejiang") continue;
      for (const Item& item : data.items) {
        if (item.item_id == filing.item_id) {
          waiting.insert(Case(filing, target, item, times).Play());
        }
      }
    }
  }
  EXPECT_EQ(waiting.count(S::kSupplementing), 1u);
  EXPECT_EQ(waiting.count(S::kPending), 1u);
}

}  // namespace
}  // namespace zonelink::sample
