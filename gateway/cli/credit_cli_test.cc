// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/cli/arguments.h"
#include "gateway/cli/credit_show.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;

View ViewOf(Language language) {
  return {{.language = language},
          [](std::string_view zone) { return std::string(zone); },
          [](std::string_view item) { return std::string(item); }};
}

constexpr std::string_view kRecords = R"({"items":[{"creditRecordId":"C-1","organizationId":"o-1",
  "holder":{"uscc":"91310000XY0001015T","name":"测试企业"},"filingId":"F-1","zone":"zhejiang",
  "itemId":"talent-card","itemNameZh":"人才绿卡互认","itemNameEn":"Talent green card",
  "cause":"PROMISE_BROKEN","findings":"现场未见许可证","foundAt":"2026-03-02T01:00:00Z",
  "recordedAt":"2026-03-16T16:00:00Z"}],"nextPageToken":"t"})";

TEST(CreditShow, TellsWhoBrokeWhatAndWhatWasFound) {
  const auto page = JsonDocument::Parse(kRecords);
  const std::string en = ShowCreditRecords(page->root(), ViewOf(Language::kEnglish));
  for (const char* part :
       {"2026-03-17", "测试企业", "91310000XY0001015T", "Talent green card", "zhejiang",
        "promise broken", "found 2026-03-02", "现场未见许可证", "earlier ones"}) {
    EXPECT_NE(en.find(part), std::string::npos) << part << "\n" << en;
  }
  const std::string zh = ShowCreditRecords(page->root(), ViewOf(Language::kChinese));
  for (const char* part : {"人才绿卡互认", "承诺不实", "核查发现：现场未见许可证"}) {
    EXPECT_NE(zh.find(part), std::string::npos) << part << "\n" << zh;
  }
  const auto none = JsonDocument::Parse("{}");
  EXPECT_EQ(ShowCreditRecords(none->root(), ViewOf(Language::kEnglish)), "No credit records.\n");
}

TEST(CreditArguments, Commands) {
  const CommandLine line = ParseCommandLine(
      {"credit", "list", "--uscc", "91310000XY0001015T", "--organization", "o-1"}, Style{});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.command, "credit list");
  EXPECT_EQ(line.arguments.credit.uscc, "91310000XY0001015T");
  EXPECT_EQ(line.arguments.credit.organization_id, "o-1");
  EXPECT_FALSE(ParseCommandLine({"credit"}, Style{}).run);
}

}  // namespace
}  // namespace zonelink::cli
