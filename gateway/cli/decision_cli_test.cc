// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "gateway/cli/arguments.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/decision_input.h"
#include "gateway/cli/decision_show.h"
#include "gateway/cli/filing_input.h"
#include "gateway/cli/testing_http_server.h"
#include "gateway/cli/words.h"
#include "platform/core/clock.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;
using Server = client::TestingHttpServer;
using Words = std::vector<std::string>;

View ViewOf(Language language) {
  return {{.language = language},
          [](std::string_view zone) {
            return zone == "zhejiang" ? std::string("浙江") : std::string(zone);
          },
          [](std::string_view item) { return std::string(item); }};
}

void ExpectParts(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
}

struct Case {
  Words words;
  std::string verb;
  std::string body;
};

// The command line of an officer, the home zone, another zone or the applicant → the request.
const Case kCases[] = {
    {{"accept", "F-1", "zj"}, "accept", "{}"},
    {{"accept", "F-1", "zj", "--etag", "7"}, "accept", R"({"etag":"7"})"},
    {{"request-supplement", "F-1", "zj", "--missing", "a,b", "--missing", "c", "--reason", "r",
      "--override-reason", "o"},
     "requestSupplement",
     R"({"missing":["a,b","c"],"reason":"r","overrideReason":"o"})"},
    {{"not-required", "F-1", "zj", "--reason", "r"}, "declareNotRequired", R"({"reason":"r"})"},
    {{"wrong-authority", "F-1", "zj", "--authority", "海关", "--reason", "r"},
     "declareWrongAuthority",
     R"({"authority":"海关","reason":"r"})"},
    {{"correct", "F-1", "zj", "--correction", "attributes.quantity=1200", "--correction", "a=b=c"},
     "correct",
     R"({"corrections":[{"field":"attributes.quantity","value":"1200"},)"
     R"({"field":"a","value":"b=c"}]})"},
    {{"verify", "F-1", "zj", "--opinion", "o"}, "verify", R"({"opinion":"o"})"},
    {{"query", "F-1", "zj", "--question", "q"}, "queryHome", R"({"question":"q"})"},
    {{"answer", "F-1", "zj", "--answer", "a"}, "answerQuery", R"({"answer":"a"})"},
    {{"suspend", "F-1", "zj", "--ground", "hearing", "--days", "5", "--reason", "r"},
     "suspend",
     R"({"ground":"HEARING","estimateDays":5,"reason":"r"})"},
    {{"resume", "F-1", "zj"}, "resume", "{}"},
    {{"extend", "F-1", "zj", "--reason", "r"}, "extend", R"({"reason":"r"})"},
    {{"return", "F-1", "zj", "--to", "verify", "--reason", "r"},
     "return",
     R"({"toStep":"verify","reason":"r"})"},
    {{"take-back", "F-1", "zj"}, "takeBack", "{}"},
    {{"delegate", "F-1", "zj", "--to", "U-2", "--until", "2026-03-02"},
     "delegate",
     R"({"to":"U-2","until":"2026-03-02T16:00:00Z"})"},
    {{"declare-interest", "F-1", "zj"}, "declareInterest", R"({"conflict":false})"},
    {{"declare-interest", "F-1", "zj", "--conflict", "a cousin"},
     "declareInterest",
     R"({"conflict":true,"statement":"a cousin"})"},
    {{"recuse", "F-1", "zj", "--reason", "r"}, "recuse", R"({"reason":"r"})"},
    {{"ask-recusal", "F-1", "zj", "--officer", "U-1", "--reason", "r"},
     "requestRecusal",
     R"({"userId":"U-1","reason":"r"})"},
    {{"decide-recusal", "F-1", "zj", "--officer", "U-1", "--result", "uphold", "--reason", "r"},
     "decideRecusal",
     R"({"userId":"U-1","upheld":true,"reason":"r"})"},
    {{"decide-recusal", "F-1", "zj", "--officer", "U-1", "--result", "decline", "--reason", "r"},
     "decideRecusal",
     R"({"userId":"U-1","upheld":false,"reason":"r"})"},
    {{"ask-opinions", "F-1", "zj", "--from", "jiangsu,hunan", "--rule", "QUORUM", "--quorum", "1",
      "--veto", "--question", "q"},
     "requestOpinions",
     R"({"zones":["jiangsu","hunan"],"rule":"QUORUM","quorum":1,"veto":true,"question":"q"})"},
    {{"give-opinion", "F-1", "zj", "--verdict", "agree", "--text", "t"},
     "giveOpinion",
     R"({"verdict":"AGREE","text":"t"})"},
    {{"reassign", "F-1", "zj", "--to", "U-2", "--reason", "r"},
     "reassign",
     R"({"to":"U-2","reason":"r"})"},
    {{"add-verifier", "F-1", "zj", "--reason", "r"}, "addVerifier", R"({"reason":"r"})"},
    {{"drop-verifier", "F-1", "zj", "--reason", "r"}, "dropVerifier", R"({"reason":"r"})"},
    {{"remind", "F-1", "zj", "--note", "n"}, "remind", R"({"note":"n"})"},
    {{"grant", "F-1", "zj", "--reason", "r"}, "grant", R"({"reason":"r"})"},
    {{"grant-partial", "F-1", "zj", "--activity", "a", "--activity", "b", "--address", "x",
      "--quantity", "5", "--scope-from", "2026-01-01", "--scope-until", "2026-12-31", "--reason",
      "r"},
     "grantPartial",
     R"({"scope":{"activities":["a","b"],"addresses":["x"],"quantity":"5",)"
     R"("validFrom":"2026-01-01","validUntil":"2026-12-31"},"reason":"r"})"},
    {{"grant-conditional", "F-1", "zj", "--condition", "2026-06-01=补测", "--reason", "r"},
     "grantConditional",
     R"({"conditions":[{"dueOn":"2026-06-01","text":"补测"}],"reason":"r"})"},
    {{"refuse", "F-1", "zj", "--article", "§20", "--facts", "f", "--reason", "r"},
     "refuse",
     R"({"article":"§20","facts":"f","reason":"r"})"},
    {{"deliver", "F-1", "zj", "--method", "邮寄"}, "deliver", R"({"method":"邮寄"})"},
    {{"check-promise", "F-1", "zj", "--result", "met", "--findings", "f"},
     "checkPromise",
     R"({"met":true,"findings":"f"})"},
    {{"check-promise", "F-1", "zj", "--result", "not-met", "--findings", "f"},
     "checkPromise",
     R"({"met":false,"findings":"f"})"},
    {{"confirm-condition", "F-1", "zj", "--place", "2", "--evidence", "e"},
     "confirmCondition",
     R"({"place":2,"evidence":"e"})"},
};

