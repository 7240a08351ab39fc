// SPDX-License-Identifier: Apache-2.0
#include "recognition/recognition_service.h"

namespace zonelink::recognition {

void RecognitionService::Bind(rpc::Server& server) {
  using Self = RecognitionService;
  rpc::Binder(server, "zonelink.recognition.v1.RecognitionService", this)
      .Unary("CreateItem", &Self::CreateItem)
      .Unary("GetItem", &Self::GetItem)
      .Unary("ListItems", &Self::ListItems)
      .Unary("CreateAgreement", &Self::CreateAgreement)
      .Unary("GetAgreement", &Self::GetAgreement)
      .Unary("ListAgreements", &Self::ListAgreements)
      .Unary("SignAgreement", &Self::SignAgreement)
      .Unary("SuspendAgreement", &Self::SuspendAgreement)
      .Unary("TerminateAgreement", &Self::TerminateAgreement)
      .Unary("PrecheckFiling", &Self::PrecheckFiling)
      .Later("SubmitFiling", &Self::SubmitFiling)
      .Unary("BatchSubmitFilings", &Self::BatchSubmitFilings)
      .Unary("GetFiling", &Self::GetFiling)
      .Unary("ListFilings", &Self::ListFilings)
      .Unary("GetFilingTimeline", &Self::GetFilingTimeline)
      .Unary("WithdrawFiling", &Self::WithdrawFiling)
      .Unary("SupplementFiling", &Self::SupplementFiling)
      .Unary("TakeVaultDocument", &Self::TakeVaultDocument)
      .Unary("AcceptDecision", &Self::AcceptDecision)
      .Unary("RequestSupplement", &Self::RequestSupplement)
      .Unary("VerifyDecision", &Self::VerifyDecision)
      .Unary("GrantDecision", &Self::GrantDecision)
      .Unary("RefuseDecision", &Self::RefuseDecision)
      .Unary("VerifyRecognition", &Self::VerifyRecognition);
}

}  // namespace zonelink::recognition
