// SPDX-License-Identifier: Apache-2.0
#include "recognition/grant_service.h"

#include "recognition/domain/decision_after.h"

namespace zonelink::recognition {

void GrantService::Bind(rpc::Server& server) {
  using Self = GrantService;
  rpc::Binder(server, "zonelink.recognition.v1.GrantService", this)
      .Unary("DeliverDecision", &Self::DeliverDecision)
      .Unary("CheckPromise", &Self::CheckPromise)
      .Unary("ConfirmCondition", &Self::ConfirmCondition);
}

Result<v1::Decision> GrantService::DeliverDecision(const Call& call,
                                                   const v1::DeliverDecisionRequest& request) {
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return Deliver(std::move(d), by, request.method(), tx.now());
                      });
}

Result<v1::Decision> GrantService::CheckPromise(const Call& call,
                                                const v1::CheckPromiseRequest& request) {
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return recognition::CheckPromise(std::move(d), by, request.met(),
                                                         request.findings(), tx.now());
                      });
}

Result<v1::Decision> GrantService::ConfirmCondition(const Call& call,
                                                    const v1::ConfirmConditionRequest& request) {
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return recognition::ConfirmCondition(std::move(d), by, request.place(),
                                                             request.evidence(), tx.now());
                      });
}

}  // namespace zonelink::recognition
