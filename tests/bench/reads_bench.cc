// SPDX-License-Identifier: Apache-2.0
// What reading costs through the whole product, beside the same statements run bare by pgbench, on
// a database with 20,000 filings. Progress on standard error, a table and one JSON line on standard
// output.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "tests/bench/bench_options.h"
#include "tests/bench/cpu_usage.h"
#include "tests/bench/filing_posts.h"
#include "tests/bench/growth_copies.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/pgbench.h"
#include "tests/bench/report.h"
#include "tests/bench/statement_log.h"
#include "tests/support/fixture.h"

namespace zonelink::bench {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using test::Answer;

constexpr int64_t kFilings = 20'000;
constexpr size_t kOrganizations = 64;
constexpr size_t kIds = 32;
constexpr const char* kZone = "zhejiang";  // whose officer reads
constexpr int64_t kRounds = 3;
constexpr auto kRunTime = 2s;
constexpr int kConnections[] = {16, 64};
constexpr int kClients = 8;
constexpr int kWarm = 12;  // a prepared statement gets its lasting plan at the sixth call

// One kind of request, with the pgbench scripts of what it asks the database.
struct ReadKind {
  std::string name;
  std::string role;  // of the service that answers
  std::vector<std::string> paths;
  std::vector<PreparedPost> gets;
  std::optional<Pgbench> bare;        // superuser, statements alone
  std::optional<Pgbench> in_context;  // the service's role, with context, in one transaction
};

class Bench {
 public:
  Bench()
      : rounds_(ReadOptions().pairs > 0 ? ReadOptions().pairs : kRounds),
        deployment_(
            {.auth = {{"access_token_seconds", "14400"}}, .database = {{"pool_size", "8"}}}),
        world_(deployment_),
        sql_(deployment_.database().Admin()),
        report_("reads") {}

  void Run() {
    Prepare();
    MakeReferences();
    for (ReadKind& kind : kinds_) Measure(kind);
    report_.Print();
  }

 private:
  void Prepare() {
    std::fprintf(stderr, "preparing %lld filings\n", static_cast<long long>(kFilings));
    std::vector<Original> originals;
    for (const Filing& filing :
         MakeFilings(world_, {"shanghai", "guangdong", "tianjin", "fujian"}, kOrganizations)) {
      originals.push_back(FileOriginal(deployment_.base_url(), filing.token, filing.body));
    }
    AwaitConsumers(sql_);
    Copies(sql_, originals).Add(kFilings - static_cast<int64_t>(originals.size()));
    sql_.Run("VACUUM ANALYZE");
    officer_ = world_.As(world_.Staff(kZone, {"verifier"})).token();
    MakeKinds();
    report_.AddText("machine", fmt::format("{} processors", std::thread::hardware_concurrency()));
    report_.Add("filings", "in the database", static_cast<double>(kFilings));
  }

  void MakeKinds() {
    std::vector<std::string> filings;
    for (const auto& row : sql_.Query("SELECT filing_id FROM recognition.filing_parties WHERE "
                                      "party = $1 ORDER BY md5(filing_id) LIMIT $2",
                                      {fmt::format("zone:{}", kZone), std::to_string(kIds)})) {
      filings.push_back("/v1/filings/" + *row[0]);
    }
    kinds_.push_back({.name = "inbox", .role = "zl_worklist", .paths = {"/v1/inbox"}});
    kinds_.push_back({.name = "filing", .role = "zl_recognition", .paths = filings});
    kinds_.push_back(
        {.name = "list", .role = "zl_recognition", .paths = {"/v1/filings?pageSize=50"}});
    for (ReadKind& kind : kinds_) {
      for (const std::string& path : kind.paths) {
        kind.gets.push_back(PreparedPost::Get(path, officer_));
      }
    }
  }

