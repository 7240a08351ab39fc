// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/calendar_store.h"

#include <fmt/format.h>

namespace zonelink::clocks::calendar_store {

// Only the relay role writes here, one batch at a time: revisions do not collide.
constexpr db::Sql kApplyYear{"calendar.apply_year", R"sql(
  INSERT INTO calendar_years AS held (calendar, year, version, revision)
  VALUES ($1, $2, $3, (SELECT coalesce(max(revision), 0) + 1 FROM calendar_years))
  ON CONFLICT (calendar, year) DO UPDATE
     SET version = excluded.version, revision = excluded.revision,
         published_at = clock_timestamp(), settled = false
   WHERE held.version < excluded.version
)sql"};

constexpr db::Sql kClearDays{"calendar.clear_days", R"sql(
  DELETE FROM calendar_days WHERE calendar = $1 AND year = $2
)sql"};

constexpr db::Sql kApplyDays{"calendar.apply_days", R"sql(
  INSERT INTO calendar_days (calendar, year, day, kind, name)
  SELECT $1, $2, day::date, kind, name
    FROM unnest($3::text[], $4::text[], $5::text[]) AS published (day, kind, name)
)sql"};

Status Apply(db::Tx& tx, const events::v1::CalendarPublished& published) {
  std::vector<std::string> days, kinds, names;
  for (const events::v1::CalendarDay& day : published.days()) {
    if (!ParseDate(day.date()) || (day.kind() != "WORK" && day.kind() != "REST")) {
      return InvalidArgument("CALENDAR_INVALID",
                             fmt::format("{} is no day of a calendar", day.date()));
    }
    days.push_back(day.date());
    kinds.push_back(day.kind());
    names.push_back(day.name());
  }
  const int year = published.year();
  const db::Rows applied = tx.Exec(kApplyYear, published.calendar(), year, published.version());
  if (applied.affected() == 0) return Done{};
  tx.Exec(kClearDays, published.calendar(), year);
  tx.Exec(kApplyDays, published.calendar(), year, days, kinds, names);
  return Done{};
}

constexpr db::Sql kRevision{"calendar.revision", R"sql(
  SELECT coalesce(max(revision), 0) AS revision FROM calendar_years
)sql"};

int64_t Revision(db::Tx& tx) { return tx.Exec(kRevision)[0].Int("revision"); }

// Years without a day too: they are no longer provisional. The revision is that of the rows.
constexpr db::Sql kLoad{"calendar.load", R"sql(
  SELECT y.calendar, y.year, max(y.revision) OVER () AS revision, d.day, d.kind, d.name
    FROM calendar_years y LEFT JOIN calendar_days d ON d.calendar = y.calendar AND d.year = y.year
   ORDER BY y.calendar, y.year, d.day
)sql"};

std::shared_ptr<const CalendarSet> Load(db::Tx& tx) {
  const db::Rows rows = tx.Exec(kLoad);
  CalendarSet::Years calendars;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    std::vector<CalendarYear>& years = calendars[row.Text("calendar")];
    const int year = static_cast<int>(row.Int("year"));
    if (years.empty() || years.back().year != year) years.push_back({year, {}});
    const auto day = row.MaybeDay("day");
    if (!day) continue;
    const DayKind kind = row.Text("kind") == "WORK" ? DayKind::kWork : DayKind::kRest;
    years.back().days.push_back({*day, kind, row.Text("name")});
  }
  const int64_t revision = rows.empty() ? 0 : rows[0].Int("revision");
  return std::make_shared<const CalendarSet>(revision, calendars);
}

constexpr db::Sql kUnsettled{"calendar.unsettled", R"sql(
  SELECT revision, calendar, extract(epoch FROM clock_timestamp() - published_at)::bigint AS age
    FROM calendar_years WHERE NOT settled ORDER BY revision
)sql"};

std::vector<Unsettled> AllUnsettled(db::Tx& tx) {
  const db::Rows rows = tx.Exec(kUnsettled);
  std::vector<Unsettled> all;
  for (size_t i = 0; i < rows.size(); ++i) {
    all.push_back({rows[i].Int("revision"), rows[i].Text("calendar"),
                   std::chrono::seconds{rows[i].Int("age")}});
  }
  return all;
}

constexpr db::Sql kSettle{"calendar.settle", R"sql(
  UPDATE calendar_years SET settled = true WHERE revision = $1
)sql"};

void Settle(db::Tx& tx, int64_t revision) { tx.Exec(kSettle, revision); }

}  // namespace zonelink::clocks::calendar_store
