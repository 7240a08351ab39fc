// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/cli/arguments.h"
#include "gateway/cli/filing_input.h"
#include "gateway/cli/profile.h"
#include "gateway/cli/session.h"
#include "gateway/cli/show.h"
#include "gateway/cli/terminal.h"
#include "gateway/cli/testing_http_server.h"
#include "gateway/cli/words.h"
#include "platform/core/clock.h"

namespace zonelink::cli {
namespace {

using client::JsonDocument;
using Server = client::TestingHttpServer;

// A folder of its own for each test.
class Folder {
 public:
  Folder() {
    char pattern[] = "/tmp/zonelink-cli-XXXXXX";
    path_ = mkdtemp(pattern);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_; }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + "/" + name) << text;
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

View ViewOf(Language language, size_t width = 0) {
  return {{.language = language, .width = width},
          [](std::string_view zone) {
            return zone == "zhejiang" ? std::string("浙江") : std::string(zone);
          },
          [](std::string_view item) { return std::string(item); }};
}

CommandLine Parse(std::vector<std::string> words) {
  return ParseCommandLine(std::move(words), Style{});
}

JsonDocument Read(std::string_view json) { return JsonDocument::Parse(json).value(); }

constexpr std::string_view kFiling = R"({"filingId":"F-7","receiptNumber":"R-1","state":"IN_REVIEW",
  "submittedAt":"2026-03-02T08:00:00Z","itemId":"electronic-origin-certificate","homeZone":"shanghai",
  "applicant":{"uscc":"91310000XY0001015T","name":"上海示例"},
  "credential":{"number":"CO-1","issuer":"shanghai-customs","issuedOn":"2026-03-01","validUntil":"2027-03-01"},
  "attributes":{"hsCode":"854231","quantity":"1200"},
  "documents":[{"title":"certificate.pdf","kind":"origin-certificate","sha256":"0123456789abcdef0123"}],
  "decisions":[{"zone":"jiangsu","mode":"AUTOMATIC","state":"GRANTED","recognitionNumber":"ZL-9"},
   {"zone":"zhejiang","mode":"REVIEW","state":"SUPPLEMENTING","waitingFor":"filer",
    "supplement":{"missing":["装箱单"],"reason":"未提交装箱单"},
    "clock":{"budgetDays":20,"usedDays":3,"dueOn":"2027-01-12","provisional":true,"running":false}}]})";

TEST(Widths, WideAndCombiningCharacters) {
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("浙江"), 4u);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1u);
  EXPECT_EQ(Shorten("浙江自贸区", 7), "浙江自…");
  EXPECT_EQ(DisplayWidth(Shorten("浙江自贸区", 7)), 7u);
  EXPECT_EQ(DisplayWidth(Shorten("浙江自贸区", 6)), 5u);
  EXPECT_EQ(Shorten("abc", 3), "abc");
  EXPECT_EQ(Printable("a\x1b[31mb\u202Ec\nd"), "a\uFFFD[31mb\uFFFDc d");
}

TEST(Tables, ColumnsLineUpWithChinese) {
  Table table({{"片区"}, {"n", false, true}, {"state"}});
  table.Row({{"浙江"}, {"7"}, {"received"}});
  table.Row({{"x"}, {"123"}, {"granted"}});
  EXPECT_EQ(table.Render(Style{}),
            "片区    n  state\n"
            "浙江    7  received\n"
            "x     123  granted\n");
}

TEST(Tables, OnlyColumnsThatMayShrinkAreShortened) {
  Table table({{"ID"}, {"TEXT", true}});
  table.Row({{"0192-4567-89ab"}, {"a long text that does not fit"}});
  EXPECT_EQ(table.Render({.width = 28}), "ID              TEXT\n0192-4567-89ab  a long text…\n");
  EXPECT_EQ(table.Render(Style{}),
            "ID              TEXT\n0192-4567-89ab  a long text that does not fit\n");
}

TEST(Tables, NotesStandBelowTheirRow) {
  Table table({{"A"}});
  table.Row({{"x"}});
  table.Note({"a long note"});
  table.Row({{"y"}});
  EXPECT_EQ(table.Render({}), "A\nx\n    a long note\ny\n");
  EXPECT_EQ(table.Render({.width = 10}), "A\nx\n    a lon…\ny\n");
}

