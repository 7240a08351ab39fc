// SPDX-License-Identifier: Apache-2.0
// The seeded chaos run: submitters without pause while zonelinkd and PostgreSQL are killed again
// and again; then the judge. Prints one JSON line; progress goes to standard error.
//
//   chaos [--seed N] [--kills N] [--pg-kills N] [--submitters N] [--journal FILE]
//
// ZONELINK_BIN_DIR says where zonelinkd is. The database cluster is the run's own.
#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <limits>
#include <optional>

#include "gateway/cli/json.h"
#include "tests/chaos/own_cluster.h"
#include "tests/chaos/schedule.h"
#include "tests/chaos/trial.h"

namespace zonelink::chaos {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kStall = 60s;           // without an acknowledgement: something hangs
constexpr int kAckedAfterwards = 100;  // load after the last kill
// A start is met by load, but the run's length does not hang on how long the start takes.
constexpr int kAckedDuringStart = 100;

struct Options {
  ScheduleOptions schedule;
  int submitters = 16;
  std::string journal;  // empty: in the cluster's folder
};

struct Figures {
  int acknowledged = 0;
  int in_doubt = 0;
  int resent_committed = 0;  // of those in doubt: had committed before they were sent again
  int64_t events = 0;
  int64_t leaves = 0;
};

std::optional<Options> Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (i + 1 == argc) return std::nullopt;
    const std::string value = argv[++i];
    const int number = std::atoi(value.c_str());
    if (name == "--seed") {
      options.schedule.seed = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "--kills") {
      options.schedule.server_kills = number;
    } else if (name == "--pg-kills") {
      options.schedule.database_kills = number;
    } else if (name == "--submitters" && number > 0) {
      options.submitters = number;
    } else if (name == "--journal") {
      options.journal = value;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

void Say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

// Kills by the schedule while the submitters work. Throws when they come to a stop.
void Strike(Trial& trial, OwnCluster& cluster, const std::vector<Blow>& blows) {
  Submitters& load = trial.submitters();
  const auto await = [&](int more) {
    if (load.AwaitAcknowledged(load.acknowledged() + more, kStall)) return;
    throw std::runtime_error(load.trouble().value_or("nothing is acknowledged any more"));
  };
  load.Start();
  for (size_t i = 0; i < blows.size(); ++i) {
    await(blows[i].after_acked);
    const bool server = blows[i].victim == Victim::kServer;
    const Time from = Now();
    load.HoldAt(load.acknowledged() + kAckedDuringStart);
    if (server) {
      trial.deployment().Kill("all", SIGKILL);
      trial.deployment().Restart("all");
    } else {
      cluster.Kill();
      cluster.Start();
    }
    const Time until = Now();
    load.HoldAt(std::numeric_limits<int>::max());
    trial.SeeWitnesses();
    trial.writer().Write(OutageLine{server ? "zonelinkd" : "postgresql", from, until});
    Say(fmt::format("{:2}/{} killed {:<10} at {:5} acknowledged, back after {} ms", i + 1,
                    blows.size(), server ? "zonelinkd" : "postgresql", load.acknowledged(),
                    std::chrono::duration_cast<std::chrono::milliseconds>(until - from).count()));
  }
  await(kAckedAfterwards);
  load.Stop();
  if (load.trouble()) throw std::runtime_error(*load.trouble());
}

// How many of the requests in doubt have a stored answer.
Figures CountDoubts(const Journal& journal, test::AdminSql& sql) {
  Figures figures;
  for (const auto& [id, exchange] : journal.exchanges) {
    if (!exchange.InDoubt()) continue;
    ++figures.in_doubt;
    const auto& user = journal.callers.at(exchange.sent.caller).user_id;
    const auto stored =
        sql.Query("SELECT 1 FROM recognition.idempotency WHERE principal = $1 AND key = $2",
                  {user, exchange.sent.key});
    if (!stored.empty() && !exchange.Settled()) ++figures.resent_committed;
  }
  return figures;
}

std::string Report(const Options& options, const Figures& figures, const Verdict& verdict,
                   int64_t seconds) {
  client::JsonWriter writer;
  writer.Begin('{').Key("seed").Number(static_cast<int64_t>(options.schedule.seed));
  writer.Key("submitters").Number(options.submitters).Key("acked").Number(figures.acknowledged);
  writer.Key("in_doubt").Number(figures.in_doubt);
  writer.Key("resent_committed").Number(figures.resent_committed);
  writer.Key("kills").Number(options.schedule.server_kills);
  writer.Key("pg_kills").Number(options.schedule.database_kills);
  writer.Key("events").Number(figures.events).Key("leaves").Number(figures.leaves);
  const auto count = [&](const char* id) { return static_cast<int64_t>(verdict.at(id).size()); };
  writer.Key("lost").Number(count("I-01")).Key("doubled").Number(count("I-02") + count("I-03"));
  writer.Key("checks").Begin('{');
  for (const auto& [id, violations] : verdict) writer.Key(id).Number(count(id.c_str()));
  writer.End('}').Key("seconds").Number(seconds);
  return writer.Key("ok").Truth(Failed(verdict).empty()).End('}').Take();
}

void ShowViolations(const Verdict& verdict) {
  constexpr size_t kShown = 10;
  for (const auto& [id, violations] : verdict) {
    for (size_t i = 0; i < std::min(violations.size(), kShown); ++i) {
      Say(fmt::format("{}: {}", id, violations[i]));
    }
    if (violations.size() > kShown)
      Say(fmt::format("{}: and {} more", id, violations.size() - kShown));
  }
}

bool Run(const Options& options) {
  const auto began = Steady::now();
  OwnCluster cluster;
  setenv("ZONELINK_TEST_ADMIN_URL", cluster.admin_url().c_str(), 1);
  setenv("ZONELINK_TEST_DIR", (cluster.dir() + "/scratch").c_str(), 1);
  setenv("ZONELINK_TEST_MODE", "one", 1);
  const std::string journal_path =
      options.journal.empty() ? cluster.dir() + "/journal" : options.journal;
  Trial trial(
      {.submitters = options.submitters, .seed = options.schedule.seed, .journal = journal_path});
  Say(fmt::format("seed {}: {} submitters, journal {}", options.schedule.seed, options.submitters,
                  journal_path));
  Strike(trial, cluster, MakeSchedule(options.schedule));

  test::AdminSql sql = trial.deployment().database().Admin();
  Figures figures = CountDoubts(Journal::Read(journal_path), sql);
  Say(fmt::format("{} in doubt, {} of them committed; asking again", figures.in_doubt,
                  figures.resent_committed));
  if (!trial.Finish()) Say("the services did not come to rest; judging anyway");
  const Journal journal = Journal::Read(journal_path);
  for (const auto& [id, exchange] : journal.exchanges) {
    if (exchange.sent.rpc == "SubmitFiling" && exchange.Acknowledged()) ++figures.acknowledged;
  }
  figures.events = EventCount(sql);
  figures.leaves = LeafCount(sql);
  const Verdict verdict = trial.JudgeIt(journal);
  ShowViolations(verdict);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(Steady::now() - began).count();
  fmt::print("{}\n", Report(options, figures, verdict, seconds));
  return Failed(verdict).empty();
}

}  // namespace
}  // namespace zonelink::chaos

int main(int argc, char** argv) {
  const auto options = zonelink::chaos::Parse(argc, argv);
  if (!options) {
    std::fprintf(stderr,
                 "usage: chaos [--seed N] [--kills N] [--pg-kills N] [--submitters N] [--journal "
                 "FILE]\n");
    return 2;
  }
  if (std::getenv("ZONELINK_BIN_DIR") == nullptr) {
    std::fprintf(stderr, "chaos: ZONELINK_BIN_DIR is not set: the folder that holds zonelinkd\n");
    return 2;
  }
  try {
    return zonelink::chaos::Run(*options) ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "chaos: %s\n", error.what());
    return 1;
  }
}
