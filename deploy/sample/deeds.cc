// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/deeds.h"

#include <fmt/format.h>

namespace zonelink::sample {

std::string_view Verb(Deed deed) {
  switch (deed) {
    case Deed::kSubmit: return "submit";
    case Deed::kSupplement: return "supplement";
    case Deed::kWithdraw: return "withdraw";
    case Deed::kAccept: return "accept";
    case Deed::kCorrect: return "correct";
    case Deed::kDeclareNotRequired: return "declareNotRequired";
    case Deed::kDeclareWrongAuthority: return "declareWrongAuthority";
    case Deed::kRequestSupplement: return "requestSupplement";
    case Deed::kVerify: return "verify";
    case Deed::kAddVerifier: return "addVerifier";
    case Deed::kReturn: return "return";
    case Deed::kTakeBack: return "takeBack";
    case Deed::kQueryHome: return "queryHome";
    case Deed::kAnswerQuery: return "answerQuery";
    case Deed::kRequestOpinions: return "requestOpinions";
    case Deed::kGiveOpinion: return "giveOpinion";
    case Deed::kSuspend: return "suspend";
    case Deed::kResume: return "resume";
    case Deed::kExtend: return "extend";
    case Deed::kDelegate: return "delegate";
    case Deed::kDeclareInterest: return "declareInterest";
    case Deed::kRecuse: return "recuse";
    case Deed::kRequestRecusal: return "requestRecusal";
    case Deed::kDecideRecusal: return "decideRecusal";
    case Deed::kReassign: return "reassign";
    case Deed::kRemind: return "remind";
    case Deed::kGrant: return "grant";
    case Deed::kGrantPartial: return "grantPartial";
    case Deed::kGrantConditional: return "grantConditional";
    case Deed::kRefuse: return "refuse";
    case Deed::kDeliver: return "deliver";
    case Deed::kCheckPromise: return "checkPromise";
    case Deed::kConfirmCondition: return "confirmCondition";
    case Deed::kRead: return "";
  }
  return "";
}

bool AboutWholeFiling(Deed deed) {
  return deed == Deed::kSubmit || deed == Deed::kSupplement || deed == Deed::kWithdraw;
}

std::string UserMark(std::string_view username) { return fmt::format("<user:{}>", username); }

std::string FilingMark(size_t number) { return fmt::format("<filing:{}>", number); }

}  // namespace zonelink::sample
