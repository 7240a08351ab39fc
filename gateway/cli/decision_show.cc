// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/decision_show.h"

#include <fmt/format.h>

#include "gateway/cli/catalogue_show.h"
#include "gateway/cli/words.h"

namespace zonelink::cli {
namespace {

using client::Json;

// The lines below one decision's heading.
class Details {
 public:
  explicit Details(const Style& say) : say_(say) {}

  // Left out where `value` is empty.
  void Line(std::string_view zh, std::string_view en, const std::string& value,
            Colour colour = Colour::kPlain) {
    sheet_.Line(fmt::format("  {}", say_(zh, en)), value, colour);
  }
  std::string Render() const { return sheet_.Render(say_); }

 private:
  const Style& say_;
  Sheet sheet_;
};

// `text` behind `before`, where there is any.
std::string Behind(std::string_view before, const std::string& text) {
  return text.empty() ? "" : fmt::format("{}{}", before, text);
}

std::string Day(const Json& at) { return LocalTime(at.text()).substr(0, 10); }

// Working days left of the authority's time.
std::string LeftWord(int64_t days, const Style& say) {
  if (days < 0)
    return fmt::format(fmt::runtime(say("超期 {} 个工作日", "{} working days late")), -days);
  if (days == 0) return std::string(say("期限已满", "no working day left"));
  return fmt::format(fmt::runtime(say("剩 {} 个工作日", "{} working days left")), days);
}

std::string NextLine(const Json& decision, const Style& say) {
  const Json next = decision["nextStep"];
  std::string text = next[say.language == Language::kChinese ? "zh" : "en"].text();
  std::vector<std::string> more;
  if (!next["legalBasis"].text().empty()) more.push_back(next["legalBasis"].text());
  if (next["remainingDays"].present()) {
    more.push_back(LeftWord(next["remainingDays"].number(), say));
  }
  if (!more.empty()) {
    text += fmt::format(fmt::runtime(say("（{}）", " ({})")), Joined(more, say("，", ", ")));
  }
  return text;
}

std::string WaitsFor(const Json& decision, const Style& say) {
  const std::string role = decision["waitingFor"].text();
  if (role.empty()) return "";
  const std::string step = decision["step"].text();
  return RoleWord(role, say) + (step.empty() ? "" : " · " + ActionWord(step, say));
}

void Time(const Json& decision, const Style& say, Details& lines) {
  const Json clock = decision["clock"];
  if (clock.present()) {
    const bool stands = clock["running"].present() && !clock["running"].truth();
    lines.Line(
        "计时", "clock",
        fmt::format(fmt::runtime(say("已用 {} / {} 个工作日{}", "{} of {} working days used{}")),
                    clock["usedDays"].number(), clock["budgetDays"].number(),
                    stands ? say("，计时暂停", ", it stands") : ""));
  }
  if (decision["extendedDays"].number() > 0) {
    lines.Line("延长", "extended",
               fmt::format(fmt::runtime(say("{} 个工作日{}", "{} working days{}")),
                           decision["extendedDays"].number(),
                           Behind(say("：", ": "), decision["extensionReason"].text())));
  }
  for (const Json& time : decision["excludedTimes"].items()) {
    const std::string until =
        time["until"].text().empty() ? std::string(say("现在", "now")) : Day(time["until"]);
    std::string text = fmt::format(fmt::runtime(say("{} {} 至 {}", "{} {} to {}")),
                                   TermWord(time["ground"].text(), say), Day(time["from"]), until);
    if (time["estimateDays"].number() > 0) {
      text += fmt::format(fmt::runtime(say("，预计 {} 个工作日", ", {} working days expected")),
                          time["estimateDays"].number());
    }
    lines.Line("不计入期限", "not counted", text + Behind(say("：", ": "), time["reason"].text()));
  }
}

std::string AnswerOf(const Json& query, const Style& say) {
  if (query["missed"].truth()) {
    return std::string(say("逾期未答复", "not answered in time"));
  }
  if (!query["answer"].text().empty()) return query["answer"].text();
  return fmt::format(fmt::runtime(say("待答复，期限 {}", "open, due {}")), query["dueOn"].text());
}

// Whose deputy somebody was.
std::string InPlaceOf(const std::string& name, const Style& say) {
  if (name.empty()) return "";
  return fmt::format(fmt::runtime(say("（代 {}）", " (for {})")), name);
}

void Findings(const Json& decision, const Style& say, Details& lines) {
  for (const Json& finding : decision["screening"].items()) {
    lines.Line("须由人决定", "for a person", FindingLine(finding, say));
  }
  for (const Json& correction : decision["corrections"].items()) {
    lines.Line("当场更正", "corrected",
               fmt::format("{} → {}", correction["field"].text(), correction["value"].text()));
  }
  const auto found = decision["verifications"].items();
  for (const Json& one : found) {
    lines.Line("核查", "verified",
               fmt::format("{} {}{}{}", Day(one["at"]), one["name"].text(),
                           InPlaceOf(one["onBehalfOfName"].text(), say),
                           Behind(say("：", ": "), one["opinion"].text())));
  }
  const int64_t needed = decision["verifiersNeeded"].number();
  if (decision["step"].text() == "verify" && needed > 1) {
    lines.Line("核查人数", "verifiers", fmt::format("{} / {}", found.size(), needed));
  }
  for (const Json& query : decision["queries"].items()) {
    lines.Line("向所在地核实", "home zone",
               fmt::format("{} {} → {}", Day(query["askedAt"]), query["question"].text(),
                           AnswerOf(query, say)));
  }
}

void Opinions(const Json& decision, const View& view, Details& lines) {
  const Style& say = view.style;
  const Json asked = decision["consultation"];
  if (asked.present()) {
    std::vector<std::string> zones;
    for (const std::string& zone : asked["zones"].texts()) zones.push_back(view.zone_name(zone));
    std::string rule = TermWord(asked["rule"].text(), say);
    if (asked["rule"].text() == "QUORUM") {
      rule =
          fmt::format(fmt::runtime(say("须 {} 个同意", "{} must agree")), asked["quorum"].number());
    }
    if (asked["veto"].truth()) rule += say("，一票否决", ", one may veto");
    lines.Line("征求意见", "opinions",
               fmt::format(fmt::runtime(say("{}（{}）：{} → {}", "{} ({}): {} → {}")),
                           Joined(zones, say("、", ", ")), rule, asked["question"].text(),
                           TermWord(asked["result"].text(), say)));
  }
  for (const Json& one : decision["opinions"].items()) {
    const std::string standing = one["standing"].text();
    std::string text = fmt::format("{} {} {}{}", view.zone_name(one["zone"].text()),
                                   one["name"].text(), TermWord(one["verdict"].text(), say),
                                   Behind(say("：", ": "), one["text"].text()));
    if (standing != "COUNTED") {
      text += fmt::format(fmt::runtime(say("（{}）", " ({})")), TermWord(standing, say));
    }
    lines.Line("意见", "opinion", text, standing == "COUNTED" ? Colour::kPlain : Colour::kFaint);
  }
}

void People(const Json& decision, const Style& say, Details& lines) {
  lines.Line("转办给", "given to", decision["assignedTo"].text());
  for (const Json& deputy : decision["deputies"].items()) {
    const std::string name = deputy["deputyName"].text();
    lines.Line(
        "代办", "deputy",
        fmt::format(fmt::runtime(say("{} 由 {} 代办，至 {}", "{}: {} until {}")),
                    deputy["userId"].text(), name.empty() ? deputy["deputyUserId"].text() : name,
                    LocalTime(deputy["until"].text())));
  }
  for (const Json& one : decision["declarations"].items()) {
    const std::string which = one["conflict"].truth()
                                  ? one["statement"].text()
                                  : std::string(say("无利益冲突", "no interest"));
    lines.Line(
        "利益冲突申报", "declared",
        fmt::format("{} {}{}{}", Day(one["at"]), one["name"].text(), say("：", ": "), which));
  }
  for (const Json& recusal : decision["recusals"].items()) {
    lines.Line("回避", "recusal",
               fmt::format("{} {} {}{}", Day(recusal["at"]), recusal["userId"].text(),
                           TermWord(recusal["state"].text(), say),
                           Behind(say("：", ": "), recusal["reason"].text())));
  }
  if (decision["reminders"].number() > 0) {
    lines.Line("催办", "reminders", std::to_string(decision["reminders"].number()));
  }
}

std::string NameOfReason(const Json& reason, const Style& say) {
  return reason[say.language == Language::kChinese ? "zh" : "en"].text();
}

void Grounds(const Json& decision, const Style& say, Details& lines) {
  lines.Line("认可编号", "recognition", decision["recognitionNumber"].text());
  if (!decision["decidedAt"].text().empty()) {
    const std::string who = decision["byClock"].truth()
                                ? std::string(say("期限届满自动", "by the clock"))
                                : decision["decidedBy"].text();
    lines.Line("决定", "decided",
               LocalTime(decision["decidedAt"].text()) + Behind(" ", who) +
                   InPlaceOf(decision["decidedOnBehalfOfName"].text(), say));
  }
  lines.Line("依据", "basis", decision["legalBasis"].text());
  if (decision["article"].text() != decision["legalBasis"].text()) {
    lines.Line("所依条款", "article", decision["article"].text());
  }
  const Json refusal = decision["refusal"];
  if (refusal.present()) {
    lines.Line("原因", "ground",
               fmt::format("{} {}", refusal["code"].text(), NameOfReason(refusal, say)));
  }
  lines.Line("事实", "facts", decision["facts"].text());
  lines.Line("理由", "reason", decision["reason"].text());
  lines.Line("有权机关", "authority", decision["competentAuthority"].text());
}

std::string ConditionLine(const Json& condition, size_t place, const Style& say) {
  std::string standing(say("待落实", "open"));
  if (condition["missed"].truth()) standing = say("逾期未落实", "missed");
  if (!condition["metAt"].text().empty()) {
    standing = fmt::format(fmt::runtime(say("{} 已落实", "met {}")), Day(condition["metAt"]));
  }
  return fmt::format(fmt::runtime(say("{}. {}，至 {}（{}）", "{}. {}, by {} ({})")), place,
                     condition["text"].text(), condition["dueOn"].text(), standing);
}

void Outcome(const Json& decision, const Style& say, Details& lines) {
  lines.Line("认可范围", "scope", ScopeLine(decision["scope"], say));
  for (const Json& less : decision["scopeDifferences"].items()) {
    const std::string origin = less["origin"].text();
    lines.Line("少于原证", "less than origin",
               fmt::format("{}: {} → {}", TermWord(less["part"].text(), say),
                           origin.empty() ? std::string(say("不限", "not limited")) : origin,
                           less["recognised"].text()),
               Colour::kWaiting);
  }
  size_t place = 0;
  for (const Json& condition : decision["conditions"].items()) {
    lines.Line("条件", "condition", ConditionLine(condition, ++place, say),
               condition["missed"].truth() ? Colour::kBad : Colour::kPlain);
  }
  const Json promise = decision["promise"];
  if (promise.present()) {
    const std::string due = promise["dueOn"].text();
    std::string text = TermWord(promise["state"].text(), say);
    text += Behind(say("，期限 ", ", by "), due);
    lines.Line("承诺", "promise", text + Behind(say("：", ": "), promise["findings"].text()));
  }
  lines.Line("应送达", "deliver by", decision["deliveryDueOn"].text());
  if (!decision["deliveredAt"].text().empty()) {
    lines.Line("送达", "delivered",
               Day(decision["deliveredAt"]) + Behind(" ", decision["deliveryMethod"].text()));
  }
  for (const Json& remedy : decision["remedies"].items()) {
    std::string text = fmt::format(
        fmt::runtime(say("{}，知道决定之日起 {} 日内（{}{}）",
                         "{}, within {} days of knowing the decision ({}{})")),
        TermWord(remedy["kind"].text(), say), remedy["withinDays"].number(), remedy["basis"].text(),
        remedy["unverified"].truth() ? say("，依据未经核对", ", not verified") : "");
    lines.Line("救济", "remedy", text);
  }
}

// What the applicant has been asked for and has not handed in.
std::string OpenSupplement(const std::string& filing_id, const Json& decision, const Style& say) {
  if (decision["state"].text() != "SUPPLEMENTING") return "";
  const Json notice = decision["supplement"];
  std::string text =
      fmt::format("  {}{}\n", say("要求补交：", "asks for: "), Printable(notice["reason"].text()));
  for (const std::string& paper : notice["missing"].texts()) {
    text += "  - " + Printable(paper) + "\n";
  }
  return text + fmt::format("  → zonelink filing supplement {} --zone {} --document FILE\n",
                            Printable(filing_id), Printable(decision["zone"].text()));
}

std::string DetailsOf(const std::string& filing_id, const Json& decision, const View& view) {
  const Style& say = view.style;
  Details lines(say);
  lines.Line("下一步", "next", NextLine(decision, say), Colour::kStrong);
  Time(decision, say, lines);
  Findings(decision, say, lines);
  Opinions(decision, view, lines);
  People(decision, say, lines);
  Grounds(decision, say, lines);
  Outcome(decision, say, lines);
  const std::string text = lines.Render() + OpenSupplement(filing_id, decision, say);
  if (text.empty()) return "";
  const std::string heading = fmt::format("{} · {}", ZoneCell(decision["zone"].text(), view),
                                          StateWord(decision["state"].text(), say));
  return "\n" + say.Paint(Colour::kStrong, Printable(heading)) + "\n" + text;
}

}  // namespace

std::string ShowRefusalReasons(const Json& page, const View& view) {
  const Style& say = view.style;
  Table table({{std::string(say("编码", "CODE"))},
               {std::string(say("依据", "BASIS"))},
               {std::string(say("原因", "GROUND")), true}});
  for (const Json& reason : page["items"].items()) {
    const std::string basis = reason["unverified"].truth()
                                  ? std::string(say("依据未经核对", "not verified"))
                                  : reason["basis"].text();
    table.Row({{reason["code"].text()}, {basis}, {NameOfReason(reason, say)}});
  }
  return table.Render(say);
}

std::string Joined(const std::vector<std::string>& texts, std::string_view separator) {
  std::string joined;
  for (const std::string& text : texts) {
    if (!joined.empty()) joined += separator;
    joined += text;
  }
  return joined;
}

std::string ZoneCell(const std::string& zone, const View& view) {
  const std::string name = view.zone_name(zone);
  return view.style.language == Language::kChinese && name != zone ? name + " " + zone : zone;
}

std::string ScopeLine(const Json& scope, const Style& say) {
  std::vector<std::string> parts;
  for (const std::string_view list : {"activities", "addresses"}) {
    const auto texts = scope[list].texts();
    if (texts.empty()) continue;
    parts.push_back(fmt::format("{} {}", TermWord(list, say), Joined(texts, say("、", ", "))));
  }
  const std::string quantity = scope["quantity"].text();
  if (!quantity.empty()) parts.push_back(fmt::format("{} {}", TermWord("quantity", say), quantity));
  const std::string from = scope["validFrom"].text();
  const std::string until = scope["validUntil"].text();
  if (!from.empty() || !until.empty()) {
    parts.push_back(fmt::format("{} {} – {}", TermWord("period", say), from, until));
  }
  return Joined(parts, say("；", "; "));
}

std::string DecisionsPart(const std::string& filing_id, const std::vector<Json>& decisions,
                          const View& view) {
  const Style& say = view.style;
  Table table({{std::string(say("片区", "ZONE"))},
               {std::string(say("方式", "MODE"))},
               {std::string(say("状态", "STATE"))},
               {std::string(say("期限", "DUE"))},
               {std::string(say("等待", "WAITS FOR")), true}});
  std::string details;
  for (const Json& decision : decisions) {
    const std::string state = decision["state"].text();
    const bool open = !decision["waitingFor"].text().empty();
    table.Row({{ZoneCell(decision["zone"].text(), view)},
               {ModeWord(decision["mode"].text(), say)},
               {StateWord(state, say), StateColour(state)},
               {open ? DueWord(decision["clock"], say) : ""},
               {WaitsFor(decision, say)}});
    details += DetailsOf(filing_id, decision, view);
  }
  return table.Render(say) + details;
}

std::string ShowDecision(const Json& decision, const View& view) {
  const Style& say = view.style;
  const std::string filing_id = decision["filingId"].text();
  Sheet sheet;
  sheet.Line(say("申报编号", "filing"), filing_id);
  return sheet.Render(say) + DecisionsPart(filing_id, {decision}, view);
}

}  // namespace zonelink::cli
