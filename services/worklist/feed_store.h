// SPDX-License-Identifier: Apache-2.0
// The table `feed`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/database.h"

namespace zonelink::worklist {

// What happened, as the live stream tells it.
struct FeedEntry {
  int64_t seq = 0;
  std::string event_id;
  std::string source;  // service, for example recognition
  std::string type;
  std::string subject;
  Time at;
  std::string zone;   // empty where none is concerned
  std::string state;  // after the event
};

// False when the event was applied before: then it must have no further effect.
bool AddToFeed(db::Tx& tx, const FeedEntry& entry, const std::vector<std::string>& parties);

// The newest position of all.
int64_t FeedHead(db::Tx& tx);
// Position of an event that the caller may see. `event_id` must be a UUID.
std::optional<int64_t> FeedPosition(db::Tx& tx, const std::string& event_id);
// What the caller may see after a position, oldest first.
std::vector<FeedEntry> FeedAfter(db::Tx& tx, int64_t seq, int limit);

}  // namespace zonelink::worklist
