// SPDX-License-Identifier: Apache-2.0
// What a publication of a calendar does to clocks that run.
#include <gmock/gmock.h>

#include "platform/clocks/timed_test.h"

namespace zonelink::clocks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CalendarChangeTest : public TimedTest {
 protected:
  CalendarChangeTest() : timer_(database_, calendars_, kTimedKinds, MakeHooks()) {
    SetNow("2026-12-28T09:00:00");
  }

  // As the consumer of the directory's events does.
  Status Publish(const std::string& calendar, int version, const std::vector<std::string>& rest) {
    events::v1::CalendarPublished published;
    published.set_calendar(calendar);
    published.set_year(2027);
    published.set_version(version);
    for (const std::string& date : rest) {
      auto* day = published.add_days();
      day->set_date(date);
      day->set_kind("REST");
      day->set_name("春节");
    }
    return database_.System(
        "test", [&](db::Tx& tx) -> Status { return calendar_store::Apply(tx, published); });
  }

  const Calendar& National() {
    EXPECT_TRUE(calendars_.Refresh());
    known_ = calendars_.Now();
    return known_->For(kNational);
  }

  Timer timer_;
};

// 2027-01-01 is a Friday.
TEST_F(CalendarChangeTest, MovesDueDatesAndRungsThatHaveNotFired) {
  StartClock("c-1", "decide", "review", 10, "2026-12-21T09:00:00");
  SetNow("2026-12-29T09:00:00");
  EXPECT_EQ(FireDue(timer_), "1");
  EXPECT_TRUE(National().Provisional(*ParseDate("2027-01-04")));
  ASSERT_TRUE(Publish("national", 1, {"2027-01-01", "2027-01-04"}));
  EXPECT_EQ(FireDue(timer_), "0");
  EXPECT_FALSE(National().Provisional(*ParseDate("2027-01-04")));
  EXPECT_THAT(Told(),
              ElementsAre("c-1 decide half 2026-12-29T00:00:00",
                          "c-1 decide moved from 2027-01-05T00:00:00 to 2027-01-07T00:00:00"));
  EXPECT_EQ(TheClock("c-1").due_at, Local("2027-01-07T00:00:00"));
  SetNow("2027-01-20T09:00:00");
  EXPECT_EQ(FireDue(timer_), "3");
  EXPECT_EQ(Told().at(3), "c-1 decide due 2027-01-07T00:00:00");
}

TEST_F(CalendarChangeTest, ARungThatHasFiredStaysSoWhereItWouldComeLaterNow) {
  StartClock("c-1", "decide", "window", 8, "2026-12-22T09:00:00");
  SetNow("2027-01-04T09:00:00");
  EXPECT_EQ(FireDue(timer_), "1");
  ASSERT_TRUE(Publish("national", 1, {"2027-01-01"}));
  SetNow("2027-02-01T09:00:00");
  EXPECT_EQ(FireDue(timer_), "0");
  EXPECT_EQ(Told().size(), 2U) << "fired once, and told that the due date moved";
}

TEST_F(CalendarChangeTest, AnAdditionOfAZoneConcernsItsClocksAlone) {
  StartClock("c-1", "decide", "window", 10, "2026-12-28T09:00:00", "hainan");
  StartClock("c-2", "decide", "window", 10, "2026-12-28T09:00:00", "zhejiang");
  ASSERT_TRUE(Publish("hainan", 1, {"2027-01-05"}));
  EXPECT_EQ(FireDue(timer_), "0");
  EXPECT_THAT(Told(),
              ElementsAre("c-1 decide moved from 2027-01-12T00:00:00 to 2027-01-13T00:00:00"));
}

TEST_F(CalendarChangeTest, AClockThatStandsIsToldByTheNewCalendarWhenItResumes) {
  StartClock("c-1", "decide", "window", 10, "2026-12-28T09:00:00");
  Change("c-1", [](WorkingClock clock) {
    return Suspend(std::move(clock), Local("2026-12-28T10:00:00"), {"HEARING", "heard"});
  });
  ASSERT_TRUE(Publish("national", 1, {"2027-01-01"}));
  EXPECT_EQ(FireDue(timer_), "0");
  EXPECT_THAT(Told(), IsEmpty());
  Change("c-1",
         [](WorkingClock clock) { return Resume(std::move(clock), Local("2026-12-28T11:00:00")); });
  EXPECT_EQ(TheClock("c-1").due_at, Local("2027-01-13T00:00:00"));
}

TEST_F(CalendarChangeTest, AnOlderVersionChangesNothingANewerOneReplacesTheYear) {
  StartClock("c-1", "decide", "window", 10, "2026-12-28T09:00:00");
  ASSERT_TRUE(Publish("national", 2, {"2027-01-01", "2027-01-04"}));
  EXPECT_EQ(FireDue(timer_), "0");
  EXPECT_EQ(TheClock("c-1").due_at, Local("2027-01-14T00:00:00"));
  ASSERT_TRUE(Publish("national", 1, {"2027-01-05"}));
  EXPECT_EQ(FireDue(timer_), "0");
  EXPECT_EQ(TheClock("c-1").due_at, Local("2027-01-14T00:00:00"));
  ASSERT_TRUE(Publish("national", 3, {"2027-01-01"}));
  EXPECT_EQ(FireDue(timer_), "0");
  EXPECT_EQ(TheClock("c-1").due_at, Local("2027-01-13T00:00:00"));
}

TEST_F(CalendarChangeTest, AnotherProcessHearsOfItAndSettlesAfterAWhile) {
  StartClock("c-1", "decide", "window", 10, "2026-12-28T09:00:00");
  db::Database other_database(Options());
  Calendars other(other_database);
  EXPECT_EQ(other.Now()->revision(), 0);
  ASSERT_TRUE(Publish("national", 1, {"2027-01-01"}));
  EXPECT_EQ(other.Now()->revision(), 0);
  Timer timer(other_database, other, kTimedKinds, MakeHooks());
  EXPECT_EQ(FireDue(timer), "0");
  EXPECT_EQ(other.Now()->revision(), 1);
  constexpr const char* kSettled = "SELECT count(*) FROM timed.calendar_years WHERE settled";
  EXPECT_EQ(scratch_.AdminText(kSettled), "0") << "others may still know the calendar before";
  // A process that did not know better.
  scratch_.Admin(
      "UPDATE timed.clocks SET calendar_revision = 0, due_at = due_at - interval '2 days'");
  scratch_.Admin("UPDATE timed.calendar_years SET published_at = published_at - interval '1 hour'");
  EXPECT_EQ(FireDue(timer), "0");
  EXPECT_EQ(TheClock("c-1").due_at, Local("2027-01-13T00:00:00"));
  EXPECT_EQ(scratch_.AdminText(kSettled), "1");
}

TEST_F(CalendarChangeTest, WhatIsNoDayIsRefused) {
  const Status refused = Publish("national", 1, {"2027-02-30"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "CALENDAR_INVALID");
}

}  // namespace
}  // namespace zonelink::clocks
