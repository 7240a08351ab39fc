// SPDX-License-Identifier: Apache-2.0
// The zones' calendars as published, kept in memory until something new is.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "platform/calendar/calendar.h"
#include "platform/db/database.h"

namespace zonelink::directory {

class PublishedCalendars {
 public:
  // The calendar of `zone` as the transaction sees it: one statement where nothing was published
  // since it was last asked for. NotFound `ZONE_NOT_FOUND`. Thread-safe; the calendar is shared
  // with whoever asks at the same time.
  Result<std::shared_ptr<const Calendar>> Of(db::Tx& tx, const std::string& zone);

 private:
  struct Kept {
    int64_t publication = -1;
    std::shared_ptr<const Calendar> calendar;
  };
  std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> kept_;  // by zone
};

}  // namespace zonelink::directory
