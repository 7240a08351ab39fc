// SPDX-License-Identifier: Apache-2.0
// What a filing and a page cost while the database grows to 300 thousand filings (with --long:
// three million): blocks, time, memory, and the plans. Progress on standard error, a table and one
// JSON line on standard output.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>

#include "tests/bench/bench_options.h"
#include "tests/bench/cpu_usage.h"
#include "tests/bench/growth_copies.h"
#include "tests/bench/growth_probe.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/report.h"
#include "tests/support/child.h"
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
constexpr auto kWarmTime = 1s;
constexpr auto kRunTime = 3s;
constexpr int kReads = 40;
constexpr int kPlannedReads = 8;  // a prepared statement gets its lasting plan at the sixth call
constexpr const char* kHomeZones[] = {"shanghai", "guangdong", "tianjin", "fujian"};
// The first recognises at once, the second reviews.
constexpr const char* kTargetZones[][2] = {{"jiangsu", "zhejiang"}, {"hainan", "hubei"}};

double Ms(steady_clock::duration took) {
  return std::chrono::duration<double, std::milli>(took).count();
}

// Resident memory of a process in MiB.
double ResidentMib(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  std::string word;
  while (file >> word) {
    if (word != "VmRSS:") continue;
    double kib = 0;
    file >> kib;
    return kib / 1024;
  }
  return 0;
}

// Whether a statement was run for a caller of recognition or worklist; consumers and the ledger run
// theirs meanwhile.
bool OfCallers(const std::string& query) {
  for (const char* role : {"zl_recognition: ", "zl_recognition_writer: ", "zl_worklist: "}) {
    if (query.find(role) != std::string::npos) return true;
  }
  return false;
}

// Figures of all stages, by name, in the order in which they were first told.
class Series {
 public:
  void Add(const std::string& name, const std::string& unit, double value) {
    for (Figure& figure : figures_) {
      if (figure.name == name) return figure.values.push_back(value);
    }
    figures_.push_back({name, unit, {value}});
  }
  void Print(Report& report) const {
    for (const Figure& figure : figures_) {
      report.AddRounds(figure.name, figure.unit, figure.values);
    }
  }
  // The last stage's value to the first's.
  double Growth(const std::string& name) const {
    for (const Figure& figure : figures_) {
      if (figure.name == name) return figure.values.back() / figure.values.front();
    }
    return 0;
  }

 private:
  struct Figure {
    std::string name;
    std::string unit;
    std::vector<double> values;
  };
  std::vector<Figure> figures_;
};

class Bench {
 public:
  explicit Bench(const Options& options)
      : deployment_(
            {.auth = {{"access_token_seconds", "14400"}}, .database = {{"pool_size", "8"}}}),
        world_(deployment_),
        sql_(deployment_.database().Admin()),
        probe_(deployment_.database()),
        report_("growth") {
    stages_ = {10'000, 30'000, 100'000, 300'000};
    if (options.long_run) stages_.insert(stages_.end(), {1'000'000, 3'000'000});
  }

  void Run() {
    // The probe counts sessions that begin after it.
    const std::string target = deployment_.targets().front();
    deployment_.Kill(target, SIGTERM);
    deployment_.Restart(target);
    Prepare();
    Copies copies(sql_, Originals());
    growing_.insert(copies.tables().begin(), copies.tables().end());
    for (const int64_t stage : stages_) {
      const auto began = steady_clock::now();
      copies.Add(stage - Filings());
      series_.Add("filings", "in the database", static_cast<double>(Filings()));
      series_.Add("copied_in", "s, by SQL", Ms(steady_clock::now() - began) / 1000);
      std::fprintf(stderr, "measuring at %lld filings\n", static_cast<long long>(stage));
      Measure();
    }
    Summarize();
  }

 private:
  int64_t Filings() { return std::stoll(sql_.One("SELECT count(*) FROM recognition.filings")); }

