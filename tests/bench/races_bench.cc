// SPDX-License-Identifier: Apache-2.0
// Pairs of requests of which at most one may win, thousands of each kind, on a real deployment.
// Unlike the other benchmarks it fails: on any pair, or any row, that is not as it must be.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "tests/bench/bench_options.h"
#include "tests/bench/races.h"
#include "tests/bench/silence_race.h"
#include "tests/support/fixture.h"

namespace zonelink::bench {
namespace {

constexpr size_t kLanes = 8;
constexpr int64_t kFullPairs = 10'000;
constexpr int64_t kFloor = 200;
// Of all kinds together, where no number of pairs is asked for.
constexpr std::chrono::seconds kTime{42};

std::string Refusals(const RaceCounts& counts) {
  std::string text;
  for (const auto& [refusal, count] : counts.refusals) {
    text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", count, refusal);
  }
  return text;
}

void PrintHead() {
  fmt::print("{:<26} {:>6} {:>7} {:>6} {:>7} {:>7} {:>10} {:>6}  {}\n", "kind", "pairs", "one won",
             "both", "neither", "overlap", "violations", "s", "must / refusals");
}

void PrintRow(const RaceKind& kind, const RaceCounts& counts) {
  fmt::print("{:<26} {:>6} {:>7} {:>6} {:>7} {:>6.1f}% {:>10} {:>6.1f}  {}; {}\n", kind.name,
             counts.pairs, counts.one, counts.both, counts.neither,
             100.0 * static_cast<double>(counts.overlapped) / static_cast<double>(counts.pairs),
             counts.violations, counts.seconds, kind.must, Refusals(counts));
  std::fflush(stdout);
}

void AddKind(client::JsonWriter& json, const RaceCounts& counts) {
  json.Key(counts.kind).Begin('{').Key("pairs").Number(counts.pairs);
  json.Key("one").Number(counts.one).Key("both").Number(counts.both);
  json.Key("neither").Number(counts.neither).Key("overlapped").Number(counts.overlapped);
  json.Key("askedAgain").Number(counts.asked_again);
  json.Key("violations").Number(counts.violations).Key("refusals").Begin('{');
  for (const auto& [refusal, count] : counts.refusals) json.Key(refusal).Number(count);
  json.End('}').End('}');
}

TEST(Races, NobodyWinsTwice) {
  const Options options = ReadOptions();
  std::fprintf(stderr, "preparing %zu lanes\n", kLanes);
  // A run of all pairs outlasts the usual token.
  test::Deployment deployment(
      {.auth = {{"access_token_seconds", "14400"}}, .database = {{"pool_size", "8"}}});
  test::World world(deployment);
  Races races(world, kLanes);
  const bool all = options.long_run || options.pairs > 0;
  RaceLimits limits{.pairs = options.pairs > 0 ? options.pairs : kFullPairs};
  limits.floor = all ? limits.pairs : kFloor;
  limits.time = kTime / races.kinds().size();

  int64_t pairs = 0;
  int64_t violations = 0;
  client::JsonWriter kinds;
  kinds.Begin('{');
  PrintHead();
  for (const RaceKind& kind : races.kinds()) {
    std::fprintf(stderr, "racing %s\n", kind.name.c_str());
    const RaceCounts counts = races.Run(kind, limits);
    PrintRow(kind, counts);
    AddKind(kinds, counts);
    pairs += counts.pairs;
    violations += counts.violations;
    EXPECT_EQ(counts.violations, 0) << counts.kind << ", for example: " << counts.example;
  }
  std::fprintf(stderr, "racing silence\n");
  test::Deployment earlier(
      {.clock = ParseTime("2020-03-02T01:00:00Z"), .auth = {{"access_token_seconds", "14400"}}});
  test::World then(earlier);
  const SilenceCounts silence = RaceSilence(then, all ? limits.pairs : kFloor);
  fmt::print("{:<26} {:>6} pairs, {} by an officer, {} by silence, {} violations\n",
             "grant_silence", silence.pairs, silence.by_officer, silence.by_silence,
             silence.violations);
  EXPECT_EQ(silence.violations, 0) << "for example: " << silence.example;
  pairs += silence.pairs;
  violations += silence.violations;
  std::fprintf(stderr, "checking the database\n");
  const std::vector<std::string> found = races.Contradictions();
  client::JsonWriter json;
  json.Begin('{').Key("bench").Text("races").Key("pairs").Number(pairs);
  json.Key("violations").Number(violations).Key("contradictions").Begin('[');
  for (const std::string& what : found) json.Text(what);
  json.End(']').Key("kinds").Raw(kinds.End('}').Take());
  fmt::print("contradictions in the database: {}\n{}\n", found.size(), json.End('}').Take());
  for (const std::string& what : found) ADD_FAILURE() << "in the database: " << what;
}

}  // namespace
}  // namespace zonelink::bench
