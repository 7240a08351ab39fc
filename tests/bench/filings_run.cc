// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/filings_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>

#include "tests/bench/cpu_usage.h"
#include "tests/bench/filing_posts.h"
#include "tests/bench/l1_script.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/pgbench.h"
#include "tests/bench/report.h"
#include "tests/support/fixture.h"

namespace zonelink::bench {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::steady_clock;
using test::Answer;

constexpr int kOrganizations = 64;
constexpr int kConnections = 64;
constexpr int kPairs = 5;
constexpr auto kProbeTime = 2s;
constexpr auto kRunTime = 6s;
constexpr int kClientCounts[] = {8, 16, 32, 64};
constexpr const char* kHomeZones[] = {"shanghai", "guangdong", "tianjin", "fujian"};

// Processor time so far, by who used it.
struct CpuSnapshot {
  std::map<std::string, microseconds> used;
  std::map<pid_t, std::pair<std::string, microseconds>> backends;
};

// What a measured run used, by who, in microseconds; summed over the runs.
using CpuSums = std::map<std::string, double>;

class Bench {
 public:
  explicit Bench(const FilingsRun& run)
      : run_(run),
        deployment_({.witnesses = {"witness-a", "witness-b"},
                     .database = {{"pool_size", "8"}},
                     .many = run.many}),
        world_(deployment_),
        sql_(deployment_.database().Admin()),
        report_(run.name) {}

  void Run() {
    Prepare();
    MakeReference();
    Probe();
    for (int pair = 0; pair < kPairs; ++pair) RunPair(pair);
    Summarize();
  }

 private:
  int64_t Published() {
    return std::stoll(world_.Nobody().Get("/v1/ledger").text("publishedSize"));
  }
  int64_t Events() {
    int64_t events = 0;
    for (const char* service : {"directory", "recognition", "worklist", "ledger", "documents"}) {
      events += std::stoll(sql_.One(fmt::format("SELECT count(*) FROM {}.events", service)));
    }
    return events;
  }
  // Until then the ledger would work in the reference's time.
  void AwaitLedger() {
    if (!test::WaitUntil(120s, [&] { return Published() == Events(); })) {
      throw std::runtime_error("the ledger does not catch up");
    }
  }

  void Prepare() {
    std::fprintf(stderr, "preparing %d organisations in %zu zones\n", kOrganizations,
                 std::size(kHomeZones));
    const std::vector<std::string> homes(std::begin(kHomeZones), std::end(kHomeZones));
    for (const Filing& filing : MakeFilings(world_, homes, kOrganizations)) {
      if (posts_.empty()) first_ = {filing.token, filing.body};
      posts_.emplace_back("/v1/filings", filing.token, filing.body);
    }
    AwaitLedger();
    port_ = PortOf(deployment_.base_url());
    FindProcesses();
    report_.AddText("machine", fmt::format("{} processors", std::thread::hardware_concurrency()));
    report_.Add("body_bytes", "", static_cast<double>(first_.second.size()));
  }

  void FindProcesses() {
    for (const pid_t child : ChildrenOf(getpid())) {
      const bool witness = CommandLine(child).find(" witness ") != std::string::npos;
      (witness ? witnesses_ : servers_).push_back(child);
    }
    const std::string lines = sql_.One("SELECT pg_read_file('postmaster.pid')");
    postmaster_ = std::stoi(lines);
  }

  void MakeReference() {
    std::fprintf(stderr, "making the reference from one filing\n");
    WrittenRows written(sql_, "recognition");
    const std::string key = test::FreshKey();
    test::Api api(deployment_.base_url(), first_.first);
    const Answer answer =
        api.Post("/v1/filings", WithFreshDigits(first_.second), {{"Idempotency-Key", key}});
    if (!answer.ok()) throw std::runtime_error("file: " + answer.body);
    std::vector<std::string> identities = {key, answer.text("filingId"),
                                           answer.text("receiptNumber"),
                                           answer.at("credential")["number"].text()};
    for (const client::Json decision : answer.at("decisions").items()) {
      const std::string number = decision["recognitionNumber"].text();
      if (!number.empty()) identities.push_back(number);
    }
    const WrittenRows::Script script = written.Make(identities);
    std::string tables;
    for (const auto& [table, rows] : script.rows) {
      tables += fmt::format("{}{} {}", tables.empty() ? "" : ", ", rows, table);
    }
    report_.Add("rows_per_filing", "", script.row_count());
    report_.AddText("rows", tables);
    reference_.emplace(deployment_.settings(), script.text);
  }

  // The reference's best number of clients; warms both sides up.
  void Probe() {
    AwaitLedger();
    double best = 0;
    for (const int clients : kClientCounts) {
      const double rate = reference_->Run(clients, kProbeTime).per_second;
      std::fprintf(stderr, "L1 with %d clients: %.0f/s\n", clients, rate);
      if (rate <= best) continue;
      best = rate;
      clients_ = clients;
    }
    report_.Add("l1_clients", "", clients_);
    report_.Add("connections", "", kConnections);
    RunLoad(posts_, {.port = port_, .connections = kConnections, .time = kProbeTime});
  }

