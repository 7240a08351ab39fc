// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/agreement_plan.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "deploy/sample/dice.h"

namespace zonelink::sample {
namespace {

using Zones = std::vector<std::string>;

// Neighbours that usually agree first.
const std::vector<Zones>& Regions() {
  static const std::vector<Zones> regions = {
      {"shanghai", "jiangsu", "zhejiang", "anhui"},  {"guangdong", "fujian", "hainan", "guangxi"},
      {"beijing", "tianjin", "hebei", "shandong"},   {"henan", "hubei", "hunan"},
      {"chongqing", "sichuan", "yunnan", "shaanxi"}, {"liaoning", "heilongjiang", "xinjiang"},
  };
  return regions;
}

// Reasons and endings of those that do not stay in force.
constexpr const char* kSuspensions[] = {
    "双方核查口径不一致，暂停执行，待联席会议统一标准", "数据接口改造期间暂停执行",
    "原发证片区规则修订，待评估后恢复", "抽查发现材料真实性问题，暂停执行并核查"};
constexpr const char* kTerminations[] = {"由新版协议取代", "事项已全国通行，协议终止",
                                         "一方片区机构调整，协议终止", "试点期满不再续签"};

class Planner {
 public:
  Planner(const SampleData& data, uint64_t seed) : data_(data), seed_(seed) {}

  std::vector<AgreementPlan> Plan() {
    Fixed();
    Nationwide();
    EveryZoneFilesSomething();
    Fill();
    Endings();
    for (AgreementPlan& plan : plans_) Complete(plan);
    return std::move(plans_);
  }

 private:
  bool Full() const { return plans_.size() == static_cast<size_t>(kAgreements); }

  // Adds the agreement unless one already covers a pair of its zones.
  bool Add(const std::string& item, Zones homes, Zones targets, const std::string& mode) {
    for (const auto& home : homes) {
      for (const auto& target : targets) {
        if (covered_.count({item, home, target}) > 0) return false;
      }
    }
    for (const auto& home : homes) {
      for (const auto& target : targets) covered_.insert({item, home, target});
    }
    AgreementPlan plan;
    plan.item_id = item;
    plan.homes = std::move(homes);
    plan.targets = std::move(targets);
    plan.mode = mode;
    plans_.push_back(std::move(plan));
    return true;
  }

  void Fixed() {
    const std::string origin = "electronic-origin-certificate";
    Add(origin, {"shanghai"}, {"jiangsu"}, "AUTOMATIC");
    Add(origin, {"shanghai"}, {"zhejiang"}, "REVIEW");
    Add(origin, {"guangdong"}, {"fujian", "hainan"}, "AUTOMATIC");
    Add(origin, {"guangdong"}, {"guangxi", "hunan"}, "REVIEW");
    Add(origin, {"jiangsu", "zhejiang"}, {"shanghai"}, "AUTOMATIC");
    Add(origin, {"fujian", "hainan"}, {"guangdong"}, "REVIEW");
    // Where silence grants, where a promise is enough, and where a negative list may apply.
    Add("one-licence-many-addresses", {"shanghai", "jiangsu"}, {"zhejiang", "anhui"}, "REVIEW");
    Add("talent-card", {"guangdong", "hainan", "beijing"}, {"fujian", "guangxi"}, "REVIEW");
    Add("travel-agency-branch", {"hubei", "hunan", "henan"}, {"sichuan", "chongqing"}, "NOTIFY");
    Add("product-inspection-result", {"shanghai", "guangdong"}, {"shandong", "tianjin"},
        "AUTOMATIC");
    Add("industry-project-transfer", {"jiangsu", "zhejiang", "guangdong"}, {"sichuan", "hunan"},
        "REVIEW");
  }

  // They record what the law already says.
  void Nationwide() {
    Add("business-licence-e-certificate", {"shanghai", "jiangsu", "zhejiang", "anhui"},
        {"guangdong", "fujian"}, "NATIONWIDE");
    Add("e-invoice-acceptance", {"beijing", "tianjin", "hebei"}, {"shandong", "liaoning"},
        "NATIONWIDE");
  }

  std::string ModeFor(const Item& item, Dice& dice) {
    if (item.excluded_class) return dice.Chance(85) ? "REVIEW" : "NONE";
    const int roll = dice.Between(1, 100);
    if (item.default_mode == "AUTOMATIC") return roll <= 75 ? "AUTOMATIC" : "REVIEW";
    if (item.default_mode == "NOTIFY")
      return roll <= 65 ? "NOTIFY" : roll <= 92 ? "REVIEW" : "NONE";
    return roll <= 75 ? "REVIEW" : roll <= 93 ? "AUTOMATIC" : "NONE";
  }