  void Prepare() {
    std::fprintf(stderr, "preparing %d organisations\n", kOrganizations);
    const std::vector<std::string> homes(std::begin(kHomeZones), std::end(kHomeZones));
    std::vector<std::string> items;
    for (const auto& targets : kTargetZones) {
      items.push_back(world_.NewItem());
      world_.Agree(items.back(), homes, {targets[0]}, "AUTOMATIC");
      world_.Agree(items.back(), homes, {targets[1]}, "REVIEW");
    }
    for (size_t i = 0; i < kOrganizations; ++i) {
      const Organization applicant = world_.NewOrganization(homes[i % homes.size()]);
      const Person filer = world_.Member(applicant, {"filer"});
      const size_t kind = i / homes.size() % items.size();
      const test::FilingSpec spec{
          .item_id = items[kind],
          .home_zone = applicant.zone,
          .target_zones = {kTargetZones[kind][0], kTargetZones[kind][1]},
          .applicant = applicant,
          .credential_number = fmt::format("CO-2026-{}", PreparedPost::kFreshDigits)};
      bodies_.emplace_back(world_.As(filer).token(), spec.ToJson());
      posts_.emplace_back("/v1/filings", bodies_.back().first, bodies_.back().second);
    }
    filer_ = bodies_[0].first;
    officer_ = world_.As(world_.Staff(kTargetZones[0][1], {"verifier"})).token();
    reviewer_ = world_.As(world_.Staff(kTargetZones[0][1], {"reviewer"})).token();
    port_ = PortOf(deployment_.base_url());
    server_ = ChildrenOf(getpid()).front();
    postmaster_ = std::stoi(sql_.One("SELECT pg_read_file('postmaster.pid')"));
  }

  // One filing of each organisation; of those that the officer's zone reviews a quarter is
  // verified.
  std::vector<Original> Originals() {
    std::vector<Original> originals;
    for (const auto& [token, body] : bodies_) {
      originals.push_back(FileOriginal(deployment_.base_url(), token, body));
      if (originals.size() % (2 * std::size(kHomeZones)) == 2) {
        Review(originals.back().filing_id, token);
      }
    }
    AwaitConsumers(sql_);
    return originals;
  }

  void Command(const std::string& token, const std::string& path, const std::string& json) {
    const Answer answer = world_.Nobody().Post(path, json, {{"Authorization", "Bearer " + token}});
    if (!answer.ok()) throw std::runtime_error(path + ": " + answer.body);
  }
  static std::string DecisionOn(const std::string& filing_id) {
    return fmt::format("/v1/filings/{}/decisions/{}", filing_id, kTargetZones[0][1]);
  }

  // With a supplement on the way: the clock stood for a while.
  void Review(const std::string& filing_id, const std::string& filer) {
    const std::string decision = DecisionOn(filing_id);
    Command(officer_, decision + ":requestSupplement", R"({"missing":["发票"],"reason":"不全"})");
    Command(filer, fmt::format("/v1/filings/{}:supplement", filing_id), R"({"note":"补正"})");
    Command(officer_, decision + ":accept", "{}");
    Command(officer_, decision + ":verify", R"({"opinion":"相符"})");
  }

  // All steps of decisions on filings of the first organisation, from all ages.
  void Decide() {
    for (const auto& row :
         sql_.Query("SELECT d.filing_id FROM recognition.decisions d JOIN growth.originals o ON "
                    "o.place = 0 WHERE zone = $1 AND state = 'PENDING' AND organization_id = "
                    "(SELECT organization_id FROM recognition.filings f "
                    " WHERE f.filing_id = o.filing_id) ORDER BY md5(d.filing_id) DESC LIMIT $2",
                    {kTargetZones[0][1], std::to_string(kPlannedReads)})) {
      Review(*row[0], filer_);
      Read(officer_, "/v1/filings/" + *row[0]);
      Command(reviewer_, DecisionOn(*row[0]) + ":grant", R"({"reason":"符合"})");
    }
  }

  // The timer looks for what falls due next about every second.
  void AwaitTimer() {
    const bool looked = test::WaitUntil(10s, [&] {
      for (const auto& [query, use] : probe_.Used()) {
        if (query.find("zl_recognition_timer: SELECT case_id, name, next_at FROM clocks") == 0) {
          return true;
        }
      }
      return false;
    });
    if (!looked) throw std::runtime_error("the timer does not look for what falls due");
  }

