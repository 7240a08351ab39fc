// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/document_show.h"

#include <fmt/format.h>

#include "gateway/cli/words.h"

namespace zonelink::cli {

using client::Json;

namespace {

std::string SizeWord(int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  if (bytes < 1024 * 1024) return fmt::format("{:.1f} KiB", static_cast<double>(bytes) / 1024);
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024 * 1024));
}

std::string ValidityWord(const Json& document, const Style& say) {
  const std::string until = document["validUntil"].text();
  if (until.empty()) return std::string(say("长期", "no end"));
  return until;
}

}  // namespace

std::string ShowDocument(const Json& document, const View& view) {
  const Style& say = view.style;
  Sheet sheet;
  sheet.Line(say("文件", "Title"), document["title"].text(), Colour::kStrong);
  sheet.Line(say("摘要", "SHA-256"), document["sha256"].text());
  sheet.Line(say("种类", "Kind"), document["kind"].text());
  sheet.Line(say("大小", "Size"), SizeWord(document["sizeBytes"].number()));
  const bool valid = document["valid"].truth();
  sheet.Line(say("有效期至", "Valid until"),
             fmt::format("{} · {}", ValidityWord(document, say),
                         valid ? say("有效", "valid") : say("无效", "not valid")),
             valid ? Colour::kGood : Colour::kBad);
  sheet.Line(say("引用的申报", "Cases"), document["cases"].text());
  return sheet.Render(say);
}

std::string ShowDocuments(const std::vector<Json>& documents, const View& view) {
  const Style& say = view.style;
  if (documents.empty()) return std::string(say("材料库是空的。\n", "The vault holds nothing.\n"));
  Table table({{std::string(say("种类", "KIND"))},
               {std::string(say("有效期至", "VALID UNTIL"))},
               {std::string(say("大小", "SIZE")), false, true},
               {std::string(say("申报", "CASES")), false, true},
               {std::string(say("文件", "TITLE")), true}});
  for (const Json& document : documents) {
    const Colour colour = document["valid"].truth() ? Colour::kGood : Colour::kBad;
    table.Row({{document["kind"].text()},
               {ValidityWord(document, say), colour},
               {SizeWord(document["sizeBytes"].number())},
               {document["cases"].text()},
               {document["title"].text()}});
    table.Note({document["sha256"].text(), Colour::kFaint});
  }
  return table.Render(say);
}

std::string ShowReadings(const Json& readings, const View& view) {
  const Style& say = view.style;
  if (readings["items"].items().empty())
    return std::string(say("还没有人读过。\n", "Nobody has read it.\n"));
  Table table({{std::string(say("时间", "WHEN"))},
               {std::string(say("片区", "ZONE"))},
               {std::string(say("申报", "CASE"))},
               {std::string(say("谁", "WHO")), true}});
  for (const Json& reading : readings["items"].items()) {
    const std::string zone = reading["zone"].text();
    table.Row({{LocalTime(reading["readAt"].text())},
               {zone.empty() ? "" : view.zone_name(zone)},
               {reading["caseId"].text()},
               {reading["name"].text()}});
  }
  return table.Render(say);
}

std::string ShowTransfer(int64_t done, int64_t total) {
  constexpr int kCells = 30;
  const int full = total == 0 ? kCells : static_cast<int>(done * kCells / total);
  return fmt::format("[{:#<{}}{:.<{}}] {} / {}", "", full, "", kCells - full, SizeWord(done),
                     SizeWord(total));
}

}  // namespace zonelink::cli
