// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/bodies.h"

#include "gateway/cli/json.h"

namespace zonelink::sample {

using client::JsonWriter;

std::string OrganizationJson(const Enterprise& enterprise) {
  JsonWriter json;
  json.Begin('{')
      .Field("uscc", enterprise.uscc)
      .Field("nameZh", enterprise.name_zh)
      .Field("nameEn", enterprise.name_en)
      .Field("zone", enterprise.zone)
      .End('}');
  return json.Take();
}

std::string AccountJson(const AccountPlan& account, const std::string& organization_id,
                        const std::string& password) {
  JsonWriter json;
  json.Begin('{')
      .Field("username", account.username)
      .Field("name", account.name)
      .Field("password", password)
      .Field("zone", account.zone)
      .Field("department", account.department)
      .Field("organizationId", organization_id)
      .End('}');
  return json.Take();
}

std::string ItemJson(const Item& item, const std::string& deferrable) {
  JsonWriter json;
  json.Begin('{').Field("itemId", item.item_id).Field("nameZh", item.name_zh);
  json.Field("nameEn", item.name_en).Field("itemClass", item.item_class);
  json.Field("defaultMode", item.default_mode).Key("verifiersNeeded").Number(item.verifiers_needed);
  json.Key("budgetWorkingDays").Number(item.budget_working_days);
  json.Key("tacitAllowed").Truth(item.tacit_allowed);
  json.Key("excludedClass").Truth(item.excluded_class);
  json.Key("attributes").Begin('[');
  for (const auto& [name, type] : item.attributes) {
    json.Begin('{').Field("name", name).Field("type", type).End('}');
  }
  json.End(']').Texts("requiredDocuments", item.required_documents);
  json.Field("source", item.source).Field("sourceStatus", item.source_status);
  if (!deferrable.empty()) json.Texts("deferrableDocuments", {deferrable});
  return json.Field("budgetBasis", item.budget_basis).End('}').Take();
}

std::string EntryJson(const ListEntry& entry) {
  JsonWriter json;
  json.Begin('{').Field("entryId", entry.entry_id).Field("itemId", entry.item_id);
  json.Field("nameZh", entry.name_zh).Field("nameEn", entry.name_en);
  json.Field("predicate", entry.predicate).Field("article", entry.article);
  json.Field("sourceStatus", entry.source_status).Field("effectiveFrom", entry.effective_from);
  return json.End('}').Take();
}

std::string AgreementJson(const AgreementPlan& plan, Date first_day) {
  const Date from = first_day + std::chrono::days{plan.drafted_on};
  const Date until = from + std::chrono::days{365 * plan.valid_years};
  JsonWriter json;
  json.Begin('{').Field("itemId", plan.item_id).Texts("homeZones", plan.homes);
  json.Texts("targetZones", plan.targets).Field("mode", plan.mode);
  json.Field("validFrom", FormatDate(from)).Field("validUntil", FormatDate(until));
  return json.End('}').Take();
}

std::string UploadJson(const VaultPaper& paper) {
  JsonWriter json;
  json.Begin('{').Field("title", paper.title).Field("kind", paper.kind);
  json.Field("mediaType", "application/pdf");
  json.Field("sizeBytes", std::to_string(paper.contents.size())).Field("sha256", paper.sha256);
  return json.End('}').Take();
}

}  // namespace zonelink::sample
