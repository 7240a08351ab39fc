// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/calendars.h"

#include "platform/clocks/calendar_store.h"
#include "platform/log/log.h"

namespace zonelink::clocks {

std::shared_ptr<const CalendarSet> Calendars::Known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

std::shared_ptr<const CalendarSet> Calendars::Now() {
  if (auto known = Known()) return known;
  if (const Status read = Refresh(); !read) {
    log::Warn("calendars not read",
              {{"schema", database_.schema()}, {"reason", read.error().reason}});
    return std::make_shared<const CalendarSet>(0, CalendarSet::Years{});
  }
  return Known();
}

Status Calendars::Refresh() {
  const auto known = Known();
  std::shared_ptr<const CalendarSet> fresh;
  const Status read = database_.System("read calendars", [&](db::Tx& tx) -> Status {
    fresh.reset();
    if (known && calendar_store::Revision(tx) == known->revision()) return Done{};
    fresh = calendar_store::Load(tx);
    return Done{};
  });
  if (!read || !fresh) return read;
  const std::lock_guard lock(mutex_);
  // Two that read at once: the later publication stays.
  if (!known_ || known_->revision() < fresh->revision()) known_ = std::move(fresh);
  return Done{};
}

}  // namespace zonelink::clocks
