// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/filing_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "deploy/sample/attributes.h"
#include "deploy/sample/dice.h"
#include "gateway/cli/json.h"
#include "platform/core/check.h"

namespace zonelink::sample {
namespace {

using client::JsonWriter;
using std::chrono::days;

constexpr int kFirstFilingDay = 4;
constexpr int kLastSlot = 2 * kDaysInYear - 1;

// Where a decision is left; everything before has happened.
enum class Stage { kPending, kSupplementing, kAccepted, kVerified, kDecided };

const std::vector<std::string>& Opinions() {
  static const std::vector<std::string> texts = {
      "材料齐全，与原证信息一致", "已向发证片区核对编号与有效期，一致", "经核查，符合互认条件",
      "属性与协议约定相符，建议认可"};
  return texts;
}
const std::vector<std::string>& BadOpinions() {
  static const std::vector<std::string> texts = {
      "原证范围与申报内容不一致", "发证机关回复编号与主体不符", "现场核查发现条件已发生变化"};
  return texts;
}
const std::vector<std::string>& GrantReasons() {
  static const std::vector<std::string> texts = {"符合互认协议约定，予以认可", "核查通过，予以认可",
                                                 "材料真实有效，范围一致，予以认可"};
  return texts;
}
const std::vector<std::string>& Withdrawals() {
  static const std::vector<std::string> texts = {"业务安排调整，暂不需要",
                                                 "申报事项选择有误，将重新申报", ""};
  return texts;
}

std::string OneField(std::string_view name, const std::string& text) {
  JsonWriter json;
  return json.Begin('{').Field(name, text).End('}').Take();
}

// The article an item's source cites, for example 食品安全法 §35.
std::string ArticleOf(const Item& item) {
  constexpr std::string_view kFallback = "行政许可法 §38";
  const size_t sign = item.source.find("§");
  if (sign == std::string::npos) return std::string(kFallback);
  size_t start = item.source.rfind(';', sign);
  start = start == std::string::npos ? 0 : start + 1;
  const size_t colon = item.source.rfind(": ", sign);
  if (colon != std::string::npos && colon > start) start = colon + 2;
  while (item.source[start] == ' ') ++start;
  size_t end = sign + std::string_view("§").size();
  while (end < item.source.size() && item.source[end] >= '0' && item.source[end] <= '9') ++end;
  return item.source.substr(start, end - start);
}

// One in twenty is ent-shanghai's certificate of origin for Jiangsu and Zhejiang.
bool MainJob(size_t number) { return number % 20 == 3; }

class Planner {
 public:
  Planner(const SampleData& data, const std::vector<AgreementPlan>& agreements, uint64_t seed,
          Date first_day, const Calendar& calendar)
      : data_(data),
        agreements_(agreements),
        seed_(seed),
        first_day_(first_day),
        calendar_(calendar) {}

