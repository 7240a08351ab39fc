// SPDX-License-Identifier: Apache-2.0
// The ledger's commands from the words typed to what is printed and the exit code.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "gateway/cli/commands.h"
#include "gateway/cli/files.h"
#include "gateway/cli/ledger_input.h"
#include "gateway/cli/ledger_show.h"
#include "gateway/cli/ledger_source.h"
#include "gateway/cli/testing_ledger.h"

namespace zonelink::cli {
namespace {

namespace fs = std::filesystem;
using Server = client::TestingHttpServer;
using Words = std::vector<std::string>;

constexpr const char* kOrigin = "zonelink.example/ledger";
constexpr const char* kEvent = "0192d3a4-5b6c-7d8e-9f00-112233445566";
// Nothing listens on the port of discarded bytes.
constexpr const char* kNowhere = "http://127.0.0.1:9";

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

// Each test has a configuration and files of its own.
class LedgerCommands : public ::testing::Test {
 protected:
  LedgerCommands() {
    unsetenv("ZONELINK_LEDGER_KEY");
    char pattern[] = "/tmp/zonelink-ledger-XXXXXX";
    folder_ = mkdtemp(pattern);
  }
  ~LedgerCommands() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& bytes) const {
    EXPECT_TRUE(WriteFile(Path(name), bytes));
    return Path(name);
  }
  static std::string Read(const std::string& path) { return ReadFile(path, 1u << 24).value(); }

  Outcome Run(Words words, const std::string& url = kNowhere) const {
    static const std::map<std::string, int (*)(Invocation&)> kCommands = {
        {"ledger show", LedgerShow},
        {"ledger receipt", LedgerReceipt},
        {"ledger verify", LedgerVerify},
        {"ledger trust", LedgerTrust},
        {"ledger watch", LedgerWatch}};
    words.insert(words.begin(), "ledger");
    const Style style{.language = language_};
    const CommandLine line = ParseCommandLine(std::move(words), style);
    EXPECT_TRUE(line.run) << line.text;
    if (!line.run) return {line.exit_code, "", line.text};
    Session session(ProfileStore::Open(Path("config"), "default").value(), {.url = url},
                    client::Api(client::HttpClient(url), {}));
    Invocation run{line.arguments, session, {style, nullptr, nullptr}, "key"};
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Outcome outcome{.code = kCommands.at(line.arguments.command)(run)};
    outcome.out = ::testing::internal::GetCapturedStdout();
    outcome.err = ::testing::internal::GetCapturedStderr();
    return outcome;
  }

  // A log whose leaf 5 is `kEvent`'s.
  TestingLog EventLog(size_t size = 12) {
    TestingLog log(kOrigin);
    log.Grow(5);
    log.Append(ledger::Entry{.event_id = kEvent,
                             .type = "zonelink.recognition.decision.granted",
                             .at = *ParseTime("2026-03-02T08:00:00Z"),
                             .commitment = ledger::Commit(salt_, event_)}
                   .Format());
    log.Grow(size - 6);
    return log;
  }
  Words Trusting(const TestingLog& log, Words words) const {
    for (const std::string& word : {std::string("--key"), log.key(), std::string("--witness"),
                                    log.witness(0), std::string("--witness"), log.witness(1)}) {
      words.push_back(word);
    }
    return words;
  }

  std::string folder_;
  Language language_ = Language::kEnglish;
  const std::string salt_ = std::string(32, 's');
  const std::string event_ = std::string(
      "\x0a\x03"
      "abc",
      5);
};

#define EXPECT_HAS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST_F(LedgerCommands, AReceiptIsVerifiedOffline) {
  const TestingLog log = EventLog();
  const std::string file = Write("receipt.json", log.Receipt(kEvent, 5, salt_, event_));
  const auto verified = Run(Trusting(log, {"verify", file}));
  EXPECT_EQ(verified.code, kExitOk) << verified.err;
  EXPECT_EQ(verified.err, "");
  EXPECT_HAS(verified.out, kEvent);
  EXPECT_HAS(verified.out, "recognised zonelink.recognition.decision.granted");
  EXPECT_HAS(verified.out, "2026-03-02 16:00");
  EXPECT_HAS(verified.out, "2 of 2, 2 needed: jiangsu, zhejiang");
  EXPECT_HAS(verified.out, "shown: the entry commits to the event in the receipt (5 bytes");
  language_ = Language::kChinese;
  const auto chinese = Run(Trusting(log, {"verify", file}));
  EXPECT_HAS(chinese.out, "验证通过");
  EXPECT_HAS(chinese.out, "jiangsu、zhejiang");
}

