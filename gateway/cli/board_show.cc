// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/board_show.h"

#include <fmt/format.h>

#include "gateway/cli/words.h"

namespace zonelink::cli {

using client::Json;

namespace {

// Working days may be half ones; nothing where nobody decided.
std::string Median(const Json& zone, const Style& say) {
  const int64_t decided = zone["decided"].number();
  if (decided == 0) return std::string(say("近 30 日无决定", "no decision in 30 days"));
  return fmt::format(fmt::runtime(say("{} 个工作日（近 30 日 {} 件）",
                                      "{} working days ({} decisions in 30 days)")),
                     zone["medianDays"].text(), decided);
}

std::string States(const Json& zone, const Style& say) {
  std::string text;
  for (const Json& state : zone["byState"].items()) {
    if (!text.empty()) text += say("，", ", ");
    text += fmt::format("{} {}", StateWord(state["state"].text(), say), state["cases"].number());
  }
  return text;
}

std::string Items(const Json& zone, const Style& say) {
  Table table({{std::string(say("事项", "ITEM")), true},
               {std::string(say("在办", "OPEN")), false, true},
               {std::string(say("逾期", "LATE")), false, true}});
  const bool chinese = say.language == Language::kChinese;
  for (const Json& item : zone["items"].items()) {
    const int64_t late = item["late"].number();
    table.Row({{item[chinese ? "itemNameZh" : "itemNameEn"].text()},
               {std::to_string(item["open"].number())},
               {std::to_string(late), late > 0 ? Colour::kBad : Colour::kPlain}});
  }
  return table.empty() ? "" : "\n" + table.Render(say);
}

std::string ShowZone(const Json& zone, const View& view) {
  const Style& say = view.style;
  const int64_t late = zone["late"].number();
  const int64_t risk = zone["atRisk"].number();
  Sheet sheet;
  sheet.Line(say("在办", "open"), std::to_string(zone["open"].number()));
  sheet.Line(say("按状态", "by state"), States(zone, say));
  sheet.Line(say("逾期", "late"), std::to_string(late), late > 0 ? Colour::kBad : Colour::kPlain);
  sheet.Line(say("临期（已用八成）", "at risk (80 % used)"), std::to_string(risk),
             risk > 0 ? Colour::kWaiting : Colour::kPlain);
  sheet.Line(say("等待其他片区", "waiting for others"),
             std::to_string(zone["waitingForOthers"].number()));
  const Json oldest = zone["oldest"];
  if (oldest.present()) {
    sheet.Line(say("最早一件", "oldest"),
               fmt::format("{} {} {}", LocalTime(oldest["since"].text()).substr(0, 10),
                           oldest["receiptNumber"].text(), oldest["filingId"].text()));
  }
  sheet.Line(say("决定用时中位数", "median to decision"), Median(zone, say));
  return say.Paint(Colour::kStrong, Printable(view.zone_name(zone["zone"].text()))) + "\n" +
         sheet.Render(say) + Items(zone, say);
}

}  // namespace

std::string ShowCounts(const Json& counts, const View& view) {
  const Style& say = view.style;
  if (counts["total"].number() == 0) return "";
  std::string text = fmt::format(
      fmt::runtime(say("共 {} 件，其中 {} 件三个工作日内到期或已逾期：",
                       "{} in all, {} of them due within three working days or late: ")),
      counts["total"].number(), counts["dueSoon"].number());
  bool first = true;
  for (const Json& action : counts["actions"].items()) {
    if (!first) text += say("，", ", ");
    first = false;
    text +=
        fmt::format("{} {}", ActionWord(action["action"].text(), say), action["entries"].number());
  }
  return text + "\n";
}

std::string ShowBoard(const Json& board, const View& view) {
  const auto zones = board["zones"].items();
  if (zones.empty()) return std::string(view.style("没有办件。\n", "There are no cases.\n"));
  std::string text;
  for (const Json& zone : zones) text += (text.empty() ? "" : "\n") + ShowZone(zone, view);
  return text;
}

}  // namespace zonelink::cli