  FilingPlan Plan(size_t number) {
    Dice dice(seed_, "filing", number);
    const int day =
        kFirstFilingDay + static_cast<int>(number) * (kDaysInYear - 1 - kFirstFilingDay) / kFilings;
    facts_ = {.number = number};
    ChooseMatter(number, day, dice);
    FilingPlan plan{number, facts_.item->item_id, facts_.enterprise->username, targets_, {}};
    const int submitted = 2 * day + dice.Between(0, 1);
    facts_.filed_on = first_day_ + days{day};
    facts_.promise = std::any_of(targets_.begin(), targets_.end(),
                                 [](const Target& target) { return target.mode == "NOTIFY"; });
    std::vector<Step> steps;
    for (const Target& target : targets_) {
      if (target.mode == "REVIEW") Review(target.zone, number, submitted, steps, dice);
    }
    MaybeWithdraw(submitted, steps, dice);
    std::stable_sort(steps.begin(), steps.end(),
                     [](const Step& a, const Step& b) { return a.slot < b.slot; });
    const int last = steps.empty() ? submitted : steps.back().slot;
    facts_.decided_by = first_day_ + days{std::max(last / 2, day)};
    plan.steps.push_back({submitted, Deed::kSubmit, "", plan.username, FilingJson(facts_, dice)});
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

  void ChooseMatter(size_t number, int day, Dice& dice) {
    // The two enterprises people log in as have more to show than the others.
    const int roll = dice.Between(1, 100);
    const size_t enterprise = MainJob(number) || roll <= 6 ? 0
                              : roll <= 12                 ? 1
                                                           : dice.Next() % data_.enterprises.size();
    facts_.enterprise = &data_.enterprises[enterprise];
    const Matters matters = MattersOf(facts_.enterprise->zone, day);
    ZL_CHECK(!matters.empty(), "a zone without an agreement to file under");
    if (MainJob(number)) {
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
    const size_t wanted =
        MainJob(number) ? targets_.size() : static_cast<size_t>(dice.Between(2, 4));
    while (targets_.size() > wanted) {
      targets_.erase(targets_.begin() + static_cast<std::ptrdiff_t>(dice.Next() % targets_.size()));
    }
    facts_.targets.clear();
    for (const Target& target : targets_) facts_.targets.push_back(target.zone);
  }

  // A slot on the `workdays`-th working day after that of `slot`; 0: the next chance to act.
  int After(int slot, int workdays, Dice& dice) const {
    const int day = slot / 2;
    if (workdays == 0 && slot % 2 == 0 && calendar_.IsWorkingDay(first_day_ + days{day})) {
      return slot + 1;
    }
    const Date acted = calendar_.Nth(first_day_ + days{day}, std::max(1, workdays));
    return 2 * static_cast<int>((acted - first_day_).count()) + dice.Between(0, 1);
  }

  // Recent filings stand at every step; of the older ones a few have been forgotten.
  Stage StageOf(size_t number, int submitted, Dice& dice) const {
    if (number % 60 == 17) return Stage::kAccepted;
    // Something waits for ent-shanghai and for verifier-zhejiang.
    if (MainJob(number) && number + 20 > kFilings) return Stage::kPending;
    if (MainJob(number) && number + 40 > kFilings) return Stage::kSupplementing;
    if (submitted < 2 * (kDaysInYear - 45)) return Stage::kDecided;
    return dice.Pick(std::vector<Stage>{Stage::kPending, Stage::kSupplementing, Stage::kAccepted,
                                        Stage::kVerified, Stage::kPending, Stage::kSupplementing,
                                        Stage::kDecided});
  }

  void Review(const std::string& zone, size_t number, int submitted, std::vector<Step>& steps,
              Dice& dice) {
    const Stage stage = StageOf(number, submitted, dice);
    const int budget = std::max(1, facts_.item->budget_working_days);
    const int pace = dice.Chance(6) ? dice.Between(110, 150) : dice.Between(20, 90);
    const int total = budget * pace / 100;
    int slot = submitted;
    const bool asked_elsewhere = !facts_.missing_paper.empty();
    if (stage == Stage::kPending || (stage == Stage::kSupplementing && asked_elsewhere)) return;
    const bool ask = stage == Stage::kSupplementing ||
                     (stage == Stage::kDecided && dice.Chance(12) && !asked_elsewhere);
    if (ask) slot = Supplement(zone, stage, slot, steps, dice);
    if (stage == Stage::kSupplementing) return;
    slot = After(slot, std::min(total / 5, 3), dice);
    steps.push_back({slot, Deed::kAccept, zone, "verifier-" + zone, "{}"});
    if (stage == Stage::kAccepted) return;
    const bool refused = stage == Stage::kDecided && dice.Chance(11);
    for (int i = 0; i < facts_.item->verifiers_needed; ++i) {
      slot = After(slot, i == 0 ? total / 2 : dice.Between(0, 1), dice);
      const std::string opinion = dice.Pick(refused ? BadOpinions() : Opinions());
      steps.push_back({slot, Deed::kVerify, zone, (i == 0 ? "verifier-" : "verifier2-") + zone,
                       OneField("opinion", opinion)});
    }
    if (stage == Stage::kVerified) return;
    slot = After(slot, total / 4, dice);
    if (refused) {
      steps.push_back({slot, Deed::kRefuse, zone, "reviewer-" + zone, RefusalJson(dice)});
    } else {
      steps.push_back({slot, Deed::kGrant, zone, "reviewer-" + zone,
                       OneField("reason", dice.Pick(GrantReasons()))});
    }
  }

  // Asks for one paper that the filing lacks; answered some days later.
  int Supplement(const std::string& zone, Stage stage, int slot, std::vector<Step>& steps,
                 Dice& dice) {
    facts_.missing_paper = dice.Pick(facts_.item->required_documents);
    const std::string& kind = facts_.missing_paper;
    slot = After(slot, dice.Between(0, 2), dice);
    JsonWriter ask;
    ask.Begin('{').Texts("missing", {PaperName(kind)});
    ask.Field("reason", fmt::format("未提交{}，请一次补齐", PaperName(kind))).End('}');
    steps.push_back({slot, Deed::kRequestSupplement, zone, "verifier-" + zone, ask.Take()});
    if (stage == Stage::kSupplementing) return slot;
    slot = 2 * (slot / 2 + dice.Between(1, 9)) + dice.Between(0, 1);
    JsonWriter answer;
    answer.Begin('{').Field("zone", zone);
    answer.Key("documents").Begin('[').Raw(PaperJson(facts_, kind)).End(']');
    answer.Field("note", "已补交，请查收").End('}');
    steps.push_back({slot, Deed::kSupplement, zone, facts_.enterprise->username, answer.Take()});
    return slot;
  }

  std::string RefusalJson(Dice& dice) const {
    JsonWriter json;
    json.Begin('{').Field("article", ArticleOf(*facts_.item));
    json.Field("facts", dice.Pick(BadOpinions()));
    json.Field("reason", "不符合互认条件，可补正后重新申报，或在六十日内申请行政复议").End('}');
    return json.Take();
  }

  // One in eighteen changes its mind before any zone has decided.
  void MaybeWithdraw(int submitted, std::vector<Step>& steps, Dice& dice) {
    const bool all_reviewed =
        std::all_of(targets_.begin(), targets_.end(),
                    [](const Target& target) { return target.mode == "REVIEW"; });
    if (!all_reviewed || steps.empty() || !dice.Chance(9)) return;
    int decided = kLastSlot + 1;
    for (const Step& step : steps) {
      if (step.deed == Deed::kGrant || step.deed == Deed::kRefuse)
        decided = std::min(decided, step.slot);
    }
    const int slot = std::min(submitted + dice.Between(1, 12), decided - 1);
    if (slot <= submitted) return;
    steps.erase(std::remove_if(steps.begin(), steps.end(),
                               [&](const Step& step) { return step.slot >= slot; }),
                steps.end());
    steps.push_back({slot, Deed::kWithdraw, "", facts_.enterprise->username,
                     OneField("reason", dice.Pick(Withdrawals()))});
  }

  const SampleData& data_;
  const std::vector<AgreementPlan>& agreements_;
  const uint64_t seed_;
  const Date first_day_;
  const Calendar& calendar_;
  FilingFacts facts_;
  std::vector<Target> targets_;
};

}  // namespace

std::vector<FilingPlan> PlanFilings(const SampleData& data,
                                    const std::vector<AgreementPlan>& agreements, uint64_t seed,
                                    Date first_day, const Calendar& calendar) {
  Planner planner(data, agreements, seed, first_day, calendar);
  std::vector<FilingPlan> plans;
  for (size_t number = 0; number < static_cast<size_t>(kFilings); ++number) {
    plans.push_back(planner.Plan(number));
  }
  return plans;
}

Time TimeOfSlot(int slot, Date first_day, uint64_t seed) {
  Dice dice(seed, "slot", static_cast<uint64_t>(slot));
  const int minute = slot % 2 == 0 ? dice.Between(9 * 60 + 5, 11 * 60 + 30)
                                   : dice.Between(13 * 60 + 35, 16 * 60 + 50);
  return Time{first_day + days{slot / 2}} - kShanghaiOffset + std::chrono::minutes{minute};
}

}  // namespace zonelink::sample
