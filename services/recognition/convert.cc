// SPDX-License-Identifier: Apache-2.0
#include "recognition/convert.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/core/check.h"
#include "platform/rpc/timestamp.h"
#include "recognition/attributes_json.h"

namespace zonelink::recognition {
namespace {

// Number of the proto's value that bears the domain's or the database's name of the same thing.
class Numbers {
 public:
  Numbers(const google::protobuf::EnumDescriptor& values, std::string_view prefix) {
    for (int i = 0; i < values.value_count(); ++i) {
      const std::string_view name = values.value(i)->name();
      numbers_.emplace_back(name.substr(prefix.size()), values.value(i)->number());
    }
  }
  // A handful of names: looking through them costs less than hashing one.
  int Of(std::string_view name) const {
    const auto found = std::find_if(numbers_.begin(), numbers_.end(),
                                    [&](const auto& known) { return known.first == name; });
    ZL_CHECK(found != numbers_.end(), "a name that the proto knows");
    return found->second;
  }

 private:
  std::vector<std::pair<std::string_view, int>> numbers_;  // descriptors live as long as we do
};

v1::AttributeType ToProto(AttributeType type) {
  static const Numbers numbers(*v1::AttributeType_descriptor(), "ATTRIBUTE_TYPE_");
  return static_cast<v1::AttributeType>(numbers.Of(Name(type)));
}

v1::AgreementState ToProto(AgreementState state) {
  static const Numbers numbers(*v1::AgreementState_descriptor(), "AGREEMENT_STATE_");
  return static_cast<v1::AgreementState>(numbers.Of(Name(state)));
}

v1::FilingState ToProto(FilingState state) {
  static const Numbers numbers(*v1::FilingState_descriptor(), "FILING_STATE_");
  return static_cast<v1::FilingState>(numbers.Of(Name(state)));
}

v1::ItemClass ToItemClass(const std::string& name) {
  static const Numbers numbers(*v1::ItemClass_descriptor(), "ITEM_CLASS_");
  return static_cast<v1::ItemClass>(numbers.Of(name));
}

v1::SourceStatus ToSourceStatus(const std::string& name) {
  static const Numbers numbers(*v1::SourceStatus_descriptor(), "SOURCE_STATUS_");
  return static_cast<v1::SourceStatus>(numbers.Of(name));
}

v1::BudgetBasis ToBudgetBasis(const std::string& name) {
  static const Numbers numbers(*v1::BudgetBasis_descriptor(), "BUDGET_BASIS_");
  return static_cast<v1::BudgetBasis>(numbers.Of(name));
}

// What a thing of the catalogue is told by.
template <class Thing, class Out>
void NameIt(const Thing& thing, Out& out) {
  out.set_item_id(thing.item_id);
  out.set_version(thing.version);
  out.set_name_zh(thing.name_zh);
  out.set_name_en(thing.name_en);
  out.set_source_status(ToSourceStatus(thing.source_status));
  *out.mutable_published_at() = ToTimestamp(thing.published_at);
  out.set_etag(std::to_string(thing.version));
}

v1::PrecheckOutcome ToProto(Prospect::Outcome outcome) {
  switch (outcome) {
    case Prospect::Outcome::kNoCaseNeeded: return v1::PRECHECK_OUTCOME_NO_CASE_NEEDED;
    case Prospect::Outcome::kAutomatic: return v1::PRECHECK_OUTCOME_AUTOMATIC;
    case Prospect::Outcome::kPromiseNeeded: return v1::PRECHECK_OUTCOME_PROMISE_NEEDED;
    case Prospect::Outcome::kDecisionNeeded: return v1::PRECHECK_OUTCOME_DECISION_NEEDED;
    case Prospect::Outcome::kOnNegativeList: return v1::PRECHECK_OUTCOME_ON_NEGATIVE_LIST;
    case Prospect::Outcome::kNotCovered: return v1::PRECHECK_OUTCOME_NOT_COVERED;
  }
  return v1::PRECHECK_OUTCOME_UNSPECIFIED;
}

}  // namespace

v1::Mode ToProto(Mode mode) {
  static const Numbers numbers(*v1::Mode_descriptor(), "MODE_");
  return static_cast<v1::Mode>(numbers.Of(Name(mode)));
}

v1::DecisionState ToProto(DecisionState state) {
  static const Numbers numbers(*v1::DecisionState_descriptor(), "DECISION_STATE_");
  return static_cast<v1::DecisionState>(numbers.Of(Name(state)));
}

v1::Item ToProto(const Item& item) {
  v1::Item out;
  NameIt(item, out);
  out.set_item_class(ToItemClass(item.item_class));
  out.set_default_mode(ToProto(item.default_mode));
  out.set_verifiers_needed(item.verifiers_needed);
  out.set_budget_working_days(item.budget_working_days);
  out.set_tacit_allowed(item.tacit_allowed);
  out.set_excluded_class(item.excluded_class);
  out.set_declaration_needed(item.declaration_needed);
  for (const AttributeDefinition& attribute : item.attributes) {
    v1::Attribute* added = out.add_attributes();
    added->set_name(attribute.name);
    added->set_type(ToProto(attribute.type));
  }
  for (const std::string& kind : item.required_documents) out.add_required_documents(kind);
  out.set_source(item.source);
  out.set_budget_basis(ToBudgetBasis(item.budget_basis));
  if (!item.attributes_schema.empty()) {
    *out.mutable_attributes_schema() = StructOf(item.attributes_schema);
  }
  for (const std::string& kind : item.deferrable_documents) out.add_deferrable_documents(kind);
  out.set_supplement_window_days(item.supplement_window_days);
  out.set_extension_days(item.extension_days);
  out.set_joint_budget_days(item.joint_budget_days);
  out.set_joint_extension_days(item.joint_extension_days);
  out.set_delivery_days(item.delivery_days);
  out.set_query_days(item.query_days);
  out.set_promise_text_zh(item.promise_text_zh);
  out.set_promise_text_en(item.promise_text_en);
  out.set_promise_version(item.promise_version);
  if (item.promise_version > 0) {
    out.set_promise_check_days(item.promise_check_days);
    out.set_promise_correction_days(item.promise_correction_days);
  }
  return out;
}

v1::Agreement ToProto(const Agreement& agreement) {
  v1::Agreement out;
  out.set_agreement_id(agreement.id.str());
  out.set_item_id(agreement.item_id);
  for (const std::string& zone : agreement.home_zones) out.add_home_zones(zone);
  for (const std::string& zone : agreement.target_zones) out.add_target_zones(zone);
  out.set_mode(ToProto(agreement.mode));
  out.set_valid_from(FormatDate(agreement.valid_from));
  out.set_valid_until(FormatDate(agreement.valid_until));
  out.set_state(ToProto(agreement.state));
  for (const Signature& signature : agreement.signatures) {
    v1::AgreementSignature* added = out.add_signatures();
    added->set_zone(signature.zone);
    added->set_signed_by(signature.signed_by);
    *added->mutable_signed_at() = ToTimestamp(signature.signed_at);
  }
  out.set_etag(std::to_string(agreement.version));
  out.set_condition(agreement.condition);
  out.set_amends(agreement.amends.str());
  out.set_revision(agreement.revision);
  out.set_replaced_by(agreement.replaced_by.str());
  out.set_suspended_by(agreement.suspended_by);
  return out;
}

v1::NegativeListEntry ToProto(const ListEntry& entry) {
  v1::NegativeListEntry out;
  out.set_list(entry.list);
  out.set_entry_id(entry.entry_id);
  NameIt(entry, out);
  out.set_predicate(entry.predicate);
  out.set_article(entry.article);
  out.set_effective_from(FormatDate(entry.effective_from));
  if (entry.effective_until) out.set_effective_until(FormatDate(*entry.effective_until));
  out.set_retired(entry.retired);
  out.set_reason(entry.reason);
  return out;
}

v1::ScreeningFinding ToProto(const Finding& finding) {
  static const Numbers kinds(*v1::FindingKind_descriptor(), "FINDING_KIND_");
  static const Numbers outcomes(*v1::FindingOutcome_descriptor(), "FINDING_OUTCOME_");
  v1::ScreeningFinding out;
  out.set_kind(static_cast<v1::FindingKind>(kinds.Of(Name(finding.kind))));
  out.set_outcome(static_cast<v1::FindingOutcome>(outcomes.Of(Name(finding.outcome))));
  if (finding.kind == Finding::Kind::kCondition) return out;
  out.set_list(finding.list);
  out.set_entry_id(finding.entry_id);
  out.set_entry_version(finding.entry_version);
  out.set_name_zh(finding.name_zh);
  out.set_name_en(finding.name_en);
  out.set_article(finding.article);
  out.set_source_status(ToSourceStatus(finding.source_status));
  return out;
}

v1::Document ToProto(const Document& document) {
  v1::Document out;
  out.set_title(document.title);
  out.set_sha256(document.sha256);
  out.set_media_type(document.media_type);
  out.set_size_bytes(document.size_bytes);
  out.set_kind(document.kind);
  if (document.valid_until) out.set_valid_until(FormatDate(*document.valid_until));
  return out;
}

v1::Filing ToProto(const Filing& filing, const clocks::CalendarSet& calendars, Time now) {
  v1::Filing out;
  out.set_filing_id(filing.id.str());
  out.set_receipt_number(filing.receipt_number);
  out.set_state(ToProto(filing.state));
  out.set_etag(std::to_string(filing.version));
  *out.mutable_submitted_at() = ToTimestamp(filing.submitted_at);
  out.set_item_id(filing.item_id);
  out.set_item_version(filing.item_version);
  out.set_home_zone(filing.home_zone);
  for (const std::string& zone : filing.target_zones) out.add_target_zones(zone);
  out.mutable_applicant()->set_uscc(filing.applicant.uscc);
  out.mutable_applicant()->set_name(filing.applicant.name);
  out.mutable_credential()->set_number(filing.credential.number);
  out.mutable_credential()->set_issuer(filing.credential.issuer);
  out.mutable_credential()->set_issued_on(FormatDate(filing.credential.issued_on));
  out.mutable_credential()->set_valid_until(FormatDate(filing.credential.valid_until));
  *out.mutable_attributes() = ToStruct(filing.attributes);
  for (const Document& document : filing.documents) {
    *out.add_documents() = ToProto(document);
  }
  for (const Decision& decision : filing.decisions) {
    *out.add_decisions() = ToProto(decision, calendars.For(decision.zone), now);
  }
  for (const DeferredPaper& paper : filing.papers) {
    v1::DeferredDocument* added = out.add_deferred_documents();
    added->set_kind(paper.kind);
    added->set_promised_on(FormatDate(paper.promised_on));
    if (paper.handed_in_at) *added->mutable_handed_in_at() = ToTimestamp(*paper.handed_in_at);
  }
  const Scope& scope = filing.scope;
  if (!scope.activities.empty() || !scope.addresses.empty() || !scope.quantity.empty() ||
      scope.valid_from || scope.valid_until) {
    *out.mutable_scope() = ToProto(scope);
  }
  out.set_refile_of(filing.refile_of);
  if (filing.agency) {
    out.set_agent_organization_id(filing.agency->agent_organization_id);
    out.set_mandate_id(filing.agency->mandate_id);
  }
  return out;
}

v1::FilingRow ToRow(const Filing& filing) {
  v1::FilingRow out;
  out.set_outcome(v1::FILING_ROW_OUTCOME_FILED);
  out.set_filing_id(filing.id.str());
  out.set_receipt_number(filing.receipt_number);
  out.set_state(ToProto(filing.state));
  return out;
}

v1::FilingRow ToRow(const Error& error) {
  v1::FilingRow out;
  out.set_outcome(v1::FILING_ROW_OUTCOME_REFUSED);
  api::RowProblem& problem = *out.mutable_problem();
  problem.set_reason(error.reason);
  problem.set_code(std::string(Name(error.code)));
  for (const Violation& violation : error.violations) {
    api::RowViolation& added = *problem.add_violations();
    added.set_field(violation.field);
    added.set_reason(violation.reason);
  }
  for (const auto& [name, value] : error.metadata) {
    api::RowProblemValue& added = *problem.add_values();
    added.set_name(name);
    added.set_value(value);
  }
  return out;
}

v1::PrecheckZone ToProto(const Prospect& prospect, const Item& item, const Calendar& calendar,
                         Time now) {
  v1::PrecheckZone out;
  out.set_zone(prospect.zone);
  out.set_outcome(ToProto(prospect.outcome));
  out.set_mode(ToProto(prospect.mode));
  out.set_agreement_id(prospect.agreement_id.str());
  for (const Finding& finding : prospect.findings) *out.add_findings() = ToProto(finding);
  if (prospect.mode != Mode::kReview) return out;
  const Date due_on = calendar.Nth(ShanghaiDate(now), BudgetOf(item));
  out.set_budget_days(BudgetOf(item));
  out.set_due_on(FormatDate(due_on));
  out.set_provisional(calendar.Provisional(due_on));
  return out;
}

v1::Recognition ToProto(const Recognition& recognition, Time now) {
  v1::Recognition out;
  out.set_number(recognition.number);
  const bool expired = ShanghaiDate(now) > recognition.valid_until;
  out.set_state(recognition.effect == "REVOKED"     ? v1::RECOGNITION_STATE_REVOKED
                : expired                           ? v1::RECOGNITION_STATE_EXPIRED
                : recognition.effect == "SUSPENDED" ? v1::RECOGNITION_STATE_SUSPENDED
                                                    : v1::RECOGNITION_STATE_VALID);
  out.set_item_id(recognition.item_id);
  out.set_item_name_zh(recognition.item_name_zh);
  out.set_item_name_en(recognition.item_name_en);
  out.set_home_zone(recognition.home_zone);
  out.set_zone(recognition.zone);
  out.set_valid_from(FormatDate(recognition.valid_from));
  out.set_valid_until(FormatDate(recognition.valid_until));
  const Scope& scope = recognition.scope;
  const bool partial =
      !scope.activities.empty() || !scope.addresses.empty() || !scope.quantity.empty();
  if (partial) *out.mutable_scope() = ToProto(scope);
  *out.mutable_as_of() = ToTimestamp(now);
  if (recognition.event_id.empty()) return out;
  out.mutable_proof()->set_event_id(recognition.event_id);
  out.mutable_proof()->set_receipt_path("/v1/ledger/receipts/" + recognition.event_id);
  return out;
}

v1::CreditRecord ToProto(const CreditRecord& record) {
  static const Numbers causes(*v1::CreditCause_descriptor(), "CREDIT_CAUSE_");
  v1::CreditRecord out;
  out.set_credit_record_id(record.id);
  out.set_organization_id(record.holder.organization_id);
  out.mutable_holder()->set_uscc(record.holder.uscc);
  out.mutable_holder()->set_name(record.holder.name);
  out.set_filing_id(record.filing_id.str());
  out.set_zone(record.zone);
  out.set_item_id(record.item_id);
  out.set_item_version(record.item_version);
  out.set_item_name_zh(record.item_name_zh);
  out.set_item_name_en(record.item_name_en);
  out.set_cause(static_cast<v1::CreditCause>(causes.Of(record.cause)));
  out.set_promise_version(record.promise_version);
  out.set_promise_text_zh(record.promise_text_zh);
  out.set_promise_text_en(record.promise_text_en);
  out.set_findings(record.findings);
  *out.mutable_found_at() = ToTimestamp(record.found_at);
  *out.mutable_recorded_at() = ToTimestamp(record.recorded_at);
  out.set_legal_basis(record.legal_basis);
  out.set_item_source(record.item_source);
  out.set_item_source_status(ToSourceStatus(record.item_source_status));
  return out;
}

}  // namespace zonelink::recognition
