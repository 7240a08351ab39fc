// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "gateway/cli/arguments.h"
#include "gateway/cli/command_builder.h"
#include "gateway/cli/completion.h"

namespace zonelink::cli {
namespace {

// Builds the commands and fills `arguments` while parsing.
class Builder : public CommandBuilder {
 public:
  using CommandBuilder::CommandBuilder;

  void Build() {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.option_defaults()->group(std::string(say_("选项", "Options")));
    Common();
    Account();
    Filings();
    AddDecisionCommands(*this);
    AddCatalogueCommands(*this);
    Vault();
    Acting();
    Calendars();
    Lookups();
    Ledger();
    Labels(app_);
  }

 private:
  void Common() {
    Option(&app_, "--profile", args_.profile, "配置名称，默认 default",
           "name of the profile; default: default")
        ->envname("ZONELINK_PROFILE");
    Option(&app_, "--url", args_.url, "网关地址，默认取自配置或 http://127.0.0.1:8080",
           "address of the gateway; default: the profile's or http://127.0.0.1:8080")
        ->envname("ZONELINK_URL");
    Option(&app_, "--ca-file", args_.ca_file, "信任的证书机构（PEM）",
           "certificate authorities to trust (PEM)")
        ->check(CLI::ExistingFile);
    Option(&app_, "--lang", args_.language, "语言：zh-CN 或 en，默认取自 LANG",
           "language: zh-CN or en; default: from LANG")
        ->check(CLI::IsMember({"zh", "zh-CN", "en"}));
    app_.add_option_function<std::string>(
            "--output", [this](const std::string& form) { args_.json = form == "json"; },
            std::string(say_("输出形式：table 或 json", "form of the output: table or json")))
        ->check(CLI::IsMember({"table", "json"}));
    Option(&app_, "--idempotency-key", args_.idempotency_key,
           "重复一条结果未知的命令时使用的幂等键",
           "key of a command whose outcome is in doubt, to repeat it");
    app_.set_version_flag("--version", "zonelink 0.1.0", std::string(say_("版本", "version")));
    app_.set_help_flag("-h,--help", std::string(say_("帮助", "help")));
  }

  void Account() {
    App* login = Add(&app_, "login", "登录", "log in");
    Option(login, "username", args_.username, "用户名", "login name")->required();
    Option(login, "--password-file", args_.password_file, "存有密码的文件；不给则在终端询问",
           "file with the password; asked for at the terminal when left out")
        ->check(CLI::ExistingFile);
    Add(&app_, "logout", "退出登录", "end the session");
    Add(&app_, "me", "我是谁", "who is logged in");
  }

  void FilingInput(App* command) {
    auto& filing = args_.filing;
    Option(command, "input", filing.input, "申报的 JSON 文件，- 表示标准输入；选项优先于文件",
           "JSON file with the filing, - for standard input; options win over it")
        ->type_name("FILE");
    Option(command, "--item", filing.item, "事项", "catalogue item");
    Option(command, "--home", filing.home, "所在片区", "home zone");
    Option(command, "--to", filing.to, "目标片区，以逗号分隔", "target zones, separated by commas")
        ->delimiter(',')
        ->allow_extra_args(false);
    Option(command, "--applicant-uscc", filing.applicant_uscc, "申请人统一社会信用代码，默认本单位",
           "applicant's unified social credit code; default: own organisation");
    Option(command, "--applicant-name", filing.applicant_name, "申请人名称，默认本单位",
           "applicant's name; default: own organisation");
    Option(command, "--credential-number", filing.credential_number, "所依据证件的编号",
           "number of the document relied on");
    Option(command, "--credential-issuer", filing.credential_issuer, "发证机关", "its issuer");
    Option(command, "--credential-issued-on", filing.credential_issued_on, "发证日期 YYYY-MM-DD",
           "issued on, YYYY-MM-DD");
    Option(command, "--credential-valid-until", filing.credential_valid_until,
           "有效期至 YYYY-MM-DD", "last day of validity, YYYY-MM-DD");
    Option(command, "--attribute", filing.attributes, "属性 名称=值，可重复",
           "attribute name=value; may be repeated")
        ->allow_extra_args(false);
    Documents(command);
    command->add_flag("--promise", filing.promise,
                      std::string(say_("告知承诺：承诺符合所告知的条件",
                                       "promise that the conditions told are met")));
  }
  void Documents(App* command) {
    Option(command, "--document", args_.filing.documents,
           "材料文件，或 种类=文件；只提交文件的摘要，可重复",
           "paper, FILE or KIND=FILE; its hash is handed in; may be repeated")
        ->type_name("FILE")
        ->allow_extra_args(false);
  }
  void FilingId(App* command) {
    Option(command, "filing", args_.filing.filing_id, "申报编号", "id of the filing")->required();
  }

