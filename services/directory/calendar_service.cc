// SPDX-License-Identifier: Apache-2.0
// Zones, working days and the deployment's clock.
#include <fmt/format.h>

#include "directory/clock_store.h"
#include "directory/convert.h"
#include "directory/directory_service.h"
#include "directory/domain/deployment_clock.h"
#include "directory/requests.h"
#include "directory/zone_store.h"
#include "platform/calendar/calendar.h"
#include "platform/core/check.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::directory {
namespace {

Error CalendarRange(const Calendar& calendar) {
  const std::string first = FormatDate(calendar.first_day());
  const std::string last = FormatDate(calendar.last_day());
  return InvalidArgument("CALENDAR_RANGE", fmt::format("the calendar spans {} to {}", first, last),
                         {{"first", first}, {"last", last}});
}

}  // namespace

Result<pb::ListZonesResponse> DirectoryService::ListZones(const Call& call,
                                                          const pb::ListZonesRequest&) {
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::ListZonesResponse> {
    pb::ListZonesResponse reply;
    for (const Zone& zone : zone_store::List(tx)) *reply.add_items() = ToProto(zone);
    return reply;
  });
}

Result<pb::WorkingDays> DirectoryService::GetWorkingDays(const Call& call,
                                                         const pb::GetWorkingDaysRequest& request) {
  const auto found =
      database_.Query(call, [&](db::Tx& tx) { return calendars_.Of(tx, request.zone()); });
  if (!found) return found.error();
  const Calendar& calendar = **found;
  const std::optional<Date> from = ParseDate(request.from());
  ZL_CHECK(from.has_value(), "the server checked the field's format");
  if (*from < calendar.first_day() || *from > calendar.last_day()) return CalendarRange(calendar);
  if (calendar.Count(*from, calendar.last_day()) < request.days()) return CalendarRange(calendar);
  return ToProto(calendar.NthWithReasons(*from, request.days()));
}

Result<pb::DeploymentClock> DirectoryService::GetClock(const Call& call,
                                                       const pb::GetClockRequest&) {
  return database_.Query(call, [&](db::Tx& tx) -> Result<pb::DeploymentClock> {
    pb::DeploymentClock reply;
    *reply.mutable_now() = ToTimestamp(tx.now());
    reply.set_controllable(settings_.controllable_clock);
    return reply;
  });
}

Result<pb::DeploymentClock> DirectoryService::AdvanceClock(const Call& call,
                                                           const pb::AdvanceClockRequest& request) {
  if (!settings_.controllable_clock) {
    return NotFound("CLOCK_NOT_CONTROLLABLE", "this deployment runs on wall time");
  }
  const Time to = ToTime(request.to());
  // Beyond the calendar no due date can be told; publishing does not move its ends.
  const Calendar& calendar = NationalCalendar();
  if (to > EndOfDay(calendar.last_day())) return CalendarRange(calendar);
  Result<pb::DeploymentClock> moved = database_.Command<pb::DeploymentClock>(
      call, request, [&](db::Tx& tx) -> Result<pb::DeploymentClock> {
        // Wall time is read behind the row's lock: the wait for another advance counts too.
        const auto before = clock_store::OffsetForUpdate(tx);
        const Time wall = clock_.Now();
        const auto offset = Advance(before, wall, to);
        if (!offset) return offset.error();
        clock_store::SetOffset(tx, *offset);
        pb::DeploymentClock reply;
        *reply.mutable_now() = ToTimestamp(wall + *offset);
        reply.set_controllable(true);
        return reply;
      });
  if (!moved || !settle_) return moved;
  // After the commit: a repetition is answered as the first was, and goes on here.
  if (const Status settled = settle_(call); !settled) return settled.error();
  return moved;
}

}  // namespace zonelink::directory
