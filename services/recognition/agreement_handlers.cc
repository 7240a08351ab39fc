// SPDX-License-Identifier: Apache-2.0
// Agreements: drafted by a party zone or the secretariat, signed by every party zone.
#include "platform/crypto/crypto.h"
#include "recognition/agreement_store.h"
#include "recognition/catalogue_service.h"
#include "recognition/condition_store.h"
#include "recognition/convert.h"
#include "recognition/item_store.h"
#include "recognition/recognition_service.h"
#include "recognition/requests.h"
#include "recognition/zone_store.h"

namespace zonelink::recognition {
namespace {

// The draft as it may be stored: zones that exist, a condition that can be asked.
Result<Agreement> CheckDraft(db::Tx& tx, const Agreement& draft, const Actor& by,
                             bool secretariat) {
  if (const Status known = zone_store::CheckExist(tx, PartyZones(draft)); !known) {
    return known.error();
  }
  const auto item = item_store::Get(tx, draft.item_id);
  if (!item) return item.error();
  auto drafted = Draft(draft, *item, by, secretariat, tx.now());
  if (!drafted || draft.condition.empty()) return drafted;
  if (const Status ok = condition_store::Check(tx, draft.condition, item->attributes); !ok) {
    return ok.error();
  }
  return drafted;
}

// What the amendment that has just come into force amends, ended before its routes begin.
Status EndAmended(db::Tx& tx, const Agreement& amendment, const Actor& by) {
  auto old = agreement_store::Lock(tx, amendment.amends).and_then([&](Agreement a) {
    return Replace(std::move(a), amendment);
  });
  if (!old) return old.error();
  agreement_store::SaveEnded(tx, *std::move(old), by, "");
  return Done{};
}

}  // namespace

Result<pb::Agreement> RecognitionService::CreateAgreement(
    const Call& call, const pb::CreateAgreementRequest& request) {
  const Actor by = ActorOf(call);
  const bool secretariat = call.caller.HasRole("secretariat");
  const Agreement draft = ToAgreement(request, AgreementId(crypto::NewUuid(clock_.Now())));
  return database_.Command<pb::Agreement>(call, request, [&](db::Tx& tx) -> Result<pb::Agreement> {
    return CheckDraft(tx, draft, by, secretariat)
        .transform([&](Agreement a) { return agreement_store::Insert(tx, std::move(a), by); })
        .transform([](const Agreement& a) { return ToProto(a); });
  });
}

Result<pb::Agreement> RecognitionService::GetAgreement(const Call& call,
                                                       const pb::GetAgreementRequest& request) {
  return database_.Query(call, [&](db::Tx& tx) {
    return agreement_store::Get(tx, AgreementId(request.agreement_id()))
        .transform([](const Agreement& a) { return ToProto(a); });
  });
}

Result<pb::ListAgreementsResponse> RecognitionService::ListAgreements(
    const Call& call, const pb::ListAgreementsRequest& request) {
  agreement_store::Filter filter = ToFilter(request);
  const std::string query = QueryOf(call, {filter.item_id, filter.state});
  const auto keys = pages_.Keys(query, request.page_token(), 2);
  if (!keys) return keys.error();
  if (!keys->empty()) {
    filter.drafted_before = (*keys)[0];
    filter.id_before = (*keys)[1];
  }
  const size_t page_size = rpc::PageSize(request.page_size());
  filter.limit = static_cast<int>(page_size) + 1;
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListAgreementsResponse> {
    const auto listed = agreement_store::List(tx, filter);
    pb::ListAgreementsResponse reply;
    for (size_t i = 0; i < std::min(listed.size(), page_size); ++i) {
      *reply.add_items() = ToProto(listed[i].agreement);
    }
    if (listed.size() <= page_size) return reply;
    const auto& last = listed[page_size - 1];
    reply.set_next_page_token(
        pages_.Token(query, {FormatTime(last.drafted_at), last.agreement.id.str()}));
    return reply;
  });
}