TEST_F(LedgerCommands, AStrangersReceiptShowsNoLink) {
  const TestingLog log = EventLog();
  const std::string file = Write("receipt.json", log.Receipt(kEvent, 5, "", ""));
  const auto verified = Run(Trusting(log, {"verify", file}));
  EXPECT_EQ(verified.code, kExitOk) << verified.err;
  EXPECT_HAS(verified.out, "not shown: the receipt has no salt and event");
  const auto json = Run(Trusting(log, {"verify", file, "--output", "json"}));
  const auto document = client::JsonDocument::Parse(json.out);
  ASSERT_TRUE(document) << json.out;
  EXPECT_EQ(document->root()["link"].text(), "NOT_SHOWN");
  EXPECT_EQ(document->root()["index"].number(), 5);
  EXPECT_EQ(document->root()["keyFrom"].text(), "GIVEN");
  EXPECT_TRUE(document->root()["verified"].truth());
}

TEST_F(LedgerCommands, AReceiptWithAnyBitFlippedIsRefused) {
  const TestingLog log = EventLog();
  const std::string good = log.Receipt(kEvent, 5, salt_, event_);
  ledger::TrustPolicy policy{.log = ledger::VerifierKey::Parse(log.key()).value()};
  for (const size_t i : {0, 1}) {
    policy.witnesses.push_back(ledger::VerifierKey::Parse(log.witness(i)).value());
  }
  policy.quorum = 2;
  const auto verify = [&](const std::string& json) {
    auto receipt = ParseReceipt(json);
    return receipt && ledger::VerifyReceipt(*receipt, policy);
  };
  ASSERT_TRUE(verify(good));
  // Whether enough have cosigned is counted, not believed: `anchored` is nobody's proof.
  const size_t claim = good.find(",\"anchored\":true");
  for (size_t at = 0; at < good.size(); ++at) {
    if (at >= claim && at < claim + 16) continue;
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    const auto receipt = ParseReceipt(bad);
    const bool nameless = receipt && (!receipt->salt || !receipt->event);
    EXPECT_TRUE(nameless || !verify(bad)) << at << " " << bad;
  }
}

TEST_F(LedgerCommands, RefusalsNameReasonAndPlace) {
  const TestingLog log = EventLog();
  std::string bad = log.Receipt(kEvent, 5, salt_, event_);
  bad.replace(bad.find("\"index\":\"5\""), 11, "\"index\":\"4\"");
  const std::string file = Write("receipt.json", bad);
  const auto refused = Run(Trusting(log, {"verify", file}));
  EXPECT_EQ(refused.code, kExitNotVerified);
  EXPECT_EQ(refused.out, "");
  EXPECT_HAS(refused.err, "Not verified: The proof does not show it\n  " + file);
  EXPECT_HAS(refused.err, "PROOF_INVALID");
  const auto other = Run({"verify", Write("other.json", log.Receipt(kEvent, 5, "", "")), "--key",
                          TestingLog(kOrigin, 'x').key()});
  EXPECT_EQ(other.code, kExitNotVerified);
  EXPECT_HAS(other.err, "LOG_SIGNATURE_MISSING");
  const auto few =
      Run(Trusting(log, {"verify", Write("few.json", log.Receipt(kEvent, 5, "", "", 1))}));
  EXPECT_EQ(few.code, kExitNotVerified);
  EXPECT_HAS(few.err, "QUORUM_MISSING");
  const auto enough = Run(Trusting(log, {"verify", Path("few.json"), "--quorum", "1"}));
  EXPECT_EQ(enough.code, kExitOk) << enough.err;
}

TEST_F(LedgerCommands, ManyReceiptsAreAListAndACount) {
  const TestingLog log = EventLog();
  Write("receipts/a.json", log.Receipt(kEvent, 5, salt_, event_));
  Write("receipts/b.json", log.Receipt(kEvent, 6, salt_, event_));
  const auto both = Run(Trusting(log, {"verify", "--receipts", Path("receipts")}));
  EXPECT_EQ(both.code, kExitNotVerified);
  EXPECT_HAS(both.out, "receipts verified: 1, not verified: 1");
  EXPECT_HAS(both.err, "b.json");
  EXPECT_EQ(Run(Trusting(log, {"verify", Path("receipts")})).code, kExitUsage);
}