TEST(DecisionCommands, BecomeRequests) {
  for (const Case& one : kCases) {
    Words words = one.words;
    words.insert(words.begin(), "decide");
    const CommandLine line = ParseCommandLine(words, Style{});
    ASSERT_TRUE(line.run) << one.words[0] << ": " << line.text;
    EXPECT_EQ(line.arguments.decision.filing_id, "F-1");
    EXPECT_EQ(line.arguments.decision.zone, "zj");
    const auto request = DecisionRequestOf(line.arguments);
    ASSERT_TRUE(request) << one.words[0] << ": " << request.error().message;
    EXPECT_EQ(request->verb, one.verb);
    EXPECT_EQ(request->body, one.body) << one.words[0];
  }
}

TEST(DecisionCommands, MistakesAreRefusedBeforeAsking) {
  for (const Words& words : std::vector<Words>{
           {"suspend", "F-1", "zj", "--ground", "SUPPLEMENT", "--days", "5", "--reason", "r"},
           {"suspend", "F-1", "zj", "--ground", "HEARING", "--days", "0", "--reason", "r"},
           {"return", "F-1", "zj", "--to", "decide", "--reason", "r"},
           {"give-opinion", "F-1", "--verdict", "AGREE", "--text", "t"},
           {"remind", "F-1"},
           {"declare-interest", "F-1", "zj", "--conflict", ""},
           {"declare-interest", "F-1", "zj", "--conflict="},
           {"check-promise", "F-1", "zj", "--findings", "f"},
           {"extend", "F-1", "zj"}}) {
    Words all = words;
    all.insert(all.begin(), "decide");
    EXPECT_EQ(ParseCommandLine(all, Style{}).exit_code, kExitUsage) << words[0];
  }
  for (const Words& words : std::vector<Words>{
           {"decide", "correct", "F-1", "--correction", "quantity"},
           {"decide", "grant-conditional", "F-1", "--condition", "=x", "--reason", "r"},
           {"decide", "delegate", "F-1", "--to", "U-2", "--until", "soon"}}) {
    const CommandLine line = ParseCommandLine(words, Style{});
    ASSERT_TRUE(line.run) << line.text;
    const auto request = DecisionRequestOf(line.arguments);
    ASSERT_FALSE(request) << words[1];
    EXPECT_EQ(request.error().reason, "INPUT_INVALID");
  }
}

