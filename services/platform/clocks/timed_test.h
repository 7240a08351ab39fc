// SPDX-License-Identifier: Apache-2.0
// For tests: a schema with cases that have clocks, on a database of its own whose clock is moved by
// hand, and the hooks of a service that writes down what it was told.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "platform/clocks/calendar_store.h"
#include "platform/clocks/timer.h"
#include "platform/core/clock.h"
#include "platform/db/scratch_database.h"

namespace zonelink::clocks {

inline constexpr db::Migration kTimedFiles[] = {{"0001_timed.sql", R"sql(
  CREATE TABLE cases (case_id text COLLATE "C" PRIMARY KEY);
  CREATE TABLE told (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text text NOT NULL CONSTRAINT told_once UNIQUE);
  GRANT SELECT, INSERT, UPDATE ON cases TO {{role}}_timer;
  GRANT SELECT, UPDATE ON cases TO {{role}}_relay;
  GRANT SELECT, INSERT ON told TO {{role}}_timer;
  ALTER TABLE clocks ADD CONSTRAINT clocks_case FOREIGN KEY (case_id) REFERENCES cases (case_id);
  CREATE POLICY clocks_group ON clocks FOR INSERT TO {{role}}_writer
    WITH CHECK (owner IN (SELECT organization_id FROM current_member_organizations()));
  GRANT INSERT ON clocks TO {{role}}_writer;
)sql"}};
inline const db::Schema kTimed{.name = "timed", .migrations = kTimedFiles};

inline constexpr std::array kReviewRungs = {
    Rung{.name = "half", .percent = 50}, Rung{.name = "soon", .percent = 80},
    Rung{.name = "due", .percent = 100}, Rung{.name = "late", .percent = 120}};
inline constexpr std::array kWindowRungs = {Rung{.name = "missed", .percent = 100}};
inline constexpr std::array kTimedKinds = {
    Kind{"review", Unit::kWorkingDay, kReviewRungs},
    Kind{"window", Unit::kWorkingDay, kWindowRungs},
    Kind{"alert", Unit::kCalendarMinute, kWindowRungs},
};

// Shanghai's time, "2026-03-02T09:00:00".
inline Time Local(const std::string& text) { return *ParseTime(text + "+08:00"); }
inline std::string LocalText(Time at) { return FormatTime(at + kShanghaiOffset).substr(0, 19); }

constexpr db::Sql kTell{"timed.tell", "INSERT INTO told (text) VALUES ($1)"};
constexpr db::Sql kTold{"timed.told", "SELECT text FROM told ORDER BY seq"};
constexpr db::Sql kOpenCase{"timed.open", "INSERT INTO cases (case_id) VALUES ($1)"};
constexpr db::Sql kLockCase{"timed.lock",
                            "SELECT case_id FROM cases WHERE case_id = $1 FOR UPDATE"};

class TimedTest : public testing::Test {
 protected:
  TimedTest() : scratch_(kTimed), database_(Options()), calendars_(database_) {}

  db::Options Options() const {
    db::Options options = scratch_.OptionsFor(kTimed);
    options.controllable_clock = true;
    return options;
  }

  void SetNow(const std::string& local) {
    const auto offset = Local(local) - SystemClock().Now();
    scratch_.Admin("UPDATE clock.setting SET offset_us = " + std::to_string(offset.count()));
  }

  Hooks MakeHooks() {
    return {.lock = [](db::Tx& tx, const std::string& case_id) -> Status {
              if (tx.Exec(kLockCase, case_id).empty()) return NotFound("CASE_NOT_FOUND", "no case");
              return Done{};
            },
            .fire = [this](db::Tx& tx, const Due& due) -> Status {
              tx.Exec(kTell,
                      due.case_id + " " + due.name + " " + due.rung + " " + LocalText(due.at));
              return on_fire_ ? on_fire_(tx, due) : Status(Done{});
            },
            .moved = [](db::Tx& tx, const Moved& moved) -> Status {
              tx.Exec(kTell, moved.case_id + " " + moved.name + " moved from " +
                                 LocalText(*moved.was) + " to " + LocalText(*moved.due_at));
              return Done{};
            }};
  }

  // A transaction of the service.
  void InTx(const std::function<void(db::Tx&)>& body) {
    const Status done = database_.Timer("test", [&](db::Tx& tx) -> Status {
      body(tx);
      return Done{};
    });
    ASSERT_TRUE(done) << done.error().message;
  }

  clock_store::Rules RulesNow() {
    known_ = calendars_.Now();
    return {kTimedKinds, *known_};
  }

  void StartClock(const std::string& case_id, const std::string& name, const std::string& kind,
                  int budget, const std::string& from, const std::string& calendar = "national") {
    InTx([&](db::Tx& tx) {
      tx.Exec(kOpenCase, case_id);
      const Started started{.case_id = case_id,
                            .name = name,
                            .owner = "o-1",
                            .kind = kind,
                            .calendar = calendar,
                            .budget = budget,
                            .started_at = Local(from)};
      clock_store::Insert(tx, {&started, 1}, RulesNow());
    });
  }

  void Change(const std::string& case_id, const std::function<WorkingClock(WorkingClock)>& change) {
    InTx([&](db::Tx& tx) {
      for (Clock& clock : clock_store::Of(tx, case_id)) {
        clock.clock = change(std::move(clock.clock));
        EXPECT_TRUE(clock_store::Save(tx, std::move(clock), RulesNow()));
      }
    });
  }

  Clock TheClock(const std::string& case_id) {
    std::vector<Clock> clocks;
    InTx([&](db::Tx& tx) { clocks = clock_store::Of(tx, case_id); });
    EXPECT_EQ(clocks.size(), 1U);
    return clocks.at(0);
  }

  std::vector<std::string> Told() {
    std::vector<std::string> told;
    InTx([&](db::Tx& tx) {
      const db::Rows rows = tx.Exec(kTold);
      for (size_t i = 0; i < rows.size(); ++i) told.push_back(rows[i].Text("text"));
    });
    return told;
  }

  static std::chrono::steady_clock::time_point Soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(30);
  }

  // What FireDue answers.
  static std::string FireDue(Timer& timer) {
    const auto fired = timer.FireDue(Soon());
    return fired ? std::to_string(*fired) : fired.error().reason;
  }

  db::ScratchDatabase scratch_;
  db::Database database_;
  Calendars calendars_;
  std::shared_ptr<const CalendarSet> known_;
  std::function<Status(db::Tx&, const Due&)> on_fire_;
};

}  // namespace zonelink::clocks
