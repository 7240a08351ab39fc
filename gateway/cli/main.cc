// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "gateway/cli/arguments.h"
#include "gateway/cli/commands.h"
#include "platform/core/clock.h"
#include "platform/crypto/crypto.h"

namespace zonelink::cli {
namespace {

constexpr std::string_view kDefaultUrl = "http://127.0.0.1:8080";

constexpr std::chrono::minutes kLongestDownload{30};

constexpr std::pair<std::string_view, int (*)(Invocation&)> kCommands[] = {
    {"login", Login},
    {"logout", Logout},
    {"me", Me},
    {"filing precheck", FilingPrecheck},
    {"filing submit", FilingSubmit},
    {"filing batch", FilingBatch},
    {"filing show", FilingShow},
    {"filing list", FilingList},
    {"filing timeline", FilingTimeline},
    {"filing withdraw", FilingWithdraw},
    {"filing supplement", FilingSupplement},
    {"filing take-document", FilingTakeDocument},
    {"decide", Decide},  // all of the group
    {"item list", ItemList},
    {"item show", ItemShow},
    {"item revise", ItemRevise},
    {"agreement list", AgreementList},
    {"agreement show", AgreementShow},
    {"agreement sign", AgreementSign},
    {"agreement amend", AgreementAmend},
    {"agreement suspend", AgreementSuspend},
    {"agreement resume", AgreementResume},
    {"negative-list show", NegativeListShow},
    {"negative-list add", NegativeListAdd},
    {"negative-list retire", NegativeListRetire},
    {"negative-list screen", NegativeListScreen},
    {"negative-list hits", NegativeListHits},
    {"document upload", DocumentUpload},
    {"document list", DocumentList},
    {"document get", DocumentGet},
    {"document readings", DocumentReadings},
    {"document discard", DocumentDiscard},
    {"inbox", Inbox},
    {"board", Board},
    {"recognition verify", RecognitionVerify},
    {"credit list", CreditList},
    {"workingdays", WorkingDays},
    {"mandate grant", MandateGrant},
    {"mandate list", MandateList},
    {"mandate revoke", MandateRevoke},
    {"delegation grant", DelegationGrant},
    {"delegation list", DelegationList},
    {"delegation revoke", DelegationRevoke},
    {"calendar publish", CalendarPublish},
    {"calendar show", CalendarShow},
    {"ledger show", LedgerShow},
    {"ledger receipt", LedgerReceipt},
    {"ledger verify", LedgerVerify},
    {"ledger trust", LedgerTrust},
    {"ledger watch", LedgerWatch},
};

std::string LocaleOfEnvironment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    std::string value = Environment(name);
    if (!value.empty()) return value;
  }
  return "";
}

Style StyleOf(std::string_view language_wish) {
  Style style;
  style.language = LanguageOf(language_wish, LocaleOfEnvironment());
  if (OutputIsTerminal()) {
    style.width = TerminalWidth();
    style.colours = Environment("NO_COLOR").empty() && Environment("TERM") != "dumb";
  }
  return style;
}

int Refuse(const Error& error, const Style& style) {
  const std::string text = ShowProblem(error, "", style);
  std::fwrite(text.data(), 1, text.size(), stderr);
  return ExitCodeOf(error);
}

int RunCommand(const Arguments& arguments, Session& session, const Style& style) {
  const bool chinese = style.language == Language::kChinese;
  Invocation run{arguments, session, {style, nullptr, nullptr}, arguments.idempotency_key};
  run.view.zone_name = [&](std::string_view zone) { return session.ZoneName(zone, chinese); };
  run.view.item_name = [&](std::string_view item) { return session.ItemName(item, chinese); };
  if (run.idempotency_key.empty())
    run.idempotency_key = "cli-" + crypto::NewUuid(SystemClock().Now());
  const std::string_view group =
      std::string_view(arguments.command).substr(0, arguments.command.find(' '));
  for (const auto& [name, command] : kCommands) {
    if (name == arguments.command || name == group) return command(run);
  }
  return Refuse(Internal("no such command: " + arguments.command), style);
}

int Main(std::vector<std::string> words) {
  Style style = StyleOf(LanguageWish(words));
  const CommandLine line = ParseCommandLine(std::move(words), style);
  if (!line.run) {
    std::fputs(line.text.c_str(), line.exit_code == kExitOk ? stdout : stderr);
    return line.exit_code;
  }
  const Arguments& arguments = line.arguments;
  if (arguments.command == "completion") {
    Print(CompletionScript(arguments.shell));
    return kExitOk;
  }
  auto store = ProfileStore::Open(ProfileFolder(), arguments.profile);
  if (!store) {
    Refuse(store.error(), style);
    return kExitUsage;
  }
  auto profile = store->Load();
  if (!profile) return Refuse(profile.error(), style);
  if (arguments.language.empty() && !profile->language.empty()) {
    style.language = LanguageOf(profile->language, "");
  }
  if (!arguments.url.empty() && arguments.url != profile->url) {
    // Tokens belong to the server that gave them.
    if (!profile->url.empty() && arguments.command != "login") profile->tokens.reset();
    profile->url = arguments.url;
  }
  if (profile->url.empty()) profile->url = kDefaultUrl;
  if (!arguments.ca_file.empty()) profile->ca_file = arguments.ca_file;
  client::HttpOptions options{.ca_file = profile->ca_file};
  if (arguments.command == "document get") options.timeout = kLongestDownload;
  client::HttpClient http(profile->url, std::move(options));
  client::Api api(std::move(http), {.language = std::string(Tag(style.language))});
  Session session(std::move(*store), std::move(*profile), std::move(api));
  return RunCommand(arguments, session, style);
}

}  // namespace
}  // namespace zonelink::cli

int main(int argc, char** argv) {
  return zonelink::cli::Main(std::vector<std::string>(argv + 1, argv + argc));
}
