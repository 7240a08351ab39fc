// SPDX-License-Identifier: Apache-2.0
// What follows a filing's event, and what it costs: numbering, pulling, work list and ledger, fed
// by events as filings write them at a steady rate, beside nothing else. Progress on standard
// error, a table and one JSON line on standard output.
#include <fmt/format.h>
#include <grpcpp/channel.h>
#include <gtest/gtest.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "ledger/domain/testing_log.h"
#include "ledger/module.h"
#include "platform/core/clock.h"
#include "platform/crypto/crypto.h"
#include "platform/db/scratch_database.h"
#include "platform/outbox/denial_log.h"
#include "platform/outbox/event_log.h"
#include "tests/bench/cpu_usage.h"
#include "tests/bench/report.h"
#include "worklist/module.h"
#include "zonelink/events/v1/recognition_events.pb.h"

namespace zonelink::bench {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::steady_clock;

const db::Schema kSource{.name = "recognition", .migrations = {}};
const std::string kSecret = "a deployment's secret of more than thirty-two bytes";
constexpr auto kRunTime = 10s;
// As filings come together in one transaction.
constexpr int kGroup = 25;
constexpr int kEventsPerSecond = 2500;

constexpr db::Sql kLock{"bench.lock", R"sql(
SELECT pg_advisory_xact_lock(hashtextextended('recognition/event numbers', 0)))sql"};

constexpr db::Sql kAppend{"bench.append", R"sql(
WITH last AS (SELECT coalesce(max(number), 0) AS number FROM events)
INSERT INTO events (event_id, subject, version, type, at, body, parties, salt, number)
SELECT event_id, subject, 1, 'zonelink.recognition.filing.submitted', $1::timestamptz, body, $2::text[], salt,
       CASE WHEN $3::boolean THEN last.number + n END
FROM last, unnest(($4::text[])::uuid[], $5::text[], $6::bytea[], $7::bytea[]) WITH ORDINALITY AS new (event_id, subject, body, salt, n))sql"};

constexpr db::Sql kBackend{"bench.backend", "SELECT pg_backend_pid() AS pid"};

// Processor time so far, by who used it.
struct Cpu {
  std::map<std::string, microseconds> roles;
  microseconds self{};
  microseconds writer{};
};

microseconds OfThread() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + microseconds(used.tv_nsec / 1000);
}

events::v1::FilingChanged Filing(const std::string& filing_id) {
  events::v1::FilingChanged body;
  body.set_filing_id(filing_id);
  body.set_receipt_number("SH-2026-" + filing_id.substr(24));
  body.set_item_id("origin-jiangsu");
  body.set_item_version(1);
  body.set_item_name_zh("电子原产地证书 origin-jiangsu");
  body.set_item_name_en("Electronic certificate of origin origin-jiangsu");
  body.set_home_zone("shanghai");
  body.set_organization_id("0192f000-0000-7000-8000-000000000001");
  body.set_applicant_name("上海外高桥集成电路有限公司");
  body.set_state("IN_REVIEW");
  for (const char* zone : {"jiangsu", "zhejiang"}) {
    const bool automatic = body.decisions_size() == 0;
    auto* decision = body.add_decisions();
    decision->set_zone(zone);
    decision->set_mode(automatic ? "AUTOMATIC" : "REVIEW");
    decision->set_state(automatic ? "GRANTED" : "PENDING");
    if (automatic) {
      decision->set_recognition_number("RN-" + filing_id.substr(24));
      continue;
    }
    decision->set_waiting_for("accept");
    decision->mutable_clock()->set_budget_days(20);
    decision->mutable_clock()->set_due_on("2026-03-30");
    decision->mutable_clock()->set_running(true);
  }
  body.mutable_actor()->set_user_id("0192f000-0000-7000-8000-000000000002");
  body.mutable_actor()->set_name("王小明");
  body.mutable_actor()->set_organization_id(body.organization_id());
  return body;
}