  void Submit(App* group) {
    auto& filing = args_.filing;
    App* submit = Add(group, "submit", "提交申报", "submit a filing");
    FilingInput(submit);
    Option(submit, "--later", filing.later, "容缺受理：稍后提交的材料 种类=YYYY-MM-DD，可重复",
           "paper promised for a later day, KIND=YYYY-MM-DD; may be repeated")
        ->allow_extra_args(false);
    Scope(submit, filing.scope);
    Option(submit, "--refile-of", filing.refile_of, "重新申报：沿用该申报的材料",
           "filing again: earlier filing whose papers are taken over");
    Flag(submit, "--from-vault", filing.from_vault, "缺少的材料从本单位材料库引用",
         "take missing papers from the own vault");
  }
  void Filings() {
    auto& filing = args_.filing;
    App* group = Group("filing", "申报", "filings");
    FilingInput(Add(group, "precheck", "预检：各片区将如何处理，不写入任何数据",
                    "what each zone would do; writes nothing"));
    Submit(group);
    App* batch = Add(group, "batch", "批量提交申报", "submit many filings from one file");
    Option(batch, "--file", filing.batch_file, "每行一件：JSON 行或 CSV，- 表示标准输入",
           "a filing on each line: JSON lines or CSV, - for standard input")
        ->type_name("FILE")
        ->required();
    Flag(batch, "--all-or-nothing", filing.all_or_nothing, "任何一件不予接收则全部不提交",
         "file none unless all can be filed");
    FilingId(Add(group, "show", "查看一件申报", "show one filing"));
    App* list = Add(group, "list", "我的申报", "list filings, newest first");
    Option(list, "--state", filing.state, "只看某状态", "only this state")
        ->check(CLI::IsMember({"IN_REVIEW", "CLOSED", "WITHDRAWN"}));
    Option(list, "--item", filing.item, "只看某事项", "only this item");
    Option(list, "--zone", filing.zone, "只看某目标片区", "only this target zone");
    Option(list, "--limit", filing.limit, "最多显示多少件，默认 50", "most entries; default 50")
        ->check(CLI::Range(1, 100000));
    Option(list, "--page-token", filing.page_token, "从上一页继续", "continue after a page");
    FilingId(Add(group, "timeline", "办理经过", "history of a filing"));
    App* withdraw = Add(group, "withdraw", "撤回申报", "withdraw a filing");
    FilingId(withdraw);
    Option(withdraw, "--reason", filing.note, "原因（可不填）", "why; optional");
    Etag(withdraw);
    App* supplement = Add(group, "supplement", "补交材料", "answer a supplement notice");
    FilingId(supplement);
    Option(supplement, "--zone", filing.zone, "要求补正的片区", "zone that asked");
    Documents(supplement);
    Option(supplement, "--note", filing.note, "说明", "note to the authority");
    Etag(supplement);
    App* take = Add(group, "take-document", "从企业材料库调取材料入卷",
                    "take a paper of the applicant's vault into the file");
    FilingId(take);
    Option(take, "zone", filing.zone, "办理的片区", "zone that decides")->required();
    Option(take, "sha256", args_.document.sha256, "文件的 SHA-256 摘要", "SHA-256 of the document")
        ->required();
    Etag(take);
  }

