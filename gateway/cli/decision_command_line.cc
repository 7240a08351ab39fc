// SPDX-License-Identifier: Apache-2.0
// The commands that move a zone's decision, by who gives them.
#include "gateway/cli/command_builder.h"

namespace zonelink::cli {
namespace {

using App = CLI::App;

// The commands of the group `decide`.
class Decisions {
 public:
  explicit Decisions(CommandBuilder& build)
      : build_(build),
        given_(build.arguments().decision),
        group_(build.Group("decide", "办理", "decide for a zone")) {}

  void Intake() {
    Officers("accept", "受理", "accept for review");
    App* ask = Officers("request-supplement", "一次性告知补正", "ask for what is missing");
    build_
        .Option(ask, "--missing", given_.missing, "所缺材料，可重复",
                "what is missing; may be repeated")
        ->required()
        ->allow_extra_args(false);
    Reason(ask);
    build_.Option(ask, "--override-reason", given_.override_reason,
                  "再次要求已有材料的理由（片区管理员）",
                  "why a paper that the file holds is asked for again; zone administrators");
    Reason(Officers("not-required", "告知无需办理", "the matter needs no recognition"));
    App* other =
        Officers("wrong-authority", "告知向其他机关申请", "another authority is competent");
    build_.Option(other, "--authority", given_.authority, "有权机关", "the competent authority")
        ->required();
    Reason(other);
    App* correct = Officers("correct", "当场更正并受理", "accept with mistakes put right");
    build_
        .Option(correct, "--correction", given_.corrections, "更正 字段=值，可重复",
                "what is put right, FIELD=VALUE; may be repeated")
        ->required()
        ->allow_extra_args(false);
    Reason(correct, false);
  }

  void Review() {
    App* verify = Officers("verify", "核查", "record a finding");
    build_.Option(verify, "--opinion", given_.opinion, "核查意见", "what was found")->required();
    Words(Officers("query", "向所在地片区核实", "ask the home zone; the clock goes on"),
          "--question", "问题", "what is asked");
    App* ask = Officers("ask-opinions", "征求其他片区意见", "ask other zones for opinions");
    build_
        .Option(ask, "--from", given_.zones, "片区，以逗号分隔", "zones asked, separated by commas")
        ->required()
        ->delimiter(',')
        ->allow_extra_args(false);
    Choice(ask, "--rule", given_.rule, {"ALL", "ANY", "QUORUM"}, "会签、或签或规定人数",
           "how they settle: all, one, or a number of them");
    build_
        .Option(ask, "--quorum", given_.quorum, "QUORUM：须几个片区同意",
                "with QUORUM: how many must agree")
        ->check(CLI::Range(1, 21));
    build_.Flag(ask, "--veto", given_.veto, "一个片区反对即不同意",
                "one that disagrees settles it");
    Words(ask, "--question", "问题", "what is asked");
    App* back = Officers("return", "退回之前的环节", "return to an earlier step");
    Choice(back, "--to", given_.to, {"accept", "verify"}, "环节", "step");
    Reason(back);
    Reason(Officers("take-back", "撤回本人上一步", "take the own last step back"), false);
    App* stand =
        Officers("suspend", "中止计时（行政许可法 §45）", "exclude time; the clock stands");
    Choice(stand, "--ground", given_.ground,
           {"HEARING", "BIDDING", "AUCTION", "INSPECTION", "TESTING", "QUARANTINE", "APPRAISAL",
            "EXPERT_REVIEW"},
           "事由", "why");
    build_.Option(stand, "--days", given_.estimate_days, "预计工作日", "working days expected")
        ->required()
        ->check(CLI::Range(1, 250));
    Reason(stand);
    Officers("resume", "恢复计时", "let the clock go on");
    Reason(Officers("extend", "延长期限（一次）", "extend the time, once"));
  }

  void Outcomes() {
    Reason(Officers("grant", "予以认可", "recognise"));
    App* part = Officers("grant-partial", "部分认可", "recognise less than the origin covers");
    build_.Scope(part, given_.scope);
    Reason(part);
    App* conditional = Officers("grant-conditional", "附条件认可", "recognise under conditions");
    build_
        .Option(conditional, "--condition", given_.conditions,
                "条件 YYYY-MM-DD=内容，至该日落实，可重复",
                "what is to be done by a day, YYYY-MM-DD=TEXT; may be repeated")
        ->required()
        ->allow_extra_args(false);
    Reason(conditional);
    App* refuse = Officers("refuse", "不予认可", "refuse");
    build_.Option(refuse, "--article", given_.article, "法律依据", "article that bars it")
        ->required();
    build_.Option(refuse, "--facts", given_.facts, "事实", "facts found")->required();
    build_.Option(refuse, "--code", given_.answer, "原因编码，见 decide refusal-reasons",
                  "code of the ground, see decide refusal-reasons");
    Reason(refuse);
    App* deliver = Officers("deliver", "记录送达", "record that it reached the applicant");
    build_.Option(deliver, "--method", given_.method, "送达方式", "how")->required();
    App* promise = Officers("check-promise", "核查承诺", "record the check of a promise");
    Choice(promise, "--result", given_.answer, {"met", "not-met"}, "是否属实", "what came of it");
    Words(promise, "--findings", "核查情况", "what was found");
    App* condition = Officers("confirm-condition", "确认条件已落实", "record that one is met");
    build_
        .Option(condition, "--place", given_.place, "第几个条件", "place of the condition, from 1")
        ->required()
        ->check(CLI::Range(1, 20));
    Words(condition, "--evidence", "依据", "what shows it");
  }

