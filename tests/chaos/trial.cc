// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/trial.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "platform/client/http_client.h"
#include "tests/support/child.h"

namespace zonelink::chaos {
namespace {

using namespace std::chrono_literals;

// Monday, 2026-03-02 at 09:00 in Shanghai: the deployment's clock runs from there.
constexpr const char* kClock = "2026-03-02T01:00:00Z";

test::DeploymentOptions OptionsOf() {
  test::DeploymentOptions options;
  options.clock = ParseTime(kClock);
  options.auth = {{"access_token_seconds", "36000"}};
  options.witnesses = Witnesses();
  return options;
}

// Sum over all event logs.
int64_t Sum(test::AdminSql& sql, const std::string& what) {
  int64_t sum = 0;
  for (const std::string& source : Sources(sql)) {
    sum += std::stoll(sql.One(fmt::format("SELECT {} FROM {}.events", what, source)));
  }
  return sum;
}

}  // namespace

const std::vector<std::string>& Witnesses() {
  static const std::vector<std::string> names = {"witness-a", "witness-b"};
  return names;
}

Time Now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Trial::Trial(const TrialOptions& options)
    : deployment_(OptionsOf()),
      world_(deployment_),
      writer_(options.journal),
      submitters_(world_, writer_, options.submitters, options.seed) {
  TrustLine trust{.log_key = deployment_.ledger_key()};
  for (const auto& name : Witnesses()) trust.witness_keys.push_back(deployment_.witness_key(name));
  writer_.Write(trust);
  // The database is cloned with events that no ledger could see before it was started.
  writer_.Write(OutageLine{"not started yet", Time{}, Now()});
}

bool Trial::Finish() {
  submitters_.AskAgain(Journal::Read(writer_.path()));
  if (!AwaitQuiet(60s)) return false;
  submitters_.CollectReceipts();
  submitters_.SeeCheckpoint("bystander");
  SeeWitnesses();
  return AwaitQuiet(60s);
}

bool Trial::AwaitQuiet(std::chrono::seconds limit) {
  test::AdminSql sql = deployment_.database().Admin();
  constexpr int kLooks = 5;  // in which nothing may change
  int quiet = 0;
  int64_t before = -1;
  const auto end = std::chrono::steady_clock::now() + limit;
  while (quiet < kLooks && std::chrono::steady_clock::now() < end) {
    const int64_t events = EventCount(sql);
    const bool done =
        events == before && LeafCount(sql) == events && Sum(sql, "count(number)") == events &&
        sql.One("SELECT coalesce(max(size), 0) FROM ledger.checkpoints") ==
            std::to_string(events) &&
        sql.One(
            "SELECT coalesce(max(c.number), 0) = (SELECT coalesce(max(number), 0) FROM "
            "recognition.events) FROM worklist.cursors c WHERE source = 'recognition'") == "t";
    quiet = done ? quiet + 1 : 0;
    before = events;
    std::this_thread::sleep_for(50ms);
  }
  return quiet == kLooks;
}

void Trial::SeeWitnesses() {
  for (const auto& name : Witnesses()) {
    const auto note = CosignedLast(deployment_.witness_dir(name));
    if (note) writer_.Write(CheckpointLine{name, *note});
  }
}

Verdict Trial::JudgeIt(const Journal& journal) {
  test::AdminSql sql = deployment_.database().Admin();
  Evidence evidence(journal, sql, FetchFrom(deployment_.base_url()), kMergeDelay);
  return Judge(evidence);
}

std::optional<std::string> CosignedLast(const std::string& witness_dir) {
  // A folder per log; here there is one log.
  for (const auto& folder : std::filesystem::directory_iterator(witness_dir)) {
    std::ifstream file(folder.path() / "latest");
    if (!file) continue;
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  return std::nullopt;
}

ledger::Fetch FetchFrom(const std::string& base_url) {
  const auto http = std::make_shared<client::HttpClient>(base_url);  // a function is copied
  return [http](const std::string& path) -> Result<std::string> {
    auto reply = http->Send({.path = "/v1/ledger/" + path});
    if (!reply) return reply.error();
    if (reply->status == 200) return std::move(reply->body);
    return NotFound("TILE_UNKNOWN", fmt::format("{}: {} {}", path, reply->status, reply->body));
  };
}

int64_t EventCount(test::AdminSql& sql) { return Sum(sql, "count(*)"); }

int64_t LeafCount(test::AdminSql& sql) {
  return std::stoll(sql.One("SELECT count(*) FROM ledger.leaves"));
}

}  // namespace zonelink::chaos
