// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/ledger_site.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <thread>

#include "gateway/cli/ledger_show.h"

namespace zonelink::cli {

std::string OwnLedger(const Invocation& run) {
  return run.session.open_api().base_url() + "/v1/ledger";
}

LogSource SourceAt(Invocation& run, const std::string& place, const std::string& keep_in) {
  const std::string own = OwnLedger(run);
  const std::string where = place.empty() ? own : place;
  SourceOptions options{.keep_in = keep_in};
  options.http.ca_file = run.session.profile().ca_file;
  options.pause = [](std::chrono::milliseconds wait) { std::this_thread::sleep_for(wait); };
  // Tokens belong to the server that gave them.
  if (IsUrl(where) && LogPrefix(where) == own && run.session.profile().tokens) {
    options.token = [&session = run.session] { return session.Token().value_or(""); };
  }
  return LogSource(where, std::move(options));
}

std::string ConfigFolder(const Invocation& run) {
  return std::filesystem::path(run.session.profile_path()).parent_path().string();
}

Result<Trust> TrustFor(Invocation& run, LogSource* source, std::string_view note) {
  const bool by_url = source != nullptr && source->is_url();
  const std::string prefix = by_url ? source->place() : OwnLedger(run);
  TrustWish wish{.prefix = by_url ? prefix : "", .origin = ClaimedOrigin(note)};
  wish.describe = [&] { return by_url ? source->Describe() : SourceAt(run, prefix).Describe(); };
  LedgerArguments arguments = run.arguments.ledger;
  if (arguments.key.empty()) arguments.key = Environment("ZONELINK_LEDGER_KEY");
  auto trust = FindTrust(wish, arguments, PinStore(ConfigFolder(run)));
  if (trust && trust->from == TrustFrom::kServer) {
    Notice(run, fmt::format(fmt::runtime(run.view.style(
                                "公钥取自服务器本身，未经核对；核对后请记住它：zonelink ledger "
                                "trust{}",
                                "key taken from the server itself; pin it with: zonelink ledger "
                                "trust{}")),
                            prefix == OwnLedger(run) ? "" : " " + prefix));
  }
  return trust;
}

int RefuseLedger(const Invocation& run, const std::string& place, const Error& error) {
  Style style = run.view.style;
  style.colours = style.colours && ErrorIsTerminal();
  if (run.arguments.json) Print(LedgerProblemJson(place, error) + "\n");
  const std::string text = ShowLedgerProblem(place, error, style);
  std::fwrite(text.data(), 1, text.size(), stderr);
  return LedgerExitCode(error);
}

void Notice(const Invocation& run, std::string_view text) {
  Style style = run.view.style;
  style.colours = style.colours && ErrorIsTerminal();
  const std::string line = style.Paint(Colour::kWaiting, Printable(text)) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace zonelink::cli
