// SPDX-License-Identifier: Apache-2.0
// The timer on a real cluster. 2026-03-02 is a Monday without holidays near.
#include "platform/clocks/timer.h"

#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <thread>

#include "platform/clocks/timed_test.h"
#include "platform/outbox/append.h"
#include "zonelink/events/v1/directory_events.pb.h"

namespace zonelink::clocks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using TimerTest = TimedTest;

constexpr const char* kStart = "2026-03-02T09:00:00";

TEST_F(TimerTest, FiresEachRungOnceForTheInstantItStandsFor) {
  SetNow(kStart);
  StartClock("c-1", "decide", "review", 10, kStart);
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "0");
  SetNow("2026-03-09T23:00:00");
  EXPECT_EQ(FireDue(timer), "0") << "the fifth day is not over";
  SetNow("2026-03-10T00:00:00");
  EXPECT_EQ(FireDue(timer), "1");
  EXPECT_EQ(FireDue(timer), "0");
  EXPECT_EQ(TheClock("c-1").next_at, Local("2026-03-13T00:00:00"));
  SetNow("2026-05-01T00:00:00");
  EXPECT_EQ(FireDue(timer), "3");
  EXPECT_EQ(FireDue(timer), "0");
  EXPECT_THAT(
      Told(),
      ElementsAre("c-1 decide half 2026-03-10T00:00:00", "c-1 decide soon 2026-03-13T00:00:00",
                  "c-1 decide due 2026-03-17T00:00:00", "c-1 decide late 2026-03-19T00:00:00"));
  EXPECT_EQ(TheClock("c-1").next_at, std::nullopt);
}

TEST_F(TimerTest, TheThreadFiresByItselfAndGoesOnAfterARestart) {
  SetNow("2026-03-11T12:00:00");
  StartClock("c-1", "decide", "review", 10, kStart);
  std::mutex mutex;
  std::condition_variable committed;
  int commits = 0;
  database_.OnEvents([&] {
    const std::lock_guard lock(mutex);
    ++commits;
    committed.notify_all();
  });
  int64_t version = 0;
  on_fire_ = [&](db::Tx& tx, const Due& due) -> Status {
    outbox::Append(tx, {"cases/" + due.case_id, ++version, "zonelink.test.fired", {"zone:x"}},
                   events::v1::ZoneOpened());
    return Done{};
  };
  const auto await = [&](int wanted) {
    std::unique_lock lock(mutex);
    return committed.wait_for(lock, std::chrono::seconds(30), [&] { return commits == wanted; });
  };
  for (const int wanted : {1, 3}) {
    Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
    timer.Start();
    EXPECT_TRUE(await(wanted));
    timer.Stop();
    SetNow("2026-03-17T12:00:00");
  }
  EXPECT_THAT(Told(), ElementsAre("c-1 decide half 2026-03-10T00:00:00",
                                  "c-1 decide soon 2026-03-13T00:00:00",
                                  "c-1 decide due 2026-03-17T00:00:00"));
}

TEST_F(TimerTest, TellsWhatAMigrationBegan) {
  SetNow("2026-03-10T12:00:00");
  for (const char* name : {"c-1", "c-2", "c-3"}) StartClock(name, "decide", "review", 10, kStart);
  Change("c-2", [](WorkingClock clock) {
    return Suspend(std::move(clock), Local("2026-03-04T13:00:00"));
  });
  Change("c-3",
         [](WorkingClock clock) { return Stop(std::move(clock), Local("2026-03-04T13:00:00")); });
  scratch_.Admin(
      "UPDATE timed.clocks SET calendar_revision = -1, next_rung = NULL, next_at = NULL, due_at = "
      "NULL");
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "1");
  EXPECT_THAT(Told(), ElementsAre("c-1 decide half 2026-03-10T00:00:00")) << "nothing was moved";
  EXPECT_EQ(LocalText(*TheClock("c-1").due_at), "2026-03-17T00:00:00");
  EXPECT_EQ(TheClock("c-2").due_at, std::nullopt);
  EXPECT_EQ(
      scratch_.AdminText("SELECT string_agg(case_id, ' ' ORDER BY case_id) FROM timed.clocks WHERE "
                         "calendar_revision < 0"),
      "c-3")
      << "what has stopped needs nothing";
  EXPECT_EQ(FireDue(timer), "0");
}

TEST_F(TimerTest, WakesWhenARungFallsDue) {
  SetNow("2026-03-09T23:59:59");
  StartClock("c-1", "decide", "review", 10, kStart);
  std::mutex mutex;
  std::condition_variable fired;
  bool done = false;
  on_fire_ = [&](db::Tx&, const Due&) -> Status {
    const std::lock_guard lock(mutex);
    done = true;
    fired.notify_all();
    return Done{};
  };
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  timer.Start();
  std::unique_lock lock(mutex);
  EXPECT_TRUE(fired.wait_for(lock, std::chrono::seconds(30), [&] { return done; }));
}

