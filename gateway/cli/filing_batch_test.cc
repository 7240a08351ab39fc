// SPDX-License-Identifier: Apache-2.0
// Many filings on the command line: what is read, what is sent, what is shown.
#include "gateway/cli/filing_batch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "gateway/cli/csv.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;

const OwnOrganization kOwn{"91310000MA1K35LX7T", "上海测试有限公司"};

Result<AttributeTypes> Types(const std::string& item) {
  if (item == "lost") return Unavailable("UNREACHABLE", "no server");
  return AttributeTypes{{"quantity", "INTEGER"}, {"hsCode", "STRING"}};
}

std::string Fault(std::string_view text, BatchForm form) {
  const auto rows = ReadBatch(text, form, kOwn, Types);
  return rows ? "" : rows.error().reason + " " + rows.error().message;
}

View ViewOf(Language language) {
  return {{.language = language, .width = 0},
          [](std::string_view zone) { return std::string(zone); },
          [](std::string_view item) { return std::string(item); }};
}

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  const auto records = ReadCsv(
      "\xef\xbb\xbf"
      "a,\"b \"\"c\"\"\",\r\n\r\n\"two\nlines\",x,y\nlast,,");
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 3U);
  EXPECT_EQ((*records)[0].cells, (std::vector<std::string>{"a", "b \"c\"", ""}));
  EXPECT_EQ((*records)[1].cells, (std::vector<std::string>{"two\nlines", "x", "y"}));
  EXPECT_EQ((*records)[1].line, 3);
  EXPECT_EQ((*records)[2].cells, (std::vector<std::string>{"last", "", ""}));
  EXPECT_EQ((*records)[2].line, 5);
  for (const char* bad : {"\"open", "a,\"b\"c\n", "a\"b\n"}) {
    const auto refused = ReadCsv(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().reason, "INPUT_INVALID");
  }
}

TEST(FilingBatch, ReadsATable) {
  const std::string csv =
      "item,home,to,credential_number,credential_issuer,credential_issued_on,credential_valid_"
      "until,"
      "promise,attribute:quantity,attribute:hsCode\n"
      "coo,shanghai,jiangsu zhejiang,CO-1,customs,2026-03-02,2027-03-01,true,12,854231\n"
      "coo,shanghai,jiangsu;zhejiang,CO-2,customs,2026-03-02,2027-03-01,,,854231\n";
  const auto rows = ReadBatch(csv, BatchForm::kCsv, kOwn, Types);
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[1].line, 3);
  const auto first = JsonDocument::Parse((*rows)[0].body);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->root()["itemId"].text(), "coo");
  EXPECT_EQ(first->root()["targetZones"].texts(),
            (std::vector<std::string>{"jiangsu", "zhejiang"}));
  EXPECT_EQ(first->root()["applicant"]["uscc"].text(), kOwn.uscc);
  EXPECT_EQ(first->root()["credential"]["validUntil"].text(), "2027-03-01");
  EXPECT_EQ(first->root()["attributes"].dump(), R"({"quantity":12,"hsCode":"854231"})");
  EXPECT_TRUE(first->root()["promise"].truth());
  const auto second = JsonDocument::Parse((*rows)[1].body);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->root()["attributes"].dump(), R"({"hsCode":"854231"})");
  EXPECT_EQ(second->root()["targetZones"].texts().size(), 2U);
}

TEST(FilingBatch, ReadsPromisesAsSpreadsheetsWriteThem) {
  const auto rows =
      ReadBatch("item,promise\na,TRUE\na,True\na,FALSE\na,\n", BatchForm::kCsv, kOwn, Types);
  ASSERT_TRUE(rows) << rows.error().message;
  std::vector<bool> promises;
  for (const BatchRow& row : *rows) {
    promises.push_back(JsonDocument::Parse(row.body).value().root()["promise"].truth());
  }
  EXPECT_EQ(promises, (std::vector<bool>{true, true, false, false}));
}

