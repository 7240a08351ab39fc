// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/cli/acting_show.h"
#include "gateway/cli/arguments.h"
#include "gateway/cli/calendar_input.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;

View ViewOf(Language language) {
  return {{.language = language},
          [](std::string_view zone) { return std::string(zone); },
          [](std::string_view item) { return std::string(item); }};
}

CommandLine Parse(std::vector<std::string> words) {
  return ParseCommandLine(std::move(words), Style{});
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

constexpr std::string_view kMandates = R"({"items":[{"mandateId":"M-1","state":"ACTIVE",
  "principal":{"name":"委托企业","uscc":"P"},"agent":{"name":"代理企业","uscc":"A"},
  "itemIds":[],"acts":["file","read"],"validFrom":"2026-03-02","validUntil":"2026-12-31",
  "note":"报关"}],"nextPageToken":"t"})";

constexpr std::string_view kDelegations = R"({"items":[{"delegationId":"D-1","state":"REVOKED",
  "name":"张审批","deputyName":"李代办","zone":"zhejiang","roles":["verifier","reviewer"],
  "from":"2026-03-01T16:00:00Z","until":"2026-03-08T16:00:00Z","reason":"休假",
  "revokeReason":"返岗"}]})";

constexpr std::string_view kCalendars = R"({"items":[{"calendar":"national","year":2027,"version":2,
  "days":[{"date":"2027-10-01","kind":"REST","name":"国庆节"},
          {"date":"2027-10-09","kind":"WORK","name":"国庆节"}],
  "note":"通知","publishedAt":"2026-11-10T02:00:00Z"}],"shippedUntil":2026})";

TEST(ActingShow, Mandates) {
  const JsonDocument page = JsonDocument::Parse(kMandates).value();
  const std::string list = ShowMandates(page.root(), ViewOf(Language::kEnglish));
  for (const char* part : {"M-1", "active", "委托企业", "代理企业", "file, read",
                           "2026-03-02 – 2026-12-31", "earlier ones"}) {
    EXPECT_TRUE(Has(list, part)) << part << "\n" << list;
  }
  const std::string one = ShowMandate(page.root()["items"].items()[0], ViewOf(Language::kChinese));
  for (const char* part : {"委托企业 P", "代理企业 A", "全部", "报关", "有效"}) {
    EXPECT_TRUE(Has(one, part)) << part << "\n" << one;
  }
  const JsonDocument none = JsonDocument::Parse("{}").value();
  EXPECT_EQ(ShowMandates(none.root(), ViewOf(Language::kEnglish)), "No mandates.\n");
}

TEST(ActingShow, Delegations) {
  const JsonDocument page = JsonDocument::Parse(kDelegations).value();
  const std::string list = ShowDelegations(page.root(), ViewOf(Language::kEnglish));
  for (const char* part : {"D-1", "ended", "张审批", "李代办", "verifier, reviewer",
                           "2026-03-02 00:00 – 2026-03-09 00:00"}) {
    EXPECT_TRUE(Has(list, part)) << part << "\n" << list;
  }
  const std::string one =
      ShowDelegation(page.root()["items"].items()[0], ViewOf(Language::kChinese));
  for (const char* part : {"核查人员, 审批人员", "休假", "返岗", "zhejiang"}) {
    EXPECT_TRUE(Has(one, part)) << part << "\n" << one;
  }
  const JsonDocument none = JsonDocument::Parse("{}").value();
  EXPECT_EQ(ShowDelegations(none.root(), ViewOf(Language::kEnglish)), "No delegations.\n");
}

TEST(ActingShow, Calendars) {
  const JsonDocument page = JsonDocument::Parse(kCalendars).value();
  const std::string en = ShowCalendars(page.root(), ViewOf(Language::kEnglish));
  for (const char* part : {"national 2027, version 2", "2027-10-01  rest  国庆节",
                           "2027-10-09  work  国庆节", "up to 2026"}) {
    EXPECT_TRUE(Has(en, part)) << part << "\n" << en;
  }
  EXPECT_TRUE(Has(ShowCalendars(page.root(), ViewOf(Language::kChinese)), "全国 2027 年 第 2 版"));
}