TEST_F(TimerTest, OfTwoProcessesOneFiresEachRung) {
  SetNow(kStart);
  constexpr int kCases = 25;
  for (int i = 0; i < kCases; ++i) {
    StartClock("c-" + std::to_string(i), "decide", "review", 10, kStart);
  }
  SetNow("2026-03-13T12:00:00");
  db::Database other_database(Options());
  Calendars other_calendars(other_database);
  Timer one(database_, calendars_, kTimedKinds, MakeHooks());
  Timer other(other_database, other_calendars, kTimedKinds, MakeHooks());
  Result<int64_t> by_one = int64_t{0};
  std::thread first([&] { by_one = one.FireDue(Soon()); });
  const Result<int64_t> by_other = other.FireDue(Soon());
  first.join();
  ASSERT_TRUE(by_one && by_other);
  EXPECT_EQ(*by_one + *by_other, 2 * kCases) << "and none that is not due yet";
  EXPECT_EQ(Told().size(), 2U * kCases);
}

TEST_F(TimerTest, TheThreadAndItsCallersTakeTurns) {
  SetNow(kStart);
  constexpr int kCases = 10;
  for (int i = 0; i < kCases; ++i) {
    StartClock("c-" + std::to_string(i), "decide", "review", 10, kStart);
  }
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  timer.Start();
  SetNow("2026-03-20T12:00:00");
  std::vector<std::thread> callers;
  std::atomic<int> refused{0};
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      if (!timer.FireDue(Soon())) ++refused;
      timer.Wake();
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(Told().size(), 4U * kCases) << "whoever asks waits for what the thread is firing";
  timer.Stop();
}

TEST_F(TimerTest, AClockThatStandsFiresNothing) {
  SetNow("2026-03-04T10:00:00");
  StartClock("c-1", "decide", "review", 4, kStart);
  Change("c-1", [](WorkingClock clock) {
    return Suspend(std::move(clock), Local("2026-03-04T10:00:00"),
                   {"SUPPLEMENT", "the certificate is missing", 3, "u-1"});
  });
  const Clock standing = TheClock("c-1");
  EXPECT_EQ(standing.next_at, std::nullopt);
  EXPECT_EQ(standing.due_at, std::nullopt);
  EXPECT_EQ(standing.clock.suspensions.at(0).cause.reason, "the certificate is missing");
  EXPECT_EQ(standing.clock.suspensions.at(0).cause.estimate_days, 3);
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  SetNow("2026-03-20T12:00:00");
  EXPECT_EQ(FireDue(timer), "0");
  Change("c-1",
         [](WorkingClock clock) { return Resume(std::move(clock), Local("2026-03-20T12:00:00")); });
  EXPECT_EQ(TheClock("c-1").due_at, Local("2026-03-25T00:00:00")) << "one of four days was used";
  EXPECT_EQ(FireDue(timer), "0");
  SetNow("2026-03-21T00:00:00");
  EXPECT_EQ(FireDue(timer), "1");
  EXPECT_THAT(Told(), ElementsAre("c-1 decide half 2026-03-21T00:00:00"));
}

TEST_F(TimerTest, ASecondSuspensionIsKeptBesideTheFirst) {
  SetNow(kStart);
  StartClock("c-1", "decide", "review", 4, kStart);
  for (const char* day : {"2026-03-04", "2026-03-09"}) {
    const std::string from = day;
    Change("c-1", [&](WorkingClock clock) {
      return Suspend(std::move(clock), Local(from + "T10:00:00"), {"HEARING", "heard", 0, "u-1"});
    });
    Change("c-1",
           [&](WorkingClock clock) { return Resume(std::move(clock), Local(from + "T18:00:00")); });
  }
  Change("c-1", [&](WorkingClock clock) {
    clock = Suspend(std::move(clock), Local("2026-03-10T10:00:00"), {"HEARING", "again"});
    return Resume(std::move(clock), Local("2026-03-10T18:00:00"));
  });
  const Clock clock = TheClock("c-1");
  ASSERT_EQ(clock.clock.suspensions.size(), 3U);
  EXPECT_EQ(clock.clock.suspensions[1].from, Local("2026-03-09T10:00:00"));
  EXPECT_EQ(clock.clock.suspensions[1].until, Local("2026-03-09T18:00:00"));
  EXPECT_EQ(clock.clock.suspensions[2].cause.reason, "again");
}