TEST(FilingBatch, ReadsLinesOfJson) {
  const auto rows = ReadBatch("{\"itemId\":\"a\"}\n\n  {\"applicant\":{\"uscc\":\"X\"}}\r\n",
                              BatchForm::kJsonLines, kOwn, Types);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[1].line, 3);
  EXPECT_EQ((*rows)[1].body, R"({"applicant":{"uscc":"X"}})");
  EXPECT_EQ(BatchFormOf("rows.csv"), BatchForm::kCsv);
  EXPECT_EQ(BatchFormOf("rows.jsonl"), BatchForm::kJsonLines);
  EXPECT_EQ(BatchFormOf("-"), BatchForm::kJsonLines);
}

TEST(FilingBatch, NamesTheLineThatCannotBeRead) {
  EXPECT_EQ(Fault("{\"a\":1}\n[]\n", BatchForm::kJsonLines),
            "INPUT_INVALID line 2: is not a JSON object");
  EXPECT_EQ(Fault("{\"a\":1}\n{\n", BatchForm::kJsonLines).substr(0, 20), "JSON_INVALID line 2:");
  EXPECT_EQ(Fault("item,colour\n", BatchForm::kCsv), "INPUT_INVALID line 1: no column \"colour\"");
  EXPECT_EQ(Fault("item,home\na\n", BatchForm::kCsv),
            "INPUT_INVALID line 2: has 1 cells, the heading has 2");
  EXPECT_EQ(Fault("item,promise\na,perhaps\n", BatchForm::kCsv),
            "INPUT_INVALID line 2: promise is true or false, not \"perhaps\"");
  EXPECT_EQ(Fault("item,attribute:a\nlost,1\n", BatchForm::kCsv), "UNREACHABLE line 2: no server");
  EXPECT_EQ(Fault("item,document:invoice\na,/no/such/file\n", BatchForm::kCsv).substr(0, 24),
            "INPUT_UNREADABLE line 2:");
}

TEST(FilingBatch, SendsAtMostFiveHundredRowsAtATime) {
  std::vector<BatchRow> rows;
  EXPECT_EQ(PartsOf(rows, false).error().reason, "INPUT_INVALID");
  for (int i = 0; i < 1001; ++i) rows.push_back({i + 1, "{}"});
  const auto parts = PartsOf(rows, false);
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 3U);
  EXPECT_EQ((*parts)[2].first, 1000U);
  EXPECT_EQ((*parts)[2].body, R"({"allOrNothing":false,"filings":[{}]})");
  EXPECT_EQ(PartsOf(rows, true).error().reason, "INPUT_INVALID");
  const std::vector<BatchRow> large(3, {1, "\"" + std::string(1'500'000, 'a') + "\""});
  ASSERT_TRUE(PartsOf(large, false));
  EXPECT_EQ(PartsOf(large, false)->size(), 2U);
}

TEST(FilingBatch, ShowsWhatBecameOfEachLine) {
  const std::vector<BatchRow> rows = {{2, ""}, {3, ""}, {7, ""}};
  const JsonDocument answer =
      JsonDocument::Parse(R"({"rows":[{"index":0,"outcome":"FILED","filingId":"F-1",
        "receiptNumber":"ZL2026-1"},{"index":1,"outcome":"REFUSED","problem":{
        "reason":"FOREIGN_APPLICANT","detailZh":"不是您的组织。","detailEn":"Not yours.",
        "violations":[{"field":"applicant.uscc","messageZh":"有误","messageEn":"is wrong"}]}}]})")
          .value();
  const std::string en = ShowBatch(answer.root(), rows, 1, ViewOf(Language::kEnglish));
  for (const char* part : {"ZL2026-1", "F-1", "filed", "refused",
                           "Not yours. · applicant.uscc: is wrong (FOREIGN_APPLICANT)"}) {
    EXPECT_NE(en.find(part), std::string::npos) << en;
  }
  EXPECT_NE(en.find("   3  filed"), std::string::npos) << en;
  EXPECT_NE(en.find("   7  refused"), std::string::npos) << en;
  const std::string zh = ShowBatch(answer.root(), rows, 1, ViewOf(Language::kChinese));
  EXPECT_NE(zh.find("不是您的组织。 · applicant.uscc: 有误"), std::string::npos) << zh;
}

}  // namespace
}  // namespace zonelink::cli