TEST(CalendarInput, AFileBecomesAPublication) {
  const auto body = PublicationBody(
      "\xef\xbb\xbf"
      "date,kind,name\r\n2027-01-01,rest,元旦\r\n\r\n2027-09-26,work,国庆节\r\n",
      0, "通知");
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(*body, R"({"year":2027,"days":[{"date":"2027-01-01","kind":"REST","name":"元旦"},)"
                   R"({"date":"2027-09-26","kind":"WORK","name":"国庆节"}],"note":"通知"})");
  EXPECT_EQ(*PublicationBody("date,kind,name\n", 2028, "n"),
            R"({"year":2028,"days":[],"note":"n"})");
}

TEST(CalendarInput, MistakesNameTheirLine) {
  const std::pair<std::string, std::string> broken[] = {
      {"", "line 1: wants date,kind,name"},
      {"day,kind,name\n", "line 1: wants date,kind,name"},
      {"date,kind,name\n2027-02-30,rest,元旦\n", "line 2: date is not a day"},
      {"date,kind,name\n\n2027-01-01,off,元旦\n", "line 3: kind is neither work nor rest"},
      {"date,kind,name\n2027-01-01,rest\n", "line 2: wants date,kind,name"},
      {"date,kind,name\n2027-01-01,rest,元旦,2027\n", "line 2: wants date,kind,name"},
      {"date,kind,name\n", "the file names no day and no --year"},
  };
  for (const auto& [csv, message] : broken) {
    const auto body = PublicationBody(csv, 0, "n");
    ASSERT_FALSE(body) << csv;
    EXPECT_EQ(body.error().reason, "INPUT_INVALID");
    EXPECT_EQ(body.error().message, message);
  }
}

TEST(CalendarInput, InstantsOfDaysAndTimes) {
  EXPECT_EQ(*InstantOf("2026-03-02", false), "2026-03-01T16:00:00Z");
  EXPECT_EQ(*InstantOf("2026-03-02", true), "2026-03-02T16:00:00Z");
  EXPECT_EQ(*InstantOf("2026-03-02T08:00:00+08:00", true), "2026-03-02T00:00:00Z");
  EXPECT_EQ(InstantOf("tomorrow", false).error().reason, "INPUT_INVALID");
}

TEST(ActingArguments, Commands) {
  auto line = Parse({"mandate", "grant", "91310000XY0001015T", "--act", "file,read", "--item", "a",
                     "--item", "b", "--until", "2026-12-31", "--note", "x"});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.command, "mandate grant");
  EXPECT_EQ(line.arguments.acting.whom, "91310000XY0001015T");
  EXPECT_EQ(line.arguments.acting.acts, (std::vector<std::string>{"file", "read"}));
  EXPECT_EQ(line.arguments.acting.items, (std::vector<std::string>{"a", "b"}));
  line = Parse({"mandate", "list", "--side", "agent", "--state", "ACTIVE"});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.acting.side, "agent");
  line = Parse({"delegation", "grant", "U-1", "--role", "verifier", "--until", "2026-03-09",
                "--reason", "leave"});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.command, "delegation grant");
  EXPECT_EQ(line.arguments.acting.roles, (std::vector<std::string>{"verifier"}));
  line = Parse({"delegation", "revoke", "D-1", "--reason", "back"});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.acting.whom, "D-1");
  line = Parse({"calendar", "publish", "days.csv", "--note", "n"});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.calendar.calendar, "national");
  line = Parse({"calendar", "show", "guangxi", "--year", "2027"});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.calendar.calendar, "guangxi");
  EXPECT_EQ(line.arguments.calendar.year, 2027);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"mandate"},
           {"mandate", "grant", "X", "--act", "decide", "--until", "2026-12-31"},
           {"mandate", "grant", "X", "--until", "2026-12-31"},
           {"mandate", "revoke", "M-1"},
           {"delegation", "grant", "U-1", "--role", "zone_admin", "--until", "x", "--reason", "r"},
           {"calendar", "publish", "days.csv"}}) {
    EXPECT_EQ(Parse(words).exit_code, kExitUsage);
  }
}

TEST(ActingCompletion, KnowsTheCommands) {
  for (const char* shell : {"bash", "zsh"}) {
    const std::string script = CompletionScript(shell);
    for (const char* word : {"zonelink mandate grant", "zonelink delegation revoke",
                             "zonelink calendar publish", "principal agent"}) {
      EXPECT_TRUE(Has(script, word)) << shell << " " << word;
    }
  }
}

}  // namespace
}  // namespace zonelink::cli