TEST_F(LedgerCommands, WithoutAKeyNothingIsTrusted) {
  const TestingLog log = EventLog();
  const std::string file = Write("receipt.json", log.Receipt(kEvent, 5, "", ""));
  const auto offline = Run({"verify", file});
  EXPECT_EQ(offline.code, kExitRefused);
  EXPECT_HAS(offline.err, "LEDGER_KEY_UNKNOWN");
  TestingLedgerServer server(log);
  const auto online = Run({"verify", file}, server.url());
  EXPECT_EQ(online.code, kExitOk) << online.err;
  EXPECT_HAS(online.err, "key taken from the server itself; pin it with: zonelink ledger trust\n");
  EXPECT_HAS(online.out, "taken from the server itself");
  setenv("ZONELINK_LEDGER_KEY", log.key().c_str(), 1);
  EXPECT_EQ(Run({"verify", file}).code, kExitOk);
  // What is remembered is what the server says or the command gives.
  setenv("ZONELINK_LEDGER_KEY", "nonsense", 1);
  EXPECT_EQ(Run({"trust"}, server.url()).code, kExitOk);
  EXPECT_EQ(Run({"verify", file}).code, kExitUsage);
  unsetenv("ZONELINK_LEDGER_KEY");
}

TEST_F(LedgerCommands, APinIsKeptUntilItIsReplaced) {
  const TestingLog log = EventLog();
  const std::string file = Write("receipt.json", log.Receipt(kEvent, 5, "", ""));
  const std::string few = Write("few.json", log.Receipt(kEvent, 5, "", "", 1));
  TestingLedgerServer server(log);
  const auto pinned = Run({"trust"}, server.url());
  EXPECT_EQ(pinned.code, kExitOk) << pinned.err;
  EXPECT_HAS(pinned.out, log.key());
  EXPECT_HAS(pinned.out, log.witness(1));
  EXPECT_HAS(pinned.out, "compare the fingerprint");
  EXPECT_EQ(Run({"trust"}, server.url()).code, kExitOk);
  // Offline now, with the pin's quorum.
  const auto offline = Run({"verify", file});
  EXPECT_EQ(offline.code, kExitOk) << offline.err;
  EXPECT_HAS(offline.out, "remembered (pinned)");
  EXPECT_HAS(Run({"verify", few}).err, "QUORUM_MISSING");
  EXPECT_EQ(Run({"verify", few, "--quorum", "1"}).code, kExitOk);
  // Another key for the same log.
  TestingLog forged(kOrigin, 'x');
  forged.Grow(3);
  server.Serve(forged, 3);
  const auto refused = Run({"trust"}, server.url());
  EXPECT_EQ(refused.code, kExitRefused);
  EXPECT_HAS(refused.err, "PIN_EXISTS");
  EXPECT_HAS(refused.err, "remembered: " + log.key());
  EXPECT_HAS(Run({"verify"}, server.url()).err, "LOG_SIGNATURE_MISSING");
  // Another log at the same address.
  TestingLog stranger("stranger.example/log", 'y');
  stranger.Grow(3);
  server.Serve(stranger, 3);
  const auto moved = Run({"verify"}, server.url());
  EXPECT_EQ(moved.code, kExitNotVerified);
  EXPECT_HAS(moved.err, "LOG_SIGNATURE_MISSING");
  EXPECT_EQ(Run({"trust"}, server.url()).code, kExitRefused);
  EXPECT_EQ(Run({"trust", "--replace"}, server.url()).code, kExitOk);
  EXPECT_EQ(Run({"verify"}, server.url()).code, kExitOk);
}

TEST_F(LedgerCommands, ABrokenPinIsNoReasonToAskTheServer) {
  const TestingLog log = EventLog();
  const TestingLedgerServer server(log);
  EXPECT_EQ(Run({"trust", server.url() + "/v1/ledger/", "--key", log.key()}).code, kExitOk);
  EXPECT_EQ(Run({"verify"}, server.url()).code, kExitOk);
  for (const auto& file : fs::directory_iterator(Path("config/ledger-trust"))) {
    Write("config/ledger-trust/" + file.path().filename().string(), "{}");
  }
  const auto broken = Run({"verify"}, server.url());
  EXPECT_EQ(broken.code, kExitRefused);
  EXPECT_HAS(broken.err, "PIN_BROKEN");
}

