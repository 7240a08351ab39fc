// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "directory/event_rows_test.h"
#include "directory/test_directory.h"

namespace zonelink::directory {
namespace {

using testing::ElementsAre;

class CalendarYears : public testing::Test {
 protected:
  // Each begins with nothing published; copies in memory notice.
  void SetUp() override {
    directory.scratch.Admin(
        "DELETE FROM directory.calendar_day; DELETE FROM directory.calendar_version; "
        "ALTER TABLE directory.events DISABLE TRIGGER events_keep; "
        "DELETE FROM directory.events WHERE subject LIKE 'calendars/%'; "
        "ALTER TABLE directory.events ENABLE TRIGGER events_keep");
  }
  void TearDown() override { SetUp(); }

  using Day = std::pair<std::string, v1::DayKind>;
  Result<v1::PublishedCalendar> Publish(const Call& call, const std::string& calendar, int year,
                                        const std::vector<Day>& days) {
    v1::PublishCalendarRequest request;
    request.set_calendar(calendar);
    request.set_year(year);
    request.set_note("国办发明电〔2026〕1号");
    for (const auto& [date, kind] : days) {
      v1::CalendarDay* day = request.add_days();
      day->set_date(date);
      day->set_kind(kind);
      day->set_name("国庆节");
    }
    return directory.calendars.PublishCalendar(call, request);
  }
  std::vector<std::string> Listed(const std::string& calendar, int page_size = 0, int year = 0) {
    std::vector<std::string> listed;
    v1::ListPublishedCalendarsRequest request;
    request.set_calendar(calendar);
    request.set_page_size(page_size);
    request.set_year(year);
    do {
      const auto page = directory.calendars.ListPublishedCalendars(directory.Nobody(), request);
      EXPECT_TRUE(page) << ReasonOf(page);
      for (const auto& item : page->items()) {
        listed.push_back(std::to_string(item.year()) + "/" + std::to_string(item.version()));
      }
      EXPECT_EQ(page->shipped_until(), 2026);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return listed;
  }
  pb::WorkingDays After(const std::string& zone, const std::string& from, int days = 1) {
    pb::GetWorkingDaysRequest request;
    request.set_zone(zone);
    request.set_from(from);
    request.set_days(days);
    const auto answer = directory.service.GetWorkingDays(directory.Nobody(), request);
    EXPECT_TRUE(answer) << ReasonOf(answer);
    return *answer;
  }

  TestDirectory& directory = Directory();
  const Call system = directory.As("sysadmin");
  static constexpr v1::DayKind kRest = v1::DAY_KIND_REST;
  static constexpr v1::DayKind kWork = v1::DAY_KIND_WORK;
};

TEST_F(CalendarYears, WorkingDaysFollowWhatIsPublished) {
  EXPECT_EQ(After("zhejiang", "2027-09-30").due_on(), "2027-10-01");
  EXPECT_TRUE(After("zhejiang", "2027-09-30").provisional());
  const auto published =
      Publish(system, "national", 2027, {{"2027-10-01", kRest}, {"2027-10-02", kWork}});
  ASSERT_TRUE(published) << ReasonOf(published);
  EXPECT_EQ(published->version(), 1);
  EXPECT_EQ(published->days_size(), 2);
  const auto answer = After("zhejiang", "2027-09-30");
  EXPECT_EQ(answer.due_on(), "2027-10-02") << "a Saturday that is made up for";
  EXPECT_FALSE(answer.provisional());
  ASSERT_EQ(answer.skipped_size(), 1);
  EXPECT_EQ(answer.skipped(0).why(), "国庆节");
  EXPECT_EQ(EventsOf("calendars/national-2027"), "calendar.published");
  EXPECT_EQ(PartiesOf("calendars/national-2027"), "leading-group service");
}

TEST_F(CalendarYears, ANoticeIsChangedWithinItsYear) {
  EXPECT_EQ(After("zhejiang", "2026-09-30").due_on(), "2026-10-08");
  const std::vector<Day> without = {{"2026-10-01", kRest}};
  ASSERT_TRUE(Publish(system, "national", 2026, without));
  EXPECT_EQ(After("zhejiang", "2026-09-30").due_on(), "2026-10-02");
  const auto again =
      Publish(system, "national", 2026, {{"2026-10-01", kRest}, {"2026-10-02", kRest}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->version(), 2);
  EXPECT_EQ(After("zhejiang", "2026-09-30").due_on(), "2026-10-05");
  EXPECT_THAT(Listed("national"), ElementsAre("2026/2", "2026/1"));
}

TEST_F(CalendarYears, AZonesDaysAreItsOwn) {
  const auto published = Publish(system, "guangxi", 2026, {{"2026-04-20", kRest}});
  ASSERT_TRUE(published) << ReasonOf(published);
  EXPECT_EQ(After("guangxi", "2026-04-17").due_on(), "2026-04-21");
  EXPECT_EQ(After("guangdong", "2026-04-17").due_on(), "2026-04-20");
  EXPECT_EQ(PartiesOf("calendars/guangxi-2026"), "leading-group service zone:guangxi");
  // An empty year takes them back.
  ASSERT_TRUE(Publish(system, "guangxi", 2026, {}));
  EXPECT_EQ(After("guangxi", "2026-04-17").due_on(), "2026-04-20");
  EXPECT_THAT(Listed("guangxi"), ElementsAre("2026/2", "2026/1"));
  EXPECT_THAT(Listed("national"), ElementsAre());
}

TEST_F(CalendarYears, Refusals) {
  EXPECT_EQ(ReasonOf(Publish(system, "atlantis", 2027, {{"2027-10-01", kRest}})), "ZONE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Publish(system, "national", 2025, {{"2025-10-01", kRest}})), "CALENDAR_YEAR");
  EXPECT_EQ(ReasonOf(Publish(system, "national", 2028, {{"2028-10-01", kRest}})), "CALENDAR_YEAR");
  EXPECT_EQ(ReasonOf(Publish(system, "national", 2027, {})), "CALENDAR_EMPTY");
  EXPECT_EQ(ReasonOf(Publish(system, "national", 2027, {{"2026-10-01", kRest}})),
            "CALENDAR_DAY_YEAR");
  EXPECT_EQ(ReasonOf(Publish(system, "national", 2027, {{"2027-10-01", kWork}})),
            "CALENDAR_DAY_WORK");
  ASSERT_TRUE(Publish(system, "national", 2027, {{"2027-10-01", kRest}}));
  EXPECT_EQ(ReasonOf(Publish(system, "national", 2028, {{"2028-10-02", kRest}})), "");
  v1::ListPublishedCalendarsRequest request;
  request.set_calendar("atlantis");
  EXPECT_EQ(ReasonOf(directory.calendars.ListPublishedCalendars(system, request)),
            "ZONE_NOT_FOUND");
}

TEST_F(CalendarYears, ListsInPages) {
  for (const int year : {2026, 2027, 2026, 2028, 2026}) {
    ASSERT_TRUE(Publish(system, "national", year, {{std::to_string(year) + "-10-01", kRest}}));
  }
  for (const int page_size : {1, 2, 3, 0}) {
    EXPECT_THAT(Listed("national", page_size),
                ElementsAre("2028/1", "2027/1", "2026/3", "2026/2", "2026/1"));
  }
  EXPECT_THAT(Listed("national", 2, 2026), ElementsAre("2026/3", "2026/2", "2026/1"));
}

TEST_F(CalendarYears, ParallelPublicationsAreVersions) {
  std::vector<std::thread> threads;
  std::atomic<int> published{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      published += Publish(system, "national", 2027, {{"2027-10-01", kRest}}).has_value();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(published, 4);
  EXPECT_THAT(Listed("national"), ElementsAre("2027/4", "2027/3", "2027/2", "2027/1"));
}

// Policies refuse what a service with a hole in its rules would let through.
TEST_F(CalendarYears, OnlySystemAdministratorsPublish) {
  for (const Call& call : {directory.As("secadmin"), directory.Somebody("", "", {"secretariat"}),
                           directory.Somebody("yunnan", "", {"zone_admin"})}) {
    EXPECT_FALSE(Publish(call, "guangxi", 2027, {{"2027-04-09", kRest}}));
  }
  EXPECT_THAT(Listed("guangxi"), ElementsAre());
}

}  // namespace
}  // namespace zonelink::directory