// Runs a command of the group against a server that knows who the caller is.
class Decided {
 public:
  explicit Decided(const Words& words, int status, const std::string& answer)
      : server_([=](const std::string& request) {
          const bool me = request.rfind("GET /v1/me", 0) == 0;
          return me ? Server::Reply(200, R"({"zone":"zhejiang"})") : Server::Reply(status, answer);
        }) {
    char pattern[] = "/tmp/zonelink-cli-XXXXXX";
    const std::string folder = mkdtemp(pattern);
    auto store = ProfileStore::Open(folder, "default").value();
    Profile profile{.url = server_.url(), .username = "u"};
    profile.tokens = client::Tokens{"s", "a", SystemClock().Now() + std::chrono::minutes{10}, "r"};
    EXPECT_TRUE(store.Save(profile));
    Session session(std::move(store), std::move(profile),
                    client::Api(client::HttpClient(server_.url()), {}));
    const CommandLine line = ParseCommandLine(words, Style{});
    EXPECT_TRUE(line.run) << line.text;
    Invocation run{line.arguments, session, ViewOf(Language::kEnglish), "k-1"};
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    code_ = Decide(run);
    out_ = testing::internal::GetCapturedStdout();
    error_ = testing::internal::GetCapturedStderr();
    std::filesystem::remove_all(folder);
  }
  int code() const { return code_; }
  const std::string& out() const { return out_; }
  const std::string& error() const { return error_; }
  std::string request() const { return server_.requests().back(); }

 private:
  Server server_;
  int code_ = 0;
  std::string out_;
  std::string error_;
};

TEST(DecisionCommands, AreSentToTheCallersZoneAndShown) {
  const Decided decided({"decide", "extend", "F-1", "--reason", "复杂"}, 200,
                        R"({"filingId":"F-1","zone":"zhejiang","state":"ACCEPTED",
                            "extendedDays":10,"extensionReason":"复杂"})");
  EXPECT_EQ(decided.code(), kExitOk) << decided.error();
  ExpectParts(decided.request(),
              {"POST /v1/filings/F-1/decisions/zhejiang:extend", R"({"reason":"复杂"})", "k-1"});
  ExpectParts(decided.out(), {"zhejiang", "accepted for review", "10 working days: 复杂"});
}

TEST(DecisionCommands, RefusalsSayWhatTheServerSays) {
  const Decided decided({"decide", "extend", "F-1", "zhejiang", "--reason", "r"}, 409,
                        R"({"title":"Extended","status":409,"reason":"ALREADY_EXTENDED",
                            "detail":"the time was extended once"})");
  EXPECT_EQ(decided.code(), kExitRefused);
  EXPECT_EQ(decided.out(), "");
  ExpectParts(decided.error(), {"the time was extended once", "ALREADY_EXTENDED", "HTTP 409"});
}

TEST(DecisionCommands, JsonIsTheServersOwn) {
  const Decided decided({"decide", "resume", "F-1", "zhejiang", "--output", "json"}, 200,
                        R"({"state":"ACCEPTED","later":1})");
  EXPECT_EQ(decided.out(), "{\"state\":\"ACCEPTED\",\"later\":1}\n");
}