  App* OnDocument(App* group, const std::string& name, std::string_view zh, std::string_view en) {
    App* command = Add(group, name, zh, en);
    Option(command, "sha256", args_.document.sha256, "文件的 SHA-256 摘要",
           "SHA-256 of the document")
        ->required();
    return command;
  }
  void Vault() {
    auto& document = args_.document;
    App* group = Group("document", "材料库", "the enterprise's documents");
    App* upload = Add(group, "upload", "存入一份材料；中断后再次运行即可继续",
                      "hand in a document; run it again to continue after a break");
    Option(upload, "file", document.file, "文件，最大 50 MiB", "file of at most 50 MiB")
        ->required()
        ->type_name("FILE");
    Option(upload, "--kind", document.kind, "种类，如事项所列", "kind of paper, as items name it")
        ->required();
    Option(upload, "--title", document.title, "名称，默认文件名",
           "title; default: the file's name");
    Option(upload, "--media-type", document.media_type, "媒体类型，默认按文件名判断",
           "media type; default: by the file's name");
    Option(upload, "--valid-from", document.valid_from, "有效期自 YYYY-MM-DD",
           "first day of validity, YYYY-MM-DD");
    Option(upload, "--valid-until", document.valid_until, "有效期至 YYYY-MM-DD",
           "last day of validity, YYYY-MM-DD");
    App* list = Add(group, "list", "我的材料", "list the vault, newest first");
    Option(list, "--kind", document.kind, "只看某种类", "only this kind");
    list->add_flag("--only-valid", document.only_valid,
                   std::string(say_("只看今天有效的", "only those valid today")));
    App* get = OnDocument(group, "get", "取出一份材料；每次读取都有记录",
                          "read a document; every reading is recorded");
    Option(get, "--out", document.out, "写入该文件，默认标准输出",
           "file to write; default: standard output")
        ->type_name("FILE");
    Option(get, "--case", document.case_id, "依据哪件申报", "the filing under which it is read");
    OnDocument(group, "readings", "谁在何时读过", "who read it when");
    OnDocument(group, "discard", "销毁没有申报引用的材料",
               "destroy a document to which no filing refers");
  }

  void Ends(App* group, std::string_view zh, std::string_view en) {
    App* revoke = Add(group, "revoke", zh, en);
    Option(revoke, "id", args_.acting.whom, "编号", "its id")->required();
    Option(revoke, "--reason", args_.acting.reason, "原因", "why")->required();
  }
  void State(App* list) {
    Option(list, "--state", args_.acting.state, "只看某状态", "only this state")
        ->check(CLI::IsMember({"ACTIVE", "REVOKED"}));
  }
  void Acting() {
    auto& acting = args_.acting;
    App* mandate = Group("mandate", "委托代理", "other organisations act for ours");
    App* give = Add(mandate, "grant", "委托另一组织代理", "let another organisation act");
    Option(give, "agent", acting.whom, "代理人的统一社会信用代码", "the agent's code")->required();
    Option(give, "--act", acting.acts, "可代办的事，以逗号分隔", "what it may do, by commas")
        ->required()
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::IsMember({"file", "supplement", "withdraw", "read"}));
    Option(give, "--item", acting.items, "事项，可重复，默认全部", "item; repeatable; default: all")
        ->allow_extra_args(false);
    Option(give, "--from", acting.from, "自 YYYY-MM-DD，默认今天", "first day; default: today");
    Option(give, "--until", acting.until, "至 YYYY-MM-DD", "last day")->required();
    Option(give, "--note", acting.reason, "说明", "note to the agent");
    App* list = Add(mandate, "list", "本组织给出和收到的委托", "given and received, newest first");
    Option(list, "--side", acting.side, "本组织是委托人还是代理人", "our side")
        ->check(CLI::IsMember({"principal", "agent"}));
    State(list);
    Ends(mandate, "终止委托", "end a mandate");
    App* delegation = Group("delegation", "委托代办", "deputies of officers");
    App* name = Add(delegation, "grant", "请同事代办", "name a deputy");
    Option(name, "deputy", acting.whom, "代办人的用户编号", "user id of the deputy")->required();
    Option(name, "--role", acting.roles, "角色，以逗号分隔", "roles, by commas")
        ->required()
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::IsMember({"verifier", "reviewer", "inspector", "releaser"}));
    Option(name, "--from", acting.from, "自某日或某时，默认立即", "day or time; default: at once");
    Option(name, "--until", acting.until, "至某日（含）或某时", "last day, or time")->required();
    Option(name, "--reason", acting.reason, "原因", "why")->required();
    State(Add(delegation, "list", "与我有关的代办", "those that concern me, newest first"));
    Ends(delegation, "终止代办", "end a delegation");
  }
  void Calendars() {
    auto& calendar = args_.calendar;
    App* group = Group("calendar", "工作日历", "the working-day calendar");
    App* publish = Add(group, "publish", "发布一年的放假和调休", "publish a year's days");
    Option(publish, "file", calendar.file, "CSV：date,kind,name；kind 为 work 或 rest",
           "CSV: date,kind,name; kind is work or rest")
        ->required()
        ->type_name("FILE");
    Option(publish, "--calendar", calendar.calendar, "全国 national（默认）或片区",
           "national (default) or a zone");
    Option(publish, "--year", calendar.year, "年份，默认取自文件", "default: that of the days");
    Option(publish, "--note", calendar.note, "依据，如通知文号", "source, such as the notice")
        ->required();
    App* show = Add(group, "show", "已发布的日历（无需登录）", "what was published; no login");
    Option(show, "calendar", calendar.calendar, "national（默认）或片区",
           "national (default) or a zone");
    Option(show, "--year", calendar.year, "只看某年", "only this year");
  }

