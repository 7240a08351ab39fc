// SPDX-License-Identifier: Apache-2.0
#include "directory/calendar_year_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "directory/calendar_store.h"
#include "directory/convert.h"
#include "directory/zone_store.h"
#include "platform/core/check.h"
#include "platform/rpc/timestamp.h"

namespace zonelink::directory {
namespace {

CalendarYear ToYear(const v1::PublishCalendarRequest& request) {
  CalendarYear year{.year = request.year(), .days = {}};
  for (const v1::CalendarDay& day : request.days()) {
    const std::optional<Date> date = ParseDate(day.date());
    ZL_CHECK(date.has_value(), "the server checked the field's format");
    const bool work = day.kind() == v1::DAY_KIND_WORK;
    year.days.push_back({*date, work ? DayKind::kWork : DayKind::kRest, day.name()});
  }
  return year;
}

v1::PublishedCalendar ToProto(const CalendarVersion& version) {
  v1::PublishedCalendar out;
  out.set_calendar(version.calendar);
  out.set_year(version.year.year);
  out.set_version(version.version);
  for (const CalendarException& day : version.year.days) {
    v1::CalendarDay* added = out.add_days();
    added->set_date(FormatDate(day.day));
    added->set_kind(day.kind == DayKind::kWork ? v1::DAY_KIND_WORK : v1::DAY_KIND_REST);
    added->set_name(day.name);
  }
  out.set_note(version.note);
  *out.mutable_published_at() = ToTimestamp(version.published_at);
  return out;
}

Status CheckCalendar(db::Tx& tx, const std::string& calendar) {
  if (calendar == kNational) return Done{};
  return zone_store::CheckExists(tx, calendar);
}

}  // namespace

CalendarService::CalendarService(db::Database& database, std::string_view secret)
    : database_(database), pages_(secret) {}

void CalendarService::Bind(rpc::Server& server) {
  rpc::Binder(server, "zonelink.directory.v1.CalendarService", this)
      .Unary("PublishCalendar", &CalendarService::PublishCalendar)
      .Unary("ListPublishedCalendars", &CalendarService::ListPublishedCalendars);
}

Result<v1::PublishedCalendar> CalendarService::PublishCalendar(
    const Call& call, const v1::PublishCalendarRequest& request) {
  return database_.Command<v1::PublishedCalendar>(
      call, request, [&](db::Tx& tx) -> Result<v1::PublishedCalendar> {
        const Status known = CheckCalendar(tx, request.calendar());
        if (!known) return known.error();
        calendar_store::Hold(tx);
        const int last = std::max(LastShippedYear(), calendar_store::LastNationalYear(tx));
        Result<CalendarYear> year = CheckYear(request.calendar(), ToYear(request), last);
        if (!year) return year.error();
        return ToProto(calendar_store::Insert(tx, {.calendar = request.calendar(),
                                                   .year = *std::move(year),
                                                   .note = request.note(),
                                                   .published_by = call.caller.user_id,
                                                   .published_at = tx.now()}));
      });
}

Result<v1::ListPublishedCalendarsResponse> CalendarService::ListPublishedCalendars(
    const Call& call, const v1::ListPublishedCalendarsRequest& request) {
  const std::string query =
      fmt::format("ListPublishedCalendars {}|{}", request.calendar(), request.year());
  const auto keys = pages_.Keys(query, request.page_token(), 2);
  if (!keys) return keys.error();
  const size_t size = static_cast<size_t>(rpc::PageSize(request.page_size()));
  calendar_store::Filter filter{
      .calendar = request.calendar(), .year = request.year(), .limit = static_cast<int>(size) + 1};
  if (!keys->empty()) {
    filter.before_year = std::stoi((*keys)[0]);
    filter.before_version = std::stoi((*keys)[1]);
  }
  return database_.Query(call, [&](db::Tx& tx) -> Result<v1::ListPublishedCalendarsResponse> {
    const Status known = CheckCalendar(tx, request.calendar());
    if (!known) return known.error();
    std::vector<CalendarVersion> versions = calendar_store::List(tx, filter);
    v1::ListPublishedCalendarsResponse reply;
    if (versions.size() > size) {
      versions.resize(size);
      const CalendarVersion& last = versions.back();
      reply.set_next_page_token(
          pages_.Token(query, {std::to_string(last.year.year), std::to_string(last.version)}));
    }
    for (const CalendarVersion& version : versions) *reply.add_items() = ToProto(version);
    reply.set_shipped_until(LastShippedYear());
    return reply;
  });
}

}  // namespace zonelink::directory
