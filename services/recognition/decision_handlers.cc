// SPDX-License-Identifier: Apache-2.0
// The plain line of a decision, and what anyone may verify of its result.
#include "recognition/convert.h"
#include "recognition/decision_details_store.h"
#include "recognition/domain/decision_intake.h"
#include "recognition/domain/decision_outcome.h"
#include "recognition/domain/decision_people.h"
#include "recognition/domain/decision_review.h"
#include "recognition/domain/vault.h"
#include "recognition/officer_store.h"
#include "recognition/recognition_service.h"
#include "recognition/recognition_store.h"
#include "recognition/requests.h"
#include "recognition/vault_store.h"

namespace zonelink::recognition {

Result<pb::Decision> RecognitionService::AcceptDecision(const Call& call,
                                                        const pb::AcceptDecisionRequest& request) {
  return desk_.Change(
      call, request, TargetOf(request),
      [&](Decision d, const Actor& by, db::Tx& tx) { return Accept(std::move(d), by, tx.now()); });
}

Result<pb::Decision> RecognitionService::RequestSupplement(
    const Call& call, const pb::RequestSupplementRequest& request) {
  const SupplementNotice notice{ToTexts(request.missing()), request.reason()};
  return desk_.Change(
      call, request, TargetOf(request), [&](Decision d, const Actor& by, db::Tx& tx) {
        const auto held = decision_details_store::HeldPapers(tx, d.filing_id);
        const auto vault = vault_store::Holds(tx, d.applicant, notice.missing);
        const auto required = vault_store::RequiredKinds(tx, d.filing_id);
        const bool with_override = !request.override_reason().empty();
        auto asked =
            recognition::RequestSupplement(std::move(d), by, notice, held, with_override, tx.now());
        if (!asked || (with_override && by.HasRole("zone_admin"))) return asked;
        const Status once =
            CheckNotInVault(notice.missing, required, vault, ShanghaiDate(tx.now()));
        if (!once) return Result<Decision>(once.error());
        return asked;
      });
}

Result<pb::Decision> RecognitionService::VerifyDecision(const Call& call,
                                                        const pb::VerifyDecisionRequest& request) {
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return Verify(std::move(d), by, request.opinion(), tx.now())
                            .and_then([&](Decision verified) {
                              const auto unit = officer_store::UnitOf(tx, verified.zone);
                              return RouteIfNobodyIsLeft(std::move(verified), by, unit, tx.now());
                            });
                      });
}

Result<pb::Decision> RecognitionService::GrantDecision(const Call& call,
                                                       const pb::GrantDecisionRequest& request) {
  const std::string draw = DrawRecognition();
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return Grant(std::move(d), by, request.reason(), draw, tx.now());
                      });
}

Result<pb::Decision> RecognitionService::RefuseDecision(const Call& call,
                                                        const pb::RefuseDecisionRequest& request) {
  const Refusal refusal{request.article(), request.facts(), request.reason(), request.code()};
  return desk_.Change(call, request, TargetOf(request),
                      [&](Decision d, const Actor& by, db::Tx& tx) {
                        return Refuse(std::move(d), by, refusal, tx.now());
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
