// SPDX-License-Identifier: Apache-2.0
// The newest numbered events as they were read, so that of several consumers only the first makes
// the database send them. They are copies: EventLog asks the database whether they still stand.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "zonelink/events/v1/events.pb.h"

namespace zonelink::outbox {

using EventPtr = std::shared_ptr<const events::v1::Event>;  // shared with answers being made

class RecentEvents {
 public:
  // Kept events in order, from the one numbered `after`, or the next where that one is not kept, to
  // `after` + `limit`. Empty when neither is kept.
  std::vector<EventPtr> From(int64_t after, int limit) const;
  // `events` follow `last`, which stood in the log when they were read; nothing: it is not known.
  // Takes them if they are newer than all that is kept, and forgets what does not lead up to them.
  void Follow(const EventPtr& last, const std::vector<EventPtr>& events);
  void LoseSalt(std::string_view event_id);
  void Clear();

 private:
  const EventPtr& At(int64_t number) const;

  mutable std::mutex mutex_;
  std::deque<EventPtr> kept_;  // numbers without gaps
  size_t bytes_ = 0;
};

}  // namespace zonelink::outbox