  // Each path once while the server logs, after statements and caches are warm.
  void MakeReferences() {
    std::fprintf(stderr, "making the references from what the product sends\n");
    StatementLog log(deployment_.database());
    Restart();
    for (ReadKind& kind : kinds_) {
      for (int i = 0; i < kWarm; ++i) Read(kind.paths[0]);
      log.Begin();
      for (const std::string& path : kind.paths) Read(path);
      Read(kind.paths[0]);  // a read is answered before its commit: now the one before has ended
      MakeScripts(kind, log.Take(kind.role));
    }
    log.End();
    Restart();
  }

  void MakeScripts(ReadKind& kind, const std::vector<LoggedTransaction>& transactions) {
    if (transactions.size() < kind.paths.size()) {
      throw std::runtime_error(fmt::format("{}: {} requests, {} transactions", kind.name,
                                           kind.paths.size(), transactions.size()));
    }
    std::string bare;
    std::string in_context;
    for (size_t i = 0; i < kind.paths.size(); ++i) {
      const LoggedTransaction& one = transactions[i];
      for (const std::string& statement : one.body) bare += statement + ";\n";
      in_context += "\\startpipeline\n";
      for (const std::string& statement : one.all) in_context += statement + ";\n";
      in_context += "\\endpipeline\n";
    }
    CheckSameRows(kind, transactions[0]);
    report_.Add(kind.name + "_statements", "a request",
                static_cast<double>(transactions[0].body.size()));
    const test::TestDatabase& database = deployment_.database();
    const std::string options = fmt::format(" options='-c search_path={}'", kind.role.substr(3));
    // No policy looks at the officer's parties then, but statements may.
    const std::string as_officer =
        fmt::format("{} -c zl.parties=zone:{}'", options.substr(0, options.size() - 1), kZone);
    kind.bare.emplace(deployment_.settings(), database.admin_url() + as_officer, bare);
    std::string password;
    std::ifstream(database.password_dir() + "/" + kind.role + ".password") >> password;
    kind.in_context.emplace(deployment_.settings(),
                            fmt::format("{} user={} password={}{}", database.service_url(),
                                        kind.role, password, options),
                            in_context);
  }

  // The reference does the same work: no policy hides rows that it sends.
  void CheckSameRows(const ReadKind& kind, const LoggedTransaction& one) {
    const std::string enter =
        fmt::format("BEGIN; SET LOCAL search_path = {}; SET LOCAL zl.parties = 'zone:{}'",
                    kind.role.substr(3), kZone);
    const auto counts = [&] {
      std::string all;
      for (const std::string& statement : one.body) {
        all += sql_.One(fmt::format("SELECT count(*) FROM ({}) AS sent", statement)) + " ";
      }
      sql_.Run("ROLLBACK");
      return all;
    };
    sql_.Run(enter);
    const std::string bare = counts();
    sql_.Run(enter);
    for (const std::string& statement : one.all) {
      if (statement.find("set_config('role'") != std::string::npos) sql_.Query(statement);
    }
    sql_.Run("SET LOCAL ROLE " + kind.role);
    const std::string in_context = counts();
    if (bare != in_context) {
      throw std::runtime_error(
          fmt::format("{}: bare sends {}rows, the role sees {}", kind.name, bare, in_context));
    }
    report_.AddText(kind.name + "_rows", bare);
  }

  void Restart() {
    const std::string target = deployment_.targets().front();
    deployment_.Kill(target, SIGTERM);
    deployment_.Restart(target);
    server_ = ChildrenOf(getpid()).front();
    postmaster_ = std::stoi(sql_.One("SELECT pg_read_file('postmaster.pid')"));
    port_ = PortOf(deployment_.base_url());
  }

  void Read(const std::string& path) {
    const Answer answer = world_.Nobody().Get(path, {{"Authorization", "Bearer " + officer_}});
    if (answer.status != 200) throw std::runtime_error(path + ": " + answer.body);
  }

  struct Figures {
    std::vector<double> rate, cpu, server_cpu;
  };

