// SPDX-License-Identifier: Apache-2.0
// Documents on the command line: what is shown, and uploads that continue.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "gateway/cli/arguments.h"
#include "gateway/cli/document_show.h"
#include "gateway/cli/filing_input.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;

View ViewOf(Language language) {
  return {{.language = language, .width = 0},
          [](std::string_view zone) { return std::string(zone); },
          [](std::string_view item) { return std::string(item); }};
}

constexpr std::string_view kDocument =
    R"({"sha256":"0123456789abcdef","title":"营业执照.pdf","kind":"business-licence",
  "mediaType":"application/pdf","sizeBytes":"3145728","validUntil":"2027-03-01","valid":true,"cases":2})";

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(DocumentShow, TellsWhatThePersonNeeds) {
  const JsonDocument json = JsonDocument::Parse(kDocument).value();
  const std::string zh = ShowDocument(json.root(), ViewOf(Language::kChinese));
  for (const char* part :
       {"营业执照.pdf", "0123456789abcdef", "3.0 MiB", "2027-03-01 · 有效", "2"}) {
    EXPECT_TRUE(Has(zh, part)) << zh;
  }
  const std::string list = ShowDocuments({json.root()}, ViewOf(Language::kEnglish));
  for (const char* part : {"business-licence", "2027-03-01", "3.0 MiB", "0123456789abcdef"}) {
    EXPECT_TRUE(Has(list, part)) << list;
  }
  EXPECT_EQ(ShowDocuments({}, ViewOf(Language::kEnglish)), "The vault holds nothing.\n");
}

TEST(DocumentShow, TellsWhoHasRead) {
  const JsonDocument json =
      JsonDocument::Parse(R"({"items":[{"readAt":"2026-03-02T08:00:00Z","name":"王小明",
        "zone":"zhejiang","caseId":"F-7"},{"readAt":"2026-03-01T08:00:00Z","name":"审计员"}]})")
          .value();
  const std::string text = ShowReadings(json.root(), ViewOf(Language::kChinese));
  for (const char* part : {"2026-03-02 16:00", "王小明", "zhejiang", "F-7", "审计员"}) {
    EXPECT_TRUE(Has(text, part)) << text;
  }
}

TEST(DocumentShow, TheBarFills) {
  EXPECT_EQ(ShowTransfer(0, 100), "[..............................] 0 B / 100 B");
  EXPECT_EQ(ShowTransfer(50, 100), "[###############...............] 50 B / 100 B");
  EXPECT_EQ(ShowTransfer(3 << 20, 3 << 20), "[##############################] 3.0 MiB / 3.0 MiB");
}

TEST(DocumentArguments, AreRead) {
  const CommandLine line = ParseCommandLine(
      {"document", "upload", "a.pdf", "--kind", "invoice", "--valid-until", "2027-01-01"}, Style{});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.command, "document upload");
  EXPECT_EQ(line.arguments.document.file, "a.pdf");
  EXPECT_EQ(line.arguments.document.kind, "invoice");
  EXPECT_EQ(line.arguments.document.valid_until, "2027-01-01");
  EXPECT_FALSE(ParseCommandLine({"document", "upload", "a.pdf"}, Style{}).run);
  EXPECT_TRUE(ParseCommandLine({"document", "list", "--only-valid"}, Style{})
                  .arguments.document.only_valid);
  EXPECT_EQ(
      ParseCommandLine({"document", "get", "ab", "--out", "f"}, Style{}).arguments.document.out,
      "f");
}

TEST(LookAtFile, HashesWithoutHoldingIt) {
  const std::string path = std::filesystem::temp_directory_path() / "zl-look-at-file.PDF";
  std::ofstream(path) << std::string(3'000'000, 'a');
  const auto facts = LookAtFile(path);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->name, "zl-look-at-file.PDF");
  EXPECT_EQ(facts->media_type, "application/pdf");
  EXPECT_EQ(facts->bytes, 3'000'000);
  EXPECT_EQ(facts->sha256.size(), 64u);
  std::ofstream(path, std::ios::trunc) << "abc";
  EXPECT_EQ(LookAtFile(path)->sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  std::ofstream(path, std::ios::trunc).close();
  EXPECT_EQ(LookAtFile(path).error().reason, "DOCUMENT_SIZE");
  std::filesystem::remove(path);
  EXPECT_EQ(LookAtFile(path).error().reason, "INPUT_UNREADABLE");
}

}  // namespace
}  // namespace zonelink::cli
