// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/cli/arguments.h"
#include "gateway/cli/catalogue_show.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;

View ViewOf(Language language) {
  return {{.language = language, .width = 0},
          [](std::string_view zone) { return std::string(zone); },
          [](std::string_view item) { return std::string(item); }};
}

void ExpectParts(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
}

TEST(CatalogueShow, TellsWhatAnItemAsksAndGives) {
  const auto item = JsonDocument::Parse(R"({"itemId":"talent-card","version":2,"nameZh":"人才绿卡",
    "nameEn":"Talent card","defaultMode":"NOTIFY","budgetWorkingDays":10,"extensionDays":5,
    "jointBudgetDays":45,"jointExtensionDays":15,"publishedAt":"2026-03-02T08:00:00Z",
    "attributes":[{"name":"grade","type":"STRING"}],"requiredDocuments":["talent-card","proof"],
    "deferrableDocuments":["proof"],"promiseTextZh":"申请人承诺","promiseTextEn":"I promise",
    "promiseVersion":1,"source":"test"})")
                        .value();
  ExpectParts(ShowItem(item.root(), ViewOf(Language::kEnglish)),
              {"talent-card", "2 · 2026-03-02 16:00", "10 + 5; joint 45 + 15", "grade:STRING",
               "proof", "I promise"});
  ExpectParts(ShowItem(item.root(), ViewOf(Language::kChinese)), {"人才绿卡", "申请人承诺"});
}

TEST(CatalogueShow, TellsOfAgreementsAndTheirVersions) {
  const auto agreement = JsonDocument::Parse(R"({"agreementId":"a-2","itemId":"talent-card",
    "state":"DRAFTED","homeZones":["shanghai"],"targetZones":["jiangsu"],"mode":"AUTOMATIC",
    "condition":"strict $.grade == \"A\"","validFrom":"2026-01-01","validUntil":"2026-12-31",
    "signatures":[{"zone":"shanghai"}],"amends":"a-1"})")
                             .value();
  ExpectParts(ShowAgreement(agreement.root(), ViewOf(Language::kEnglish)),
              {"a-2", "strict $.grade", "2026-01-01 – 2026-12-31", "shanghai", "a-1"});
}

TEST(CatalogueShow, TellsWhatScreeningFound) {
  const auto answer = JsonDocument::Parse(R"({"zones":[{"zone":"jiangsu","findings":[
      {"kind":"LIST_ENTRY","outcome":"HIT","list":"common","entryId":"NL-001","entryVersion":3,
       "nameZh":"化工项目","nameEn":"Chemical project","article":"长江保护法 §26"},
      {"kind":"CONDITION","outcome":"UNKNOWN"}]},{"zone":"hunan"}]})")
                          .value();
  ExpectParts(ShowScreening(answer.root(), ViewOf(Language::kEnglish)),
              {"jiangsu", "on the list common/NL-001 · 3: Chemical project (长江保护法 §26)",
               "cannot tell the agreement's condition", "hunan\n  nothing found"});
}

TEST(CatalogueShow, CountsHits) {
  const auto answer = JsonDocument::Parse(R"({"list":"common","entries":[{"entryId":"NL-001",
    "filings":"2","unknown":"1","investedYuan":"100.05"}],
    "total":{"filings":"2","unknown":"1","investedYuan":"100.05"}})")
                          .value();
  ExpectParts(ShowHits(answer.root(), ViewOf(Language::kEnglish)), {"NL-001", "total", "100.05"});
}

TEST(CatalogueCommands, AreParsed) {
  const auto command = [](const std::vector<std::string>& words) {
    const CommandLine line = ParseCommandLine(words, Style{});
    return line.run ? line.arguments.command : "";
  };
  EXPECT_EQ(command({"item", "list"}), "item list");
  EXPECT_EQ(command({"item", "show", "talent-card", "--version", "2"}), "item show");
  EXPECT_EQ(command({"item", "revise", "talent-card", "item.json"}), "item revise");
  EXPECT_EQ(command({"agreement", "suspend", "a-1"}), "");
  EXPECT_EQ(command({"agreement", "suspend", "a-1", "--reason", "x"}), "agreement suspend");
  EXPECT_EQ(command({"negative-list", "hits", "common", "--from", "2026-01-01"}),
            "negative-list hits");
  EXPECT_EQ(command({"negative-list", "screen", "--item", "talent-card", "--home", "shanghai",
                     "--to", "jiangsu", "--attribute", "grade=A"}),
            "negative-list screen");
}

}  // namespace
}  // namespace zonelink::cli