TEST_F(LedgerCommands, KeysAreCheckedWhenGiven) {
  const TestingLog log = EventLog();
  const std::string file = Write("receipt.json", log.Receipt(kEvent, 5, "", ""));
  const auto code = [&](Words words) {
    words.insert(words.begin(), {"verify", file});
    return Run(words).code;
  };
  EXPECT_EQ(code({"--key", "nonsense"}), kExitUsage);
  EXPECT_EQ(code({"--key", log.witness(0)}), kExitUsage);
  EXPECT_EQ(code({"--key", log.key(), "--witness", log.key()}), kExitUsage);
  EXPECT_EQ(code({"--key", log.key(), "--witness", log.witness(0), "--quorum", "2"}), kExitUsage);
  EXPECT_EQ(code({"--key", log.key(), "--witness", log.witness(0), "--witness", log.witness(0)}),
            kExitUsage);
}

TEST_F(LedgerCommands, AWholeLogByAddressAndFolder) {
  TestingLog log(kOrigin);
  log.Grow(1100);
  TestingLedgerServer server(log);
  const auto by_url = Run(Trusting(log, {"verify"}), server.url());
  EXPECT_EQ(by_url.code, kExitOk) << by_url.err;
  EXPECT_EQ(by_url.err, "");
  EXPECT_HAS(by_url.out, "entries        1,100\n");
  EXPECT_HAS(by_url.out, "entries/s");
  EXPECT_HAS(by_url.out, "SHA-256 alone");
  fs::create_directories(Path("log"));
  log.WriteTo(Path("log"), 700);
  const auto by_folder = Run(Trusting(log, {"verify", Path("log"), "--output", "json"}));
  const auto document = client::JsonDocument::Parse(by_folder.out);
  ASSERT_TRUE(document) << by_folder.out << by_folder.err;
  EXPECT_EQ(document->root()["entries"].number(), 700);
  EXPECT_EQ(document->root()["size"].number(), 700);
}

TEST_F(LedgerCommands, ALogOfAnotherOperator) {
  TestingLog log("Example log", 'o', "example.org");
  for (int i = 0; i < 600; ++i) log.Append(std::string(static_cast<size_t>(i % 40), '\xff'));
  fs::create_directories(Path("log"));
  // As after growth: the head is older, partial tiles have become full.
  log.WriteTo(Path("log"), 600);
  Write("log/tile/1/000.p/1", *log.Resource("tile/1/000.p/1", 600));
  Write("log/checkpoint", log.Checkpoint(300, 0));
  const auto verified = Run({"verify", Path("log"), "--key", log.key(), "--origin", "Example log"});
  EXPECT_EQ(verified.code, kExitOk) << verified.err;
  EXPECT_HAS(verified.out, "none asked for");
  EXPECT_HAS(Run({"verify", Path("log"), "--key", log.key()}).err, "ORIGIN_MISMATCH");
}

TEST_F(LedgerCommands, WhatIsWrongWithALogIsSaidWithItsPlace) {
  TestingLog log(kOrigin);
  log.Grow(700);
  fs::create_directories(Path("log"));
  log.WriteTo(Path("log"), 700);
  const std::string bundle = Path("log/tile/entries/001");
  const std::string good = Read(bundle);
  std::string bad = good;
  bad[bad.size() - 1] ^= 1;
  Write("log/tile/entries/001", bad);
  const auto changed = Run({"verify", Path("log"), "--key", log.key()});
  EXPECT_EQ(changed.code, kExitNotVerified);
  EXPECT_HAS(changed.err, "LEAF_MISMATCH");
  EXPECT_HAS(changed.err, "index of the entry: 511\n");
  EXPECT_HAS(changed.err, "where: tile/entries/001\n");
  Write("log/tile/entries/001", good);
  fs::remove(Path("log/tile/0/002.p/188"));
  const auto missing = Run({"verify", Path("log"), "--key", log.key(), "--output", "json"});
  EXPECT_EQ(missing.code, kExitNotVerified);
  EXPECT_HAS(missing.out, R"("verified":false,"reason":"RESOURCE_MISSING")");
  language_ = Language::kChinese;
  EXPECT_HAS(Run({"verify", Path("log"), "--key", log.key()}).err, "验证未通过：");
}