  std::vector<const Item*> Agreeable() const {
    std::vector<const Item*> items;
    for (const Item& item : data_.items) {
      if (item.default_mode != "NATIONWIDE") items.push_back(&item);
    }
    return items;
  }

  // One to three zones outside `homes`, from the same region and one other.
  Zones TargetsFor(const Zones& homes, Dice& dice) {
    Zones pool;
    for (const Zones& region : {Regions()[RegionOf(homes[0])], dice.Pick(Regions())}) {
      for (const std::string& zone : region) {
        const bool taken = std::count(homes.begin(), homes.end(), zone) +
                               std::count(pool.begin(), pool.end(), zone) >
                           0;
        if (!taken) pool.push_back(zone);
      }
    }
    Zones targets;
    const size_t wanted = static_cast<size_t>(dice.Between(1, 3));
    while (targets.size() < wanted && !pool.empty()) {
      const size_t at = dice.Next() % pool.size();
      targets.push_back(pool[at]);
      pool.erase(pool.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return targets;
  }

  static size_t RegionOf(const std::string& zone) {
    for (size_t i = 0; i < Regions().size(); ++i) {
      const Zones& region = Regions()[i];
      if (std::find(region.begin(), region.end(), zone) != region.end()) return i;
    }
    return 0;
  }

  // Two agreements under review or automatic in which each region's zones are home.
  void EveryZoneFilesSomething() {
    Dice dice(seed_, "regions");
    const auto items = Agreeable();
    for (size_t i = 0; i < Regions().size(); ++i) {
      const Item& review = *items[(3 * i + 2) % items.size()];
      const Zones& next = Regions()[(i + 1) % Regions().size()];
      Add(review.item_id, Regions()[i], {next[0], next[1]}, "REVIEW");
      const Item& quick = *items[(5 * i + 1) % items.size()];
      const std::string mode = quick.excluded_class             ? "REVIEW"
                               : quick.default_mode == "NOTIFY" ? "NOTIFY"
                                                                : "AUTOMATIC";
      const Zones& far = Regions()[(i + 2) % Regions().size()];
      Add(quick.item_id, Regions()[i], {far[1], far[2]}, mode);
    }
  }

  void Fill() {
    const auto items = Agreeable();
    for (uint64_t attempt = 0; !Full(); ++attempt) {
      Dice dice(seed_, "agreement", attempt);
      const Item& item = *items[attempt % items.size()];
      const Zones& region = dice.Pick(Regions());
      Zones homes = {dice.Pick(region)};
      const std::string& second = dice.Pick(region);
      if (second != homes[0]) homes.push_back(second);
      Zones targets = TargetsFor(homes, dice);
      Add(item.item_id, std::move(homes), std::move(targets), ModeFor(item, dice));
    }
  }

  // Four each stay drafts, are suspended, are terminated; never the fixed ones.
  void Endings() {
    Dice dice(seed_, "endings");
    size_t at = plans_.size();
    for (int i = 0; i < 4; ++i) {
      plans_[--at].fate = Fate::kDrafted;
      Ending(plans_[--at], Fate::kSuspended, dice.Between(180, 340), kSuspensions[i]);
      Ending(plans_[--at], Fate::kTerminated, dice.Between(150, 340), kTerminations[i]);
    }
  }
  static void Ending(AgreementPlan& plan, Fate fate, int day, const char* reason) {
    plan.fate = fate;
    plan.ends_on = day;
    plan.ended_by = plan.targets[0];
    plan.reason = reason;
  }

  void Complete(AgreementPlan& plan) {
    Dice dice(seed_, "terms", index_++);
    plan.valid_years = dice.Between(4, 8);
    const bool later = index_ > 30 && dice.Chance(45);
    plan.drafted_on = later ? dice.Between(3, 140) : 0;
    if (plan.fate == Fate::kDrafted) plan.drafted_on = dice.Between(300, 360);
    plan.signatures =
        plan.fate == Fate::kDrafted ? plan.Parties().size() - 1 : plan.Parties().size();
  }

  const SampleData& data_;
  const uint64_t seed_;
  uint64_t index_ = 0;
  std::set<std::tuple<std::string, std::string, std::string>> covered_;
  std::vector<AgreementPlan> plans_;
};

}  // namespace

std::vector<std::string> AgreementPlan::Parties() const {
  std::vector<std::string> parties = homes;
  parties.insert(parties.end(), targets.begin(), targets.end());
  return parties;
}

bool AgreementPlan::UsableOn(int day) const {
  return fate != Fate::kDrafted && mode != "NONE" && mode != "NATIONWIDE" && drafted_on < day &&
         day < ends_on;
}

std::vector<AgreementPlan> PlanAgreements(const SampleData& data, uint64_t seed) {
  return Planner(data, seed).Plan();
}

}  // namespace zonelink::sample
