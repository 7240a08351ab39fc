// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/show.h"

#include <fmt/format.h>

#include <set>

#include "gateway/cli/api.h"
#include "gateway/cli/arguments.h"
#include "gateway/cli/catalogue_show.h"
#include "gateway/cli/decision_show.h"
#include "gateway/cli/words.h"

namespace zonelink::cli {
namespace {

using client::Json;
using client::MetadataOf;

std::string Heading(const std::string& text, const Style& style) {
  return "\n" + style.Paint(Colour::kStrong, Printable(text)) + "\n";
}

std::string AttributesSheet(const Json& attributes, const View& view) {
  Sheet sheet;
  for (const auto& [name, value] : attributes.members()) {
    sheet.Line("  " + std::string(name), value.text());
  }
  return sheet.Render(view.style);
}

// Papers that may come later, and whether they came.
std::string LaterPapers(const Json& filing, const Style& say) {
  const auto papers = filing["deferredDocuments"].items();
  if (papers.empty()) return "";
  std::string text = Heading(std::string(say("容缺材料", "Papers that come later")), say);
  for (const Json& paper : papers) {
    const std::string came = paper["handedInAt"].text();
    text += fmt::format("  {}  {}  {}\n", Printable(paper["kind"].text()),
                        Printable(paper["promisedOn"].text()),
                        came.empty() ? std::string(say("待提交", "open"))
                                     : fmt::format(fmt::runtime(say("{} 已提交", "came {}")),
                                                   LocalTime(came).substr(0, 10)));
  }
  return text;
}

// The earliest due date among open decisions; provisional if that one is.
std::string EarliestDue(const Json& filing, const Style& say) {
  std::string earliest;
  std::string word;
  for (const Json& decision : filing["decisions"].items()) {
    if (decision["waitingFor"].text().empty()) continue;
    const std::string due = decision["clock"]["dueOn"].text();
    if (due.empty() || (!earliest.empty() && due >= earliest)) continue;
    earliest = due;
    word = DueWord(decision["clock"], say);
  }
  return word;
}

// "jiangsu recognised, zhejiang received"
std::string ZonesInBrief(const Json& filing, const View& view) {
  std::vector<std::string> parts;
  for (const Json& decision : filing["decisions"].items()) {
    parts.push_back(view.zone_name(decision["zone"].text()) + " " +
                    StateWord(decision["state"].text(), view.style));
  }
  return Joined(parts, view.style("，", ", "));
}

}  // namespace

std::string ShowMe(const Json& me, const View& view) {
  const Style& say = view.style;
  std::vector<std::string> roles;
  for (const std::string& role : me["roles"].texts()) roles.push_back(RoleWord(role, say));
  Sheet sheet;
  sheet.Line(say("用户名", "username"), me["username"].text());
  sheet.Line(say("姓名", "name"), me["name"].text());
  sheet.Line(say("角色", "roles"),
             roles.empty() ? std::string(say("无", "none")) : Joined(roles, say("、", ", ")));
  const std::string zone = me["zone"].text();
  if (!zone.empty()) sheet.Line(say("片区", "zone"), ZoneCell(zone, view));
  sheet.Line(say("单位", "organisation"), me["organization"]["name"].text());
  sheet.Line(say("统一社会信用代码", "credit code"), me["organization"]["uscc"].text());
  return sheet.Render(say);
}

std::string ShowFiling(const Json& filing, const View& view) {
  const Style& say = view.style;
  const std::string state = filing["state"].text();
  const Json credential = filing["credential"];
  Sheet sheet;
  sheet.Line(say("申报编号", "filing"), filing["filingId"].text());
  sheet.Line(say("凭证号", "receipt"), filing["receiptNumber"].text());
  sheet.Line(say("事项", "item"), view.item_name(filing["itemId"].text()));
  sheet.Line(say("状态", "state"), StateWord(state, say), StateColour(state));
  sheet.Line(say("申报人", "applicant"), fmt::format("{} {}", filing["applicant"]["name"].text(),
                                                     filing["applicant"]["uscc"].text()));
  sheet.Line(say("所在片区", "home zone"), ZoneCell(filing["homeZone"].text(), view));
  sheet.Line(say("提交时间", "submitted"), LocalTime(filing["submittedAt"].text()));
  sheet.Line(say("所依据证件", "credential"),
             fmt::format(fmt::runtime(say("{}（{}，{} 至 {}）", "{} ({}, {} to {})")),
                         credential["number"].text(), credential["issuer"].text(),
                         credential["issuedOn"].text(), credential["validUntil"].text()));
  sheet.Line(say("重新申报自", "files again"), filing["refileOf"].text());
  sheet.Line(say("代理人", "agent"), filing["agentOrganizationId"].text());
  sheet.Line(say("原证范围", "origin covers"), ScopeLine(filing["scope"], say));
  std::string text = sheet.Render(say);
  text += "\n" + DecisionsPart(filing["filingId"].text(), filing["decisions"].items(), view);
  if (!filing["attributes"].members().empty()) {
    text += Heading(std::string(say("属性", "Attributes")), say) +
            AttributesSheet(filing["attributes"], view);
  }
  const auto documents = filing["documents"].items();
  if (!documents.empty()) text += Heading(std::string(say("材料", "Papers")), say);
  for (const Json& document : documents) {
    text +=
        fmt::format("  {}  {}  {}\n", Printable(document["title"].text()),
                    Printable(document["kind"].text()), document["sha256"].text().substr(0, 12));
  }
  return text + LaterPapers(filing, say);
}

std::string ShowFilings(const std::vector<Json>& filings, const View& view) {
  const Style& say = view.style;
  if (filings.empty()) {
    return std::string(say("没有符合条件的申报。\n", "No filings match.\n"));
  }
  // An enterprise sees its own only: no need to repeat the name in every entry.
  std::set<std::string> applicants;
  for (const Json& filing : filings) applicants.insert(filing["applicant"]["name"].text());
  Table table({{std::string(say("申报编号", "FILING"))},
               {std::string(say("提交日期", "FILED"))},
               {std::string(say("期限", "DUE"))},
               {std::string(say("事项", "ITEM")), true}});
  for (const Json& filing : filings) {
    table.Row({{filing["filingId"].text()},
               {LocalTime(filing["submittedAt"].text()).substr(0, 10)},
               {EarliestDue(filing, say)},
               {view.item_name(filing["itemId"].text())}});
    std::string note = ZonesInBrief(filing, view);
    if (applicants.size() > 1) note += " · " + filing["applicant"]["name"].text();
    table.Note({note, StateColour(filing["state"].text())});
  }
  return table.Render(say);
}

std::string ShowTimeline(const Json& timeline, const View& view) {
  const Style& say = view.style;
  Table table({{std::string(say("时间", "WHEN"))},
               {std::string(say("片区", "ZONE"))},
               {std::string(say("经过", "WHAT"))},
               {std::string(say("经办", "WHO")), true},
               {std::string(say("说明", "NOTE")), true}});
  std::string last_event;
  for (const Json& entry : timeline["items"].items()) {
    const std::string zone = entry["zone"].text();
    const std::string to = entry["toState"].text();
    table.Row(
        {{LocalTime(entry["at"].text())},
         {zone.empty() ? "" : view.zone_name(zone)},
         {EventWord(entry["type"].text(), say), to.empty() ? Colour::kPlain : StateColour(to)},
         {entry["actorName"].text()},
         {entry["reason"].text()}});
    last_event = entry["eventId"].text();
    if (!last_event.empty()) table.Note({last_event, Colour::kFaint});
  }
  std::string text = table.Render(say);
  if (last_event.empty()) return text;
  return text +
         fmt::format(fmt::runtime(say("\n每一行下面是事件编号。取得某一事件的存证回执："
                                      "zonelink ledger receipt {}\n",
                                      "\nBelow each line is the event's id. Proof that an event is "
                                      "in the ledger: zonelink ledger receipt {}\n")),
                     Printable(last_event));
}

std::string ShowPrecheck(const Json& precheck, const View& view) {
  const Style& say = view.style;
  Table table({{std::string(say("片区", "ZONE"))},
               {std::string(say("结论", "ANSWER"))},
               {std::string(say("工作日", "DAYS")), false, true},
               {std::string(say("期限", "DUE"))}});
  std::string found;
  for (const Json& zone : precheck["zones"].items()) {
    const std::string outcome = zone["outcome"].text();
    const bool decided = outcome == "DECISION_NEEDED" || outcome == "ON_NEGATIVE_LIST";
    table.Row({{ZoneCell(zone["zone"].text(), view)},
               {OutcomeWord(outcome, say), StateColour(outcome)},
               {decided ? zone["budgetDays"].text() : ""},
               {decided ? DueWord(zone, say) : ""}});
    for (const Json& finding : zone["findings"].items()) {
      found += fmt::format("  - {}: {}\n", ZoneCell(zone["zone"].text(), view),
                           Printable(FindingLine(finding, say)));
    }
  }
  std::string text = table.Render(say);
  if (!found.empty()) {
    text += Heading(std::string(say("须由人决定的原因", "Why a person decides")), say) + found;
  }
  if (precheck["promiseVersion"].number() > 0) {
    text += Heading(std::string(say("承诺内容（--promise）", "What is promised (--promise)")), say);
    text += Printable(precheck[say("promiseTextZh", "promiseTextEn")].text()) + "\n";
  }
  const auto list = [&](std::string_view member, std::string_view zh, std::string_view en) {
    const auto missing = precheck[member].texts();
    if (missing.empty()) return;
    text += Heading(std::string(say(zh, en)), say);
    for (const std::string& one : missing) text += "  - " + Printable(one) + "\n";
  };
  list("missingAttributes", "还缺的属性（--attribute 名称=值）",
       "Attributes still missing (--attribute name=value)");
  list("missingDocuments", "还缺的材料（--document 种类=文件）",
       "Papers still missing (--document KIND=FILE)");
  const auto offered = precheck["offeredDocuments"].items();
  if (!offered.empty()) {
    text += Heading(std::string(say("材料库中已有、可直接引用的材料（--from-vault）",
                                    "In your vault, ready to be taken (--from-vault)")),
                    say);
  }
  for (const Json& one : offered) {
    text += fmt::format("  - {}: {} {}\n", Printable(one["kind"].text()),
                        Printable(one["title"].text()), Printable(one["sha256"].text()));
  }
  list("deferrableDocuments", "其中可容缺后补的（--later 种类=YYYY-MM-DD）",
       "Those of them that may come later (--later KIND=YYYY-MM-DD)");
  return text;
}

std::string ShowInbox(const Json& inbox, const View& view) {
  const Style& say = view.style;
  const auto items = inbox["items"].items();
  if (items.empty()) return std::string(say("没有待办事项。\n", "Nothing waits for you.\n"));
  const bool chinese = say.language == Language::kChinese;
  Table table({{std::string(say("工作日", "WORKING DAYS"))},
               {std::string(say("期限", "DUE"))},
               {std::string(say("到达日期", "SINCE"))},
               {std::string(say("待办", "TO DO"))},
               {std::string(say("片区", "ZONE"))},
               {std::string(say("申报编号", "FILING"))}});
  std::set<std::string> roles;
  for (const Json& item : items) {
    const bool clocked = !item["dueOn"].text().empty();
    const int64_t left = item["remainingDays"].number();
    const Colour colour = left < 0 ? Colour::kBad : left <= 3 ? Colour::kWaiting : Colour::kPlain;
    table.Row({{clocked ? RemainingWord(left, say) : "", colour},
               {DueWord(item, say)},
               {LocalTime(item["since"].text()).substr(0, 10)},
               {ActionWord(item["action"].text(), say)},
               {view.zone_name(item["zone"].text())},
               {item["filingId"].text()}});
    table.Note({item[chinese ? "whyZh" : "whyEn"].text(), Colour::kFaint});
    roles.insert(item["role"].text());
  }
  // Entries for several roles are an overview, not this person's own work.
  return table.Render(say) + (roles.size() == 1 ? "\n" + ActionCommand(items[0], say) : "");
}

std::string ShowRecognition(const Json& recognition, const View& view) {
  const Style& say = view.style;
  const std::string state = recognition["state"].text();
  Sheet sheet;
  sheet.Line(say("认可编号", "number"), recognition["number"].text());
  sheet.Line(say("状态", "state"), StateWord(state, say), StateColour(state));
  sheet.Line(say("事项", "item"),
             recognition[say.language == Language::kChinese ? "itemNameZh" : "itemNameEn"].text());
  sheet.Line(say("原片区", "home zone"), ZoneCell(recognition["homeZone"].text(), view));
  sheet.Line(say("认可片区", "recognised in"), ZoneCell(recognition["zone"].text(), view));
  sheet.Line(say("有效期", "valid"),
             fmt::format(fmt::runtime(say("{} 至 {}", "{} to {}")), recognition["validFrom"].text(),
                         recognition["validUntil"].text()));
  return sheet.Render(say);
}

std::string ShowWorkingDays(const Json& answer, const View& view) {
  const Style& say = view.style;
  Sheet sheet;
  sheet.Line(say("到期日", "due on"), DueWord(answer, say), Colour::kStrong);
  std::string text = sheet.Render(say);
  if (answer["provisional"].truth()) {
    text += say("暂定：该年度的放假安排尚未公布，公布后可能变化。\n",
                "Provisional: that year's holidays are not published yet; the day may change.\n");
  }
  const auto skipped = answer["skipped"].items();
  if (skipped.empty()) return text;
  text += Heading(std::string(say("不计入的日子", "Days that do not count")), say);
  for (const Json& day : skipped) {
    const std::string why = day["why"].text();
    text += fmt::format("  {}  {}\n", day["date"].text(),
                        why == "WEEKEND" ? std::string(say("周末", "weekend")) : Printable(why));
  }
  return text;
}

namespace {

// The error arose here, without a problem document: its message is technical.
bool LocalReason(const Error& error) {
  return error.reason == "UNREACHABLE" || error.reason == "ANSWER_LOST" ||
         error.reason == "NOT_LOGGED_IN" || error.reason == "SESSION_ENDED" ||
         error.reason.starts_with("HTTP_");
}

// What went wrong in one line: the server's own words where it has some.
std::string Headline(const Error& error, const Style& say) {
  if (error.reason == "UNREACHABLE") {
    return std::string(say("无法连接服务器", "The server cannot be reached"));
  }
  if (error.reason == "ANSWER_LOST") {
    return std::string(
        say("连接中断，没有收到答复", "The connection broke before the answer came"));
  }
  if (error.reason == "NOT_LOGGED_IN" || error.reason == "SESSION_ENDED") {
    return std::string(say("尚未登录", "Not logged in"));
  }
  if (LocalReason(error) || error.message.empty()) {
    return std::string(say("服务器答复异常", "The server's answer was not understood"));
  }
  return error.message;
}

}  // namespace

int ExitCodeOf(const Error& error) {
  switch (error.code) {
    case Code::kUnauthenticated: return kExitNotLoggedIn;
    case Code::kUnavailable:
    case Code::kDeadlineExceeded: return kExitInDoubt;
    default: return kExitRefused;
  }
}

std::string ShowProblem(const Error& error, std::string_view idempotency_key, const Style& style) {
  std::string text = style.Paint(Colour::kBad, Printable(Headline(error, style))) + "\n";
  if (LocalReason(error) && error.code != Code::kUnauthenticated) {
    text += "  " + Printable(error.message) + "\n";
  }
  for (const Violation& violation : error.violations) {
    text += fmt::format("  - {}: {} ({})\n", Printable(violation.field),
                        Printable(violation.message), Printable(violation.reason));
  }
  const std::string advice = Advice(error, style);
  if (!advice.empty()) text += "  → " + advice + "\n";
  const bool in_doubt = ExitCodeOf(error) == kExitInDoubt && error.reason != "UNREACHABLE";
  if (in_doubt && !idempotency_key.empty()) {
    text += fmt::format(
        fmt::runtime(style(
            "  → 不确定是否已经办成。用同一幂等键重复该命令，不会重复办理：--idempotency-key {}\n",
            "  → It is not certain whether it was done. Repeat the command with the same key; "
            "nothing is done twice: --idempotency-key {}\n")),
        idempotency_key);
  }
  std::string footer = error.reason;
  for (const std::string_view name : {"title", "status", "instance"}) {
    const std::string value = Printable(MetadataOf(error, name));
    if (!value.empty()) footer += (name == "status" ? ", HTTP " : ", ") + value;
  }
  return text + style.Paint(Colour::kFaint, "  " + footer) + "\n";
}

}  // namespace zonelink::cli