TEST_F(LedgerCommands, OnlyWhatIsNewIsReadAgain) {
  TestingLog log(kOrigin);
  log.Grow(700);
  TestingLedgerServer server(log);
  server.Serve(log, 600);
  const std::string head = Path("head");
  EXPECT_EQ(Run(Trusting(log, {"verify", "--save-checkpoint", head}), server.url()).code, kExitOk);
  server.Serve(log, 700);
  const size_t before = server.paths().size();
  const auto more =
      Run(Trusting(log, {"verify", "--from", head, "--save-checkpoint", head}), server.url());
  EXPECT_EQ(more.code, kExitOk) << more.err;
  EXPECT_HAS(more.out, "100 (the first 600 were verified before)");
  EXPECT_HAS(more.out, "its first 600 entries are the earlier checkpoint's");
  const auto paths = server.paths();
  EXPECT_EQ(std::count(paths.begin() + static_cast<long>(before), paths.end(), "tile/entries/000"),
            0);
  const auto same = Run(Trusting(log, {"verify", "--from", head}), server.url());
  EXPECT_HAS(same.out, "the same tree as the earlier checkpoint's");
  // The log goes back, and elsewhere.
  server.Serve(log, 650);
  const auto rollback = Run(Trusting(log, {"verify", "--from", head}), server.url());
  EXPECT_EQ(rollback.code, kExitAlarm);
  EXPECT_HAS(rollback.out, "ALARM ROLLBACK");
  TestingLog fork(kOrigin);
  fork.Grow(800, "other");
  server.Serve(fork, 800, 0);
  const auto forked = Run(Trusting(log, {"verify", "--from", head}), server.url());
  EXPECT_EQ(forked.code, kExitAlarm);
  EXPECT_HAS(forked.out, "ALARM FORK");
  EXPECT_HAS(forked.out, "    700\n");
  EXPECT_HAS(forked.out, "    800\n");
}

TEST_F(LedgerCommands, ABusyServerIsAskedAgain) {
  TestingLog log(kOrigin);
  log.Grow(10);
  TestingLedgerServer server(log);
  const std::string busy = Server::Reply(429, "{}", "Retry-After: 0\r\n");
  server.AnswerFirst({busy, busy, Server::Reply(503, "{}", "Retry-After: 0\r\n")});
  EXPECT_EQ(Run({"verify", "--key", log.key()}, server.url()).code, kExitOk);
  const auto paths = server.paths();
  EXPECT_EQ(std::count(paths.begin(), paths.end(), "checkpoint"), 4);
  // Who was logged in and is no more reads as anybody does.
  SourceOptions options{.token = [] { return "ended"; }};
  LogSource source(server.url() + "/v1/ledger/checkpoint", options);
  server.AnswerFirst({Server::Reply(401, "{}")});
  EXPECT_EQ(source.Get("checkpoint").value(), log.Checkpoint(10));
  EXPECT_EQ(source.place(), server.url() + "/v1/ledger");
  const auto nobody = Run({"verify", "--key", log.key()});
  EXPECT_EQ(nobody.code, kExitInDoubt);
  EXPECT_HAS(nobody.err, "UNREACHABLE");
}

TEST_F(LedgerCommands, ADownloadIsVerifiedOfflineLater) {
  TestingLog log(kOrigin);
  log.Grow(520);
  TestingLedgerServer server(log);
  const std::string copy = Path("copy");
  server.Serve(log, 300);
  EXPECT_EQ(Run({"verify", "--key", log.key(), "--download", copy}, server.url()).code, kExitOk);
  server.Serve(log, 520);
  const auto grown =
      Run({"verify", "--key", log.key(), "--download", copy, "--from", copy + "/checkpoint"},
          server.url());
  EXPECT_EQ(grown.code, kExitOk) << grown.err;
  const auto offline = Run({"verify", copy, "--key", log.key()});
  EXPECT_EQ(offline.code, kExitOk) << offline.err;
  EXPECT_HAS(offline.out, "520");
  const TestingLog other("other.example/log");
  Write("copy/checkpoint", other.Checkpoint(0));
  EXPECT_HAS(Run({"verify", "--key", log.key(), "--download", copy}, server.url()).err,
             "OUTPUT_UNWRITABLE");
}