constexpr std::string_view kReview = R"({"filingId":"F-1","zone":"zhejiang","mode":"REVIEW",
  "state":"SUSPENDED","waitingFor":"verifier","step":"verify","verifiersNeeded":2,
  "clock":{"budgetDays":30,"usedDays":12,"dueOn":"2026-04-20","running":false},
  "extendedDays":10,"extensionReason":"案情复杂",
  "excludedTimes":[{"ground":"INSPECTION","from":"2026-03-02T01:00:00Z","until":"2026-03-05T01:00:00Z",
    "estimateDays":3,"reason":"送检"},{"ground":"HEARING","from":"2026-03-09T01:00:00Z"}],
  "verifications":[{"name":"张核查","at":"2026-03-02T01:00:00Z","opinion":"属实","onBehalfOf":"U-7","onBehalfOfName":"钱休假"}],
  "declarations":[{"userId":"U-3","name":"孙申报","at":"2026-03-02T01:00:00Z"},
    {"userId":"U-9","name":"周回避","conflict":true,"statement":"亲属","at":"2026-03-02T01:00:00Z"}],
  "queries":[{"question":"证书真伪","askedAt":"2026-03-02T01:00:00Z","dueOn":"2026-03-16"},
    {"question":"前问","askedAt":"2026-02-02T01:00:00Z","missed":true}],
  "consultation":{"zones":["jiangsu","hunan"],"rule":"QUORUM","quorum":1,"veto":true,
    "question":"可否","result":"OPEN"},
  "opinions":[{"zone":"jiangsu","name":"李四","verdict":"DISAGREE","text":"数量不符","standing":"LATE"}],
  "corrections":[{"field":"attributes.unit","value":"KG"}],
  "recusals":[{"userId":"U-9","state":"ASKED","reason":"亲属","at":"2026-03-02T01:00:00Z"}],
  "deputies":[{"userId":"U-1","deputyUserId":"U-2","until":"2026-03-08T16:00:00Z"}],
  "assignedTo":"U-3","reminders":2,
  "nextStep":{"zh":"等待检验","en":"An inspection goes on","legalBasis":"行政许可法 §45","remainingDays":18}})";

TEST(DecisionShow, TellsWhatAReviewCollected) {
  const auto decision = JsonDocument::Parse(kReview).value();
  ExpectParts(ShowDecision(decision.root(), ViewOf(Language::kEnglish)),
              {"clock suspended", "verifier · verify",
               "An inspection goes on (行政许可法 §45, 18 working days left)",
               "12 of 30 working days used, it stands", "10 working days: 案情复杂",
               "inspection 2026-03-02 to 2026-03-05, 3 working days expected: 送检",
               "hearing 2026-03-09 to now", "2026-03-02 张核查 (for 钱休假): 属实", "1 / 2",
               "2026-03-02 孙申报: no interest", "2026-03-02 周回避: 亲属",
               "2026-03-02 证书真伪 → open, due 2026-03-16", "前问 → not answered in time",
               "jiangsu, hunan (1 must agree, one may veto): 可否 → open",
               "jiangsu 李四 disagrees: 数量不符 (late, not counted)", "attributes.unit → KG",
               "U-9 asked for, not decided: 亲属", "U-1: U-2 until 2026-03-09 00:00", "U-3"});
  ExpectParts(
      ShowDecision(decision.root(), ViewOf(Language::kChinese)),
      {"中止计时", "等待检验（行政许可法 §45，剩 18 个工作日）", "已用 12 / 30 个工作日，计时暂停",
       "检验 2026-03-02 至 2026-03-05，预计 3 个工作日：送检", "听证 2026-03-09 至 现在",
       "逾期未答复", "须 1 个同意，一票否决", "反对：数量不符（迟到，不计入）",
       "已申请，待决定：亲属"});
}

constexpr std::string_view kGranted = R"({"filingId":"F-1","receiptNumber":"R-1","state":"CLOSED",
  "itemId":"x","homeZone":"shanghai","refileOf":"F-0","scope":{"quantity":"1200"},
  "deferredDocuments":[{"kind":"packing-list","promisedOn":"2026-03-20"},
    {"kind":"invoice","promisedOn":"2026-03-20","handedInAt":"2026-03-10T01:00:00Z"}],
  "decisions":[{"zone":"zhejiang","mode":"REVIEW","state":"GRANTED_PARTIAL","recognitionNumber":"ZL-9",
    "decidedAt":"2026-03-02T01:00:00Z","decidedBy":"王审批","reason":"产能","legalBasis":"协议 §3",
    "scope":{"activities":["检测"],"quantity":"800","validFrom":"2026-01-01","validUntil":"2026-12-31"},
    "scopeDifferences":[{"part":"quantity","origin":"1200","recognised":"800"},
      {"part":"activities","recognised":"检测"}],
    "deliveryDueOn":"2026-03-16",
    "remedies":[{"kind":"RECONSIDERATION","withinDays":60,"basis":"行政复议法 §20"},
      {"kind":"LITIGATION","withinDays":180,"basis":"行政诉讼法 §46","unverified":true}]},
   {"zone":"hunan","mode":"REVIEW","state":"DELIVERED","byClock":true,
    "decidedAt":"2026-03-02T01:00:00Z","deliveredAt":"2026-03-03T01:00:00Z","deliveryMethod":"邮寄",
    "conditions":[{"text":"补测","dueOn":"2026-06-01","metAt":"2026-05-02T01:00:00Z"},
      {"text":"复检","dueOn":"2026-07-01","missed":true},{"text":"留样","dueOn":"2026-08-01"}],
    "promise":{"version":1,"state":"TO_CORRECT","dueOn":"2026-05-06","findings":"缺证"},
    "nextStep":{"zh":"已送达","en":"Delivered","remainingDays":-2}}]})";

