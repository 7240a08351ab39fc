// SPDX-License-Identifier: Apache-2.0
#include "directory/published_calendars.h"

#include "directory/calendar_store.h"

namespace zonelink::directory {

Result<std::shared_ptr<const Calendar>> PublishedCalendars::Of(db::Tx& tx,
                                                               const std::string& zone) {
  const Result<int64_t> publication = calendar_store::Publication(tx, zone);
  if (!publication) return publication.error();
  {
    const std::lock_guard lock(mutex_);
    const Kept& kept = kept_[zone];
    if (kept.publication == *publication) return kept.calendar;
  }
  auto calendar = std::make_shared<const Calendar>(
      PublishedCalendar(calendar_store::Current(tx, kNational), calendar_store::Current(tx, zone)));
  const std::lock_guard lock(mutex_);
  Kept& kept = kept_[zone];
  // Another transaction may have seen more meanwhile.
  if (kept.publication < *publication) kept = {*publication, calendar};
  return calendar;
}

}  // namespace zonelink::directory
