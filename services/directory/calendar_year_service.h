// SPDX-License-Identifier: Apache-2.0
// The handlers of zonelink.directory.v1.CalendarService: years of calendars are published.
#pragma once

#include <string_view>

#include "platform/db/database.h"
#include "platform/rpc/page.h"
#include "platform/rpc/server.h"
#include "zonelink/directory/v1/calendar_service.pb.h"

namespace zonelink::directory {

class CalendarService {
 public:
  // `secret`: the deployment's.
  CalendarService(db::Database& database, std::string_view secret);

  void Bind(rpc::Server& server);

  Result<v1::PublishedCalendar> PublishCalendar(const Call& call,
                                                const v1::PublishCalendarRequest& request);
  Result<v1::ListPublishedCalendarsResponse> ListPublishedCalendars(
      const Call& call, const v1::ListPublishedCalendarsRequest& request);

 private:
  db::Database& database_;
  rpc::Pages pages_;
};

}  // namespace zonelink::directory
