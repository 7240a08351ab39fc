// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/review_course.h"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/sample/words.h"
#include "gateway/cli/json.h"

namespace zonelink::sample {
namespace {

using client::JsonWriter;
using std::chrono::days;

// Of 1,000 cases that take their course.
constexpr int kNotRequired = 18;
constexpr int kWrongAuthority = 36;
constexpr int kSupplementMissed = 62;
constexpr int kSupplemented = 140;
constexpr int kDeemedAccepted = 175;
constexpr int kCorrected = 225;

// Silence decides a case whose deadline nobody met within five working days from receipt.
constexpr int kAcceptanceDays = 5;
constexpr int kSupplementWindow = 15;
constexpr int kPaperWindow = 15;
constexpr int kQueryDays = 10;
constexpr int kFetchedWithin = 65;  // days

std::string OneField(std::string_view name, const std::string& text) {
  JsonWriter json;
  return json.Begin('{').Field(name, text).End('}').Take();
}

std::string TwoFields(std::string_view one, const std::string& first, std::string_view other,
                      const std::string& second) {
  JsonWriter json;
  return json.Begin('{').Field(one, first).Field(other, second).End('}').Take();
}

bool NeedsSecondVerifier(Middle middle) { return middle >= Middle::kVerifierAdded; }

}  // namespace

ReviewCourse::ReviewCourse(FilingFacts& facts, const SampleData& data, const Timetable& times,
                           const std::string& zone, Dice& dice)
    : facts_(facts),
      data_(data),
      times_(times),
      zone_(zone),
      dice_(dice),
      verifier_("verifier-" + zone),
      second_verifier_("verifier2-" + zone),
      decider_("reviewer-" + zone),
      head_("admin-" + zone),
      verifiers_(facts.item->verifiers_needed) {
  const int budget = std::max(1, facts.item->budget_working_days);
  const int pace = dice.Chance(5) ? dice.Between(110, 150) : dice.Between(10, 60);
  total_days_ = budget * pace / 100;
}

void ReviewCourse::Later(int workdays) {
  slot_ = times_.After(slot_, hurried_ ? std::min(workdays, 1) : workdays, dice_);
}

void ReviewCourse::Do(Deed deed, const std::string& username, std::string body) {
  steps_.push_back({slot_, deed, zone_, username, std::move(body)});
}

void ReviewCourse::Over(bool to_nothing) {
  ends_at_ = slot_;
  came_to_nothing_ = to_nothing;
}

std::vector<Step> ReviewCourse::Play(int submitted, Rest rest) {
  slot_ = submitted;
  if (facts_.item->tacit_allowed) {
    if (dice_.Chance(45)) {
      LetSilenceGrant();
    } else {
      GrantInTime();
    }
    return std::move(steps_);
  }
  hurried_ = rest != Rest::kNowhere;
  ChooseMiddle(rest);
  if (!Intake(rest)) return std::move(steps_);
  if (!facts_.deferred_kind.empty() && !AwaitDeferredPaper()) return std::move(steps_);
  if (RestsInReview(rest)) return std::move(steps_);
  BeforeVerification();
  VerifyAll();
  if (rest == Rest::kVerified) return std::move(steps_);
  if (rest == Rest::kReturnedToStep) {
    Later(0);
    Do(Deed::kReturn, decider_,
       TwoFields("toStep", "verify", "reason", dice_.Pick(words::Returns())));
    return std::move(steps_);
  }
  AfterVerification();
  Decide();
  return std::move(steps_);
}

void ReviewCourse::ChooseMiddle(Rest rest) {
  if (rest != Rest::kNowhere || !facts_.deferred_kind.empty() || dice_.Chance(45)) return;
  middle_ = static_cast<Middle>(dice_.Between(1, static_cast<int>(Middle::kRecusalDeclined)));
  if (NeedsSecondVerifier(middle_) && verifiers_ > 1) middle_ = Middle::kNothing;
}

// The case reaches ACCEPTED, or stays where it is or ends before that.
bool ReviewCourse::Intake(Rest rest) {
  if (rest == Rest::kPending) return false;
  if (rest == Rest::kSupplementing) {
    if (MayAskForPaper()) AskForPaper();
    return false;
  }
  const bool plain =
      rest != Rest::kNowhere || !facts_.deferred_kind.empty() || middle_ >= Middle::kRecused;
  const int roll = plain ? 1000 : dice_.Between(1, 1000);
  if (roll <= kSupplementMissed && IntakeEnds(roll)) return false;
  if (roll > kSupplementMissed && roll <= kSupplemented && MayAskForPaper()) {
    AskForPaper();
    AnswerWithPaper();
  }
  if (roll > kSupplemented && roll <= kDeemedAccepted) {
    slot_ = times_.AfterEnd(slot_, kAcceptanceDays) - 1;
    return true;
  }
  WhoStaysAway();
  Later(middle_ >= Middle::kRecused ? 0 : std::min(total_days_ / 5, 2));
  if (roll > kDeemedAccepted && roll <= kCorrected) {
    JsonWriter fix;
    fix.Begin('{').Key("corrections").Begin('[').Begin('{');
    fix.Field("field", "applicant.name").Field("value", facts_.enterprise->name_zh);
    Do(Deed::kCorrect, verifier_,
       fix.End('}').End(']').Field("reason", "名称文字错误，当场更正").End('}').Take());
  } else {
    Do(Deed::kAccept, verifier_, "{}");
  }
  if (!facts_.vault.empty() && dice_.Chance(20)) {
    Do(Deed::kRead, verifier_, dice_.Pick(facts_.vault).sha256);
  }
  return rest != Rest::kAccepted;
}

// One of the endings of intake (行政许可法 §32), or false where the filing allows none.
bool ReviewCourse::IntakeEnds(int roll) {
  if (roll > kWrongAuthority) {
    if (!MayAskForPaper()) return false;
    AskForPaper();
    slot_ = times_.AfterEnd(slot_, kSupplementWindow);
    Over(true);
    return true;
  }
  Later(dice_.Between(0, 2));
  if (roll <= kNotRequired) {
    Do(Deed::kDeclareNotRequired, verifier_, OneField("reason", dice_.Pick(words::NotRequired())));
  } else {
    Do(Deed::kDeclareWrongAuthority, verifier_,
       TwoFields("authority", dice_.Pick(words::Authorities()), "reason",
                 "该事项不属于本片区职权范围，请向有权机关申请"));
  }
  Over();
  return true;
}

// What the vault holds is not asked for.
std::vector<std::string> ReviewCourse::PapersToAskFor() const {
  std::vector<std::string> kinds;
  for (const std::string& kind : facts_.item->required_documents) {
    const bool held = std::any_of(facts_.vault.begin(), facts_.vault.end(),
                                  [&](const VaultPaper& paper) { return paper.kind == kind; });
    if (!held) kinds.push_back(kind);
  }
  return kinds;
}

// One filing lacks one paper at most.
bool ReviewCourse::MayAskForPaper() const {
  return facts_.missing_paper.empty() && !PapersToAskFor().empty();
}

void ReviewCourse::AskForPaper() {
  facts_.missing_paper = dice_.Pick(PapersToAskFor());
  const std::string name = PaperName(facts_.missing_paper);
  Later(dice_.Between(0, 2));
  JsonWriter ask;
  ask.Begin('{').Texts("missing", {name});
  ask.Field("reason", fmt::format("未提交{}，请一次补齐", name)).End('}');
  Do(Deed::kRequestSupplement, verifier_, ask.Take());
}

void ReviewCourse::AnswerWithPaper() {
  slot_ = 2 * (slot_ / 2 + dice_.Between(1, 9)) + dice_.Between(0, 1);
  JsonWriter answer;
  answer.Begin('{').Field("zone", zone_);
  answer.Key("documents").Begin('[').Raw(PaperJson(facts_, facts_.missing_paper)).End(']');
  answer.Field("note", "已补交，请查收").End('}');
  Do(Deed::kSupplement, facts_.filer, answer.Take());
}

// 容缺受理: handed in in time, after the day (the clock stands meanwhile), or never.
bool ReviewCourse::AwaitDeferredPaper() {
  const int overdue = times_.AfterDay(facts_.deferred_until);
  const int roll = dice_.Between(1, 100);
  if (roll > 82) {
    // The window begins as the day after the promised one does.
    slot_ = times_.AfterEnd(overdue, kPaperWindow);
    Over(true);
    return false;
  }
  if (roll > 60) {
    slot_ = times_.After(overdue, dice_.Between(1, 8), dice_);
  } else {
    slot_ = std::max(slot_ + 1, overdue - dice_.Between(1, 4));
  }
  JsonWriter paper;
  paper.Begin('{').Key("documents").Begin('[').Raw(PaperJson(facts_, facts_.deferred_kind));
  Do(Deed::kSupplement, facts_.filer, paper.End(']').Field("note", "按承诺补交").End('}').Take());
  return true;
}

// 利益冲突申报: whoever has an interest in the case stays away from it.
void ReviewCourse::Declare(bool conflict, const std::string& statement) {
  JsonWriter json;
  json.Begin('{').Key("conflict").Truth(conflict).Field("statement", statement);
  Do(Deed::kDeclareInterest, verifier_, json.End('}').Take());
}

// 回避, of the officer's own accord or as the applicant asks.
void ReviewCourse::WhoStaysAway() {
  if (middle_ == Middle::kRecused) {
    Later(0);
    if (dice_.Chance(50)) {
      Do(Deed::kRecuse, verifier_, OneField("reason", dice_.Pick(words::Recusals())));
    } else {
      Declare(true, dice_.Pick(words::Recusals()));
    }
    std::swap(verifier_, second_verifier_);
  }
  if (middle_ != Middle::kRecusalUpheld && middle_ != Middle::kRecusalDeclined) return;
  Later(0);
  Do(Deed::kRequestRecusal, facts_.enterprise->username,
     TwoFields("userId", UserMark(verifier_), "reason", "该核查员的近亲属在竞争企业任职"));
  const bool upheld = middle_ == Middle::kRecusalUpheld;
  JsonWriter answer;
  answer.Begin('{').Field("userId", UserMark(verifier_)).Key("upheld").Truth(upheld);
  answer.Field("reason", upheld ? "情况属实，予以回避" : "经查不存在利害关系，不予回避");
  Later(0);
  Do(Deed::kDecideRecusal, head_, answer.End('}').Take());
  if (upheld) std::swap(verifier_, second_verifier_);
}

bool ReviewCourse::RestsInReview(Rest rest) {
  if (rest == Rest::kQueryToHome) {
    Later(0);
    Do(Deed::kQueryHome, verifier_, OneField("question", dice_.Pick(words::Questions())));
    return true;
  }
  if (rest != Rest::kHearing && rest != Rest::kSuspended) return false;
  Exclude(rest == Rest::kHearing);
  return true;
}

void ReviewCourse::AskHome(bool answered) {
  Later(dice_.Between(0, 2));
  Do(Deed::kQueryHome, verifier_, OneField("question", dice_.Pick(words::Questions())));
  if (!answered) {
    slot_ = times_.AfterEnd(slot_, kQueryDays) - 1;
    return;
  }
  Later(dice_.Between(1, 6));
  Do(Deed::kAnswerQuery, "verifier-" + facts_.enterprise->zone,
     OneField("answer", dice_.Pick(words::Answers())));
}

void ReviewCourse::Exclude(bool hearing) {
  const words::Exclusion excluded = dice_.Pick(words::Exclusions());
  Later(dice_.Between(0, 2));
  JsonWriter json;
  json.Begin('{').Field("ground", hearing ? "HEARING" : excluded.ground);
  json.Key("estimateDays").Number(dice_.Between(5, 20));
  json.Field("reason", hearing ? dice_.Pick(words::Hearings()) : excluded.reason);
  Do(Deed::kSuspend, hearing ? decider_ : verifier_, json.End('}').Take());
}

// Other zones are asked at the same time.
void ReviewCourse::Consult(bool against) {
  std::vector<std::string> zones;
  while (zones.size() < 3) {
    const std::string& zone = dice_.Pick(data_.zones).zone;
    const bool taken = zone == zone_ || zone == facts_.enterprise->zone ||
                       std::count(zones.begin(), zones.end(), zone) > 0;
    if (!taken) zones.push_back(zone);
  }
  const char* rule = against ? "ALL" : dice_.Pick(std::vector<const char*>{"ALL", "ANY", "QUORUM"});
  JsonWriter json;
  json.Begin('{').Texts("zones", zones).Field("rule", rule);
  if (std::string_view(rule) == "QUORUM") json.Key("quorum").Number(2);
  if (against) json.Key("veto").Truth(true);
  json.Field("question", dice_.Pick(words::Consultations()));
  Later(dice_.Between(0, 1));
  Do(Deed::kRequestOpinions, verifier_, json.End('}').Take());
  for (const std::string& zone : zones) {
    Later(dice_.Between(0, 1));
    const bool disagrees = against && zone == zones[0];
    Do(Deed::kGiveOpinion, "reviewer-" + zone,
       TwoFields("verdict", disagrees ? "DISAGREE" : "AGREE", "text",
                 dice_.Pick(disagrees ? words::Disagreements() : words::Agreements())));
  }
}

void ReviewCourse::BeforeVerification() {
  switch (middle_) {
    case Middle::kQueried: AskHome(true); return;
    case Middle::kQueryMissed: AskHome(false); return;
    case Middle::kHeard:
    case Middle::kExcluded:
      Exclude(middle_ == Middle::kHeard);
      Later(dice_.Between(4, 15));
      Do(Deed::kResume, middle_ == Middle::kHeard ? decider_ : verifier_, "{}");
      return;
    case Middle::kConsulted: Consult(false); return;
    case Middle::kDisagreed: Consult(true); return;
    case Middle::kExtended:
      Later(total_days_ / 2);
      Do(Deed::kExtend, head_, OneField("reason", dice_.Pick(words::Extensions())));
      return;
    case Middle::kReminded:
      Later(total_days_ / 2);
      Do(Deed::kRemind, facts_.filer, OneField("note", dice_.Pick(words::Reminders())));
      return;
    case Middle::kVerifierAdded:
      Later(0);
      Do(Deed::kAddVerifier, decider_, OneField("reason", "首例案件，增加一名核查员"));
      ++verifiers_;
      return;
    case Middle::kReassigned:
      Later(0);
      Do(Deed::kReassign, head_,
         TwoFields("to", UserMark(second_verifier_), "reason", "原经办人借调，转由他人办理"));
      std::swap(verifier_, second_verifier_);
      return;
    case Middle::kDelegated: {
      Later(0);
      const Time until{times_.DayOf(slot_) + days{30}};
      Do(Deed::kDelegate, verifier_,
         TwoFields("to", UserMark(second_verifier_), "until", FormatTime(until)));
      std::swap(verifier_, second_verifier_);
      return;
    }
    case Middle::kNothing:
      if (!hurried_ && dice_.Chance(8)) {
        Later(0);
        Declare(false, "与申请人无利害关系");
      }
      return;
    default: return;
  }
}

void ReviewCourse::VerifyAll() {
  const bool doubtful = middle_ == Middle::kDisagreed || facts_.listed.has_value();
  for (int i = 0; i < verifiers_; ++i) {
    Later(i == 0 ? total_days_ / 2 : dice_.Between(0, 1));
    Do(Deed::kVerify, i == 0 ? verifier_ : second_verifier_,
       OneField("opinion", dice_.Pick(doubtful ? words::BadOpinions() : words::Opinions())));
  }
}

void ReviewCourse::SendBack(const char* to_step) {
  Later(dice_.Between(0, 2));
  Do(Deed::kReturn, decider_, TwoFields("toStep", to_step, "reason", dice_.Pick(words::Returns())));
}

void ReviewCourse::AfterVerification() {
  if (middle_ == Middle::kTakenBack) {
    const std::string& last = verifiers_ == 1 ? verifier_ : second_verifier_;
    Later(0);
    Do(Deed::kTakeBack, last, OneField("reason", "核查意见引用有误，撤回更正"));
    Later(0);
    Do(Deed::kVerify, last, OneField("opinion", dice_.Pick(words::Opinions())));
  }
  if (middle_ == Middle::kReturned) {
    SendBack("verify");
    VerifyAll();
  }
  if (middle_ == Middle::kReturnedToStart) {
    SendBack("accept");
    Later(0);
    Do(Deed::kAccept, verifier_, "{}");
    VerifyAll();
  }
  if (middle_ != Middle::kDeciderRecused) return;
  // Nobody of the unit may decide then: the head of the zone does.
  Later(0);
  Do(Deed::kRecuse, decider_, OneField("reason", dice_.Pick(words::Recusals())));
  decider_ = head_;
}

std::string ReviewCourse::RefusalJson() const {
  words::Refusal refusal = dice_.Pick(words::Refusals());
  if (facts_.listed) refusal = {"ON_NEGATIVE_LIST", "申报内容落入负面清单条目"};
  if (middle_ == Middle::kDisagreed) refusal = {"ZONES_DISAGREE", "受征求意见的片区不同意互认"};
  JsonWriter json;
  json.Begin('{').Field("code", refusal.code).Field("facts", refusal.facts);
  json.Field("article", facts_.listed ? facts_.listed->article : words::ArticleOf(*facts_.item));
  json.Field("reason", "不符合互认条件，可补正后重新申报，或在六十日内申请行政复议").End('}');
  return json.Take();
}

std::string ReviewCourse::PartialJson() const {
  const auto whole = words::ActivitiesOf(*facts_.item);
  JsonWriter json;
  json.Begin('{').Key("scope").Begin('{');
  json.Texts("activities", {whole[0]}).End('}');
  json.Field("reason", fmt::format("本片区条件只满足“{}”，其余不予认可", whole[0])).End('}');
  return json.Take();
}

void ReviewCourse::Decide() {
  Later(total_days_ / 4);
  const int roll = dice_.Between(1, 100);
  const bool refused = middle_ == Middle::kDisagreed || roll <= 10 || (facts_.listed && roll <= 55);
  if (refused) {
    Do(Deed::kRefuse, decider_, RefusalJson());
    return Over(true);
  }
  if (roll > 76 && facts_.scoped) {
    Do(Deed::kGrantPartial, decider_, PartialJson());
  } else if (roll > 66 && roll <= 76) {
    return GrantUnderCondition();
  } else {
    Do(Deed::kGrant, decider_, OneField("reason", dice_.Pick(words::GrantReasons())));
  }
  Over();
  Deliver();
}

// Met in time, met late, or never: the recognition is suspended then.
void ReviewCourse::GrantUnderCondition() {
  const Date due_on = times_.DayOf(slot_) + days{dice_.Between(25, 60)};
  JsonWriter json;
  json.Begin('{').Key("conditions").Begin('[').Begin('{');
  json.Field("text", dice_.Pick(words::Conditions())).Field("dueOn", FormatDate(due_on));
  json.End('}').End(']').Field("reason", "主要条件具备，附条件予以认可").End('}');
  Do(Deed::kGrantConditional, decider_, json.Take());
  Over();
  Deliver();
  const int roll = dice_.Between(1, 100);
  if (roll > 70) return;
  const int in_time = std::max(slot_, times_.AfterDay(due_on) - dice_.Between(16, 30));
  slot_ = times_.After(roll <= 40 ? in_time : times_.AfterDay(due_on),
                       roll <= 40 ? 1 : dice_.Between(1, 8), dice_);
  JsonWriter met;
  met.Begin('{').Key("place").Number(1).Field("evidence", dice_.Pick(words::Evidence())).End('}');
  Do(Deed::kConfirmCondition, verifier_, met.Take());
}

// Some of the last weeks have yet to come for it.
bool ReviewCourse::NotFetched() {
  return slot_ >= 2 * (kDaysInYear - kFetchedWithin) && dice_.Chance(60);
}

void ReviewCourse::Deliver() {
  if (NotFetched()) return;
  Later(dice_.Between(0, 6));
  Do(Deed::kDeliver, decider_, OneField("method", dice_.Chance(80) ? "电子送达" : "邮寄送达"));
}

// Before silence would grant.
void ReviewCourse::GrantInTime() {
  hurried_ = true;
  Later(0);
  Do(Deed::kAccept, verifier_, "{}");
  Later(0);
  Do(Deed::kVerify, verifier_, OneField("opinion", dice_.Pick(words::Opinions())));
  Later(0);
  Do(Deed::kGrant, decider_, OneField("reason", dice_.Pick(words::GrantReasons())));
  Over();
  Deliver();
}

void ReviewCourse::LetSilenceGrant() {
  slot_ = times_.AfterEnd(slot_, facts_.item->budget_working_days);
  Over();
  if (NotFetched()) return;
  Later(dice_.Between(1, 5));
  Do(Deed::kDeliver, decider_, OneField("method", "电子送达"));
}

}  // namespace zonelink::sample