  void Measure() {
    RunLoad(posts_, {.port = port_, .connections = kConnections, .time = kWarmTime});
    AwaitConsumers(sql_);
    MeasureFilings();
    const std::string middle = MiddlePage();
    std::vector<std::pair<std::string, std::function<void()>>> reads = {
        {"inbox", [&] { Read(officer_, "/v1/inbox"); }},
        {"list_newest", [&] { Read(officer_, "/v1/filings"); }},
        {"list_middle", [&] { Read(officer_, "/v1/filings?pageToken=" + middle); }},
        {"own_list", [&] { Read(filer_, "/v1/filings"); }},
        {"filing", [&] { Read(filer_, "/v1/filings/" + NextOwn()); }},
        {"timeline", [&] { Read(filer_, "/v1/filings/" + NextOwn() + "/timeline"); }},
    };
    own_ = OwnFilings();
    for (const auto& [name, read] : reads) MeasureRead(name, read);
    series_.Add("resident", "MiB, zonelinkd", ResidentMib(server_));
    probe_.BeginPlans();
    probe_.Reset();
    RunLoad(posts_, {.port = port_, .connections = 4, .time = 200ms});
    for (const auto& [name, read] : reads) {
      for (int i = 0; i < kPlannedReads; ++i) read();
    }
    Decide();
    AwaitTimer();
    AwaitConsumers(sql_);
    findings_.merge(probe_.EndPlans(growing_));
  }

  void MeasureFilings() {
    probe_.Reset();
    const microseconds server = CpuOf(server_);
    const microseconds postgres = CpuOfFamily(postmaster_);
    const LoadResult load =
        RunLoad(posts_, {.port = port_, .connections = kConnections, .time = kRunTime});
    AwaitConsumers(sql_);
    const double count = static_cast<double>(load.succeeded);
    const microseconds cpu = CpuOf(server_) - server + CpuOfFamily(postmaster_) - postgres;
    int64_t failed = 0;
    for (const auto& [status, number] : load.failed) failed += number;
    if (load.succeeded == 0) throw std::runtime_error("no filing succeeded");
    StatementUse commands;
    StatementUse all;
    for (const auto& [query, use] : Keep("submit", count)) {
      all.blocks += use.blocks;
      if (!OfCallers(query)) continue;
      commands.blocks += use.blocks;
      commands.ms += use.ms;
    }
    series_.Add("submit_blocks", "a filing, its command", commands.blocks / count);
    series_.Add("submit_blocks_with_consumers", "a filing", all.blocks / count);
    series_.Add("submit_database_ms", "a filing, its command", commands.ms / count);
    series_.Add("submit_cpu_us", "a filing, all processes",
                static_cast<double>(cpu.count()) / count);
    series_.Add("submit_p50_ms", "over HTTP", Median(load.ms));
    series_.Add("submit_errors", "answers without 2xx", static_cast<double>(failed));
  }

  void MeasureRead(const std::string& name, const std::function<void()>& read) {
    for (int i = 0; i < kPlannedReads; ++i) read();
    probe_.Reset();
    std::vector<double> ms;
    for (int i = 0; i < kReads; ++i) {
      const auto began = steady_clock::now();
      read();
      ms.push_back(Ms(steady_clock::now() - began));
    }
    StatementUse sum;
    for (const auto& [query, use] : Keep(name, kReads)) {
      if (!OfCallers(query)) continue;
      sum.blocks += use.blocks;
      sum.ms += use.ms;
    }
    series_.Add(name + "_blocks", "a request", sum.blocks / kReads);
    series_.Add(name + "_database_ms", "a request", sum.ms / kReads);
    series_.Add(name + "_p50_ms", "over HTTP", Median(ms));
  }

  // What was used, kept for the comparison of the last stage with the first.
  std::map<std::string, StatementUse> Keep(const std::string& what, double requests) {
    auto used = probe_.Used();
    for (const auto& [query, use] : used) {
      statements_[what + ": " + query].push_back(use.blocks / requests);
    }
    return used;
  }

  void Read(const std::string& token, const std::string& path) {
    const Answer answer = world_.Nobody().Get(path, {{"Authorization", "Bearer " + token}});
    if (answer.status != 200) throw std::runtime_error(path + ": " + answer.body);
  }

