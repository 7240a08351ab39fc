// SPDX-License-Identifier: Apache-2.0
#include "platform/clocks/clock_store.h"

#include "platform/core/check.h"

namespace zonelink::clocks::clock_store {
namespace {

// What is told of a clock for others to look for.
struct Told {
  std::optional<NextRung> next;
  std::optional<Time> due_at;
};

Told Tell(const WorkingClock& clock, const Kind& kind, const std::vector<std::string>& fired,
          const Calendar& calendar) {
  return {Next(clock, kind, fired, calendar), UsedUpAt(clock, clock.budget, calendar)};
}

const Kind& KindNamed(std::span<const Kind> kinds, std::string_view name) {
  const Kind* kind = FindKind(kinds, name);
  ZL_CHECK(kind != nullptr, "a kind of clock that the service declares");
  return *kind;
}

Clock ReadOne(const db::Row& row) {
  return {.case_id = row.Text("case_id"),
          .name = row.Text("name"),
          .owner = row.Text("owner"),
          .kind = row.Text("kind"),
          .calendar = row.Text("calendar"),
          .clock = {.budget = static_cast<int>(row.Int("budget")),
                    .unit = UnitNamed(row.Text("unit")),
                    .started_at = row.At("started_at"),
                    .stopped_at = row.MaybeAt("stopped_at")},
          .fired = row.Texts("fired"),
          .next_at = row.MaybeAt("next_at"),
          .due_at = row.MaybeAt("due_at"),
          .told = row.Bool("told")};
}

// A clock's rows are its suspensions; one that was never suspended has one without.
void AddSuspension(const db::Row& row, Clock& clock) {
  const auto from = row.MaybeAt("from_at");
  if (!from) return;
  ++clock.stored_suspensions;
  clock.clock.suspensions.push_back({*from,
                                     row.MaybeAt("until_at"),
                                     {.ground = row.Text("ground"),
                                      .reason = row.Text("reason"),
                                      .estimate_days = static_cast<int>(row.Int("estimate_days")),
                                      .opened_by = row.Text("opened_by")}});
}

std::vector<Clock> ReadAll(const db::Rows& rows) {
  std::vector<Clock> clocks;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    const std::string case_id = row.Text("case_id");
    const std::string name = row.Text("name");
    if (clocks.empty() || clocks.back().name != name || clocks.back().case_id != case_id) {
      clocks.push_back(ReadOne(row));
    }
    AddSuspension(row, clocks.back());
  }
  return clocks;
}

}  // namespace