  void Lookups() {
    App* inbox =
        Add(&app_, "inbox", "待我办理的事项，最急的在前", "what waits for me, most urgent first");
    Option(inbox, "--action", args_.board.action, "只看某类待办，如 verify",
           "only what is to be done so, for example verify");
    App* board = Add(&app_, "board", "片区办件情况：在办、逾期、临期",
                     "how the zones stand: open, late, at risk");
    Option(board, "--zone", args_.board.zone, "只看某片区", "only this zone");
    App* recognition = Group("recognition", "认可", "recognitions");
    App* verify =
        Add(recognition, "verify", "查验认可（无需登录）", "verify a recognition; no login");
    Option(verify, "number", args_.recognition_number, "认可编号", "its number")->required();
    App* credit = Add(Group("credit", "信用记录", "promises that were broken"), "list",
                      "企业的信用记录，最新在前", "an enterprise's records, newest first");
    Option(credit, "--uscc", args_.credit.uscc, "只看该统一社会信用代码的企业",
           "only the enterprise with this unified social credit code");
    Option(credit, "--organization", args_.credit.organization_id, "只看该编号的企业",
           "only the enterprise with this id");
    App* workingdays = Add(&app_, "workingdays", "第 n 个工作日是哪天（无需登录）",
                           "which day is the n-th working day; no login");
    Option(workingdays, "zone", args_.calendar_zone, "片区", "zone")->required();
    Option(workingdays, "days", args_.days, "第几个工作日", "how many working days")
        ->required()
        ->check(CLI::Range(1, 400));
    Option(workingdays, "--from", args_.from, "从哪天之后起算，默认今天",
           "day after which counting starts; default: today");
    App* completion = Add(&app_, "completion", "命令补全脚本", "print a completion script");
    Option(completion, "shell", args_.shell, "bash 或 zsh", "bash or zsh")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh"}));
  }

