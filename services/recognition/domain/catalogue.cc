// SPDX-License-Identifier: Apache-2.0
#include "recognition/domain/catalogue.h"

#include <fmt/format.h>

#include <algorithm>

namespace zonelink::recognition {
namespace {

std::string RouteKey(std::string_view item_id, std::string_view home_zone,
                     std::string_view target_zone) {
  return fmt::format("{}\n{}\n{}", item_id, home_zone, target_zone);
}

}  // namespace

Catalogue::Catalogue(std::vector<Item> items, std::vector<std::string> zones,
                     std::vector<DatedRoute> routes, std::vector<ListPeriod> periods)
    : zones_(std::make_move_iterator(zones.begin()), std::make_move_iterator(zones.end())) {
  for (Item& item : items) {
    std::string item_id = item.item_id;
    item = Compile(std::move(item));
    item.attributes_schema.clear();  // every submission copies its item; compiled, it is shared
    items_.insert_or_assign(std::move(item_id), std::move(item));
  }
  for (DatedRoute& dated : routes) {
    std::string key = RouteKey(dated.item_id, dated.route.home_zone, dated.route.target_zone);
    routes_[std::move(key)].push_back(std::move(dated));
  }
  for (ListPeriod& period : periods) periods_[period.item_id].push_back(std::move(period));
}

Result<Coverage> Catalogue::CoverageOf(const std::string& item_id, const std::string& home_zone,
                                       const std::vector<std::string>& target_zones,
                                       Date today) const {
  const auto item = items_.find(item_id);
  if (item == items_.end()) {
    return NotFound("ITEM_NOT_FOUND", fmt::format("no item {}", item_id), {{"itemId", item_id}});
  }
  Coverage coverage{.item = item->second};
  const auto check_zone = [&](const std::string& zone) {
    if (zones_.count(zone) == 0) coverage.unknown_zones.push_back(zone);
  };
  for (const std::string& zone : target_zones) {
    check_zone(zone);
    const auto routes = routes_.find(RouteKey(item_id, home_zone, zone));
    if (routes == routes_.end()) continue;
    for (const DatedRoute& dated : routes->second) {
      if (dated.valid_from <= today && today <= dated.valid_until) {
        coverage.routes.push_back(dated.route);
        coverage.to_screen |= dated.conditional;
      }
    }
  }
  check_zone(home_zone);
  const auto periods = periods_.find(item_id);
  if (periods == periods_.end()) return coverage;
  for (const ListPeriod& period : periods->second) {
    const bool applies =
        period.list == kCommonList ||
        std::find(target_zones.begin(), target_zones.end(), period.list) != target_zones.end();
    coverage.to_screen |= applies && period.first_day <= today && today <= period.last_day;
  }
  return coverage;
}

}  // namespace zonelink::recognition
