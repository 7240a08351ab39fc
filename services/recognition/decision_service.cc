// SPDX-License-Identifier: Apache-2.0
#include "recognition/decision_service.h"

#include "platform/rpc/timestamp.h"
#include "recognition/convert.h"
#include "recognition/domain/decision_intake.h"
#include "recognition/domain/decision_outcome.h"
#include "recognition/domain/decision_people.h"
#include "recognition/domain/decision_refusal.h"
#include "recognition/domain/decision_review.h"
#include "recognition/mandate_store.h"
#include "recognition/officer_store.h"
#include "recognition/requests.h"
#include "recognition/zone_store.h"

namespace zonelink::recognition {
namespace {

constexpr std::string_view kGroundPrefix = "SUSPENSION_GROUND_";

Consultation ToConsultation(const v1::RequestOpinionsRequest& request) {
  review::Rule rule = review::Rule::kQuorum;
  if (request.rule() == v1::OPINION_RULE_ALL) rule = review::Rule::kAll;
  if (request.rule() == v1::OPINION_RULE_ANY) rule = review::Rule::kAny;
  return {ToTexts(request.zones()), rule, request.quorum(), request.veto(), request.question()};
}

// The decision as the rules are to see it: without an agent that acts for the applicant no more.
Decision WithAgentOfToday(db::Tx& tx, Decision d) {
  const bool agent = !d.agent.empty();
  if (agent && !mandate_store::Covers(tx, {d.agent, d.applicant, d.filing_id.str()})) {
    d.agent.clear();
  }
  return d;
}

}  // namespace

void DecisionService::Bind(rpc::Server& server) {
  using Self = DecisionService;
  rpc::Binder(server, "zonelink.recognition.v1.DecisionService", this)
      .Unary("DeclareNotRequired", &Self::DeclareNotRequired)
      .Unary("DeclareWrongAuthority", &Self::DeclareWrongAuthority)
      .Unary("CorrectOnTheSpot", &Self::CorrectOnTheSpot)
      .Unary("QueryHome", &Self::QueryHome)
      .Unary("AnswerQuery", &Self::AnswerQuery)
      .Unary("SuspendDecision", &Self::SuspendDecision)
      .Unary("ResumeDecision", &Self::ResumeDecision)
      .Unary("ExtendDecision", &Self::ExtendDecision)
      .Unary("ReturnDecision", &Self::ReturnDecision)
      .Unary("TakeBackStep", &Self::TakeBackStep)
      .Unary("DelegateDecision", &Self::DelegateDecision)
      .Unary("DeclareInterest", &Self::DeclareInterest)
      .Unary("ListRefusalReasons", &Self::ListRefusalReasons)
      .Unary("RecuseFromDecision", &Self::RecuseFromDecision)
      .Unary("RequestRecusal", &Self::RequestRecusal)
      .Unary("DecideRecusal", &Self::DecideRecusal)
      .Unary("RequestOpinions", &Self::RequestOpinions)
      .Unary("GiveOpinion", &Self::GiveOpinion)
      .Unary("ReassignStep", &Self::ReassignStep)
      .Unary("AddVerifier", &Self::AddVerifier)
      .Unary("DropVerifier", &Self::DropVerifier)
      .Unary("RemindDecision", &Self::RemindDecision)
      .Unary("GrantPartial", &Self::GrantPartial)
      .Unary("GrantConditional", &Self::GrantConditional);
}

Result<v1::Decision> DecisionService::DeclareNotRequired(
    const Call& call, const v1::DeclareNotRequiredRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return recognition::DeclareNotRequired(std::move(d), by, request.reason(), tx.now());
      });
}

Result<v1::Decision> DecisionService::DeclareWrongAuthority(
    const Call& call, const v1::DeclareWrongAuthorityRequest& request) {
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return recognition::DeclareWrongAuthority(
                            std::move(d), by, request.authority(), request.reason(), tx.now());
                      });
}

Result<v1::Decision> DecisionService::CorrectOnTheSpot(const Call& call,
                                                       const v1::CorrectOnTheSpotRequest& request) {
  std::vector<Correction> corrections;
  for (const v1::Correction& one : request.corrections()) {
    corrections.push_back({one.field(), one.value()});
  }
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return Correct(std::move(d), by, corrections, request.reason(), tx.now());
                      });
}

Result<v1::Decision> DecisionService::QueryHome(const Call& call,
                                                const v1::QueryHomeRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return recognition::QueryHome(std::move(d), by, request.question(), tx.now());
      });
}

Result<v1::Decision> DecisionService::AnswerQuery(const Call& call,
                                                  const v1::AnswerQueryRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return recognition::AnswerQuery(std::move(d), by, request.answer(), tx.now());
      });
}

Result<v1::Decision> DecisionService::SuspendDecision(const Call& call,
                                                      const v1::SuspendDecisionRequest& request) {
  const std::string ground = v1::SuspensionGround_Name(request.ground());
  const Cause cause{
      ground.substr(kGroundPrefix.size()), request.reason(), request.estimate_days(), {}};
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return Suspend(std::move(d), by, cause, tx.now());
                      });
}

Result<v1::Decision> DecisionService::ResumeDecision(const Call& call,
                                                     const v1::ResumeDecisionRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request),
      [&](Decision d, const Actor& by, db::Tx& tx) { return Resume(std::move(d), by, tx.now()); });
}