TEST(DecisionShow, TellsWhyItWasRefused) {
  const auto decision = JsonDocument::Parse(R"({"filingId":"F-1","zone":"zhejiang","mode":"REVIEW",
    "state":"REFUSED","decidedAt":"2026-03-02T01:00:00Z","decidedBy":"U-2","decidedOnBehalfOfName":"王审批",
    "refusal":{"code":"CREDENTIAL_NOT_GENUINE","zh":"所依据的证照不真实","en":"the credential is not genuine",
      "unverified":true}})")
                            .value();
  ExpectParts(ShowDecision(decision.root(), ViewOf(Language::kEnglish)),
              {"CREDENTIAL_NOT_GENUINE the credential is not genuine", "U-2 (for 王审批)"});
  const auto reasons =
      JsonDocument::Parse(R"({"items":[{"code":"CONDITIONS_NOT_MET","zh":"不符合法定条件、标准",
      "en":"conditions","basis":"行政许可法 §38"},{"code":"OTHER","zh":"其他","en":"other","unverified":true}]})")
          .value();
  ExpectParts(ShowRefusalReasons(reasons.root(), ViewOf(Language::kChinese)),
              {"CONDITIONS_NOT_MET", "行政许可法 §38", "不符合法定条件、标准", "依据未经核对"});
}

TEST(DecisionShow, TellsWhatAGrantGivesAndAsks) {
  const auto filing = JsonDocument::Parse(kGranted).value();
  ExpectParts(ShowFiling(filing.root(), ViewOf(Language::kEnglish)),
              {"F-0",
               "quantity 1200",
               "packing-list  2026-03-20  open",
               "invoice  2026-03-20  came 2026-03-10",
               "zhejiang · recognised in part",
               "ZL-9",
               "2026-03-02 09:00 王审批",
               "协议 §3",
               "activities 检测; quantity 800; period 2026-01-01 – 2026-12-31",
               "quantity: 1200 → 800",
               "activities: not limited → 检测",
               "2026-03-16",
               "reconsideration, within 60 days of knowing the decision (行政复议法 §20)",
               "(行政诉讼法 §46, not verified)",
               "hunan · recognised and delivered",
               "2026-03-02 09:00 by the clock",
               "1. 补测, by 2026-06-01 (met 2026-05-02)",
               "2. 复检, by 2026-07-01 (missed)",
               "3. 留样, by 2026-08-01 (open)",
               "to be put right, by 2026-05-06: 缺证",
               "2026-03-03 邮寄",
               "Delivered (2 working days late)"});
  ExpectParts(
      ShowFiling(filing.root(), ViewOf(Language::kChinese)),
      {"重新申报自", "容缺材料", "浙江 zhejiang · 部分认可", "数量: 1200 → 800", "期限届满自动",
       "1. 补测，至 2026-06-01（2026-05-02 已落实）", "限期改正，期限 2026-05-06：缺证",
       "行政诉讼，知道决定之日起 180 日内（行政诉讼法 §46，依据未经核对）", "超期 2 个工作日"});
}

