// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/filing_plan.h"

#include <algorithm>
#include <map>
#include <optional>

#include "deploy/sample/attributes.h"
#include "deploy/sample/chores.h"
#include "deploy/sample/dice.h"
#include "deploy/sample/grant_course.h"
#include "deploy/sample/review_course.h"
#include "deploy/sample/words.h"
#include "gateway/cli/json.h"
#include "platform/core/check.h"

namespace zonelink::sample {
namespace {

using client::JsonWriter;
using std::chrono::days;

constexpr int kFirstFilingDay = 4;

// One in twenty is ent-shanghai's certificate of origin for Jiangsu and Zhejiang.
bool MainJob(size_t number) { return number % 20 == 3; }

// A filing that a zone refused or returned; its applicant may file again with the same papers.
struct Former {
  size_t number = 0;
  size_t enterprise = 0;
  const Item* item = nullptr;
  std::string zone;
  std::string missing_paper;
  int closed_at = 0;
};

class Planner {
 public:
  Planner(const SampleData& data, const std::vector<AgreementPlan>& agreements,
          const YearTerms& terms, const Calendar& calendar)
      : data_(data), agreements_(agreements), terms_(terms), times_(terms.first_day, calendar) {}

  FilingPlan Plan(size_t number) {
    Dice dice(terms_.seed, "filing", number);
    const int day = kFirstFilingDay +
                    static_cast<int>(number) * (kDaysInYear - 1 - kFirstFilingDay) / terms_.filings;
    const int submitted = 2 * day + dice.Between(0, 1);
    facts_ = {};
    facts_.number = number;
    facts_.filed_on = times_.DayOf(submitted);
    ChooseMatter(day, submitted, dice);
    ChooseTerms(day, submitted, dice);
    std::vector<Step> steps = Courses(submitted, dice);
    MaybeWithdraw(submitted, steps, dice);
    std::stable_sort(steps.begin(), steps.end(),
                     [](const Step& a, const Step& b) { return a.slot < b.slot; });
    const int last = steps.empty() ? submitted : steps.back().slot;
    const int over = first_end_ > kLastSlot ? last : std::max(last, last_end_);
    facts_.decided_by = times_.DayOf(std::max(over, submitted));
    FilingPlan plan{
        number, facts_.item->item_id, facts_.enterprise->username, facts_.filer, targets_, {}};
    plan.steps.push_back({submitted, Deed::kSubmit, "", facts_.filer, FilingJson(facts_, dice)});
    for (Step& step : steps) {
      if (step.slot <= kLastSlot) plan.steps.push_back(std::move(step));
    }
    return plan;
  }

 private:
  // Items that may be filed from a zone on a day, with the zones that would recognise.
  using Matters = std::map<const Item*, std::vector<Target>>;
  Matters MattersOf(const std::string& home, int day) const {
    Matters matters;
    for (const AgreementPlan& agreement : agreements_) {
      const bool from_here = std::count(agreement.homes.begin(), agreement.homes.end(), home) > 0;
      if (!from_here || !agreement.UsableOn(day)) continue;
      auto& targets = matters[ItemNamed(agreement.item_id)];
      for (const std::string& zone : agreement.targets) targets.push_back({zone, agreement.mode});
    }
    return matters;
  }

  const Item* ItemNamed(const std::string& item_id) const {
    const auto found = std::find_if(data_.items.begin(), data_.items.end(),
                                    [&](const Item& item) { return item.item_id == item_id; });
    ZL_CHECK(found != data_.items.end(), "an agreement on an item outside the catalogue");
    return &*found;
  }