class Bench {
 public:
  Bench()
      : source_scratch_(kSource),
        worklist_scratch_(worklist::Schema()),
        ledger_scratch_(ledger::Schema()),
        source_(source_scratch_.OptionsFor(kSource)),
        writer_(source_scratch_.OptionsFor(kSource)),
        log_(source_),
        verifier_(
            tokens_->key(), [] { return std::vector<rpc::PublicKey>(); }, clock_),
        server_({}, verifier_),
        events_(server_),
        denials_(clock_),
        pages_(kSecret),
        channels_({}, tokens_) {
    writer_.OnEvents([this] { log_.Wake(); });
    events_.Add("recognition", log_);
    events_.Add("directory", idle_);
    events_.Add("documents", idle_);
    folder_ = std::filesystem::temp_directory_path() / ("zl-relay-" + NewId());
    std::filesystem::create_directory(folder_);
    config_.mutable_database()->set_password_dir(ledger_scratch_.password_dir());
    config_.mutable_ledger()->set_origin(ledger::TestSigner::Log().key.name);
    config_.mutable_ledger()->set_signing_key_file(WriteKey());
    config_.mutable_ledger()->set_state_file(folder_ / "head");
    Add(worklist::MakeModule, worklist_scratch_.OptionsFor(worklist::Schema()).url);
    Add(ledger::MakeModule, ledger_scratch_.OptionsFor(ledger::Schema()).url);
    if (!server_.Start("")) throw std::runtime_error("the server does not start");
    for (const char* service : {"directory", "recognition", "worklist", "ledger", "documents"}) {
      channels_.SetLocal(service, server_);
    }
    log_.Start();
    idle_.Start();
    for (const auto& module : modules_) module->Start();
  }
  ~Bench() {
    for (const auto& module : modules_) module->Stop();
    log_.Stop();
    idle_.Stop();
    server_.Stop(1000ms);
    std::filesystem::remove_all(folder_);
  }

  void Run() {
    report_.Add("events_per_second", "/s, as written", kEventsPerSecond);
    Round(2s, true);  // warms up
    Measure("numbered", true);
    Measure("unnumbered", false);
    report_.Print();
  }

 private:
  static std::string NewId() { return crypto::NewUuid(SystemClock().Now()); }