TEST(Tables, ColoursOnlyWhereWanted) {
  Table table({{"A"}});
  table.Row({{"x", Colour::kGood}});
  EXPECT_EQ(table.Render({.colours = true}), "\033[1mA\033[0m\n\033[32mx\033[0m\n");
  EXPECT_EQ(table.Render({}), "A\nx\n");
}

TEST(Language_, WishBeforeEnvironment) {
  EXPECT_EQ(LanguageOf("", "zh_CN.UTF-8"), Language::kChinese);
  EXPECT_EQ(LanguageOf("en", "zh_CN.UTF-8"), Language::kEnglish);
  EXPECT_EQ(LanguageOf("", "C"), Language::kEnglish);
  EXPECT_EQ(LanguageWish({"me", "--lang", "zh"}), "zh");
  EXPECT_EQ(LanguageWish({"--lang=en", "me"}), "en");
}

TEST(Show, FilingInBothLanguages) {
  const auto filing = Read(kFiling);
  const std::string en = ShowFiling(filing.root(), ViewOf(Language::kEnglish));
  EXPECT_NE(en.find("2026-03-02 16:00"), std::string::npos) << en;
  EXPECT_NE(en.find("recognition  ZL-9"), std::string::npos) << en;
  EXPECT_NE(en.find("papers asked for"), std::string::npos) << en;
  EXPECT_NE(en.find("2027-01-12 (provisional) (clock paused)"), std::string::npos) << en;
  EXPECT_NE(en.find("→ zonelink filing supplement F-7 --zone zhejiang --document FILE"),
            std::string::npos)
      << en;
  const std::string zh = ShowFiling(filing.root(), ViewOf(Language::kChinese));
  EXPECT_NE(zh.find("浙江 zhejiang"), std::string::npos) << zh;
  EXPECT_NE(zh.find("待补正"), std::string::npos) << zh;
  EXPECT_NE(zh.find("2027-01-12（暂定）（计时暂停）"), std::string::npos) << zh;
  EXPECT_NE(zh.find("- 装箱单"), std::string::npos) << zh;
}

TEST(Show, FilingsInOneLineEach) {
  const auto filing = Read(kFiling);
  const std::string text = ShowFilings({filing.root()}, ViewOf(Language::kEnglish));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_NE(text.find("jiangsu recognised, 浙江 papers asked for"), std::string::npos) << text;
  EXPECT_EQ(ShowFilings({}, ViewOf(Language::kEnglish)), "No filings match.\n");
}

TEST(Show, InboxByUrgency) {
  const auto inbox = Read(R"({"items":[
    {"filingId":"F-1","zone":"zhejiang","action":"accept","since":"2026-03-02T08:00:00Z","whyEn":"a verifier accepts it","whyZh":"待受理","itemNameZh":"原产地",
     "itemNameEn":"Origin","applicantName":"上海示例","dueOn":"2026-03-05","remainingDays":-2},
    {"filingId":"F-2","zone":"zhejiang","whyZh":"待受理","itemNameZh":"原产地","remainingDays":0,
     "dueOn":"2026-03-09","provisional":true}]})");
  const std::string zh = ShowInbox(inbox.root(), ViewOf(Language::kChinese));
  EXPECT_NE(zh.find("超期 2 日"), std::string::npos) << zh;
  EXPECT_NE(zh.find("zonelink decide accept F-1 zhejiang"), std::string::npos) << zh;
  EXPECT_NE(zh.find("今天到期"), std::string::npos) << zh;
  EXPECT_NE(zh.find("2026-03-09（暂定）"), std::string::npos) << zh;
  EXPECT_NE(ShowInbox(inbox.root(), ViewOf(Language::kEnglish)).find("2 late"), std::string::npos);
  EXPECT_EQ(ShowInbox(Read("{\"items\":[]}").root(), ViewOf(Language::kEnglish)),
            "Nothing waits for you.\n");
}