  // Who files for what in which zones.
  void ChooseMatter(int day, int submitted, Dice& dice) {
    if (Again(day, submitted, dice)) return;
    // The two enterprises people log in as have more to show than the others.
    const bool main_job = MainJob(facts_.number);
    const int roll = dice.Between(1, 100);
    SetEnterprise(main_job || roll <= 6 ? 0
                  : roll <= 12          ? 1
                                        : dice.Next() % data_.enterprises.size());
    const Matters matters = MattersOf(facts_.enterprise->zone, day);
    ZL_CHECK(!matters.empty(), "a zone without an agreement to file under");
    if (main_job) {
      facts_.item = ItemNamed("electronic-origin-certificate");
    } else {
      // By position in the catalogue: addresses differ from run to run.
      std::vector<const Item*> items;
      for (const Item& item : data_.items) {
        if (matters.count(&item) > 0) items.push_back(&item);
      }
      facts_.item = dice.Pick(items);
    }
    targets_ = matters.at(facts_.item);
    const size_t wanted = main_job          ? targets_.size()
                          : dice.Chance(72) ? 1
                                            : static_cast<size_t>(dice.Between(2, 3));
    while (targets_.size() > wanted) {
      targets_.erase(targets_.begin() + static_cast<std::ptrdiff_t>(dice.Next() % targets_.size()));
    }
  }

  void SetEnterprise(size_t index) {
    enterprise_ = index;
    facts_.enterprise = &data_.enterprises[index];
  }

  // Takes up a former filing that came to nothing, where its agreement still stands.
  bool Again(int day, int submitted, Dice& dice) {
    if (MainJob(facts_.number) || formers_.empty() || !dice.Chance(40)) return false;
    const Former former = formers_.front();
    if (former.closed_at + 4 > submitted) return false;
    formers_.erase(formers_.begin());
    SetEnterprise(former.enterprise);
    const Matters matters = MattersOf(facts_.enterprise->zone, day);
    const auto found = matters.find(former.item);
    if (found == matters.end()) return false;
    targets_.clear();
    for (const Target& target : found->second) {
      if (target.zone == former.zone) targets_ = {target};
    }
    if (targets_.empty()) return false;
    facts_.item = former.item;
    facts_.refile_of = FilingMark(former.number);
    facts_.former_missing = former.missing_paper;
    return true;
  }

  int Reviews() const {
    return static_cast<int>(
        std::count_if(targets_.begin(), targets_.end(),
                      [](const Target& target) { return target.mode == "REVIEW"; }));
  }

  // What the filing says besides.
  void ChooseTerms(int day, int submitted, Dice& dice) {
    const std::optional<size_t> agent = AgentOf(enterprise_);
    // Only the applicant sees what it filed before.
    const bool by_agent = agent && facts_.refile_of.empty() && dice.Chance(60);
    facts_.filer = by_agent ? data_.enterprises[*agent].username : facts_.enterprise->username;
    facts_.scoped = dice.Chance(60);
    const bool special = !MainJob(facts_.number) && facts_.refile_of.empty();
    if (special && dice.Chance(30)) facts_.listed = ListedMatterOf(*facts_.item, dice);
    if (facts_.listed) {
      for (Target& target : targets_) target.mode = "REVIEW";
    }
    const std::string deferrable = DeferrableOf(facts_.item->item_id);
    if (special && !deferrable.empty() && day > kDeferrableFrom + 1 && Reviews() == 1 &&
        dice.Chance(40)) {
      const int budget = facts_.item->budget_working_days;
      facts_.deferred_kind = deferrable;
      facts_.deferred_until = times_.NthDay(submitted, dice.Between(4, budget - 2));
    }
    for (const Target& target : targets_) {
      facts_.targets.push_back(target.zone);
      facts_.promise |= target.mode == "NOTIFY";
    }
    for (const std::string& kind : facts_.item->required_documents) {
      if (auto paper = VaultPaperOf(data_, enterprise_, kind)) {
        facts_.vault.push_back(*std::move(paper));
      }
    }
  }