  // Token of the page in the middle of the officer's list.
  std::string MiddlePage() {
    const int64_t half =
        std::stoll(sql_.One("SELECT count(*) / 2 FROM recognition.filing_parties "
                            "WHERE party = $1",
                            {std::string("zone:") + kTargetZones[0][1]}));
    std::string token;
    for (int64_t passed = 0; passed < std::min<int64_t>(half, kFarthest); passed += 200) {
      const Answer page = world_.Nobody().Get("/v1/filings?pageSize=200&pageToken=" + token,
                                              {{"Authorization", "Bearer " + officer_}});
      token = client::UrlEncode(page.text("nextPageToken"));
      if (token.empty()) throw std::runtime_error("no next page: " + page.body);
    }
    return token;
  }

  // Filings of the first organisation, from all ages.
  std::vector<std::string> OwnFilings() {
    std::vector<std::string> ids;
    for (const auto& row :
         sql_.Query("SELECT filing_id FROM recognition.filings WHERE organization_id = "
                    "(SELECT organization_id FROM recognition.filings f JOIN growth.originals o "
                    " USING (filing_id) WHERE o.place = 0) ORDER BY md5(filing_id) LIMIT $1",
                    {std::to_string(kReads)})) {
      ids.push_back(*row[0]);
    }
    return ids;
  }
  const std::string& NextOwn() { return own_[next_own_++ % own_.size()]; }

  // Statements whose blocks grew, for whoever wants to know why.
  void TellGrown() {
    for (const auto& [query, blocks] : statements_) {
      if (!OfCallers(query)) continue;
      if (blocks.size() != stages_.size() || blocks.back() < blocks.front() * 1.1 + 0.5) continue;
      std::fprintf(stderr, "grew: %.1f to %.1f blocks a request: %s\n", blocks.front(),
                   blocks.back(), query.c_str());
    }
  }

  void Summarize() {
    report_.AddText("grown_by",
                    "SQL copies of what 64 filings left in recognition, worklist and documents; "
                    "measured through the API");
    series_.Print(report_);
    const auto grew = [&](const std::string& name, const std::string& goal) {
      report_.Add(name + "_growth", fmt::format("x from first to last (goal {})", goal),
                  series_.Growth(name));
    };
    grew("submit_blocks", "0.9 to 1.1");
    grew("submit_blocks_with_consumers", "0.9 to 1.1");
    grew("submit_cpu_us", "0.7 to 1.3");
    for (const char* read :
         {"inbox", "list_newest", "list_middle", "own_list", "filing", "timeline"}) {
      grew(std::string(read) + "_blocks", "0.9 to 1.1");
    }
    grew("resident", "1");
    report_.Add("plans_seen", "", static_cast<double>(probe_.plans_seen()));
    report_.Add("bad_plans", "(goal 0)", static_cast<double>(findings_.size()));
    int number = 0;
    for (const auto& finding : findings_) {
      report_.AddText(fmt::format("bad_plan_{}", ++number),
                      fmt::format("{} in {}", finding.what, finding.query));
    }
    TellGrown();
    report_.Print();
  }

  static constexpr int64_t kFarthest = 80'000;

  test::Deployment deployment_;
  test::World world_;
  test::AdminSql sql_;
  StatementProbe probe_;
  Report report_;
  std::vector<int64_t> stages_;
  Series series_;
  std::vector<std::pair<std::string, std::string>> bodies_;  // token and body
  std::vector<PreparedPost> posts_;
  std::string filer_;     // of the first organisation
  std::string officer_;   // verifier of a zone that reviews half of all filings
  std::string reviewer_;  // of the same
  uint16_t port_ = 0;
  pid_t server_ = 0;
  pid_t postmaster_ = 0;
  std::vector<std::string> own_;
  size_t next_own_ = 0;
  std::set<std::string> growing_;  // tables
  std::set<StatementProbe::Finding> findings_;
  std::map<std::string, std::vector<double>> statements_;  // blocks a request, by stage
};

TEST(Growth, CostsStay) { Bench(ReadOptions()).Run(); }

}  // namespace
}  // namespace zonelink::bench
