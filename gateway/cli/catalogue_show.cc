// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/catalogue_show.h"

#include <fmt/format.h>

#include "gateway/cli/words.h"

namespace zonelink::cli {

using client::Json;

namespace {

std::string NameOf(const Json& thing, const Style& say) {
  return thing[say("nameZh", "nameEn")].text();
}

std::string Joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string DaysWord(const Json& item, const Style& say) {
  if (item["budgetWorkingDays"].number() == 0) return std::string(say("无需申报", "no case"));
  std::string days =
      fmt::format("{} + {}", item["budgetWorkingDays"].text(), item["extensionDays"].text());
  if (item["jointBudgetDays"].number() == 0) return days;
  return fmt::format("{}; {} {} + {}", days, say("联合办理", "joint"),
                     item["jointBudgetDays"].text(), item["jointExtensionDays"].text());
}

std::string Period(const Json& thing, const char* from, const char* until) {
  return fmt::format("{} – {}", thing[from].text(), thing[until].text());
}

}  // namespace

std::string ShowItem(const Json& item, const View& view) {
  const Style& say = view.style;
  Sheet sheet;
  sheet.Line(say("事项", "Item"), item["itemId"].text(), Colour::kStrong);
  sheet.Line(say("名称", "Name"), NameOf(item, say));
  sheet.Line(say("版本", "Version"),
             fmt::format("{} · {}", item["version"].text(), LocalTime(item["publishedAt"].text())));
  sheet.Line(say("方式", "Mode"), ModeWord(item["defaultMode"].text(), say));
  sheet.Line(say("工作日", "Working days"), DaysWord(item, say));
  std::vector<std::string> attributes;
  for (const Json& attribute : item["attributes"].items()) {
    attributes.push_back(attribute["name"].text() + ":" + attribute["type"].text());
  }
  sheet.Line(say("属性", "Attributes"), Joined(attributes));
  sheet.Line(say("材料", "Papers"), Joined(item["requiredDocuments"].texts()));
  if (!item["deferrableDocuments"].items().empty()) {
    sheet.Line(say("可容缺", "May come later"), Joined(item["deferrableDocuments"].texts()));
  }
  if (item["promiseVersion"].number() > 0) {
    sheet.Line(say("承诺", "Promise"), item[say("promiseTextZh", "promiseTextEn")].text());
  }
  sheet.Line(say("依据", "Source"), item["source"].text());
  return sheet.Render(say);
}

std::string ShowItems(const Json& page, const View& view) {
  const Style& say = view.style;
  Table table({{std::string(say("事项", "ITEM"))},
               {std::string(say("版本", "VERSION")), false, true},
               {std::string(say("方式", "MODE"))},
               {std::string(say("工作日", "DAYS")), false, true},
               {std::string(say("名称", "NAME")), true}});
  for (const Json& item : page["items"].items()) {
    table.Row({{item["itemId"].text()},
               {item["version"].text()},
               {ModeWord(item["defaultMode"].text(), say)},
               {item["budgetWorkingDays"].text()},
               {NameOf(item, say)}});
  }
  return table.Render(say);
}

std::string ShowAgreement(const Json& agreement, const View& view) {
  const Style& say = view.style;
  const std::string state = agreement["state"].text();
  Sheet sheet;
  sheet.Line(say("协议", "Agreement"), agreement["agreementId"].text(), Colour::kStrong);
  sheet.Line(say("事项", "Item"), view.item_name(agreement["itemId"].text()));
  sheet.Line(say("状态", "State"), StateWord(state, say), StateColour(state));
  sheet.Line(say("从", "From"), Joined(agreement["homeZones"].texts()));
  sheet.Line(say("到", "To"), Joined(agreement["targetZones"].texts()));
  sheet.Line(say("方式", "Mode"), ModeWord(agreement["mode"].text(), say));
  const std::string condition = agreement["condition"].text();
  if (!condition.empty()) sheet.Line(say("条件", "Condition"), condition);
  sheet.Line(say("有效期", "Valid"), Period(agreement, "validFrom", "validUntil"));
  std::vector<std::string> zones;
  for (const Json& signature : agreement["signatures"].items()) {
    zones.push_back(signature["zone"].text());
  }
  sheet.Line(say("已签署", "Signed by"), Joined(zones));
  const std::string amends = agreement["amends"].text();
  if (!amends.empty()) sheet.Line(say("修订", "Amends"), amends);
  const std::string replaced_by = agreement["replacedBy"].text();
  if (!replaced_by.empty()) sheet.Line(say("已由此取代", "Replaced by"), replaced_by);
  return sheet.Render(say);
}

std::string ShowAgreements(const Json& page, const View& view) {
  const Style& say = view.style;
  Table table({{std::string(say("状态", "STATE"))},
               {std::string(say("方式", "MODE"))},
               {std::string(say("有效期至", "UNTIL"))},
               {std::string(say("事项", "ITEM"))},
               {std::string(say("片区", "ZONES")), true}});
  for (const Json& agreement : page["items"].items()) {
    const std::string state = agreement["state"].text();
    table.Row({{StateWord(state, say), StateColour(state)},
               {ModeWord(agreement["mode"].text(), say)},
               {agreement["validUntil"].text()},
               {view.item_name(agreement["itemId"].text())},
               {fmt::format("{} → {}", Joined(agreement["homeZones"].texts()),
                            Joined(agreement["targetZones"].texts()))}});
    table.Note({agreement["agreementId"].text(), Colour::kFaint});
  }
  if (table.empty()) return std::string(say("没有协议。\n", "No agreements.\n"));
  return table.Render(say);
}

std::string ShowListEntry(const Json& entry, const View& view) {
  const Style& say = view.style;
  Sheet sheet;
  sheet.Line(say("条目", "Entry"),
             fmt::format("{} / {} · {}", entry["list"].text(), entry["entryId"].text(),
                         entry["version"].text()),
             Colour::kStrong);
  sheet.Line(say("名称", "Name"), NameOf(entry, say));
  sheet.Line(say("事项", "Item"), view.item_name(entry["itemId"].text()));
  sheet.Line(say("条件", "Predicate"), entry["predicate"].text());
  sheet.Line(say("依据", "Article"), entry["article"].text());
  sheet.Line(say("有效期", "Effective"), Period(entry, "effectiveFrom", "effectiveUntil"));
  if (entry["retired"].truth()) {
    sheet.Line(say("已废止", "Retired"), entry["reason"].text(), Colour::kBad);
  }
  return sheet.Render(say);
}

std::string ShowListEntries(const Json& page, const View& view) {
  const Style& say = view.style;
  Table table({{std::string(say("条目", "ENTRY"))},
               {std::string(say("版本", "VERSION")), false, true},
               {std::string(say("自", "FROM"))},
               {std::string(say("事项", "ITEM"))},
               {std::string(say("名称", "NAME")), true}});
  for (const Json& entry : page["items"].items()) {
    const bool retired = entry["retired"].truth();
    table.Row({{entry["entryId"].text(), retired ? Colour::kFaint : Colour::kPlain},
               {entry["version"].text()},
               {retired ? std::string(say("已废止", "retired")) : entry["effectiveFrom"].text()},
               {view.item_name(entry["itemId"].text())},
               {NameOf(entry, say)}});
    table.Note({entry["article"].text(), Colour::kFaint});
  }
  if (table.empty()) return std::string(say("清单是空的。\n", "The list is empty.\n"));
  return table.Render(say);
}

std::string FindingLine(const Json& finding, const Style& say) {
  const bool unknown = finding["outcome"].text() == "UNKNOWN";
  if (finding["kind"].text() == "CONDITION") {
    return std::string(
        unknown ? say("无法判断是否符合协议条件", "cannot tell the agreement's condition")
                : say("不符合协议条件", "the agreement's condition is not met"));
  }
  return fmt::format("{} {}/{} · {}: {} ({})",
                     unknown ? say("无法判断", "cannot tell") : say("命中", "on the list"),
                     finding["list"].text(), finding["entryId"].text(),
                     finding["entryVersion"].text(), NameOf(finding, say),
                     finding["article"].text());
}

std::string ShowScreening(const Json& answer, const View& view) {
  const Style& say = view.style;
  std::string text;
  for (const Json& zone : answer["zones"].items()) {
    text += view.zone_name(zone["zone"].text()) + "\n";
    const auto findings = zone["findings"].items();
    if (findings.empty()) text += fmt::format("  {}\n", say("未命中", "nothing found"));
    for (const Json& finding : findings) text += "  - " + FindingLine(finding, say) + "\n";
  }
  return text;
}

std::string ShowHits(const Json& answer, const View& view) {
  const Style& say = view.style;
  Table table({{std::string(say("条目", "ENTRY"))},
               {std::string(say("命中", "HITS")), false, true},
               {std::string(say("无法判断", "UNKNOWN")), false, true},
               {std::string(say("涉及投资（元）", "INVESTED (YUAN)")), false, true}});
  const auto row = [&](const std::string& name, const Json& hits) {
    table.Row({{name},
               {hits["filings"].text()},
               {hits["unknown"].text()},
               {hits["investedYuan"].text()}});
  };
  for (const Json& entry : answer["entries"].items()) row(entry["entryId"].text(), entry);
  row(std::string(say("合计", "total")), answer["total"]);
  return table.Render(say);
}

}  // namespace zonelink::cli
