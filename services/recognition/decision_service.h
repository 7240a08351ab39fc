// SPDX-License-Identifier: Apache-2.0
// The handlers of zonelink.recognition.v1.DecisionService: what officers, home zones, other zones
// and applicants do with a decision beside the plain line.
#pragma once

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/rpc/server.h"
#include "recognition/decision_desk.h"
#include "zonelink/recognition/v1/decision_service.pb.h"

namespace zonelink::recognition {

class DecisionService {
 public:
  explicit DecisionService(DecisionDesk& desk) : desk_(desk) {}

  void Bind(rpc::Server& server);

  Result<v1::Decision> DeclareNotRequired(const Call& call,
                                          const v1::DeclareNotRequiredRequest& request);
  Result<v1::Decision> DeclareWrongAuthority(const Call& call,
                                             const v1::DeclareWrongAuthorityRequest& request);
  Result<v1::Decision> CorrectOnTheSpot(const Call& call,
                                        const v1::CorrectOnTheSpotRequest& request);
  Result<v1::Decision> QueryHome(const Call& call, const v1::QueryHomeRequest& request);
  Result<v1::Decision> AnswerQuery(const Call& call, const v1::AnswerQueryRequest& request);
  Result<v1::Decision> SuspendDecision(const Call& call, const v1::SuspendDecisionRequest& request);
  Result<v1::Decision> ResumeDecision(const Call& call, const v1::ResumeDecisionRequest& request);
  Result<v1::Decision> ExtendDecision(const Call& call, const v1::ExtendDecisionRequest& request);
  Result<v1::Decision> ReturnDecision(const Call& call, const v1::ReturnDecisionRequest& request);
  Result<v1::Decision> TakeBackStep(const Call& call, const v1::TakeBackStepRequest& request);
  Result<v1::Decision> DelegateDecision(const Call& call,
                                        const v1::DelegateDecisionRequest& request);
  Result<v1::Decision> DeclareInterest(const Call& call, const v1::DeclareInterestRequest& request);
  Result<v1::ListRefusalReasonsResponse> ListRefusalReasons(
      const Call& call, const v1::ListRefusalReasonsRequest& request);
  Result<v1::Decision> RecuseFromDecision(const Call& call,
                                          const v1::RecuseFromDecisionRequest& request);
  Result<v1::Decision> RequestRecusal(const Call& call, const v1::RequestRecusalRequest& request);
  Result<v1::Decision> DecideRecusal(const Call& call, const v1::DecideRecusalRequest& request);
  Result<v1::Decision> RequestOpinions(const Call& call, const v1::RequestOpinionsRequest& request);
  Result<v1::Decision> GiveOpinion(const Call& call, const v1::GiveOpinionRequest& request);
  Result<v1::Decision> ReassignStep(const Call& call, const v1::ReassignStepRequest& request);
  Result<v1::Decision> AddVerifier(const Call& call, const v1::AddVerifierRequest& request);
  Result<v1::Decision> DropVerifier(const Call& call, const v1::DropVerifierRequest& request);
  Result<v1::Decision> RemindDecision(const Call& call, const v1::RemindDecisionRequest& request);
  Result<v1::Decision> GrantPartial(const Call& call, const v1::GrantPartialRequest& request);
  Result<v1::Decision> GrantConditional(const Call& call,
                                        const v1::GrantConditionalRequest& request);

 private:
  DecisionDesk& desk_;
};

}  // namespace zonelink::recognition
