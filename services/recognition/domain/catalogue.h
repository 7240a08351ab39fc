// SPDX-License-Identifier: Apache-2.0
// What submissions are checked against: items, zones and the routes of agreements in force, as they
// were at one moment.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "platform/core/result.h"
#include "platform/core/time.h"
#include "recognition/domain/agreement.h"
#include "recognition/domain/filing.h"
#include "recognition/domain/item.h"

namespace zonelink::recognition {

// A route in force, in its dates.
struct DatedRoute {
  std::string item_id;
  Route route;
  Date valid_from;
  Date valid_until;  // last day
  bool conditional = false;
};

// Days on which an entry of a negative list counts.
struct ListPeriod {
  std::string item_id;
  std::string list;
  Date first_day;
  Date last_day;
};

class Catalogue {
 public:
  Catalogue() = default;
  // `items`: the newest version of each.
  Catalogue(std::vector<Item> items, std::vector<std::string> zones, std::vector<DatedRoute> routes,
            std::vector<ListPeriod> periods);

  // Says of conditions and negative lists only whether any applies. NotFound `ITEM_NOT_FOUND`.
  Result<Coverage> CoverageOf(const std::string& item_id, const std::string& home_zone,
                              const std::vector<std::string>& target_zones, Date today) const;

 private:
  std::unordered_map<std::string, Item> items_;
  std::unordered_set<std::string> zones_;
  std::unordered_map<std::string, std::vector<DatedRoute>> routes_;   // by item, home and target
  std::unordered_map<std::string, std::vector<ListPeriod>> periods_;  // by item
};

}  // namespace zonelink::recognition
