// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/cli/arguments.h"
#include "gateway/cli/board_show.h"
#include "gateway/cli/words.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;

View ViewOf(Language language) {
  return {{.language = language},
          [](std::string_view zone) { return std::string(zone); },
          [](std::string_view item) { return std::string(item); }};
}

constexpr std::string_view kBoard = R"({"at":"2026-03-02T01:00:00Z","zones":[{"zone":"zhejiang",
  "open":7,"byState":[{"state":"PENDING","cases":4},{"state":"QUERY_TO_HOME","cases":3}],
  "late":2,"atRisk":1,"waitingForOthers":3,
  "oldest":{"filingId":"F-1","receiptNumber":"ZL-1","since":"2026-02-02T01:00:00Z"},
  "decided":4,"medianDays":"5.5",
  "items":[{"itemId":"i","itemNameZh":"原产地证书","itemNameEn":"Origin","open":7,"late":2}]}]})";

TEST(Board, TellsHowAZoneStands) {
  const auto board = JsonDocument::Parse(kBoard);
  const std::string en = ShowBoard(board->root(), ViewOf(Language::kEnglish));
  for (const char* part : {"zhejiang", "received 4, home zone asked 3", "2026-02-02 ZL-1 F-1",
                           "5.5 working days (4 decisions in 30 days)", "Origin"}) {
    EXPECT_NE(en.find(part), std::string::npos) << part << "\n" << en;
  }
  const std::string zh = ShowBoard(board->root(), ViewOf(Language::kChinese));
  for (const char* part : {"待受理 4，向所在地核实 3", "5.5 个工作日（近 30 日 4 件）",
                           "原产地证书", "等待其他片区"}) {
    EXPECT_NE(zh.find(part), std::string::npos) << part << "\n" << zh;
  }
  const auto none = JsonDocument::Parse(R"({"zones":[]})");
  EXPECT_EQ(ShowBoard(none->root(), ViewOf(Language::kEnglish)), "There are no cases.\n");
}

TEST(Inbox, CountsByAction) {
  const auto counts = JsonDocument::Parse(
      R"({"actions":[{"action":"verify","entries":5},{"action":"escalated","entries":2}],
          "total":7,"dueSoon":3})");
  EXPECT_EQ(ShowCounts(counts->root(), ViewOf(Language::kEnglish)),
            "7 in all, 3 of them due within three working days or late: verify 5, see to it 2\n");
  EXPECT_EQ(ShowCounts(counts->root(), ViewOf(Language::kChinese)),
            "共 7 件，其中 3 件三个工作日内到期或已逾期：核查 5，督办 2\n");
  const auto none = JsonDocument::Parse("{}");
  EXPECT_EQ(ShowCounts(none->root(), ViewOf(Language::kEnglish)), "");
}

TEST(Inbox, EveryActionHasItsWords) {
  for (const char* action :
       {"accept", "verify", "decide", "supplement", "answer_query", "give_opinion", "hand_in_paper",
        "resume", "decide_recusal", "deliver", "check_promise", "confirm_condition", "escalated"}) {
    for (const Language language : {Language::kChinese, Language::kEnglish}) {
      const std::string word = ActionWord(action, {.language = language});
      EXPECT_EQ(word.find('_'), std::string::npos) << action;
      EXPECT_TRUE(language == Language::kEnglish || word != action);
    }
  }
}

TEST(Inbox, CommandLine) {
  auto line = ParseCommandLine({"inbox", "--action", "verify"}, Style{});
  EXPECT_TRUE(line.run);
  EXPECT_EQ(line.arguments.board.action, "verify");
  line = ParseCommandLine({"board", "--zone", "zhejiang"}, Style{});
  EXPECT_EQ(line.arguments.command, "board");
  EXPECT_EQ(line.arguments.board.zone, "zhejiang");
}

}  // namespace
}  // namespace zonelink::cli
