// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <string>

#include "deploy/sample/outcome.h"
#include "deploy/sample/play.h"
#include "gateway/cli/json.h"
#include "platform/core/clock.h"
#include "platform/core/private_file.h"

namespace zonelink::sample {
namespace {

using client::Api;
using client::ApiCall;

constexpr size_t kHands = 4;

struct Options {
  std::string url = "http://127.0.0.1:8080";
  std::string password_file;
  uint64_t seed = 7;
  int filings = kFilings;
};

// Where the deployment stands.
struct Situation {
  Time clock_now{};
  Time wall_now{};
  bool controllable = false;
  std::optional<Time> began;  // when the first account of the sample year was made

  bool HandedOver() const { return clock_now > wall_now - std::chrono::hours{1}; }
};

Result<Situation> Look(Api& api, Actors& actors) {
  auto clock = actors.Ask(api, "sysadmin", {.path = "/v1/clock"});
  if (!clock) return std::move(clock).error();
  const auto now = ParseTime(clock->root()["now"].text());
  if (!now) return Internal("the server's clock has no valid time");
  Situation situation{.clock_now = *now, .wall_now = SystemClock().Now()};
  situation.controllable = clock->root()["controllable"].truth();
  auto users =
      actors.Ask(api, "sysadmin", {.path = fmt::format("/v1/users?username={}", kFirstAccount)});
  if (!users) return std::move(users).error();
  for (const client::Json& user : users->root()["items"].items()) {
    situation.began = ParseTime(user["createdAt"].text());
  }
  return situation;
}

Status CheckBeginning(const Situation& situation) {
  const bool a_year_back = situation.clock_now < situation.wall_now - std::chrono::hours{24 * 364};
  if (situation.controllable && a_year_back) return Done{};
  return FailedPrecondition(
      "CLOCK_NOT_SET_BACK",
      "the sample year needs a new deployment with a controllable clock that starts 365 days back "
      "(zonelinkd migrate --clock-start)");
}

size_t Sum(const std::map<std::string, int>& by_state) {
  size_t sum = 0;
  for (const auto& [state, count] : by_state) sum += static_cast<size_t>(count);
  return sum;
}

// States in lines that fit a terminal.
void PrintCounts(const char* what, const std::map<std::string, int>& by_state) {
  constexpr size_t kWidth = 76;
  std::string line;
  fmt::print("  {:<13} {:>4}   ", what, Sum(by_state));
  for (const auto& [state, count] : by_state) {
    const std::string entry = fmt::format("{} {}", count, state);
    if (!line.empty() && line.size() + entry.size() + 2 > kWidth) {
      fmt::print("{},\n{:23}", line, "");
      line.clear();
    }
    line += (line.empty() ? "" : ", ") + entry;
  }
  fmt::print("{}\n", line);
}

void PrintSummary(const Year& year, const Outcome& outcome, double seconds) {
  fmt::print("Sample year from {}, seed {}, loaded in {:.0f} s\n", FormatDate(year.terms.first_day),
             year.terms.seed, seconds);
  fmt::print("  {:<13} {:>4}\n", "organisations", year.data.enterprises.size());
  fmt::print("  {:<13} {:>4}\n", "accounts", year.accounts.size());
  fmt::print("  {:<13} {:>4}\n", "items", year.data.items.size());
  fmt::print("  {:<13} {:>4}\n", "list entries", year.data.entries.size());
  fmt::print("  {:<13} {:>4}   in the vaults of enterprises\n", "papers", year.papers.size());
  fmt::print("  {:<13} {:>4}\n", "mandates", Mandates().size());
  PrintCounts("agreements", outcome.agreements);
  PrintCounts("filings", outcome.filings);
  PrintCounts("decisions", outcome.decisions);
  fmt::print("  to verify     zonelink recognition verify {}\n", outcome.recognition_number);
}

// The clock goes over to wall time; a run that comes here has played everything.
Status HandOver(Api& api, Actors& actors, uint64_t seed) {
  const std::string to = FormatTime(SystemClock().Now() + std::chrono::seconds{1});
  client::JsonWriter body;
  body.Begin('{').Field("to", to).End('}');
  const ApiCall call{.method = "POST",
                     .path = "/v1/clock:advance",
                     .body = body.Take(),
                     .idempotency_key = fmt::format("sample-{}-handover-{}", seed, to)};
  auto moved = actors.Send(api, "sysadmin", call);
  if (!moved) return std::move(moved).error();
  return Done{};
}

// The first day of the year: that on which its first account was made.
Result<Date> FirstDay(Api& api, Actors& actors, const Situation& situation, const Year& year) {
  if (situation.began) return ShanghaiDate(*situation.began);
  auto made = MakeAccount(api, actors, year.terms.seed, year.accounts[0], "");
  if (!made) return std::move(made).error();
  const auto at = ParseTime(made->root()["createdAt"].text());
  if (!at) return Internal("the server's account has no valid createdAt");
  return ShanghaiDate(*at);
}

void Plan(Year& year) {
  const Calendar& calendar = NationalCalendar();
  year.agreements = PlanAgreements(year.data, year.terms.seed);
  year.papers = PlanVaults(year.data);
  year.chores = PlanChores(year.data, Timetable(year.terms.first_day, calendar));
  year.filings = PlanFilings(year.data, year.agreements, year.terms, calendar);
}

Status Load(const Options& options) {
  auto password = ReadPrivateFile(options.password_file);
  if (!password) return std::move(password).error();
  while (!password->empty() && password->back() == '\n') password->pop_back();
  auto data = EmbeddedSampleData();
  if (!data) return std::move(data).error();
  Actors actors(*password);
  Crew crew(options.url, kHands);
  auto situation = Look(crew.own(), actors);
  if (!situation) return std::move(situation).error();
  if (situation->began && situation->HandedOver()) {
    fmt::print("The sample year is loaded already.\n");
    return Done{};
  }
  if (!situation->began) {
    if (Status may = CheckBeginning(*situation); !may) return may;
  } else {
    fmt::print("Going on with a sample year that was cut short.\n");
  }
  Year year{.data = std::move(*data), .terms = {.seed = options.seed, .filings = options.filings}};
  year.accounts = PlanAccounts(year.data);
  auto first_day = FirstDay(crew.own(), actors, *situation, year);
  if (!first_day) return std::move(first_day).error();
  year.terms.first_day = *first_day;
  Plan(year);
  Progress progress(year.Steps(), isatty(STDOUT_FILENO) == 1);
  Player player(year, actors, crew, progress);
  Status done = player.Play(situation->clock_now);
  if (done) done = HandOver(crew.own(), actors, options.seed);
  progress.Finish();
  if (!done) return done;
  const auto outcome = ReadOutcome(crew.own(), actors);
  if (!outcome) return outcome.error();
  PrintSummary(year, *outcome, progress.Seconds());
  return Done{};
}

}  // namespace
}  // namespace zonelink::sample

int main(int argc, char** argv) {
  zonelink::sample::Options options;
  CLI::App app("Plays the sample year through the public API", "zonelink-sample");
  app.add_option("--url", options.url, "address of the gateway");
  app.add_option("--password-file", options.password_file, "file with the sample password")
      ->required();
  app.add_option("--seed", options.seed, "the same seed gives the same year");
  app.add_option("--filings", options.filings, "how many: fewer make a thinner year")
      ->check(CLI::Range(40, 100'000));
  CLI11_PARSE(app, argc, argv);
  const auto done = zonelink::sample::Load(options);
  if (done) return 0;
  fmt::print(stderr, "zonelink-sample: {} ({})\n", done.error().message, done.error().reason);
  for (const auto& violation : done.error().violations) {
    fmt::print(stderr, "  - {}: {} ({})\n", violation.field, violation.message, violation.reason);
  }
  fmt::print(stderr, "Run it again within 24 hours to go on where it stopped.\n");
  return 1;
}
