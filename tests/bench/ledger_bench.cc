// SPDX-License-Identifier: Apache-2.0
// Speed of the ledger, beside references measured in the same run: how many events a second filings
// make and the ledger appends, how long a leaf takes to be published, what a receipt costs, how
// fast a whole log is verified. Progress on standard error, a table and one JSON line on standard
// output.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <thread>

#include "ledger/domain/log_check.h"
#include "platform/crypto/crypto.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/report.h"
#include "tests/support/fixture.h"

namespace zonelink::test {
namespace {

using namespace std::chrono_literals;
using bench::Percentile;
using bench::Report;
using std::chrono::steady_clock;

constexpr int kSubmitters = 16;
constexpr auto kSubmitTime = 10s;
constexpr int kReceipts = 2000;
constexpr int kBacklog = 100'000;
constexpr int kRounds = 5;

double Seconds(steady_clock::duration took) { return std::chrono::duration<double>(took).count(); }

int64_t Number(const std::string& text) { return std::stoll(text); }

class Bench {
 public:
  Bench() : deployment_({.witnesses = {"witness-a", "witness-b"}}), world_(deployment_) {}

  void Run() {
    Prepare();
    Filings();
    Receipts();
    Backlog();
    Verification();
    report_.Print();
  }

 private:
  AdminSql Sql() { return deployment_.database().Admin(); }

  int64_t Published() { return Number(world_.Nobody().Get("/v1/ledger").text("publishedSize")); }
  int64_t Events() {
    int64_t events = 0;
    for (const char* service : {"directory", "recognition", "worklist", "ledger", "documents"}) {
      events += Number(Sql().One(fmt::format("SELECT count(*) FROM {}.events", service)));
    }
    return events;
  }
  bool CaughtUp(std::chrono::seconds limit) {
    return WaitUntil(limit, [&] { return Published() == Events(); });
  }

  void Prepare() {
    std::fprintf(stderr, "preparing %d submitters\n", kSubmitters);
    item_ = world_.NewItem();
    world_.Agree(item_, {"shanghai"}, {"jiangsu"}, "AUTOMATIC");
    world_.Agree(item_, {"shanghai"}, {"zhejiang"}, "REVIEW");
    for (int i = 0; i < kSubmitters; ++i) {
      const Organization organization = world_.NewOrganization("shanghai");
      const Person filer = world_.Member(organization, {"filer"});
      const FilingSpec spec{
          .item_id = item_,
          .home_zone = "shanghai",
          .target_zones = {"jiangsu", "zhejiang"},
          .applicant = organization,
          .credential_number = fmt::format("CO-2026-{}", bench::PreparedPost::kFreshDigits)};
      bodies_.push_back(spec.ToJson());
      tokens_.push_back(world_.As(filer).token());
    }
    EXPECT_TRUE(CaughtUp(60s));
  }