  void People() {
    App* deputy = Officers("delegate", "请同事代办本件", "let a deputy act in the own place");
    User(deputy, "--to", given_.to);
    build_.Option(deputy, "--until", given_.until, "至某日（含）或某时", "last day, or time")
        ->required();
    App* declare =
        Officers("declare-interest", "利益冲突申报", "declare that there is no interest, or which");
    // Empty words would declare that there is none.
    const auto told = [](const std::string& words) {
      return words.empty() ? std::string("say which, or leave it out") : std::string();
    };
    build_
        .Option(declare, "--conflict", given_.words, "与本件有何利益冲突；不填即无",
                "the interest in the case; without it there is none")
        ->check(told);
    Reason(Officers("recuse", "本人回避", "stay away from the case"));
    App* recusal = Officers("decide-recusal", "决定回避申请", "decide on a recusal asked for");
    User(recusal, "--officer", given_.officer);
    Choice(recusal, "--result", given_.answer, {"uphold", "decline"}, "准许或驳回",
           "whether the officer stays away");
    Reason(recusal);
    App* reassign = Officers("reassign", "转办", "give the waiting step to one officer");
    User(reassign, "--to", given_.to);
    Reason(reassign);
    Reason(Officers("add-verifier", "加签", "one more verifier"));
    Reason(Officers("drop-verifier", "减签", "one verifier fewer"));
  }

  void Tables() {
    build_.Add(group_, "refusal-reasons", "不予认可的原因编码", "codes of grounds for a refusal");
  }

  // For whom the deciding zone is another's.
  void Others() {
    Words(Named("answer", "答复核实（所在地片区）", "answer in the home zone's name"), "--answer",
          "答复", "the answer");
    App* opinion = Named("give-opinion", "出具意见（受征求的片区）", "give the own zone's opinion");
    Choice(opinion, "--verdict", given_.answer, {"AGREE", "DISAGREE", "ABSTAIN"},
           "同意、反对或弃权", "the opinion");
    Words(opinion, "--text", "说明", "in words");
    App* recusal =
        Named("ask-recusal", "申请回避（申请人）", "applicants: ask that one stays away");
    User(recusal, "--officer", given_.officer);
    Reason(recusal);
    App* remind = Named("remind", "催办，每个工作日一次", "remind; once a working day");
    build_.Option(remind, "--note", given_.reason, "说明", "note");
  }

 private:
  App* Command(const std::string& name, std::string_view zh, std::string_view en) {
    App* command = build_.Add(group_, name, zh, en);
    build_.Option(command, "filing", given_.filing_id, "申报编号", "id of the filing")->required();
    build_.Etag(command);
    return command;
  }
  App* Officers(const std::string& name, std::string_view zh, std::string_view en) {
    App* command = Command(name, zh, en);
    build_.Option(command, "zone", given_.zone, "办理片区，默认本人所属片区",
                  "zone that decides; default: the caller's own");
    return command;
  }
  App* Named(const std::string& name, std::string_view zh, std::string_view en) {
    App* command = Command(name, zh, en);
    build_.Option(command, "zone", given_.zone, "办理片区", "zone that decides")->required();
    return command;
  }
  void Reason(App* command, bool required = true) {
    build_.Option(command, "--reason", given_.reason, "理由", "why, in plain words")
        ->required(required);
  }
  void Words(App* command, const std::string& name, std::string_view zh, std::string_view en) {
    build_.Option(command, name, given_.words, zh, en)->required();
  }
  void User(App* command, const std::string& name, std::string& value) {
    build_.Option(command, name, value, "用户编号", "user id of the officer")->required();
  }
  void Choice(App* command, const std::string& name, std::string& value,
              std::vector<std::string> words, std::string_view zh, std::string_view en) {
    build_.Option(command, name, value, zh, en)
        ->required()
        ->transform(CLI::IsMember(std::move(words), CLI::ignore_case));
  }

  CommandBuilder& build_;
  DecisionArguments& given_;
  App* group_;
};

}  // namespace

void AddDecisionCommands(CommandBuilder& build) {
  Decisions decisions(build);
  decisions.Intake();
  decisions.Review();
  decisions.Outcomes();
  decisions.People();
  decisions.Others();
  decisions.Tables();
}

}  // namespace zonelink::cli
