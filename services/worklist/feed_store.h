// SPDX-License-Identifier: Apache-2.0
// The table `feed`.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
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

// One to add; refers to the event that tells of it.
struct NewFeedEntry {
  std::string_view event_id;
  std::string_view type;
  std::string_view subject;
  Time at;
  std::string_view zone;
  std::string_view state;
  std::string parties;  // who may see it, joined by commas
};

// Ids of those that are in the feed: they were applied before and must have no further effect.
std::set<std::string, std::less<>> InFeed(db::Tx& tx, std::span<const NewFeedEntry> entries);
// Adds in the order given. None of them may be there.
void AddToFeed(db::Tx& tx, std::string_view source, std::span<const NewFeedEntry> entries);

// The newest position of all.
int64_t FeedHead(db::Tx& tx);
// Position of an event that the caller may see. `event_id` must be a UUID.
std::optional<int64_t> FeedPosition(db::Tx& tx, const std::string& event_id);
// What the caller may see after a position, oldest first.
std::vector<FeedEntry> FeedAfter(db::Tx& tx, int64_t seq, int limit);

}  // namespace zonelink::worklist
