// SPDX-License-Identifier: Apache-2.0
#include "platform/outbox/recent_events.h"

#include <algorithm>

namespace zonelink::outbox {
namespace {

constexpr size_t kMostEvents = 4096;
constexpr size_t kMostBytes = 8 << 20;

size_t BytesOf(const EventPtr& event) { return event->body().size(); }

}  // namespace

std::vector<EventPtr> RecentEvents::From(int64_t after, int limit) const {
  const std::lock_guard lock(mutex_);
  if (kept_.empty()) return {};
  const int64_t first = kept_.front()->number();
  if (after + 1 < first || after > kept_.back()->number()) return {};
  const auto skipped = static_cast<size_t>(std::max<int64_t>(after - first, 0));
  const auto end = std::min(kept_.size(), static_cast<size_t>(after + limit + 1 - first));
  return {kept_.begin() + static_cast<ptrdiff_t>(skipped),
          kept_.begin() + static_cast<ptrdiff_t>(end)};
}

void RecentEvents::Follow(const EventPtr& last, const std::vector<EventPtr>& events) {
  if (events.empty()) return;
  const std::lock_guard lock(mutex_);
  const bool newest = kept_.empty() || events.back()->number() > kept_.back()->number();
  if (!newest) return;
  // Read from another place, or by two at the same time.
  const bool joins = last && !kept_.empty() && last->number() >= kept_.front()->number() &&
                     last->number() <= kept_.back()->number() && At(last->number()) == last;
  while (!kept_.empty() && !(joins && kept_.back()->number() == last->number())) {
    bytes_ -= BytesOf(kept_.back());
    kept_.pop_back();
  }
  for (const EventPtr& event : events) {
    kept_.push_back(event);
    bytes_ += BytesOf(event);
  }
  while (kept_.size() > kMostEvents || bytes_ > kMostBytes) {
    bytes_ -= BytesOf(kept_.front());
    kept_.pop_front();
  }
}

const EventPtr& RecentEvents::At(int64_t number) const {
  return kept_[static_cast<size_t>(number - kept_.front()->number())];
}

void RecentEvents::LoseSalt(std::string_view event_id) {
  const std::lock_guard lock(mutex_);
  for (EventPtr& event : kept_) {
    if (event->event_id() != event_id) continue;
    auto bare = std::make_shared<events::v1::Event>(*event);
    bare->clear_salt();
    event = std::move(bare);
  }
}

void RecentEvents::Clear() {
  const std::lock_guard lock(mutex_);
  kept_.clear();
  bytes_ = 0;
}

}  // namespace zonelink::outbox