  // `requests` a run, and what they cost.
  template <class RunOnce>
  double Add(Figures& figures, RunOnce&& run) {
    const microseconds server = CpuOf(server_);
    const microseconds postgres = CpuOfFamily(postmaster_);
    const double rate = run();
    const double requests = rate * std::chrono::duration<double>(kRunTime).count();
    const auto per_request = [&](microseconds used) {
      return static_cast<double>(used.count()) / requests;
    };
    figures.rate.push_back(rate);
    figures.server_cpu.push_back(per_request(CpuOf(server_) - server));
    figures.cpu.push_back(per_request(CpuOfFamily(postmaster_) - postgres));
    return rate;
  }

  void Measure(ReadKind& kind) {
    Figures product[std::size(kConnections)];
    Figures bare;
    Figures in_context;
    std::vector<double> ratios;
    std::vector<double> context_ratios;
    const double pages = static_cast<double>(kind.paths.size());
    for (int64_t round = -1; round < rounds_; ++round) {  // the first one warms up
      for (size_t i = 0; i < std::size(kConnections); ++i) {
        Add(product[i], [&] { return Requests(kind, kConnections[i]); });
      }
      Add(bare, [&] { return kind.bare->Run(kClients, kRunTime).per_second * pages; });
      Add(in_context, [&] { return kind.in_context->Run(kClients, kRunTime).per_second * pages; });
      const double rate = product[std::size(kConnections) - 1].rate.back();
      ratios.push_back(bare.rate.back() / rate);
      context_ratios.push_back(in_context.rate.back() / rate);
      std::fprintf(stderr, "%s: %.0f/s, bare %.0f/s, in context %.0f/s, ratio %.2f\n",
                   kind.name.c_str(), rate, bare.rate.back(), in_context.rate.back(),
                   ratios.back());
    }
    ratios.erase(ratios.begin());
    context_ratios.erase(context_ratios.begin());
    for (size_t i = 0; i < std::size(kConnections); ++i) {
      const std::string name = fmt::format("{}_{}", kind.name, kConnections[i]);
      Tell(name, product[i]);
      report_.Add(name + "_cpu_zonelinkd", "us a request", Median(product[i].server_cpu));
    }
    Tell(kind.name + "_bare", bare);
    Tell(kind.name + "_in_context", in_context);
    report_.AddRounds(kind.name + "_ratios", "x the time of bare SQL", ratios);
    report_.Add(kind.name + "_ratio", "x, median (goal 2)", Median(ratios));
    report_.Add(kind.name + "_ratio_in_context", "x, median", Median(context_ratios));
  }

  void Tell(const std::string& name, Figures& figures) {
    figures.rate.erase(figures.rate.begin());
    figures.cpu.erase(figures.cpu.begin());
    figures.server_cpu.erase(figures.server_cpu.begin());
    report_.Add(name + "_per_second", "/s, median", Median(figures.rate));
    report_.Add(name + "_cpu_postgres", "us a request", Median(figures.cpu));
  }

  double Requests(const ReadKind& kind, int connections) {
    const LoadResult load =
        RunLoad(kind.gets, {.port = port_, .connections = connections, .time = kRunTime});
    for (const auto& [status, count] : load.failed) {
      throw std::runtime_error(fmt::format("{}: {} answers with status {}: {}", kind.name, count,
                                           status, load.examples.at(status)));
    }
    return static_cast<double>(load.succeeded) / load.seconds;
  }

  const int64_t rounds_;
  test::Deployment deployment_;
  test::World world_;
  test::AdminSql sql_;
  Report report_;
  std::string officer_;
  std::vector<ReadKind> kinds_;
  uint16_t port_ = 0;
  pid_t server_ = 0;
  pid_t postmaster_ = 0;
};

TEST(Reads, BesideTheirBareStatements) { Bench().Run(); }

}  // namespace
}  // namespace zonelink::bench