TEST(Show, TimelineLeadsToTheReceipt) {
  const auto timeline = Read(R"({"items":[
     {"at":"2026-03-02T08:00:00Z","type":"zonelink.recognition.filing.submitted","eventId":"E-1"},
     {"at":"2026-03-02T08:00:01Z","type":"zonelink.recognition.decision.granted","eventId":"E-2",
      "zone":"zhejiang","toState":"GRANTED"}]})");
  const std::string en = ShowTimeline(timeline.root(), ViewOf(Language::kEnglish));
  EXPECT_NE(en.find("    E-1\n"), std::string::npos) << en;
  EXPECT_NE(en.find("zonelink ledger receipt E-2\n"), std::string::npos) << en;
  const std::string zh = ShowTimeline(timeline.root(), ViewOf(Language::kChinese));
  EXPECT_NE(zh.find("存证回执：zonelink ledger receipt E-2\n"), std::string::npos) << zh;
}

TEST(Show, PrecheckNamesWhatIsMissing) {
  const auto precheck = Read(R"({"itemId":"x","zones":[
     {"zone":"jiangsu","outcome":"AUTOMATIC"},
     {"zone":"zhejiang","outcome":"DECISION_NEEDED","budgetDays":20,"dueOn":"2026-04-01"},
     {"zone":"hainan","outcome":"NOT_COVERED"}],
     "missingAttributes":["hsCode"],"missingDocuments":["packing-list"]})");
  const std::string text = ShowPrecheck(precheck.root(), ViewOf(Language::kEnglish));
  EXPECT_NE(text.find("recognised at once"), std::string::npos) << text;
  EXPECT_NE(text.find("20  2026-04-01"), std::string::npos) << text;
  EXPECT_NE(text.find("  - hsCode\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  - packing-list\n"), std::string::npos) << text;
}

TEST(Show, WorkingDaysWithReasons) {
  const auto answer = Read(R"({"dueOn":"2027-01-04","provisional":true,
     "skipped":[{"date":"2026-10-01","why":"国庆节"},{"date":"2026-10-10","why":"WEEKEND"}]})");
  const std::string text = ShowWorkingDays(answer.root(), ViewOf(Language::kEnglish));
  EXPECT_NE(text.find("2027-01-04 (provisional)"), std::string::npos) << text;
  EXPECT_NE(text.find("2026-10-01  国庆节"), std::string::npos) << text;
  EXPECT_NE(text.find("2026-10-10  weekend"), std::string::npos) << text;
}

TEST(Problems, SayWhatWhyAndWhatNext) {
  Error error{Code::kFailedPrecondition, "PROMISE_MISSING", "hainan needs a promise", {}, {}};
  error.metadata = {{"status", "409"}, {"title", "Promise missing"}, {"instance", "/v1/filings"}};
  error.violations = {{"promise", "PROMISE_MISSING", "needed by hainan"}};
  EXPECT_EQ(ShowProblem(error, "k", Style{}),
            "hainan needs a promise\n"
            "  - promise: needed by hainan (PROMISE_MISSING)\n"
            "  → if you meet the conditions told, repeat with --promise\n"
            "  PROMISE_MISSING, Promise missing, HTTP 409, /v1/filings\n");
  EXPECT_EQ(ExitCodeOf(error), kExitRefused);
}

TEST(Problems, InDoubtShowsTheKey) {
  const Error lost = Unavailable("ANSWER_LOST", "connection reset");
  EXPECT_NE(ShowProblem(lost, "cli-1", Style{}).find("--idempotency-key cli-1"), std::string::npos);
  EXPECT_EQ(ShowProblem(Unavailable("UNREACHABLE", "refused"), "cli-1", Style{}).find("cli-1"),
            std::string::npos);
  EXPECT_EQ(ExitCodeOf(lost), kExitInDoubt);
  EXPECT_EQ(ExitCodeOf(Unauthenticated("NOT_LOGGED_IN", "")), kExitNotLoggedIn);
}

