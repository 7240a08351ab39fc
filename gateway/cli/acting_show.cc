// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/acting_show.h"

#include <fmt/format.h>

#include "gateway/cli/words.h"

namespace zonelink::cli {

using client::Json;

namespace {

std::string Listed(const std::vector<std::string>& texts, std::string_view none) {
  std::string listed;
  for (const std::string& text : texts) listed += (listed.empty() ? "" : ", ") + text;
  return listed.empty() ? std::string(none) : listed;
}

std::string State(const Json& thing, const Style& say) {
  const std::string state = thing["state"].text();
  if (state == "ACTIVE") return std::string(say("有效", "active"));
  if (state == "REVOKED") return std::string(say("已终止", "ended"));
  return state;
}

Colour StateOf(const Json& thing) {
  return thing["state"].text() == "ACTIVE" ? Colour::kGood : Colour::kFaint;
}

std::string Party(const Json& party) {
  return fmt::format("{} {}", party["name"].text(), party["uscc"].text());
}

std::string Days(const Json& mandate) {
  return fmt::format("{} – {}", mandate["validFrom"].text(), mandate["validUntil"].text());
}

std::string Period(const Json& delegation) {
  return fmt::format("{} – {}", LocalTime(delegation["from"].text()),
                     LocalTime(delegation["until"].text()));
}

std::string Roles(const Json& delegation, const Style& say) {
  std::vector<std::string> words;
  for (const std::string& role : delegation["roles"].texts()) words.push_back(RoleWord(role, say));
  return Listed(words, "");
}

std::string More(const Json& page, const Style& say) {
  if (page["nextPageToken"].text().empty()) return "";
  return std::string(say("还有更早的，未列出。\n", "There are earlier ones, not listed.\n"));
}

}  // namespace

std::string ShowMandate(const Json& mandate, const View& view) {
  const Style& say = view.style;
  Sheet sheet;
  sheet.Line(say("编号", "id"), mandate["mandateId"].text());
  sheet.Line(say("状态", "state"), State(mandate, say), StateOf(mandate));
  sheet.Line(say("委托人", "principal"), Party(mandate["principal"]));
  sheet.Line(say("代理人", "agent"), Party(mandate["agent"]));
  sheet.Line(say("事项", "items"), Listed(mandate["itemIds"].texts(), say("全部", "all")));
  sheet.Line(say("可代办", "acts"), Listed(mandate["acts"].texts(), ""));
  sheet.Line(say("期限", "days"), Days(mandate));
  if (!mandate["note"].text().empty()) sheet.Line(say("说明", "note"), mandate["note"].text());
  if (!mandate["revokeReason"].text().empty()) {
    sheet.Line(say("终止原因", "ended because"), mandate["revokeReason"].text());
  }
  return sheet.Render(say);
}

std::string ShowMandates(const Json& page, const View& view) {
  const Style& say = view.style;
  const auto items = page["items"].items();
  if (items.empty()) return std::string(say("没有委托。\n", "No mandates.\n"));
  Table table({{std::string(say("编号", "ID"))},
               {std::string(say("状态", "STATE"))},
               {std::string(say("委托人", "PRINCIPAL")), true},
               {std::string(say("代理人", "AGENT")), true},
               {std::string(say("可代办", "ACTS"))},
               {std::string(say("期限", "DAYS"))}});
  for (const Json& mandate : items) {
    table.Row({{mandate["mandateId"].text()},
               {State(mandate, say), StateOf(mandate)},
               {mandate["principal"]["name"].text()},
               {mandate["agent"]["name"].text()},
               {Listed(mandate["acts"].texts(), "")},
               {Days(mandate)}});
  }
  return table.Render(say) + More(page, say);
}

std::string ShowDelegation(const Json& delegation, const View& view) {
  const Style& say = view.style;
  Sheet sheet;
  sheet.Line(say("编号", "id"), delegation["delegationId"].text());
  sheet.Line(say("状态", "state"), State(delegation, say), StateOf(delegation));
  sheet.Line(say("委托人", "officer"), delegation["name"].text());
  sheet.Line(say("代办人", "deputy"), delegation["deputyName"].text());
  sheet.Line(say("片区", "zone"), view.zone_name(delegation["zone"].text()));
  sheet.Line(say("角色", "roles"), Roles(delegation, say));
  sheet.Line(say("期间", "period"), Period(delegation));
  sheet.Line(say("原因", "why"), delegation["reason"].text());
  if (!delegation["revokeReason"].text().empty()) {
    sheet.Line(say("终止原因", "ended because"), delegation["revokeReason"].text());
  }
  return sheet.Render(say);
}

std::string ShowDelegations(const Json& page, const View& view) {
  const Style& say = view.style;
  const auto items = page["items"].items();
  if (items.empty()) return std::string(say("没有代办委托。\n", "No delegations.\n"));
  Table table({{std::string(say("编号", "ID"))},
               {std::string(say("状态", "STATE"))},
               {std::string(say("委托人", "OFFICER")), true},
               {std::string(say("代办人", "DEPUTY")), true},
               {std::string(say("角色", "ROLES"))},
               {std::string(say("期间", "PERIOD"))}});
  for (const Json& delegation : items) {
    table.Row({{delegation["delegationId"].text()},
               {State(delegation, say), StateOf(delegation)},
               {delegation["name"].text()},
               {delegation["deputyName"].text()},
               {Roles(delegation, say)},
               {Period(delegation)}});
  }
  return table.Render(say) + More(page, say);
}

std::string ShowPublished(const Json& published, const View& view) {
  const Style& say = view.style;
  const std::string calendar = published["calendar"].text();
  std::string text = say.Paint(
      Colour::kStrong, fmt::format(fmt::runtime(say("{} {} 年 第 {} 版", "{} {}, version {}")),
                                   calendar == "national" ? std::string(say("全国", "national"))
                                                          : view.zone_name(calendar),
                                   published["year"].number(), published["version"].number()));
  text += fmt::format("  {}  {}\n", LocalTime(published["publishedAt"].text()),
                      Printable(published["note"].text()));
  for (const Json& day : published["days"].items()) {
    const bool work = day["kind"].text() == "WORK";
    text += fmt::format("  {}  {}  {}\n", day["date"].text(),
                        work ? say("上班", "work") : say("放假", "rest"),
                        Printable(day["name"].text()));
  }
  return text;
}

std::string ShowCalendars(const Json& page, const View& view) {
  const Style& say = view.style;
  std::string text;
  for (const Json& published : page["items"].items()) text += ShowPublished(published, view);
  text += fmt::format(fmt::runtime(say("程序自带的全国日历到 {} 年为止。\n",
                                       "The national years up to {} come with the program.\n")),
                      page["shippedUntil"].number());
  return text + More(page, say);
}

}  // namespace zonelink::cli