TEST_F(LedgerCommands, TwoCheckpoints) {
  TestingLog log(kOrigin);
  log.Grow(700);
  fs::create_directories(Path("log"));
  log.WriteTo(Path("log"), 700);
  const std::string old = Write("old", log.Checkpoint(300));
  const std::string now = Write("now", log.Checkpoint(700));
  const std::string proof = Write("proof.json", log.Consistency(300, 700));
  const auto by_tiles = Run(Trusting(log, {"verify", now, old, "--tiles", Path("log")}));
  EXPECT_EQ(by_tiles.code, kExitOk) << by_tiles.err;
  EXPECT_HAS(by_tiles.out, "its first 300 entries");
  EXPECT_EQ(Run(Trusting(log, {"verify", old, now, "--proof", proof})).code, kExitOk);
  Write("wrong.json", log.Consistency(301, 700));
  EXPECT_HAS(Run(Trusting(log, {"verify", old, now, "--proof", Path("wrong.json")})).err,
             "PROOF_INVALID");
  EXPECT_EQ(Run(Trusting(log, {"verify", old, now})).code, kExitInDoubt);
  TestingLog fork(kOrigin);
  fork.Grow(700, "other");
  const std::string other = Write("other", fork.Checkpoint(700));
  const auto same_size = Run(Trusting(log, {"verify", now, other}));
  EXPECT_EQ(same_size.code, kExitAlarm);
  EXPECT_HAS(same_size.out, "ALARM FORK");
  fs::create_directories(Path("fork"));
  fork.WriteTo(Path("fork"), 700);
  EXPECT_EQ(Run(Trusting(log, {"verify", old, other, "--tiles", Path("fork")})).code, kExitAlarm);
  const auto alone = Run(Trusting(log, {"verify", now}));
  EXPECT_EQ(alone.code, kExitOk);
  EXPECT_HAS(alone.out, "Only signatures were verified");
}

TEST_F(LedgerCommands, WhatIsUnclearIsSaid) {
  const TestingLog log = EventLog();
  const std::string receipt = Write("receipt.json", log.Receipt(kEvent, 5, "", ""));
  const std::string note = Write("note", log.Checkpoint(3));
  const std::string proof = Write("proof.json", log.Consistency(3, 12));
  const std::string text = Write("text", "hello\n");
  for (const Words& words : std::vector<Words>{{receipt, note},
                                               {proof},
                                               {text},
                                               {note, note, note},
                                               {"http://a", "http://b"},
                                               {"ftp://a"},
                                               {folder_},
                                               {receipt, "--from", note},
                                               {note, "--proof", proof},
                                               {"--receipts"}}) {
    Words all = {"verify", "--key", log.key()};
    all.insert(all.end(), words.begin(), words.end());
    const auto unclear = Run(all);
    EXPECT_EQ(unclear.code, kExitUsage) << unclear.err;
    EXPECT_HAS(unclear.err, "WHAT_UNCLEAR");
  }
  EXPECT_HAS(Run({"verify", Path("none")}).err, "begins with http:// or https://");
}

TEST_F(LedgerCommands, WatchingSeesGrowthForksAndRollbacks) {
  TestingLog log(kOrigin);
  log.Grow(700);
  TestingLedgerServer server(log);
  server.Serve(log, 300);
  const Words watch = Trusting(log, {"watch", "--once"});
  const auto first = Run(watch, server.url());
  EXPECT_EQ(first.code, kExitOk) << first.err;
  EXPECT_HAS(first.out, "300 entries  first seen  cosigned 2/2");
  EXPECT_HAS(Run(watch, server.url()).out, "unchanged");
  // Without its quorum a head is not taken.
  server.Serve(log, 700, 1);
  const auto alone = Run(watch, server.url());
  EXPECT_EQ(alone.code, kExitNotVerified);
  EXPECT_HAS(alone.err, "QUORUM_MISSING");
  server.Serve(log, 700);
  EXPECT_HAS(Run(watch, server.url()).out, "700 entries  consistent +400");
  server.Serve(log, 699);
  const auto rollback = Run(watch, server.url());
  EXPECT_EQ(rollback.code, kExitAlarm);
  EXPECT_HAS(rollback.out, "ALARM ROLLBACK");
  TestingLog fork(kOrigin);
  fork.Grow(900, "other");
  for (const size_t size : {700, 900}) {
    server.Serve(fork, size, 0);
    const auto forked = Run(watch, server.url());
    EXPECT_EQ(forked.code, kExitAlarm);
    EXPECT_HAS(forked.out, "ALARM FORK");
  }
  std::vector<std::string> saved;
  for (const auto& file : fs::directory_iterator(Path("config/ledger-watch"))) {
    if (file.path().string().find(".alarm-") != std::string::npos) {
      saved.push_back(Read(file.path().string()));
    }
  }
  EXPECT_EQ(saved.size(), 4u);  // one head before, three after
  EXPECT_EQ(std::count(saved.begin(), saved.end(), fork.Checkpoint(900, 0)), 1);
  // The log is itself again.
  server.Serve(log, 700);
  EXPECT_EQ(Run(watch, server.url()).code, kExitOk);
}