TEST(Arguments, FilingFlags) {
  const auto line = Parse(
      {"filing",           "submit",      "--item", "x",           "--home", "shanghai",   "--to",
       "jiangsu,zhejiang", "--attribute", "a=1",    "--attribute", "b=2,3",  "--document", "f.pdf",
       "--promise",        "--output",    "json",   "--profile",   "p",      "input.json"});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.command, "filing submit");
  EXPECT_EQ(line.arguments.filing.to, (std::vector<std::string>{"jiangsu", "zhejiang"}));
  EXPECT_EQ(line.arguments.filing.attributes, (std::vector<std::string>{"a=1", "b=2,3"}));
  EXPECT_EQ(line.arguments.filing.input, "input.json");
  EXPECT_TRUE(line.arguments.filing.promise);
  EXPECT_TRUE(line.arguments.json);
  EXPECT_EQ(line.arguments.profile, "p");
}

TEST(Arguments, DecisionsAndLookups) {
  auto line = Parse(
      {"decide", "refuse", "F-1", "zhejiang", "--article", "§20", "--facts", "f", "--reason", "r"});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.command, "decide refuse");
  EXPECT_EQ(line.arguments.decision.zone, "zhejiang");
  line = Parse({"workingdays", "shanghai", "20", "--from", "2026-03-02"});
  ASSERT_TRUE(line.run) << line.text;
  EXPECT_EQ(line.arguments.days, 20);
  line = Parse({"recognition", "verify", "ZL-9"});
  EXPECT_EQ(line.arguments.command, "recognition verify");
  line = Parse({"filing", "list", "--state", "IN_REVIEW", "--limit", "7"});
  EXPECT_EQ(line.arguments.filing.limit, 7);
}

TEST(Arguments, MistakesAreUsageErrors) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"filing"},
                                             {"nonsense"},
                                             {"decide", "grant", "F-1", "zhejiang"},
                                             {"workingdays", "shanghai", "0"},
                                             {"filing", "list", "--state", "OPEN"},
                                             {"me", "--output", "yaml"},
                                             {"login"},
                                             {"login", "me", "--password", "secret"}}) {
    const auto line = Parse(words);
    EXPECT_FALSE(line.run);
    EXPECT_EQ(line.exit_code, kExitUsage);
    EXPECT_FALSE(line.text.empty());
  }
  EXPECT_EQ(Parse({"--help"}).exit_code, kExitOk);
  EXPECT_EQ(Parse({"--version"}).text, "zonelink 0.1.0\n");
}

TEST(Completion, KnowsEveryCommandAndOption) {
  for (const char* shell : {"bash", "zsh"}) {
    const std::string script = CompletionScript(shell);
    for (const char* word :
         {"zonelink filing submit", "zonelink decide request-supplement", "--credential-number",
          "IN_REVIEW CLOSED WITHDRAWN", "table json", "completion", "zonelink ledger watch",
          "\"zonelink ledger watch --state\"", "--save-checkpoint"}) {
      EXPECT_NE(script.find(word), std::string::npos) << shell << " " << word;
    }
  }
}

TEST(FilingInput, OptionsOverFileOverOwnOrganization) {
  const auto input = Read(R"({"itemId":"x","homeZone":"shanghai","targetZones":["jiangsu"],
     "credential":{"number":"1","issuer":"i"},"attributes":{"hsCode":"1","old":"2"},"extra":[1]})");
  FilingArguments options;
  options.to = {"zhejiang"};
  options.credential_number = "2";
  options.attributes = {"hsCode=854231", "count=12", "ok=true", "odd=007", "note=a=b"};
  options.promise = true;
  const AttributeTypes types = {
      {"count", "INTEGER"}, {"ok", "BOOLEAN"}, {"hsCode", "STRING"}, {"odd", "INTEGER"}};
  const auto body = FilingBody(input.root(), options, types, {"91310000XY0001015T", "上海示例"});
  ASSERT_TRUE(body);
  EXPECT_EQ(
      *body,
      R"({"itemId":"x","homeZone":"shanghai","targetZones":["zhejiang"],)"
      R"("credential":{"number":"2","issuer":"i"},)"
      R"("attributes":{"hsCode":"854231","old":"2","count":12,"ok":true,"odd":"007","note":"a=b"},)"
      R"("extra":[1],"applicant":{"uscc":"91310000XY0001015T","name":"上海示例"},"promise":true})");
  options.attributes = {"nothing"};
  EXPECT_EQ(FilingBody(input.root(), options, types, {}).error().reason, "ATTRIBUTE_FORM");
}