  void Trust(App* command) {
    auto& ledger = args_.ledger;
    Option(command, "--witness", ledger.witnesses, "见证方的验证公钥，可重复",
           "verifier key of a witness; may be repeated")
        ->allow_extra_args(false);
    Option(command, "--quorum", ledger.quorum, "至少需要几个见证签名；给出 --witness 时默认全部",
           "cosignatures needed; default with --witness: all of them")
        ->check(CLI::Range(0, 100));
    Option(command, "--origin", ledger.origin, "检查点的首行，默认为公钥的名称",
           "first line of the checkpoints; default: the key's name");
  }
  void Key(App* command) {
    Option(command, "--key", args_.ledger.key,
           "日志的验证公钥（C2SP signed-note）；默认取自 ZONELINK_LEDGER_KEY",
           "the log's verifier key (C2SP signed-note); default: ZONELINK_LEDGER_KEY");
  }
  void Ledger() {
    App* group = Group("ledger", "自贸链（可验证账本）", "the tamper-evident ledger");
    Add(group, "show", "账本的现状：密钥、规模、见证方（无需登录）",
        "keys, size and witnesses; no login");
    auto& ledger = args_.ledger;
    App* receipt = Add(group, "receipt", "取得一个事件的存证回执", "fetch an event's receipt");
    Option(receipt, "event", ledger.event_id, "事件编号，见 zonelink filing timeline",
           "id of the event, as in zonelink filing timeline")
        ->required();
    Option(receipt, "--out", ledger.out, "写入该文件，默认标准输出",
           "file to write; default: standard output")
        ->type_name("FILE");
    LedgerVerify(group);
    App* trust = Add(group, "trust", "记住账本的公钥，以后据此验证",
                     "remember a log's key; later verifications rely on it");
    Option(trust, "log", ledger.log, "日志的 URL 前缀，默认本服务器的账本",
           "URL prefix of the log; default: the server's ledger");
    Option(trust, "--key", ledger.key, "日志的验证公钥；默认取自服务器",
           "the log's verifier key; default: the server's");
    Trust(trust);
    trust->add_flag("--replace", ledger.replace,
                    std::string(say_("替换已记住的公钥", "replace what was remembered")));
    App* watch = Add(group, "watch", "跟踪检查点，发现分叉或回退即告警",
                     "follow checkpoints; alarm on a fork or rollback");
    Option(watch, "log", ledger.log, "日志的 URL 前缀或文件夹，默认本服务器的账本",
           "URL prefix or folder of the log; default: the server's ledger");
    Option(watch, "--every", ledger.every, "间隔秒数，默认 10", "seconds between looks; default 10")
        ->check(CLI::Range(1, 86400));
    watch->add_flag("--once", ledger.once, std::string(say_("只看一次", "look once and end")));
    Option(watch, "--state", ledger.state, "存放最近一次所见检查点的文件",
           "file with the checkpoint seen last")
        ->type_name("FILE");
    Key(watch);
    Trust(watch);
  }
  void LedgerVerify(App* group) {
    auto& ledger = args_.ledger;
    App* verify = Add(group, "verify", "验证回执、两个检查点或整个日志（可离线）",
                      "verify receipts, two checkpoints or a whole log; works offline");
    Option(verify, "what", ledger.what,
           "回执文件、两个检查点文件、日志的 URL 前缀或文件夹；默认本服务器的账本",
           "receipt files, two checkpoint files, URL prefix or folder of a log; default: the "
           "server's ledger")
        ->type_name("FILE");
    verify->add_flag("--receipts", ledger.receipts,
                     std::string(say_("参数都是回执，或装有回执的文件夹",
                                      "the arguments are receipts, or folders of receipts")));
    Key(verify);
    Trust(verify);
    Option(verify, "--from", ledger.from, "以前验证过的检查点：只读其后新增的部分",
           "checkpoint verified earlier: only what came after it is read")
        ->type_name("FILE");
    Option(verify, "--save-checkpoint", ledger.save_checkpoint, "把验证过的检查点存入该文件",
           "file for the verified checkpoint, for --from the next time")
        ->type_name("FILE");
    Option(verify, "--download", ledger.download, "把读到的内容存入该文件夹，以后可离线验证",
           "folder to keep what was read, to verify it offline later")
        ->type_name("FOLDER");
    Option(verify, "--tiles", ledger.tiles, "两个检查点：日志的 URL 前缀或文件夹",
           "two checkpoints: URL prefix or folder of their log");
    Option(verify, "--proof", ledger.proof, "两个检查点：存有一致性证明（JSON）的文件",
           "two checkpoints: file with a consistency proof (JSON)")
        ->type_name("FILE");
  }

  void Labels(App& app) {
    if (say_.language != Language::kChinese) return;
    auto formatter = app.get_formatter();
    formatter->label("Usage", "用法");
    formatter->label("Options", "选项");
    formatter->label("OPTIONS", "选项");
    formatter->label("Positionals", "参数");
    formatter->label("Subcommands", "命令");
    formatter->label("SUBCOMMAND", "命令");
    formatter->label("REQUIRED", "（必填）");
    formatter->label("Env", "环境变量");
  }
};

CompletionNode Describe(const CLI::App& app) {
  CompletionNode node;
  node.name = app.get_name();
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      node.options.push_back(
          {"--" + name, option->get_type_size() == 0 ? "" : option->get_type_name()});
    }
  }
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    node.children.push_back(Describe(*child));
  }
  return node;
}

}  // namespace

CommandLine ParseCommandLine(std::vector<std::string> words, const Style& style) {
  CommandLine line;
  CLI::App app(
      std::string(style("自贸联动：跨片区互认", "Zonelink: mutual recognition between zones")),
      "zonelink");
  Builder builder(app, line.arguments, style);  // the parser calls back into it
  builder.Build();
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    app.parse(words);
    line.run = true;
  } catch (const CLI::ParseError& stopped) {
    std::ostringstream out;
    std::ostringstream error;
    const int code = app.exit(stopped, out, error);
    line.exit_code = code == 0 ? kExitOk : kExitUsage;
    line.text = out.str() + error.str();
  }
  return line;
}

std::string LanguageWish(const std::vector<std::string>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with("--lang=")) return words[i].substr(7);
    if (words[i] == "--lang" && i + 1 < words.size()) return words[i + 1];
  }
  return "";
}

std::string CompletionScript(std::string_view shell) {
  CLI::App app("", "zonelink");
  Arguments arguments;
  const Style style;
  Builder(app, arguments, style).Build();
  const CompletionNode root = Describe(app);
  return shell == "zsh" ? ZshCompletion(root) : BashCompletion(root);
}

}  // namespace zonelink::cli
