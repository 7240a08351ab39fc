// SPDX-License-Identifier: Apache-2.0
// Requests → what the rules speak of. The server has checked the rules of fields.
#pragma once

#include <string_view>

#include "platform/core/call.h"
#include "platform/core/result.h"
#include "recognition/agreement_store.h"
#include "recognition/domain/actor.h"
#include "recognition/domain/agreement.h"
#include "recognition/domain/decision.h"
#include "recognition/domain/filing.h"
#include "recognition/domain/item.h"
#include "recognition/filing_store.h"
#include "recognition/negative_list_store.h"
#include "zonelink/recognition/v1/catalogue_service.pb.h"
#include "zonelink/recognition/v1/recognition_service.pb.h"

namespace zonelink::recognition {

Actor ActorOf(const Call& call);

Item ToItem(const v1::Item& item);
Agreement ToAgreement(const v1::CreateAgreementRequest& request, AgreementId id);
// Without what stays as it was.
Agreement ToAgreement(const v1::AmendAgreementRequest& request, AgreementId id);
ListEntry ToListEntry(const v1::CreateNegativeListEntryRequest& request);
negative_list_store::Case ToCase(const v1::ScreenAttributesRequest& request);
// The caller's organisation applies.
Submission ToSubmission(const v1::SubmitFilingRequest& request, const Actor& by);
std::vector<Document> ToDocuments(
    const google::protobuf::RepeatedPtrField<v1::Document>& documents);
Scope ToScope(const v1::Scope& scope);
std::vector<Condition> ToConditions(
    const google::protobuf::RepeatedPtrField<v1::Condition>& conditions);
std::vector<std::string> ToTexts(const google::protobuf::RepeatedPtrField<std::string>& texts);

// The filters of a list, without keys and limit.
agreement_store::Filter ToFilter(const v1::ListAgreementsRequest& request);
filing_store::Filter ToFilter(const v1::ListFilingsRequest& request, const Caller& caller);
// What a page token is bound to: a token of one caller's list opens no other.
std::string QueryOf(const Call& call, const std::vector<std::string>& filters);

// Draws the random parts of a new filing's numbers.
Draws DrawNumbers(int target_zones, Time now);
// The random part of a recognition's number.
std::string DrawRecognition();

// Aborted `ETAG_MISMATCH` unless the etag is empty or that of what was read.
Status CheckEtag(int64_t version, std::string_view etag);
Result<Agreement> CheckEtag(Agreement agreement, std::string_view etag);
Result<Filing> CheckEtag(Filing filing, std::string_view etag);
Result<Decision> CheckEtag(Decision decision, std::string_view etag);

}  // namespace zonelink::recognition