TEST(FilingInput, DocumentsAreHashed) {
  const Folder folder;
  const std::string path = folder.Write("cert.PDF", "abc");
  const auto json = DocumentsJson({path, "packing-list=" + path});
  ASSERT_TRUE(json);
  const std::string hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const std::string one = R"({"title":"cert.PDF","sha256":")" + hash +
                          R"(","mediaType":"application/pdf","sizeBytes":"3")";
  EXPECT_EQ(*json, "[" + one + "}," + one + R"(,"kind":"packing-list"}])");
  EXPECT_EQ(DocumentsJson({folder.path() + "/none"}).error().reason, "INPUT_UNREADABLE");
  EXPECT_EQ(DocumentsJson({folder.Write("empty.txt", "")}).error().reason, "DOCUMENT_SIZE");
}

TEST(Profiles, AreKeptPrivate) {
  const Folder folder;
  const auto store = ProfileStore::Open(folder.path() + "/zonelink", "work");
  ASSERT_TRUE(store);
  EXPECT_FALSE(store->Load()->tokens);
  Profile profile{.url = "http://127.0.0.1:8080", .username = "ent-shanghai"};
  profile.tokens = client::Tokens{"s", "a", *ParseTime("2026-03-02T08:00:00Z"), "r"};
  ASSERT_TRUE(store->Save(profile));
  struct stat about {};
  ASSERT_EQ(stat(store->path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  const auto loaded = store->Load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->tokens->refresh_token, "r");
  EXPECT_EQ(FormatTime(loaded->tokens->expires_at), "2026-03-02T08:00:00Z");
  chmod(store->path().c_str(), 0644);
  EXPECT_EQ(store->Load().error().reason, "PROFILE_UNREADABLE");
}

TEST(Profiles, NamesStayInTheFolder) {
  for (const char* name : {"", "../x", ".hidden", "a/b", "名"}) {
    EXPECT_EQ(ProfileStore::Open("/tmp", name).error().reason, "PROFILE_NAME") << name;
  }
  EXPECT_EQ(ParseProfile("[]").error().reason, "PROFILE_BROKEN");
}

std::string SessionJson(const std::string& access, const std::string& refresh, Time expires_at) {
  return R"({"sessionId":"s","accessToken":")" + access + R"(","refreshToken":")" + refresh +
         R"(","expiresAt":")" + FormatTime(expires_at) + "\"}";
}

Session SessionAt(const Folder& folder, const std::string& url, Time expires_at) {
  auto store = ProfileStore::Open(folder.path(), "default").value();
  Profile profile{.url = url, .username = "u"};
  profile.tokens = client::Tokens{"s", "old", expires_at, "r1"};
  EXPECT_TRUE(store.Save(profile));
  return Session(std::move(store), std::move(profile), client::Api(client::HttpClient(url), {}));
}

TEST(Sessions, RefreshBeforeTheTokenEnds) {
  const Time later = SystemClock().Now() + std::chrono::minutes{10};
  Server server([&](const std::string& request) {
    if (request.find("sessions:refresh") != std::string::npos) {
      return Server::Reply(200, SessionJson("new", "r2", later));
    }
    return Server::Reply(request.find("Bearer new") != std::string::npos ? 200 : 401, "{}");
  });
  const Folder folder;
  Session session = SessionAt(folder, server.url(), SystemClock().Now());
  EXPECT_TRUE(session.Send({.path = "/v1/me"}));
  EXPECT_EQ(ProfileStore::Open(folder.path(), "default")->Load()->tokens->refresh_token, "r2");
}

TEST(Sessions, ARefusedTokenIsRefreshedOnceThenTheSessionHasEnded) {
  Server server(
      [&](const std::string&) { return Server::Reply(401, R"({"reason":"REFRESH_REFUSED"})"); });
  const Folder folder;
  Session session = SessionAt(folder, server.url(), SystemClock().Now() + std::chrono::minutes{10});
  const auto reply = session.Send({.path = "/v1/me"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, "SESSION_ENDED");
  EXPECT_EQ(server.requests().size(), 2u);
}

}  // namespace
}  // namespace zonelink::cli