const Kind* FindKind(std::span<const Kind> kinds, std::string_view name) {
  for (const Kind& kind : kinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

// Arrays side by side in a SELECT list give one row per place without being stored first. Their
// elements are never NULL: the epoch stands for nothing.
constexpr db::Sql kInsert{"clock.insert", R"sql(
  INSERT INTO clocks (case_id, name, owner, kind, calendar, calendar_revision, unit, budget,
                      started_at, next_rung, next_at, due_at)
  SELECT case_id, name, owner, kind, calendar, $6, unit, budget, started_at, nullif(next_rung, ''),
         nullif(next_at, 'epoch'), nullif(due_at, 'epoch')
    FROM (SELECT unnest($1::text[]) AS case_id, unnest($2::text[]) AS name,
                 unnest($3::text[]) AS owner, unnest($4::text[]) AS kind,
                 unnest($5::text[]) AS calendar, unnest($7::text[]) AS unit,
                 unnest($8::bigint[]) AS budget, unnest($9::timestamptz[]) AS started_at,
                 unnest($10::text[]) AS next_rung, unnest($11::timestamptz[]) AS next_at,
                 unnest($12::timestamptz[]) AS due_at) AS fresh
)sql"};

void Insert(db::Tx& tx, std::span<const Started> started, const Rules& rules) {
  if (started.empty()) return;
  std::vector<std::string_view> cases, names, owners, kinds, calendars, units, rungs;
  std::vector<int64_t> budgets;
  std::vector<Time> starts, next, due;
  for (const Started& one : started) {
    const Kind& kind = KindNamed(rules.kinds, one.kind);
    const Told told = Tell({.budget = one.budget, .unit = kind.unit, .started_at = one.started_at},
                           kind, {}, rules.calendars.For(one.calendar));
    cases.push_back(one.case_id);
    names.push_back(one.name);
    owners.push_back(one.owner);
    kinds.push_back(one.kind);
    calendars.push_back(one.calendar);
    units.push_back(Name(kind.unit));
    budgets.push_back(one.budget);
    starts.push_back(one.started_at);
    rungs.push_back(told.next ? told.next->name : std::string_view());
    next.push_back(told.next ? told.next->at : Time{});
    due.push_back(told.due_at.value_or(Time{}));
  }
  tx.Exec(kInsert, cases, names, owners, kinds, calendars, rules.calendars.revision(), units,
          budgets, starts, rungs, next, due);
}

// The array in a query of its own: seeing how many ids there are, the planner would make a plan for
// each call.
constexpr db::Sql kOf{"clock.of", R"sql(
  SELECT c.case_id, c.name, c.owner, c.kind, c.calendar, c.unit, c.budget, c.started_at,
         c.stopped_at, c.fired, c.next_at, c.due_at, c.calendar_revision >= 0 AS told,
         s.from_at, s.until_at, s.ground, s.reason, s.estimate_days, s.opened_by
    FROM clocks c LEFT JOIN clock_suspensions s ON s.case_id = c.case_id AND s.name = c.name
   WHERE c.case_id = ANY (ARRAY(SELECT unnest($1::text[])))
   ORDER BY c.case_id, c.name, s.seq
)sql"};

db::Rows Ask(db::Tx& tx, const std::vector<std::string>& case_ids) {
  return tx.Exec(kOf, case_ids);
}

std::unordered_map<std::string, std::vector<Clock>> Read(const db::Rows& rows) {
  std::unordered_map<std::string, std::vector<Clock>> out;
  for (Clock& clock : ReadAll(rows)) out[clock.case_id].push_back(std::move(clock));
  return out;
}

std::vector<Clock> Of(db::Tx& tx, const std::string& case_id) {
  return ReadAll(Ask(tx, {case_id}));
}

constexpr db::Sql kLock{"clock.lock", R"sql(
  SELECT c.case_id, c.name, c.owner, c.kind, c.calendar, c.unit, c.budget, c.started_at,
         c.stopped_at, c.fired, c.next_at, c.due_at, c.calendar_revision >= 0 AS told,
         s.from_at, s.until_at, s.ground, s.reason, s.estimate_days, s.opened_by
    FROM clocks c LEFT JOIN clock_suspensions s ON s.case_id = c.case_id AND s.name = c.name
   WHERE c.case_id = $1 AND c.name = $2
   ORDER BY s.seq FOR UPDATE OF c
)sql"};

std::optional<Clock> Lock(db::Tx& tx, const std::string& case_id, const std::string& name) {
  std::vector<Clock> found = ReadAll(tx.Exec(kLock, case_id, name));
  if (found.empty()) return std::nullopt;
  return std::move(found[0]);
}

constexpr db::Sql kSave{"clock.save", R"sql(
  UPDATE clocks
     SET budget = $3, stopped_at = $4, next_rung = $5, next_at = $6, due_at = $7,
         calendar_revision = $8, fired = $9::text[], version = version + 1
   WHERE case_id = $1 AND name = $2
)sql"};

constexpr db::Sql kClose{"clock.close_suspension", R"sql(
  UPDATE clock_suspensions SET until_at = $3 WHERE case_id = $1 AND name = $2 AND until_at IS NULL
)sql"};

constexpr db::Sql kSuspend{"clock.suspend", R"sql(
  INSERT INTO clock_suspensions (case_id, name, seq, from_at, until_at, ground, reason,
                                 estimate_days, opened_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

static void SaveSuspensions(db::Tx& tx, const Clock& c) {
  const std::vector<Suspension>& all = c.clock.suspensions;
  const auto stored = static_cast<size_t>(c.stored_suspensions);
  ZL_CHECK(all.size() >= stored, "suspensions are only added");
  // Of those stored only the last may have been open.
  if (stored > 0 && all[stored - 1].until)
    tx.Exec(kClose, c.case_id, c.name, *all[stored - 1].until);
  for (size_t i = stored; i < all.size(); ++i) {
    tx.Exec(kSuspend, c.case_id, c.name, static_cast<int>(i) + 1, all[i].from, all[i].until,
            all[i].cause.ground, all[i].cause.reason, all[i].cause.estimate_days,
            all[i].cause.opened_by);
  }
}

static std::optional<std::string_view> NameOf(const std::optional<NextRung>& next) {
  if (!next) return std::nullopt;
  return next->name;
}

static std::optional<Time> AtOf(const std::optional<NextRung>& next) {
  if (!next) return std::nullopt;
  return next->at;
}

Result<Clock> Save(db::Tx& tx, Clock c, const Rules& rules) {
  const Kind& kind = KindNamed(rules.kinds, c.kind);
  const Told told = Tell(c.clock, kind, c.fired, rules.calendars.For(c.calendar));
  const db::Rows saved =
      tx.Exec(kSave, c.case_id, c.name, c.clock.budget, c.clock.stopped_at, NameOf(told.next),
              AtOf(told.next), told.due_at, rules.calendars.revision(), c.fired);
  // Never half of a change: a policy has hidden the clock from whoever acts.
  if (saved.affected() != 1) return Internal("a clock that the caller may not change");
  SaveSuspensions(tx, c);
  c.next_at = AtOf(told.next);
  c.due_at = told.due_at;
  c.stored_suspensions = static_cast<int>(c.clock.suspensions.size());
  return c;
}

constexpr db::Sql kSaveFired{"clock.save_fired", R"sql(
  UPDATE clocks
     SET fired = $3::text[], next_rung = $4, next_at = $5, due_at = $6, calendar_revision = $7,
         version = version + 1
   WHERE case_id = $1 AND name = $2
)sql"};

Clock SaveFired(db::Tx& tx, Clock c, const Rules& rules) {
  const Kind& kind = KindNamed(rules.kinds, c.kind);
  const Told told = Tell(c.clock, kind, c.fired, rules.calendars.For(c.calendar));
  tx.Exec(kSaveFired, c.case_id, c.name, c.fired, NameOf(told.next), AtOf(told.next), told.due_at,
          rules.calendars.revision());
  c.next_at = AtOf(told.next);
  c.due_at = told.due_at;
  return c;
}

constexpr db::Sql kNext{"clock.next", R"sql(
  SELECT case_id, name, next_at
    FROM clocks
   WHERE next_at IS NOT NULL AND kind = ANY ((SELECT $1::text[])::text[])
     AND case_id <> ALL ((SELECT $2::text[])::text[])
   ORDER BY next_at, case_id, name LIMIT 1
)sql"};

db::Rows AskNext(db::Tx& tx, const std::vector<std::string>& kinds,
                 const std::vector<std::string>& but) {
  return tx.Exec(kNext, kinds, but);
}

std::optional<Key> ReadNext(const db::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return Key{rows[0].Text("case_id"), rows[0].Text("name"), rows[0].At("next_at")};
}

// A few times a year: no index serves it.
constexpr db::Sql kStale{"clock.stale", R"sql(
  SELECT case_id, name
    FROM clocks
   WHERE due_at IS NOT NULL AND unit <> 'CALENDAR_MINUTE' AND calendar_revision < $1
     AND ($2 = 'national' OR calendar = $2)
     AND kind = ANY ((SELECT $3::text[])::text[])
   ORDER BY case_id, name
)sql"};

static std::vector<Key> ReadKeys(const db::Rows& rows) {
  std::vector<Key> keys;
  for (size_t i = 0; i < rows.size(); ++i) {
    keys.push_back({rows[i].Text("case_id"), rows[i].Text("name")});
  }
  return keys;
}

std::vector<Key> AllStale(db::Tx& tx, const Stale& stale, const std::vector<std::string>& kinds) {
  return ReadKeys(tx.Exec(kStale, stale.revision, stale.calendar, kinds));
}

// Once per process: no index serves it.
constexpr db::Sql kUntold{"clock.untold", R"sql(
  SELECT case_id, name
    FROM clocks
   WHERE calendar_revision < 0 AND stopped_at IS NULL AND kind = ANY ((SELECT $1::text[])::text[])
   ORDER BY case_id, name
)sql"};

std::vector<Key> AllUntold(db::Tx& tx, const std::vector<std::string>& kinds) {
  return ReadKeys(tx.Exec(kUntold, kinds));
}

}  // namespace zonelink::clocks::clock_store
