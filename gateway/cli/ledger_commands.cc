// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "gateway/cli/commands.h"
#include "gateway/cli/files.h"
#include "gateway/cli/ledger_show.h"
#include "gateway/cli/ledger_site.h"
#include "gateway/cli/ledger_watch.h"
#include "gateway/cli/ledger_words.h"
#include "platform/core/clock.h"

namespace zonelink::cli {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

// Events are published within seconds of their commit.
constexpr milliseconds kReceiptPatience{10'000};
constexpr milliseconds kLongestBackOff{300'000};

milliseconds AskedToWait(const Error& error, milliseconds otherwise) {
  const std::string_view text = client::MetadataOf(error, "retryAfterMs");
  int64_t wait = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), wait);
  return failed == std::errc() ? milliseconds(wait) : otherwise;
}

// Waits while no checkpoint covers the event yet.
Result<client::HttpReply> FetchReceipt(Invocation& run) {
  const std::string path =
      "/v1/ledger/receipts/" + client::UrlEncode(run.arguments.ledger.event_id);
  const bool logged_in = run.session.profile().tokens.has_value();
  const auto deadline = SteadyClock::now() + kReceiptPatience;
  milliseconds wait{100};
  for (;;) {
    auto reply =
        logged_in ? run.session.Send({.path = path}) : run.session.open_api().Send({.path = path});
    if (reply || reply.error().reason != "RECEIPT_PENDING") return reply;
    const milliseconds asked = AskedToWait(reply.error(), wait);
    if (SteadyClock::now() + asked > deadline) return reply;
    std::this_thread::sleep_for(asked);
    wait = std::min(wait * 2, milliseconds(1'000));
  }
}

// What the person should know about the receipt, none of it on standard output.
void RemarkOn(const Invocation& run, const std::string& body) {
  const auto document = client::JsonDocument::Parse(body);
  if (!document) return;
  const Style& say = run.view.style;
  if (!document->root()["anchored"].truth()) {
    Notice(run, say("见证签名尚不足：稍后重新取得的回执会有",
                    "not cosigned by enough witnesses yet: a receipt fetched later will be"));
  }
  if (!document->root()["salt"].present()) {
    Notice(run, say("回执不含盐值和事件内容：当事方和审计人员登录后取得的回执才有",
                    "the receipt has no salt and event: parties and auditors get them when "
                    "logged in"));
  }
}

std::string NewHeadLine(const Look& look, const ledger::TrustPolicy& policy, const Style& say) {
  const ledger::Checkpoint& head = look.now.checkpoint;
  std::string what(look.outcome == Look::Outcome::kFirst       ? say("首次所见", "first seen")
                   : look.outcome == Look::Outcome::kUnchanged ? say("没有变化", "unchanged")
                                                               : say("一致", "consistent"));
  if (look.outcome == Look::Outcome::kNew) {
    what += " +" + Grouped(head.size - look.size_before);
  }
  const std::string at = FormatTime(SystemClock().Now() + kShanghaiOffset);
  return fmt::format(fmt::runtime(say("{} {}  {} 条  {}  见证 {}/{}  根 {}\n",
                                      "{} {}  {} entries  {}  cosigned {}/{}  root {}\n")),
                     at.substr(0, 10), at.substr(11, 8), Grouped(head.size), what,
                     look.now.cosigners.size(), policy.witnesses.size(),
                     crypto::Base64Encode(head.root.view()));
}

// One log that is followed: its key is found at the first look that reaches it.
class Follower {
 public:
  Follower(Invocation& run, LogSource& source) : run_(run), source_(source) {}

  // Prints what it sees. Returns the exit code it would end with.
  int LookOnce() {
    const auto note = source_.Get("checkpoint");
    if (!note) return Refuse(note.error());
    if (!trust_) {
      auto trust = TrustFor(run_, &source_, *note);
      if (!trust) return Refuse(trust.error());
      trust_ = std::move(*trust);
    }
    const std::string& wish = run_.arguments.ledger.state;
    const std::string& origin = trust_->policy.origin;
    const auto look = LookAt(source_, *note, trust_->policy,
                             wish.empty() ? StateFile(ConfigFolder(run_), origin) : wish);
    if (!look) return Refuse(look.error());
    Say(*look);
    return look->alarm ? kExitAlarm : kExitOk;
  }
  // It makes no sense to look again before the person has done something about it.
  bool hopeless() const { return hopeless_; }

 private:
  int Refuse(const Error& error) {
    const int code = RefuseLedger(run_, source_.place(), error);
    hopeless_ = FindLedgerWord(error.reason) != nullptr && code != kExitNotVerified;
    return code;
  }
  void Say(const Look& look) {
    const bool json = run_.arguments.json;
    if (look.alarm) {
      Print(json ? AlarmJson(*look.alarm) + "\n" : ShowAlarm(*look.alarm, run_.view.style));
    } else if (look.outcome != Look::Outcome::kUnchanged || run_.arguments.ledger.once) {
      HeadReport report{.name = source_.place(), .head = look.now, .trust = *trust_};
      Print(json ? HeadJson(report) + "\n" : NewHeadLine(look, trust_->policy, run_.view.style));
    }
    std::fflush(stdout);
  }

  Invocation& run_;
  LogSource& source_;
  std::optional<Trust> trust_;
  bool hopeless_ = false;
};

}  // namespace

int LedgerShow(Invocation& run) {
  return Finish(run, run.session.open_api().Send({.path = "/v1/ledger"}), ShowLedger);
}

int LedgerReceipt(Invocation& run) {
  const auto reply = FetchReceipt(run);
  if (!reply) return Fail(run, reply.error(), false);
  const std::string& file = run.arguments.ledger.out;
  RemarkOn(run, reply->body);
  if (file.empty() || file == "-") {
    Print(reply->body + "\n");
    return kExitOk;
  }
  // Salt and event are for the parties alone.
  const auto written = WriteFile(file, reply->body, {.secret = true});
  if (!written) return RefuseLedger(run, file, written.error());
  Print(fmt::format(
      fmt::runtime(run.view.style("回执已存入 {0}。验证（可离线）：zonelink ledger verify {0}\n",
                                  "Receipt saved as {0}. Verify it, also offline: zonelink ledger "
                                  "verify {0}\n")),
      file));
  return kExitOk;
}

int LedgerTrust(Invocation& run) {
  const LedgerArguments& arguments = run.arguments.ledger;
  const Style& say = run.view.style;
  if (!arguments.log.empty() && !IsUrl(arguments.log)) {
    return RefuseLedger(run, arguments.log,
                        InvalidArgument("WHAT_UNCLEAR",
                                        "the address of a log begins with http:// "
                                        "or https://"));
  }
  LogSource source = SourceAt(run, arguments.log);
  auto given = GivenPolicy(arguments);
  if (!given) return RefuseLedger(run, "", given.error());
  const bool from_server = !given->has_value();
  auto policy = from_server ? source.Describe().and_then([&](const std::string& described) {
    return ServerPolicy(described, arguments);
  })
                            : Result<ledger::TrustPolicy>(std::move(**given));
  if (!policy) return RefuseLedger(run, source.place(), policy.error());
  const PinStore pins(ConfigFolder(run));
  const Pin pin{*policy, {source.place()}};
  const auto saved = pins.Save(pin, arguments.replace);
  if (!saved) return RefuseLedger(run, source.place(), saved.error());
  if (run.arguments.json) {
    Print(pin.ToJson() + "\n");
    return kExitOk;
  }
  Print(ShowPolicy(pin.policy, pin.logs, say));
  Print(fmt::format(fmt::runtime(say("已记住：{}\n", "Remembered in {}\n")),
                    pins.PathOf(policy->origin)));
  if (from_server) {
    Print(say("  → 公钥取自服务器：请通过其他渠道向运营方核对指纹\n",
              "  → The key came from the server: compare the fingerprint with the operator by "
              "another way\n"));
  }
  return kExitOk;
}

int LedgerWatch(Invocation& run) {
  const LedgerArguments& arguments = run.arguments.ledger;
  std::error_code failed;
  if (!arguments.log.empty() && !IsUrl(arguments.log) &&
      !std::filesystem::is_directory(arguments.log, failed)) {
    return RefuseLedger(run, arguments.log,
                        InvalidArgument("WHAT_UNCLEAR",
                                        "neither a folder nor an address that "
                                        "begins with http:// or https://"));
  }
  LogSource source = SourceAt(run, arguments.log);
  Follower follower(run, source);
  const milliseconds every = std::chrono::seconds(arguments.every);
  milliseconds wait = every;
  for (;;) {
    const int code = follower.LookOnce();
    if (arguments.once || code == kExitAlarm || follower.hopeless()) return code;
    wait = code == kExitOk ? every : std::max(every, std::min(wait * 2, kLongestBackOff));
    if (code != kExitOk) {
      Notice(run, fmt::format(fmt::runtime(run.view.style("{} 秒后再看", "next look in {} s")),
                              wait.count() / 1000));
    }
    std::this_thread::sleep_for(wait);
  }
}

}  // namespace zonelink::cli