TEST(DecisionWords, EveryStateHasItsWords) {
  for (const char* state : {"PENDING",         "SUPPLEMENTING",    "ACCEPTED",
                            "VERIFIED",        "GRANTED",          "REFUSED",
                            "WITHDRAWN",       "GRANTED_PARTIAL",  "GRANTED_CONDITIONAL",
                            "TACIT_GRANTED",   "NOT_REQUIRED",     "WRONG_AUTHORITY",
                            "RETURNED",        "QUERY_TO_HOME",    "HEARING",
                            "SUSPENDED",       "RETURNED_TO_STEP", "DELIVERED",
                            "SUSPENDED_AFTER", "REVOKED"}) {
    EXPECT_NE(StateWord(state, {.language = Language::kChinese}), state);
    EXPECT_NE(StateWord(state, {.language = Language::kEnglish}), state);
  }
}

TEST(DecisionWords, EveryEventHasItsWords) {
  for (const char* verb : {"accepted",
                           "corrected",
                           "deemed_accepted",
                           "not_required",
                           "wrong_authority",
                           "supplement_requested",
                           "supplemented",
                           "supplement_missed",
                           "verified",
                           "verifier_added",
                           "verifier_dropped",
                           "returned_to_step",
                           "taken_back",
                           "queried",
                           "query_answered",
                           "query_missed",
                           "opinions_requested",
                           "opinion_given",
                           "hearing_opened",
                           "suspended",
                           "paper_missed",
                           "paper_handed_in",
                           "resumed",
                           "paper_window_missed",
                           "extended",
                           "delegated",
                           "interest_declared",
                           "recused",
                           "recusal_requested",
                           "recusal_decided",
                           "reassigned",
                           "reminded",
                           "granted",
                           "granted_partial",
                           "granted_conditional",
                           "granted_tacitly",
                           "refused",
                           "withdrawn",
                           "delivered",
                           "promise_checked",
                           "promise_broken",
                           "condition_met",
                           "condition_missed",
                           "rung_passed"}) {
    const std::string type = std::string("zonelink.recognition.decision.") + verb;
    for (const Language language : {Language::kChinese, Language::kEnglish}) {
      EXPECT_EQ(EventWord(type, {.language = language}).find("decision."), std::string::npos)
          << verb;
    }
  }
}

TEST(DecisionWords, TheMostUrgentNamesItsCommand) {
  const auto entry =
      JsonDocument::Parse(R"({"action":"check_promise","filingId":"F-1","zone":"zhejiang"})")
          .value();
  EXPECT_EQ(ActionCommand(entry.root(), Style{}),
            "The most urgent: zonelink decide check-promise F-1 zhejiang --result … --findings "
            "…\n");
  const auto other =
      JsonDocument::Parse(R"({"action":"escalated","filingId":"F-1","zone":"zhejiang"})").value();
  EXPECT_EQ(ActionCommand(other.root(), Style{}), "The most urgent: zonelink filing show F-1\n");
}

TEST(FilingCommands, ASubmissionMayPromiseAndRepeat) {
  const CommandLine line =
      ParseCommandLine({"filing", "submit", "--later", "packing-list=2026-03-20", "--activity", "a",
                        "--quantity", "12", "--refile-of", "F-0"},
                       Style{});
  ASSERT_TRUE(line.run) << line.text;
  const auto input =
      JsonDocument::Parse(R"({"scope":{"quantity":"9","validUntil":"2026-12-31"}})").value();
  auto options = line.arguments.filing;
  const auto body = FilingBody(input.root(), options, {}, {});
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(*body, R"({"scope":{"quantity":"12","validUntil":"2026-12-31","activities":["a"]},)"
                   R"("deferredDocuments":[{"kind":"packing-list","promisedOn":"2026-03-20"}],)"
                   R"("refileOf":"F-0"})");
  options.later = {"packing-list"};
  EXPECT_EQ(FilingBody(input.root(), options, {}, {}).error().reason, "INPUT_INVALID");
  const auto precheck =
      ParseCommandLine({"filing", "precheck", "--later", "packing-list=2026-03-20"}, Style{});
  EXPECT_EQ(precheck.exit_code, kExitUsage);
}

TEST(DecisionCompletion, KnowsTheVerbs) {
  for (const char* shell : {"bash", "zsh"}) {
    ExpectParts(CompletionScript(shell),
                {"zonelink decide grant-conditional", "zonelink decide give-opinion",
                 "AGREE DISAGREE ABSTAIN", "uphold decline", "HEARING BIDDING", "--scope-until"});
  }
}

}  // namespace
}  // namespace zonelink::cli
