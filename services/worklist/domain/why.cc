// SPDX-License-Identifier: Apache-2.0
#include "worklist/domain/why.h"

#include <initializer_list>
#include <string_view>

namespace zonelink::worklist {
namespace {

// A page of an inbox has a hundred sentences: they are joined, not formatted.
std::string Joined(std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view part : parts) out += part;
  return out;
}

// Around the names of applicant and item: Chinese `<applicant>的“<item>”<zh>`, English
// `<before>“<item>”<en>`.
struct Words {
  std::string_view zh;
  std::string_view en;
};

Words WordsOf(Action action) {
  switch (action) {
    case Action::kAccept:
      return {"申报已送达本区，等待受理。", " has arrived in your zone and waits to be accepted."};
    case Action::kVerify:
      return {"申报已受理，等待您核查；您尚未核查过。",
              " is accepted and waits for a verifier who has not verified it yet."};
    case Action::kDecide:
      return {"申报已核查，等待未参与核查的审核人员决定。",
              " is verified and waits for a decision by a reviewer who did not verify it."};
    case Action::kSupplement:
      return {"申报需要补正材料，补正后审批时限继续计算。",
              " lacks papers; the authority's clock stands until you hand them in."};
    case Action::kAnswerQuery:
      return {"申报：办理片区向本区核实情况，等待答复；其审批时限仍在计算。",
              ": the deciding zone asks yours and waits for an answer; its clock goes on."};
    case Action::kGiveOpinion:
      return {"申报：办理片区征求本区意见。", ": the deciding zone asks for your zone's opinion."};
    case Action::kHandInPaper:
      return {"申报：容后补交的材料已逾期未交，补交后审批时限继续计算。",
              ": a paper promised for later is overdue; the authority's clock stands until you "
              "hand it in."};
    case Action::kResume:
      return {"申报：不计入时限的期间尚未结束；事由消失后请恢复计时。",
              " stands in time that does not count; let the clock go on when its ground is over."};
    case Action::kDecideRecusal:
      return {"申报：申请人申请办理人员回避，等待负责人决定。",
              ": the applicant asks an officer to stay away; you decide."};
    case Action::kDeliver:
      return {"申报已予认可，等待送达申请人。", " is granted and waits to be delivered."};
    case Action::kCheckPromise:
      return {"申报以告知承诺予以认可，等待核查承诺是否兑现。",
              " is granted on a promise that waits to be checked."};
    case Action::kConfirmCondition:
      return {"认可因附带条件逾期未满足而中止，条件满足后请予确认。",
              " is suspended by a missed condition; confirm it once it is met."};
    case Action::kEscalated:
      return {"申报已使用大部分审批时限，请负责人督办。",
              " has used up most of its time; see to it that somebody acts."};
  }
  ZL_CHECK(false, "an action without a sentence");
}

Words WordsOf(Reason reason) {
  switch (reason) {
    case Reason::kNone: return {"", ""};
    case Reason::kReturned: return {"后续环节已退回。", " A later step returned it."};
    case Reason::kClockReminded: return {"时限提醒已发出。", " The clock has reminded of it."};
    case Reason::kReminded: return {"申请人已催办。", " The applicant has asked to speed it up."};
    case Reason::kEscalated: return {"审批时限已用去八成。", " Four fifths of the time are over."};
    case Reason::kDue: return {"时限已届满。", " The time is over."};
    case Reason::kOverdue: return {"已超过时限两成。", " It is late by a fifth of its time."};
  }
  ZL_CHECK(false, "a reason without a sentence");
}

bool OfApplicant(Action action) {
  return action == Action::kSupplement || action == Action::kHandInPaper;
}

}  // namespace

Sentence Why(Action action, Reason reason, const CaseFacts& facts) {
  const Words what = WordsOf(action);
  const Words presses = WordsOf(ShownReason(action, reason));
  const std::string& zh = facts.item_name_zh;
  const std::string& en = facts.item_name_en;
  if (OfApplicant(action)) {
    return {Joined({"“", zh, "”", what.zh, presses.zh}),
            Joined({"Your filing for “", en, "”", what.en, presses.en})};
  }
  const std::string& applicant = facts.applicant_name;
  return {Joined({applicant, "的“", zh, "”", what.zh, presses.zh}),
          Joined({"A filing by ", applicant, " for “", en, "”", what.en, presses.en})};
}

}  // namespace zonelink::worklist