TEST_F(LedgerCommands, WatchingGoesOnUntilAnAlarm) {
  TestingLog log(kOrigin);
  log.Grow(20);
  TestingLedgerServer server(log);
  TestingLog fork(kOrigin);
  fork.Grow(25, "other");
  server.AnswerFirst({Server::Reply(200, log.Checkpoint(10)), Server::Reply(500, "oops"),
                      Server::Reply(200, log.Checkpoint(10)),
                      Server::Reply(200, fork.Checkpoint(10))});
  const auto watched =
      Run(Trusting(log, {"watch", "--every", "1", "--state", Path("state")}), server.url());
  EXPECT_EQ(watched.code, kExitAlarm);
  EXPECT_EQ(watched.out.find("unchanged"), std::string::npos) << watched.out;
  EXPECT_HAS(watched.err, "HTTP_500");
  EXPECT_HAS(watched.err, "next look in 2 s");
  EXPECT_EQ(Read(Path("state")), log.Checkpoint(10));
}

TEST_F(LedgerCommands, WatchingEndsWhereOnlyThePersonCanHelp) {
  const TestingLog log = EventLog();
  TestingLedgerServer server(log);
  Write("config/ledger-trust/x.json", "{}");
  const auto broken = Run({"watch"}, server.url());
  EXPECT_EQ(broken.code, kExitRefused);
  EXPECT_HAS(broken.err, "PIN_BROKEN");
}

TEST_F(LedgerCommands, WatchingAnUnreachableLog) {
  const TestingLog log = EventLog();
  EXPECT_EQ(Run({"watch", "--once", "--key", log.key()}).code, kExitInDoubt);
  EXPECT_EQ(Run({"watch", "--once", "nowhere", "--key", log.key()}).code, kExitUsage);
}

TEST_F(LedgerCommands, AReceiptIsWaitedForAndKeptAsItCame) {
  const TestingLog log = EventLog();
  const std::string body = log.Receipt(kEvent, 5, "", "", 1);
  int asked = 0;
  Server server([&](const std::string& request) {
    EXPECT_NE(request.find(std::string("/v1/ledger/receipts/") + kEvent), std::string::npos);
    if (++asked < 3) {
      return Server::Reply(409, R"({"reason":"RECEIPT_PENDING"})", "Retry-After: 0\r\n");
    }
    return Server::Reply(200, body);
  });
  const auto fetched = Run({"receipt", kEvent, "--out", Path("r.json")}, server.url());
  EXPECT_EQ(fetched.code, kExitOk) << fetched.err;
  EXPECT_EQ(Read(Path("r.json")), body);
  EXPECT_EQ(fs::status(Path("r.json")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_HAS(fetched.out, "zonelink ledger verify " + Path("r.json"));
  EXPECT_HAS(fetched.err, "not cosigned by enough witnesses yet");
  EXPECT_HAS(fetched.err, "has no salt and event");
  EXPECT_EQ(Run({"receipt", kEvent}, server.url()).out, body + "\n");
}

TEST_F(LedgerCommands, TheLedgerIsShown) {
  TestingLog log = EventLog();
  TestingLedgerServer server(log);
  const auto shown = Run({"show"}, server.url());
  EXPECT_EQ(shown.code, kExitOk) << shown.err;
  EXPECT_HAS(shown.out, "zonelink.example/ledger");
  EXPECT_HAS(shown.out, "jiangsu");
  const auto frozen = client::JsonDocument::Parse(
      R"({"origin":"o","frozen":"FORK","headBefore":"o\n5\nx\u001b[2J\n","headNow":"o\n5\ny\n"})");
  const std::string text = ShowLedger(frozen->root(), {{.language = Language::kChinese}, {}, {}});
  EXPECT_HAS(text, "已冻结，停止公布：FORK");
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace zonelink::cli