TEST_F(TimerTest, AnExtensionMovesWhatHasNotFired) {
  SetNow("2026-03-05T12:00:00");
  StartClock("c-1", "decide", "review", 4, kStart);
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "1");
  Change("c-1", [](WorkingClock clock) { return Extend(std::move(clock), 6); });
  SetNow("2026-03-16T23:00:00");
  EXPECT_EQ(FireDue(timer), "1");
  SetNow("2026-03-17T00:00:00");
  EXPECT_EQ(FireDue(timer), "1");
  EXPECT_THAT(Told(), ElementsAre("c-1 decide half 2026-03-05T00:00:00",
                                  "c-1 decide soon 2026-03-13T00:00:00",
                                  "c-1 decide due 2026-03-17T00:00:00"));
}

TEST_F(TimerTest, AClockThatHasStoppedFiresNothing) {
  SetNow("2026-03-05T12:00:00");
  StartClock("c-1", "decide", "review", 4, kStart);
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "1");
  Change("c-1",
         [](WorkingClock clock) { return Stop(std::move(clock), Local("2026-03-05T13:00:00")); });
  SetNow("2026-04-30T12:00:00");
  EXPECT_EQ(FireDue(timer), "0");
  const Clock stopped = TheClock("c-1");
  EXPECT_EQ(stopped.clock.stopped_at, Local("2026-03-05T13:00:00"));
  EXPECT_EQ(stopped.due_at, std::nullopt);
}

TEST_F(TimerTest, ACaseThatRefusesHoldsUpNoOther) {
  SetNow("2026-03-20T12:00:00");
  StartClock("c-1", "decide", "review", 4, kStart);
  StartClock("c-2", "decide", "window", 8, kStart);
  bool refuses = true;
  on_fire_ = [&](db::Tx&, const Due& due) -> Status {
    if (refuses && due.case_id == "c-1") return FailedPrecondition("NOT_NOW", "not now");
    return Done{};
  };
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "RUNGS_NOT_FIRED");
  EXPECT_THAT(Told(), ElementsAre("c-2 decide missed 2026-03-13T00:00:00"));
  EXPECT_THAT(TheClock("c-1").fired, IsEmpty());
  refuses = false;
  EXPECT_EQ(FireDue(timer), "4");
  EXPECT_EQ(Told().at(1), "c-1 decide half 2026-03-05T00:00:00");
  EXPECT_EQ(TheClock("c-1").fired.size(), 4U);
}

TEST_F(TimerTest, ACaseThatSomebodyHoldsGivesWayToOthers) {
  SetNow("2026-03-20T12:00:00");
  StartClock("c-1", "decide", "window", 4, kStart);
  StartClock("c-2", "decide", "window", 8, kStart);
  std::promise<void> held;
  std::promise<void> let_go;
  std::thread holder([&] {
    const Status done = database_.System("hold", [&](db::Tx& tx) -> Status {
      EXPECT_EQ(tx.Exec(kLockCase, "c-1").size(), 1U);
      held.set_value();
      let_go.get_future().wait();
      return Done{};
    });
    EXPECT_TRUE(done);
  });
  held.get_future().wait();
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "RUNGS_NOT_FIRED");
  EXPECT_THAT(Told(), ElementsAre("c-2 decide missed 2026-03-13T00:00:00"));
  let_go.set_value();
  holder.join();
  EXPECT_EQ(FireDue(timer), "1");
}

TEST_F(TimerTest, ARefusalIsTriedAgainByItself) {
  SetNow("2026-03-20T12:00:00");
  StartClock("c-1", "decide", "window", 4, kStart);
  std::mutex mutex;
  std::condition_variable tried;
  int tries = 0;
  on_fire_ = [&](db::Tx&, const Due&) -> Status {
    const std::lock_guard lock(mutex);
    tried.notify_all();
    if (++tries == 1) return FailedPrecondition("NOT_NOW", "not now");
    return Done{};
  };
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  timer.Start();
  {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(tried.wait_for(lock, std::chrono::seconds(30), [&] { return tries == 2; }));
  }
  EXPECT_EQ(FireDue(timer), "0") << "the round that fires it ends before";
  EXPECT_THAT(Told(), ElementsAre("c-1 decide missed 2026-03-07T00:00:00"));
}

