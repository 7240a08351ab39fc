// SPDX-License-Identifier: Apache-2.0
#include "recognition/requests.h"

#include <fmt/format.h>

#include "platform/crypto/crypto.h"
#include "recognition/attributes_json.h"

namespace zonelink::recognition {
namespace {

constexpr size_t kReceiptLength = 10;
constexpr size_t kRecognitionLength = 12;  // 60 random bits
constexpr int kJointExtensionDays = 15;    // 行政许可法 §42

// ITEM_CLASS_LICENCE → LICENCE. The server has refused numbers that have no name.
std::string Short(const std::string& name, std::string_view prefix) {
  ZL_CHECK(name.rfind(prefix, 0) == 0, "an enumerated value of the proto");
  return name.substr(prefix.size());
}

Mode ToMode(v1::Mode mode) { return ModeNamed(Short(v1::Mode_Name(mode), "MODE_")); }

Date ToDate(const std::string& checked) {
  const auto day = ParseDate(checked);
  ZL_CHECK(day.has_value(), "a date that the server has checked");
  return *day;
}

}  // namespace

Actor ActorOf(const Call& call) {
  const Caller& caller = call.caller;
  return {.user_id = caller.user_id,
          .name = caller.name,
          .zone = caller.zone,
          .organization_id = caller.organization_id,
          .uscc = caller.organization_uscc,
          .roles = caller.roles};
}

Item ToItem(const v1::Item& item) {
  Item out{.item_id = item.item_id(),
           .name_zh = item.name_zh(),
           .name_en = item.name_en(),
           .item_class = Short(v1::ItemClass_Name(item.item_class()), "ITEM_CLASS_"),
           .default_mode = ToMode(item.default_mode()),
           .verifiers_needed = item.verifiers_needed(),
           .budget_working_days = item.budget_working_days(),
           .tacit_allowed = item.tacit_allowed(),
           .excluded_class = item.excluded_class(),
           .declaration_needed = item.declaration_needed(),
           .required_documents = ToTexts(item.required_documents()),
           .source = item.source(),
           .source_status = Short(v1::SourceStatus_Name(item.source_status()), "SOURCE_STATUS_"),
           .budget_basis = Short(v1::BudgetBasis_Name(item.budget_basis()), "BUDGET_BASIS_"),
           .deferrable_documents = ToTexts(item.deferrable_documents()),
           .joint_budget_days = item.joint_budget_days(),
           .promise_text_zh = item.promise_text_zh(),
           .promise_text_en = item.promise_text_en()};
  if (item.has_attributes_schema()) out.attributes_schema = StructJson(item.attributes_schema());
  if (item.has_supplement_window_days()) {
    out.supplement_window_days = item.supplement_window_days();
  }
  if (item.has_extension_days()) out.extension_days = item.extension_days();
  out.joint_extension_days = item.has_joint_extension_days() ? item.joint_extension_days()
                             : item.joint_budget_days() > 0  ? kJointExtensionDays
                                                             : 0;
  if (item.has_delivery_days()) out.delivery_days = item.delivery_days();
  if (item.has_query_days()) out.query_days = item.query_days();
  if (item.has_promise_check_days()) out.promise_check_days = item.promise_check_days();
  if (item.has_promise_correction_days()) {
    out.promise_correction_days = item.promise_correction_days();
  }
  for (const v1::Attribute& attribute : item.attributes()) {
    const std::string type = Short(v1::AttributeType_Name(attribute.type()), "ATTRIBUTE_TYPE_");
    out.attributes.push_back({attribute.name(), AttributeTypeNamed(type)});
  }
  return out;
}

Agreement ToAgreement(const v1::CreateAgreementRequest& request, AgreementId id) {
  return {.id = std::move(id),
          .item_id = request.item_id(),
          .home_zones = ToTexts(request.home_zones()),
          .target_zones = ToTexts(request.target_zones()),
          .mode = ToMode(request.mode()),
          .valid_from = ToDate(request.valid_from()),
          .valid_until = ToDate(request.valid_until()),
          .condition = request.condition()};
}

Agreement ToAgreement(const v1::AmendAgreementRequest& request, AgreementId id) {
  return {.id = std::move(id),
          .home_zones = ToTexts(request.home_zones()),
          .target_zones = ToTexts(request.target_zones()),
          .mode = ToMode(request.mode()),
          .valid_until = ToDate(request.valid_until()),
          .condition = request.condition()};
}

ListEntry ToListEntry(const v1::CreateNegativeListEntryRequest& request) {
  const v1::NegativeListEntry& entry = request.entry();
  return {.list = request.list(),
          .entry_id = entry.entry_id(),
          .item_id = entry.item_id(),
          .name_zh = entry.name_zh(),
          .name_en = entry.name_en(),
          .predicate = entry.predicate(),
          .article = entry.article(),
          .source_status = Short(v1::SourceStatus_Name(entry.source_status()), "SOURCE_STATUS_"),
          .effective_from = ToDate(entry.effective_from()),
          .effective_until = ParseDate(entry.effective_until())};
}

negative_list_store::Case ToCase(const v1::ScreenAttributesRequest& request) {
  return {.item_id = request.item_id(),
          .home_zone = request.home_zone(),
          .target_zones = ToTexts(request.target_zones()),
          .attributes = ToAttributes(request.attributes())};
}

Submission ToSubmission(const v1::SubmitFilingRequest& request, const Actor& by) {
  const v1::Credential& credential = request.credential();
  std::vector<DeferredPaper> papers;
  for (const v1::DeferredDocument& paper : request.deferred_documents()) {
    papers.push_back({paper.kind(), ToDate(paper.promised_on()), std::nullopt});
  }
  return {.item_id = request.item_id(),
          .home_zone = request.home_zone(),
          .target_zones = ToTexts(request.target_zones()),
          .applicant = {by.organization_id, request.applicant().uscc(), request.applicant().name()},
          .credential = {credential.number(), credential.issuer(), ToDate(credential.issued_on()),
                         ToDate(credential.valid_until())},
          .attributes = ToAttributes(request.attributes()),
          .documents = ToDocuments(request.documents()),
          .promise = request.promise(),
          .papers = std::move(papers),
          .scope = ToScope(request.scope()),
          .refile_of = request.refile_of(),
          .use_vault = request.use_vault()};
}

Scope ToScope(const v1::Scope& scope) {
  const auto day = [](const std::string& text) -> std::optional<Date> {
    if (text.empty()) return std::nullopt;
    return ToDate(text);
  };
  return {ToTexts(scope.activities()), ToTexts(scope.addresses()), scope.quantity(),
          day(scope.valid_from()), day(scope.valid_until())};
}

std::vector<Condition> ToConditions(
    const google::protobuf::RepeatedPtrField<v1::Condition>& conditions) {
  std::vector<Condition> out;
  for (const v1::Condition& condition : conditions) {
    out.push_back({condition.text(), ToDate(condition.due_on()), std::nullopt, {}, false});
  }
  return out;
}

std::vector<Document> ToDocuments(
    const google::protobuf::RepeatedPtrField<v1::Document>& documents) {
  std::vector<Document> out;
  for (const v1::Document& document : documents) {
    const bool ends = !document.valid_until().empty();
    out.push_back({document.title(), document.sha256(), document.media_type(),
                   document.size_bytes(), document.kind(),
                   ends ? std::optional(ToDate(document.valid_until())) : std::nullopt});
  }
  return out;
}

std::vector<std::string> ToTexts(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

agreement_store::Filter ToFilter(const v1::ListAgreementsRequest& request) {
  agreement_store::Filter filter{.item_id = request.item_id()};
  if (request.state() != v1::AGREEMENT_STATE_UNSPECIFIED) {
    filter.state = Short(v1::AgreementState_Name(request.state()), "AGREEMENT_STATE_");
  }
  return filter;
}

filing_store::Filter ToFilter(const v1::ListFilingsRequest& request, const Caller& caller) {
  filing_store::Filter filter{.item_id = request.item_id(),
                              .zone = request.zone(),
                              .oldest_first = request.order_by() == "submittedAt"};
  if (request.state() != v1::FILING_STATE_UNSPECIFIED) {
    filter.state = Short(v1::FilingState_Name(request.state()), "FILING_STATE_");
  }
  // The leading group is a party to every filing: whoever sees all of them looks in its name.
  if (caller.HasRole("secretariat") || caller.HasRole("chair") || caller.HasRole("auditor")) {
    filter.parties = {"leading-group"};
    return filter;
  }
  if (!caller.organization_id.empty()) filter.parties.push_back("org:" + caller.organization_id);
  if (!caller.zone.empty()) filter.parties.push_back("zone:" + caller.zone);
  return filter;
}

std::string QueryOf(const Call& call, const std::vector<std::string>& filters) {
  return fmt::format("{} {} {}", call.rpc, call.caller.user_id, fmt::join(filters, " "));
}

Draws DrawNumbers(int target_zones, Time now) {
  Draws draws{.filing_id = FilingId(crypto::NewUuid(now)),
              .receipt = crypto::RandomBase32(kReceiptLength)};
  for (int i = 0; i < target_zones; ++i) draws.recognitions.push_back(DrawRecognition());
  return draws;
}

std::string DrawRecognition() { return crypto::RandomBase32(kRecognitionLength); }

Status CheckEtag(int64_t version, std::string_view etag) {
  const std::string current = std::to_string(version);
  if (etag.empty() || etag == current) return Done{};
  return Aborted("ETAG_MISMATCH", "it has changed since it was read", {{"current", current}});
}

Result<Agreement> CheckEtag(Agreement agreement, std::string_view etag) {
  if (const Status ok = CheckEtag(agreement.version, etag); !ok) return ok.error();
  return agreement;
}

Result<Filing> CheckEtag(Filing filing, std::string_view etag) {
  if (const Status ok = CheckEtag(filing.version, etag); !ok) return ok.error();
  return filing;
}

Result<Decision> CheckEtag(Decision decision, std::string_view etag) {
  if (const Status ok = CheckEtag(decision.version, etag); !ok) return ok.error();
  return decision;
}

}  // namespace zonelink::recognition