  CpuSnapshot Cpu() {
    CpuSnapshot cpu;
    for (const pid_t pid : servers_) cpu.used["zonelinkd"] += CpuOf(pid);
    for (const pid_t pid : witnesses_) cpu.used["witnesses"] += CpuOf(pid);
    cpu.used["postgres"] = CpuOfFamily(postmaster_);
    cpu.used["load_generator"] = CpuOfSelf();
    cpu.used["pgbench"] = CpuOfEndedChildren();
    for (const auto& row : sql_.Query("SELECT pid, usename FROM pg_stat_activity "
                                      "WHERE starts_with(usename, 'zl_')")) {
      const pid_t pid = std::stoi(*row[0]);
      cpu.backends[pid] = {*row[1], CpuOf(pid)};
    }
    return cpu;
  }

  void AddCpu(const CpuSnapshot& before, CpuSums& sums) {
    const CpuSnapshot after = Cpu();
    for (const auto& [who, used] : after.used) {
      sums[who] += static_cast<double>((used - before.used.at(who)).count());
    }
    for (const auto& [pid, backend] : after.backends) {
      const auto was = before.backends.find(pid);
      const auto start = was == before.backends.end() ? microseconds(0) : was->second.second;
      sums["postgres_for_" + backend.first] +=
          static_cast<double>((backend.second - start).count());
    }
  }

  void RunPair(int pair) {
    AwaitLedger();
    CpuSnapshot before = Cpu();
    const PgbenchResult reference = reference_->Run(clients_, kRunTime);
    AddCpu(before, reference_cpu_);
    referenced_ += reference.per_second * static_cast<double>(kRunTime.count());

    before = Cpu();
    LoadResult load =
        RunLoad(posts_, {.port = port_, .connections = kConnections, .time = kRunTime});
    AddCpu(before, filing_cpu_);
    backlogs_.push_back(static_cast<double>(Events() - Published()));
    const auto drained = steady_clock::now();
    AwaitLedger();
    drains_.push_back(std::chrono::duration<double>(steady_clock::now() - drained).count());

    const double rate = static_cast<double>(load.succeeded) / load.seconds;
    filed_ += static_cast<double>(load.succeeded);
    l1_.push_back(reference.per_second);
    l1_ms_.push_back(reference.mean_ms);
    filings_.push_back(rate);
    ratios_.push_back(rate / reference.per_second);
    p50_.push_back(Percentile(load.ms, 0.5));
    p99_.push_back(Percentile(load.ms, 0.99));
    p99_ratios_.push_back(p99_.back() / reference.mean_ms);
    for (const auto& [status, count] : load.failed) {
      failed_ += count;
      std::fprintf(stderr, "%lld answers with status %d, such as: %s\n",
                   static_cast<long long>(count), status, load.examples[status].c_str());
    }
    std::fprintf(stderr, "pair %d: L1 %.0f/s, filings %.0f/s, ratio %.3f, p99 %.1f ms\n", pair + 1,
                 reference.per_second, rate, ratios_.back(), p99_.back());
  }

  void Summarize() {
    report_.AddRounds("l1_per_second", "/s", l1_);
    report_.AddRounds("filings_per_second", "/s", filings_);
    report_.AddRounds("ratios", "x L1", ratios_);
    report_.Add("ratio", fmt::format("x L1, median ({})", run_.goal), Median(ratios_));
    report_.Add("ratio_min", "x L1", *std::min_element(ratios_.begin(), ratios_.end()));
    report_.Add("ratio_max", "x L1", *std::max_element(ratios_.begin(), ratios_.end()));
    report_.Add("errors", "answers without 2xx", static_cast<double>(failed_));
    report_.Add("l1_mean_ms", "ms", Median(l1_ms_));
    report_.Add("filing_p50_ms", "ms", Median(p50_));
    report_.Add("filing_p99_ms", "ms", Median(p99_));
    report_.Add("p99_to_l1_mean", "x (goal 10)", Median(p99_ratios_));
    for (const auto& [who, used] : filing_cpu_) {
      if (who == "pgbench") continue;
      report_.Add("filing_cpu_" + who, "us a filing", used / filed_);
    }
    for (const char* who : {"pgbench", "postgres"}) {
      report_.Add(fmt::format("l1_cpu_{}", who), "us a transaction",
                  reference_cpu_[who] / referenced_);
    }
    report_.Add("ledger_backlog", "events, after the last run", backlogs_.back());
    report_.Add("ledger_drained_after", "s, median", Median(drains_));
    report_.Print();
  }

  const FilingsRun run_;
  test::Deployment deployment_;
  test::World world_;
  test::AdminSql sql_;
  Report report_;
  std::pair<std::string, std::string> first_;  // token and body of the first organisation
  std::vector<PreparedPost> posts_;
  uint16_t port_ = 0;
  std::vector<pid_t> servers_;
  std::vector<pid_t> witnesses_;
  pid_t postmaster_ = 0;
  std::optional<Pgbench> reference_;
  int clients_ = 0;

  std::vector<double> l1_, l1_ms_, filings_, ratios_, p50_, p99_, p99_ratios_, backlogs_, drains_;
  int64_t failed_ = 0;
  double filed_ = 0;
  double referenced_ = 0;
  CpuSums filing_cpu_;
  CpuSums reference_cpu_;
};

}  // namespace

void MeasureFilings(const FilingsRun& run) { Bench(run).Run(); }

}  // namespace zonelink::bench
