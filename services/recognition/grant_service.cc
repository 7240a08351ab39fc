// SPDX-License-Identifier: Apache-2.0
#include "recognition/grant_service.h"

#include <algorithm>

#include "platform/core/time.h"
#include "recognition/convert.h"
#include "recognition/credit_store.h"
#include "recognition/domain/decision_after.h"
#include "recognition/requests.h"

namespace zonelink::recognition {

void GrantService::Bind(rpc::Server& server) {
  using Self = GrantService;
  rpc::Binder(server, "zonelink.recognition.v1.GrantService", this)
      .Unary("DeliverDecision", &Self::DeliverDecision)
      .Unary("CheckPromise", &Self::CheckPromise)
      .Unary("ConfirmCondition", &Self::ConfirmCondition)
      .Unary("ListCreditRecords", &Self::ListCreditRecords);
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

Result<v1::ListCreditRecordsResponse> GrantService::ListCreditRecords(
    const Call& call, const v1::ListCreditRecordsRequest& request) {
  credit_store::Filter filter{.organization_id = request.organization_id(), .uscc = request.uscc()};
  const std::string query = QueryOf(call, {filter.organization_id, filter.uscc});
  const auto keys = pages_.Keys(query, request.page_token(), 2);
  if (!keys) return keys.error();
  if (!keys->empty()) {
    filter.recorded_at = (*keys)[0];
    filter.id = (*keys)[1];
  }
  const size_t page_size = rpc::PageSize(request.page_size());
  filter.limit = static_cast<int>(page_size) + 1;
  return database_.Query(call, [&](db::Tx& tx) -> Result<v1::ListCreditRecordsResponse> {
    const auto records = credit_store::List(tx, filter);
    v1::ListCreditRecordsResponse reply;
    for (size_t i = 0; i < std::min(records.size(), page_size); ++i) {
      *reply.add_items() = ToProto(records[i]);
    }
    if (records.size() <= page_size) return reply;
    const CreditRecord& last = records[page_size - 1];
    reply.set_next_page_token(pages_.Token(query, {FormatTime(last.recorded_at), last.id}));
    return reply;
  });
}

}  // namespace zonelink::recognition