  std::string WriteKey() {
    const std::string path = folder_ / "key.pem";
    std::string der("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
    der += crypto::Sha256(ledger::TestSigner::Log().key.name);
    std::ofstream(path) << "-----BEGIN PRIVATE KEY-----\n"
                        << crypto::Base64Encode(der) << "\n-----END PRIVATE KEY-----\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    return path;
  }

  void Add(Result<std::unique_ptr<Module>> (*make)(Environment&), const std::string& url) {
    config_.mutable_database()->set_url(url);
    auto made = make(environment_);
    if (!made) throw std::runtime_error(made.error().message);
    modules_.push_back(*std::move(made));
  }

  // One transaction with as many events as filings that came together.
  void Append(bool numbered) {
    std::vector<std::string> ids, subjects;
    std::vector<db::Bytes> bodies, salts;
    for (int i = 0; i < kGroup; ++i) {
      ids.push_back(NewId());
      subjects.push_back("filings/" + ids.back());
      bodies.push_back({Filing(ids.back()).SerializeAsString()});
      salts.push_back({crypto::RandomBytes(32)});
    }
    const std::vector<std::string> parties = {"org:0192f000-0000-7000-8000-000000000001",
                                              "zone:shanghai", "zone:jiangsu", "zone:zhejiang",
                                              "leading-group"};
    const Status done = writer_.System("append", [&](db::Tx& tx) -> Status {
      writer_backend_ = static_cast<pid_t>(tx.Exec(kBackend)[0].Int("pid"));
      if (numbered) tx.Exec(kLock);
      tx.Exec(kAppend, tx.now(), parties, numbered, ids, subjects, bodies, salts);
      tx.MarkEvents();
      return Done{};
    });
    if (!done) throw std::runtime_error(done.error().message);
    written_ += kGroup;
  }

  Cpu Used() {
    Cpu cpu;
    std::istringstream backends(source_scratch_.AdminText(
        "SELECT string_agg(pid || ' ' || usename, ' ') FROM pg_stat_activity "
        "WHERE starts_with(usename, 'zl_') AND application_name LIKE 'zonelinkd/%'"));
    pid_t pid = 0;
    for (std::string role; backends >> pid >> role;) {
      cpu.roles[pid == writer_backend_ ? "writer" : role] += CpuOf(pid);
    }
    cpu.self = CpuOfSelf();
    cpu.writer = writer_cpu_.load();
    return cpu;
  }

  // Writes at the rate, however long a transaction takes.
  void Round(std::chrono::seconds time, bool numbered) {
    std::thread writer([&] {
      const auto before = OfThread();
      const auto began = steady_clock::now();
      const int groups = static_cast<int>(time.count()) * kEventsPerSecond / kGroup;
      for (int i = 0; i < groups; ++i) {
        std::this_thread::sleep_until(began + microseconds(time) * i / groups);
        Append(numbered);
      }
      writer_cpu_ = writer_cpu_.load() + (OfThread() - before);
    });
    writer.join();
  }

  int64_t Count(db::ScratchDatabase& database, const char* sql) {
    return std::stoll(database.AdminText(sql));
  }
  bool Drained() {
    return Count(ledger_scratch_, "SELECT coalesce(max(size), 0) FROM ledger.checkpoints") ==
               written_ &&
           Count(worklist_scratch_, "SELECT count(*) FROM worklist.feed") == written_;
  }

  void Measure(const std::string& name, bool numbered) {
    std::fprintf(stderr, "%s events for %lld s\n", name.c_str(),
                 static_cast<long long>(kRunTime.count()));
    const int64_t first = written_;
    const Cpu before = Used();
    const auto began = steady_clock::now();
    Round(kRunTime, numbered);
    const double took = std::chrono::duration<double>(steady_clock::now() - began).count();
    const auto drained = steady_clock::now() + 60s;
    while (!Drained() && steady_clock::now() < drained) std::this_thread::sleep_for(20ms);
    EXPECT_TRUE(Drained());
    const Cpu after = Used();
    const double events = static_cast<double>(written_ - first);
    report_.Add(name + "_events_per_second", "/s", events / took);
    for (const auto& [role, used] : after.roles) {
      const auto was = before.roles.find(role);
      const auto start = was == before.roles.end() ? microseconds(0) : was->second;
      report_.Add(name + "_postgres_for_" + role, "us an event",
                  static_cast<double>((used - start).count()) / events);
    }
    report_.Add(
        name + "_zonelinkd", "us an event",
        static_cast<double>(((after.self - before.self) - (after.writer - before.writer)).count()) /
            events);
    for (const double share : {0.5, 0.99}) {
      report_.Add(fmt::format("{}_published_after_p{:.0f}", name, share * 100), "ms",
                  PublishedAfter(first, share));
    }
  }

  double PublishedAfter(int64_t first, double share) {
    return std::stod(ledger_scratch_.AdminText(fmt::format(
        "SELECT percentile_disc({}) WITHIN GROUP (ORDER BY extract(epoch FROM (SELECT signed_at "
        "  FROM ledger.checkpoints c WHERE c.size > l.index ORDER BY size LIMIT 1) - "
        "l.recorded_at) * 1000) FROM ledger.leaves l WHERE index >= {}",
        share, first)));
  }

  db::ScratchDatabase source_scratch_, worklist_scratch_, ledger_scratch_;
  db::ScratchDatabase idle_scratch_{kSource};
  db::Database source_, writer_;
  db::Database idle_database_{idle_scratch_.OptionsFor(kSource)};
  outbox::EventLog log_;
  outbox::EventLog idle_{idle_database_};
  SystemClock clock_;
  std::shared_ptr<rpc::ServiceTokens> tokens_ = std::make_shared<rpc::ServiceTokens>(kSecret);
  rpc::TokenVerifier verifier_;
  rpc::Server server_;
  outbox::EventsService events_;
  clocks::ClocksService clocks_{server_};
  outbox::DenialLog denials_;
  rpc::Pages pages_;
  rpc::Channels channels_;
  config::v1::Config config_;
  Environment environment_{config_,
                           clock_,
                           kSecret,
                           server_,
                           channels_,
                           verifier_,
                           pages_,
                           events_,
                           clocks_,
                           denials_,
                           [] { return Status(Done{}); }};
  std::filesystem::path folder_;
  std::vector<std::unique_ptr<Module>> modules_;
  Report report_{"relay"};
  std::atomic<microseconds> writer_cpu_{microseconds(0)};
  std::atomic<pid_t> writer_backend_{0};
  std::atomic<int64_t> written_{0};
};

TEST(Relay, Cost) { Bench().Run(); }

}  // namespace
}  // namespace zonelink::bench