Result<v1::Decision> DecisionService::ExtendDecision(const Call& call,
                                                     const v1::ExtendDecisionRequest& request) {
  const auto calendars = desk_.Calendars();
  const Calendar& calendar = calendars->For(request.zone());
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return Extend(std::move(d), by, request.reason(), calendar, tx.now());
                      });
}

Result<v1::Decision> DecisionService::ReturnDecision(const Call& call,
                                                     const v1::ReturnDecisionRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return Return(std::move(d), by, request.to_step(), request.reason(), tx.now());
      });
}

Result<v1::Decision> DecisionService::TakeBackStep(const Call& call,
                                                   const v1::TakeBackStepRequest& request) {
  const auto calendars = desk_.Calendars();
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        const Calendar& calendar = calendars->For(d.zone);
                        return TakeBack(std::move(d), by, request.reason(), calendar, tx.now());
                      });
}

Result<v1::Decision> DecisionService::DelegateDecision(const Call& call,
                                                       const v1::DelegateDecisionRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return officer_store::Get(tx, request.to()).and_then([&](const Officer& deputy) {
          return Delegate(std::move(d), by, deputy, ToTime(request.until()), tx.now());
        });
      });
}

Result<v1::Decision> DecisionService::DeclareInterest(const Call& call,
                                                      const v1::DeclareInterestRequest& request) {
  const Declaration declaration{
      .conflict = request.conflict(), .statement = request.statement(), .at = {}};
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        const auto unit = officer_store::UnitOf(tx, d.zone);
        return recognition::DeclareInterest(std::move(d), by, declaration, unit, tx.now());
      });
}

Result<v1::ListRefusalReasonsResponse> DecisionService::ListRefusalReasons(
    const Call&, const v1::ListRefusalReasonsRequest&) {
  v1::ListRefusalReasonsResponse reply;
  for (const RefusalReason& reason : RefusalReasons()) *reply.add_items() = ToProto(reason);
  return reply;
}

Result<v1::Decision> DecisionService::RecuseFromDecision(
    const Call& call, const v1::RecuseFromDecisionRequest& request) {
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        const auto unit = officer_store::UnitOf(tx, d.zone);
                        return Recuse(std::move(d), by, request.reason(), unit, tx.now());
                      });
}

Result<v1::Decision> DecisionService::RequestRecusal(const Call& call,
                                                     const v1::RequestRecusalRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return officer_store::Get(tx, request.user_id()).and_then([&](const Officer& officer) {
          return recognition::RequestRecusal(WithAgentOfToday(tx, std::move(d)), by, officer,
                                             request.reason(), tx.now());
        });
      });
}

Result<v1::Decision> DecisionService::DecideRecusal(const Call& call,
                                                    const v1::DecideRecusalRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        const auto unit = officer_store::UnitOf(tx, d.zone);
        return recognition::DecideRecusal(std::move(d), by,
                                          {request.user_id(), request.upheld(), request.reason()},
                                          unit, tx.now());
      });
}

Result<v1::Decision> DecisionService::RequestOpinions(const Call& call,
                                                      const v1::RequestOpinionsRequest& request) {
  const Consultation asked = ToConsultation(request);
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) -> Result<Decision> {
                        if (const Status known = zone_store::CheckExist(tx, asked.zones); !known)
                          return known.error();
                        return recognition::RequestOpinions(std::move(d), by, asked, tx.now());
                      });
}

Result<v1::Decision> DecisionService::GiveOpinion(const Call& call,
                                                  const v1::GiveOpinionRequest& request) {
  const review::Verdict verdict = request.verdict() == "AGREE"      ? review::Verdict::kAgree
                                  : request.verdict() == "DISAGREE" ? review::Verdict::kDisagree
                                                                    : review::Verdict::kAbstain;
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return recognition::GiveOpinion(std::move(d), by, verdict, request.text(), tx.now());
      });
}

Result<v1::Decision> DecisionService::ReassignStep(const Call& call,
                                                   const v1::ReassignStepRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return officer_store::Get(tx, request.to()).and_then([&](const Officer& to) {
          return Reassign(std::move(d), by, to, request.reason(), tx.now());
        });
      });
}

Result<v1::Decision> DecisionService::AddVerifier(const Call& call,
                                                  const v1::AddVerifierRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return recognition::AddVerifier(std::move(d), by, request.reason(), tx.now());
      });
}

Result<v1::Decision> DecisionService::DropVerifier(const Call& call,
                                                   const v1::DropVerifierRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return recognition::DropVerifier(std::move(d), by, request.reason(), tx.now());
      });
}

Result<v1::Decision> DecisionService::RemindDecision(const Call& call,
                                                     const v1::RemindDecisionRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return Remind(WithAgentOfToday(tx, std::move(d)), by, request.note(), tx.now());
      });
}

Result<v1::Decision> DecisionService::GrantPartial(const Call& call,
                                                   const v1::GrantPartialRequest& request) {
  const std::string draw = DrawRecognition();
  const Scope scope = ToScope(request.scope());
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        return recognition::GrantPartial(std::move(d), by, scope, request.reason(), draw, tx.now());
      });
}

Result<v1::Decision> DecisionService::GrantConditional(const Call& call,
                                                       const v1::GrantConditionalRequest& request) {
  const std::string draw = DrawRecognition();
  const std::vector<Condition> conditions = ToConditions(request.conditions());
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return recognition::GrantConditional(std::move(d), by, conditions,
                                                             request.reason(), draw, tx.now());
                      });
}

}  // namespace zonelink::recognition
