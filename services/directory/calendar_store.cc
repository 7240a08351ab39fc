// SPDX-License-Identifier: Apache-2.0
#include "directory/calendar_store.h"

#include <fmt/format.h>

#include "directory/events.h"
#include "platform/core/check.h"

namespace zonelink::directory::calendar_store {
namespace {

CalendarYear YearFromRow(const db::Row& row) {
  CalendarYear year{.year = static_cast<int>(row.Int("year")), .days = {}};
  const std::vector<std::string> days = row.Texts("days");
  const std::vector<std::string> kinds = row.Texts("kinds");
  const std::vector<std::string> names = row.Texts("names");
  for (size_t i = 0; i < days.size(); ++i) {
    const std::optional<Date> day = ParseDate(days[i]);
    ZL_CHECK(day.has_value(), "a stored day");
    year.days.push_back({*day, DayKindNamed(kinds[i]), names[i]});
  }
  return year;
}

}  // namespace

constexpr db::Sql kHold{"calendar.hold",
                        "SELECT pg_advisory_xact_lock(hashtextextended('directory.calendar', 0))"};

void Hold(db::Tx& tx) { tx.Exec(kHold); }

constexpr db::Sql kLastNational{"calendar.last_national", R"sql(
  SELECT coalesce(max(year), 0) AS year FROM calendar_version WHERE calendar = 'national'
)sql"};

int LastNationalYear(db::Tx& tx) { return static_cast<int>(tx.Exec(kLastNational)[0].Int("year")); }

constexpr db::Sql kInsert{"calendar.insert", R"sql(
  INSERT INTO calendar_version (calendar, year, version, note, published_by, published_at)
  SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5::timestamptz
  FROM calendar_version WHERE calendar = $1 AND year = $2
  RETURNING version
)sql"};

constexpr db::Sql kInsertDays{"calendar.insert_days", R"sql(
  INSERT INTO calendar_day (calendar, year, version, day, kind, name)
  SELECT $1, $2, $3, day::date, kind, name
  FROM unnest($4::text[], $5::text[], $6::text[]) AS one (day, kind, name)
)sql"};

CalendarVersion Insert(db::Tx& tx, CalendarVersion version) {
  const db::Rows inserted = tx.Exec(kInsert, version.calendar, version.year.year, version.note,
                                    version.published_by, version.published_at);
  version.version = static_cast<int>(inserted[0].Int("version"));
  std::vector<std::string> days;
  std::vector<std::string_view> kinds;
  std::vector<std::string> names;
  for (const CalendarException& day : version.year.days) {
    days.push_back(FormatDate(day.day));
    kinds.push_back(Name(day.kind));
    names.push_back(day.name);
  }
  tx.Exec(kInsertDays, version.calendar, version.year.year, version.version, days, kinds, names);
  AppendCalendarPublished(tx, version);
  return version;
}

constexpr db::Sql kPublication{"calendar.publication", R"sql(
  SELECT EXISTS (SELECT FROM zone WHERE zone_id = $1) AS known,
         (SELECT coalesce(max(publication), 0) FROM calendar_version) AS publication
)sql"};

Result<int64_t> Publication(db::Tx& tx, std::string_view zone) {
  const db::Rows rows = tx.Exec(kPublication, zone);
  if (!rows[0].Bool("known")) return NotFound("ZONE_NOT_FOUND", fmt::format("no zone {}", zone));
  return rows[0].Int("publication");
}

constexpr db::Sql kCurrent{"calendar.current", R"sql(
  SELECT v.year,
         ARRAY(SELECT d.day::text FROM calendar_day d WHERE d.calendar = $1
               AND d.year = v.year AND d.version = v.version ORDER BY d.day) AS days,
         ARRAY(SELECT d.kind FROM calendar_day d WHERE d.calendar = $1
               AND d.year = v.year AND d.version = v.version ORDER BY d.day) AS kinds,
         ARRAY(SELECT d.name FROM calendar_day d WHERE d.calendar = $1
               AND d.year = v.year AND d.version = v.version ORDER BY d.day) AS names
  FROM (SELECT year, max(version) AS version FROM calendar_version WHERE calendar = $1
        GROUP BY year) v
)sql"};

std::vector<CalendarYear> Current(db::Tx& tx, std::string_view calendar) {
  const db::Rows rows = tx.Exec(kCurrent, calendar);
  std::vector<CalendarYear> years;
  for (size_t i = 0; i < rows.size(); ++i) years.push_back(YearFromRow(rows[i]));
  return years;
}

constexpr db::Sql kList{"calendar.list", R"sql(
  SELECT v.year, v.version, v.note, v.published_by, v.published_at,
         ARRAY(SELECT d.day::text FROM calendar_day d WHERE d.calendar = v.calendar
               AND d.year = v.year AND d.version = v.version ORDER BY d.day) AS days,
         ARRAY(SELECT d.kind FROM calendar_day d WHERE d.calendar = v.calendar
               AND d.year = v.year AND d.version = v.version ORDER BY d.day) AS kinds,
         ARRAY(SELECT d.name FROM calendar_day d WHERE d.calendar = v.calendar
               AND d.year = v.year AND d.version = v.version ORDER BY d.day) AS names
  FROM calendar_version v
  WHERE v.calendar = $1 AND ($2 = 0 OR v.year = $2)
    AND ($3 = 0 OR (v.year, v.version) < ($3, $4))
  ORDER BY v.year DESC, v.version DESC LIMIT $5
)sql"};

std::vector<CalendarVersion> List(db::Tx& tx, const Filter& filter) {
  const db::Rows rows = tx.Exec(kList, filter.calendar, filter.year, filter.before_year,
                                filter.before_version, filter.limit);
  std::vector<CalendarVersion> versions;
  for (size_t i = 0; i < rows.size(); ++i) {
    versions.push_back({.calendar = filter.calendar,
                        .year = YearFromRow(rows[i]),
                        .version = static_cast<int>(rows[i].Int("version")),
                        .note = rows[i].Text("note"),
                        .published_by = rows[i].Text("published_by"),
                        .published_at = rows[i].At("published_at")});
  }
  return versions;
}

}  // namespace zonelink::directory::calendar_store
