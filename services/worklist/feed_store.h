// SPDX-License-Identifier: Apache-2.0
// The table `feed`.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
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

struct NewFeedEntry {
  FeedEntry entry;
  std::vector<std::string> parties;  // who may see it
};

// Adds in the order given; returns the ids of the events that were added. The others were applied
// before and must have no further effect.
std::set<std::string> AddToFeed(db::Tx& tx, std::span<const NewFeedEntry> entries);

// The newest position of all.
int64_t FeedHead(db::Tx& tx);
// Position of an event that the caller may see. `event_id` must be a UUID.
std::optional<int64_t> FeedPosition(db::Tx& tx, const std::string& event_id);
// What the caller may see after a position, oldest first.
std::vector<FeedEntry> FeedAfter(db::Tx& tx, int64_t seq, int limit);

}  // namespace zonelink::worklist
