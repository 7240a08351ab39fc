// SPDX-License-Identifier: Apache-2.0
// The handlers of zonelink.recognition.v1.GrantService: what follows a grant.
#pragma once

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "platform/rpc/server.h"
#include "recognition/decision_desk.h"
#include "zonelink/recognition/v1/grant_service.pb.h"

namespace zonelink::recognition {

class GrantService {
 public:
  explicit GrantService(DecisionDesk& desk) : desk_(desk) {}

  void Bind(rpc::Server& server);

  Result<v1::Decision> DeliverDecision(const Call& call, const v1::DeliverDecisionRequest& request);
  Result<v1::Decision> CheckPromise(const Call& call, const v1::CheckPromiseRequest& request);
  Result<v1::Decision> ConfirmCondition(const Call& call,
                                        const v1::ConfirmConditionRequest& request);

 private:
  DecisionDesk& desk_;
};

}  // namespace zonelink::recognition