  // Recent filings stand at every step; of the older ones a few have been forgotten.
  Rest RestOf(int submitted, Dice& dice) const {
    using R = Rest;
    const int number = static_cast<int>(facts_.number);
    if (!facts_.deferred_kind.empty()) return R::kNowhere;
    if (number % 60 == 17 && submitted > kDaysInYear) return R::kAccepted;
    // Something waits for ent-shanghai and for verifier-zhejiang.
    if (MainJob(facts_.number) && number + 20 >= terms_.filings) return R::kPending;
    if (MainJob(facts_.number) && number + 40 >= terms_.filings) return R::kSupplementing;
    const int days_left = kDaysInYear - 1 - submitted / 2;
    if (days_left <= 6) {
      return dice.Pick(std::vector<R>{R::kPending, R::kPending, R::kPending, R::kSupplementing,
                                      R::kSupplementing, R::kQueryToHome, R::kQueryToHome,
                                      R::kNowhere});
    }
    if (days_left <= 12) {
      return dice.Pick(std::vector<R>{R::kSupplementing, R::kSupplementing, R::kSupplementing,
                                      R::kQueryToHome, R::kQueryToHome, R::kQueryToHome,
                                      R::kAccepted, R::kSuspended, R::kNowhere});
    }
    if (days_left <= 40) {
      return dice.Pick(std::vector<R>{R::kAccepted, R::kVerified, R::kVerified, R::kHearing,
                                      R::kHearing, R::kSuspended, R::kSuspended, R::kReturnedToStep,
                                      R::kReturnedToStep, R::kNowhere, R::kNowhere, R::kNowhere});
    }
    return R::kNowhere;
  }

  // What each zone does.
  std::vector<Step> Courses(int submitted, Dice& dice) {
    std::vector<Step> steps;
    first_end_ = kLastSlot + 1;
    last_end_ = 0;
    for (const Target& target : targets_) {
      std::vector<Step> more;
      if (target.mode == "REVIEW") {
        ReviewCourse review(facts_, data_, times_, target.zone, dice);
        more = review.Play(submitted, RestOf(submitted, dice));
        first_end_ = std::min(first_end_, review.ends_at());
        last_end_ = std::max(last_end_, review.ends_at());
        if (targets_.size() == 1 && review.came_to_nothing()) Remember(review.ends_at());
      } else {
        more = GrantCourse(target.zone, times_, dice).Play(submitted, target.mode == "NOTIFY");
        first_end_ = std::min(first_end_, submitted);
      }
      steps.insert(steps.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
    }
    return steps;
  }

  void Remember(int closed_at) {
    if (closed_at > kLastSlot) return;
    const std::string& missing =
        facts_.missing_paper.empty() ? facts_.deferred_kind : facts_.missing_paper;
    formers_.push_back(
        {facts_.number, enterprise_, facts_.item, targets_[0].zone, missing, closed_at});
  }

  // One in eleven of those that may changes its mind before any zone has decided.
  void MaybeWithdraw(int submitted, std::vector<Step>& steps, Dice& dice) {
    if (steps.empty() || !dice.Chance(9)) return;
    const int slot = std::min(submitted + dice.Between(1, 12), first_end_ - 1);
    if (slot <= submitted) return;
    if (!formers_.empty() && formers_.back().number == facts_.number) formers_.pop_back();
    steps.erase(std::remove_if(steps.begin(), steps.end(),
                               [&](const Step& step) { return step.slot >= slot; }),
                steps.end());
    JsonWriter json;
    json.Begin('{').Field("reason", dice.Pick(words::Withdrawals()));
    steps.push_back({slot, Deed::kWithdraw, "", facts_.filer, json.End('}').Take()});
  }

  const SampleData& data_;
  const std::vector<AgreementPlan>& agreements_;
  const YearTerms terms_;
  const Timetable times_;
  std::vector<Former> formers_;
  // Of the filing that is being planned.
  FilingFacts facts_;
  size_t enterprise_ = 0;
  std::vector<Target> targets_;
  int first_end_ = 0;  // when the first and the last of its zones was done
  int last_end_ = 0;
};

}  // namespace

std::vector<FilingPlan> PlanFilings(const SampleData& data,
                                    const std::vector<AgreementPlan>& agreements,
                                    const YearTerms& terms, const Calendar& calendar) {
  Planner planner(data, agreements, terms, calendar);
  std::vector<FilingPlan> plans;
  for (size_t number = 0; number < static_cast<size_t>(terms.filings); ++number) {
    plans.push_back(planner.Plan(number));
  }
  return plans;
}

}  // namespace zonelink::sample