Result<pb::Agreement> RecognitionService::SignAgreement(const Call& call,
                                                        const pb::SignAgreementRequest& request) {
  const Actor by = ActorOf(call);
  return database_.Command<pb::Agreement>(call, request, [&](db::Tx& tx) {
    return agreement_store::Lock(tx, AgreementId(request.agreement_id()))
        .and_then([&](Agreement a) { return CheckEtag(std::move(a), request.etag()); })
        .and_then([&](Agreement a) { return Sign(std::move(a), by, tx.now()); })
        .and_then([&](Agreement a) -> Result<Agreement> {
          const bool replaces = a.state == AgreementState::kInForce && !a.amends.str().empty();
          if (!replaces) return a;
          if (const Status ended = EndAmended(tx, a, by); !ended) return ended.error();
          return a;
        })
        .transform([&](Agreement a) { return agreement_store::SaveSigned(tx, std::move(a), by); })
        .transform([](const Agreement& a) { return ToProto(a); });
  });
}

Result<pb::Agreement> RecognitionService::SuspendAgreement(
    const Call& call, const pb::SuspendAgreementRequest& request) {
  const Actor by = ActorOf(call);
  return database_.Command<pb::Agreement>(call, request, [&](db::Tx& tx) {
    return agreement_store::Lock(tx, AgreementId(request.agreement_id()))
        .and_then([&](Agreement a) { return CheckEtag(std::move(a), request.etag()); })
        .and_then([&](Agreement a) { return Suspend(std::move(a), by); })
        .transform([&](Agreement a) {
          return agreement_store::SaveEnded(tx, std::move(a), by, request.reason());
        })
        .transform([](const Agreement& a) { return ToProto(a); });
  });
}

Result<pb::Agreement> RecognitionService::TerminateAgreement(
    const Call& call, const pb::TerminateAgreementRequest& request) {
  const Actor by = ActorOf(call);
  return database_.Command<pb::Agreement>(call, request, [&](db::Tx& tx) {
    return agreement_store::Lock(tx, AgreementId(request.agreement_id()))
        .and_then([&](Agreement a) { return CheckEtag(std::move(a), request.etag()); })
        .and_then([&](Agreement a) { return Terminate(std::move(a)); })
        .transform([&](Agreement a) {
          return agreement_store::SaveEnded(tx, std::move(a), by, request.reason());
        })
        .transform([](const Agreement& a) { return ToProto(a); });
  });
}

Result<pb::Agreement> CatalogueService::AmendAgreement(const Call& call,
                                                       const pb::AmendAgreementRequest& request) {
  const Actor by = ActorOf(call);
  const bool secretariat = call.caller.HasRole("secretariat");
  const Agreement next = ToAgreement(request, AgreementId(crypto::NewUuid(clock_.Now())));
  return database_.Command<pb::Agreement>(call, request, [&](db::Tx& tx) {
    // Not held: it changes when the amendment has all signatures, and is looked at again then.
    return agreement_store::Get(tx, AgreementId(request.agreement_id()))
        .and_then([&](Agreement a) { return CheckEtag(std::move(a), request.etag()); })
        .and_then([&](const Agreement& current) { return Amend(current, next); })
        .and_then([&](const Agreement& a) { return CheckDraft(tx, a, by, secretariat); })
        .transform([&](Agreement a) { return agreement_store::Insert(tx, std::move(a), by); })
        .transform([](const Agreement& a) { return ToProto(a); });
  });
}

Result<pb::Agreement> CatalogueService::ResumeAgreement(const Call& call,
                                                        const pb::ResumeAgreementRequest& request) {
  const Actor by = ActorOf(call);
  return database_.Command<pb::Agreement>(call, request, [&](db::Tx& tx) {
    return agreement_store::Lock(tx, AgreementId(request.agreement_id()))
        .and_then([&](Agreement a) { return CheckEtag(std::move(a), request.etag()); })
        .and_then([&](Agreement a) { return Resume(std::move(a), by); })
        .transform([&](Agreement a) {
          return agreement_store::SaveResumed(tx, std::move(a), by, request.reason());
        })
        .transform([](const Agreement& a) { return ToProto(a); });
  });
}

}  // namespace zonelink::recognition
