// SPDX-License-Identifier: Apache-2.0
// Mandates 委托代理: a copy of what the directory's events say.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/core/time.h"
#include "platform/db/database.h"
#include "recognition/domain/filing.h"
#include "zonelink/events/v1/events.pb.h"

namespace zonelink::recognition::mandate_store {

// Applies one event of the directory; those that tell of no mandate have no effect.
Status Apply(db::Tx& tx, const events::v1::Event& event);

// What is to be done in somebody's name.
struct Wanted {
  std::string principal_uscc;
  std::string agent_organization_id;
  std::string item_id;
  std::string_view act;  // file, supplement, withdraw
  Date today;
};
// The principal as applicant and the agency; nothing where no mandate covers it.
struct Found {
  Applicant principal;
  Agency agency;
};
std::optional<Found> Find(db::Tx& tx, const Wanted& wanted);

// What an agent has to do with a filing of its principal's.
struct Part {
  std::string agent;  // organisations
  std::string principal;
  std::string filing_id;
  std::string_view act = {};  // supplement, withdraw; empty: to be told of it, whatever the act
};
// Does a mandate of today cover it? Any between the two counts, not only that of the filing.
bool Covers(db::Tx& tx, const Part& part);

}  // namespace zonelink::recognition::mandate_store
