// SPDX-License-Identifier: Apache-2.0
#include "deploy/sample/chores.h"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/sample/account_plan.h"
#include "deploy/sample/bodies.h"
#include "deploy/sample/deeds.h"
#include "gateway/cli/json.h"

namespace zonelink::sample {
namespace {

using client::JsonWriter;
using std::chrono::days;

constexpr size_t kDeputies = 8;

Chore MandateChore(const SampleData& data, const Mandate& mandate, const Timetable& times) {
  const Enterprise& principal = data.enterprises[mandate.principal];
  const Enterprise& agent = data.enterprises[mandate.agent];
  JsonWriter json;
  json.Begin('{').Field("agentUscc", agent.uscc);
  json.Texts("acts", {"file", "supplement", "withdraw", "read"});
  json.Field("validFrom", FormatDate(times.first_day() + days{1}));
  json.Field("validUntil", FormatDate(times.first_day() + days{729}));
  json.Field("note", "委托代理跨区互认申报").End('}');
  return {0, AdminOf(principal), "/v1/mandates", json.Take(), "mandate-" + principal.uscc};
}

Chore RevisionChore(const Item& item) {
  return {2 * kDeferrableFrom, kFirstAccount, fmt::format("/v1/items/{}:revise", item.item_id),
          ItemJson(item, DeferrableOf(item.item_id)), "revise-" + item.item_id};
}

// Leave, with a colleague of the same department as deputy.
Chore DeputyChore(const SampleData& data, size_t i, const Timetable& times) {
  const std::string& zone = data.zones[(3 * i) % data.zones.size()].zone;
  const int slot = 2 * (40 + 38 * static_cast<int>(i));
  const Time until{times.DayOf(slot) + days{6 + i}};
  JsonWriter json;
  json.Begin('{').Field("deputyUserId", UserMark("verifier2-" + zone));
  json.Texts("roles", {"verifier"}).Field("until", FormatTime(until));
  json.Field("reason", i % 2 == 0 ? "年休假" : "外出培训").End('}');
  return {slot, "verifier-" + zone, "/v1/delegations", json.Take(), "deputy-" + zone};
}

}  // namespace

const std::vector<Mandate>& Mandates() {
  // The second enterprise of the table is a supply chain company.
  static const std::vector<Mandate> mandates = {{4, 1}, {7, 1}, {13, 1}, {22, 1}};
  return mandates;
}

std::optional<size_t> AgentOf(size_t enterprise) {
  for (const Mandate& mandate : Mandates()) {
    if (mandate.principal == enterprise) return mandate.agent;
  }
  return std::nullopt;
}

std::string DeferrableOf(const std::string& item_id) {
  if (item_id == "electronic-origin-certificate") return "packing-list";
  if (item_id == "green-manufacturing-label") return "assessment-report";
  if (item_id == "human-resources-service-licence") return "staff-list";
  if (item_id == "policy-replication") return "effect-report";
  return "";
}

std::vector<Chore> PlanChores(const SampleData& data, const Timetable& times) {
  std::vector<Chore> chores;
  for (const Mandate& mandate : Mandates()) chores.push_back(MandateChore(data, mandate, times));
  for (const Item& item : data.items) {
    if (!DeferrableOf(item.item_id).empty()) chores.push_back(RevisionChore(item));
  }
  for (size_t i = 0; i < kDeputies; ++i) chores.push_back(DeputyChore(data, i, times));
  std::stable_sort(chores.begin(), chores.end(),
                   [](const Chore& a, const Chore& b) { return a.slot < b.slot; });
  return chores;
}

}  // namespace zonelink::sample
