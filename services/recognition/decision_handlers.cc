// SPDX-License-Identifier: Apache-2.0
// What officers of a target zone do with its decision, and what anyone may verify of the result.
#include "recognition/convert.h"
#include "recognition/decision_store.h"
#include "recognition/recognition_service.h"
#include "recognition/recognition_store.h"
#include "recognition/requests.h"

namespace zonelink::recognition {

Result<pb::Decision> RecognitionService::AcceptDecision(const Call& call,
                                                        const pb::AcceptDecisionRequest& request) {
  const Actor by = ActorOf(call);
  return database_.Command<pb::Decision>(call, request, [&](db::Tx& tx) {
    return decision_store::Lock(tx, FilingId(request.filing_id()), request.zone())
        .and_then([&](Decision d) { return CheckEtag(std::move(d), request.etag()); })
        .and_then([&](Decision d) { return Accept(std::move(d), by); })
        .transform([&](Decision d) { return decision_store::Save(tx, std::move(d), by); })
        .transform([&](const Decision& d) { return ToProto(d, tx.now()); });
  });
}

Result<pb::Decision> RecognitionService::RequestSupplement(
    const Call& call, const pb::RequestSupplementRequest& request) {
  const Actor by = ActorOf(call);
  const SupplementNotice notice{ToTexts(request.missing()), request.reason()};
  return database_.Command<pb::Decision>(call, request, [&](db::Tx& tx) {
    return decision_store::Lock(tx, FilingId(request.filing_id()), request.zone())
        .and_then([&](Decision d) { return CheckEtag(std::move(d), request.etag()); })
        .and_then([&](Decision d) {
          return recognition::RequestSupplement(std::move(d), by, notice, tx.now());
        })
        .transform([&](Decision d) { return decision_store::Save(tx, std::move(d), by); })
        .transform([&](const Decision& d) { return ToProto(d, tx.now()); });
  });
}

Result<pb::Decision> RecognitionService::VerifyDecision(const Call& call,
                                                        const pb::VerifyDecisionRequest& request) {
  const Actor by = ActorOf(call);
  return database_.Command<pb::Decision>(call, request, [&](db::Tx& tx) {
    return decision_store::Lock(tx, FilingId(request.filing_id()), request.zone())
        .and_then([&](Decision d) { return CheckEtag(std::move(d), request.etag()); })
        .and_then([&](Decision d) { return Verify(std::move(d), by, request.opinion(), tx.now()); })
        .transform([&](Decision d) { return decision_store::Save(tx, std::move(d), by); })
        .transform([&](const Decision& d) { return ToProto(d, tx.now()); });
  });
}

Result<pb::Decision> RecognitionService::GrantDecision(const Call& call,
                                                       const pb::GrantDecisionRequest& request) {
  const Actor by = ActorOf(call);
  const std::string draw = DrawRecognition();
  return database_.Command<pb::Decision>(call, request, [&](db::Tx& tx) {
    return decision_store::Lock(tx, FilingId(request.filing_id()), request.zone())
        .and_then([&](Decision d) { return CheckEtag(std::move(d), request.etag()); })
        .and_then(
            [&](Decision d) { return Grant(std::move(d), by, request.reason(), draw, tx.now()); })
        .transform([&](Decision d) { return decision_store::Save(tx, std::move(d), by); })
        .transform([&](const Decision& d) { return ToProto(d, tx.now()); });
  });
}

Result<pb::Decision> RecognitionService::RefuseDecision(const Call& call,
                                                        const pb::RefuseDecisionRequest& request) {
  const Actor by = ActorOf(call);
  const Refusal refusal{request.article(), request.facts(), request.reason()};
  return database_.Command<pb::Decision>(call, request, [&](db::Tx& tx) {
    return decision_store::Lock(tx, FilingId(request.filing_id()), request.zone())
        .and_then([&](Decision d) { return CheckEtag(std::move(d), request.etag()); })
        .and_then([&](Decision d) { return Refuse(std::move(d), by, refusal, tx.now()); })
        .transform([&](Decision d) { return decision_store::Save(tx, std::move(d), by); })
        .transform([&](const Decision& d) { return ToProto(d, tx.now()); });
  });
}

Result<pb::Recognition> RecognitionService::VerifyRecognition(
    const Call& call, const pb::VerifyRecognitionRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) {
    return recognition_store::Get(tx, request.number()).transform([&](const Recognition& r) {
      return ToProto(r, tx.now());
    });
  });
}

}  // namespace zonelink::recognition
