// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/words.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "platform/core/time.h"

namespace zonelink::cli {
namespace {

struct Word {
  std::string_view key;
  std::string_view zh;
  std::string_view en;
};

template <size_t N>
std::string Find(const Word (&words)[N], std::string_view key, const Style& say) {
  for (const Word& word : words) {
    if (word.key == key) return std::string(say(word.zh, word.en));
  }
  return std::string(key);
}

constexpr Word kStates[] = {
    {"IN_REVIEW", "办理中", "in review"},
    {"CLOSED", "已办结", "closed"},
    {"WITHDRAWN", "已撤回", "withdrawn"},
    {"PENDING", "待受理", "received"},
    {"SUPPLEMENTING", "待补正", "papers asked for"},
    {"ACCEPTED", "已受理", "accepted for review"},
    {"VERIFIED", "已核查", "verified"},
    {"QUERY_TO_HOME", "向所在地核实", "home zone asked"},
    {"HEARING", "听证", "hearing"},
    {"SUSPENDED", "中止计时", "clock suspended"},
    {"RETURNED_TO_STEP", "退回重办", "returned to a step"},
    {"RETURNED", "逾期退回", "returned, papers missed"},
    {"NOT_REQUIRED", "无需办理", "not required"},
    {"WRONG_AUTHORITY", "非本机关职权", "another authority's"},
    {"GRANTED", "予以认可", "recognised"},
    {"GRANTED_PARTIAL", "部分认可", "recognised in part"},
    {"GRANTED_CONDITIONAL", "附条件认可", "recognised under conditions"},
    {"TACIT_GRANTED", "默示认可", "recognised by silence"},
    {"DELIVERED", "已认可并送达", "recognised and delivered"},
    {"SUSPENDED_AFTER", "认可已暂停", "recognition suspended"},
    {"REVOKED", "认可已撤销", "recognition revoked"},
    {"REFUSED", "不予认可", "refused"},
    {"VALID", "有效", "valid"},
    {"EXPIRED", "已过期", "expired"},
};

constexpr Word kModes[] = {
    {"NATIONWIDE", "全国通行", "valid nationwide"}, {"AUTOMATIC", "自动认可", "automatic"},
    {"NOTIFY", "告知承诺", "on a promise"},         {"REVIEW", "审查认可", "review"},
    {"NONE", "不予互认", "not recognised"},
};

constexpr Word kOutcomes[] = {
    {"NO_CASE_NEEDED", "全国通行，无需申报", "valid everywhere by law, no filing needed"},
    {"AUTOMATIC", "提交即予认可", "recognised at once"},
    {"PROMISE_NEEDED", "作出承诺即予认可", "recognised at once on your promise"},
    {"DECISION_NEEDED", "由片区主管部门决定", "the zone's authority decides"},
    {"ON_NEGATIVE_LIST", "命中负面清单，由片区主管部门决定",
     "on a negative list, the zone's authority decides"},
    {"NOT_COVERED", "没有互认协议", "no agreement covers it"},
};

constexpr Word kRoles[] = {
    {"filer", "申报人", "applicant"},
    {"enterprise_admin", "企业管理员", "enterprise administrator"},
    {"verifier", "核查人员", "verifier"},
    {"reviewer", "审批人员", "reviewer"},
    {"inspector", "查验人员", "inspector"},
    {"releaser", "放行人员", "releaser"},
    {"zone_admin", "片区管理员", "zone administrator"},
    {"secretariat", "领导小组秘书处", "secretariat"},
    {"chair", "领导小组负责人", "chair"},
    {"auditor", "审计人员", "auditor"},
    {"evaluator", "第三方评估人员", "evaluator"},
    {"system_admin", "系统管理员", "system administrator"},
    {"security_admin", "安全管理员", "security administrator"},
    {"audit_admin", "审计管理员", "audit administrator"},
};

constexpr Word kEvents[] = {
    {"filing.submitted", "提交申报", "filed"},
    {"filing.withdrawn", "撤回申报", "withdrawn"},
    {"filing.supplemented", "补交材料", "papers handed in"},
    {"filing.document_taken", "从企业材料库调取材料", "paper taken from the vault"},
    {"decision.accepted", "受理", "accepted for review"},
    {"decision.corrected", "当场更正并受理", "corrected and accepted"},
    {"decision.deemed_accepted", "逾期未告知，视为受理", "deemed accepted"},
    {"decision.not_required", "告知无需办理", "not required"},
    {"decision.wrong_authority", "告知向其他机关申请", "another authority is competent"},
    {"decision.supplement_requested", "告知补正", "papers asked for"},
    {"decision.supplemented", "补交材料", "papers handed in"},
    {"decision.supplement_missed", "逾期未补正", "papers missed"},
    {"decision.verified", "核查", "verified"},
    {"decision.verifier_added", "加签", "verifier added"},
    {"decision.verifier_dropped", "减签", "verifier dropped"},
    {"decision.returned_to_step", "退回重办", "returned to a step"},
    {"decision.taken_back", "撤回上一步", "step taken back"},
    {"decision.queried", "向所在地核实", "home zone asked"},
    {"decision.query_answered", "所在地答复", "home zone answered"},
    {"decision.query_missed", "所在地逾期未答复", "home zone did not answer"},
    {"decision.opinions_requested", "征求意见", "opinions asked for"},
    {"decision.opinion_given", "出具意见", "opinion given"},
    {"decision.hearing_opened", "听证", "hearing"},
    {"decision.suspended", "中止计时", "clock suspended"},
    {"decision.paper_missed", "容缺材料逾期", "deferred paper missed"},
    {"decision.paper_handed_in", "交齐容缺材料", "deferred paper handed in"},
    {"decision.resumed", "恢复计时", "clock goes on"},
    {"decision.paper_window_missed", "逾期未交容缺材料", "deferred paper never came"},
    {"decision.extended", "延长期限", "extended"},
    {"decision.delegated", "委托代办", "deputy named"},
    {"decision.interest_declared", "利益冲突申报", "interest declared"},
    {"decision.recused", "回避", "recused"},
    {"decision.recusal_requested", "申请回避", "recusal asked for"},
    {"decision.recusal_decided", "决定回避申请", "recusal decided"},
    {"decision.reassigned", "转办", "reassigned"},
    {"decision.reminded", "催办", "reminded"},
    {"decision.granted", "予以认可", "recognised"},
    {"decision.granted_partial", "部分认可", "recognised in part"},
    {"decision.granted_conditional", "附条件认可", "recognised under conditions"},
    {"decision.granted_tacitly", "默示认可", "recognised by silence"},
    {"decision.refused", "不予认可", "refused"},
    {"decision.withdrawn", "撤回", "withdrawn"},
    {"decision.delivered", "送达", "delivered"},
    {"decision.promise_checked", "核查承诺", "promise checked"},
    {"decision.promise_broken", "承诺不实，撤销认可", "promise broken, revoked"},
    {"decision.condition_met", "条件已落实", "condition met"},
    {"decision.condition_missed", "条件逾期未落实", "condition missed"},
    {"decision.rung_passed", "期限变动", "deadline passed or moved"},
};

constexpr Word kActions[] = {
    {"accept", "受理", "accept"},
    {"verify", "核查", "verify"},
    {"decide", "决定", "decide"},
    {"supplement", "补交材料", "hand in papers"},
    {"answer_query", "答复核实", "answer the query"},
    {"give_opinion", "出具意见", "give an opinion"},
    {"hand_in_paper", "交齐容缺材料", "hand in the overdue paper"},
    {"resume", "恢复计时", "let the clock go on"},
    {"decide_recusal", "决定回避", "decide on a recusal"},
    {"deliver", "送达", "deliver"},
    {"check_promise", "核查承诺", "check the promise"},
    {"confirm_condition", "确认条件", "confirm the condition"},
    {"escalated", "督办", "see to it"},
};

// What does an action, of a filing and a zone. The others are looked at first.
constexpr std::pair<std::string_view, std::string_view> kCommands[] = {
    {"accept", "decide accept {} {}"},
    {"verify", "decide verify {} {} --opinion …"},
    {"decide", "decide grant {} {} --reason …"},
    {"supplement", "filing supplement {} --zone {} --document FILE"},
    {"hand_in_paper", "filing supplement {} --zone {} --document KIND=FILE"},
    {"answer_query", "decide answer {} {} --answer …"},
    {"give_opinion", "decide give-opinion {} {} --verdict … --text …"},
    {"resume", "decide resume {} {}"},
    {"decide_recusal", "decide decide-recusal {} {} --officer … --result … --reason …"},
    {"deliver", "decide deliver {} {} --method …"},
    {"check_promise", "decide check-promise {} {} --result … --findings …"},
    {"confirm_condition", "decide confirm-condition {} {} --place … --evidence …"},
};

constexpr Word kTerms[] = {
    {"SUPPLEMENT", "补正材料", "papers asked for"},
    {"HEARING", "听证", "hearing"},
    {"BIDDING", "招标", "call for bids"},
    {"AUCTION", "拍卖", "auction"},
    {"INSPECTION", "检验", "inspection"},
    {"TESTING", "检测", "testing"},
    {"QUARANTINE", "检疫", "quarantine"},
    {"APPRAISAL", "鉴定", "appraisal"},
    {"EXPERT_REVIEW", "专家评审", "review by experts"},
    {"DEFERRED_PAPERS", "容缺材料逾期", "deferred paper missed"},
    {"ALL", "须全部同意", "all must agree"},
    {"ANY", "一个同意即可", "one is enough"},
    {"OPEN", "征求中", "open"},
    {"AGREED", "同意", "agreed"},
    {"DISAGREED", "不同意", "disagreed"},
    {"AGREE", "同意", "agrees"},
    {"DISAGREE", "反对", "disagrees"},
    {"ABSTAIN", "弃权", "abstains"},
    {"COUNTED", "计入", "counted"},
    {"LATE", "迟到，不计入", "late, not counted"},
    {"CANCELLED", "因退回作废", "cancelled by a return"},
    {"TAKEN_BACK", "已撤回", "taken back"},
    {"TO_CHECK", "待核查", "to be checked"},
    {"MET", "属实", "kept"},
    {"TO_CORRECT", "限期改正", "to be put right"},
    {"BROKEN", "不实", "broken"},
    {"SELF", "主动回避", "stays away"},
    {"ASKED", "已申请，待决定", "asked for, not decided"},
    {"UPHELD", "准许", "upheld"},
    {"DECLINED", "驳回", "declined"},
    {"RECONSIDERATION", "行政复议", "reconsideration"},
    {"LITIGATION", "行政诉讼", "litigation"},
    {"activities", "活动", "activities"},
    {"addresses", "地址", "addresses"},
    {"quantity", "数量", "quantity"},
    {"period", "期限", "period"},
};

// What to do, by reason. Where the server's own text is enough there is no entry.
constexpr Word kAdvice[] = {
    {"NOT_LOGGED_IN", "请先登录：zonelink login <用户名>",
     "log in first: zonelink login <username>"},
    {"SESSION_ENDED", "登录已结束（角色变更、退出或过期），请重新登录：zonelink login <用户名>",
     "the session has ended (roles changed, logged out or expired); log in again: zonelink login "
     "<username>"},
    {"LOGIN_FAILED", "请核对用户名和密码；连续五次失败将锁定 15 分钟",
     "check name and password; five failures lock the name for 15 minutes"},
    {"LOGIN_LOCKED", "请在 15 分钟后再试，或联系本单位管理员",
     "try again in 15 minutes, or ask your administrator"},
    {"ETAG_MISMATCH", "数据已被他人更改：请重新查看后再办理（zonelink filing show <申报编号>）",
     "somebody changed it meanwhile: look again (zonelink filing show <filing>), then repeat"},
    {"NOT_COVERED", "先用 zonelink filing precheck 查看哪些片区有协议，再减去未覆盖的片区",
     "see which zones are covered with zonelink filing precheck, and leave the others out"},
    {"NO_CASE_NEEDED", "该事项全国通行，无需申报",
     "the document is valid there by law; nothing to file"},
    {"PROMISE_MISSING", "如符合所告知的条件，请加上 --promise 后重新提交",
     "if you meet the conditions told, repeat with --promise"},
    {"FOREIGN_APPLICANT", "只能以本单位名义申报：去掉 --applicant-uscc，或用该单位的账号登录",
     "file for your own organisation: leave --applicant-uscc out, or log in as its user"},
    {"ATTRIBUTES_INVALID", "用 zonelink filing precheck 查看缺少哪些属性",
     "zonelink filing precheck names the attributes that are missing"},
    {"CREDENTIAL_EXPIRED", "所依据的证件已过期：请先向发证机关续期",
     "the document relied on has expired: have it renewed by its issuer first"},
    {"VERIFIER_MAY_NOT_DECIDE", "核查与决定须由不同的人办理：请由其他审批人员决定",
     "another officer has to decide: whoever verified may not"},
    {"ALREADY_VERIFIED_BY_YOU", "需由另一名核查人员核查", "another verifier has to do it"},
    {"SUPPLEMENT_ZONE_NEEDED", "请用 --zone 写明答复哪个片区",
     "name the zone you answer with --zone"},
    {"SUPPLEMENT_ALREADY_ASKED", "补正须一次性告知，不得再次要求",
     "a supplement is asked for once and completely"},
    {"IDEMPOTENCY_KEY_REUSED", "该幂等键已用于另一条命令：去掉 --idempotency-key 后重试",
     "this key belongs to another command: repeat without --idempotency-key"},
    {"FILING_NOT_FOUND", "请核对申报编号：zonelink filing list",
     "check the id: zonelink filing list"},
    {"RECEIPT_PENDING", "账本尚未公布到该事件，请稍后再试；进度见 zonelink ledger show",
     "the ledger has not published that far yet; try again in a moment (zonelink ledger show tells "
     "how far it is)"},
    {"EVENT_UNKNOWN", "事件编号见 zonelink filing timeline <申报编号>",
     "event ids are in zonelink filing timeline FILING"},
    {"UNREACHABLE", "请确认服务已启动、地址正确（--url，或配置中的 url）",
     "check that the server runs and that the address is right (--url, or the profile's)"},
    {"NO_TERMINAL", "请用 --password-file 给出密码文件", "name a file with --password-file"},
};

}  // namespace

std::string StateWord(std::string_view state, const Style& say) {
  return Find(kStates, state, say);
}
std::string ModeWord(std::string_view mode, const Style& say) { return Find(kModes, mode, say); }
std::string OutcomeWord(std::string_view outcome, const Style& say) {
  return Find(kOutcomes, outcome, say);
}
std::string RoleWord(std::string_view role, const Style& say) { return Find(kRoles, role, say); }
std::string TermWord(std::string_view term, const Style& say) { return Find(kTerms, term, say); }

Colour StateColour(std::string_view state) {
  for (const std::string_view good :
       {"GRANTED", "GRANTED_PARTIAL", "GRANTED_CONDITIONAL", "TACIT_GRANTED", "DELIVERED", "VALID",
        "AUTOMATIC", "NO_CASE_NEEDED"}) {
    if (state == good) return Colour::kGood;
  }
  for (const std::string_view bad : {"REFUSED", "EXPIRED", "NOT_COVERED", "RETURNED", "REVOKED",
                                     "SUSPENDED_AFTER", "WRONG_AUTHORITY"}) {
    if (state == bad) return Colour::kBad;
  }
  if (state == "WITHDRAWN" || state == "CLOSED" || state == "NOT_REQUIRED") return Colour::kFaint;
  return Colour::kWaiting;
}

std::string EventWord(std::string_view type, const Style& say) {
  constexpr std::string_view kPrefix = "zonelink.recognition.";
  return Find(kEvents, type.starts_with(kPrefix) ? type.substr(kPrefix.size()) : type, say);
}

std::string ActionWord(std::string_view action, const Style& say) {
  return Find(kActions, action, say);
}

std::string ActionCommand(const client::Json& entry, const Style& say) {
  const std::string action = entry["action"].text();
  const std::string filing = entry["filingId"].text();
  const std::string zone = entry["zone"].text();
  std::string_view form = "filing show {}";
  for (const auto& [known, command] : kCommands) {
    if (known == action) form = command;
  }
  const std::string command = "zonelink " + fmt::format(fmt::runtime(form), filing, zone);
  return fmt::format("{} {}\n", say("最急的一件：", "The most urgent:"), command);
}

std::string DueWord(const client::Json& clock, const Style& say) {
  std::string due = clock["dueOn"].text();
  if (due.empty()) return "";
  if (clock["provisional"].truth()) due += say("（暂定）", " (provisional)");
  if (clock["running"].present() && !clock["running"].truth()) {
    due += say("（计时暂停）", " (clock paused)");
  }
  return due;
}

std::string RemainingWord(int64_t days, const Style& say) {
  if (days < 0) return fmt::format(fmt::runtime(say("超期 {} 日", "{} late")), -days);
  if (days == 0) return std::string(say("今天到期", "due today"));
  return fmt::format(fmt::runtime(say("剩 {} 日", "{} left")), days);
}

std::string Advice(const Error& error, const Style& say) {
  for (const Word& word : kAdvice) {
    if (word.key == error.reason) return std::string(say(word.zh, word.en));
  }
  return "";
}

std::string LocalTime(std::string_view rfc3339) {
  const auto at = ParseTime(rfc3339);
  if (!at) return std::string(rfc3339);
  const std::string local = FormatTime(*at + kShanghaiOffset);
  return local.substr(0, 10) + " " + local.substr(11, 5);
}

}  // namespace zonelink::cli
