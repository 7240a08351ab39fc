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
using test::Organization;
using test::Person;

constexpr int kOrganizations = 64;
constexpr int kConnections = 64;
constexpr int kPairs = 5;
constexpr auto kProbeTime = 2s;
constexpr auto kRunTime = 6s;
constexpr int kClientCounts[] = {8, 16, 32, 64};
constexpr const char* kHomeZones[] = {"shanghai", "guangdong", "tianjin", "fujian"};
// The first target zone recognises at once, the second reviews.
constexpr const char* kTargetZones[][2] = {{"jiangsu", "zhejiang"}, {"hainan", "hubei"}};

constexpr const char* kAttributes = R"([
  {"name":"hsCode","type":"STRING"},{"name":"quantity","type":"DECIMAL"},
  {"name":"goods","type":"STRING"},{"name":"exporter","type":"STRING"},
  {"name":"consignee","type":"STRING"},{"name":"criterion","type":"STRING"},
  {"name":"transport","type":"STRING"},{"name":"invoice","type":"STRING"},
  {"name":"invoicedOn","type":"DATE"},{"name":"origin","type":"STRING"}])";

constexpr const char* kValues = R"({"hsCode":"854231","quantity":"1200.50",
"goods":"多芯片集成电路：处理器及控制器，用于工业自动化设备，型号 ZX-2048，每箱二十件，共六十箱，净重一百八十六点四千克",
"exporter":"中国（上海）自由贸易试验区外高桥保税区富特北路二百一十一号三层","consignee":"南京江北新区研创园团结路九十九号孵鹰大厦",
"criterion":"区域价值成分百分之四十以上，税则归类改变","transport":"YANGTZE EXPRESS V.2611N / 上海洋山港 - 南京龙潭港",
"invoice":"INV-2026-0048213-SH / CONTRACT SH-NJ-2026-0117 / FOB SHANGHAI","invoicedOn":"2026-02-26","origin":"中国"})";

constexpr const char* kDocuments = R"([
{"title":"electronic-certificate-of-origin-CO-2026-000123.pdf","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
 "mediaType":"application/pdf","sizeBytes":"48213","kind":"certificate"},
{"title":"commercial-invoice-INV-2026-0048213-SH.pdf","sha256":"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
 "mediaType":"application/pdf","sizeBytes":"91320","kind":"invoice"}])";

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
    for (const char* service : {"directory", "recognition", "worklist", "ledger"}) {
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

  std::string NewItem(const std::string& name) {
    client::JsonWriter item;
    item.Begin('{').Key("itemId").Text(name).Key("nameZh").Text("电子原产地证书 " + name);
    item.Key("nameEn").Text("Electronic certificate of origin " + name);
    item.Key("itemClass").Text("ORIGIN_CERTIFICATE").Key("defaultMode").Text("REVIEW");
    item.Key("verifiersNeeded").Number(1).Key("budgetWorkingDays").Number(20);
    item.Key("attributes").Raw(kAttributes);
    item.Key("requiredDocuments").Raw(R"(["certificate","invoice"])");
    item.Key("source").Text("bench").Key("sourceStatus").Text("SEED");
    item.Key("budgetBasis").Text("PRACTICE_UNVERIFIED");
    const Answer answer = world_.As(world_.Secretary()).Post("/v1/items", item.End('}').Take());
    if (!answer.ok()) throw std::runtime_error("create item: " + answer.body);
    return name;
  }

  static std::string Body(const std::string& item, const Organization& applicant,
                          const char* const* targets) {
    client::JsonWriter body;
    body.Begin('{').Key("itemId").Text(item).Key("homeZone").Text(applicant.zone);
    body.Texts("targetZones", {targets[0], targets[1]});
    body.Key("applicant").Begin('{').Key("uscc").Text(applicant.uscc);
    body.Key("name").Text(applicant.name).End('}');
    body.Key("credential").Begin('{').Key("number").Text("CO-2026-000123");
    body.Key("issuer").Text("shanghai-customs").Key("issuedOn").Text("2026-03-02");
    body.Key("validUntil").Text("2028-03-01").End('}');
    body.Key("attributes").Raw(kValues).Key("documents").Raw(kDocuments);
    return body.End('}').Take();
  }

  void Prepare() {
    std::fprintf(stderr, "preparing %d organisations in %zu zones\n", kOrganizations,
                 std::size(kHomeZones));
    const std::vector<std::string> homes(std::begin(kHomeZones), std::end(kHomeZones));
    std::vector<std::string> items;
    for (const auto& targets : kTargetZones) {
      items.push_back(NewItem(fmt::format("origin-{}", targets[0])));
      world_.Agree(items.back(), homes, {targets[0]}, "AUTOMATIC");
      world_.Agree(items.back(), homes, {targets[1]}, "REVIEW");
    }
    for (size_t i = 0; i < kOrganizations; ++i) {
      const Organization organization = world_.NewOrganization(homes[i % homes.size()]);
      const Person filer = world_.Member(organization, {"filer"});
      const size_t kind = i / homes.size() % items.size();
      const std::string body = Body(items[kind], organization, kTargetZones[kind]);
      const std::string& token = world_.As(filer).token();
      if (i == 0) first_ = {token, body};
      posts_.emplace_back("/v1/filings", token, body);
    }
    AwaitLedger();
    const std::string& url = deployment_.base_url();
    port_ = static_cast<uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
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
    const Answer answer = api.Post("/v1/filings", first_.second, {{"Idempotency-Key", key}});
    if (!answer.ok()) throw std::runtime_error("file: " + answer.body);
    std::vector<std::string> identities = {key, answer.text("filingId"),
                                           answer.text("receiptNumber")};
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