  // Filings through the whole stack, the ledger draining beside them.
  void Filings() {
    std::fprintf(stderr, "filings for %lld s\n", static_cast<long long>(kSubmitTime.count()));
    const int64_t before = Events();
    std::atomic<bool> stop{false};
    std::atomic<int64_t> filed{0};
    std::vector<std::thread> submitters;
    const auto began = steady_clock::now();
    for (int i = 0; i < kSubmitters; ++i) {
      submitters.emplace_back([&, i] {
        Api api(deployment_.base_url(), tokens_[static_cast<size_t>(i)]);
        while (!stop)
          filed +=
              api.Post("/v1/filings", bench::WithFreshDigits(bodies_[static_cast<size_t>(i)])).ok()
                  ? 1
                  : 0;
      });
    }
    std::this_thread::sleep_for(kSubmitTime);  // the length of the measurement
    stop = true;
    for (auto& submitter : submitters) submitter.join();
    const double took = Seconds(steady_clock::now() - began);
    const int64_t backlog = Events() - Published();
    EXPECT_TRUE(CaughtUp(60s));
    event_rate_ = static_cast<double>(Events() - before) / took;
    report_.Add("filings_per_second", "/s", static_cast<double>(filed) / took);
    report_.Add("filing_events_per_second", "/s", event_rate_);
    report_.Add("backlog_at_the_end", "events", static_cast<double>(backlog));
    const auto delays = Sql().Query(
        "SELECT extract(epoch FROM (SELECT min(signed_at) FROM ledger.checkpoints c "
        "  WHERE c.size > l.index) - l.recorded_at) * 1000"
        "  FROM ledger.leaves l ORDER BY l.index DESC LIMIT $1",
        {std::to_string(std::min<int64_t>(Events() - before, 20'000))});
    std::vector<double> ms;
    for (const auto& row : delays) ms.push_back(std::stod(*row[0]));
    report_.Add("published_after_p50", "ms", Percentile(ms, 0.5));
    report_.Add("published_after_p99", "ms", Percentile(ms, 0.99));
    report_.Add(
        "anchored_share", "of published",
        static_cast<double>(Number(world_.Nobody().Get("/v1/ledger").text("anchoredSize"))) /
            static_cast<double>(Published()));
  }

  void Receipts() {
    std::fprintf(stderr, "%d receipts\n", kReceipts);
    const auto ids =
        Sql().Query("SELECT event_id FROM ledger.leaves ORDER BY md5(event_id::text) LIMIT $1",
                    {std::to_string(kReceipts)});
    std::vector<double> ms;
    for (const auto& row : ids) {
      const auto began = steady_clock::now();
      const Answer answer = world_.Nobody().Get("/v1/ledger/receipts/" + *row[0]);
      ms.push_back(Seconds(steady_clock::now() - began) * 1000);
      EXPECT_EQ(answer.status, 200) << answer;
    }
    report_.Add("receipt_over_http_p50", "ms", Percentile(ms, 0.5));
    report_.Add("receipt_over_http_p99", "ms", Percentile(ms, 0.99));
    std::vector<double> served = ServerTimes("GetReceipt");
    report_.Add("receipt_server_p50", "ms", Percentile(served, 0.5));
    report_.Add("receipt_server_p99", "ms", Percentile(served, 0.99));
  }

  // What the server's own log lines say of an RPC.
  std::vector<double> ServerTimes(const std::string& rpc) {
    std::vector<double> ms;
    const std::string log = deployment_.LogOf(deployment_.targets().front());
    for (size_t at = log.find("/" + rpc + "\""); at != std::string::npos;
         at = log.find("/" + rpc + "\"", at + 1)) {
      const size_t field = log.find("\"ms\":", at);
      if (field != std::string::npos) ms.push_back(std::stod(log.substr(field + 5, 24)));
    }
    return ms;
  }

  // Events that wait while nothing drains them, then the time until all are under a checkpoint.
  void Backlog() {
    const std::string target = deployment_.targets().front();
    EXPECT_TRUE(CaughtUp(60s));
    deployment_.Kill(target, SIGTERM);
    std::fprintf(stderr, "appending a backlog of %d events\n", kBacklog);
    Sql().Run(
        fmt::format("INSERT INTO recognition.events (event_id, subject, version, type, at, body, "
                    "parties, salt) "
                    "SELECT gen_random_uuid(), 'bench/' || n / 4, n % 4 + 1, "
                    "'zonelink.recognition.bench.made', clock_timestamp(), "
                    "convert_to(repeat(md5(n::text), 16), 'UTF8'), ARRAY['zone:shanghai'], "
                    "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) "
                    "FROM generate_series(1, {}) AS n; ANALYZE recognition.events",
                    kBacklog));
    const int64_t before = Number(Sql().One("SELECT size FROM ledger.tree"));
    const auto began = steady_clock::now();
    deployment_.Restart(target);
    EXPECT_TRUE(CaughtUp(300s));
    const double took = Seconds(steady_clock::now() - began);
    const double rate = static_cast<double>(Published() - before) / took;
    report_.Add("appended_per_second", "/s", rate);
    report_.Add("appended_to_filing_events", "x (goal 2)", rate / event_rate_);
  }

  void Verification() {
    std::fprintf(stderr, "verifying the whole log\n");
    std::map<std::string, std::string> kept;
    const std::string prefix = "/v1/ledger/";
    const ledger::Fetch fetch = [&](const std::string& path) -> Result<std::string> {
      const auto found = kept.find(path);
      if (found != kept.end()) return found->second;
      const Answer answer = world_.Nobody().Get(prefix + path);
      if (!answer.ok()) return NotFound("TILE_UNKNOWN", path);
      return kept[path] = answer.body;
    };
    ledger::TrustPolicy policy{.log = *ledger::VerifierKey::Parse(deployment_.ledger_key())};
    for (const char* name : {"witness-a", "witness-b"})
      policy.witnesses.push_back(*ledger::VerifierKey::Parse(deployment_.witness_key(name)));
    policy.quorum = 2;
    const auto opened = ledger::OpenCheckpoint(*fetch("checkpoint"), policy);
    ASSERT_TRUE(opened) << opened.error().reason;
    std::vector<std::string> entries;
    ledger::LogCheckOptions options;
    options.entry = [&](uint64_t, std::string_view entry) -> Status {
      entries.emplace_back(entry);
      return Done{};
    };
    const auto loaded = ledger::CheckLog(opened->checkpoint, fetch, options);  // fills `kept`
    ASSERT_TRUE(loaded) << loaded.error().reason;
    std::vector<double> ratios;
    double entries_per_second = 0;
    for (int round = 0; round < kRounds; ++round) {
      const auto hashing = steady_clock::now();
      size_t hashed = 0;
      for (const std::string& entry : entries) hashed += crypto::Sha256Of(entry).size();
      const double reference = Seconds(steady_clock::now() - hashing);
      EXPECT_EQ(hashed, entries.size() * 32);
      const auto checking = steady_clock::now();
      const auto checked = ledger::CheckLog(opened->checkpoint, fetch, {});
      const double took = Seconds(steady_clock::now() - checking);
      EXPECT_TRUE(checked);
      ratios.push_back(took / reference);
      entries_per_second = std::max(entries_per_second, static_cast<double>(entries.size()) / took);
    }
    report_.Add("log_entries", "", static_cast<double>(entries.size()));
    report_.Add("verified_entries_per_second", "/s", entries_per_second);
    report_.Add("verification_to_sha256", "x time of SHA-256 over the entries alone",
                Percentile(ratios, 0.5));
  }

  Deployment deployment_;
  World world_;
  Report report_{"ledger"};
  std::string item_;
  std::vector<std::string> bodies_;
  std::vector<std::string> tokens_;
  double event_rate_ = 0;
};

TEST(Ledger, Speed) { Bench().Run(); }

}  // namespace
}  // namespace zonelink::test
