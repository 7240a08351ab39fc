// SPDX-License-Identifier: Apache-2.0
// The handlers of zonelink.recognition.v1.GrantService: what follows a grant, and credit records.
#pragma once

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/db/database.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "recognition/decision_desk.h"
#include "zonelink/recognition/v1/grant_service.pb.h"

namespace zonelink::recognition {

class GrantService {
 public:
  GrantService(db::Database& database, const rpc::Pages& pages, DecisionDesk& desk)
      : database_(database), pages_(pages), desk_(desk) {}

  void Bind(rpc::Server& server);

  Result<v1::Decision> DeliverDecision(const Call& call, const v1::DeliverDecisionRequest& request);
  Result<v1::Decision> CheckPromise(const Call& call, const v1::CheckPromiseRequest& request);
  Result<v1::Decision> ConfirmCondition(const Call& call,
                                        const v1::ConfirmConditionRequest& request);
  Result<v1::ListCreditRecordsResponse> ListCreditRecords(
      const Call& call, const v1::ListCreditRecordsRequest& request);

 private:
  db::Database& database_;
  const rpc::Pages& pages_;
  DecisionDesk& desk_;
};

}  // namespace zonelink::recognition
