// SPDX-License-Identifier: Apache-2.0
// The handlers of zonelink.recognition.v1.RecognitionService. By subject: catalogue_handlers.cc,
// agreement_handlers.cc, filing_handlers.cc (what applicants do, and reading),
// decision_handlers.cc (what officers do).
#pragma once

#include "platform/clocks/calendars.h"
#include "platform/core/call.h"
#include "platform/core/clock.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/answer.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "recognition/decision_desk.h"
#include "recognition/filing_batch.h"
#include "recognition/filing_intake.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::recognition {

namespace pb = ::zonelink::recognition::v1;

class RecognitionService {
 public:
  // `clock` goes into ids alone; cases are dated by the deployment's clock, read in each
  // transaction.
  RecognitionService(db::Database& database, const WallClock& clock, const rpc::Pages& pages,
                     clocks::Calendars& calendars, DecisionDesk& desk)
      : database_(database),
        clock_(clock),
        pages_(pages),
        calendars_(calendars),
        desk_(desk),
        intake_(database, clock, calendars),
        batch_(database, clock, calendars) {}

  void Bind(rpc::Server& server);
  // Before the first call. Called for rows of a batch that would be refused calls if they came
  // alone.
  void OnDenied(std::function<void(const Call&, const Error&)> denied) {
    batch_.OnDenied(std::move(denied));
  }

  Result<pb::Item> CreateItem(const Call& call, const pb::CreateItemRequest& request);
  Result<pb::Item> GetItem(const Call& call, const pb::GetItemRequest& request);
  Result<pb::ListItemsResponse> ListItems(const Call& call, const pb::ListItemsRequest& request);

  Result<pb::Agreement> CreateAgreement(const Call& call,
                                        const pb::CreateAgreementRequest& request);
  Result<pb::Agreement> GetAgreement(const Call& call, const pb::GetAgreementRequest& request);
  Result<pb::ListAgreementsResponse> ListAgreements(const Call& call,
                                                    const pb::ListAgreementsRequest& request);
  Result<pb::Agreement> SignAgreement(const Call& call, const pb::SignAgreementRequest& request);
  Result<pb::Agreement> SuspendAgreement(const Call& call,
                                         const pb::SuspendAgreementRequest& request);
  Result<pb::Agreement> TerminateAgreement(const Call& call,
                                           const pb::TerminateAgreementRequest& request);

  Result<pb::PrecheckFilingResponse> PrecheckFiling(const Call& call,
                                                    const pb::PrecheckFilingRequest& request);
  void SubmitFiling(const Call& call, const pb::SubmitFilingRequest& request,
                    rpc::Answer<pb::Filing> answer);
  Result<pb::BatchSubmitFilingsResponse> BatchSubmitFilings(
      const Call& call, const pb::BatchSubmitFilingsRequest& request);
  Result<pb::Filing> GetFiling(const Call& call, const pb::GetFilingRequest& request);
  Result<pb::ListFilingsResponse> ListFilings(const Call& call,
                                              const pb::ListFilingsRequest& request);
  Result<pb::FilingTimeline> GetFilingTimeline(const Call& call,
                                               const pb::GetFilingTimelineRequest& request);
  Result<pb::Filing> WithdrawFiling(const Call& call, const pb::WithdrawFilingRequest& request);
  Result<pb::Filing> SupplementFiling(const Call& call, const pb::SupplementFilingRequest& request);

  Result<pb::Filing> TakeVaultDocument(const Call& call,
                                       const pb::TakeVaultDocumentRequest& request);

  Result<pb::Decision> AcceptDecision(const Call& call, const pb::AcceptDecisionRequest& request);
  Result<pb::Decision> RequestSupplement(const Call& call,
                                         const pb::RequestSupplementRequest& request);
  Result<pb::Decision> VerifyDecision(const Call& call, const pb::VerifyDecisionRequest& request);
  Result<pb::Decision> GrantDecision(const Call& call, const pb::GrantDecisionRequest& request);
  Result<pb::Decision> RefuseDecision(const Call& call, const pb::RefuseDecisionRequest& request);
  Result<pb::Recognition> VerifyRecognition(const Call& call,
                                            const pb::VerifyRecognitionRequest& request);

 private:
  db::Database& database_;
  const WallClock& clock_;
  const rpc::Pages& pages_;
  clocks::Calendars& calendars_;
  DecisionDesk& desk_;
  FilingIntake intake_;
  FilingBatch batch_;
};

}  // namespace zonelink::recognition