TEST_F(TimerTest, WhereTimeJumpsFarAllFireInOrder) {
  SetNow(kStart);
  StartClock("c-3", "decide", "review", 4, "2026-03-02T09:00:00");
  StartClock("c-1", "decide", "review", 4, "2026-03-03T09:00:00");
  StartClock("c-2", "alert", "alert", 24 * 60, "2026-03-04T12:00:00");
  // What a rung starts falls due among the others.
  on_fire_ = [&](db::Tx& tx, const Due& due) -> Status {
    if (due.case_id != "c-3" || due.rung != "half") return Done{};
    const Started started{.case_id = "c-3",
                          .name = "answer",
                          .kind = "alert",
                          .calendar = "national",
                          .budget = 24 * 60,
                          .started_at = due.at};
    clock_store::Insert(tx, {&started, 1}, RulesNow());
    return Done{};
  };
  SetNow("2026-03-09T12:00:00");
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "6");
  EXPECT_THAT(
      Told(),
      ElementsAre("c-3 decide half 2026-03-05T00:00:00", "c-2 alert missed 2026-03-05T12:00:00",
                  "c-1 decide half 2026-03-06T00:00:00", "c-3 answer missed 2026-03-06T00:00:00",
                  "c-3 decide soon 2026-03-07T00:00:00", "c-3 decide due 2026-03-07T00:00:00"));
}

TEST_F(TimerTest, AKindThatTheBinaryDoesNotKnowIsLeftAlone) {
  SetNow("2026-03-20T12:00:00");
  StartClock("c-1", "decide", "window", 4, kStart);
  StartClock("c-2", "decide", "review", 4, kStart);
  Timer timer(database_, calendars_, std::span(kTimedKinds).first(1), MakeHooks());
  EXPECT_EQ(FireDue(timer), "4");
  EXPECT_THAT(TheClock("c-1").fired, IsEmpty());
}

TEST_F(TimerTest, AnEarlyInstantIsCorrectedAndFiresNothing) {
  SetNow("2026-03-05T12:00:00");
  StartClock("c-1", "decide", "window", 10, kStart);
  scratch_.Admin("UPDATE timed.clocks SET next_at = '2026-03-03T00:00:00Z'");
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "0");
  EXPECT_EQ(TheClock("c-1").next_at, Local("2026-03-17T00:00:00"));
}

TEST_F(TimerTest, OutOfTimeItSaysSoAndGoesOnWhenAskedAgain) {
  SetNow("2026-03-20T12:00:00");
  StartClock("c-1", "decide", "review", 4, kStart);
  Timer timer(database_, calendars_, kTimedKinds, MakeHooks());
  const auto late = timer.FireDue(std::chrono::steady_clock::now());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().reason, "RUNGS_NOT_FIRED");
  EXPECT_THAT(Told(), IsEmpty());
  EXPECT_EQ(FireDue(timer), "4");
}

TEST_F(TimerTest, AGroupsWriterStartsClocksOfItsMembersOnly) {
  SetNow(kStart);
  InTx([](db::Tx& tx) {
    for (const char* id : {"c-1", "c-2"}) tx.Exec(kOpenCase, id);
  });
  const auto insert = [&](const std::vector<std::string>& owners) {
    return database_.Group("test", {{"u-1"}, {"o-1@zhejiang"}}, [&](db::Tx& tx) -> Status {
      std::vector<Started> started;
      const std::vector<std::string> cases = {"c-1", "c-2"};
      for (size_t i = 0; i < owners.size(); ++i) {
        started.push_back({.case_id = cases[i],
                           .name = "decide",
                           .owner = owners[i],
                           .kind = i == 0 ? "review" : "alert",
                           .calendar = "zhejiang",
                           .budget = 10,
                           .started_at = Local(kStart)});
      }
      clock_store::Insert(tx, started, RulesNow());
      return Done{};
    });
  };
  EXPECT_FALSE(insert({"o-1", "o-2"}));
  ASSERT_TRUE(insert({"o-1", "o-1"}));
  const Clock days = TheClock("c-1");
  EXPECT_EQ(days.due_at, Local("2026-03-17T00:00:00"));
  EXPECT_EQ(days.next_at, Local("2026-03-10T00:00:00"));
  const Clock minutes = TheClock("c-2");
  EXPECT_EQ(minutes.clock.unit, Unit::kCalendarMinute);
  EXPECT_EQ(minutes.next_at, Local("2026-03-02T09:10:00"));
}

TEST_F(TimerTest, MigratingGivesAnOlderDeploymentItsTimer) {
  scratch_.Admin(
      "REVOKE zl_timed_timer FROM zl_timed; REVOKE USAGE ON SCHEMA timed FROM zl_timed_timer");
  EXPECT_FALSE(database_.Timer("test", [](db::Tx&) -> Status { return Done{}; }));
  ASSERT_TRUE(db::Migrate(kTimed, {scratch_.admin_url(), scratch_.password_dir()}));
  db::Database after(Options());
  Calendars calendars(after);
  Timer timer(after, calendars, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "0");
}

}  // namespace
}  // namespace zonelink::clocks
