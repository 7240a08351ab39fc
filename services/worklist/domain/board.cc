// SPDX-License-Identifier: Apache-2.0
#include "worklist/domain/board.h"

#include <algorithm>
#include <utility>

#include "worklist/domain/work.h"

namespace zonelink::worklist {
namespace {

constexpr int kRiskPercent = 80;

void Add(const CaseGroup& group, Standing standing, ZoneSum& zone, ItemSum& item) {
  zone.open += group.cases;
  zone.by_state[group.state] += group.cases;
  zone.asking_others += group.asking_others;
  if (standing == Standing::kLate) zone.late += group.cases;
  if (standing == Standing::kAtRisk) zone.at_risk += group.cases;
  item.item_id = group.item_id;
  item.name_zh = group.item_name_zh;
  item.name_en = group.item_name_en;
  item.open += group.cases;
  if (standing == Standing::kLate) item.late += group.cases;
}

}  // namespace

Standing StandingOf(const Calendar& calendar, Date due_on, int budget_days, Date today) {
  const int left = RemainingDays(calendar, due_on, budget_days, today);
  if (left < 0) return Standing::kLate;
  const bool risk = (budget_days - left) * 100 >= budget_days * kRiskPercent;
  return risk ? Standing::kAtRisk : Standing::kInTime;
}

std::map<std::string, ZoneSum> SumUp(const clocks::CalendarSet& calendars,
                                     const std::vector<CaseGroup>& groups, Date today) {
  std::map<std::string, ZoneSum> zones;
  std::map<std::pair<std::string, std::string>, ItemSum> items;
  for (const CaseGroup& group : groups) {
    const Standing standing = group.due_on ? StandingOf(calendars.For(group.zone), *group.due_on,
                                                        group.budget_days, today)
                                           : Standing::kInTime;
    Add(group, standing, zones[group.zone], items[{group.zone, group.item_id}]);
  }
  for (auto& [key, item] : items) zones[key.first].items.push_back(std::move(item));
  for (auto& [name, zone] : zones) {
    std::stable_sort(zone.items.begin(), zone.items.end(),
                     [](const ItemSum& a, const ItemSum& b) { return a.open > b.open; });
    if (zone.items.size() > kTopItems) zone.items.resize(kTopItems);
  }
  return zones;
}

}  // namespace zonelink::worklist
